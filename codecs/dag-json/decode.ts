/**
 * DAG-JSON to the node tape: https://ipld.io/specs/codecs/dag-json/spec/, which is JSON (RFC 8259) in one form, with two kinds more.
 *
 * ```
 *  {"/":"bafy…"}               link: a CID as text
 *  {"/":{"bytes":"AQID"}}      bytes: base64 without padding
 * ```
 */
import { decodeBase32, decodeBase58, decodeBase64, stoppedAt } from '../sdk/base'
import { checkCid, MAX_CID } from '../sdk/cid'
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { atHand, ahead, atEnd, offsetOf, openInput } from '../sdk/input'
import { compareKeys, hasDuplicate, Order, scratchFor } from '../sdk/order'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'
import { isSpace, lenient, refuse, setLenient, skipSpace, take, unexpected } from '../lib/json/cursor'
import { number } from '../lib/json/number'
import { escaped, string, unescape, unescaped } from '../lib/json/string'

const enum Char { QUOTE = 34, COMMA = 44, MINUS = 45, SLASH = 47, COLON = 58, LIST = 91, BACKSLASH = 92, LIST_END = 93, MAP = 123, MAP_END = 125 }

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  const p = openInput()
  tape.openTape(true)
  const end = skipSpace(item(p, 0))
  if (!atEnd(end)) refuse(isSpace(load<u8>(end)) ? Code.NON_CANONICAL : Code.TRAILING_BYTES, end)
  tape.closeTape()
}

/** Lists and maps that are open. Not an argument, to keep the frames of the recursion small. */
let depth: u32 = 0

/** One value (RFC 8259, 3) at `p`. @param place where it stands, as far as it tells maps apart */
function item(p: usize, place: u32): usize {
  p = ahead(p)
  const c = <u32>load<u8>(p)
  if (c == Char.QUOTE) return string(p + 1)
  if (c == Char.MAP) return map(p, place)
  if (c - 48 < 10 || c == Char.MINUS) return number(p)
  if (c == Char.LIST) return list(p, place)
  return literal(p, c, place)
}

/** `null`, `true` or `false`; or white space before another value. */
function literal(p: usize, c: u32, place: u32): usize {
  const word: u64 = c == 110 ? 0x6c6c756e : c == 116 ? 0x65757274 : c == 102 ? 0x65736c6166 : 0
  if (!word) {
    if (isSpace(c) && lenient) return item(skipSpace(p), place)
    unexpected(p)
  }
  const n: usize = 4 + usize(c == 102)
  const same = <usize>ctz(load<u64>(p) ^ word) >> 3
  if (same < n) unexpected(p + same)
  if (c == 110) tape.nil()
  else tape.boolean(c == 116)
  return p + n
}

