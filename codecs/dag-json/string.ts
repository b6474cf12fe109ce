/** JSON strings (RFC 8259, 7) to the tape. Every function begins after the opening quotation mark and ends after the closing one. */
import { Code, fail } from '../sdk/fail'
import { ahead, atWindowEnd, continues, offsetOf, refill } from '../sdk/input'
import * as tape from '../sdk/tape'
import { writeCodePoint } from '../sdk/utf8'
import { lenient, unexpected } from './cursor'

const QUOTE: u8 = 34
const BACKSLASH: u8 = 92

/** Bits 0…15: where a string cannot simply go on, as ASCII or at all. */
// @ts-ignore: decorator
@inline function stops(v: v128, ascii: bool): i32 {
  const control = ascii ? i8x16.lt_s(v, i8x16.splat(32)) : i8x16.lt_u(v, i8x16.splat(32))
  return i8x16.bitmask(v128.or(control, v128.or(i8x16.eq(v, i8x16.splat(QUOTE)), i8x16.eq(v, i8x16.splat(BACKSLASH)))))
}

/** @param asKey for a key: its bytes stay in the guest. `escaped` then says whether it has escapes */
export function string(p: usize, asKey: bool): usize {
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
  if (load<u8>(at) == QUOTE) {
    tape.takeText(<u32>(at - p))
    return at + 1
  }
  if (asKey || load<u8>(at) < 0x80) return copied(p)
  // other than ASCII: if the rest is plain and at hand, nothing needs to be copied
  while ((mask = stops(v128.load(at), false)) == 0) at += 16
  at += ctz(mask)
  if (load<u8>(at) != QUOTE) return copied(p)
  tape.wideString(p, <u32>(at - p))
  return at + 1
}

/** Through the data arena: strings with escapes, and those that end beyond the window. */
function copied(p: usize): usize {
  const start = offsetOf(p)
  p = unescape(p)
  tape.dataString(unescaped, start)
  return p
}

/** What `unescape` has found: bytes written, and whether there was an escape. */
export let unescaped: u32 = 0
export let escaped: bool = false

/** Writes a string's text to the top of the data arena, without taking it. */
export function unescape(p: usize): usize {
  escaped = false
  const start = tape.dataRoom(0, offsetOf(p))
  let to = start
  while (true) {
    p = ahead(p)
    if (to > tape.dataLimit()) fail(Code.TOO_LARGE, offsetOf(p))
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
    if (c != BACKSLASH) badCharacter(p)
    escaped = true
    to = escape(p, to)
    p += taken
  }
  unescaped = <u32>(to - start)
  return p + 1
}

/** Control characters have to be escaped. */
function badCharacter(p: usize): void {
  if (atWindowEnd(p)) unexpected(p)
  fail(Code.MALFORMED, offsetOf(p), load<u8>(p))
}

/** Bytes that the escape read last takes. */
let taken: usize = 0

/** Writes what the escape at `p` stands for. The one form that DAG-JSON writes: the short escapes, `\u00xx` for other control characters, and nothing else escaped. */
function escape(p: usize, to: usize): usize {
  const c = <u32>load<u8>(p, 1)
  taken = 2
  let value: u32
  if (c == QUOTE || c == BACKSLASH) value = c
  else if (c == 110) value = 10
  else if (c == 116) value = 9
  else if (c == 114) value = 13
  else if (c == 98) value = 8
  else if (c == 102) value = 12
  else if (c == 117) return unicode(p, to)
  else {
    if (c != 47) unexpected(p + 1)
    if (!lenient) fail(Code.NON_CANONICAL, offsetOf(p), c)
    value = c
  }
  store<u8>(to, <u8>value)
  return to + 1
}

function unicode(p: usize, to: usize): usize {
  let point = hex(p)
  taken = 6
  const canonical = point < 32 && point != 8 && point != 9 && point != 10 && point != 12 && point != 13 && lower
  if (point >> 11 == 27) {
    // a pair of surrogates; one alone is not text
    const low = load<u16>(p, 6) == 0x755c ? hex(p + 6) : 0
    if (point >> 10 != 54 || low >> 10 != 55) fail(Code.INVALID_UTF8, offsetOf(p), point)
    point = 0x10000 + ((point & 0x3ff) << 10 | low & 0x3ff)
    taken = 12
  }
  if (!canonical && !lenient) fail(Code.NON_CANONICAL, offsetOf(p), point)
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

/** The position of the closing quotation mark of a string that has neither escapes nor other than ASCII, or of what stands in the way. The window may move: `begin` is where the string is then. */
export function closing(p: usize): usize {
  let at = p
  begin = p
  while (true) {
    const mask = stops(v128.load(at), true)
    if (!mask) {
      at += 16
      continue
    }
    at += ctz(mask)
    if (!atWindowEnd(at) || !continues()) return at
    const n = at - begin
    begin = refill(begin, 0)
    at = begin + n
    // it fills the window
    if (atWindowEnd(at)) return at
  }
}
export let begin: usize = 0
