/**
 * DAG-PB to the node tape. The value's keys come in another order than the fields, `Data` before `Links`, so their place is kept free:
 *
 * ```
 *  0     1       2      3        4       5                              without Data the tape starts at record 2
 *  map   "Data"  bytes  "Links"  list    map "Hash" … map … map …
 * ```
 */
import { checkCid, MAX_CID } from '../sdk/cid'
import { handTape, inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { atEnd, atHand, need, offsetOf, openInput, skip } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind, RECORD, Source } from '../sdk/tape'
import { setLenient, value, varint } from '../lib/varint/varint'
import { compareNames, LINK_KEYS, NODE_KEYS } from './names'
import { LinkTag, NodeTag } from './wire'

/** What a link has besides its Hash. */
const enum Has { NAME = 1, TSIZE = 2 }

/** For each of the four combinations the first link that has it, whose keys the others share. */
// @ts-ignore: decorator
@lazy const FIRST: usize = memory.data(4 * 4, 16)

/** The tape of a block without links. */
// @ts-ignore: decorator
@lazy const LEAF: usize = memory.data(5 * 16, 16)

let lenient: bool = false
/** Whether the tape is LEAF. */
let leaf: bool = false
/** Where the names of a node's and of a link's fields stand in the text arena. */
let nodeKeys: u32 = 0
let linkKeys: u32 = 0
let dataSeen: bool = false
let dataOffset: u64 = 0
let dataLength: u32 = 0
let lastName: usize = 0
let lastLength: u32 = 0

export function decodeBlock(lax: bool): void {
  lenient = lax
  setLenient(lax)
  let p = openInput()
  if (atEnd(p)) return withoutLinks()
  let at = offsetOf(p)
  p = varint(p)
  if (value == NodeTag.DATA) {
    p = data(p)
    if (atEnd(p)) return withoutLinks()
    at = offsetOf(p)
    p = varint(p)
  }
  tape.openTape()
  nodeKeys = tape.putLiteral(NODE_KEYS, 9)
  linkKeys = tape.putLiteral(LINK_KEYS, 13)
  const root = tape.open(Kind.MAP)
  tape.literal(nodeKeys, 4)
  tape.bytesAt(0, 0)
  tape.literal(nodeKeys + 4, 5)
  const list = tape.open(Kind.LIST)
  tape.close(list, fields(p, at))
  finish(root, list)
}

/** The fields after the tag at `at`, which has been read; answers the number of links. */
function fields(p: usize, at: u64): u32 {
  v128.store(FIRST, i64x2.splat(0))
  lastName = FIRST
  lastLength = 0
  let count: u32 = 0
  // links stand together, before the Data or after it
  let ended = false
  while (true) {
    if (value == NodeTag.LINKS) {
      if (dataSeen) {
        if (!lenient) fail(Code.KEY_ORDER, at, NodeTag.LINKS)
        if (ended) fail(Code.DUPLICATE_KEY, at, NodeTag.LINKS)
      }
      p = link(p, at)
      count++
      if (!dataSeen) {
        for (let next = usualLink(p); next; next = usualLink(p)) {
          p = next
          count++
        }
      }
    } else {
      if (value != NodeTag.DATA) fail(Code.MALFORMED, at, <u32>value)
      if (dataSeen) fail(Code.DUPLICATE_KEY, at, NodeTag.DATA)
      p = data(p)
      ended = count != 0
    }
    if (atEnd(p)) return count
    at = offsetOf(p)
    p = varint(p)
  }
}

/** PBNode.Data: goes on after it without reading it. */
function data(p: usize): usize {
  p = varint(p)
  dataSeen = true
  dataOffset = offsetOf(p)
  p = skip(p, value)
  if (value >> 32) fail(Code.TOO_LARGE, dataOffset)
  dataLength = <u32>value
  return p
}

/**
 * The link that nearly all are, from its tag on: less than 128 bytes, all at hand; a CID with a sha2-256 hash, a Name in ASCII and in order, a Tsize below 2^56; and there has been
 * one before that has all keys. Answers the position after it, or 0 if it is another: then nothing has been written.
 */
