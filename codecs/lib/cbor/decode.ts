/**
 * CBOR to the node tape: DAG-CBOR, and all that plain CBOR has in common with it. Sections are those of RFC 8949; what DAG-CBOR adds is in
 * https://ipld.io/specs/codecs/dag-cbor/spec/
 */
import { checkCid, MAX_CID } from '../../sdk/cid'
import { Code, fail, MAX_DEPTH } from '../../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../../sdk/input'
import { compareKeys, hasDuplicate, Order, scratchFor } from '../../sdk/order'
import * as tape from '../../sdk/tape'
import { Kind, RECORD } from '../../sdk/tape'
import { half } from './half'
import { argument, lengthAt, lenient, Major, plain, setLenient, Simple, value } from './head'
import { numbers, run } from './numbers'
import { after, CHUNKED_TEXT, chunkedKey, indefinite, notShortest, tagged } from './plain'

/** The one tag of DAG-CBOR: a byte string with a zero byte, the multibase identity prefix, and a CID. */
const CID_TAG = 42

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  tape.openTape()
  let p = openInput()
  p = item(need(p, 1), 0)
  if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
  tape.closeTape()
}

/** One data item at `p`, of which a byte is at hand. @param depth lists and maps that are open */
export function item(p: usize, depth: u32): usize {
  let head = <u32>load<u8>(p)
  if (plain) {
    if (head >> 5 == Major.TAG) {
      p = tagged(p, head)
      if (!p) return after
      head = load<u8>(p)
    }
    if ((head & 31) == 31) return indefinite(p, head, depth)
  }
  const major = head >> 5
  if (major == Major.TEXT) {
    const start = offsetOf(p)
    p = argument(p, head)
    return tape.string(p, lengthAt(start))
  }
  if (major == Major.UINT) {
    p = argument(p, head)
    tape.uint(value)
    return p
  }
  if (major == Major.MAP) return map(p, head, depth)
  if (major == Major.ARRAY) return array(p, head, depth)
  if (!plain && major == Major.TAG) return link(p, head)
  if (major == Major.BYTES) {
    const start = offsetOf(p)
    p = argument(p, head)
    return tape.bytes(p, lengthAt(start))
  }
  if (major == Major.NEGATIVE) {
    p = argument(p, head)
    tape.negative(value)
    return p
  }
  return simple(p, head)
}

/** Major type 4. */
function array(p: usize, head: u32, depth: u32): usize {
  const start = offsetOf(p)
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, start)
  const record = tape.open(Kind.LIST)
  p = argument(p, head)
  const count = lengthAt(start)
  for (let left = count; left; left--) {
    p = numbers(need(p, 1), left)
    left -= run
    if (!left) break
    p = item(need(p, 1), depth + 1)
  }
  tape.close(record, count)
  return p
}

/** Major type 5: keys are text, each once. Strict: sorted by length and then by bytes, which is how their encoded forms sort (4.2.1). */
function map(p: usize, head: u32, depth: u32): usize {
  const start = offsetOf(p)
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, start)
  const record = tape.open(Kind.MAP)
  p = argument(p, head)
  const count = lengthAt(start)
  // where to look for maps like this one; 0 once its keys are out of order
  let slot: usize = 0
  // the map with the same keys, how many are the same, and its next key. The slot may be another's by the end
  let like: usize = 0
  let shared: u32 = 0
  let expected: usize = 0
  let previous: usize = 0
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 1)
    const at = offsetOf(p)
    const keyHead = <u32>load<u8>(p)
    if (keyHead >> 5 != Major.TEXT) fail(Code.UNSUPPORTED, at, keyHead)
    if (plain && keyHead == CHUNKED_TEXT) {
      p = need(chunkedKey(p, at, previous), 1)
      previous = tape.here() - RECORD
      slot = 0
      p = item(p, depth + 1)
      continue
    }
    p = argument(p, keyHead)
    const n = lengthAt(at)
    if (i == 0) {
      p = need(p, min<u32>(n, 16))
      slot = tape.recentSlot(p, n, count)
      like = tape.recentMap(slot)
      if (like && load<u32>(like, 4) != count) like = 0
      expected = like + RECORD
    }
    if (like && shared == i && n <= 64 && tape.sameKey(expected, (p = need(p, n)), n)) {
      p = need(p + n, 1)
      p = item(p, depth + 1)
      previous = expected
      expected = tape.after(expected + RECORD)
      shared++
      continue
    }
    p = ownKey(p, n, at, previous)
    previous = tape.here() - RECORD
    if (disorder) {
      disorder = false
      slot = 0
    }
    p = need(p, 1)
    p = item(p, depth + 1)
  }
  if (shared) {
    tape.closeShared(record, count, like, shared)
  } else {
    tape.close(record, count)
    if (slot) tape.remember(slot, record)
  }
  if (count && !slot) refuseDuplicates(record, count, start)
  return p
}

