/** UTF-8: scanning for ASCII sixteen bytes at a time, and transcoding to UTF-16 (Unicode standard, table 3-7, well-formed byte sequences). */

/** Bits 0…15: which of the 16 bytes at `p` are not ASCII. */
// @ts-ignore: decorator
@inline export function nonAscii16(p: usize): i32 { return i8x16.bitmask(v128.load(p)) }

/**
 * Copies `n` ASCII bytes from `p` to `to`; false, with some bytes copied, if one is not ASCII.
 * May read and write up to 15 bytes past the end.
 */
// @ts-ignore: decorator
@inline export function copyAscii(p: usize, to: usize, n: u32): bool {
  if (n <= 16) {
    const v = v128.load(p)
    v128.store(to, v)
    return (i8x16.bitmask(v) & ((1 << n) - 1)) == 0
  }
  return copyLongAscii(p, to, n)
}

function copyLongAscii(p: usize, to: usize, n: u32): bool {
  const last = p + n - 16
  const shift = to - p
  let seen = v128.load(last)
  v128.store(last + shift, seen)
  while (p < last) {
    const v = v128.load(p)
    v128.store(p + shift, v)
    seen = v128.or(seen, v)
    p += 16
  }
  return i8x16.bitmask(seen) == 0
}

/** Where `transcode` stopped reading, and where it stopped writing. */
export let stopped: usize = 0
export let written: usize = 0

/**
 * Transcodes the UTF-8 from `p` to `end` to UTF-16 at `to`, until the end or the first byte that starts no complete, well-formed sequence (`stopped` says where).
 * Writes at most 2 bytes for each byte read, and up to 32 bytes past that.
 */
export function transcode(p: usize, end: usize, to: usize): void {
  while (p < end) {
    const c = <u32>load<u8>(p)
    if (c < 0x80) {
      // runs of ASCII, sixteen at a time
      if (p + 16 <= end && nonAscii16(p) == 0) {
        const v = v128.load(p)
        v128.store(to, i16x8.extend_low_i8x16_u(v))
        v128.store(to + 16, i16x8.extend_high_i8x16_u(v))
        p += 16
        to += 32
        continue
      }
      store<u16>(to, <u16>c)
      p += 1
      to += 2
    } else if (c < 0xe0) {
      if (c < 0xc2 || p + 2 > end) break
      const d = <u32>load<u8>(p, 1)
      if ((d & 0xc0) != 0x80) break
      store<u16>(to, <u16>((c & 0x1f) << 6 | d & 0x3f))
      p += 2
      to += 2
    } else if (c < 0xf0) {
      if (p + 3 > end) break
      const d = <u32>load<u8>(p, 1)
      const e = <u32>load<u8>(p, 2)
      const point = (c & 0x0f) << 12 | (d & 0x3f) << 6 | e & 0x3f
      if ((d & 0xc0) != 0x80 || (e & 0xc0) != 0x80 || point < 0x800 || (point & 0xf800) == 0xd800) break
      store<u16>(to, <u16>point)
      p += 3
      to += 2
    } else {
      if (p + 4 > end) break
      const d = <u32>load<u8>(p, 1)
      const e = <u32>load<u8>(p, 2)
      const f = <u32>load<u8>(p, 3)
      const point = (c & 0x07) << 18 | (d & 0x3f) << 12 | (e & 0x3f) << 6 | f & 0x3f
      if (c > 0xf4 || (d & 0xc0) != 0x80 || (e & 0xc0) != 0x80 || (f & 0xc0) != 0x80 || point - 0x10000 > 0xfffff) break
      store<u16>(to, <u16>(0xd7c0 + (point >> 10)))
      store<u16>(to, <u16>(0xdc00 + (point & 0x3ff)), 2)
      p += 4
      to += 4
    }
  }
  stopped = p
  written = to
}

/** Writes one code point (not a surrogate) as UTF-8 and answers the address after it. */
export function writeCodePoint(to: usize, point: u32): usize {
  if (point < 0x80) {
    store<u8>(to, <u8>point)
    return to + 1
  }
  const n: u32 = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  for (let at = to + n - 1; at > to; at--) {
    store<u8>(at, <u8>(0x80 | point & 0x3f))
    point >>= 6
  }
  // as many ones as there are bytes, and a zero
  store<u8>(to, <u8>(0xff00 >> n | point))
  return to + n
}