// @ts-ignore: decorator
@inline function usualLink(p: usize): usize {
  const first = load<u32>(FIRST, (Has.NAME | Has.TSIZE) << 2)
  const size = <usize>load<u8>(p, 1)
  const hashLength = <u32>load<u8>(p, 3)
  const prefix = load<u32>(p, 4)
  if (!first || atHand(p) < size + 2 || size > 127 || load<u8>(p) != NodeTag.LINKS || load<u8>(p, 2) != LinkTag.HASH) return 0
  if (hashLength == 36 ? (prefix & 0xffff80ff) != 0x20120001 : hashLength != 34 || (prefix & 0xffff) != 0x2012) return 0
  const end = p + 2 + size
  const hash = p + 4
  const name = hash + hashLength + 2
  const nameLength = <u32>load<u8>(name - 1)
  const tsize = name + nameLength + 1
  if (load<u8>(name - 2) != LinkTag.NAME || nameLength > 127 || tsize >= end || load<u8>(tsize - 1) != LinkTag.TSIZE) return 0
  // the lowest byte without its continuation bit ends the varint
  const word = load<u64>(tsize)
  const last = ctz(~word & 0x8080808080808080)
  if (last > 55 || tsize + <usize>(last >> 3) + 1 != end || (last > 7 && (word >> (last - 7) & 0x7f) == 0)) return 0
  const text = tape.asciiText(name, nameLength)
  if (text < 0) return 0
  const bytes = tape.textAt(text)
  if (!lenient && compareNames(lastName, lastLength, bytes, nameLength) > 0) fail(Code.KEY_ORDER, offsetOf(p))
  lastName = bytes
  lastLength = nameLength

  // groups of 7 bits are joined to groups of 14, of 28 and of 56
  let x = word & ((<u64>1 << last) - 1) & 0x7f7f7f7f7f7f7f7f
  x = x & 0x007f007f007f007f | (x & 0x7f007f007f007f00) >> 1
  x = x & 0x00003fff00003fff | (x & 0x3fff00003fff0000) >> 2
  x = x & 0x000000000fffffff | (x & 0x0fffffff00000000) >> 4

  const record = tape.roomFor(4)
  store<u64>(record, <u64>(Kind.MAP | 3 << 8) | <u64>3 << 32)
  store<u64>(record, <u64>(tape.indexOf(record) + 4) | <u64>tape.indexOf(first) << 32, 8)
  store<u64>(record, <u64>Kind.LINK | <u64>hashLength << 32, 16)
  store<u64>(record, offsetOf(hash), 24)
  store<u64>(record, <u64>(Kind.STRING | Source.TEXT) | <u64>nameLength << 32, 32)
  store<u64>(record, text, 40)
  store<u64>(record, Kind.UINT, 48)
  store<u64>(record, x, 56)
  tape.took(4)
  return end
}

/** A PBLink, from its length on; its tag was at `at`. */
function link(p: usize, at: u64): usize {
  p = varint(p)
  const start = offsetOf(p)
  if (value > inputSize() - start) fail(Code.UNEXPECTED_END, inputSize())
  const end = start + value
  // an empty message, or one that begins with another field, has no Hash
  if (start == end) fail(Code.MALFORMED, start)
  p = varint(p)
  if (value != LinkTag.HASH) fail(value == LinkTag.NAME || value == LinkTag.TSIZE ? Code.KEY_ORDER : Code.MALFORMED, start, <u32>value)
  p = varint(p)
  const hash = offsetOf(p)
  if (hash > end || value > end - hash) fail(Code.MALFORMED, start, LinkTag.HASH)
  if (value > <u64>MAX_CID) fail(Code.TOO_LARGE, hash)
  const hashLength = <u32>value
  p = need(p, hashLength)
  checkCid(p, hashLength, hash)
  p += hashLength

  // which fields it has is known at the length of its Name, before anything has to be written
  let has: u32 = 0
  let next = offsetOf(p)
  let nameLength: u32 = 0
  if (next < end) {
    p = varint(p)
    if (value == LinkTag.NAME) {
      p = varint(p)
      const name = offsetOf(p)
      if (name > end || value > end - name) fail(Code.MALFORMED, next, LinkTag.NAME)
      if (value >> 32) fail(Code.TOO_LARGE, name)
      nameLength = <u32>value
      next = name + value
      has = next < end ? Has.NAME | Has.TSIZE : Has.NAME
    } else {
      if (value != LinkTag.TSIZE) refuseField(next, LinkTag.HASH)
      has = Has.TSIZE
    }
  }

  const slot = FIRST + (<usize>has << 2)
  const first = <usize>load<u32>(slot)
  const record = tape.open(Kind.MAP)
  if (!first) tape.literal(linkKeys, 4)
  tape.link(hash, hashLength)
  if (has & Has.NAME) {
    if (!first) tape.literal(linkKeys + 4, 4)
    const name = tape.here()
    // as a key, its bytes stay in the guest, to be compared with the next one's
    p = tape.key(p, nameLength)
    const bytes = tape.keyBytes(name)
    if (!lenient && compareNames(lastName, lastLength, bytes, nameLength) > 0) fail(Code.KEY_ORDER, at)
    lastName = bytes
    if (has & Has.TSIZE) {
      p = varint(p)
      if (value != LinkTag.TSIZE) refuseField(next, LinkTag.NAME)
    }
  } else if (lastLength && !lenient) {
    fail(Code.KEY_ORDER, at)
  }
  lastLength = nameLength
  if (has & Has.TSIZE) {
    if (!first) tape.literal(linkKeys + 8, 5)
    p = varint(p)
    tape.uint(value)
    if (offsetOf(p) != end) afterLast(p, end, next)
  }
  const count = 1 + (has & 1) + (has >> 1)
  if (first) {
    tape.closeShared(record, count, first, count)
  } else {
    tape.close(record, count)
    store<u32>(slot, <u32>record)
  }
  return p
}

