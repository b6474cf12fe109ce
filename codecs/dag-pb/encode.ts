/** The node tape to DAG-PB. Nothing is put right on the way: fields that the format does not have and links out of order are refused, as decoding would refuse the block. */
import { Code, fail } from '../sdk/fail'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind, RECORD, sameBytes } from '../sdk/tape'
import { varintSize, writeVarint } from '../lib/varint/varint'
import { compareNames, LINK_KEYS, NODE_KEYS } from './names'
import { LinkTag, NodeTag } from './wire'

/** Fields of a map: `Data` and `Links` of a node; `Hash`, `Name` and `Tsize` of a link. */
const enum Field { DATA = 0, LINKS = 1, HASH = 0, NAME = 1, TSIZE = 2 }

/** Which field each value of a map is, a byte each; see `fieldsOf`. */
// @ts-ignore: decorator
@lazy const FIELDS: usize = memory.data(4, 4)
/** Records of the fields' values, or 0. */
// @ts-ignore: decorator
@lazy const VALUES: usize = memory.data(4 * 4, 16)

/** The link that has all the keys that FIELDS is for. */
let known: usize = 0
let lastName: usize = FIELDS
let lastLength: u32 = 0

export function encodeBlock(): void {
  const root = node.openNode()
  node.expect(root, Kind.MAP)
  out.openOutput()
  nodeFields(root)
  const data = <usize>load<u32>(VALUES, Field.DATA << 2)
  const list = <usize>load<u32>(VALUES, Field.LINKS << 2)
  if (!list) fail(Code.MISSING_FIELD, node.indexOf(root))
  if (data) node.expect(data, Kind.BYTES)
  node.expect(list, Kind.LIST)
  const count = node.length(list)
  let at = list + RECORD
  for (let i: u32 = 0; i < count; i++) at = link(at)
  if (data) {
    const n = node.length(data)
    const to = out.room(8)
    store<u8>(to, NodeTag.DATA)
    out.wrote(writeVarint(to + 1, n) - to)
    out.content(data)
  }
  out.closeOutput()
}

/** Finds the values of a node. */
function nodeFields(root: usize): void {
  v128.store(VALUES, i64x2.splat(0))
  const count = node.length(root)
  let at = root + RECORD
  for (let i: u32 = 0; i < count; i++) {
    const slot = VALUES + (<usize>(is(at, NODE_KEYS, 4) ? Field.DATA : is(at, NODE_KEYS + 4, 5) ? Field.LINKS : unknownField(at)) << 2)
    if (load<u32>(slot)) fail(Code.DUPLICATE_KEY, node.indexOf(at))
    store<u32>(slot, <u32>(at + RECORD))
    at = node.next(at + RECORD)
  }
}

/** Whether a key is the name of `n` characters at `name`. */
// @ts-ignore: decorator
@inline function is(key: usize, name: usize, n: u32): bool {
  return node.length(key) == n && sameBytes(node.resident(key), name, n)
}

function unknownField(key: usize): u32 {
  fail(Code.UNKNOWN_FIELD, node.indexOf(key))
  return 0
}

/** Writes a link and answers the record after it. */
function link(map: usize): usize {
  node.expect(map, Kind.MAP)
  const count = node.length(map)
  const shared = node.shared(map)
  if (!shared || shared != count || node.like(map) != known) fieldsOf(map, count, shared)
  let hash: usize = 0
  let name: usize = 0
  let tsize: usize = 0
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    if (i >= shared) at += RECORD
    const field = <u32>load<u8>(FIELDS + i)
    if (field == Field.HASH) {
      node.expect(at, Kind.LINK)
      hash = at
    } else if (field == Field.NAME) {
      node.expect(at, Kind.STRING)
      name = at
    } else {
      if (node.kind(at) == Kind.NINT) fail(Code.NUMBER_RANGE, node.indexOf(at))
      node.expect(at, Kind.UINT)
      tsize = at
    }
    at += RECORD
  }
  if (!hash) fail(Code.MISSING_FIELD, node.indexOf(map))
  write(map, hash, name, tsize)
  return at
}

/** Finds which field each value of a link is. */
function fieldsOf(map: usize, count: u32, shared: u32): void {
  let seen: u32 = 0
  let key = shared ? node.like(map) + RECORD : map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    if (i == shared) {
      // the map's own keys come after the values that have theirs elsewhere; of these none may be a list or map
      key = map + RECORD
      for (let j: u32 = 0; j < i; j++) key = node.next(key)
    }
    const field = is(key, LINK_KEYS, 4) ? Field.HASH : is(key, LINK_KEYS + 4, 4) ? Field.NAME : is(key, LINK_KEYS + 8, 5) ? Field.TSIZE : unknownField(key)
    if (seen & 1 << field) fail(Code.DUPLICATE_KEY, node.indexOf(key))
    seen |= 1 << field
    store<u8>(FIELDS + i, <u8>field)
    key = node.next(key + RECORD)
  }
  known = shared == 0 ? map : shared == count && node.length(node.like(map)) == count ? node.like(map) : 0
}

function write(map: usize, hash: usize, name: usize, tsize: usize): void {
  const hashLength = node.length(hash)
  let size: u64 = 1 + varintSize(hashLength) + hashLength
  let nameLength: u32 = 0
  if (name) {
    nameLength = node.length(name)
    size += <u64>1 + varintSize(nameLength) + nameLength
  }
  if (tsize) size += 1 + varintSize(node.integer(tsize))
  if (size >> 31) fail(Code.TOO_LARGE, node.indexOf(map))

  const start = out.room(<usize>size + 16)
  store<u8>(start, NodeTag.LINKS)
  let to = writeVarint(start + 1, size)
  store<u8>(to, LinkTag.HASH)
  to = copy(writeVarint(to + 1, hashLength), node.resident(hash), hashLength)
  // where a long name stands outside, the copy in the output is the one that can be compared
  let bytes = to
  if (name) {
    store<u8>(to, LinkTag.NAME)
    to = writeVarint(to + 1, nameLength)
    if (node.outside(name)) {
      readInput(to, nameLength, node.inputOffset(name))
      bytes = to
      to += nameLength
    } else {
      bytes = node.resident(name)
      to = copy(to, bytes, nameLength)
    }
  }
  if (compareNames(lastName, lastLength, bytes, nameLength) > 0) fail(Code.KEY_ORDER, node.indexOf(map))
  lastName = bytes
  lastLength = nameLength
  if (tsize) {
    store<u8>(to, LinkTag.TSIZE)
    to = writeVarint(to + 1, node.integer(tsize))
  }
  out.wrote(to - start)
}

/** Copies `n` bytes and answers the address after them. May read and write up to 15 bytes past them. */
// @ts-ignore: decorator
@inline function copy(to: usize, from: usize, n: u32): usize {
  if (n <= 48) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
    v128.store(to, v128.load(from, 32), 32)
  } else {
    memory.copy(to, from, n)
  }
  return to + n
}
