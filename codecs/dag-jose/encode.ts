/**
 * The node tape to DAG-JOSE: the decoded representation or, with bytes in place of base64url, the encoded one. The flattened and the compact serialization (7.2.2 and 7.1 of RFC 7515
 * and of RFC 7516) are taken too, and written as the general one, which is the only one that blocks have.
 */
import { head, item } from '../lib/cbor/encode'
import { isCid, MAX_CID } from '../sdk/cid'
import { windowAddress, WINDOW } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'
import { decode } from './base64url'
import { Field, fieldOf, LISTS, MAPS, nameLength, nameOf, Struct } from './fields'

const enum Major { BYTES = 0x40, TEXT = 0x60, ARRAY = 0x80, MAP = 0xa0 }

/** The node of `link`, or 0. */
let link: usize = 0

/** Nodes of the root's fields, and of those of a signature or recipient. */
// @ts-ignore: decorator
@lazy const ROOT: usize = memory.data(64, 16)
// @ts-ignore: decorator
@lazy const INNER: usize = memory.data(64, 16)

export function encodeBlock(): void {
  const root = node.openNode()
  out.openOutput()
  jose(root)
  out.closeOutput()
}

function jose(root: usize): void {
  const fields = node.kind(root) == Kind.STRING ? compact(root) : gather(root, ROOT)
  const jws = (fields & (1 << Field.PAYLOAD)) != 0
  const each = jws ? Struct.SIGNATURE : Struct.RECIPIENT
  const several = jws ? 1 << Field.SIGNATURES : 1 << Field.RECIPIENTS
  const general = jws ? Struct.JWS | (1 << Field.LINK) : Struct.JWE
  // what is of the one signature or recipient in the flattened serialization
  const flattened = fields & several ? 0 : fields & each & ~(jws ? 0 : general)
  if (fields & ~(general | flattened)) fail(Code.UNKNOWN_FIELD, indexOf(ROOT, fields & ~(general | flattened)))
  if (fields & (1 << Field.LINK)) link = at(ROOT, Field.LINK)
  const needed = jws ? 1 << Field.PAYLOAD : 1 << Field.CIPHERTEXT
  if (!(fields & needed) || (jws && !(fields & several) && !flattened)) fail(Code.MISSING_FIELD, node.indexOf(root))
  const written = (fields & (general | several) & ~(1 << Field.LINK)) | (flattened ? several : 0)
  head(Major.MAP, popcnt(written))
  for (let f: u32 = 0; f < <u32>Field.COUNT; f++) {
    const bit = 1 << f
    if (!(written & bit)) continue
    key(f)
    const n = at(ROOT, f)
    if (bit == several && flattened) {
      head(Major.ARRAY, 1)
      struct(ROOT, flattened, each, node.indexOf(root))
    } else if (bit & LISTS) {
      list(n, each)
    } else {
      field(n, f)
    }
  }
}

// @ts-ignore: decorator
@inline function at(table: usize, field: u32): usize { return load<u32>(table + (<usize>field << 2)) }

/** Record index of the first of some fields. */
function indexOf(table: usize, fields: u32): u64 { return node.indexOf(at(table, ctz(fields))) }

/** Finds the values of a map's entries and writes their addresses to a table; answers which there are. */
function gather(map: usize, table: usize): u32 {
  node.expect(map, Kind.MAP)
  const count = node.length(map)
  const shared = node.shared(map)
  let fields: u32 = 0
  let n = map + RECORD
  let name = shared ? node.like(map) + RECORD : n
  for (let i: u32 = 0; i < count; i++) {
    if (i >= shared) {
      name = n
      n += RECORD
    }
    const field = fieldOf(node.resident(name), node.length(name))
    if (field == Field.COUNT) fail(Code.UNKNOWN_FIELD, node.indexOf(n))
    const bit = 1 << field
    if (fields & bit) fail(Code.DUPLICATE_KEY, node.indexOf(n))
    fields |= bit
    store<u32>(table + (<usize>field << 2), <u32>n)
    n = node.next(n)
    if (i < shared) name = node.next(name + RECORD)
  }
  return fields
}

// --- compact serialization -------------------------------------------------------------------------------------------------------------------------------

/** String records for the parts of a compact serialization. */
// @ts-ignore: decorator
@lazy const PARTS: usize = memory.data(80, 16)

const POINT: u8 = 46

