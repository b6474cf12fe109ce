/**
 * The inverse DCT (ITU-T T.81, section A.3.3) in integers: columns, then rows, each as Loeffler, Ligtenberg and Moschytz have it (ICASSP 1989, figure 1, backwards), four at a time.
 * Constants have 13 bits, and what stands between the two passes two bits more than it needs.
 *
 * ```
 *  a block of i16, times its table  ─▶ INPUT, rows  ─pass─▶ MIDDLE, columns  ─pass─▶ OUTPUT, rows  ─▶ bytes
 * ```
 */

const BITS: i32 = 13
const BETWEEN: i32 = 2

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

// @ts-ignore: decorator
@inline function times(v: v128, factor: i32): v128 { return i32x4.mul(v, i32x4.splat(factor)) }
// @ts-ignore: decorator
@inline function plus(a: v128, b: v128): v128 { return i32x4.add(a, b) }
// @ts-ignore: decorator
@inline function minus(a: v128, b: v128): v128 { return i32x4.sub(a, b) }
// @ts-ignore: decorator
@inline function down(v: v128, half: v128, shift: i32): v128 { return i32x4.shr_s(i32x4.add(v, half), shift) }

/** Four transforms side by side: eight vectors 32 bytes apart in, and turned over, four lines of 32 bytes out. */
function pass(from: usize, to: usize, shift: i32): void {
  // even part: √2 cos(6π/16) = 4433, and what turns it
  const x2 = v128.load(from, 64)
  const x6 = v128.load(from, 192)
  const turn = times(plus(x2, x6), 4433)
  const low = plus(turn, times(x2, 6270))
  const high = minus(turn, times(x6, 15137))
  const x0 = v128.load(from)
  const x4 = v128.load(from, 128)
  const sum = i32x4.shl(plus(x0, x4), BITS)
  const difference = i32x4.shl(minus(x0, x4), BITS)
  const e0 = plus(sum, low)
  const e3 = minus(sum, low)
  const e1 = plus(difference, high)
  const e2 = minus(difference, high)
  // odd part
  const x1 = v128.load(from, 32)
  const x3 = v128.load(from, 96)
  const x5 = v128.load(from, 160)
  const x7 = v128.load(from, 224)
  const both = times(plus(plus(x7, x3), plus(x5, x1)), 9633)
  const r3 = minus(both, times(plus(x7, x3), 16069))
  const r4 = minus(both, times(plus(x5, x1), 3196))
  const r1 = times(plus(x7, x1), 7373)
  const r2 = times(plus(x5, x3), 20995)
  const o0 = plus(minus(times(x7, 2446), r1), r3)
  const o1 = plus(minus(times(x5, 16819), r2), r4)
  const o2 = plus(minus(times(x3, 25172), r2), r3)
  const o3 = plus(minus(times(x1, 12299), r1), r4)
  const half = i32x4.splat(1 << (shift - 1))
  turnOver(down(plus(e0, o3), half, shift), down(plus(e1, o2), half, shift), down(plus(e2, o1), half, shift), down(plus(e3, o0), half, shift), to)
  turnOver(down(minus(e3, o0), half, shift), down(minus(e2, o1), half, shift), down(minus(e1, o2), half, shift), down(minus(e0, o3), half, shift), to + 16)
}

/** Four by four, turned over. */
// @ts-ignore: decorator
@inline function turnOver(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
  const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7)
  const cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7)
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2))
  v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32)
  v128.store(to, i64x2.shuffle(ab2, cd2, 0, 2), 64)
  v128.store(to, i64x2.shuffle(ab2, cd2, 1, 3), 96)
}
