/**
 * DAG-JSON to the node tape: https://ipld.io/specs/codecs/dag-json/spec/, which is JSON (RFC 8259) in one form, with two kinds more.
 *
 * ```
 *  {"/":"bafy…"}               link: a CID as text
 *  {"/":{"bytes":"AQID"}}      bytes: base64 without padding
 * ```
 */
import { decodeBase, decodeBase32, decodeBase64, MAX_BASE_TEXT, stoppedAt } from '../sdk/base'
import { checkCid, MAX_CID } from '../sdk/cid'
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { ahead, atEnd, atHand, atWindowEnd, continues, offsetOf, openInput } from '../sdk/input'
import { compareKeys, hasDuplicate, Order, scratchFor } from '../sdk/order'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'
import { isSpace, lenient, setLenient, skipSpace, take, unexpected } from './cursor'
import { number } from './number'
import { begin, closing, escaped, string, unescape, unescaped } from './string'

const enum Char { QUOTE = 34, COMMA = 44, MINUS = 45, SLASH = 47, COLON = 58, LIST = 91, BACKSLASH = 92, LIST_END = 93, MAP = 123, MAP_END = 125 }

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  const p = openInput()
  tape.openTape(true)
  const end = skipSpace(item(p, 0))
  if (!atEnd(end)) fail(isSpace(load<u8>(end)) ? Code.NON_CANONICAL : Code.TRAILING_BYTES, offsetOf(end), load<u8>(end))
  tape.closeTape()
}

/** Lists and maps that are open. Not an argument, to keep the frames of the recursion small. */
let depth: u32 = 0

/** One value (RFC 8259, 3) at `p`. @param place where it stands, as far as it tells maps apart */
function item(p: usize, place: u32): usize {
  p = ahead(p)
  const c = <u32>load<u8>(p)
  if (c == Char.QUOTE) return string(p + 1, false)
  if (c == Char.MAP) return map(p, place)
  if (c - 48 < 10 || c == Char.MINUS) return number(p)
  if (c == Char.LIST) return list(p, place)
  return literal(p, c, place)
}

/** `null`, `true` or `false`; or white space before another value. */
function literal(p: usize, c: u32, place: u32): usize {
  const word = load<u32>(p)
  if (word == 0x6c6c756e) {
    tape.nil()
    return p + 4
  }
  if (word == 0x65757274) {
    tape.boolean(true)
    return p + 4
  }
  if (word == 0x736c6166 && load<u8>(p, 4) == 101) {
    tape.boolean(false)
    return p + 5
  }
  if (isSpace(c) && lenient) return item(skipSpace(p), place)
  // the first byte that is not that of the word
  const wanted: u64 = c == 110 ? 0x6c6c756e : c == 116 ? 0x65757274 : c == 102 ? 0x65736c6166 : 0
  let i: usize = 0
  while (wanted >> (<u64>i << 3) && load<u8>(p + i) == <u8>(wanted >> (<u64>i << 3))) i++
  unexpected(p + i)
  return p
}

/** RFC 8259, 5. */
function list(p: usize, place: u32): usize {
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, offsetOf(p))
  depth++
  const record = tape.open(Kind.LIST)
  let count: u32 = 0
  p++
  if (load<u8>(p) != Char.LIST_END) {
    p = skipSpace(p)
    if (load<u8>(p) == Char.LIST_END) {
      depth--
      tape.close(record, 0)
      return p + 1
    }
    while (true) {
      p = item(p, place)
      count++
      let c = <u32>load<u8>(p)
      if (c != Char.COMMA && c != Char.LIST_END) {
        p = skipSpace(p)
        c = load<u8>(p)
        if (c != Char.COMMA && c != Char.LIST_END) unexpected(p)
      }
      p++
      if (c == Char.LIST_END) break
    }
  } else {
    p++
  }
  depth--
  tape.close(record, count)
  return p
}

