/** CIDs in binary form (multiformats CID specification): v0 is a bare sha2-256 multihash, v1 is version, codec and multihash. */
import { Code, fail } from './fail'

/** Largest CID that codecs take: an identity CID may hold a small block. */
export const MAX_CID: u32 = 8192

/** Codes are numbers in JavaScript: a greater one would come out as another. */
const MAX_CODE: u64 = 0x1fffffffffffff

let cursor: usize = 0

/** A varint of at most 2^53 − 1 in its shortest form; u64.MAX_VALUE if it is none. */
function varint(end: usize): u64 {
  let value: u64 = 0
  for (let shift: u64 = 0; shift < 63; shift += 7) {
    if (cursor >= end) return u64.MAX_VALUE
    const byte = <u64>load<u8>(cursor++)
    value |= (byte & 0x7f) << shift
    // a last byte of zero would be a longer form than needed
    if (byte < 0x80) return (byte == 0 && shift) || value > MAX_CODE ? u64.MAX_VALUE : value
  }
  return u64.MAX_VALUE
}

/** Whether the `n` bytes at `p` are a CID, the whole of them. */
export function isCid(p: usize, n: u32): bool {
  // by far most: CIDv1, a codec below 128, sha2-256
  if (n == 36 && load<u8>(p) == 1 && load<u16>(p, 2) == 0x2012 && load<u8>(p, 1) < 0x80) return true
  if (n == 34 && load<u16>(p) == 0x2012) return true
  const end = p + n
  cursor = p
  // version, codec, hash, and the hash's size
  let value: u64 = 0
  for (let i = 0; i < 4; i++) {
    value = varint(end)
    if (value == u64.MAX_VALUE || (i == 0 && value != 1)) return false
  }
  return value == <u64>(end - cursor)
}

/** The multicodec of the CID at `p`, of which `n` bytes are at hand; u64.MAX_VALUE if it is none. */
export function codecOf(p: usize, n: u32): u64 {
  if (n >= 2 && load<u16>(p) == 0x2012) return 0x70
  cursor = p
  return varint(p + n) == 1 ? varint(p + n) : u64.MAX_VALUE
}

/** Bytes of the CID that begins at `p`, 0 if none does that ends by `end`. */
export function cidSize(p: usize, end: usize): u32 {
  if (end - p >= 34 && load<u16>(p) == 0x2012) return 34
  cursor = p
  let value: u64 = 0
  for (let i = 0; i < 4; i++) {
    value = varint(end)
    if (value == u64.MAX_VALUE || (i == 0 && value != 1)) return 0
  }
  return value <= <u64>(end - cursor) ? <u32>(cursor - p) + <u32>value : 0
}

/** Fails with INVALID_CID unless the `n` bytes at `p` are a CID. */
// @ts-ignore: decorator
@inline export function checkCid(p: usize, n: u32, offset: u64): void {
  if (!isCid(p, n)) fail(Code.INVALID_CID, offset, n)
}
