/** Bencode (BEP 3), as far as an info dictionary needs it: read forward with the input cursor, long strings are passed over. */
import { inputSize } from '../sdk/control'
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { need, offsetOf, skip } from '../sdk/input'

export const enum Char { COLON = 0x3a, D = 0x64, E = 0x65, I = 0x69, L = 0x6c }

/** No number goes beyond what JavaScript holds. */
const MAX: u64 = 0x1fffffffffffff

/** What `integer` has read, or the length that `string` has. */
export let value: u64 = 0

/** The byte at `p`, for which `need` is called first. */
// @ts-ignore: decorator
@inline export function at(p: usize): u32 { return load<u8>(p) }

/** Goes past a byte that must be this one. */
export function expect(p: usize, char: Char): usize {
  p = need(p, 1)
  if (at(p) != char) fail(Code.MALFORMED, offsetOf(p), at(p))
  return p + 1
}

/** Digits up to a terminator: no sign, no zero in front. */
function digits(p: usize, terminator: Char): usize {
  const start = offsetOf(p)
  value = 0
  let n: u32 = 0
  while (true) {
    p = need(p, 1)
    const digit = at(p) - 48
    if (digit > 9) {
      if (n && at(p) == terminator) return p + 1
      fail(Code.MALFORMED, offsetOf(p), at(p))
    }
    if (n && !value) fail(Code.NON_CANONICAL, start)
    value = value * 10 + digit
    if (value > MAX) fail(Code.NUMBER_RANGE, start)
    n++
    p++
  }
}

/** A number that is not negative. */
export function integer(p: usize): usize { return digits(expect(p, Char.I), Char.E) }

/** The head of a string: the answered position is that of its bytes, which the input has. */
export function string(p: usize): usize {
  p = digits(p, Char.COLON)
  if (value > inputSize() - offsetOf(p)) fail(Code.UNEXPECTED_END, inputSize())
  return p
}

/** Whether a list or dictionary ends at `p`, for which `need` is called first. */
// @ts-ignore: decorator
@inline export function ends(p: usize): bool { return at(p) == Char.E }

/** Goes past a value of any kind. */
export function skipValue(p: usize): usize {
  let depth: u32 = 0
  do {
    p = need(p, 1)
    const c = at(p)
    if (c == Char.E) {
      // no value begins so
      if (!depth) fail(Code.MALFORMED, offsetOf(p), c)
      depth--
      p++
    } else if (c == Char.L || c == Char.D) {
      if (++depth > MAX_DEPTH) fail(Code.DEPTH, offsetOf(p))
      p++
    } else if (c == Char.I) {
      p = need(p + 1, 1)
      p = digits(at(p) == 0x2d ? p + 1 : p, Char.E)
    } else {
      p = string(p)
      p = skip(p, value)
    }
  } while (depth)
  return p
}
