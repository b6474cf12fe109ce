/** A block's header, or the whole block, to the node tape. The transactions of a whole block have the root that its header says. */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import { atEnd, atHand, need, offsetOf, openInput, refill } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { integer32 } from '../lib/bitcoin/coins'
import { compact, size } from '../lib/bitcoin/compact'
import { HASH, link, linkOrNull, prefixOf } from '../lib/bitcoin/link'
import { rootOf, same, treeSize } from '../lib/bitcoin/merkle'
import { before } from '../lib/bitcoin/txid'
import { key, openTape } from '../lib/record/names'
import { BLOCK_CODEC, Field, NAMES, TX_CODEC } from '../lib/zcash/names'
import { transaction } from '../lib/zcash/transaction'
import { txid } from '../lib/zcash/txid'

/** Bytes of a header before its solution. */
const FIXED: u32 = 140
/** Where the root of the transactions stands in the header. */
const ROOT: u32 = 36
/** Bytes of the shortest transaction. */
const SHORTEST: u64 = 10
/** A window with less than this before its end is moved on before a transaction, so that most stand in it as a whole when they are hashed. */
const NEAR: usize = 4096

/** The root that the header says. */
// @ts-ignore: decorator
@lazy const EXPECTED: usize = memory.data(32, 16)

export function decodeBlock(lax: bool): void {
  let p = need(openInput(), FIXED)
  // before the tape, which grows in place: there are no more than that
  const hashes = lax ? 0 : allocate(treeSize(<u32>((inputSize() - FIXED) / SHORTEST)))
  // links take less than the inputs, of at least 41 bytes, that they are made from
  openTape(NAMES, <usize>inputSize() + 64)
  const map = tape.open(Kind.MAP)
  v128.store(EXPECTED, v128.load(p, ROOT))
  v128.store(EXPECTED, v128.load(p, ROOT + 16), 16)
  p = header(p)
  const whole = !atEnd(p)
  if (whole) {
    key(Field.TRANSACTIONS)
    p = compact(p)
    const count = size
    p = transactions(p, count, hashes)
    if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
    if (!lax && (!rootOf(hashes, count) || !same(hashes, EXPECTED))) fail(Code.CHECKSUM, ROOT)
  }
  tape.close(map, 8 + u32(whole))
  tape.closeTape()
}

function header(p: usize): usize {
  key(Field.VERSION)
  integer32(load<u32>(p))
  key(Field.PARENT)
  linkOrNull(prefixOf(BLOCK_CODEC), p + 4, 4)
  key(Field.TX)
  link(prefixOf(TX_CODEC), p + ROOT, ROOT)
  key(Field.BLOCK_COMMITMENTS)
  tape.bytesAt(68, HASH)
  key(Field.TIME)
  tape.uint(load<u32>(p, 100))
  key(Field.BITS)
  tape.uint(load<u32>(p, 104))
  key(Field.NONCE)
  tape.bytesAt(108, HASH)
  p = compact(p + FIXED)
  key(Field.SOLUTION)
  return tape.bytes(p, size)
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
      txid(before(p, n), n, hashes + <usize>i * HASH)
    }
  }
  tape.close(list, count)
  return p
}
