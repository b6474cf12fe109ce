/** Bytes as text: base64 and base32 (RFC 4648, sections 4 and 6, without padding), and base58btc (numbers in base 58) for CIDv0, sixteen characters at a time where it pays. */

// @ts-ignore: decorator
@inline function splat(x: i32): v128 { return i8x16.splat(<i8>x) }

/** Which of 16 characters are in first … first + n − 1, as all ones. */
// @ts-ignore: decorator
@inline function within(v: v128, first: i32, n: i32): v128 { return i8x16.lt_u(i8x16.sub(v, splat(first)), splat(n)) }

/** The low `n` lanes of `v`, and `filler` in the others. */
function firstLanes(v: v128, n: usize, filler: i32): v128 {
  return v128.bitselect(v, splat(filler), i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), splat(<i32>n)))
}

// --- base64 ----------------------------------------------------------------------------------------------------------------------------------------------

/** Where `decodeBase64` stopped reading. */
export let stoppedAt: usize = 0

/**
 * Decodes base64 from `p` on to `to`, up to the first other character; answers the address after the bytes.
 * Bits that are left over follow there, and zero bytes; up to 16 bytes are written past it. `to` may be `p`.
 */
export function decodeBase64(p: usize, to: usize): usize {
  while (true) {
    let v = v128.load(p)
    // what to add to a character to get its value; 0 for those that are not of base64
    let delta = v128.and(within(v, 65, 26), splat(-65))
    delta = v128.or(delta, v128.and(within(v, 97, 26), splat(-71)))
    delta = v128.or(delta, v128.and(within(v, 48, 10), splat(4)))
    delta = v128.or(delta, v128.and(i8x16.eq(v, splat(43)), splat(19)))
    delta = v128.or(delta, v128.and(i8x16.eq(v, splat(47)), splat(16)))
    v = i8x16.add(v, delta)
    let n: usize = 16
    const other = i8x16.bitmask(i8x16.eq(delta, splat(0)))
    if (other) {
      n = ctz(other)
      v = firstLanes(v, n, 0)
    }
    const pairs = v128.or(i16x8.shl(v128.and(v, i16x8.splat(0xff)), 6), i16x8.shr_u(v, 8))
    const quads = i32x4.dot_i16x8_s(pairs, i32x4.splat(0x00011000))
    v128.store(to, i8x16.shuffle(quads, quads, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 7, 11, 15))
    p += n
    to += n * 6 >> 3
    if (n < 16) break
  }
  stoppedAt = p
  return to
}

/** Writes `n` bytes as base64, 4 characters for 3 bytes, and answers the address after them. Reads up to 15 bytes past the end, writes up to 15. */
export function encodeBase64(p: usize, n: u32, to: usize): usize {
  const zero = i64x2.splat(0)
  const last = p + n
  while (p < last) {
    let v = v128.load(p)
    const left = last - p
    if (left < 12) v = firstLanes(v, left, 0)
    // a lane holds three bytes, the first in its upper bits
    v = i8x16.shuffle(v, zero, 2, 1, 0, 16, 5, 4, 3, 16, 8, 7, 6, 16, 11, 10, 9, 16)
    v = v128.or(
      v128.or(i32x4.shr_u(v, 18), v128.and(i32x4.shr_u(v, 4), i32x4.splat(0x3f00))),
      v128.or(v128.and(i32x4.shl(v, 10), i32x4.splat(0x3f0000)), v128.and(i32x4.shl(v, 24), i32x4.splat(0x3f000000)))
    )
    // 0 for lower case, 1 … 12 for digits, + and /, 13 for upper case
    const range = v128.or(i8x16.sub_sat_u(v, splat(51)), v128.and(i8x16.lt_u(v, splat(26)), splat(13)))
    v128.store(to, i8x16.add(v, i8x16.swizzle(i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0), range)))
    if (left < 12) return to + (left * 4 + 2) / 3
    p += 12
    to += 16
  }
  return to
}

// --- base32 ----------------------------------------------------------------------------------------------------------------------------------------------

