/** Numbers that follow each other, as in long lists, without a call for each. */
import { atHand } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'
import { Format } from './format'

/** How many numbers `numbers` has read. */
export let run: u32 = 0

/** Numbers below 2 to this have a shorter format: for int 8 … int 64 and uint 8 … uint 64, each by the lowest three bits of the format. */
const LEAST: u64 = 0x201008071f0f0705

/** The eight bytes at `p`, the highest first: an instruction where there is one for vectors. */
// @ts-ignore: decorator
@inline function bigEndian(p: usize): u64 {
  return i64x2.extract_lane(i8x16.shuffle(v128.load64_splat(p), v128.load64_splat(p), 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0)
}

/**
 * Reads the numbers at `p`, up to `most` and as far as they are in the window; answers what comes after. It stops where anything is to be said of one: `item` says it, or takes it if
 * the input may be lax.
 */
export function numbers(p: usize, most: u32): usize {
  const last = p + atHand(p)
  // more than that in another call
  const n = min<usize>(min<usize>(most, last - p), 256)
  const first = tape.roomFor(n)
  const stop = first + n * RECORD
  let to = first
  // up to 8 bytes after the last are read, and then not used
  while (to < stop && p < last) {
    const format = <u32>load<u8>(p)
    if (format < <u32>Format.FIXMAP) {
      store<u64>(to, Kind.UINT)
      store<u64>(to, format, 8)
      p++
    } else if (format - <u32>Format.UINT8 < 8) {
      const next = p + 1 + (1 << (format & 3))
      const bits = bigEndian(p + 1)
      // of a negative number its complement
      const turned = ~(<i64>(<i32>format - Format.INT8) >> 63)
      const value = (bits ^ turned) >> (64 - (8 << <u64>(format & 3)))
      if (next > last || !(value >> (LEAST >> <u64>((format & 7) << 3) & 63)) || <i64>(~bits & turned) < 0) break
      store<u64>(to, <u64>Kind.UINT - <u64>turned)
      store<u64>(to, value, 8)
      p = next
    } else if (format == <u32>Format.FLOAT64) {
      const bits = bigEndian(p + 1)
      if (p + 9 > last || (bits >> 52 & 0x7ff) == 0x7ff) break
      store<u64>(to, Kind.FLOAT)
      store<u64>(to, bits, 8)
      p += 9
    } else if (format >= <u32>Format.NEGATIVE_FIXINT) {
      store<u64>(to, Kind.NINT)
      store<u64>(to, 255 - format, 8)
      p++
    } else {
      break
    }
    to += RECORD
  }
  run = <u32>((to - first) / RECORD)
  tape.took(run)
  return p
}
