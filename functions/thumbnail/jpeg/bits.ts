/**
 * The bits of entropy-coded data (ITU-T T.81, section B.1.1.5): a zero after each 0xff is left out, and at a marker the data has ended. What is read beyond it is zero, and is noticed
 * when an MCU has been read (`overrun`).
 *
 * ```
 *  word   ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓000000    the next bit is the highest; `count` bits, of which the last `padded` are none of the data's
 * ```
 */
import { Code, fail } from '../../../codecs/sdk/fail'
import { last, offsetOf, sourceEnd } from '../source'
import { INDEX_BITS, longEntry } from './huffman'

export let word: u64 = 0
export let count: u32 = 0
let padded: u32 = 0
let p: usize = 0

/** Starts at an address, on whole bytes. */
export function beginBits(at: usize): void {
  p = at
  word = 0
  count = 0
  padded = 0
}

/** Where the next byte is read. */
// @ts-ignore: decorator
@inline export function bitsAt(): usize { return p }

/** The buffer has moved. */
export function moveBits(at: usize): void { p = at }

/** Puts back what a reader has kept in locals. */
// @ts-ignore: decorator
@inline export function keep(bits: u64, n: u32): void {
  word = bits
  count = n
}

/** Makes at least 32 bits available. */
export function refill(): void {
  let x = bswap(load<u32>(p))
  if (!((~x - 0x01010101) & x & 0x80808080)) {
    word |= <u64>x << (32 - count)
    count += 32
    p += 4
    return
  }
  while (count <= 56) {
    x = load<u8>(p)
    if (x == 0xff) {
      if (load<u8>(p, 1)) {
        padded += 8
        count += 8
        continue
      }
      p++
    }
    p++
    word |= <u64>x << (56 - count)
    count += 8
  }
}

/** Fails if more has been read than there is. */
// @ts-ignore: decorator
@inline export function checkOverrun(): void { if (count < padded) malformed() }

/** What has been read is not in the format, or it has ended: a 0xff alone at the end may have been the first byte of anything. */
export function malformed(detail: u32 = 0): void {
  if (last() && p + 1 >= sourceEnd()) fail(Code.UNEXPECTED_END, offsetOf(sourceEnd()))
  fail(Code.MALFORMED, offsetOf(p), detail)
}

/** Ends a piece of data: what is left must be less than a byte. Answers where the marker stands. */
export function endBits(): usize {
  checkOverrun()
  if (count - padded >= 8) malformed()
  // nor may more bytes follow
  if (load<u8>(p) != 0xff || !load<u8>(p, 1)) malformed(load<u8>(p))
  return p
}

// --- one at a time: where speed does not matter most -----------------------------------------------------------------------------------------------------

/** The next symbol of a code. */
export function symbol(code: usize): u32 {
  if (count < 32) refill()
  let entry = <u32>load<u16>(code + (<usize>(word >> (64 - INDEX_BITS)) << 1))
  if (!(entry >> 8)) entry = longSymbol(code, word)
  word <<= entry >> 8
  count -= entry >> 8
  return entry & 255
}

/** The entry of a longer code. */
export function longSymbol(code: usize, bits: u64): u32 {
  const entry = longEntry(code, <u32>(bits >> 48))
  if (!entry) malformed()
  return entry
}

/** The next `n` bits, at most 16. */
export function take(n: u32): u32 {
  if (!n) return 0
  if (count < 32) refill()
  const value = <u32>(word >> (64 - n))
  word <<= n
  count -= n
  return value
}

/** Values of n bits: those whose first bit is 0 are negative (section F.2.2.1). */
// @ts-ignore: decorator
@inline export function extend(value: u32, n: u32): i32 { return n && value < 1 << (n - 1) ? <i32>value - (1 << n) + 1 : <i32>value }
