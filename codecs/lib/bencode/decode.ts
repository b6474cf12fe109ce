/** Bencode to the node tape (https://www.bittorrent.org/beps/bep_0003.html, bencoding). */
import { inputSize, WINDOW } from '../../sdk/control'
import { Code, fail, MAX_DEPTH } from '../../sdk/fail'
import { ahead, atEnd, atHand, need, offsetOf, openInput, skip } from '../../sdk/input'
import { compareKeys, hasDuplicate, Order, scratchFor } from '../../sdk/order'
import * as tape from '../../sdk/tape'
import { Kind, RECORD } from '../../sdk/tape'
import { compareEscaped, escapedKey } from '../text/keys'
import { isPlain, validUntil } from '../text/utf8'

/** What the byte strings of a value are. */
export const enum As {
  /** strings where they are UTF-8, bytes where not */
  TEXT,
  /** a hash or several: bytes */
  BYTES,
  /** a dictionary of such */
  MAP_OF_BYTES
}

/** From this length on text is a range of the input. */
const LONG: u32 = 2048

let lenient: bool = false
/** Whether what a value is depends on its key; see `kindOf`. */
let torrent: bool = false

/** Where the root's value of the key `info` stands in the input and on the tape; 0 if there is none. */
export let infoStart: u64 = 0
export let infoEnd: u64 = 0
export let infoRecord: usize = 0

/** Decodes the block; the tape is left open. @param hashes whether some keys name hashes, as in torrents */
export function decodeItem(lax: bool, hashes: bool): void {
  lenient = lax
  torrent = hashes
  // keys that are not UTF-8 take more room than in the input
  tape.openTape(false, 0, <usize>min<u64>(2 * inputSize(), 1 << 20))
  const p = item(openInput(), 0, As.TEXT)
  if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p), load<u8>(p))
}

// @ts-ignore: decorator
@inline function isDigit(c: u32): bool { return c - 48 < 10 }

/** Something else stands at `p` than there should. */
function refuse(p: usize): void {
  fail(atEnd(p) ? Code.UNEXPECTED_END : Code.MALFORMED, offsetOf(p), load<u8>(p))
}

/** A value at `p`. */
function item(p: usize, depth: u32, as: As): usize {
  p = ahead(p)
  const c = <u32>load<u8>(p)
  if (isDigit(c)) return bytes(p, as)
  if (c == 0x69) return integer(p)
  if (c == 0x64) return dictionary(p, depth, as)
  if (c == 0x6c) return list(p, depth)
  refuse(p)
  return p
}

// --- strings ---------------------------------------------------------------------------------------------------------------------------------------------

/** What `length` has read. */
let value: u32 = 0

/** Reads a length and its colon. */
// @ts-ignore: decorator
@inline function length(p: usize): usize {
  const c = <u32>load<u8>(p)
  if (isDigit(c) && load<u8>(p, 1) == 0x3a) {
    value = c - 48
    return p + 2
  }
  return longLength(p)
}

function longLength(p: usize): usize {
  const start = p
  let n: u64 = 0
  while (isDigit(load<u8>(p))) {
    n = n * 10 + <u64>(load<u8>(p++) - 48)
    // longer than any block; a length of zeros ends where the input at hand does
    if (n >> 32) fail(Code.UNEXPECTED_END, offsetOf(start))
    if (p - start > 40) fail(Code.MALFORMED, offsetOf(start))
  }
  if (p == start || load<u8>(p) != 0x3a) refuse(p)
  if (load<u8>(start) == 48 && !lenient) fail(Code.NON_CANONICAL, offsetOf(start), 48)
  value = <u32>n
  return p + 1
}

function bytes(p: usize, as: As): usize {
  p = length(p)
  const n = value
  if (as == As.BYTES) return tape.bytes(p, n)
  if (<usize>n > atHand(p)) {
    if (<u64>n > inputSize() - offsetOf(p)) fail(Code.UNEXPECTED_END, inputSize())
    if (n > WINDOW) return longText(p, n)
    p = need(p, n)
  }
  const offset = offsetOf(p)
  if (n < LONG) {
    const at = tape.asciiText(p, n)
    if (at >= 0) {
      tape.literal(at, n)
      return p + n
    }
    if (validUntil(p, p + n) == p + n) return tape.string(p, n)
  } else if (validUntil(p, p + n) == p + n) {
    tape.stringAt(offset, n)
    return p + n
  }
  tape.bytesAt(offset, n)
  return p + n
}

/** Text that is longer than the window. */
function longText(p: usize, n: u32): usize {
  const offset = offsetOf(p)
  let left = n
  while (left) {
    p = need(p, min<u32>(left, 4))
    const valid = validUntil(p, p + min<usize>(left, atHand(p)))
    if (valid == p) {
      tape.bytesAt(offset, n)
      return skip(p, left)
    }
    left -= <u32>(valid - p)
    p = valid
  }
  tape.stringAt(offset, n)
  return p
}

// --- integers --------------------------------------------------------------------------------------------------------------------------------------------

