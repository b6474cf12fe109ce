/**
 * The input cursor. A position is an address `p` in the window, kept by the decoder in a local variable: every function that moves the window takes `p` and answers the new one.
 *
 * ```
 *  input   ────────────┬────────────────────────┬──────────────
 *                      │ window                 │
 *                      └──────p─────────────────┘ end
 *                      offsetOf(p) = bias + p
 * ```
 */
import { filled, inputSize, windowAddress, WINDOW } from './control'
import { Code, fail } from './fail'

// @ts-ignore: decorator
@external('autocodec', 'read')
declare function read(to: usize, length: u32, offset: u64): u32

/** First address after the input bytes in the window. */
let end: usize = 0
/** offset = bias + address; wraps around, which the addition undoes */
let bias: u64 = 0
/** Up to here AHEAD bytes are at hand, or the whole rest of the input is. */
let low: usize = 0

/** What `ahead` makes available: longer than most tokens of a text. */
const AHEAD: usize = 128

/** To be called when `end` has moved. */
function settle(): void {
  v128.store(end, i64x2.splat(0))
  low = bias + <u64>end < inputSize() ? end - AHEAD : usize.MAX_VALUE
}

/** Starts at offset 0, with what the host has put into the window. */
export function openInput(): usize {
  end = windowAddress() + filled()
  bias = 0 - <u64>windowAddress()
  settle()
  return windowAddress()
}

/** Bytes at hand from `p` on. */
// @ts-ignore: decorator
@inline export function atHand(p: usize): usize { return end - p }

// @ts-ignore: decorator
@inline export function offsetOf(p: usize): u64 { return bias + <u64>p }

/** Whether the whole input is consumed. */
// @ts-ignore: decorator
@inline export function atEnd(p: usize): bool { return p == end && offsetOf(p) >= inputSize() }

/** Makes `n` bytes (at most WINDOW) available at the answered position, or fails with UNEXPECTED_END. */
// @ts-ignore: decorator
@inline export function need(p: usize, n: u32): usize {
  return end - p >= <usize>n ? p : refill(p, n)
}

/** Makes as many bytes available as the window holds, or as there are. */
export function refill(p: usize, n: u32): usize {
  const offset = offsetOf(p)
  const left = inputSize() - offset
  if (<u64>n > left) fail(Code.UNEXPECTED_END, inputSize())
  if (n > WINDOW) fail(Code.TOO_LARGE, offset)
  const start = windowAddress()
  const kept = end - p
  if (kept) memory.copy(start, p, kept)
  const wanted = <u32>min<u64>(left, WINDOW) - <u32>kept
  const got = read(start + kept, wanted, offset + kept)
  if (got != wanted) fail(Code.UNEXPECTED_END, offset + kept + got)
  end = start + kept + got
  bias = offset - start
  settle()
  return start
}

/** Makes 128 bytes available at the answered position, or the rest of the input. */
// @ts-ignore: decorator
@inline export function ahead(p: usize): usize { return p <= low ? p : refill(p, 0) }

/** Whether `p` is where the window ends. */
// @ts-ignore: decorator
@inline export function atWindowEnd(p: usize): bool { return p >= end }

/** Whether input follows that is not in the window. */
// @ts-ignore: decorator
@inline export function continues(): bool { return low != usize.MAX_VALUE }

/** Goes on `n` bytes without reading them. Fails if the input ends before. */
export function skip(p: usize, n: u64): usize {
  if (<u64>(end - p) >= n) return p + <usize>n
  const offset = offsetOf(p)
  if (n > inputSize() - offset) fail(Code.UNEXPECTED_END, inputSize())
  // an empty window at the new place; the next `need` fills it
  end = windowAddress()
  bias = offset + n - end
  settle()
  return end
}

/** The position of an offset, wherever the window is. */
export function seek(offset: u64): usize {
  const at = offset - bias
  if (at >= <u64>windowAddress() && at <= <u64>end) return <usize>at
  // an empty window at the new place; the next `need` fills it
  end = windowAddress()
  bias = offset - end
  settle()
  return end
}

/** Copies `n` input bytes from `p` to `to`, whatever their number, and goes on after them. */
export function copyInput(p: usize, to: usize, n: u32): usize {
  if (end - p >= <usize>n) {
    memory.copy(to, p, n)
    return p + n
  }
  const offset = offsetOf(p)
  if (<u64>n > inputSize() - offset) fail(Code.UNEXPECTED_END, inputSize())
  if (read(to, n, offset) != n) fail(Code.UNEXPECTED_END, offset)
  return skip(p, n)
}

/** Reads input at any offset, for encode: the long values of source 0. */
export function readInput(to: usize, n: u32, offset: u64): void {
  if (read(to, n, offset) != n) fail(Code.UNEXPECTED_END, offset)
}
