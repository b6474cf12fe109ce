/** Varints: 7 bits a byte, the lowest first, of numbers of 64 bits (https://protobuf.dev/programming-guides/encoding/#varints). */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf } from '../../sdk/input'

/** Accepts varints that are longer than they need be. */
let lenient: bool = false

export function setLenient(lax: bool): void { lenient = lax }

/** What `varint` has read. */
export let value: u64 = 0

/** Reads the varint at `p`. */
// @ts-ignore: decorator
@inline export function varint(p: usize): usize {
  p = need(p, 1)
  const byte = <u64>load<u8>(p)
  if (byte < 0x80) {
    value = byte
    return p + 1
  }
  return longVarint(p)
}

function longVarint(p: usize): usize {
  const start = offsetOf(p)
  value = 0
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    p = need(p, 1)
    const byte = <u64>load<u8>(p++)
    // the tenth byte has room for one bit
    if (shift == 63 && (byte & 0x7f) > 1) fail(Code.NUMBER_RANGE, start)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      if (byte == 0 && shift && !lenient) fail(Code.NON_CANONICAL, start)
      return p
    }
  }
  fail(Code.MALFORMED, start)
  return p
}

/** Bytes that a varint takes. */
// @ts-ignore: decorator
@inline export function varintSize(x: u64): u32 { return x < 0x80 ? 1 : (70 - <u32>clz(x)) / 7 }

/** Writes a varint, and answers the address after it. */
// @ts-ignore: decorator
@inline export function writeVarint(to: usize, x: u64): usize {
  while (x >= 0x80) {
    store<u8>(to++, <u8>x | 0x80)
    x >>= 7
  }
  store<u8>(to, <u8>x)
  return to + 1
}
