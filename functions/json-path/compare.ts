/**
 * Comparisons of RFC 9535, section 2.3.5.2.2. Numbers are compared exactly, integers of 64 bits and floats alike; bytes and links, which JSON does not have, are equal if they are the
 * same, and have no order.
 */
import { Kind, RECORD } from '../../codecs/sdk/tape'
import { after, bytesAt, entryOf, integerOf, kindOf, lengthOf } from './value'

export const enum Operator { EQ, NE, LT, LE, GT, GE }

/** @param a and @param b values, 0 for Nothing */
export function compare(operator: Operator, a: usize, b: usize): bool {
  switch (operator) {
    case Operator.EQ: return equal(a, b)
    case Operator.NE: return !equal(a, b)
    case Operator.LT: return less(a, b)
    case Operator.LE: return less(a, b) || equal(a, b)
    case Operator.GT: return less(b, a)
    default: return less(b, a) || equal(a, b)
  }
}

// @ts-ignore: decorator
@inline function isNumber(kind: Kind): bool { return kind >= Kind.UINT && kind <= Kind.FLOAT }

function less(a: usize, b: usize): bool {
  if (!a || !b) return false
  const kind = kindOf(a)
  if (isNumber(kind)) return isNumber(kindOf(b)) && order(a, b) == -1
  if (kind != Kind.STRING || kindOf(b) != Kind.STRING) return false
  // UTF-8 is in the order of its code points
  const c = memory.compare(bytesAt(a), bytesAt(b), min(lengthOf(a), lengthOf(b)))
  return c < 0 || (c == 0 && lengthOf(a) < lengthOf(b))
}

/** −1, 0 or 1; 2 where one is no number at all. */
function order(a: usize, b: usize): i32 {
  const x = kindOf(a)
  const y = kindOf(b)
  if (x == Kind.FLOAT) {
    if (y != Kind.FLOAT) return -orderWith(b, load<f64>(a, 8))
    const p = load<f64>(a, 8)
    const q = load<f64>(b, 8)
    return p < q ? -1 : p > q ? 1 : p == q ? 0 : 2
  }
  if (y == Kind.FLOAT) return orderWith(a, load<f64>(b, 8))
  if (x != y) return x == Kind.NINT ? -1 : 1
  const p = integerOf(a)
  const q = integerOf(b)
  return p == q ? 0 : (p < q) == (x == Kind.UINT) ? -1 : 1
}

/** An integer against a float. */
function orderWith(integer: usize, x: f64): i32 {
  if (x != x) return 2
  const n = integerOf(integer)
  if (kindOf(integer) == Kind.UINT) return x < 0 ? 1 : orderSizes(n, x)
  if (x >= 0) return -1
  // −1 − n: its size is n + 1, which may be 2^64
  if (n == u64.MAX_VALUE) return x > -TWO64 ? -1 : x == -TWO64 ? 0 : 1
  return -orderSizes(n + 1, -x)
}

const TWO64: f64 = 18446744073709551616.0

/** n against x, which is not negative. */
function orderSizes(n: u64, x: f64): i32 {
  if (x >= TWO64) return -1
  const whole = floor(x)
  const m = <u64>whole
  return n != m ? (n < m ? -1 : 1) : x > whole ? -1 : 0
}

/** Whether two values are the same; two Nothings are. Maps are whatever the order of their entries. */
export function equal(a: usize, b: usize): bool {
  if (!a || !b) return a == b
  const kind = kindOf(a)
  const other = kindOf(b)
  if (isNumber(kind)) return isNumber(other) && order(a, b) == 0
  if (kind != other || lengthOf(a) != lengthOf(b)) return false
  if (kind < Kind.STRING) return true
  if (kind < Kind.LIST) return memory.compare(bytesAt(a), bytesAt(b), lengthOf(a)) == 0
  return kind == Kind.LIST ? sameItems(a, b) : sameEntries(a, b)
}

function sameItems(a: usize, b: usize): bool {
  const end = after(a)
  let other = b + RECORD
  for (let at = a + RECORD; at < end; at = after(at)) {
    if (!equal(at, other)) return false
    other = after(other)
  }
  return true
}

function sameEntries(a: usize, b: usize): bool {
  const end = after(a)
  let other = b + RECORD
  for (let at = a + RECORD; at < end; at = after(at + RECORD)) {
    // mostly they are in the same order
    const here = lengthOf(at) == lengthOf(other) && memory.compare(bytesAt(at), bytesAt(other), lengthOf(at)) == 0
    const entry = here ? other + RECORD : entryOf(b, bytesAt(at), lengthOf(at))
    if (!entry || !equal(at + RECORD, entry)) return false
    other = after(other + RECORD)
  }
  return true
}
