/** The node tape to DAG-JSON: no white space, keys sorted by their bytes, links and bytes in their reserved forms. Sections are those of RFC 8259. */
import { encodeBase32, encodeBase58, encodeBase64 } from '../sdk/base'
import { windowAddress } from '../sdk/control'
import { writeFloat, writeUint } from '../sdk/decimal'
import { Code, fail } from '../sdk/fail'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as order from '../sdk/order'
import { Order } from '../sdk/order'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'
import { letter } from './string'

/** Bytes of a long value that are taken at a time: a multiple of 3, for base64. */
const PIECE: u32 = 3 * 4096

export function encodeBlock(): void {
  const root = node.openNode()
  out.openOutput()
  item(root)
  out.closeOutput()
}

/** Writes the value and answers the record after it. */
function item(n: usize): usize {
  const kind = node.kind(n)
  if (kind == Kind.MAP) return map(n)
  if (kind == Kind.LIST) return list(n)
  if (kind == Kind.STRING) string(n)
  else if (kind == Kind.LINK) link(n)
  else if (kind == Kind.BYTES) bytes(n)
  else {
    out.wroteTo(scalar(n, kind, out.room(64)))
  }
  return n + RECORD
}

/** Literals (3) and numbers (6). Answers the address after what it writes to `to`. */
function scalar(n: usize, kind: Kind, to: usize): usize {
  const value = node.integer(n)
  if (kind == Kind.UINT) return writeUint(to, value)
  if (kind == Kind.NINT) {
    store<u8>(to, 45)
    // −1 − n; −2^64 is one more than an unsigned integer holds, and differs in its last digit only
    if (value != u64.MAX_VALUE) return writeUint(to + 1, value + 1)
    to = writeUint(to + 1, value)
    store<u8>(to - 1, 54)
    return to
  }
  if (kind == Kind.FLOAT) {
    const x = node.floatOf(n)
    if (!(x - x == 0)) fail(Code.NUMBER_RANGE, node.indexOf(n))
    return writeFloat(to, x)
  }
  if (kind == Kind.BOOL && !node.boolOf(n)) {
    store<u64>(to, 0x65736c6166)
    return to + 5
  }
  store<u32>(to, kind == Kind.NULL ? 0x6c6c756e : 0x65757274)
  return to + 4
}

// --- strings (7) -----------------------------------------------------------------------------------------------------------------------------------------

function string(n: usize): void {
  const length = node.length(n)
  if (!node.outside(n)) {
    quoted(node.resident(n), length)
  } else {
    punctuation(34)
    outside(n, length)
    punctuation(34)
  }
}

/** The content of a string or bytes that stands outside, piece by piece. */
function outside(n: usize, length: u32): void {
  let offset = node.inputOffset(n)
  while (length) {
    const size = min(length, PIECE)
    readInput(windowAddress(), size, offset)
    if (node.kind(n) == Kind.STRING) escaped(windowAddress(), size)
    else base64(windowAddress(), size)
    offset += size
    length -= size
  }
}

/** Bits 0…15: which of 16 bytes have to be escaped: the quotation mark, the backslash and control characters. */
// @ts-ignore: decorator
@inline function special(v: v128): i32 {
  return i8x16.bitmask(v128.or(i8x16.lt_u(v, i8x16.splat(32)), v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92)))))
}

/** The `n` bytes at `p` as a string. */
function quoted(p: usize, n: u32): void {
  let to = out.room(32)
  store<u8>(to++, 34)
  const v = v128.load(p)
  if (n <= 16 && (special(v) & ((1 << n) - 1)) == 0) {
    v128.store(to, v)
    to += n
  } else {
    out.wroteTo(to)
    escaped(p, n)
    to = out.room(1)
  }
  store<u8>(to, 34)
  out.wroteTo(to + 1)
}

/** Writes `n` bytes of text, with escapes where they have to be. */
function escaped(p: usize, n: u32): void {
  while (n) {
    // what is written is at most six times as long
    const size = min<u32>(n, 2048)
    let to = out.room(6 * size + 16)
    const last = p + size
    while (p < last) {
      const v = v128.load(p)
      v128.store(to, v)
      const left = last - p
      // of what stands after the text nothing may depend, not even fuel
      const mask = left < 16 ? special(v) & ((1 << <i32>left) - 1) : special(v)
      const plain = mask ? <usize>ctz(mask) : min<usize>(16, left)
      p += plain
      to += plain
      if (mask) to = escape(to, load<u8>(p++))
    }
    out.wroteTo(to)
    n -= size
  }
}