/** Cuts a compact serialization at its points, into the fields of the flattened one; answers which there are. */
function compact(root: usize): u32 {
  const length = node.length(root)
  let count = 0
  let start: u32 = 0
  for (let read: u32 = 0; read < length; read += WINDOW) {
    const n = min(length - read, WINDOW)
    let p = windowAddress()
    if (node.outside(root)) readInput(p, n, node.inputOffset(root) + read)
    else p = node.resident(root) + read
    for (let i: u32 = 0; i < n; i++) {
      if (load<u8>(p + i) != POINT) continue
      if (count == 4) fail(Code.MALFORMED, 0)
      part(root, count++, start, read + i)
      start = read + i + 1
    }
  }
  part(root, count++, start, length)
  // an empty header is none
  if (count == 3) return (node.length(PARTS) ? named(0, Field.PROTECTED) : 0) | named(1, Field.PAYLOAD) | named(2, Field.SIGNATURE)
  if (count != 5) fail(Code.MALFORMED, 0)
  // without a key there is no recipient
  const key = node.length(PARTS + RECORD) ? named(1, Field.ENCRYPTED_KEY) : 0
  return named(0, Field.PROTECTED) | key | named(2, Field.IV) | named(3, Field.CIPHERTEXT) | named(4, Field.TAG)
}

/** The part from `start` to `end` as a string of its own. */
function part(root: usize, i: usize, start: u32, end: u32): void {
  const record = PARTS + i * RECORD
  store<u32>(record, load<u32>(root))
  store<u32>(record, end - start, 4)
  store<u64>(record, load<u64>(root, 8) + start, 8)
}

function named(part: usize, field: u32): u32 {
  store<u32>(ROOT + (<usize>field << 2), <u32>(PARTS + part * RECORD))
  return 1 << field
}

/** Record index of a value; that of a part is the whole. */
function whereIs(n: usize): u64 { return n - PARTS < 5 * RECORD ? 0 : node.indexOf(n) }

// --- fields ----------------------------------------------------------------------------------------------------------------------------------------------

function key(field: u32): void {
  const n = nameLength(field)
  head(Major.TEXT, n)
  out.copy(nameOf(field), n)
}

/** The signatures or recipients. */
function list(n: usize, each: u32): void {
  node.expect(n, Kind.LIST)
  const count = node.length(n)
  head(Major.ARRAY, count)
  n += RECORD
  for (let i: u32 = 0; i < count; i++) {
    const fields = gather(n, INNER)
    struct(INNER, fields, each, node.indexOf(n))
    n = node.next(n)
  }
}

/** A signature or recipient. @param index of the record to point at if a field is missing */
function struct(table: usize, fields: u32, each: u32, index: u64): void {
  if (fields & ~each) fail(Code.UNKNOWN_FIELD, indexOf(table, fields & ~each))
  if (each == Struct.SIGNATURE && !(fields & (1 << Field.SIGNATURE))) fail(Code.MISSING_FIELD, index)
  head(Major.MAP, popcnt(fields))
  for (let f: u32 = 0; f < <u32>Field.COUNT; f++) {
    if (!(fields & (1 << f))) continue
    key(f)
    field(at(table, f), f)
  }
}

function field(n: usize, field: u32): void {
  if (MAPS & (1 << field)) {
    node.expect(n, Kind.MAP)
    item(n)
  } else if (field == Field.PAYLOAD) {
    payload(n)
  } else if (node.kind(n) == Kind.BYTES) {
    head(Major.BYTES, node.length(n))
    out.content(n)
  } else {
    bytes(n)
  }
}

/** A payload is a CID, and a link beside it is the same. */
function payload(n: usize): void {
  const length = bytes(n)
  const p = out.here() - length
  if (length > MAX_CID || !isCid(p, length)) fail(Code.INVALID_CID, whereIs(n))
  if (!link) return
  node.expect(link, Kind.LINK)
  if (node.length(link) != length || memory.compare(node.resident(link), p, length)) fail(Code.INVALID_CID, node.indexOf(link))
}

/** Writes bytes, or those that base64url stands for; answers how many. */
function bytes(n: usize): u32 {
  const raw = node.kind(n) == Kind.BYTES
  if (!raw) node.expect(n, Kind.STRING)
  const length = node.length(n)
  head(Major.BYTES, raw ? length : <u64>length * 3 >> 2)
  const to = out.room(<usize>length + 48)
  if (node.outside(n)) readInput(to, length, node.inputOffset(n))
  else memory.copy(to, node.resident(n), length)
  const count = raw ? <i32>length : decode(to, length)
  if (count < 0) fail(Code.MALFORMED, whereIs(n))
  out.wrote(count)
  return count
}
