/** The node tape to CARs. */
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'
import { field, fieldsOf, optional } from '../lib/fields/fields'
import { varintSize, writeVarint } from '../lib/varint/varint'
import { AFTER, AFTER_LENGTH, BEFORE, BEFORE_LENGTH, BLOCK, BlockField, Field, HEADER2, NAMES, PRAGMA, PRAGMA_LENGTH } from './header'

// @ts-ignore: decorator
@lazy const VALUES: usize = memory.data(Field.COUNT * 4, 16)
// @ts-ignore: decorator
@lazy const BLOCK_VALUES: usize = memory.data(BlockField.COUNT * 4, 16)

export function encodeBlock(): void {
  const root = node.openNode()
  fieldsOf(root, NAMES, VALUES)
  const version = field(VALUES, Field.VERSION, root)
  const roots = field(VALUES, Field.ROOTS, root)
  const blocks = field(VALUES, Field.BLOCKS, root)
  node.expect(version, Kind.UINT)
  node.expect(roots, Kind.LIST)
  node.expect(blocks, Kind.LIST)
  out.openOutput()
  if (node.integer(version) == 1) {
    for (let i: u32 = Field.CHARACTERISTICS; i < <u32>Field.COUNT; i++) {
      const more = optional(VALUES, i)
      if (more) fail(Code.UNKNOWN_FIELD, node.indexOf(more - RECORD))
    }
    payload(roots, blocks)
  } else {
    if (node.integer(version) != 2) fail(Code.UNSUPPORTED, node.indexOf(version))
    version2(root, roots, blocks)
  }
  out.closeOutput()
}

function version2(root: usize, roots: usize, blocks: usize): void {
  const characteristics = field(VALUES, Field.CHARACTERISTICS, root)
  node.expect(characteristics, Kind.BYTES)
  if (node.length(characteristics) != 16) fail(Code.MALFORMED, node.indexOf(characteristics), node.length(characteristics))
  const padding = lengthOf(Field.PADDING)
  const index = optional(VALUES, Field.INDEX)
  const indexPadding = lengthOf(Field.INDEX_PADDING)
  if (index) node.expect(index, Kind.BYTES)
  else if (indexPadding) fail(Code.MISSING_FIELD, node.indexOf(root))
  const size = payloadSize(roots, blocks)
  out.copy(PRAGMA, PRAGMA_LENGTH)
  out.content(characteristics)
  const to = out.room(24)
  const data = <u64>HEADER2 + padding
  store<u64>(to, data)
  store<u64>(to, size, 8)
  store<u64>(to, index ? data + size + indexPadding : 0, 16)
  out.wrote(24)
  if (padding) out.content(optional(VALUES, Field.PADDING))
  payload(roots, blocks)
  if (indexPadding) out.content(optional(VALUES, Field.INDEX_PADDING))
  if (index) out.content(index)
}

/** Of bytes that are absent when there are none. */
function lengthOf(i: u32): u64 {
  const value = optional(VALUES, i)
  if (!value) return 0
  node.expect(value, Kind.BYTES)
  if (node.length(value) == 0) fail(Code.UNSUPPORTED, node.indexOf(value))
  return node.length(value)
}

// --- version 1 -------------------------------------------------------------------------------------------------------------------------------------------

/** Bytes of a CBOR head with an argument. */
function headSize(n: u32): u32 { return n < 24 ? 1 : n < 0x100 ? 2 : n < 0x10000 ? 3 : 5 }

function headerSize(roots: usize): u64 {
  let size = <u64>BEFORE_LENGTH + headSize(node.length(roots)) + AFTER_LENGTH
  let at = roots + RECORD
  for (let i = node.length(roots); i > 0; i--) {
    node.expect(at, Kind.LINK)
    const n = node.length(at) + 1
    size += <u64>2 + headSize(n) + n
    at += RECORD
  }
  return size
}

function payloadSize(roots: usize, blocks: usize): u64 {
  const header = headerSize(roots)
  let size = varintSize(header) + header
  let at = blocks + RECORD
  for (let i = node.length(blocks); i > 0; i--) {
    const n = sectionSize(at)
    size += varintSize(n) + n
    at = node.next(at)
  }
  return size
}

/** Bytes of the CID and the data of a block; finds its fields. */
function sectionSize(block: usize): u64 {
  fieldsOf(block, NAMES + <usize>BLOCK, BLOCK_VALUES)
  const cid = field(BLOCK_VALUES, BlockField.CID, block)
  const bytes = field(BLOCK_VALUES, BlockField.BYTES, block)
  node.expect(cid, Kind.LINK)
  node.expect(bytes, Kind.BYTES)
  const size = <u64>node.length(cid) + node.length(bytes)
  if (size >> 32) fail(Code.TOO_LARGE, node.indexOf(block))
  return size
}

function payload(roots: usize, blocks: usize): void {
  varint(headerSize(roots))
  out.copy(BEFORE, BEFORE_LENGTH)
  head(0x80, node.length(roots))
  let at = roots + RECORD
  for (let i = node.length(roots); i > 0; i--) {
    store<u16>(out.room(2), 0x2ad8)
    out.wrote(2)
    head(0x40, node.length(at) + 1)
    out.byte(0)
    out.content(at)
    at += RECORD
  }
  out.copy(AFTER, AFTER_LENGTH)
  at = blocks + RECORD
  for (let i = node.length(blocks); i > 0; i--) {
    varint(sectionSize(at))
    out.content(field(BLOCK_VALUES, BlockField.CID, at))
    out.content(field(BLOCK_VALUES, BlockField.BYTES, at))
    at = node.next(at)
  }
}

function varint(x: u64): void { out.wroteTo(writeVarint(out.room(10), x)) }

/** The initial byte and the argument in its shortest form. @param major the major type, shifted to the upper three bits */
function head(major: u32, n: u32): void {
  const to = out.room(8)
  const size = headSize(n)
  if (size == 1) {
    store<u8>(to, <u8>(major | n))
  } else {
    store<u8>(to, <u8>(major | (size == 2 ? 24 : size == 3 ? 25 : 26)))
    if (size == 2) store<u8>(to, <u8>n, 1)
    else if (size == 3) store<u16>(to, bswap<u16>(<u16>n), 1)
    else store<u32>(to, bswap(n), 1)
  }
  out.wrote(size)
}
