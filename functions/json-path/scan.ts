/** The text of a query, and its tokens: names, strings, numbers (RFC 9535, sections 2.3 and 2.5). Offsets in errors are bytes of the query. */
import { readFloat } from '../../codecs/sdk/decimal'
import { Code, fail } from '../../codecs/sdk/fail'
import { allocate } from '../../codecs/sdk/heap'
import { Kind } from '../../codecs/sdk/tape'
import { writeCodePoint } from '../../codecs/sdk/utf8'

/** Largest size of an index: integers are those of I-JSON (section 2.1). */
const MOST: u64 = 0x1fffffffffffff

let start: usize = 0
let end: usize = 0
export let p: usize = 0
/** Where the last blank was skipped: an address, or 0. */
export let blankAt: usize = 0

export function openText(at: usize, n: u32): void {
  start = p = at
  end = at + n
}

// @ts-ignore: decorator
@inline export function atEnd(): bool { return p >= end }
/** The character at hand; 0 at the end, where no text has one. */
// @ts-ignore: decorator
@inline export function peek(ahead: u32 = 0): u32 { return p + ahead < end ? <u32>load<u8>(p + ahead) : 0 }
export function step(n: u32 = 1): void { p += n }
export function back(to: usize): void { p = to }
export function offset(at: usize = p): u64 { return <u64>(at - start) }

export function refuse(code: Code = Code.MALFORMED, at: usize = p): void {
  if (code == Code.MALFORMED && at >= end) fail(Code.UNEXPECTED_END, offset(at))
  fail(code, offset(at), at < end ? <u32>load<u8>(at) : 0)
}

export function blanks(): void {
  for (let c = peek(); c == 32 || c == 9 || c == 10 || c == 13; c = peek()) {
    blankAt = p
    p++
  }
}

export function accept(c: u32): bool {
  if (peek() != c) return false
  p++
  return true
}

export function expect(c: u32): void { if (!accept(c)) refuse() }

// @ts-ignore: decorator
@inline export function isDigit(c: u32): bool { return c - 48 < 10 }
// @ts-ignore: decorator
@inline function isLower(c: u32): bool { return c - 97 < 26 }
// @ts-ignore: decorator
@inline export function isNameFirst(c: u32): bool { return (c | 32) - 97 < 26 || c == 95 || c >= 0x80 }

/** What the last token was: its bytes, which stay where they are. */
export let token: usize = 0
export let tokenLength: u32 = 0

/** A member name in shorthand. */
export function name(): void {
  if (!isNameFirst(peek())) refuse()
  token = p
  while (isNameFirst(peek()) || isDigit(peek())) p++
  tokenLength = <u32>(p - token)
}

/** A function's name, if one stands here with its parenthesis, which is skipped too. */
export function call(): bool {
  if (!isLower(peek())) return false
  let at = p
  while (at < end && (isLower(load<u8>(at)) || load<u8>(at) == 95 || isDigit(load<u8>(at)))) at++
  if (at >= end || load<u8>(at) != 40) return false
  token = p
  tokenLength = <u32>(at - p)
  p = at + 1
  return true
}

export function tokenIs(text: string): bool {
  if (tokenLength != <u32>text.length) return false
  for (let i: u32 = 0; i < tokenLength; i++) if (load<u8>(token + i) != <u8>load<u16>(changetype<usize>(text) + (<usize>i << 1))) return false
  return true
}

/** A word of lower case letters, if it stands here and does not go on. */
export function word(text: string): bool {
  const from = p
  while (isNameFirst(peek()) || isDigit(peek())) p++
  token = from
  tokenLength = <u32>(p - from)
  if (tokenIs(text)) return true
  p = from
  return false
}

/** A string in quotes. */
export function quoted(): void {
  const quote = peek()
  const open = p++
  // an escape is never shorter than what it stands for
  let longest = p
  while (longest < end && <u32>load<u8>(longest) != quote) longest += load<u8>(longest) == 92 ? 2 : 1
  const to = allocate(longest - p + 8)
  let at = to
  while (true) {
    if (atEnd()) refuse(Code.UNEXPECTED_END, end)
    const c = peek()
    if (c == quote) break
    if (c < 32) refuse()
    if (c != 92) {
      store<u8>(at++, <u8>c)
      p++
      continue
    }
    p++
    at = writeCodePoint(at, escape(quote))
  }
  p++
  token = to
  tokenLength = <u32>(at - to)
  if (open == p) refuse()
}

