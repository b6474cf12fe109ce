/** The node tape to a table. The columns are the keys of the first map, in its order; the other maps must have the same keys. */
import { MAX_CID } from '../../codecs/sdk/cid'
import { WINDOW } from '../../codecs/sdk/control'
import { Code, fail } from '../../codecs/sdk/fail'
import { readInput } from '../../codecs/sdk/input'
import * as node from '../../codecs/sdk/node'
import * as order from '../../codecs/sdk/order'
import { Order } from '../../codecs/sdk/order'
import * as out from '../../codecs/sdk/output'
import { Kind, RECORD, sameBytes } from '../../codecs/sdk/tape'
import { Char, special } from './cell'
import { MAX_COLUMNS } from './decode'
import { linkSize, readLink, writeLink } from './link'

/** Values of a row whose keys come in another order. */
// @ts-ignore: decorator
@lazy const VALUES: usize = memory.data(1024 * 4, 16)
/** A long text that stands outside, and a CID that a text might be. */
// @ts-ignore: decorator
@lazy const TEXT: usize = memory.data(16384 + 16, 16)
// @ts-ignore: decorator
@lazy const CID: usize = memory.data(16384, 16)

export function encodeBlock(): void {
  const list = node.openNode()
  node.expect(list, Kind.LIST)
  out.openOutput()
  const rows = node.length(list)
  if (rows) {
    const first = list + RECORD
    node.expect(first, Kind.MAP)
    const columns = node.length(first)
    if (columns == 0) fail(Code.MISSING_FIELD, node.indexOf(first))
    if (columns > MAX_COLUMNS) fail(Code.TOO_LARGE, node.indexOf(first))
    header(first, columns)
    let at = first
    for (let i: u32 = 0; i < rows; i++) at = row(at, first, columns)
  }
  out.closeOutput()
}

function header(first: usize, columns: u32): void {
  // fails if a key is there twice
  order.orderOf(first, Order.BYTES)
  let key = first + RECORD
  for (let i: u32 = 0; i < columns; i++) {
    text(key, false)
    end(i, columns)
    key = node.next(key + RECORD)
  }
}

/** A comma, or the line's end. */
function end(i: u32, columns: u32): void { out.byte(<u8>(i + 1 == columns ? Char.LF : Char.COMMA)) }

/** Writes a row and answers the record after it. */
function row(map: usize, first: usize, columns: u32): usize {
  node.expect(map, Kind.MAP)
  const count = node.length(map)
  if (count != columns) fail(count < columns ? Code.MISSING_FIELD : Code.UNKNOWN_FIELD, node.indexOf(map))
  const shared = node.shared(map)
  if (map != first && (shared != columns || node.like(map) != first)) return otherRow(map, first, columns)
  let at = map + RECORD
  for (let i: u32 = 0; i < columns; i++) {
    if (i >= shared) at += RECORD
    value(at)
    end(i, columns)
    at += RECORD
  }
  return at
}

/** A row with keys of its own: the same ones, in any order. */
function otherRow(map: usize, first: usize, columns: u32): usize {
  const ours = order.orderOf(first, Order.BYTES)
  const theirs = order.orderOf(map, Order.BYTES)
  const values = order.valuesOf(map)
  for (let i: u32 = 0; i < columns; i++) {
    const n = order.keyLength(ours, i)
    if (order.keyLength(theirs, i) != n || !sameBytes(order.keyAddress(theirs, i), order.keyAddress(ours, i), n)) fail(Code.UNKNOWN_FIELD, node.indexOf(map))
    store<u32>(VALUES + (<usize>order.place(ours, i) << 2), load<u32>(values + (<usize>order.place(theirs, i) << 2)))
  }
  for (let i: u32 = 0; i < columns; i++) {
    value(load<u32>(VALUES + (<usize>i << 2)))
    end(i, columns)
  }
  return node.next(map)
}

function value(at: usize): void {
  if (node.kind(at) == Kind.LINK) return link(at)
  node.expect(at, Kind.STRING)
  text(at, true)
}

function link(at: usize): void {
  const cid = node.resident(at)
  const n = node.length(at)
  // version 0 has no text in base32
  if (load<u8>(cid) != 1) fail(Code.UNSUPPORTED, node.indexOf(at))
  if (n > MAX_CID) fail(Code.TOO_LARGE, node.indexOf(at))
  writeLink(cid, n, out.room(linkSize(n)))
  out.wrote(linkSize(n))
}

/** A text or key, in quotes if it needs them. @param cell whether it stands in a cell, where links may */
function text(at: usize, cell: bool): void {
  const n = node.length(at)
  if (n >= WINDOW) fail(Code.TOO_LARGE, node.indexOf(at))
  let p = TEXT
  if (node.outside(at)) readInput(p, n, node.inputOffset(at))
  else p = node.resident(at)
  // such a text would come back as a link
  if (cell && readLink(p, n, CID)) fail(Code.UNSUPPORTED, node.indexOf(at))
  let quotes: u32 = 0
  let needed = false
  for (let i: u32 = 0; i < n; i++) {
    const c = <u32>load<u8>(p + i)
    if (c == Char.QUOTE) quotes++
    if (special(c)) needed = true
  }
  if (!needed) return out.copy(p, n)
  if (n + quotes + 2 >= WINDOW) fail(Code.TOO_LARGE, node.indexOf(at))
  const start = out.room(n + quotes + 2)
  let to = start
  store<u8>(to++, Char.QUOTE)
  for (let i: u32 = 0; i < n; i++) {
    const c = load<u8>(p + i)
    store<u8>(to++, c)
    if (c == Char.QUOTE) store<u8>(to++, c)
  }
  store<u8>(to++, Char.QUOTE)
  out.wrote(to - start)
}
