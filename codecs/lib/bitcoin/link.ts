/**
 * Links: what the format has is the hash alone, of 32 bytes; the link is the CID that names the block by it. All are of one length:
 *
 * ```
 *  01 │ codec, 2 bytes │ 56 dbl-sha2-256 │ 20 │ hash
 * ```
 */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'

export const HASH: u32 = 32
export const LINK: u32 = 37

/** The first five bytes of a link to a block of a codec from 0x80 to 0xff, in a word. */
// @ts-ignore: decorator
@inline export function prefixOf(codec: u32): u64 { return <u64>1 | <u64>codec << 8 | <u64>1 << 16 | <u64>0x56 << 24 | <u64>HASH << 32 }

/** Whether the 32 bytes at `p` are all zero: the hash of nothing, before the first block and in a coinbase. */
// @ts-ignore: decorator
@inline export function isNull(p: usize): bool { return !v128.any_true(v128.or(v128.load(p), v128.load(p, 16))) }

/** Puts a link to the block with the hash at `p` on the tape. @param offset of the hash in the input */
// @ts-ignore: decorator
@inline export function link(prefix: u64, p: usize, offset: u64): void {
  const to = tape.dataRoom(LINK, offset)
  store<u64>(to, prefix)
  v128.store(to, v128.load(p), 5)
  v128.store(to, v128.load(p, 16), 21)
  tape.dataLink(LINK)
}

/** As `link`, or null if the hash is. */
// @ts-ignore: decorator
@inline export function linkOrNull(prefix: u64, p: usize, offset: u64): void {
  if (isNull(p)) tape.nil()
  else link(prefix, p, offset)
}

/** Address of the hash of a link, which must be one to a block of that codec. */
export function hashOf(record: usize, prefix: u64): usize {
  node.expect(record, Kind.LINK)
  const p = node.resident(record)
  if (node.length(record) != LINK || (load<u64>(p) ^ prefix) << 24) fail(Code.INVALID_CID, node.indexOf(record), node.length(record))
  return p + 5
}

/** Writes the hash of a link; answers the address after it. */
export function writeHash(to: usize, record: usize, prefix: u64): usize {
  const p = hashOf(record, prefix)
  v128.store(to, v128.load(p))
  v128.store(to, v128.load(p, 16), 16)
  return to + HASH
}

/** As `writeHash`, of a link or null. A link whose hash is zero would be null when read again. */
export function writeHashOrNull(to: usize, record: usize, prefix: u64): usize {
  if (node.kind(record) != Kind.NULL) {
    to = writeHash(to, record, prefix)
    if (isNull(to - HASH)) fail(Code.NON_CANONICAL, node.indexOf(record))
    return to
  }
  v128.store(to, i64x2.splat(0))
  v128.store(to, i64x2.splat(0), 16)
  return to + HASH
}
