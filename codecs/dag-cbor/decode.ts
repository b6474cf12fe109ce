/**
 * DAG-CBOR to the node tape. Sections are those of RFC 8949; what DAG-CBOR adds is in https://ipld.io/specs/codecs/dag-cbor/spec/
 */
import { checkCid, MAX_CID } from '../sdk/cid'
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../sdk/input'
import { compareKeys, hasDuplicate, Order, scratchFor } from '../sdk/order'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'

/** Initial byte: major type in the upper three bits (3.1), additional information in the lower five (3). */
const enum Major { UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE }
const enum Simple { FALSE = 0xf4, TRUE = 0xf5, NULL = 0xf6, UNDEFINED = 0xf7, NEXT = 0xf8, HALF = 0xf9, SINGLE = 0xfa, DOUBLE = 0xfb }
/** The one tag of DAG-CBOR: a byte string with a zero byte, the multibase identity prefix, and a CID. */
const CID_TAG = 42

let lenient: bool = false

export function decodeBlock(lax: bool): void {
  lenient = lax
  tape.openTape()
  let p = openInput()
  p = item(need(p, 1), 0)
  if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
  tape.closeTape()
}

/** The argument of the head that `argument` has read (3). */
let value: u64 = 0

/** Reads the head at `p`, whose first byte is at hand; the argument is in `value`. DAG-CBOR: integers and lengths in their shortest form, no indefinite lengths. */
// @ts-ignore: decorator
@inline function argument(p: usize, head: u32): usize {
  const info = head & 31
  if (info < 24) {
    value = info
    return p + 1
  }
  return longArgument(p, info)
}

function longArgument(p: usize, info: u32): usize {
  // what may be of indefinite length is bytes, text, arrays and maps
  if (info > 27) fail(info == 31 && (<u32>load<u8>(p) >> 5) - <u32>Major.BYTES < 4 ? Code.UNSUPPORTED : Code.MALFORMED, offsetOf(p), load<u8>(p))
  const n = 1 << (info - 24)
  p = need(p, 1 + n)
  let least: u64
  if (info == 24) {
    value = load<u8>(p, 1)
    least = 24
  } else if (info == 25) {
    value = bswap<u16>(load<u16>(p, 1))
    least = 0x100
  } else if (info == 26) {
    value = bswap<u32>(load<u32>(p, 1))
    least = 0x10000
  } else {
    value = bswap<u64>(load<u64>(p, 1))
    least = 0x100000000
  }
  if (value < least && !lenient) fail(Code.NON_CANONICAL, offsetOf(p), load<u8>(p))
  return p + 1 + n
}

/** A length: what does not fit into 32 bits is longer than any block. */
// @ts-ignore: decorator
@inline function lengthAt(start: u64): u32 {
  if (value >> 32) fail(Code.UNEXPECTED_END, start)
  return <u32>value
}

/** One data item at `p`, of which a byte is at hand. */
function item(p: usize, depth: u32): usize {
  const head = <u32>load<u8>(p)
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
  if (major == Major.TAG) return link(p, head)
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
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 1)
    const next = <u32>load<u8>(p)
    if (next < 24) {
      // small integers, the most frequent of all, without a call
      tape.uint(next)
      p++
    } else {
      p = item(p, depth + 1)
    }
  }
  tape.close(record, count)
  return p
}

/** Major type 5. DAG-CBOR: keys are text, sorted by length and then by bytes, each once. */
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
let disorder = false

/**
 * The key of `n` bytes at `p`, whose head is at `at`, after the key at record `previous`. A function of its own, since what `map` keeps on the stack it keeps for each of the 1,024
 * maps that may be within each other.
 */
function ownKey(p: usize, n: u32, at: u64, previous: usize): usize {
  p = tape.key(p, n)
  if (previous) {
    const key = tape.here() - RECORD
    const c = compareKeys(tape.keyBytes(previous), tape.keyLength(previous), tape.keyBytes(key), tape.keyLength(key), Order.LENGTH_FIRST)
    if (c == 0) fail(Code.DUPLICATE_KEY, at)
    if (c > 0) {
      if (!lenient) fail(Code.KEY_ORDER, at)
      disorder = true
    }
  }
  return p
}

/** For lax input, whose keys come in any order. */
function refuseDuplicates(map: usize, count: u32, start: u64): void {
  tape.openForReading()
  if (hasDuplicate(map, tape.scratch(scratchFor(count)), Order.LENGTH_FIRST)) fail(Code.DUPLICATE_KEY, start)
}

/** Major type 6. */
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

/** Major type 7 (3.3): false, true, null and floats. DAG-CBOR: 64-bit floats only, no NaN and no infinities. */
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
    if (!lenient) fail(Code.NON_CANONICAL, offsetOf(p), head)
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
  if (!(x - x == 0)) fail(Code.NUMBER_RANGE, offsetOf(p))
  tape.float(x)
  return p + n
}

/** IEEE 754 binary16 (RFC 8949, appendix D). */
function half(bits: u32): f64 {
  const exponent = bits >> 10 & 31
  const fraction = <f64>(bits & 0x3ff)
  // 2^-24 for subnormals; otherwise 2^(exponent - 25) built from its bits
  const x = exponent == 0 ? fraction * reinterpret<f64>(<u64>(1023 - 24) << 52)
    : exponent == 31 ? (fraction == 0 ? Infinity : NaN)
    : (fraction + 1024) * reinterpret<f64>(<u64>(1023 + exponent - 25) << 52)
  return bits & 0x8000 ? -x : x
}
