/** What encoders of JSON share: literals, numbers, strings, punctuation. Sections are those of RFC 8259. */
import { writeUint } from '../../sdk/decimal'
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as out from '../../sdk/output'
import { Kind } from '../../sdk/tape'
import { writeNumber } from './form'
import { letter } from './string'

/** Literals (3) and numbers (6). Answers the address after what it writes to `to`. */
export function scalar(n: usize, kind: Kind, to: usize): usize {
  const value = node.integer(n)
  if (kind == Kind.UINT) return writeUint(to, value)
  if (kind == Kind.NINT) {
    store<u8>(to, 45)
    // −1 − n; −2^64 is one more than an unsigned integer holds, and differs in its last digit only
    if (value != u64.MAX_VALUE) return writeUint(to + 1, value + 1)
    to = writeUint(to + 1, value)
    store<u8>(to - 1, 54)
    return to
  }
  if (kind == Kind.FLOAT) {
    const x = node.floatOf(n)
    if (!(x - x == 0)) fail(Code.NUMBER_RANGE, node.indexOf(n))
    return writeNumber(to, x)
  }
  if (kind == Kind.BOOL && !node.boolOf(n)) {
    store<u64>(to, 0x65736c6166)
    return to + 5
  }
  store<u32>(to, kind == Kind.NULL ? 0x6c6c756e : 0x65757274)
  return to + 4
}

// --- strings (7) -----------------------------------------------------------------------------------------------------------------------------------------

/** Bits 0…15: which of 16 bytes have to be escaped: the quotation mark, the backslash and control characters. */
// @ts-ignore: decorator
@inline function special(v: v128): i32 {
  return i8x16.bitmask(v128.or(i8x16.lt_u(v, i8x16.splat(32)), v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92)))))
}

/** The `n` bytes at `p` as a string. */
export function quoted(p: usize, n: u32): void {
  let to = out.room(32)
  store<u8>(to++, 34)
  const v = v128.load(p)
  if (n <= 16 && (special(v) & ((1 << n) - 1)) == 0) {
    v128.store(to, v)
    to += n
  } else {
    out.wroteTo(to)
    escaped(p, n)
    to = out.room(1)
  }
  store<u8>(to, 34)
  out.wroteTo(to + 1)
}

/** Writes `n` bytes of text, with escapes where they have to be. */
export function escaped(p: usize, n: u32): void {
  while (n) {
    // what is written is at most six times as long
    const size = min<u32>(n, 2048)
    let to = out.room(6 * size + 16)
    const last = p + size
    while (p < last) {
      const v = v128.load(p)
      v128.store(to, v)
      const left = last - p
      // of what stands after the text nothing may depend, not even fuel
      const mask = left < 16 ? special(v) & ((1 << <i32>left) - 1) : special(v)
      const plain = mask ? <usize>ctz(mask) : min<usize>(16, left)
      p += plain
      to += plain
      if (mask) to = escape(to, load<u8>(p++))
    }
    out.wroteTo(to)
    n -= size
  }
}

/** As ECMAScript's JSON.stringify does: the short form if there is one. */
function escape(to: usize, c: u32): usize {
  const short = c >= 32 ? c : c >> 3 == 1 ? letter(c) : 117
  store<u16>(to, <u16>(short << 8 | 92))
  if (short != 117) return to + 2
  store<u16>(to, 0x3030, 2)
  store<u8>(to, <u8>(48 + (c >> 4)), 4)
  store<u8>(to, <u8>((c & 15) + ((c & 15) < 10 ? 48 : 87)), 5)
  return to + 6
}

// --- punctuation (2) -------------------------------------------------------------------------------------------------------------------------------------

/** One character where there is room for 16: after each value, since that is how `out.room` leaves it. */
// @ts-ignore: decorator
@inline export function punctuation(c: u8): void {
  store<u8>(out.here(), c)
  out.wrote(1)
}

/** The same, where any number of others may stand before it. */
export function bracket(c: u8): void {
  out.room(1)
  punctuation(c)
}
