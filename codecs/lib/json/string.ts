/** JSON strings (RFC 8259, 7) to the tape. Every function begins after the opening quotation mark and ends after the closing one. */
import { Code } from '../../sdk/fail'
import { ahead, atWindowEnd, offsetOf } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { writeCodePoint } from '../../sdk/utf8'
import { lenient, refuse, unexpected } from './cursor'

const QUOTE: u8 = 34
const BACKSLASH: u8 = 92

/** Bits 0…15: where a string cannot simply go on, as ASCII or at all. */
// @ts-ignore: decorator
@inline function stops(v: v128, ascii: bool): i32 {
  const control = ascii ? i8x16.lt_s(v, i8x16.splat(32)) : i8x16.lt_u(v, i8x16.splat(32))
  return i8x16.bitmask(v128.or(control, v128.or(i8x16.eq(v, i8x16.splat(QUOTE)), i8x16.eq(v, i8x16.splat(BACKSLASH)))))
}

export function string(p: usize): usize {
  escaped = false
  let to = tape.textRoom(p)
  if (!to) return copied(p)
  let at = p
  let mask: i32
  while (true) {
    // ASCII goes to the text arena until something else comes
    const v = v128.load(at)
    v128.store(to, v)
    mask = stops(v, true)
    if (mask) break
    at += 16
    to += 16
  }
  at += ctz(mask)
  if (load<u8>(at) != QUOTE) return copied(p)
  tape.takeText(<u32>(at - p))
  return at + 1
}

/** Through the data arena: strings with other than ASCII or with escapes, and those that end beyond the window. */
function copied(p: usize): usize {
  const start = offsetOf(p)
  p = unescape(p, true)
  tape.dataString(unescaped, start)
  return p
}

/** What `unescape` has found: bytes written, and whether there was an escape. */
export let unescaped: u32 = 0
export let escaped: bool = false

/** Writes a string's text to the top of the data arena, without taking it; the closing quotation mark follows there. @param escapes whether it may have them */
export function unescape(p: usize, escapes: bool): usize {
  const start = tape.dataHere()
  let to = start
  while (true) {
    p = ahead(p)
    if (to > tape.dataLimit()) refuse(Code.TOO_LARGE, p)
    const v = v128.load(p)
    v128.store(to, v)
    const mask = stops(v, false)
    if (!mask) {
      p += 16
      to += 16
      continue
    }
    const n = ctz(mask)
    p += n
    to += n
    const c = <u32>load<u8>(p)
    if (c == QUOTE) break
    // control characters have to be escaped
    if (c != BACKSLASH) atWindowEnd(p) ? unexpected(p) : refuse(Code.MALFORMED, p)
    if (!escapes) refuse(Code.NON_CANONICAL, p)
    escaped = true
    to = escape(p, to)
    p += taken
  }
  unescaped = <u32>(to - start)
  return p + 1
}

/** The letter of the escape for a control character from 8 to 15: b, t, n, f, r, and u where there is none but `\u00xx`. */
// @ts-ignore: decorator
@inline export function letter(c: u32): u32 { return <u32>(0x75757266756e7462 >> (<u64>(c - 8) << 3)) & 255 }

/** Bytes that the escape read last takes. */
let taken: usize = 0

/** Writes what the escape at `p` stands for. The one form that DAG-JSON writes: the short escapes, `\u00xx` for other control characters, and nothing else escaped. */
function escape(p: usize, to: usize): usize {
  const c = <u32>load<u8>(p, 1)
  taken = 2
  let value: u32 = 8
  while (value < 16 && letter(value) != c) value++
  if (value == 11) return unicode(p, to)
  if (value == 16) {
    value = c
    if (c == 47) {
      if (!lenient) refuse(Code.NON_CANONICAL, p)
    } else if (c != QUOTE && c != BACKSLASH) {
      unexpected(p + 1)
    }
  }
  store<u8>(to, <u8>value)
  return to + 1
}

function unicode(p: usize, to: usize): usize {
  let point = hex(p)
  taken = 6
  const canonical = point < 32 && (point >> 3 != 1 || letter(point) == 117) && lower
  if (point >> 11 == 27) {
    // a pair of surrogates; one alone is not text
    const low = load<u16>(p, 6) == 0x755c ? hex(p + 6) : 0
    if (point >> 10 != 54 || low >> 10 != 55) refuse(Code.INVALID_UTF8, p)
    point = 0x10000 + ((point & 0x3ff) << 10 | low & 0x3ff)
    taken = 12
  }
  if (!canonical && !lenient) refuse(Code.NON_CANONICAL, p)
  return writeCodePoint(to, point)
}

/** Whether `hex` has seen no upper-case digit. */
let lower: bool = false

/** The four digits of the escape at `p`. */
function hex(p: usize): u32 {
  let value: u32 = 0
  lower = true
  for (let i: usize = 2; i < 6; i++) {
    const c = <u32>load<u8>(p + i)
    let digit = c - 48
    if (digit > 9) {
      digit = (c | 32) - 87
      if (digit - 10 > 5) unexpected(p + i)
      if (c < 97) lower = false
    }
    value = value << 4 | digit
  }
  return value
}
