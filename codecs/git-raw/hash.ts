/** The names of objects, sha1: 20 bytes, or 40 characters of lower-case hexadecimal; and as links. */

/** Bytes of a hash, and of its link: version 1, git-raw, sha1, 20 bytes. */
export const HASH: u32 = 20
export const LINK: u32 = 24
export const PREFIX: u32 = 0x14117801

// @ts-ignore: decorator
@inline function splat(x: i32): v128 { return i8x16.splat(<i8>x) }
/** Which of 16 characters are in first … first + n − 1, as all ones. */
// @ts-ignore: decorator
@inline function within(v: v128, first: i32, n: i32): v128 { return i8x16.lt_u(i8x16.sub(v, splat(first)), splat(n)) }

/** Decodes 16 characters to 8 bytes; answers which are hexadecimal, a bit each. */
function decode16(p: usize, to: usize): i32 {
  let v = v128.load(p)
  const digit = within(v, 48, 10)
  const lower = within(v, 97, 6)
  v = i8x16.sub(v, v128.bitselect(splat(48), splat(87), digit))
  // in each 16 bits the first character, the upper half, is the lower byte
  const bytes = v128.and(v128.or(i16x8.shl(v, 4), i16x8.shr_u(v, 8)), i16x8.splat(0xff))
  v128.store64_lane(to, i8x16.narrow_i16x8_u(bytes, bytes), 0)
  return i8x16.bitmask(v128.or(digit, lower))
}

/** Decodes the 40 characters at `p`; answers the address of the first that is none of hexadecimal, or `p + 40`. Upper case is none. */
export function decodeHash(p: usize, to: usize): usize {
  const seen = <u64>decode16(p, to) | <u64>decode16(p + 16, to + 8) << 16 | <u64>decode16(p + 24, to + 12) << 24
  return p + min<usize>(40, <usize>ctz(~seen))
}

/** Writes 20 bytes as 40 characters. Reads up to 4 bytes past the end. */
export function encodeHash(p: usize, to: usize): void {
  encode8(p, to)
  encode8(p + 8, to + 16)
  encode8(p + 12, to + 24)
}

function encode8(p: usize, to: usize): void {
  const v = i16x8.extend_low_i8x16_u(v128.load64_zero(p))
  const nibbles = v128.or(i16x8.shr_u(v, 4), i16x8.shl(v128.and(v, i16x8.splat(15)), 8))
  v128.store(to, i8x16.add(i8x16.add(nibbles, splat(48)), v128.and(i8x16.gt_s(nibbles, splat(9)), splat(39))))
}
