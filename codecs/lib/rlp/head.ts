/**
 * RLP heads (Yellow Paper, appendix B), reading. An item is bytes or a list of items:
 *
 * ```
 *  00 … 7f   that byte itself                    c0 … f7   list, 0 to 55 bytes of items
 *  80 … b7   bytes, 0 to 55                      f8 … ff   list, the length follows in 1 to 8 bytes
 *  b8 … bf   bytes, the length follows
 * ```
 * There is one encoding of a value: lengths are in their shortest form, and a byte below 0x80 has no head.
 */
import { inputSize } from '../../sdk/control'
import { Code, fail } from '../../sdk/fail'
import { atEnd, need, offsetOf } from '../../sdk/input'

/** Of the item whose head was read last: how many bytes its content has, and whether that is items. */
export let size: u32 = 0
export let isList: bool = false

/** Whether the item is the block's: one that is longer than what is left ends too early. Within another it is too long. */
let outermost: bool = false

/** Reads the head at `p` of an item that ends at input offset `end` at the latest; answers where its content begins. Fails with MALFORMED if it does not fit, or if nothing is left. */
// @ts-ignore: decorator
@inline export function head(p: usize, end: u64): usize {
  const at = offsetOf(p)
  if (at >= end) nothing(end)
  p = need(p, 1)
  const first = <u32>load<u8>(p)
  if (first < 0x80) {
    isList = false
    size = 1
    return p
  }
  isList = first >= 0xc0
  const n = first & 0x3f
  if (n > 55) return longHead(p, n - 55, at, end)
  size = n
  if (<u64>n >= end - at) tooLong(at)
  if (first == 0x81) {
    p = need(p, 2)
    if (load<u8>(p, 1) < 0x80) fail(Code.NON_CANONICAL, at, load<u8>(p, 1))
  }
  return p + 1
}

/** A head whose length stands in `n` bytes after the first. */
function longHead(p: usize, n: u32, at: u64, end: u64): usize {
  const left = end - at - 1
  if (<u64>n > left) tooLong(at)
  p = need(p, 1 + n)
  const first = <u32>load<u8>(p)
  const length = bswap<u64>(load<u64>(p, 1)) >> (64 - (<u64>n << 3))
  if (length < 56 || length >> ((<u64>n - 1) << 3) == 0) fail(Code.NON_CANONICAL, at, first)
  if (length > left - n) tooLong(at)
  if (length >> 32) fail(Code.TOO_LARGE, at, first)
  size = <u32>length
  return p + 1 + n
}

function nothing(end: u64): void {
  fail(outermost ? Code.UNEXPECTED_END : Code.MALFORMED, end)
}

function tooLong(at: u64): void {
  if (outermost) fail(Code.UNEXPECTED_END, inputSize())
  fail(Code.MALFORMED, at)
}

/** The head of the block's one item. */
export function blockHead(p: usize): usize {
  outermost = true
  p = head(p, inputSize())
  outermost = false
  return p
}

/** To be called after the block's one item. */
export function finish(p: usize): void {
  if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
}