/** Decodes `n` base32 characters, lower case; answers the number of bytes, or −1 if that is not what they are or bits are left over. Writes up to 13 bytes past the end. */
export function decodeBase32(p: usize, n: usize, to: usize): i32 {
  const start = to
  for (let i: usize = 0; i < n; i += 16) {
    let v = v128.load(p + i)
    if (n - i < 16) v = firstLanes(v, n - i, 97)
    const letter = within(v, 97, 26)
    if (!i8x16.all_true(v128.or(letter, within(v, 50, 6)))) return -1
    v = i8x16.sub(v, v128.bitselect(splat(97), splat(24), letter))
    const pairs = v128.or(i16x8.shl(v128.and(v, i16x8.splat(0xff)), 5), i16x8.shr_u(v, 8))
    const quads = i32x4.dot_i16x8_s(pairs, i32x4.splat(0x00010400))
    const a = i64x2.extract_lane(quads, 0)
    const b = i64x2.extract_lane(quads, 1)
    store<u64>(to, bswap<u64>(<u64>a << 44 | <u64>a >> 32 << 24))
    store<u64>(to + 5, bswap<u64>(<u64>b << 44 | <u64>b >> 32 << 24))
    to += 10
  }
  const bits = n * 5
  const count = bits >> 3
  return (bits & 7) < 5 && load<u8>(start + count) == 0 ? <i32>count : -1
}

/** Writes `n` bytes as base32, lower case, and answers the address after them. Reads up to 7 bytes past the end, writes up to 8. */
export function encodeBase32(p: usize, n: u32, to: usize): usize {
  for (; n > 0; p += 5) {
    let x = bswap<u64>(load<u64>(p)) >> 24
    if (n < 5) x &= <u64>-1 << (<u64>(5 - n) << 3)
    // five bits in each byte, the first in the lowest
    x = x >> 20 | (x & 0xfffff) << 32
    x = (x >> 10 & 0x000003ff000003ff) | (x & 0x000003ff000003ff) << 16
    x = (x >> 5 & 0x001f001f001f001f) | (x & 0x001f001f001f001f) << 8
    const digit = (x + 0x6666666666666666) >> 7 & 0x0101010101010101
    store<u64>(to, x + 0x6161616161616161 - digit * 73)
    if (n < 5) return to + ((n << 3) + 4) / 5
    to += 8
    n -= 5
  }
  return to
}

// --- base58btc -------------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const LIMBS: usize = memory.data(36, 16)

/** The character of a digit: 0…9 without 0, A…Z without I and O, a…z without l. */
function character58(digit: u32): u32 {
  return digit + 49 + (digit > 8 ? 7 : 0) + u32(digit > 16) + u32(digit > 21) + (digit > 32 ? 6 : 0) + u32(digit > 43)
}

/** Decodes the 46 characters of a CIDv0, 34 bytes; false if they are none. */
export function decodeBase58(p: usize, to: usize): bool {
  memory.fill(LIMBS, 0, 36)
  for (let i: usize = 0; i < 46; i++) {
    const c = <u32>load<u8>(p + i)
    const digit = c - 49 - (c > 57 ? 7 : 0) - u32(c > 73) - u32(c > 79) - (c > 90 ? 6 : 0) - u32(c > 108)
    if (digit > 57 || character58(digit) != c) return false
    let carry = <u64>digit
    for (let at = LIMBS; at < LIMBS + 36; at += 4) {
      carry += <u64>load<u32>(at) * 58
      store<u32>(at, <u32>carry)
      carry >>= 32
    }
  }
  for (let i: usize = 0; i < 34; i++) store<u8>(to + i, load<u8>(LIMBS + 33 - i))
  return load<u32>(LIMBS, 32) == 0x1220
}

/** Writes 34 bytes whose first is not zero, a CIDv0, as base58btc: 46 characters for any that begins with 0x12 0x20. Answers the address after them. */
export function encodeBase58(p: usize, to: usize): usize {
  // the number as limbs, the highest first: 2 bytes, then 4 each
  store<u32>(LIMBS, bswap<u16>(load<u16>(p)))
  for (let i: usize = 4; i < 36; i += 4) store<u32>(LIMBS + i, bswap<u32>(load<u32>(p + i - 2)))
  const end = to + 46
  let at = end
  while (at > to) {
    // five characters at a time
    let rest: u64 = 0
    for (let i: usize = 0; i < 36; i += 4) {
      const x = rest << 32 | <u64>load<u32>(LIMBS + i)
      const quotient = x / 656356768
      store<u32>(LIMBS + i, <u32>quotient)
      rest = x - quotient * 656356768
    }
    let group = <u32>rest
    for (let i = 0; i < 5 && at > to; i++) {
      const next = group / 58
      store<u8>(--at, <u8>character58(group - next * 58))
      group = next
    }
  }
  return end
}
