/** What all of the decoder shares: the mode, white space, and what to say of a byte that should not be there. */
import { Code, fail } from '../../sdk/fail'
import { ahead, atWindowEnd, continues, offsetOf } from '../../sdk/input'

/** Accept what RFC 8259 accepts, not only the one form in which DAG-JSON is written. */
export let lenient: bool = false

export function setLenient(lax: bool): void { lenient = lax }

// @ts-ignore: decorator
@inline export function isSpace(c: u32): bool { return c == 32 || c - 9 < 2 || c == 13 }

/** Fails because of what begins at `p`. */
export function refuse(code: Code, p: usize): void { fail(code, offsetOf(p), load<u8>(p)) }

/** Fails because of the byte at `p`. */
export function unexpected(p: usize): void {
  refuse(atWindowEnd(p) && !continues() ? Code.UNEXPECTED_END : isSpace(load<u8>(p)) ? Code.NON_CANONICAL : Code.MALFORMED, p)
}

/** Goes on after white space (RFC 8259, 2): DAG-JSON has none. Fewer bytes may be at hand than `ahead` gives, but one is, or the input ends. */
export function skipSpace(p: usize): usize {
  p = ahead(p)
  if (!lenient) return p
  while (isSpace(load<u8>(p))) p = ahead(p + 1)
  return p
}

/** Goes on after the character `c`, and, in lenient mode, white space before it. */
// @ts-ignore: decorator
@inline export function take(p: usize, c: u32): usize { return load<u8>(p) == c ? p + 1 : takeLater(p, c) }

function takeLater(p: usize, c: u32): usize {
  p = skipSpace(p)
  if (load<u8>(p) != c) unexpected(p)
  return p + 1
}