function integer(p: usize): usize {
  const start = offsetOf(p)
  const minus = load<u8>(++p) == 0x2d
  if (minus) p++
  const digits = p
  let n: u64 = 0
  let c = <u32>load<u8>(p)
  // one more than fits is what the data model has among negative integers
  let over = false
  for (; isDigit(c); c = <u32>load<u8>(++p)) {
    const digit = <u64>(c - 48)
    if (over || n > 1844674407370955161 || (n == 1844674407370955161 && digit > 5 + u64(minus))) fail(Code.NUMBER_RANGE, start)
    over = n == 1844674407370955161 && digit == 6
    n = n * 10 + digit
    if (p - digits > 20) fail(Code.NUMBER_RANGE, start)
    // no zero before another digit, in either mode
    if (p > digits && load<u8>(digits) == 48) fail(Code.MALFORMED, start, 48)
  }
  if (p == digits || c != 0x65) refuse(p)
  if (minus) {
    if (n == 0 && !over) fail(Code.MALFORMED, start, 0x2d)
    tape.negative(n - 1)
  } else {
    tape.uint(n)
  }
  return p + 1
}

// --- lists and dictionaries ------------------------------------------------------------------------------------------------------------------------------

function list(p: usize, depth: u32): usize {
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, offsetOf(p))
  const record = tape.open(Kind.LIST)
  let count: u32 = 0
  for (p = ahead(p + 1); load<u8>(p) != 0x65; p = ahead(p)) {
    p = item(p, depth + 1, As.TEXT)
    count++
  }
  tape.close(record, count)
  return p + 1
}

/** What the value of a key is: `pieces` and `pieces root` are hashes, and `piece layers` are by such. */
function kindOf(p: usize, n: u32): As {
  if (n < 6 || n > 12 || load<u32>(p) != 0x63656970) return As.TEXT
  if (n == 6) return load<u16>(p, 4) == 0x7365 ? As.BYTES : As.TEXT
  if (n == 11) return load<u32>(p, 4) == 0x72207365 && load<u32>(p, 7) == 0x746f6f72 ? As.BYTES : As.TEXT
  return n == 12 && load<u64>(p, 4) == 0x73726579616c2065 ? As.MAP_OF_BYTES : As.TEXT
}

/** Whether `ownKey` has met a key that comes before the one before it. */
let disorder = false
/** Whether the last key that it has written is escaped. */
let escaped = false

function dictionary(p: usize, depth: u32, as: As): usize {
  const start = offsetOf(p)
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, start)
  const record = tape.open(Kind.MAP)
  const values = as == As.MAP_OF_BYTES ? As.BYTES : As.TEXT
  // where to look for dictionaries like this one; 0 once its keys are out of order
  let slot: usize = 0
  let like: usize = 0
  let shared: u32 = 0
  let expected: usize = 0
  let previous: usize = 0
  let count: u32 = 0
  let sorted = true
  for (p = ahead(p + 1); load<u8>(p) != 0x65; p = ahead(p)) {
    const at = offsetOf(p)
    p = length(p)
    const n = value
    if (<u64>n > inputSize() - offsetOf(p)) fail(Code.UNEXPECTED_END, inputSize())
    if (n <= 64) p = need(p, n)
    const as = torrent && n <= 12 ? kindOf(p, n) : As.TEXT
    const isInfo = torrent && depth == 0 && n == 4 && load<u32>(p) == 0x6f666e69
    if (count == 0 && n <= 64) {
      slot = tape.recentSlot(p, n, 0)
      like = tape.recentMap(slot)
      expected = like + RECORD
    }
    if (like && shared == count && n <= 64 && shared < load<u32>(like, 4) && tape.sameKey(expected, p, n)) {
      p += n
      previous = expected
      expected = tape.after(expected + RECORD)
      shared++
    } else {
      p = ownKey(p, n, at, previous)
      previous = tape.here() - RECORD
      if (disorder) {
        disorder = sorted = false
        slot = 0
      }
    }
    if (isInfo) {
      infoStart = offsetOf(p)
      infoRecord = tape.here()
    }
    p = item(p, depth + 1, as == As.TEXT ? values : as)
    if (isInfo) infoEnd = offsetOf(p)
    count++
  }
  if (shared) {
    tape.closeShared(record, count, like, shared)
  } else {
    tape.close(record, count)
    if (slot) tape.remember(slot, record)
  }
  if (!sorted) refuseDuplicates(record, count, start)
  return p + 1
}

/** The key of `n` bytes at `p`, whose length is at `at`, after the key at record `previous`. */
function ownKey(p: usize, n: u32, at: u64, previous: usize): usize {
  // so that a key which the window cuts is not taken for one that has to be escaped, after which all keys are compared byte by byte
  if (n < LONG) p = need(p, n)
  const plain = <usize>n <= atHand(p) && isPlain(p, n)
  p = plain ? tape.key(p, n) : escapedKey(p, n)
  if (!plain) escaped = true
  if (previous) {
    const key = tape.here() - RECORD
    const a = tape.keyBytes(previous)
    const b = tape.keyBytes(key)
    const c = escaped
      ? compareEscaped(a, tape.keyLength(previous), b, tape.keyLength(key))
      : compareKeys(a, tape.keyLength(previous), b, tape.keyLength(key), Order.BYTES)
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
  if (hasDuplicate(map, tape.scratch(scratchFor(count)), Order.BYTES)) fail(Code.DUPLICATE_KEY, start)
}
