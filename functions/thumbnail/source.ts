/**
 * The compressed image as it comes: up to 128 KiB of it at hand, whatever the chunks. A decoder's `step` works from `position()` on as far as it can, leaves what it cannot
 * use yet (`leave`), and is called again when there is more. It must get on with 66 KiB at hand: the longest segment of JPEG.
 */
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import { readInput } from '../../codecs/sdk/input'

const CAPACITY: usize = 131072
/** Bytes of 0xff after the last, so that decoders may look ahead: to JPEG no data. */
const PADDING: usize = 64

let buffer: usize = 0
let p: usize = 0
let end: usize = 0
let bias: u64 = 0
let ended: bool = false
/** what of the chunk has been copied */
let chunkAt: u32 = 0
let chunkSize: u32 = 0

export function beginSource(): void {
  buffer = allocate(CAPACITY + PADDING)
  p = end = buffer
  bias = 0 - <u64>buffer
}

/** A chunk has come. */
export function takeChunk(): void {
  chunkAt = 0
  chunkSize = fn.chunkSize()
}

/** There is no more. */
export function endSource(): void {
  ended = true
  memory.fill(end, 0xff, PADDING)
}

/** Copies as much of the chunk as there is room for; false if nothing is left of it. */
export function more(): bool {
  const n = <u32>min<usize>(chunkSize - chunkAt, CAPACITY - (end - p))
  if (!n) return false
  memory.copy(buffer, p, end - p)
  bias += p - buffer
  end -= p - buffer
  p = buffer
  readInput(end, n, chunkAt)
  chunkAt += n
  end += n
  return true
}

// @ts-ignore: decorator
@inline export function position(): usize { return p }
// @ts-ignore: decorator
@inline export function sourceEnd(): usize { return end }
/** Whether nothing follows what is at hand. */
// @ts-ignore: decorator
@inline export function last(): bool { return ended }
// @ts-ignore: decorator
@inline export function offsetOf(at: usize): u64 { return bias + <u64>at }

export function leave(at: usize): void { p = at }

/** Whether `n` bytes are at hand from `at` on. Fails where they never will be. */
// @ts-ignore: decorator
@inline export function has(at: usize, n: usize): bool { return end - at >= n || lacks() }

function lacks(): bool {
  if (ended) fail(Code.UNEXPECTED_END, offsetOf(end))
  return false
}
