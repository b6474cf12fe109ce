/** What plain CBOR has and DAG-CBOR has not: indefinite lengths, tags that mean no link, floats of three widths. Sections are those of RFC 8949. */
import { inputSize } from '../../sdk/control'
import { Code, fail, MAX_DEPTH } from '../../sdk/fail'
import { copyInput, need, offsetOf } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { compared, disorder, item, orderly, ownKey, refuseDuplicates } from './decode'
import { halfOf } from './half'
import { argument, lengthAt, lenient, Major, value } from './head'

const BREAK = 0xff
/** The head of text of indefinite length. */
export const CHUNKED_TEXT = 0x7f

/** Numbers beyond major types 0 and 1 (3.4.3), and what stands in front of a file (3.4.6). */
const enum Tag { BIGNUM = 2, NEGATIVE_BIGNUM = 3, SELF_DESCRIBED = 55799 }

/** Whether a float that takes `n` bytes with its head has a shorter form (4.2.1). */
export function notShortest(x: f64, n: usize): bool {
  return n > 3 && (halfOf(x) >= 0 || (n > 5 && <f64><f32>x == x))
}

/** An item of indefinite length (3.2), which deterministic encoding does not have. */
export function indefinite(p: usize, head: u32, depth: u32): usize {
  const start = offsetOf(p)
  const major = head >> 5
  if (major - <u32>Major.BYTES > 3) fail(Code.MALFORMED, start, head)
  if (!lenient) fail(Code.NON_CANONICAL, start, head)
  if (major < <u32>Major.ARRAY) {
    const n = chunks(p + 1, major)
    p = after
    if (major == Major.TEXT) tape.dataString(n, start + 1)
    else tape.dataBytes(n)
    return p
  }
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, start)
  return major == Major.MAP ? map(p + 1, start, depth) : array(p + 1, depth)
}

/** Where `chunks` or a number of `tagged` has ended. */
export let after: usize = 0

/** Puts the chunks of a string (3.2.3) together at the top of the data arena, without taking them; answers their length. */
function chunks(p: usize, major: u32): u32 {
  let n: u32 = 0
  while (true) {
    p = need(p, 1)
    const head = <u32>load<u8>(p)
    if (head == BREAK) break
    const at = offsetOf(p)
    if (head >> 5 != major || (head & 31) == 31) fail(Code.MALFORMED, at, head)
    p = argument(p, head)
    const length = lengthAt(at)
    if (<u64>length > inputSize() - offsetOf(p)) fail(Code.UNEXPECTED_END, inputSize())
    const to = tape.dataRoom(n + length, at) + n
    p = copyInput(p, to, length)
    // each chunk is text by itself
    if (major == Major.TEXT && length && (load<u8>(to) & 0xc0) == 0x80) fail(Code.INVALID_UTF8, at, load<u8>(to))
    n += length
  }
  after = p + 1
  return n
}

function array(p: usize, depth: u32): usize {
  const record = tape.open(Kind.LIST)
  let count: u32 = 0
  while (true) {
    p = need(p, 1)
    if (load<u8>(p) == BREAK) break
    p = item(p, depth + 1)
    count++
  }
  tape.close(record, count)
  return p + 1
}

/** @param start offset of the map */
function map(p: usize, start: u64, depth: u32): usize {
  const record = tape.open(Kind.MAP)
  let count: u32 = 0
  let previous: usize = 0
  let unordered = false
  while (true) {
    p = need(p, 1)
    const head = <u32>load<u8>(p)
    if (head == BREAK) break
    const at = offsetOf(p)
    if (head >> 5 != Major.TEXT) fail(Code.UNSUPPORTED, at, head)
    const key = tape.here()
    p = textKey(p, head, at, previous)
    if (disorder) {
      orderly()
      unordered = true
    }
    previous = key
    p = item(need(p, 1), depth + 1)
    count++
  }
  tape.close(record, count)
  if (unordered) refuseDuplicates(record, count, start)
  return p + 1
}

/** A key at `p`, whose head is at hand. */
function textKey(p: usize, head: u32, at: u64, previous: usize): usize {
  if (head == CHUNKED_TEXT) return chunkedKey(p, at, previous)
  p = argument(p, head)
  return ownKey(p, lengthAt(at), at, previous)
}

/** The same, of indefinite length. */
export function chunkedKey(p: usize, at: u64, previous: usize): usize {
  if (!lenient) fail(Code.NON_CANONICAL, at, CHUNKED_TEXT)
  tape.dataString(chunks(p + 1, Major.TEXT), at + 1)
  compared(at, previous)
  return after
}

/**
 * Major type 6: the tags whose meaning the data model has. Strict: none, since each has a form without. Answers where the item begins that they are about; or 0 if that was a number,
 * which is on the tape then and has ended at `after`.
 */
export function tagged(p: usize, head: u32): usize {
  const start = offsetOf(p)
  do {
    const at = offsetOf(p)
    p = argument(p, head)
    if (value != Tag.SELF_DESCRIBED) {
      if (value != Tag.BIGNUM && value != Tag.NEGATIVE_BIGNUM) fail(Code.UNSUPPORTED, at, <u32>min<u64>(value, u32.MAX_VALUE))
      after = bignum(p, value == Tag.BIGNUM ? Kind.UINT : Kind.NINT, start)
      return 0
    }
    p = need(p, 1)
    head = load<u8>(p)
  } while (head >> 5 == Major.TAG)
  if (!lenient) fail(Code.NON_CANONICAL, start, Tag.SELF_DESCRIBED)
  return p
}

/** An integer as a byte string, the highest byte first: as far as it has 64 bits. */
function bignum(p: usize, kind: Kind, start: u64): usize {
  p = need(p, 1)
  const head = <u32>load<u8>(p)
  const at = offsetOf(p)
  if (head >> 5 != Major.BYTES || head == 0x5f) fail(Code.MALFORMED, at, head)
  p = argument(p, head)
  let n: u64 = 0
  for (let left = lengthAt(at); left; left--) {
    p = need(p, 1)
    if (n >> 56) fail(Code.NUMBER_RANGE, start)
    n = n << 8 | <u64>load<u8>(p++)
  }
  if (!lenient) fail(Code.NON_CANONICAL, start, kind == Kind.UINT ? Tag.BIGNUM : Tag.NEGATIVE_BIGNUM)
  tape.integer(kind, n)
  return p
}
