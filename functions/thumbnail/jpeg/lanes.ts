/** What both DCTs do with four numbers at a time: constants of 13 bits, and what stands between two passes with two bits more than it needs. */

export const BITS: i32 = 13
export const BETWEEN: i32 = 2

// @ts-ignore: decorator
@inline export function times(v: v128, factor: i32): v128 { return i32x4.mul(v, i32x4.splat(factor)) }
// @ts-ignore: decorator
@inline export function sum(a: v128, b: v128): v128 { return i32x4.add(a, b) }
// @ts-ignore: decorator
@inline export function difference(a: v128, b: v128): v128 { return i32x4.sub(a, b) }
/** Divided by a power of two, to the nearest. */
// @ts-ignore: decorator
@inline export function down(v: v128, half: v128, shift: i32): v128 { return i32x4.shr_s(i32x4.add(v, half), shift) }

/** Four by four, turned over, to four lines of 32 bytes. */
// @ts-ignore: decorator
@inline export function turnOver(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5)
  const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7)
  const cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7)
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2))
  v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32)
  v128.store(to, i64x2.shuffle(ab2, cd2, 0, 2), 64)
  v128.store(to, i64x2.shuffle(ab2, cd2, 1, 3), 96)
}