/** RFC 8259, 5. */
function list(p: usize, place: u32): usize {
  if (depth >= MAX_DEPTH) refuse(Code.DEPTH, p)
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

/** No `placeOf` is this. */
const INNER: u32 = u32.MAX_VALUE
/** Where the map is that is one too deep, if it is one. */
let tooDeep: u64 = 0
/** Whether the map for "/" was the inner one of the reserved form for bytes; they are at the top of the data arena then. */
let found: bool = false

/**
 * RFC 8259, 4. DAG-JSON: keys sorted by their bytes, each once. A map whose first key is "/" is reserved if that stands for a string, or for a map whose first key is "bytes"
 * and stands for a string; it has no other entries then.
 * @param place as for `item`; INNER if the map stands for "/", the first key of another
 */
function map(p: usize, place: u32): usize {
  if (load<u32>(p, 1) == 0x3a222f22) {
    // {"/":" and {"/":{"bytes":" as they are mostly met
    if (load<u8>(p, 5) == Char.QUOTE) return link(p + 6)
    if (load<u64>(p, 5) == 0x227365747962227b && load<u16>(p, 13) == 0x223a) return endBytes(bytes(p + 15))
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
  const like: usize = place == INNER || depth >= MAX_DEPTH ? 0 : tape.recentMap(slot)
  let expected = like ? like + RECORD : 0
  let shared: u32 = 0
  let own: u32 = 0
  let previous: usize = 0
  let odd: u32 = 0
  depth++
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
      p = take(string(p + 1), Char.COLON)
      // in a later map the same text would be another key
      if (escaped) odd |= ESCAPED
      let under = placeOf(name)
      if (previous) {
        const c = compareKeys(tape.keyBytes(previous), tape.keyLength(previous), tape.keyBytes(name), tape.keyLength(name), Order.BYTES)
        if (c == 0) fail(Code.DUPLICATE_KEY, at)
        if (c > 0) {
          if (!lenient) fail(Code.KEY_ORDER, at)
          odd |= UNORDERED
        }
      } else if (tape.keyLength(name) == 1 && load<u8>(tape.keyBytes(name)) == Char.SLASH) {
        odd |= ESCAPED
        p = skipSpace(p)
        if (load<u8>(p) == Char.QUOTE) {
          depth--
          tape.rewind(record)
          return link(p + 1)
        }
        if (load<u8>(p) == Char.MAP) under = INNER
      } else if (place == INNER && tape.keyLength(name) == 5 && load<u32>(tape.keyBytes(name)) == 0x65747962 && load<u8>(tape.keyBytes(name), 4) == 115) {
        p = skipSpace(p)
        if (load<u8>(p) == Char.QUOTE) {
          depth--
          found = true
          return bytes(p + 1)
        }
      }
      if (depth > MAX_DEPTH && under != INNER) fail(Code.DEPTH, tooDeep)
      p = item(p, under)
      if (found) {
        found = false
        depth--
        tape.rewind(record)
        return endBytes(p)
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
  return ((load<u32>(tape.keyBytes(name)) & (n < 4 ? (1 << (n << 3)) - 1 : -1)) * 0x9e3779b1 + n) >>> 1
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

/** The link whose text begins at `p`, after the quotation mark, and the end of its map. DAG-JSON: CIDv0 in base58btc, CIDv1 in base32. */
function link(p: usize): usize {
  const start = offsetOf(p)
  const at = tape.dataHere()
  let n: u32 = 36
  // by far most: CIDv1, a codec below 128, sha2-256
  if (atHand(p) > 59 && load<u8>(p) == 98 && load<u8>(p, 59) == Char.QUOTE && decodeBase32(p + 1, 58, at) == 36 && (load<u16>(at) & 0x80ff) == 1 && load<u16>(at, 2) == 0x2012) {
    p += 60
  } else {
    p = unescape(p, lenient)
    n = cid(at, unescaped, start)
  }
  p = take(p, Char.MAP_END)
  tape.dataLink(n)
  return p
}

/** Decodes the text of a CID where it stands, before a quotation mark; answers its length. @param start where to point on failure */
function cid(at: usize, n: u32, start: u64): u32 {
  // all CIDv0 have 46 characters, and no other text
  if (n == 46 && load<u8>(at) == 81 && decodeBase58(at, at)) return 34
  let count: u32 = 0
  if (load<u8>(at) == 98) {
    count = decodeBase32(at + 1, n - 1, at)
    if (<i32>count > <i32>MAX_CID) fail(Code.TOO_LARGE, start, count)
  }
  if (<i32>count < 4 || load<u8>(at) != 1) fail(Code.INVALID_CID, start)
  checkCid(at, count, start)
  return count
}

/** The bytes whose base64 text begins at `p`, after the quotation mark, and the end of their map; they go to the data arena, for `endBytes`. Lenient: padding. */
function bytes(p: usize): usize {
  const start = offsetOf(p)
  const at = tape.dataHere()
  p = unescape(p, lenient)
  let end = at + unescaped
  while (end > at && load<u8>(end - 1) == 61) end--
  if (!lenient && end < at + unescaped) fail(Code.NON_CANONICAL, start + <u64>(end - at), 61)
  // decoded where it stands: what is written stays behind what is read
  const to = decodeBase64(at, at)
  // the bits that are left over are zero
  if (stoppedAt != end || ((end - at) & 3) == 1 || load<u8>(to) != 0) fail(Code.MALFORMED, start + (stoppedAt != end ? <u64>(stoppedAt - at) : 0))
  decoded = <u32>(to - at)
  return take(p, Char.MAP_END)
}

/** Length of what `bytes` has written. */
let decoded: u32 = 0

/** The end of the outer map of bytes. */
function endBytes(p: usize): usize {
  p = take(p, Char.MAP_END)
  tape.dataBytes(decoded)
  return p
}
