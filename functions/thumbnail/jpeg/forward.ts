/** The forward DCT (ITU-T T.81, section A.3.3) in integers, as idct.ts backwards, and quantization (section A.3.4). */
import { BETWEEN, BITS, difference, down, sum, times, turnOver } from './lanes'

// eight by eight i32
// @ts-ignore: decorator
@lazy const INPUT: usize = memory.data(256, 16)
// @ts-ignore: decorator
@lazy const MIDDLE: usize = memory.data(256, 16)
// @ts-ignore: decorator
@lazy const OUTPUT: usize = memory.data(256, 16)

/** Makes 64 quantized coefficients, i16 in natural order, of a block of samples, eight rows `stride` apart. @param table 64 divisors, u16 in natural order */
export function forward(from: usize, stride: usize, table: usize, to: usize): void {
  for (let at = INPUT; at < INPUT + 256; at += 32, from += stride) {
    const v = i16x8.sub(v128.load8x8_u(from), i16x8.splat(128))
    v128.store(at, i32x4.extend_low_i16x8_s(v))
    v128.store(at, i32x4.extend_high_i16x8_s(v), 16)
  }
  pass(INPUT, MIDDLE, BITS - BETWEEN)
  pass(INPUT + 16, MIDDLE + 128, BITS - BETWEEN)
  pass(MIDDLE, OUTPUT, BITS + BETWEEN)
  pass(MIDDLE + 16, OUTPUT + 128, BITS + BETWEEN)
  for (let k: usize = 0; k < 64; k++) {
    // coefficients come out eight times as large
    const divisor = <i32>load<u16>(table + (k << 1)) << 3
    const value = load<i32>(OUTPUT + (k << 2))
    const size = abs(value) + (divisor >> 1)
    let quantized = size < divisor ? 0 : size / divisor
    if (value < 0) quantized = -quantized
    store<i16>(to + (k << 1), <i16>quantized)
  }
}

/** Four transforms side by side, eight vectors 32 bytes apart in, and turned over, four lines of 32 bytes out. */
function pass(from: usize, to: usize, shift: i32): void {
  const x0 = v128.load(from)
  const x1 = v128.load(from, 32)
  const x2 = v128.load(from, 64)
  const x3 = v128.load(from, 96)
  const x4 = v128.load(from, 128)
  const x5 = v128.load(from, 160)
  const x6 = v128.load(from, 192)
  const x7 = v128.load(from, 224)
  const s0 = sum(x0, x7)
  const s1 = sum(x1, x6)
  const s2 = sum(x2, x5)
  const s3 = sum(x3, x4)
  // even part
  const e0 = sum(s0, s3)
  const e1 = sum(s1, s2)
  const e2 = difference(s1, s2)
  const e3 = difference(s0, s3)
  const turn = times(sum(e2, e3), 4433)
  const y0 = i32x4.shl(sum(e0, e1), BITS)
  const y4 = i32x4.shl(difference(e0, e1), BITS)
  const y2 = sum(turn, times(e3, 6270))
  const y6 = difference(turn, times(e2, 15137))
  // odd part
  const d0 = difference(x0, x7)
  const d1 = difference(x1, x6)
  const d2 = difference(x2, x5)
  const d3 = difference(x3, x4)
  const both = times(sum(sum(d3, d1), sum(d2, d0)), 9633)
  const r3 = difference(both, times(sum(d3, d1), 16069))
  const r4 = difference(both, times(sum(d2, d0), 3196))
  const r1 = times(sum(d3, d0), 7373)
  const r2 = times(sum(d2, d1), 20995)
  const y7 = sum(difference(times(d3, 2446), r1), r3)
  const y5 = sum(difference(times(d2, 16819), r2), r4)
  const y3 = sum(difference(times(d1, 25172), r2), r3)
  const y1 = sum(difference(times(d0, 12299), r1), r4)
  const half = i32x4.splat(1 << (shift - 1))
  turnOver(down(y0, half, shift), down(y1, half, shift), down(y2, half, shift), down(y3, half, shift), to)
  turnOver(down(y4, half, shift), down(y5, half, shift), down(y6, half, shift), down(y7, half, shift), to + 16)
}
