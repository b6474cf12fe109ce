/** The node tape to CBOR: shortest heads, keys sorted by length and then by bytes. DAG-CBOR: links, and floats of 64 bits; plain CBOR: floats as short as can be. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as order from '../../sdk/order'
import { Order } from '../../sdk/order'
import * as out from '../../sdk/output'
import { Kind, RECORD } from '../../sdk/tape'
import { halfOf } from './half'
import { plain } from './head'

export function encodeBlock(): void {
  const root = node.openNode()
  out.openOutput()
  item(root)
  out.closeOutput()
}

/** The initial byte and the argument in its shortest form. @param major the major type, shifted to the upper three bits */
// @ts-ignore: decorator
@inline export function head(major: u32, argument: u64): void {
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

/** The major type of each kind, shifted, that begins with a head; 1 for the others. */
// @ts-ignore: decorator
@lazy const MAJOR: usize = memory.data<u8>([1, 1, 1, 0x00, 0x20, 1, 0x60, 0x40, 1, 0x80, 0xa0, 1, 1, 1, 1, 1])

/** Writes the value and answers the record after it. */
export function item(n: usize): usize {
  const kind = node.kind(n)
  const major = <u32>load<u8>(MAJOR + kind)
  if (major == 1) {
    other(n, kind)
    return n + RECORD
  }
  if (kind < Kind.STRING) {
    head(major, node.integer(n))
    return n + RECORD
  }
  const length = node.length(n)
  head(major, length)
  if (kind < Kind.LIST) {
    out.content(n)
    return n + RECORD
  }
  return kind == Kind.MAP ? map(n, length) : list(n, length)
}

/** What has no argument: null, booleans, floats; and links, whose head is that of a tag. */
function other(n: usize, kind: Kind): void {
  if (kind == Kind.LINK) link(n)
  else if (kind == Kind.FLOAT) float(n)
  else out.byte(kind == Kind.NULL ? 0xf6 : node.boolOf(n) ? 0xf5 : 0xf4)
}

function list(n: usize, count: u32): usize {
  let at = n + RECORD
  for (let i: u32 = 0; i < count; i++) at = item(at)
  return at
}

function map(n: usize, count: u32): usize {
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
  if (plain) fail(Code.WRONG_KIND, node.indexOf(n), Kind.LINK)
  const length = node.length(n)
  store<u16>(out.room(2), 0x2ad8)
  out.wrote(2)
  head(0x40, length + 1)
  out.byte(0)
  out.copy(node.resident(n), length)
}

function float(n: usize): void {
  const x = node.floatOf(n)
  if (!(x - x == 0)) fail(plain ? Code.UNSUPPORTED : Code.NUMBER_RANGE, node.indexOf(n))
  const to = out.room(9)
  if (plain && short(x, to)) return
  store<u8>(to, 0xfb)
  store<u64>(to, bswap<u64>(reinterpret<u64>(x)), 1)
  out.wrote(9)
}

/** Writes a float in 16 or 32 bits, if it is one of these. */
function short(x: f64, to: usize): bool {
  const single = <f32>x
  if (<f64>single != x) return false
  const bits = halfOf(x)
  if (bits < 0) {
    store<u8>(to, 0xfa)
    store<u32>(to, bswap<u32>(reinterpret<u32>(single)), 1)
    out.wrote(5)
  } else {
    store<u8>(to, 0xf9)
    store<u16>(to, bswap<u16>(<u16>bits), 1)
    out.wrote(3)
  }
  return true
}
