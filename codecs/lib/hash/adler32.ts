/** Adler-32 (RFC 1950, section 8.2): the sum of the bytes, and the sum of those sums, modulo 65521. Sixteen bytes at a time. */

const MODULUS: u32 = 65521
/** So many bytes, a multiple of 16, cannot make the second sum overflow 32 bits. */
const RUN: usize = 5536

/** Goes on from the checksum of what came before, 1 at the start, with `n` bytes more. */
export function adler32(before: u32, p: usize, n: usize): u32 {
  let a = before & 0xffff
  let b = before >> 16
  const high = i16x8(16, 15, 14, 13, 12, 11, 10, 9)
  const low = i16x8(8, 7, 6, 5, 4, 3, 2, 1)
  while (n >= 16) {
    const run = min<usize>(n, RUN) & ~15
    const end = p + run
    // of each sixteen: bytes, sums of the bytes before them, and bytes times how many sums they are in
    let sum = i32x4.splat(0)
    let earlier = i32x4.splat(0)
    let weighted = i32x4.splat(0)
    b += a * <u32>run
    for (; p < end; p += 16) {
      const v = v128.load(p)
      earlier = i32x4.add(earlier, sum)
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v)))
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(v), high))
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(v), low))
    }
    a = (a + total(sum)) % MODULUS
    b = (b + (total(earlier) << 4) + total(weighted)) % MODULUS
    n -= run
  }
  for (const end = p + n; p < end; p++) {
    a += load<u8>(p)
    b += a
  }
  return (b % MODULUS) << 16 | a % MODULUS
}

// @ts-ignore: decorator
@inline function total(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
}
