/** Numbers that follow each other, as in long lists, without a call for each. */
import { atHand } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind, RECORD } from '../../sdk/tape'
import { plain, Simple } from './head'

/** How many numbers `numbers` has read. */
export let run: u32 = 0

/** Numbers below 2 to this have a shorter argument than 8, 16, 32 or 64 bits. Of 8 bits: those below 24, but `numbers` leaves all below 32 to others. */
const LEAST: u32 = 0x20100805

/**
 * Reads the integers and floats of 64 bits at `p`, up to `most` and as far as they are in the window; answers what comes after. It stops where anything is to be said of one: `item`
 * says it, or takes it if the input may be lax.
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
    const head = <u32>load<u8>(p)
    if (head < 24) {
      store<u64>(to, Kind.UINT)
      store<u64>(to, head, 8)
      p++
    } else if (head < 0x40) {
      let value = <u64>(head & 31)
      let next = p + 1
      if (value >= 24) {
        if (value > 27) break
        const power = value & 3
        next += 1 << <u32>power
        value = bigEndian(p + 1) >> (64 - (8 << power))
        if (next > last || !(value >> (LEAST >> <u32>(power << 3) & 63))) break
      }
      store<u64>(to, Kind.UINT + (head >> 5))
      store<u64>(to, value, 8)
      p = next
    } else if (head == <u32>Simple.DOUBLE) {
      const bits = bigEndian(p + 1)
      // plain CBOR has a look at whether there is a shorter form
      if (p + 9 > last || (bits >> 52 & 0x7ff) == 0x7ff || (plain && !(bits << 35))) break
      store<u64>(to, Kind.FLOAT)
      store<u64>(to, bits, 8)
      p += 9
    } else {
      break
    }
    to += RECORD
  }
  run = <u32>((to - first) / RECORD)
  tape.took(run)
  return p
}

/** The eight bytes at `p`, the highest first: an instruction where there is one for vectors. */
// @ts-ignore: decorator
@inline function bigEndian(p: usize): u64 {
  return i64x2.extract_lane(i8x16.shuffle(v128.load64_splat(p), v128.load64_splat(p), 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0)
}
