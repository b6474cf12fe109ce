/** The node tape to DAG-CBOR: shortest heads, 64-bit floats, keys sorted by length and then by bytes. */
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as order from '../sdk/order'
import { Order } from '../sdk/order'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'

export function encodeBlock(): void {
  const root = node.openNode()
  out.openOutput()
  item(root)
  out.closeOutput()
}

/** The initial byte and the argument in its shortest form. @param major the major type, shifted to the upper three bits */
// @ts-ignore: decorator
@inline function head(major: u32, argument: u64): void {
  const to = out.room(9)
  if (argument < 24) {
    store<u8>(to, <u8>(major | <u32>argument))
    out.wrote(1)
  } else if (argument < 0x100) {
    store<u16>(to, <u16>(major | 24 | <u32>argument << 8))
    out.wrote(2)
  } else {
    longHead(to, major, argument)
  }
}

function longHead(to: usize, major: u32, argument: u64): void {
  if (argument < 0x10000) {
    store<u8>(to, <u8>(major | 25))
    store<u16>(to, bswap<u16>(<u16>argument), 1)
    out.wrote(3)
  } else if (argument < 0x100000000) {
    store<u8>(to, <u8>(major | 26))
    store<u32>(to, bswap<u32>(<u32>argument), 1)
    out.wrote(5)
  } else {
    store<u8>(to, <u8>(major | 27))
    store<u64>(to, bswap<u64>(argument), 1)
    out.wrote(9)
  }
}

/** Writes the value and answers the record after it. */
function item(n: usize): usize {
  switch (node.kind(n)) {
    case Kind.STRING:
      head(0x60, node.length(n))
      out.content(n)
      break
    case Kind.UINT:
      head(0x00, node.integer(n))
      break
    case Kind.MAP:
      return map(n)
    case Kind.LIST:
      return list(n)
    case Kind.LINK:
      link(n)
      break
    case Kind.NULL:
      out.byte(0xf6)
      break
    case Kind.BOOL:
      out.byte(node.boolOf(n) ? 0xf5 : 0xf4)
      break
    case Kind.BYTES:
      head(0x40, node.length(n))
      out.content(n)
      break
    case Kind.NINT:
      head(0x20, node.integer(n))
      break
    default:
      float(n)
  }
  return n + RECORD
}

function list(n: usize): usize {
  const count = node.length(n)
  head(0x80, count)
  let at = n + RECORD
  for (let i: u32 = 0; i < count; i++) at = item(at)
  return at
}

function map(n: usize): usize {
  const count = node.length(n)
  head(0xa0, count)
  const sorted = order.orderOf(n, Order.LENGTH_FIRST)
  if (order.inOrder(sorted)) {
    const shared = node.shared(n)
    let at = n + RECORD
    for (let i: u32 = 0; i < count; i++) {
      key(sorted, i)
      at = item(i < shared ? at : at + RECORD)
    }
    return at
  }
  const values = order.valuesOf(n)
  for (let i: u32 = 0; i < count; i++) {
    key(sorted, i)
    item(load<u32>(values + (<usize>order.place(sorted, i) << 2)))
  }
  return node.next(n)
}

// @ts-ignore: decorator
@inline function key(sorted: usize, i: u32): void {
  const length = order.keyLength(sorted, i)
  head(0x60, length)
  out.copy(order.keyAddress(sorted, i), length)
}

/** Tag 42: a byte string with a zero byte and the CID. */
function link(n: usize): void {
  const length = node.length(n)
  store<u16>(out.room(2), 0x2ad8)
  out.wrote(2)
  head(0x40, length + 1)
  out.byte(0)
  out.copy(node.resident(n), length)
}

function float(n: usize): void {
  const x = node.floatOf(n)
  if (!(x - x == 0)) fail(Code.NUMBER_RANGE, node.indexOf(n))
  const to = out.room(9)
  store<u8>(to, 0xfb)
  store<u64>(to, bswap<u64>(reinterpret<u64>(x)), 1)
  out.wrote(9)
}
