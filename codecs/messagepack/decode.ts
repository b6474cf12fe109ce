/** MessagePack to the node tape: https://github.com/msgpack/msgpack/blob/master/spec.md, whose names of formats are used here. */
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../sdk/input'
import { follows, keyBit, keyHash, Odd, refuseDuplicates } from '../sdk/keys'
import { Order } from '../sdk/order'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'
import { Format } from './format'
import { numbers, run } from './numbers'

let lenient: bool = false

export function decodeBlock(lax: bool): void {
  lenient = lax
  tape.openTape()
  const p = item(need(openInput(), 1), 0)
  if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
  tape.closeTape()
}

/** The number or length that `long` has read. */
let value: u64 = 0

/** Reads the `n` bytes after the format at `p`. Strict: `least` is what a shorter format does not hold. */
function long(p: usize, n: u32, least: u64): usize {
  p = need(p, 1 + n)
  if (n == 1) value = load<u8>(p, 1)
  else if (n == 2) value = bswap<u16>(load<u16>(p, 1))
  else if (n == 4) value = bswap<u32>(load<u32>(p, 1))
  else value = bswap<u64>(load<u64>(p, 1))
  if (value < least && !lenient) fail(Code.NON_CANONICAL, offsetOf(p), load<u8>(p))
  return p + 1 + n
}

/** One object at `p`, of which a byte is at hand. @param depth lists and maps that are open */
function item(p: usize, depth: u32): usize {
  const format = <i32>load<u8>(p)
  if (format < Format.FIXMAP) {
    tape.uint(format)
    return p + 1
  }
  if (format < Format.NIL) {
    if (format >= Format.FIXSTR) return tape.string(p + 1, <u32>format & 31)
    return format < Format.FIXARRAY ? map(p, depth) : array(p, depth)
  }
  if (format >= Format.NEGATIVE_FIXINT) {
    tape.negative(255 - format)
    return p + 1
  }
  if (format == Format.ARRAY16 || format == Format.ARRAY32) return array(p, depth)
  if (format >= Format.MAP16) return map(p, depth)
  return other(p, format)
}

/** What stands neither in its format's byte nor is a list or map. */
function other(p: usize, format: i32): usize {
  if (format >= Format.STR8) {
    p = long(p, 1 << (format - Format.STR8), leastString(format))
    return tape.string(p, <u32>value)
  }
  if (format >= Format.INT8 && format <= Format.INT64) return negative(p, format)
  if (format >= Format.UINT8 && format <= Format.UINT64) {
    p = long(p, 1 << (format - Format.UINT8), format == Format.UINT8 ? 128 : leastOf(format - Format.UINT8))
    tape.uint(value)
    return p
  }
  if (format == Format.FLOAT64 || format == Format.FLOAT32) return float(p, format)
  if (format >= Format.BIN8 && format <= Format.BIN32) {
    p = long(p, 1 << (format - Format.BIN8), format == Format.BIN8 ? 0 : leastOf(format - Format.BIN8))
    return tape.bytes(p, <u32>value)
  }
  if (format == Format.NIL) {
    tape.nil()
    return p + 1
  }
  if (format == Format.FALSE || format == Format.TRUE) {
    tape.boolean(format == Format.TRUE)
    return p + 1
  }
  if (format == Format.NEVER_USED) fail(Code.MALFORMED, offsetOf(p), format)
  return extension(p, format)
}

/** The least number that takes 2, 4 or 8 bytes. @param power their number is 2 to this */
// @ts-ignore: decorator
@inline function leastOf(power: i32): u64 { return <u64>1 << (4 << <u64>power) }
// @ts-ignore: decorator
@inline function leastString(format: i32): u64 { return format == Format.STR8 ? 32 : leastOf(format - Format.STR8) }

/** int 8 … int 64, of which strict takes only negative numbers: the others have a format of their own. */
function negative(p: usize, format: i32): usize {
  const start = p
  const n = 1 << (format - Format.INT8)
  p = long(p, n, 0)
  const unused = 64 - (n << 3)
  const x = <i64>(value << unused) >> unused
  const most: i64 = format == Format.INT8 ? -33 : -1 - (<i64>1 << ((n << 2) - 1))
  if (x > most && !lenient) fail(Code.NON_CANONICAL, offsetOf(start), format)
  if (x < 0) tape.negative(~x)
  else tape.uint(x)
  return p
}

/** float 32 and float 64. Strict: 64 bits, which is what encoders write, since the data model has no others. */
function float(p: usize, format: i32): usize {
  const wide = format == Format.FLOAT64
  p = need(p, wide ? 9 : 5)
  if (!wide && !lenient) fail(Code.NON_CANONICAL, offsetOf(p), format)
  const x = wide ? reinterpret<f64>(bswap<u64>(load<u64>(p, 1))) : <f64>reinterpret<f32>(bswap<u32>(load<u32>(p, 1)))
  if (!(x - x == 0)) fail(Code.UNSUPPORTED, offsetOf(p), format)
  tape.float(x)
  return p + (wide ? 9 : 5)
}

