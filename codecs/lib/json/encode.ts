/** The node tape to plain JSON as ECMAScript's JSON.stringify writes it, with keys in the tape's order or sorted. What json and json-jcs share; sections are those of RFC 8259. */
import { windowAddress } from '../../sdk/control'
import { Code, fail } from '../../sdk/fail'
import { readInput } from '../../sdk/input'
import * as node from '../../sdk/node'
import * as order from '../../sdk/order'
import { Order } from '../../sdk/order'
import * as out from '../../sdk/output'
import { Kind, RECORD } from '../../sdk/tape'
import { most } from './form'
import { bracket, escaped, punctuation, quoted, scalar } from './write'

/** Bytes of a long string that are taken at a time. */
const PIECE: u32 = 8192

/** Whether keys are sorted by their UTF-16 code units, as RFC 8785 demands. */
let sorted: bool = false

export function encodePlain(inOrder: bool): void {
  sorted = inOrder
  const root = node.openNode()
  out.openOutput()
  item(root)
  out.closeOutput()
}

/** Writes the value and answers the record after it. */
function item(n: usize): usize {
  const kind = node.kind(n)
  if (kind == Kind.MAP) return sorted ? sortedMap(n) : map(n)
  if (kind == Kind.LIST) return list(n)
  if (kind == Kind.STRING) {
    string(n)
  } else {
    // JSON has no links and no bytes
    if (kind > Kind.STRING) fail(Code.WRONG_KIND, node.indexOf(n), kind)
    if (kind == Kind.UINT || kind == Kind.NINT) exact(n, kind)
    out.wroteTo(scalar(n, node.kind(n), out.room(64)))
  }
  return n + RECORD
}

/** Makes an integer that is none in this form the float that it is; fails if it is none. */
function exact(n: usize, kind: Kind): void {
  const value = node.integer(n)
  if (value < most || (value == most && kind == Kind.UINT) || most == u64.MAX_VALUE) return
  // 2^64 for −2^64
  const size = value + u64(kind == Kind.NINT)
  if (64 - <i32>clz(size) - <i32>ctz(size) > 53) fail(Code.NUMBER_RANGE, node.indexOf(n))
  const x = size ? <f64>size : 18446744073709551616.0
  store<u8>(n, <u8>Kind.FLOAT)
  store<f64>(n, kind == Kind.NINT ? -x : x, 8)
}

/** Section 7. */
function string(n: usize): void {
  let length = node.length(n)
  if (!node.outside(n)) {
    quoted(node.resident(n), length)
    return
  }
  punctuation(34)
  for (let offset = node.inputOffset(n); length; ) {
    const size = min(length, PIECE)
    readInput(windowAddress(), size, offset)
    escaped(windowAddress(), size)
    offset += size
    length -= size
  }
  bracket(34)
}

/** Section 5. */
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

/** Section 4: keys in the order in which they stand on the tape. */
function map(n: usize): usize {
  const count = node.length(n)
  const shared = node.shared(n)
  // which finds keys that come twice, once for all maps that have the same
  if (count > 1) order.orderOf(n, Order.BYTES)
  let at = n + RECORD
  let name = shared ? node.like(n) + RECORD : at
  bracket(123)
  for (let i: u32 = 0; i < count; i++) {
    if (i) punctuation(44)
    if (i >= shared) {
      name = at
      at += RECORD
    }
    quoted(node.resident(name), node.length(name))
    punctuation(58)
    at = item(at)
    if (i < shared) name = node.next(name + RECORD)
  }
  bracket(125)
  return at
}

/** The same, sorted. */
function sortedMap(n: usize): usize {
  const count = node.length(n)
  const keys = order.orderOf(n, Order.UTF16)
  const values: usize = order.inOrder(keys) ? 0 : order.valuesOf(n)
  const shared = node.shared(n)
  let at = n + RECORD
  bracket(123)
  for (let i: u32 = 0; i < count; i++) {
    if (i) punctuation(44)
    quoted(order.keyAddress(keys, i), order.keyLength(keys, i))
    punctuation(58)
    if (values) at = load<u32>(values + (<usize>order.place(keys, i) << 2))
    else if (i >= shared) at += RECORD
    at = item(at)
  }
  bracket(125)
  return values ? node.next(n) : at
}
