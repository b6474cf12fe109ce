/** Text that may not be UTF-8: what is and what is not (Unicode standard, table 3-7), and keys of maps that are text nevertheless. */
import { nonAscii16 } from '../../sdk/utf8'

/** Length of the well-formed sequence at `p`, 0 if there is none. */
function sequence(p: usize, end: usize): u32 {
  const c = <u32>load<u8>(p)
  if (c < 0x80) return 1
  const n: u32 = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0
  if (n == 0 || end - p < <usize>n) return 0
  const d = <u32>load<u8>(p, 1)
  const least: u32 = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80
  const most: u32 = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf
  if (d < least || d > most || (n > 2 && (load<u8>(p, 2) & 0xc0) != 0x80) || (n > 3 && (load<u8>(p, 3) & 0xc0) != 0x80)) return 0
  return n
}

/** Address of the first byte that starts no well-formed sequence, or `end`. May read up to 15 bytes past the end. */
export function validUntil(p: usize, end: usize): usize {
  while (p < end) {
    if (load<u8>(p) < 0x80) {
      const other = nonAscii16(p)
      p = min(end, p + (other ? <usize>ctz(other) : 16))
      continue
    }
    const n = sequence(p, end)
    if (n == 0) return p
    p += n
  }
  return end
}

/** Whether all of the `n` bytes at `p` are ASCII and none is zero. May read up to 15 bytes past the end. */
// @ts-ignore: decorator
@inline export function isPlain(p: usize, n: u32): bool {
  if (n <= 16) {
    const plain = i8x16.bitmask(i8x16.gt_s(v128.load(p), i8x16.splat(0)))
    return (~plain & ((1 << n) - 1)) == 0
  }
  return isLongPlain(p, n)
}

function isLongPlain(p: usize, n: u32): bool {
  const last = p + n - 16
  for (; p < last; p += 16) if (!i8x16.all_true(i8x16.gt_s(v128.load(p), i8x16.splat(0)))) return false
  return i8x16.all_true(i8x16.gt_s(v128.load(last), i8x16.splat(0)))
}

/*
 * Keys of maps are text in the data model. A name that is not UTF-8 becomes a key by escapes, which start with U+0000:
 *
 *   00            U+0000 U+0000
 *   80 … ff       U+0000 and the code point of that number, of a byte that starts no well-formed sequence
 *
 * All else stands as it is, so that nearly every name is its own key, and names in Latin-1 can be read.
 */

/** Writes the key of the `n` bytes at `p`, at most three times as many, and answers the address after it. `to` may be 2 `n` below `p`. */
export function escape(p: usize, n: u32, to: usize): usize {
  const end = p + n
  while (p < end) {
    const c = <u32>load<u8>(p)
    const length = c ? sequence(p, end) : 0
    if (length == 0) {
      store<u8>(to, 0)
      if (c == 0) {
        store<u8>(to, 0, 1)
        to += 2
      } else {
        store<u8>(to, <u8>(0xc0 | c >> 6), 1)
        store<u8>(to, <u8>(0x80 | c & 0x3f), 2)
        to += 3
      }
      p++
    } else {
      for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(p + i))
      p += length
      to += length
    }
  }
  return to
}

/** Bytes that `escape` writes. */
function escapedLength(p: usize, end: usize): u32 {
  let size: u32 = 0
  while (p < end) {
    const c = <u32>load<u8>(p)
    const length = c ? sequence(p, end) : 0
    size += length ? length : c ? 3 : 2
    p += max(length, 1)
  }
  return size
}

/** Writes the bytes whose key is the `n` bytes of UTF-8 at `p`, and answers the address after them; 0 if it is no such key: an escape that is none, or is not needed. */
export function unescape(p: usize, n: u32, to: usize): usize {
  const start = to
  const end = p + n
  while (p < end) {
    const c = load<u8>(p)
    if (c) {
      store<u8>(to++, c)
      p++
    } else if (p + 1 < end && load<u8>(p, 1) == 0) {
      store<u8>(to++, 0)
      p += 2
    } else {
      if (p + 2 >= end || (load<u8>(p, 1) & 0xfe) != 0xc2) return 0
      store<u8>(to++, <u8>(load<u8>(p, 1) << 6 | load<u8>(p, 2) & 0x3f))
      p += 3
    }
  }
  return escapedLength(start, to) == n ? to : 0
}