/** Length of the CID or bytes that `link` and `bytes` have written to the top of the data arena. */
let decoded: u32 = 0
/** What keeps a map from being one to share keys with: keys that do not stand in the input as they are, or stand in another order. */
const ESCAPED: u32 = 1
const UNORDERED: u32 = 2

/** Whether the key at `p` is that of a key record; the closing quotation mark must follow. */
// @ts-ignore: decorator
@inline function matches(key: usize, p: usize): bool {
  const n = tape.keyLength(key)
  // in this order: nothing may depend on what stands behind the input
  return tape.sameKey(key, p, n) && load<u8>(p + n) == Char.QUOTE
}

const INNER: u32 = u32.MAX_VALUE
/** Where the map is that is one too deep, if it is one. */
let tooDeep: u64 = 0
/** Whether the map for "/" was the inner one of the reserved form for bytes. */
let found: bool = false

/**
 * RFC 8259, 4. DAG-JSON: keys sorted by their bytes, each once. A map whose first key is "/" is reserved if that stands for a string, or for a map whose first key is "bytes"
 * and stands for a string; it has no other entries then.
 * @param place as for `item`; INNER if the map stands for "/", the first key of another
 */
function map(p: usize, place: u32): usize {
  if (load<u32>(p, 1) == 0x3a222f22) {
    // {"/":" and {"/":{"bytes":" as they are mostly met
    if (load<u8>(p, 5) == Char.QUOTE) {
      p = take(link(p + 6), Char.MAP_END)
      tape.dataLink(decoded)
      return p
    }
    if (load<u64>(p, 5) == 0x227365747962227b && load<u16>(p, 13) == 0x223a) {
      p = take(take(bytes(p + 15), Char.MAP_END), Char.MAP_END)
      tape.dataBytes(decoded)
      return p
    }
  }
  if (depth >= MAX_DEPTH) {
    // the reserved form for bytes inside of the deepest map is two maps itself
    if (depth == MAX_DEPTH) tooDeep = offsetOf(p)
    if (depth > MAX_DEPTH + 1) fail(Code.DEPTH, tooDeep)
  }
  const record = tape.open(Kind.MAP)
  p = ahead(p + 1)
  if (load<u8>(p) != Char.QUOTE) {
    p = skipSpace(p)
    if (load<u8>(p) == Char.MAP_END) {
      if (depth >= MAX_DEPTH) fail(Code.DEPTH, tooDeep)
      tape.close(record, 0)
      return p + 1
    }
    if (load<u8>(p) != Char.QUOTE) unexpected(p)
  }
  const slot = tape.slotOf(firstBytes(p + 1) + place)
  // the map with the same keys, and its next one as far as they are the same, else 0. The slot may be another's by the end
  const like: usize = place == INNER ? 0 : tape.recentMap(slot)
  let expected = like ? like + RECORD : 0
  let shared: u32 = 0
  let own: u32 = 0
  let previous: usize = 0
  let odd: u32 = 0
  depth++
  if (expected && depth > MAX_DEPTH) fail(Code.DEPTH, tooDeep)
  while (true) {
    if (expected && matches(expected, p + 1)) {
      p = take(p + tape.keyLength(expected) + 2, Char.COLON)
      p = item(p, placeOf(expected))
      previous = expected
      shared++
      expected = shared < load<u32>(like, 4) ? tape.after(expected + RECORD) : 0
    } else {
      // the keys differ from here on
      expected = 0
      const at = offsetOf(p)
      const name = tape.here()
      p = take(string(p + 1, true), Char.COLON)
      // in a later map the same text would be another key
      if (escaped) odd |= ESCAPED
      if (previous) {
        const c = compareKeys(tape.keyBytes(previous), tape.keyLength(previous), tape.keyBytes(name), tape.keyLength(name), Order.BYTES)
        if (c == 0) fail(Code.DUPLICATE_KEY, at)
        if (c > 0) {
          if (!lenient) fail(Code.KEY_ORDER, at)
          odd |= UNORDERED
        }
        p = item(p, placeOf(name))
      } else {
        const length = tape.keyLength(name)
        p = ahead(p)
        if (length == 1 && load<u8>(tape.keyBytes(name)) == Char.SLASH) {
          odd |= ESCAPED
          p = skipSpace(p)
          const c = <u32>load<u8>(p)
          if (c == Char.QUOTE) {
            p = take(link(p + 1), Char.MAP_END)
            depth--
            tape.rewind(record)
            tape.dataLink(decoded)
            return p
          }
          if (c == Char.MAP) {
            p = map(p, INNER)
            if (found) {
              found = false
              depth--
              p = take(p, Char.MAP_END)
              tape.rewind(record)
              tape.dataBytes(decoded)
              return p
            }
            if (depth > MAX_DEPTH) fail(Code.DEPTH, tooDeep)
          } else {
            if (depth > MAX_DEPTH) fail(Code.DEPTH, tooDeep)
            p = item(p, 0)
          }
        } else if (place == INNER && length == 5 && load<u32>(tape.keyBytes(name)) == 0x65747962 && load<u8>(tape.keyBytes(name), 4) == 115 && load<u8>((p = skipSpace(p))) == Char.QUOTE) {
          p = take(bytes(p + 1), Char.MAP_END)
          found = true
          depth--
          return p
        } else {
          if (depth > MAX_DEPTH) fail(Code.DEPTH, tooDeep)
          p = item(p, placeOf(name))
        }
      }
      previous = name
      own++
    }
    let c = <u32>load<u8>(p)
    if (c != Char.COMMA) {
      if (c == Char.MAP_END) break
      p = skipSpace(p)
      c = load<u8>(p)
      if (c == Char.MAP_END) break
      if (c != Char.COMMA) unexpected(p)
    }
    p = ahead(p + 1)
    if (load<u8>(p) != Char.QUOTE) {
      p = skipSpace(p)
      if (load<u8>(p) != Char.QUOTE) unexpected(p)
    }
  }
  depth--
  if (shared) {
    tape.closeShared(record, shared + own, like, shared)
  } else {
    tape.close(record, own)
    if (odd == 0) tape.remember(slot, record)
  }
  if (odd & UNORDERED) refuseDuplicates(record, shared + own, offsetOf(p))
  return p + 1
}

