/** Bitcoin transactions and the nodes of their Merkle trees, multicodec 0xb1. https://github.com/bitcoin/bips/blob/master/bip-0144.mediawiki */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { TX_CODEC } from '../lib/bitcoin/codes'
import { writeTransaction } from '../lib/bitcoin/encode'
import { prefixOf } from '../lib/bitcoin/link'
import { NAMES } from '../lib/bitcoin/names'
import { PAIR, pair, writePair } from '../lib/bitcoin/pair'
import { isTransaction, transaction } from '../lib/bitcoin/transaction'
import { forgetShapes } from '../lib/record/fields'
import { layNames, openTape } from '../lib/record/names'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  let p = openInput()
  // links take less than what they are made from, a pair's but for 10 bytes
  openTape(NAMES, <usize>inputSize() + 64)
  if (inputSize() == PAIR && !isTransaction(p = need(p, PAIR))) {
    pair(p, prefixOf(TX_CODEC))
  } else {
    p = transaction(p)
    if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
  }
  tape.closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  const root = node.openNode()
  layNames(NAMES)
  forgetShapes()
  out.openOutput()
  if (node.kind(root) == Kind.LIST) writePair(root, prefixOf(TX_CODEC))
  else writeTransaction(root)
  out.closeOutput()
  return 0
}
