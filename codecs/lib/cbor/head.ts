/** Heads of data items (RFC 8949, 3): the initial byte and the argument. And the mode, which is first of all about them. */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf } from '../../sdk/input'

/** Initial byte: major type in the upper three bits (3.1), additional information in the lower five (3). */
export const enum Major { UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE }
export const enum Simple { FALSE = 0xf4, TRUE = 0xf5, NULL = 0xf6, UNDEFINED = 0xf7, NEXT = 0xf8, HALF = 0xf9, SINGLE = 0xfa, DOUBLE = 0xfb }

/** Accept what RFC 8949 accepts, not only the one form of each value. */
export let lenient: bool = false
/**
 * The data model of plain CBOR, without links; floats as short as can be. A codec that never calls `setPlain` is DAG-CBOR and has nothing of the other in its module: the compiler
 * sees a constant.
 */
export let plain: bool = false

export function setLenient(lax: bool): void { lenient = lax }
export function setPlain(): void { plain = true }

/** The argument of the head that `argument` has read (3). */
export let value: u64 = 0

/** Reads the head at `p`, whose first byte is at hand; the argument is in `value`. Strict: in its shortest form. */
// @ts-ignore: decorator
@inline export function argument(p: usize, head: u32): usize {
  const info = head & 31
  if (info < 24) {
    value = info
    return p + 1
  }
  return longArgument(p, info)
}

function longArgument(p: usize, info: u32): usize {
  // what may be of indefinite length is bytes, text, arrays and maps
  if (info > 27) fail(info == 31 && (<u32>load<u8>(p) >> 5) - <u32>Major.BYTES < 4 ? Code.UNSUPPORTED : Code.MALFORMED, offsetOf(p), load<u8>(p))
  const n = 1 << (info - 24)
  p = need(p, 1 + n)
  let least: u64
  if (info == 24) {
    value = load<u8>(p, 1)
    least = 24
  } else if (info == 25) {
    value = bswap<u16>(load<u16>(p, 1))
    least = 0x100
  } else if (info == 26) {
    value = bswap<u32>(load<u32>(p, 1))
    least = 0x10000
  } else {
    value = bswap<u64>(load<u64>(p, 1))
    least = 0x100000000
  }
  if (value < least && !lenient) fail(Code.NON_CANONICAL, offsetOf(p), load<u8>(p))
  return p + 1 + n
}

/** A length: what does not fit into 32 bits is longer than any block. */
// @ts-ignore: decorator
@inline export function lengthAt(start: u64): u32 {
  if (value >> 32) fail(Code.UNEXPECTED_END, start)
  return <u32>value
}
