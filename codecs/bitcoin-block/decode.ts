/** A block's header, or the whole block, to the node tape. The transactions of a whole block have the root that its header says. */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import { ahead, atEnd, atHand, need, offsetOf, openInput, refill } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { BLOCK_CODEC, TX_CODEC } from '../lib/bitcoin/codes'
import { compact, size } from '../lib/bitcoin/compact'
import { integer32 } from '../lib/bitcoin/coins'
import { HASH, link, linkOrNull, prefixOf } from '../lib/bitcoin/link'
import { rootOf, same, treeSize } from '../lib/bitcoin/merkle'
import { Field, NAMES } from '../lib/bitcoin/names'
import { transaction, witnessAt } from '../lib/bitcoin/transaction'
import { before, txid } from '../lib/bitcoin/txid'
import { key, openTape } from '../lib/record/names'

const HEADER: u32 = 80
/** Where the root of the transactions stands in the header. */
const ROOT: u32 = 36
/** Bytes of the shortest transaction. */
const SHORTEST: u64 = 10
/** A window with less than this before its end is moved on before a transaction, so that most stand in it as a whole when they are hashed. */
const NEAR: usize = 2048

/** The root that the header says. */
// @ts-ignore: decorator
@lazy const EXPECTED: usize = memory.data(32, 16)

export function decodeBlock(lax: bool): void {
  let p = ahead(need(openInput(), HEADER))
  const whole = inputSize() > HEADER
  let count: u32 = 0
  let hashes: usize = 0
  if (whole) {
    // at hand after the header, so that the window does not move
    compact(p + HEADER)
    count = size
    if (!lax) hashes = allocate(treeSize(<u32>min<u64>(count, (inputSize() - HEADER) / SHORTEST)))
  }
  // links take less than the inputs, of at least 41 bytes, that they are made from
  openTape(NAMES, <usize>inputSize() + 64)
  const map = tape.open(Kind.MAP)
  header(p)
  v128.store(EXPECTED, v128.load(p, ROOT))
  v128.store(EXPECTED, v128.load(p, ROOT + 16), 16)
  p += HEADER
  if (whole) {
    key(Field.TRANSACTIONS)
    p = transactions(compact(p), count, hashes)
    if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
    if (!lax && (!rootOf(hashes, count) || !same(hashes, EXPECTED))) fail(Code.CHECKSUM, ROOT)
  }
  tape.close(map, 6 + u32(whole))
  tape.closeTape()
}

/** @param hashes where to write the transactions' ids, or 0 */
function transactions(p: usize, count: u32, hashes: usize): usize {
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < count; i++) {
    if (atHand(p) < NEAR) p = refill(p, 0)
    const start = offsetOf(p)
    p = transaction(p)
    if (hashes) {
      const n = <usize>(offsetOf(p) - start)
      txid(before(p, n), n, witnessAt ? <usize>(witnessAt - start) : 0, hashes + <usize>i * HASH)
    }
  }
  tape.close(list, count)
  return p
}

function header(p: usize): void {
  key(Field.VERSION)
  integer32(load<u32>(p))
  key(Field.PARENT)
  linkOrNull(prefixOf(BLOCK_CODEC), p + 4, 4)
  key(Field.TX)
  link(prefixOf(TX_CODEC), p + ROOT, ROOT)
  key(Field.TIME)
  tape.uint(load<u32>(p, 68))
  key(Field.BITS)
  tape.uint(load<u32>(p, 72))
  key(Field.NONCE)
  tape.uint(load<u32>(p, 76))
}
