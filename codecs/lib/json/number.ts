/**
 * JSON numbers (RFC 8259, 6) to the tape: digits alone are an integer, a point or an exponent makes a float, in the form in which JavaScript writes it. DAG-JSON: `.0` appended to
 * a whole one. Plain JSON: without; and digits alone are a float where form.ts has no integer.
 */
import { isShortest, readFloat } from '../../sdk/decimal'
import { Code } from '../../sdk/fail'
import { atWindowEnd, continues, refill } from '../../sdk/input'
import { compareKeys, Order } from '../../sdk/order'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { lenient, refuse, unexpected } from './cursor'
import { most, mostDigits, plain, writeNumber } from './form'

const MINUS = 45
const POINT = 46

// @ts-ignore: decorator
@inline function isE(c: u32): bool { return (c | 32) == 101 }

/** The number at `p`, where `ahead` has been called. */
export function number(p: usize): usize {
  const negative = load<u8>(p) == MINUS
  const start = p + usize(negative)
  let at = start
  let value: u64 = 0
  let c = <u32>load<u8>(at)
  while (c - 48 < 10) {
    value = value * 10 + (c - 48)
    c = load<u8>(++at)
  }
  if (at == start) unexpected(at)
  const count = at - start
  if (load<u8>(start) == 48 && count > 1) refuse(Code.MALFORMED, start)
  if (c == POINT || isE(c) || (atWindowEnd(at) && continues())) return float(p, start)
  // of the numbers from 10^19 to 2 × 10^19 − 1, those beyond 64 bits have wrapped around to less than 10^19; −2^64 has wrapped around to 0
  const beyond = count > 19 && (count > 20 || load<u8>(start) != 49 || (value < 10000000000000000000 && !(negative && value == 0)))
  if (plain) {
    if (beyond || count > mostDigits || value > most) return float(p, start)
  } else if (beyond) {
    refuse(Code.NUMBER_RANGE, p)
  }
  let kind = Kind.UINT
  if (negative) {
    if (load<u8>(start) != 48) {
      kind = Kind.NINT
      value--
    } else if (!lenient) {
      refuse(Code.NON_CANONICAL, p)
    }
  }
  tape.integer(kind, value)
  return at
}

/** Where the window ends before the number does. */
function further(p: usize, at: usize): usize {
  const q = refill(p, 0)
  if (atWindowEnd(q + (at - p))) refuse(Code.TOO_LARGE, q)
  return number(q)
}

// @ts-ignore: decorator
@lazy const WRITTEN: usize = memory.data(96, 16)

/** @param p its sign, if it has one @param start its first digit */
function float(p: usize, start: usize): usize {
  let w: u64 = 0
  // significant digits in w; what else is there moves the exponent
  let count = 0
  let exponent = 0
  let cut = false
  let point: usize = 0
  let at = start
  let c: u32
  for (; ; at++) {
    c = load<u8>(at)
    const digit = c - 48
    if (digit > 9) {
      if (c != POINT || point) break
      point = at + 1
    } else if (count < 19) {
      w = w * 10 + digit
      count += i32(w != 0)
      exponent -= i32(point != 0)
    } else {
      exponent += i32(point == 0)
      if (digit) cut = true
    }
  }
  // if these are the shortest digits, this is how they are written
  let usual = point && load<u8>(at - 1) != 48 && count + exponent > -6
  let digits = point
  let whole = !point
  if (isE(c) && digits != at) {
    usual = whole = false
    c = load<u8>(++at)
    const minus = c == MINUS
    if (minus || c == 43) c = load<u8>(++at)
    digits = at
    let e = 0
    for (; c - 48 < 10; c = load<u8>(++at)) e = min(e * 10 + <i32>(c - 48), 99999)
    exponent += minus ? -e : e
  }
  if (atWindowEnd(at) && continues()) return further(p, at)
  if (digits == at) unexpected(at)
  // an integer that is no float's form is one that the data model does not have
  const other = plain && whole ? Code.NUMBER_RANGE : Code.NON_CANONICAL
  // more digits than any float needs
  if (cut && !lenient) refuse(other, p)
  let x = readFloat(w, count, exponent, cut, start)
  if (x == Infinity) refuse(Code.NUMBER_RANGE, p)
  // 15 digits or fewer stand for a float of their own; some more may not be the shortest
  const canonical = lenient || (usual && (count <= 15 || isShortest(w, x)))
  if (start != p) x = -x
  if (!canonical) {
    const n = writeNumber(WRITTEN, x) - WRITTEN
    if (compareKeys(WRITTEN, <u32>n, p, <u32>(at - p), Order.BYTES)) refuse(other, p)
  }
  tape.float(x)
  return at
}
