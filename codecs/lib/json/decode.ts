/** Plain JSON (RFC 8259) to the node tape: all of it or, strictly, the text that one encoder writes. What json and json-jcs share; sections are those of the RFC. */
import { Code, fail, MAX_DEPTH } from '../../sdk/fail'
import { ahead, atEnd, offsetOf, openInput } from '../../sdk/input'
import { follows, keyBit, keyHash, Odd, refuseDuplicates } from '../../sdk/keys'
import { Order } from '../../sdk/order'
import * as tape from '../../sdk/tape'
import { Kind, RECORD } from '../../sdk/tape'
import { isSpace, lenient, refuse, setLenient, skipSpace, take, unexpected } from './cursor'
import { number } from './number'
import { escaped, string } from './string'

const enum Char { QUOTE = 34, COMMA = 44, MINUS = 45, COLON = 58, LIST = 91, LIST_END = 93, MAP = 123, MAP_END = 125 }

const BYTE_ORDER_MARK: u32 = 0xbfbbef

/** Whether keys have to be in UTF-16 order. */
let sorted: bool = false

/** @param inOrder whether keys come as RFC 8785 sorts them; otherwise in any order, which the tape keeps */
export function decodePlain(lax: bool, inOrder: bool): void {
  setLenient(lax)
  sorted = inOrder
  let p = openInput()
  tape.openTape(true)
  // which a parser may pass over (8.1)
  if (lax && (load<u32>(p) & 0xffffff) == BYTE_ORDER_MARK) p += 3
  const end = skipSpace(item(p, 0))
  if (!atEnd(end)) refuse(isSpace(load<u8>(end)) ? Code.NON_CANONICAL : Code.TRAILING_BYTES, end)
  tape.closeTape()
}

/** Lists and maps that are open. Not an argument, to keep the frames of the recursion small. */
let depth: u32 = 0

/** One value (3) at `p`. @param place where it stands, as far as it tells maps apart */
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

/** Goes on after what stands between two items or after the last: answers whether that is a comma in `more`. */
// @ts-ignore: decorator
@inline function between(p: usize, end: u32): usize {
  let c = <u32>load<u8>(p)
  if (c != Char.COMMA && c != end) {
    p = skipSpace(p)
    c = load<u8>(p)
    if (c != Char.COMMA && c != end) unexpected(p)
  }
  more = c == Char.COMMA
  return p + 1
}
let more: bool = false

/** Section 5. */
function list(p: usize, place: u32): usize {
  if (depth >= MAX_DEPTH) refuse(Code.DEPTH, p)
  const record = tape.open(Kind.LIST)
  let count: u32 = 0
  p++
  if (load<u8>(p) != Char.LIST_END) p = skipSpace(p)
  if (load<u8>(p) == Char.LIST_END) {
    tape.close(record, 0)
    return p + 1
  }
  depth++
  do {
    p = between(item(p, place), Char.LIST_END)
    count++
  } while (more)
  depth--
  tape.close(record, count)
  return p
}

/** Whether the key at `p` is that of a key record; the closing quotation mark must follow. */
// @ts-ignore: decorator
@inline function matches(key: usize, p: usize): bool {
  const n = tape.keyLength(key)
  // in this order: nothing may depend on what stands behind the input
  return tape.sameKey(key, p, n) && load<u8>(p + n) == Char.QUOTE
}

/** Section 4, and each key once. */
function map(p: usize, place: u32): usize {
  if (depth >= MAX_DEPTH) refuse(Code.DEPTH, p)
  const record = tape.open(Kind.MAP)
  p = toKey(p + 1, true)
  if (load<u8>(p) == Char.MAP_END) {
    tape.close(record, 0)
    return p + 1
  }
  const slot = tape.slotOf(firstBytes(p + 1) + place)
  // the map with the same keys, and its next one as far as they are the same, else 0. The slot may be another's by the end
  const like = tape.recentMap(slot)
  let expected = like ? like + RECORD : 0
  let shared: u32 = 0
  let own: u32 = 0
  let previous: usize = 0
  let odd: u32 = 0
  let seen: u64 = 0
  depth++
  while (true) {
    if (expected && matches(expected, p + 1)) {
      p = take(p + tape.keyLength(expected) + 2, Char.COLON)
      const under = keyHash(expected)
      seen |= keyBit(expected, under)
      p = item(p, under)
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
      if (escaped) odd |= Odd.ESCAPED
      if (previous) odd |= compared(previous, name, at)
      // keys in order are not the same; others may be if their bits are
      const under = keyHash(name)
      const bit = keyBit(name, under)
      if (seen & bit) odd |= Odd.CLASH
      seen |= bit
      p = item(p, under)
      previous = name
      own++
    }
    p = between(p, Char.MAP_END)
    if (!more) break
    p = toKey(p, false)
  }
  depth--
  if (shared) {
    tape.closeShared(record, shared + own, like, shared)
    // in which order those of the other map are is not known
    odd |= Odd.UNORDERED
  } else {
    tape.close(record, own)
    if ((odd & Odd.ESCAPED) == 0) tape.remember(slot, record)
  }
  refuseDuplicates(record, odd, offsetOf(p - 1))
  return p
}

/** Goes on to the quotation mark of a key. @param first whether the map may end here instead */
// @ts-ignore: decorator
@inline function toKey(p: usize, first: bool): usize {
  p = ahead(p)
  return load<u8>(p) == Char.QUOTE ? p : toKeyLater(p, first)
}

function toKeyLater(p: usize, first: bool): usize {
  p = skipSpace(p)
  const c = <u32>load<u8>(p)
  if (c != Char.QUOTE && !(first && c == Char.MAP_END)) unexpected(p)
  return p
}

/** As `follows`, of the key `name`, which stands at `at`. */
function compared(previous: usize, name: usize, at: u64): u32 {
  const odd = follows(previous, name, at, sorted ? Order.UTF16 : Order.BYTES)
  if (odd && sorted && !lenient) fail(Code.KEY_ORDER, at)
  return odd
}

/** The first four bytes of a string, without those from its closing quotation mark on. */
// @ts-ignore: decorator
@inline function firstBytes(p: usize): u32 {
  const x = load<u32>(p)
  const y = x ^ 0x22222222
  const quotes = (y - 0x01010101) & ~y & 0x80808080
  return quotes ? x & (((quotes & (0 - quotes)) >> 7) - 1) : x
}
