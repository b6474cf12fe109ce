/** The node tape to DAG-JSON: no white space, keys sorted by their bytes, links and bytes in their reserved forms. Sections are those of RFC 8259. */
import { bracket, escaped, punctuation, quoted, scalar } from '../lib/json/write'
import { encodeBase32, encodeBase58, encodeBase64 } from '../sdk/base'
import { windowAddress } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as order from '../sdk/order'
import { Order } from '../sdk/order'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'

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

// --- lists (5) and maps (4) ------------------------------------------------------------------------------------------------------------------------------

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