/** What tells maps apart by the key that they stand under. */
// @ts-ignore: decorator
@inline function placeOf(name: usize): u32 {
  const n = tape.keyLength(name)
  return (load<u32>(tape.keyBytes(name)) & (n < 4 ? (1 << (n << 3)) - 1 : -1)) * 0x9e3779b1 + n
}

/** The first four bytes of a string, without those from its closing quotation mark on. */
// @ts-ignore: decorator
@inline function firstBytes(p: usize): u32 {
  const x = load<u32>(p)
  const y = x ^ 0x22222222
  const quotes = (y - 0x01010101) & ~y & 0x80808080
  return quotes ? x & (((quotes & (0 - quotes)) >> 7) - 1) : x
}

/** For lax input, whose keys come in any order. @param offset where to point on failure */
function refuseDuplicates(map: usize, count: u32, offset: u64): void {
  tape.openForReading()
  if (hasDuplicate(map, tape.scratch(scratchFor(count)), Order.BYTES)) fail(Code.DUPLICATE_KEY, offset)
}

/**
 * The link whose text begins at `p`, after the quotation mark; its CID goes to the data arena.
 * DAG-JSON: CIDv0 in base58btc, CIDv1 in base32. Lenient: base58btc, base36 and upper case too, for CIDv1.
 */