/** Whether `ownKey` has met a key that comes before the one before it. */
export let disorder = false

export function orderly(): void { disorder = false }

/**
 * The key of `n` bytes at `p`, whose head is at `at`, after the key at record `previous`. A function of its own, since what `map` keeps on the stack it keeps for each of the 1,024
 * maps that may be within each other.
 */
export function ownKey(p: usize, n: u32, at: u64, previous: usize): usize {
  p = tape.key(p, n)
  compared(at, previous)
  return p
}

/** Compares the key that is last on the tape, whose head is at `at`, to the one before it at record `previous`. */
// @ts-ignore: decorator
@inline export function compared(at: u64, previous: usize): void {
  if (previous) {
    const key = tape.here() - RECORD
    const c = compareKeys(tape.keyBytes(previous), tape.keyLength(previous), tape.keyBytes(key), tape.keyLength(key), Order.LENGTH_FIRST)
    if (c == 0) fail(Code.DUPLICATE_KEY, at)
    if (c > 0) {
      if (!lenient) fail(Code.KEY_ORDER, at)
      disorder = true
    }
  }
}

/** For lax input, whose keys come in any order. */
export function refuseDuplicates(map: usize, count: u32, start: u64): void {
  tape.openForReading()
  if (hasDuplicate(map, tape.scratch(scratchFor(count)), Order.LENGTH_FIRST)) fail(Code.DUPLICATE_KEY, start)
}

/** Major type 6 in DAG-CBOR. */
function link(p: usize, head: u32): usize {
  const start = offsetOf(p)
  p = argument(p, head)
  if (value != CID_TAG) fail(Code.UNSUPPORTED, start, <u32>value)
  p = need(p, 1)
  const inner = <u32>load<u8>(p)
  if (inner >> 5 != Major.BYTES) fail(Code.INVALID_CID, offsetOf(p), inner)
  p = argument(p, inner)
  const n = lengthAt(start)
  if (n < 2) fail(Code.INVALID_CID, offsetOf(p), n)
  if (n > MAX_CID + 1) fail(Code.TOO_LARGE, offsetOf(p), n)
  p = need(p, n)
  const offset = offsetOf(p)
  if (load<u8>(p) != 0) fail(Code.INVALID_CID, offset, load<u8>(p))
  checkCid(p + 1, n - 1, offset + 1)
  tape.link(offset + 1, n - 1)
  return p + n
}

/** Major type 7 (3.3): false, true, null and floats, without NaN and infinities. Strict: floats of 64 bits or, in plain CBOR, as short as can be. */
function simple(p: usize, head: u32): usize {
  if (head == Simple.DOUBLE) {
    p = need(p, 9)
    return float(p, reinterpret<f64>(bswap<u64>(load<u64>(p, 1))), 9)
  }
  if (head == Simple.NULL) {
    tape.nil()
    return p + 1
  }
  if (head == Simple.FALSE || head == Simple.TRUE) {
    tape.boolean(head == Simple.TRUE)
    return p + 1
  }
  if (head == Simple.HALF || head == Simple.SINGLE) {
    if (!plain && !lenient) fail(Code.NON_CANONICAL, offsetOf(p), head)
    if (head == Simple.HALF) {
      p = need(p, 3)
      return float(p, half(bswap<u16>(load<u16>(p, 1))), 3)
    }
    p = need(p, 5)
    return float(p, <f64>reinterpret<f32>(bswap<u32>(load<u32>(p, 1))), 5)
  }
  if (head == Simple.UNDEFINED && lenient) {
    tape.nil()
    return p + 1
  }
  // a second byte is for the values that do not fit into the first
  if (head == Simple.NEXT) p = need(p, 2)
  const malformed = head > <u32>Simple.DOUBLE || (head == Simple.NEXT && load<u8>(p, 1) < 32)
  fail(malformed ? Code.MALFORMED : Code.UNSUPPORTED, offsetOf(p), head)
  return p
}

// @ts-ignore: decorator
@inline function float(p: usize, x: f64, n: usize): usize {
  if (!(x - x == 0)) fail(plain ? Code.UNSUPPORTED : Code.NUMBER_RANGE, offsetOf(p))
  if (plain && !lenient && notShortest(x, n)) fail(Code.NON_CANONICAL, offsetOf(p), load<u8>(p))
  tape.float(x)
  return p + n
}