/** The field at `at`, whose tag is `value`, is none that may stand after `last`. */
function refuseField(at: u64, last: u64): void {
  const known = value == LinkTag.HASH || value == LinkTag.NAME || value == LinkTag.TSIZE
  fail(!known ? Code.MALFORMED : value == last ? Code.DUPLICATE_KEY : Code.KEY_ORDER, at, <u32>value)
}

/** A link goes on after its Tsize, or its Tsize goes on after the link. */
function afterLast(p: usize, end: u64, tsize: u64): void {
  const at = offsetOf(p)
  if (at > end) fail(Code.MALFORMED, tsize, LinkTag.TSIZE)
  varint(p)
  refuseField(at, LinkTag.TSIZE)
}

/** A block of Data alone, as leaves are, or of nothing: no arenas, and a tape of fixed size. */
function withoutLinks(): void {
  let record = LEAF
  const entries = <u32>dataSeen + 1
  store<u64>(record, <u64>Kind.MAP | <u64>entries << 32)
  store<u64>(record, 1 + 2 * entries, 8)
  if (dataSeen) {
    store<u64>(record, <u64>(Kind.STRING | Source.TEXT) | <u64>4 << 32, 16)
    store<u64>(record, 0, 24)
    store<u64>(record, <u64>Kind.BYTES | <u64>dataLength << 32, 32)
    store<u64>(record, dataOffset, 40)
    record += 2 * RECORD
  }
  store<u64>(record, <u64>(Kind.STRING | Source.TEXT) | <u64>5 << 32, 16)
  store<u64>(record, 4, 24)
  store<u64>(record, Kind.LIST, 32)
  store<u64>(record, 1 + 2 * entries, 40)
  handTape(LEAF, 1 + 2 * entries, NODE_KEYS, 9, 0, 0, 0, 0)
  leaf = true
}

/** The links of the block that has been decoded, in place of its tape. */
export function onlyLinks(): void {
  if (!leaf) return tape.closeLinks()
  store<u64>(LEAF, Kind.LIST)
  store<u64>(LEAF, 1, 8)
  handTape(LEAF, 1, 0, 0, 0, 0, 0, 0)
}

function finish(root: usize, list: usize): void {
  if (dataSeen) {
    tape.close(root, 2)
    const end = tape.here()
    tape.rewind(root + 2 * RECORD)
    tape.bytesAt(dataOffset, dataLength)
    tape.rewind(end)
  } else {
    const start = root + 2 * RECORD
    tape.startAt(start)
    store<u64>(start, Kind.MAP)
    store<u64>(start, 0, 8)
    tape.close(start, 1)
    moveBack(list, tape.here())
  }
  tape.closeTape()
}

/** The indices in records of lists and maps, less by the two records that the tape does not have. */
function moveBack(from: usize, to: usize): void {
  for (let record = from; record < to; record += RECORD) {
    const head = load<u32>(record)
    if ((head & 15) < <u32>Kind.LIST) continue
    store<u32>(record, load<u32>(record, 8) - 2, 8)
    if (head >> 8) store<u32>(record, load<u32>(record, 12) - 2, 12)
  }
}