function link(p: usize): usize {
  const start = offsetOf(p)
  const to = tape.dataRoom(0, start)
  if (lenient) {
    p = unescape(p)
    cid(to, unescaped, to, start)
    return p
  }
  // by far most: CIDv1, a codec below 128, sha2-256
  if (atHand(p) > 59 && load<u8>(p) == 98 && load<u8>(p, 59) == Char.QUOTE && decodeBase32(p + 1, 58, to) == 36 && (load<u16>(to) & 0x80ff) == 1 && load<u16>(to, 2) == 0x2012) {
    decoded = 36
    return p + 60
  }
  const end = closing(p)
  p = begin
  if (load<u8>(end) != Char.QUOTE) {
    if (atWindowEnd(end)) continues() ? fail(Code.TOO_LARGE, start) : unexpected(end)
    fail(load<u8>(end) == Char.BACKSLASH ? Code.NON_CANONICAL : Code.INVALID_CID, offsetOf(end), load<u8>(end))
  }
  cid(p, <u32>(end - p), to, start)
  return end + 1
}

/** Decodes the text of a CID to `to`, which may be where it stands. */
function cid(p: usize, n: u32, to: usize, start: u64): void {
  const c = n ? <u32>load<u8>(p) : 0
  let count = -1
  if (c == 81) {
    // all CIDv0 have 46 characters
    if (n == 46) count = decodeBase(p, n, 58, to)
    if (count != 34 || load<u16>(to) != 0x2012) fail(Code.INVALID_CID, start, n)
  } else {
    if (c == 98) {
      if (lenient) lowerCase(p, n)
      count = decodeBase32(p + 1, n - 1, to)
    } else if (c == 122 || c == 107) {
      if (!lenient) fail(Code.NON_CANONICAL, start, c)
      if (n > MAX_BASE_TEXT) fail(Code.TOO_LARGE, start, n)
      if (c == 107) lowerCase(p, n)
      count = decodeBase(p + 1, n - 1, c == 122 ? 58 : 36, to)
    }
    if (count > <i32>MAX_CID) fail(Code.TOO_LARGE, start, count)
    // CIDv0 has no other text than the above
    if (count < 4 || load<u8>(to) != 1) fail(Code.INVALID_CID, start, c)
    checkCid(to, count, start)
  }
  decoded = count
}

function lowerCase(p: usize, n: u32): void {
  for (const end = p + n; p < end; p++) {
    const c = load<u8>(p)
    if (c - 65 < 26) store<u8>(p, c + 32)
  }
}

/** The bytes whose base64 text begins at `p`, after the quotation mark; they go to the data arena. Lenient: padding, and escapes. */
function bytes(p: usize): usize {
  const offset = offsetOf(p)
  const start = tape.dataRoom(0, offset)
  let to: usize
  // the last group's characters, beyond whole groups of four
  let rest: usize
  if (lenient) {
    p = unescape(p)
    let end = start + unescaped
    while (end > start && load<u8>(end - 1) == 61) end--
    // decoded where it stands: what is written stays behind what is read
    store<u8>(end, 0)
    to = decodeBase64(start, start, false)
    if (stoppedAt != end) fail(Code.MALFORMED, offset)
    rest = end - start
  } else {
    to = decodeBase64(p, start, true)
    // a window at a time
    while (atWindowEnd(stoppedAt + 4) && continues()) {
      p = ahead(stoppedAt)
      if (to + atHand(p) > tape.dataLimit() + 16) fail(Code.TOO_LARGE, offset)
      to = decodeBase64(p, to, true)
    }
    p = stoppedAt
    to = decodeBase64(p, to, false)
    rest = stoppedAt - p
    p = stoppedAt
    const c = <u32>load<u8>(p)
    if (c != Char.QUOTE) {
      if (atWindowEnd(p)) unexpected(p)
      fail(c == 61 || c == Char.BACKSLASH ? Code.NON_CANONICAL : Code.MALFORMED, offsetOf(p), c)
    }
    p++
  }
  // the bits that are left over are zero
  if ((rest & 3) == 1 || ((rest & 3) != 0 && load<u8>(to) != 0)) fail(Code.MALFORMED, offset)
  decoded = <u32>(to - start)
  return p
}
