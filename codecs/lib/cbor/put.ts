/** DAG-CBOR written to memory as it comes, for functions, which make blocks of what is no tape: heads in their shortest form (RFC 8949, 3), and links (tag 42). */
import { Major } from './head'

/** Most bytes of a head. */
export const MAX_HEAD: usize = 9

/** Bytes of the head with this argument. */
export function headSize(argument: u64): u32 { return argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x10000 ? 3 : argument < 0x100000000 ? 5 : 9 }

/** Writes a head and answers the address after it. */
// @ts-ignore: decorator
@inline export function putHead(to: usize, major: Major, argument: u64): usize {
  if (argument >= 24) return putLongHead(to, major, argument)
  store<u8>(to, <u8>(<u32>major << 5 | <u32>argument))
  return to + 1
}

function putLongHead(to: usize, major: Major, argument: u64): usize {
  const high = <u32>major << 5
  if (argument < 0x100) {
    store<u16>(to, <u16>(high | 24 | <u32>argument << 8))
    return to + 2
  }
  if (argument < 0x10000) {
    store<u8>(to, <u8>(high | 25))
    store<u16>(to, bswap<u16>(<u16>argument), 1)
    return to + 3
  }
  if (argument < 0x100000000) {
    store<u8>(to, <u8>(high | 26))
    store<u32>(to, bswap<u32>(<u32>argument), 1)
    return to + 5
  }
  store<u8>(to, <u8>(high | 27))
  store<u64>(to, bswap<u64>(argument), 1)
  return to + 9
}

/** Most bytes of a link whose CID has `n`. */
export function linkSize(n: u32): usize { return 2 + headSize(n + 1) + 1 + n }

/** Writes a link: tag 42 of a byte string, which is a zero byte and the CID. */
export function putLink(to: usize, cid: usize, n: u32): usize {
  store<u16>(to, 0x2ad8)
  to = putHead(to + 2, Major.BYTES, n + 1)
  store<u8>(to, 0)
  memory.copy(to + 1, cid, n)
  return to + 1 + n
}

/** Writes an ASCII text of the module's own. */
export function putKey(to: usize, text: string): usize {
  const n = <u32>text.length
  to = putHead(to, Major.TEXT, n)
  for (let i: u32 = 0; i < n; i++) store<u8>(to + i, <u8>text.charCodeAt(i))
  return to + n
}

/** Copies sixteen bytes at a time, up to 15 more than there are, on both sides: what is short is copied so in less time than by memory.copy. */
// @ts-ignore: decorator
@inline export function putShort(to: usize, from: usize, n: u32): usize {
  for (let i: u32 = 0; i < n; i += 16) v128.store(to + i, v128.load(from + i))
  return to + n
}
