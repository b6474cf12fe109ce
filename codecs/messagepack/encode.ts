/** The node tape to MessagePack: the shortest format of each integer, string, byte string, list and map; floats of 64 bits; keys in the tape's order. */
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as order from '../sdk/order'
import { Order } from '../sdk/order'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'
import { Format } from './format'

export function encodeBlock(): void {
  const root = node.openNode()
  out.openOutput()
  item(root)
  out.closeOutput()
}

/** Writes the value and answers the record after it. */
function item(n: usize): usize {
  const kind = node.kind(n)
  if (kind == Kind.STRING) {
    head(node.length(n), Format.FIXSTR, 32, Format.STR8)
    out.content(n)
  } else if (kind == Kind.UINT) {
    const value = node.integer(n)
    if (value < 128) out.byte(<u8>value)
    else sized(Format.UINT8, value, widthOf(value))
  } else if (kind == Kind.MAP) {
    return map(n)
  } else if (kind == Kind.LIST) {
    return list(n)
  } else {
    other(n, kind)
  }
  return n + RECORD
}

function other(n: usize, kind: Kind): void {
  if (kind == Kind.NINT) negative(n)
  else if (kind == Kind.FLOAT) float(n)
  else if (kind == Kind.BYTES) {
    const length = node.length(n)
    sized(Format.BIN8, length, widthOf(length))
    out.content(n)
  } else {
    // MessagePack has no links
    if (kind == Kind.LINK) fail(Code.WRONG_KIND, node.indexOf(n), kind)
    out.byte(kind == Kind.NULL ? <u8>Format.NIL : node.boolOf(n) ? <u8>Format.TRUE : <u8>Format.FALSE)
  }
}

/** A number takes 2 to this bytes: 0 to 3. */
// @ts-ignore: decorator
@inline function widthOf(value: u64): u32 { return u32(value > 0xff) + u32(value > 0xffff) + u32(value > 0xffffffff) }

/** One of the formats that follow `first`, and the number. @param width as of `widthOf` */
function sized(first: u32, value: u64, width: u32): void {
  const to = out.room(16)
  store<u8>(to, <u8>(first + width))
  // the lowest bytes first come out last
  store<u64>(to, bswap<u64>(value << (64 - (8 << width))), 1)
  out.wrote(1 + (1 << width))
}

/** A length in its format's byte if it is below `few`. */
// @ts-ignore: decorator
@inline function head(length: u32, fix: u32, few: u32, first: u32): void {
  if (length < few) out.byte(<u8>(fix | length))
  else sized(first, length, widthOf(length))
}

/** The number −1 − n: negative fixint, int 8 … int 64. */
function negative(node_: usize): void {
  const n = node.integer(node_)
  if (n < 32) out.byte(<u8>~n)
  else if (n >> 63) fail(Code.NUMBER_RANGE, node.indexOf(node_))
  // twice, since a bit is for the sign
  else sized(Format.INT8, ~n & mask(widthOf(n << 1)), widthOf(n << 1))
}

// @ts-ignore: decorator
@inline function mask(width: u32): u64 { return <u64>-1 >> (64 - (8 << width)) }

function float(n: usize): void {
  const x = node.floatOf(n)
  if (!(x - x == 0)) fail(Code.UNSUPPORTED, node.indexOf(n))
  const to = out.room(9)
  store<u8>(to, <u8>Format.FLOAT64)
  store<u64>(to, bswap<u64>(reinterpret<u64>(x)), 1)
  out.wrote(9)
}

function list(n: usize): usize {
  const count = node.length(n)
  counted(count, Format.FIXARRAY, Format.ARRAY16)
  let at = n + RECORD
  for (let i: u32 = 0; i < count; i++) at = item(at)
  return at
}

/** The number of items or entries, for which there is no format with 8 bits. */
function counted(count: u32, fix: u32, first: u32): void {
  if (count < 16) out.byte(<u8>(fix | count))
  else sized(first - 1, count, max(1, widthOf(count)))
}

/** Keys in the order in which they stand on the tape. */
function map(n: usize): usize {
  const count = node.length(n)
  const shared = node.shared(n)
  // which finds keys that come twice, once for all maps that have the same
  if (count > 1) order.orderOf(n, Order.BYTES)
  counted(count, Format.FIXMAP, Format.MAP16)
  let at = n + RECORD
  let name = shared ? node.like(n) + RECORD : at
  for (let i: u32 = 0; i < count; i++) {
    if (i >= shared) {
      name = at
      at += RECORD
    }
    const length = node.length(name)
    head(length, Format.FIXSTR, 32, Format.STR8)
    out.copy(node.resident(name), length)
    at = item(at)
    if (i < shared) name = node.next(name + RECORD)
  }
  return at
}
