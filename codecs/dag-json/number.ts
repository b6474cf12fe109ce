/** JSON numbers (RFC 8259, 6) to the tape. DAG-JSON: digits alone are an integer, a point or an exponent makes a float; floats in the form in which JavaScript writes them, `.0` appended to a whole one. */
import { isShortest, readFloat, writeFloat } from '../sdk/decimal'
import { Code, fail } from '../sdk/fail'
import { atWindowEnd, continues, offsetOf, refill } from '../sdk/input'
import * as tape from '../sdk/tape'
import { lenient, unexpected } from './cursor'

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
  if (c == POINT || isE(c) || (atWindowEnd(at) && continues())) return float(p, start, at)
  const count = <u32>(at - start)
  if (count == 0) unexpected(at)
  if (load<u8>(start) == 48 && count > 1) fail(Code.MALFORMED, offsetOf(start), 48)
  if (count > 19 && !fits(start, count, negative)) fail(Code.NUMBER_RANGE, offsetOf(p))
  if (!negative) {
    tape.uint(value)
  } else if (load<u8>(start) == 48) {
    if (!lenient) fail(Code.NON_CANONICAL, offsetOf(p), MINUS)
    tape.uint(0)
  } else {
    // −2^64 has wrapped around to 0, and so comes out right
    tape.negative(value - 1)
  }
  return at
}

/** Whether an integer of 20 digits or more is at most 2^64 − 1, or 2^64 if negative. */
function fits(p: usize, count: u32, negative: bool): bool {
  if (count > 20) return false
  let upper: u64 = 0
  for (let i: usize = 0; i < 19; i++) upper = upper * 10 + (load<u8>(p + i) - 48)
  return upper < 1844674407370955161 || (upper == 1844674407370955161 && <u32>load<u8>(p, 19) <= (negative ? 54 : 53))
}

/** Where the window ends before the number does. */
function further(p: usize, at: usize): usize {
  const q = refill(p, 0)
  if (atWindowEnd(q + (at - p))) fail(Code.TOO_LARGE, offsetOf(q))
  return number(q)
}

function differ(a: usize, b: usize, n: usize): bool {
  for (let i: usize = 0; i < n; i++) if (load<u8>(a + i) != load<u8>(b + i)) return true
  return false
}

// @ts-ignore: decorator
@lazy const WRITTEN: usize = memory.data(96, 16)

/** @param p its sign, if it has one @param start its first digit @param at the first byte that is not a digit */
function float(p: usize, start: usize, at: usize): usize {
  if (at == start) unexpected(at)
  if (load<u8>(start) == 48 && at > start + 1) fail(Code.MALFORMED, offsetOf(start), 48)
  let w: u64 = 0
  // significant digits in w; what else is there moves the exponent
  let count = 0
  let exponent = 0
  let cut = false
  for (let q = start; q < at; q++) {
    const digit = <u32>load<u8>(q) - 48
    if (count < 19) {
      w = w * 10 + digit
      count += i32(w != 0)
    } else {
      exponent++
      if (digit) cut = true
    }
  }
  let usual = false
  if (load<u8>(at) == POINT) {
    const point = at
    let c = <u32>load<u8>(++at)
    for (; c - 48 < 10; c = load<u8>(++at)) {
      if (count < 19) {
        w = w * 10 + (c - 48)
        count += i32(w != 0)
        exponent--
      } else if (c != 48) {
        cut = true
      }
    }
    if (at == point + 1 && !atWindowEnd(at)) unexpected(at)
    // if these are the shortest digits, this is how they are written
    const last = <u32>load<u8>(at - 1)
    usual = (last != 48 || at == point + 2) && (w == 0 ? at == point + 2 : count + exponent > -6 && count + exponent <= 21)
  }
  if (isE(load<u8>(at))) {
    usual = false
    let c = <u32>load<u8>(++at)
    const minus = c == MINUS
    if (minus || c == 43) c = load<u8>(++at)
    const first = at
    let e = 0
    for (; c - 48 < 10; c = load<u8>(++at)) e = min(e * 10 + <i32>(c - 48), 99999)
    if (at == first && !atWindowEnd(at)) unexpected(at)
    exponent += minus ? -e : e
  }
  if (atWindowEnd(at)) {
    if (continues()) return further(p, at)
    const c = load<u8>(at - 1) - 48
    if (c > 9) unexpected(at)
  }
  // more digits than any float needs
  if (cut && !lenient) fail(Code.NON_CANONICAL, offsetOf(p))
  let x = readFloat(w, count, exponent, cut, start)
  if (x == Infinity) fail(Code.NUMBER_RANGE, offsetOf(p))
  // 15 digits or fewer stand for a float of their own; some more may not be the shortest
  const canonical = usual && (count <= 15 || isShortest(w, x))
  if (start != p) x = -x
  if (!canonical && !lenient) {
    const n = writeFloat(WRITTEN, x) - WRITTEN
    if (n != at - p || differ(WRITTEN, p, n)) fail(Code.NON_CANONICAL, offsetOf(p))
  }
  tape.float(x)
  return at
}
