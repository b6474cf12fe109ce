/**
 * The inverse DCT (ITU-T T.81, section A.3.3) in integers: columns, then rows, each as Loeffler, Ligtenberg and Moschytz have it (ICASSP 1989, figure 1, backwards), four at a time.
 *
 * ```
 *  a block of i16, times its table  ─▶ INPUT, rows  ─pass─▶ MIDDLE, columns  ─pass─▶ OUTPUT, rows  ─▶ bytes
 * ```
 */
import { BETWEEN, BITS, difference, down, sum, times, turnOver } from './lanes'

// eight by eight i32
// @ts-ignore: decorator
@lazy const INPUT: usize = memory.data(256, 16)
// @ts-ignore: decorator
@lazy const MIDDLE: usize = memory.data(256, 16)
// @ts-ignore: decorator
@lazy const OUTPUT: usize = memory.data(256, 16)

/** Writes the samples of a block, eight rows `stride` apart. @param table 64 u16 that the coefficients are multiplied with */
export function inverse(block: usize, table: usize, to: usize, stride: usize): void {
  for (let i: usize = 0; i < 128; i += 16) {
    const v = i16x8.mul(v128.load(block + i), v128.load(table + i))
    v128.store(INPUT + (i << 1), i32x4.extend_low_i16x8_s(v))
    v128.store(INPUT + (i << 1), i32x4.extend_high_i16x8_s(v), 16)
  }
  pass(INPUT, MIDDLE, BITS - BETWEEN)
  pass(INPUT + 16, MIDDLE + 128, BITS - BETWEEN)
  pass(MIDDLE, OUTPUT, BITS + BETWEEN + 3)
  pass(MIDDLE + 16, OUTPUT + 128, BITS + BETWEEN + 3)
  for (let at = OUTPUT; at < OUTPUT + 256; at += 32, to += stride) {
    const v = i16x8.add_sat_s(i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16)), i16x8.splat(128))
    v128.store64_lane(to, i8x16.narrow_i16x8_u(v, v), 0)
  }
}

/** As `inverse`, of a block with nothing but its first coefficient. */
export function inverseFlat(coefficient: i32, table: usize, to: usize, stride: usize): void {
  const value = ((<i32><i16>(coefficient * <i32>load<u16>(table)) + 4) >> 3) + 128
  const bytes = <u64>max(0, min(255, value)) * 0x0101010101010101
  for (let y = 0; y < 8; y++, to += stride) store<u64>(to, bytes)
}

/** Four transforms side by side: eight vectors 32 bytes apart in, and turned over, four lines of 32 bytes out. */
function pass(from: usize, to: usize, shift: i32): void {
  // even part: √2 cos(6π/16) = 4433, and what turns it
  const x2 = v128.load(from, 64)
  const x6 = v128.load(from, 192)
  const turn = times(sum(x2, x6), 4433)
  const low = sum(turn, times(x2, 6270))
  const high = difference(turn, times(x6, 15137))
  const x0 = v128.load(from)
  const x4 = v128.load(from, 128)
  const s04 = i32x4.shl(sum(x0, x4), BITS)
  const d04 = i32x4.shl(difference(x0, x4), BITS)
  const e0 = sum(s04, low)
  const e3 = difference(s04, low)
  const e1 = sum(d04, high)
  const e2 = difference(d04, high)
  // odd part
  const x1 = v128.load(from, 32)
  const x3 = v128.load(from, 96)
  const x5 = v128.load(from, 160)
  const x7 = v128.load(from, 224)
  const both = times(sum(sum(x7, x3), sum(x5, x1)), 9633)
  const r3 = difference(both, times(sum(x7, x3), 16069))
  const r4 = difference(both, times(sum(x5, x1), 3196))
  const r1 = times(sum(x7, x1), 7373)
  const r2 = times(sum(x5, x3), 20995)
  const o0 = sum(difference(times(x7, 2446), r1), r3)
  const o1 = sum(difference(times(x5, 16819), r2), r4)
  const o2 = sum(difference(times(x3, 25172), r2), r3)
  const o3 = sum(difference(times(x1, 12299), r1), r4)
  const half = i32x4.splat(1 << (shift - 1))
  turnOver(down(sum(e0, o3), half, shift), down(sum(e1, o2), half, shift), down(sum(e2, o1), half, shift), down(sum(e3, o0), half, shift), to)
  turnOver(down(difference(e3, o0), half, shift), down(difference(e2, o1), half, shift), down(difference(e1, o2), half, shift), down(difference(e0, o3), half, shift), to + 16)
}