/** Extensions, timestamps among them, which the data model does not have: fails with their type, −1 as 255. */
function extension(p: usize, format: i32): usize {
  const lengthBytes: u32 = format <= Format.EXT32 ? 1 << (format - Format.EXT8) : 0
  p = need(p, 2 + lengthBytes)
  fail(Code.UNSUPPORTED, offsetOf(p), load<u8>(p + 1 + lengthBytes))
  return p
}

/** fixarray, array 16 and array 32. */
function array(p: usize, depth: u32): usize {
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, offsetOf(p))
  const record = tape.open(Kind.LIST)
  const format = <i32>load<u8>(p)
  let count = <u32>format & 15
  if (format < Format.NIL) {
    p++
  } else {
    p = long(p, 2 << (format - Format.ARRAY16), format == Format.ARRAY16 ? 16 : 0x10000)
    count = <u32>value
  }
  for (let left = count; left; left--) {
    p = numbers(need(p, 1), left)
    left -= run
    if (!left) break
    p = item(need(p, 1), depth + 1)
  }
  tape.close(record, count)
  return p
}

/** fixmap, map 16 and map 32: keys are strings, each once, in any order. */
function map(p: usize, depth: u32): usize {
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, offsetOf(p))
  const record = tape.open(Kind.MAP)
  const start = offsetOf(p)
  const format = <i32>load<u8>(p)
  let count = <u32>format & 15
  if (format < Format.NIL) {
    p++
  } else {
    p = long(p, 2 << (format - Format.MAP16), format == Format.MAP16 ? 16 : 0x10000)
    count = <u32>value
  }
  // where to look for maps like this one; the map with the same keys, how many are the same, and its next key. The slot may be another's by the end
  let slot: usize = 0
  let like: usize = 0
  let shared: u32 = 0
  let expected: usize = 0
  let previous: usize = 0
  let odd: u32 = 0
  let seen: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 1)
    const at = offsetOf(p)
    p = keyHead(p)
    const n = <u32>value
    if (i == 0) {
      p = need(p, min<u32>(n, 16))
      slot = tape.recentSlot(p, n, count)
      like = tape.recentMap(slot)
      if (like && load<u32>(like, 4) != count) like = 0
      expected = like + RECORD
    }
    if (like && shared == i && n <= 64 && tape.sameKey(expected, (p = need(p, n)), n)) {
      p = item(need(p + n, 1), depth + 1)
      previous = expected
      expected = tape.after(expected + RECORD)
      shared++
      continue
    }
    if (shared && shared == i) {
      // the keys differ from here on
      odd = Odd.UNORDERED
      seen = bitsOf(like, shared)
    }
    p = ownKey(p, n, at, previous)
    odd |= order | (seen & bit ? Odd.CLASH : 0)
    seen |= bit
    previous = tape.here() - RECORD
    p = item(need(p, 1), depth + 1)
  }
  if (shared) {
    tape.closeShared(record, count, like, shared)
  } else {
    tape.close(record, count)
    if (slot) tape.remember(slot, record)
  }
  refuseDuplicates(record, odd, start)
  return p
}

/** What `ownKey` has found: whether its key comes before the one before it, as UNORDERED, and the key's bit. */
let order: u32 = 0
let bit: u64 = 0

/**
 * The key of `n` bytes at `p`, whose format is at `at`, after the key at record `previous`. A function of its own, since what `map` keeps on the stack it keeps for each of the 1,024
 * maps that may be within each other.
 */
function ownKey(p: usize, n: u32, at: u64, previous: usize): usize {
  const name = tape.here()
  p = tape.key(p, n)
  order = previous ? follows(previous, name, at, Order.BYTES) : 0
  bit = keyBit(name, keyHash(name))
  return p
}

/** Reads the format of a key; its length is in `value`. */
// @ts-ignore: decorator
@inline function keyHead(p: usize): usize {
  const format = <i32>load<u8>(p)
  if (<u32>(format - Format.FIXSTR) < 32) {
    value = format & 31
    return p + 1
  }
  return longKey(p, format)
}

function longKey(p: usize, format: i32): usize {
  if (<u32>(format - Format.STR8) > 2) fail(Code.UNSUPPORTED, offsetOf(p), format)
  return long(p, 1 << (format - Format.STR8), leastString(format))
}

/** The bits of the first `n` keys of a map that has all its keys. */
function bitsOf(map: usize, n: u32): u64 {
  let bits: u64 = 0
  let name = map + RECORD
  for (let i: u32 = 0; i < n; i++) {
    bits |= keyBit(name, keyHash(name))
    name = tape.after(name + RECORD)
  }
  return bits
}
