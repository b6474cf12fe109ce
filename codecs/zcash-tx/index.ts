/** Zcash transactions and the nodes of their Merkle trees, multicodec 0xc1. https://zips.z.cash/protocol/protocol.pdf, 7.1 */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { prefixOf } from '../lib/bitcoin/link'
import { PAIR, pair, writePair } from '../lib/bitcoin/pair'
import { forgetShapes } from '../lib/record/fields'
import { layNames, openTape } from '../lib/record/names'
import { writeTransaction } from '../lib/zcash/encode'
import { NAMES, TX_CODEC } from '../lib/zcash/names'
import { transaction } from '../lib/zcash/transaction'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  let p = openInput()
  // links take less than what they are made from, a pair's but for 10 bytes
  openTape(NAMES, <usize>inputSize() + 64)
  if (inputSize() == PAIR) {
    pair(need(p, PAIR), prefixOf(TX_CODEC))
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