function escape(quote: u32): u32 {
  const c = peek()
  if (c == 117) {
    p++
    const high = hex()
    if (high - 0xdc00 < 0x400) refuse(Code.MALFORMED, p - 4)
    if (high - 0xd800 >= 0x400) return high
    if (peek() != 92 || peek(1) != 117) refuse()
    p += 2
    const low = hex()
    if (low - 0xdc00 >= 0x400) refuse(Code.MALFORMED, p - 4)
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
  }
  let point: u32 = 0
  switch (c) {
    case 98: point = 8; break
    case 102: point = 12; break
    case 110: point = 10; break
    case 114: point = 13; break
    case 116: point = 9; break
    case 47:
    case 92: point = c; break
    default:
      if (c != quote) refuse()
      point = c
  }
  p++
  return point
}

function hex(): u32 {
  let value: u32 = 0
  for (let i = 0; i < 4; i++) {
    const c = peek()
    const digit = isDigit(c) ? c - 48 : (c | 32) - 97 < 6 ? (c | 32) - 87 : 16
    if (digit > 15) refuse()
    value = value << 4 | digit
    p++
  }
  return value
}

/** Whether an integer begins here. */
export function atInteger(): bool { return isDigit(peek()) || peek() == 45 }

/** An integer of an index or slice. */
export function integer(): i64 {
  const from = p
  const negative = accept(45)
  const first = p
  if (!isDigit(peek())) refuse()
  let value: u64 = 0
  while (isDigit(peek())) {
    value = value * 10 + (peek() - 48)
    if (value > MOST) refuse(Code.NUMBER_RANGE, from)
    p++
  }
  if (load<u8>(first) == 48 && (p - first > 1 || negative)) refuse(Code.MALFORMED, from)
  return negative ? -(<i64>value) : <i64>value
}

/** A number as a value: an integer where it is written as one and 64 bits hold it, otherwise a float. */
export function number(): usize {
  const record = allocate(16)
  const negative = accept(45)
  const first = p
  let w: u64 = 0
  let count = 0
  let exponent = 0
  let cut = false
  let exact = true
  let value: u64 = 0
  for (; isDigit(peek()); p++) {
    const digit = peek() - 48
    if (value > (u64.MAX_VALUE - digit) / 10) exact = false
    value = value * 10 + digit
    if (count < 19) {
      w = w * 10 + digit
      count += i32(w != 0)
    } else {
      exponent++
      if (digit) cut = true
    }
  }
  if (p == first || (load<u8>(first) == 48 && p - first > 1)) refuse(Code.MALFORMED, first)
  let whole = true
  if (accept(46)) {
    whole = false
    if (!isDigit(peek())) refuse()
    for (; isDigit(peek()); p++) {
      const digit = peek() - 48
      if (count < 19) {
        w = w * 10 + digit
        count += i32(w != 0)
        exponent--
      } else if (digit) {
        cut = true
      }
    }
  }
  if ((peek() | 32) == 101) {
    whole = false
    p++
    const minus = peek() == 45
    if (minus || peek() == 43) p++
    if (!isDigit(peek())) refuse()
    let e = 0
    for (; isDigit(peek()); p++) e = min(e * 10 + <i32>(peek() - 48), 99999)
    exponent += minus ? -e : e
  }
  if (whole && exact) {
    const below = negative && value != 0
    store<u64>(record, below ? Kind.NINT : Kind.UINT)
    store<u64>(record, below ? value - 1 : value, 8)
    return record
  }
  // more digits than these are read where the text ends: no text ends in a digit of another
  const x = readFloat(w, count, exponent, cut, first)
  store<u64>(record, Kind.FLOAT)
  store<f64>(record, negative ? -x : x, 8)
  return record
}
