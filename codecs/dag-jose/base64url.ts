/** Base64url (RFC 4648, 5) without padding, as JOSE has it: base64 with two other characters. */
import { decodeBase64, encodeBase64, stoppedAt } from '../sdk/base'

// @ts-ignore: decorator
@inline function splat(x: i32): v128 { return i8x16.splat(<i8>x) }

/** Every `a` becomes `to`. */
// @ts-ignore: decorator
@inline function replaced(v: v128, a: i32, to: i32): v128 { return v128.bitselect(splat(to), v, i8x16.eq(v, splat(a))) }

/** Writes `n` bytes, 4 characters for 3 bytes, and answers the address after them. Reads up to 15 bytes past the end, writes up to 31. */
export function encode(p: usize, n: u32, to: usize): usize {
  const end = encodeBase64(p, n, to)
  for (let at = to; at < end; at += 16) v128.store(at, replaced(replaced(v128.load(at), 43, 45), 47, 95))
  return end
}

/** Decodes `n` characters where they stand; answers the number of bytes, or −1 if that is not what they are or bits are left over. Reads and writes up to 31 bytes past them. */
export function decode(p: usize, n: u32): i32 {
  const end = p + n
  for (let at = p; at < end; at += 16) {
    // what is base64 and not base64url becomes neither
    const other = replaced(replaced(v128.load(at), 43, 0), 47, 0)
    v128.store(at, replaced(replaced(other, 45, 43), 95, 47))
  }
  store<u8>(end, 0)
  const to = decodeBase64(p, p)
  return stoppedAt == end && (n & 3) != 1 && load<u8>(to) == 0 ? <i32>(to - p) : -1
}
