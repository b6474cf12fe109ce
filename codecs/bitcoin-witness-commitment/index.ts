/** What the coinbase of a block commits to (BIP 141), multicodec 0xb2: the root of the tree of its transactions with their witnesses, and 32 bytes that are reserved. */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { need, openInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { TX_CODEC } from '../lib/bitcoin/codes'
import { HASH, linkOrNull, prefixOf, writeHashOrNull } from '../lib/bitcoin/link'
import { PAIR } from '../lib/bitcoin/pair'
import { forgetShapes, readMap, valueOf } from '../lib/record/fields'
import { key, layNames, openTape } from '../lib/record/names'
import { expectBytes } from '../lib/record/values'

export { control, reserve } from '../sdk/codec'

const NAMES = 'witnessMerkleRoot nonce '
const enum Field { WITNESS_MERKLE_ROOT, NONCE }

export function decode(flags: u32): i32 {
  const p = need(openInput(), PAIR)
  if (inputSize() > PAIR) fail(Code.TRAILING_BYTES, PAIR)
  openTape(NAMES, PAIR)
  const map = tape.open(Kind.MAP)
  key(Field.WITNESS_MERKLE_ROOT)
  // null where the coinbase is the block's only transaction
  linkOrNull(prefixOf(TX_CODEC), p, 0)
  key(Field.NONCE)
  tape.bytesAt(HASH, HASH)
  tape.close(map, 2)
  tape.closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  const root = node.openNode()
  layNames(NAMES)
  forgetShapes()
  out.openOutput()
  readMap(root, 0, 0b11, 0b11)
  const nonce = valueOf(0, Field.NONCE)
  expectBytes(nonce, HASH)
  out.wroteTo(writeHashOrNull(out.room(PAIR), valueOf(0, Field.WITNESS_MERKLE_ROOT), prefixOf(TX_CODEC)))
  out.content(nonce)
  out.closeOutput()
  return 0
}
