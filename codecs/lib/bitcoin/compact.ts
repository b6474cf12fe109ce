/** Compact sizes, of Bitcoin's wire format: one byte below 253; 253, 254 or 255 before 2, 4 or 8 bytes otherwise; the shortest form alone. */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf } from '../../sdk/input'

/** The largest that nodes of the network read (MAX_SIZE, serialize.h). */
export const MAX_SIZE: u32 = 0x02000000

/** What `compact` has read. */
export let size: u32 = 0

/** Reads the compact size at `p`; answers the position after it. */
// @ts-ignore: decorator
@inline export function compact(p: usize): usize {
  p = need(p, 1)
  const byte = <u32>load<u8>(p)
  if (byte < 253) {
    size = byte
    return p + 1
  }
  return long(p, byte)
}

function long(p: usize, byte: u32): usize {
  const width: u32 = 2 << (byte - 253)
  p = need(p, 1 + width)
  const value = width == 2 ? <u64>load<u16>(p, 1) : width == 4 ? <u64>load<u32>(p, 1) : load<u64>(p, 1)
  if (value < (width == 2 ? 253 : <u64>1 << (width << 2))) fail(Code.NON_CANONICAL, offsetOf(p), <u32>value)
  if (value > MAX_SIZE) fail(Code.TOO_LARGE, offsetOf(p), <u32>min<u64>(value, u32.MAX_VALUE))
  size = <u32>value
  return p + 1 + width
}

/** Writes a compact size of at most MAX_SIZE, up to 8 bytes at `to`; answers the address after it. */
// @ts-ignore: decorator
@inline export function writeCompact(to: usize, n: u32): usize {
  if (n < 253) {
    store<u8>(to, <u8>n)
    return to + 1
  }
  store<u8>(to, n >> 16 ? 254 : 253)
  store<u32>(to, n, 1)
  return to + (n >> 16 ? 5 : 3)
}

/** Bytes that a compact size takes. */
// @ts-ignore: decorator
@inline export function compactSize(p: usize): usize { return load<u8>(p) < 253 ? 1 : load<u8>(p) == 253 ? 3 : 5 }
/** The compact size at `p`, which is known to be one. */
// @ts-ignore: decorator
@inline export function compactAt(p: usize): u32 { return load<u8>(p) < 253 ? load<u8>(p) : load<u8>(p) == 253 ? load<u16>(p, 1) : load<u32>(p, 1) }
