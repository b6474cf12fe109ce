/** Lists of RLP as maps on the node tape, by their schemas. */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf, openInput, skip } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { head, isList, size } from '../rlp/head'
import { NAMES, NAMES_LENGTH } from './names'
import { argument, entryFields, entrySchema, nameLength, nameOffset, Type, typeOf } from './schema'

/** Bytes of the longest link, of which 32 are the hash. */
const LINK: usize = 37

/** Opens input and tape. @param links as many as the block may have */
export function openBlock(links: usize): usize {
  tape.openNamed(NAMES, NAMES_LENGTH, links * LINK)
  return openInput()
}

/** Of the transaction or receipt that is being decoded. */
let transactionType: u32 = 0
export function setTransactionType(type: u32): void { transactionType = type }

/** The receipt's status; null if it has a state root. */
let status: u32 = 0
const NO_STATUS: u32 = 2

/** The key of the value that comes next. */
// @ts-ignore: decorator
@inline export function key(field: u32): void { tape.literal(nameOffset(field), nameLength(field)) }

/** The head of a list; answers where its items begin. */
export function listHead(p: usize, end: u64): usize {
  const at = offsetOf(p)
  p = head(p, end)
  if (!isList) fail(Code.MALFORMED, at, load<u8>(p - 1))
  return p
}

/** Fails with MALFORMED if items follow at `p`, after all the fields of a list that ends at `end`. */
// @ts-ignore: decorator
@inline export function expectEnd(p: usize, end: u64): void {
  if (offsetOf(p) != end) fail(Code.MALFORMED, offsetOf(p))
}

/** The first `n` fields of a schema. @param named with their keys */
export function fields(p: usize, end: u64, schema: usize, n: u32, named: bool): usize {
  for (let i: u32 = 0; i < n; i++) {
    const field = load<u32>(schema + (<usize>i << 2))
    if (named) key(field)
    p = value(p, end, field)
  }
  return p
}

/** A map of all fields of a schema, from the items up to `end`. */
export function struct(p: usize, end: u64, schema: usize, n: u32): usize {
  const map = tape.open(Kind.MAP)
  p = fields(p, end, schema, n, true)
  expectEnd(p, end)
  tape.close(map, n)
  return p
}

/** The value of a field, and the item that it is, if it is one. */
function value(p: usize, end: u64, field: u32): usize {
  const type = typeOf(field)
  if (type >= Type.ABSENT) {
    if (type == Type.POST_STATE) return postState(p, end)
    if (type == Type.TYPE) tape.uint(transactionType)
    else if (type == Type.POST_STATUS && status != NO_STATUS) tape.uint(status)
    else tape.nil()
    return p
  }
  const at = offsetOf(p)
  p = head(p, end)
  const n = size
  if (isList != (type >= Type.LIST && type <= Type.STRUCTS)) fail(Code.MALFORMED, at, n)
  switch (type) {
    case Type.FIXED: return fixed(p, n, argument(field), at)
    case Type.UINT: return uint(p, n, at)
    case Type.BIG: return big(p, n, at)
    case Type.LINK: return link(p, n, argument(field), at)
    case Type.BYTES: return bytes(p, n)
    case Type.OPTIONAL: {
      if (n) return fixed(p, n, argument(field), at)
      tape.nil()
      return p
    }
    case Type.LIST: return list(p, offsetOf(p) + n, argument(field))
    default: return structs(p, offsetOf(p) + n, argument(field))
  }
}

// @ts-ignore: decorator
@inline function bytes(p: usize, n: u32): usize {
  tape.bytesAt(offsetOf(p), n)
  return skip(p, n)
}

// @ts-ignore: decorator
@inline function fixed(p: usize, n: u32, length: u32, at: u64): usize {
  if (n != length) fail(Code.MALFORMED, at, n)
  return bytes(p, n)
}

/** A number has no leading zeros, and zero has no bytes. */
// @ts-ignore: decorator
@inline function checkNumber(p: usize, n: u32, most: u32, at: u64): usize {
  if (n > most) fail(Code.NUMBER_RANGE, at, n)
  p = need(p, n)
  if (n && load<u8>(p) == 0) fail(Code.NON_CANONICAL, at)
  return p
}

function uint(p: usize, n: u32, at: u64): usize {
  p = checkNumber(p, n, 8, at)
  // a shift by 64 is one by 0
  tape.uint(n ? bswap<u64>(load<u64>(p)) >> (64 - (<u64>n << 3)) : 0)
  return p + n
}

function big(p: usize, n: u32, at: u64): usize {
  p = checkNumber(p, n, 32, at)
  tape.bytesAt(offsetOf(p), n)
  return p + n
}

/** A hash of 32 bytes as a CIDv1 with keccak-256. */
export function link(p: usize, n: u32, codec: u32, at: u64): usize {
  if (n != 32) fail(Code.MALFORMED, at, n)
  p = need(p, 32)
  let to = tape.dataRoom(LINK, at)
  const prefix = prefixOf(codec)
  store<u64>(to, prefix)
  to += prefixLength(codec)
  v128.store(to, v128.load(p))
  v128.store(to, v128.load(p, 16), 16)
  tape.dataLink(prefixLength(codec) + 32)
  return p + 32
}

/** Version, codec, keccak-256, 32 bytes. */
// @ts-ignore: decorator
@inline export function prefixOf(codec: u32): u64 { return codec < 0x80 ? 0x201b0001 | codec << 8 : 0x201b010001 | <u64>codec << 8 }
// @ts-ignore: decorator
@inline export function prefixLength(codec: u32): u32 { return codec < 0x80 ? 4 : 5 }

/** Bytes of one length each. */
function list(p: usize, end: u64, length: u32): usize {
  const record = tape.open(Kind.LIST)
  let count: u32 = 0
  for (let at = offsetOf(p); at < end; at = offsetOf(p)) {
    p = head(p, end)
    if (isList) fail(Code.MALFORMED, at)
    p = fixed(p, size, length, at)
    count++
  }
  tape.close(record, count)
  return p
}

/** Maps of one schema, of which the first has the keys. */
function structs(p: usize, end: u64, entry: u32): usize {
  const schema = entrySchema(entry)
  const n = entryFields(entry)
  const record = tape.open(Kind.LIST)
  let count: u32 = 0
  while (offsetOf(p) < end) {
    p = listHead(p, end)
    const last = offsetOf(p) + size
    if (count == 0) {
      p = struct(p, last, schema, n)
    } else {
      const map = tape.open(Kind.MAP)
      p = fields(p, last, schema, n, false)
      expectEnd(p, last)
      tape.closeShared(map, n, record + tape.RECORD, n)
    }
    count++
  }
  tape.close(record, count)
  return p
}

function postState(p: usize, end: u64): usize {
  const at = offsetOf(p)
  p = head(p, end)
  if (isList) fail(Code.MALFORMED, at)
  if (size == 32) {
    status = NO_STATUS
    return bytes(p, 32)
  }
  if (size > 1) fail(Code.MALFORMED, at, size)
  p = need(p, size)
  status = size ? <u32>load<u8>(p) : 0
  if (status > 1) fail(Code.MALFORMED, at, status)
  if (status < size) fail(Code.NON_CANONICAL, at)
  tape.nil()
  return p + size
}
