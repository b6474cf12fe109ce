/** A cell as a value of DAG-CBOR: text, or, if it is asked for, what its text is the one way to write. */
import { putHead, putShort } from '../../codecs/lib/cbor/put'
import { Major, Simple } from '../../codecs/lib/cbor/head'
import { readFloat, writeFloat } from '../../codecs/sdk/decimal'
import { compareKeys, Order } from '../../codecs/sdk/order'
import { cellAt, cellLength, cellQuotes } from './scan'

const MINUS: u32 = 45
const POINT: u32 = 46
const QUOTE: u32 = 34

/** Writes a cell as text and answers the address after it. May write 16 bytes past that. */
export function putText(to: usize, i: u32): usize {
  const p = cellAt(i)
  const n = cellLength(i)
  const doubled = cellQuotes(i) >> 1
  to = putHead(to, Major.TEXT, n - doubled)
  return doubled ? putUndoubled(to, p, n) : putShort(to, p, n)
}

/** Each two quotes as one. */
function putUndoubled(to: usize, p: usize, n: u32): usize {
  for (const end = p + n; p < end; p++) {
    const c = load<u8>(p)
    store<u8>(to++, c)
    if (c == QUOTE) p++
  }
  return to
}

/**
 * Writes a cell as null, a boolean, an integer or a float if its text is what such a value is written as, and otherwise as text: so the text can be had back from the value.
 * What stands in quotes is text. May write 16 bytes past its end.
 */
export function putTyped(to: usize, i: u32): usize {
  if (cellQuotes(i)) return putText(to, i)
  const p = cellAt(i)
  const n = cellLength(i)
  if (!n) return putSimple(to, Simple.NULL)
  const c = <u32>load<u8>(p)
  if (c - 48 < 10 || c == MINUS) {
    const after = putNumber(to, p, n)
    if (after) return after
  } else if (n == 4 && load<u32>(p) == 0x65757274) {
    return putSimple(to, Simple.TRUE)
  } else if (n == 5 && load<u32>(p) == 0x736c6166 && load<u8>(p, 4) == 101) {
    return putSimple(to, Simple.FALSE)
  }
  return putText(to, i)
}

function putSimple(to: usize, value: Simple): usize {
  store<u8>(to, <u8>value)
  return to + 1
}

/** Writes the number that the `n` bytes at `p` are; 0, and nothing, if they are not one in its one form. */
function putNumber(to: usize, p: usize, n: u32): usize {
  const negative = <u32>load<u8>(p) == MINUS
  const start = p + usize(negative)
  const end = p + n
  let at = start
  let value: u64 = 0
  while (at < end && <u32>load<u8>(at) - 48 < 10) value = value * 10 + <u64>(load<u8>(at++) - 48)
  const count = at - start
  if (count == 0) return 0
  const zero = load<u8>(start) == 48
  if (zero && count > 1) return 0
  if (at < end) return putFloat(to, p, start, end)
  // of the numbers from 10^19 to 2 × 10^19 − 1, those beyond 64 bits have wrapped around to less than 10^19; −2^64 has wrapped around to 0
  if (count > 19 && (count > 20 || load<u8>(start) != 49 || (value < 10000000000000000000 && !(negative && value == 0)))) return 0
  if (!negative) return putHead(to, Major.UINT, value)
  // −0 is no integer
  return zero ? 0 : putHead(to, Major.NEGATIVE, value - 1)
}

// @ts-ignore: decorator
@lazy const WRITTEN: usize = memory.data(96, 16)
/** Most bytes of a float as it is written. */
const LONGEST: u32 = 26

/** A float: as ECMAScript writes it, with `.0` after a whole number that has no exponent. @param start its first digit */
function putFloat(to: usize, p: usize, start: usize, end: usize): usize {
  if (end - p > LONGEST) return 0
  let w: u64 = 0
  let count = 0
  let exponent = 0
  let point = false
  let at = start
  for (; at < end; at++) {
    const c = <u32>load<u8>(at)
    if (c == POINT && !point) {
      point = true
      continue
    }
    if (c - 48 > 9) break
    if (count < 19) {
      w = w * 10 + (c - 48)
      count += i32(w != 0)
      exponent -= i32(point)
    } else {
      // no float is written with more than 17 digits that are not zeros at the end
      if (c != 48) return 0
      exponent += i32(!point)
    }
  }
  // 15 digits or fewer that do not end in a zero stand for a float of their own, and are how it is written unless that is with an exponent
  const usual = at == end && count <= 15 && <u32>load<u8>(end - 1) - 49 < 9 && count + exponent > -6
  if (at < end) {
    if (load<u8>(at) != 101 || ++at == end) return 0
    const c = <u32>load<u8>(at)
    const minus = c == MINUS
    if (minus || c == 43) at++
    let e = 0
    for (; at < end; at++) {
      const digit = <u32>load<u8>(at) - 48
      if (digit > 9 || e > 999) return 0
      e = e * 10 + <i32>digit
    }
    exponent += minus ? -e : e
  }
  const size = readFloat(w, count, exponent, false, start)
  if (size == Infinity) return 0
  const x = start == p ? size : -size
  if (!usual) {
    const n = <u32>(writeFloat(WRITTEN, x) - WRITTEN)
    if (n != <u32>(end - p) || compareKeys(WRITTEN, n, p, n, Order.BYTES)) return 0
  }
  store<u8>(to, 0xfb)
  store<u64>(to, bswap(reinterpret<u64>(x)), 1)
  return to + 9
}
