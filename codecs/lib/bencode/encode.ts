/** The node tape to bencode: keys sorted by their bytes. */
import { writeUint } from '../../sdk/decimal'
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as order from '../../sdk/order'
import { Order } from '../../sdk/order'
import * as out from '../../sdk/output'
import { Kind, RECORD } from '../../sdk/tape'

/** Writes the value at `root` as the block. The keys of all maps are the bytes that they stand for. */
export function encodeItem(root: usize): void {
  out.openOutput()
  item(root)
  out.closeOutput()
}

/** Writes a value and answers the record after it. */
function item(n: usize): usize {
  const kind = node.kind(n)
  if (kind == Kind.STRING || kind == Kind.BYTES) {
    size(node.length(n))
    out.content(n)
  } else if (kind == Kind.UINT || kind == Kind.NINT) {
    integer(n, kind)
  } else if (kind == Kind.LIST) {
    return list(n)
  } else if (kind == Kind.MAP) {
    return map(n)
  } else {
    fail(Code.WRONG_KIND, node.indexOf(n), kind)
  }
  return n + RECORD
}

/** A length and its colon. */
// @ts-ignore: decorator
@inline function size(n: u32): void {
  const to = out.room(40)
  if (n < 10) {
    store<u16>(to, <u16>(0x3a30 + n))
    out.wrote(2)
  } else {
    const end = writeUint(to, n)
    store<u8>(end, 0x3a)
    out.wroteTo(end + 1)
  }
}

function integer(n: usize, kind: Kind): void {
  let to = out.room(48)
  const x = node.integer(n)
  store<u8>(to++, 0x69)
  if (kind == Kind.UINT) {
    to = writeUint(to, x)
  } else {
    store<u8>(to++, 0x2d)
    // −2^64 differs from −(2^64 − 1), which 64 bits hold, in its last digit
    to = writeUint(to, x + u64(x != u64.MAX_VALUE))
    if (x == u64.MAX_VALUE) store<u8>(to - 1, 0x36)
  }
  store<u8>(to, 0x65)
  out.wroteTo(to + 1)
}

function list(n: usize): usize {
  out.byte(0x6c)
  let at = n + RECORD
  for (let i = node.length(n); i > 0; i--) at = item(at)
  out.byte(0x65)
  return at
}

function map(n: usize): usize {
  out.byte(0x64)
  const count = node.length(n)
  const sorted = order.orderOf(n, Order.BYTES)
  if (order.inOrder(sorted)) {
    const shared = node.shared(n)
    let at = n + RECORD
    for (let i: u32 = 0; i < count; i++) {
      key(sorted, i)
      at = item(i < shared ? at : at + RECORD)
    }
  } else {
    const values = order.valuesOf(n)
    for (let i: u32 = 0; i < count; i++) {
      key(sorted, i)
      item(load<u32>(values + (<usize>order.place(sorted, i) << 2)))
    }
  }
  out.byte(0x65)
  return node.next(n)
}

// @ts-ignore: decorator
@inline function key(sorted: usize, i: u32): void {
  const length = order.keyLength(sorted, i)
  size(length)
  out.copy(order.keyAddress(sorted, i), length)
}