/** As ECMAScript's JSON.stringify does: the short form if there is one. */
function escape(to: usize, c: u32): usize {
  const short = c >= 32 ? c : c >> 3 == 1 ? letter(c) : 117
  store<u16>(to, <u16>(short << 8 | 92))
  if (short != 117) return to + 2
  store<u16>(to, 0x3030, 2)
  store<u8>(to, <u8>(48 + (c >> 4)), 4)
  store<u8>(to, <u8>((c & 15) + ((c & 15) < 10 ? 48 : 87)), 5)
  return to + 6
}

// --- lists (5) and maps (4) ------------------------------------------------------------------------------------------------------------------------------

/** One character where there is room for 16: after each value, since that is how `out.room` leaves it. */
// @ts-ignore: decorator
@inline function punctuation(c: u8): void {
  store<u8>(out.here(), c)
  out.wrote(1)
}

/** The same, where any number of others may stand before it. */
function bracket(c: u8): void {
  out.room(1)
  punctuation(c)
}

function list(n: usize): usize {
  const count = node.length(n)
  let at = n + RECORD
  bracket(91)
  for (let i: u32 = 0; i < count; i++) {
    if (i) punctuation(44)
    at = item(at)
  }
  bracket(93)
  return at
}

function map(n: usize): usize {
  const count = node.length(n)
  let at = n + RECORD
  if (count == 0) {
    punctuation(123)
    bracket(125)
    return at
  }
  const start = out.here()
  const sorted = order.orderOf(n, Order.BYTES)
  const values: usize = order.inOrder(sorted) ? 0 : order.valuesOf(n)
  const shared = node.shared(n)
  for (let i: u32 = 0; i < count; i++) {
    punctuation(i ? 44 : 123)
    quoted(order.keyAddress(sorted, i), order.keyLength(sorted, i))
    punctuation(58)
    if (values) at = load<u32>(values + (<usize>order.place(sorted, i) << 2))
    else if (i >= shared) at += RECORD
    at = item(at)
  }
  bracket(125)
  // DAG-JSON: a map that would be read as a link or bytes has no form of its own
  if (load<u64>(start) << 16 == LINK << 16 || (load<u64>(start) == BYTES && load<u64>(start, 8) << 8 == BYTES_REST << 8)) fail(Code.UNSUPPORTED, node.indexOf(n))
  return values ? node.next(n) : at
}

// --- links and bytes (DAG-JSON) --------------------------------------------------------------------------------------------------------------------------

/** `{"/":"`, and `{"/":{"bytes":"` in two parts */
const LINK: u64 = 0x223a222f227b
const BYTES: u64 = 0x62227b3a222f227b
const BYTES_REST: u64 = 0x223a2273657479

/** CIDv0 in base58btc, CIDv1 in base32 with its prefix. */
function link(n: usize): void {
  const length = node.length(n)
  const from = node.resident(n)
  const start = out.room(<usize>length * 2 + 64)
  store<u64>(start, LINK)
  let to = start + 6
  if (length == 34 && load<u16>(from) == 0x2012) {
    to = encodeBase58(from, to)
  } else {
    store<u8>(to, 98)
    to = encodeBase32(from, length, to + 1)
  }
  store<u16>(to, 0x7d22)
  out.wroteTo(to + 2)
}

function bytes(n: usize): void {
  const to = out.room(16)
  store<u64>(to, BYTES)
  store<u64>(to, BYTES_REST, 8)
  out.wrote(15)
  const length = node.length(n)
  if (node.outside(n)) outside(n, length)
  else base64(node.resident(n), length)
  store<u32>(out.room(4), 0x7d7d22)
  out.wrote(3)
}

function base64(p: usize, n: u32): void {
  out.wroteTo(encodeBase64(p, n, out.room(<usize>(n / 3) * 4 + 32)))
}
