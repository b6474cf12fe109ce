/**
 * A DAG-PB node with UnixFS data, read once from end to end. What has to be looked at again is noted in tables in memory: where links stand in the block, and the sizes of children.
 *
 * ```
 *  links   ┌──────────────┬──────────────┬──────────────┬──────────────┐      16 bytes a link
 *          │ hash offset  │ hash length  │ name offset  │ name length  │
 *          └──────────────┴──────────────┴──────────────┴──────────────┘
 *  sizes   u64 each
 * ```
 */
import { LinkTag, NodeTag } from '../dag-pb/wire'
import { setLenient, value, varint } from '../lib/varint/varint'
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { reach } from '../sdk/heap'
import { atEnd, need, offsetOf, openInput, skip } from '../sdk/input'

/** UnixFS Data.DataType. */
export const enum Type { RAW = 0, DIRECTORY = 1, FILE = 2, METADATA = 3, SYMLINK = 4, SHARD = 5, NONE = 255 }

/** Fields of UnixFS Data, number << 3 | wire type. */
const enum Tag { TYPE = 1 << 3, DATA = 2 << 3 | 2, FILE_SIZE = 3 << 3, BLOCK_SIZE = 4 << 3, BLOCK_SIZES = 4 << 3 | 2, HASH_TYPE = 5 << 3, FANOUT = 6 << 3, MODE = 7 << 3, MTIME = 8 << 3 | 2 }

/** Fields of UnixFS UnixTime. */
const enum TimeTag { SECONDS = 1 << 3, NANOSECONDS = 2 << 3 | 5 }

export const LINK: usize = 16
/** No number goes beyond what JavaScript holds. */
const MAX_SIZE: u64 = 0x1fffffffffffff

export let type: u32 = Type.NONE
/** The bytes that stand in the block itself. */
export let dataOffset: u64 = 0
export let dataLength: u64 = 0
/** Bytes of the file below this block, its own included. */
export let total: u64 = 0
export let links: usize = 0
export let linkCount: u32 = 0
export let sizes: usize = 0
export let sizeCount: u32 = 0
export let hashType: u64 = 0
export let fanout: u64 = 0
export let hasMode: bool = false
export let mode: u64 = 0
export let hasTime: bool = false
export let seconds: i64 = 0
export let nanoseconds: u32 = 0

let top: usize = 0
let hasFileSize: bool = false
let fileSize: u64 = 0

/** Reads the block that is the input. @param at where the tables go, a multiple of 16. Answers the address after them. */
export function readBlock(at: usize): usize {
  setLenient(true)
  if (inputSize() >> 32) fail(Code.TOO_LARGE, 0)
  links = sizes = top = at
  linkCount = sizeCount = 0
  type = Type.NONE
  dataLength = total = hashType = fanout = 0
  hasFileSize = hasMode = hasTime = false
  nanoseconds = 0
  let p = openInput()
  let seen = false
  let before: u32 = 0
  while (!atEnd(p)) {
    const start = offsetOf(p)
    p = varint(p)
    if (value == NodeTag.LINKS) {
      if (seen && before) fail(Code.KEY_ORDER, start, NodeTag.LINKS)
      if (!linkCount) links = top
      p = link(p)
    } else {
      if (value != NodeTag.DATA) fail(Code.MALFORMED, start, <u32>value)
      if (seen) fail(Code.DUPLICATE_KEY, start, NodeTag.DATA)
      seen = true
      before = linkCount
      sizes = top
      p = data(p)
    }
  }
  if (type == Type.NONE) fail(Code.MISSING_FIELD, 0)
  total += dataLength
  if (total > MAX_SIZE) fail(Code.TOO_LARGE, 0)
  if (type == Type.FILE || type == Type.RAW) {
    if (linkCount != sizeCount) fail(Code.SIZE_MISMATCH, 0, sizeCount)
    if (hasFileSize && fileSize != total) fail(Code.SIZE_MISMATCH, 0, <u32>fileSize)
  }
  return top
}

/** A raw block: a file that is all in it. */
export function readRaw(at: usize): usize {
  links = sizes = at
  linkCount = sizeCount = 0
  type = Type.RAW
  hasMode = hasTime = false
  dataOffset = 0
  total = dataLength = inputSize()
  return at
}

/** The end of the value of so many bytes at `p`, which must not be after `end`. */
function within(p: usize, n: u64, end: u64): u64 {
  const at = offsetOf(p)
  if (at > end || n > end - at) fail(end == inputSize() ? Code.UNEXPECTED_END : Code.MALFORMED, at)
  return at + n
}

/** A PBLink, from its length on. */
function link(p: usize): usize {
  p = varint(p)
  const start = offsetOf(p)
  const end = within(p, value, inputSize())
  reach(top + LINK)
  v128.store(top, i64x2.splat(0))
  while (offsetOf(p) < end) {
    const at = offsetOf(p)
    p = varint(p)
    const tag = value
    p = varint(p)
    if (tag == LinkTag.TSIZE) continue
    if (tag != LinkTag.HASH && tag != LinkTag.NAME) fail(Code.MALFORMED, at, <u32>tag)
    const place = tag == LinkTag.HASH ? top : top + 8
    within(p, value, end)
    store<u32>(place, <u32>offsetOf(p))
    store<u32>(place, <u32>value, 4)
    p = skip(p, value)
  }
  if (offsetOf(p) != end || !load<u32>(top, 4)) fail(Code.MALFORMED, start)
  top += LINK
  linkCount++
  return p
}

/** PBNode.Data, from its length on. */
function data(p: usize): usize {
  p = varint(p)
  const start = offsetOf(p)
  const end = within(p, value, inputSize())
  while (offsetOf(p) < end) {
    const at = offsetOf(p)
    p = varint(p)
    const tag = value
    if (tag < 8) fail(Code.MALFORMED, at, <u32>tag)
    if ((tag & 7) == 1 || (tag & 7) == 5) {
      p = skip(p, tag & 4 ? 4 : 8)
      continue
    }
    p = varint(p)
    if (tag == Tag.TYPE) {
      if (value > <u64>Type.SHARD) fail(Code.UNSUPPORTED, at, <u32>value)
      type = <u32>value
    } else if (tag == Tag.FILE_SIZE) {
      fileSize = value
      hasFileSize = true
    } else if (tag == Tag.BLOCK_SIZE) {
      size(at)
    } else if (tag == Tag.HASH_TYPE) {
      hashType = value
    } else if (tag == Tag.FANOUT) {
      fanout = value
    } else if (tag == Tag.MODE) {
      if (value >> 32) fail(Code.NUMBER_RANGE, at)
      mode = value
      hasMode = true
    } else if ((tag & 7) == 2) {
      const last = within(p, value, end)
      if (tag == Tag.DATA) {
        dataOffset = offsetOf(p)
        dataLength = value
        p = skip(p, value)
      } else if (tag == Tag.MTIME) {
        p = time(p, last)
      } else if (tag == Tag.BLOCK_SIZES) {
        while (offsetOf(p) < last) {
          p = varint(p)
          size(at)
        }
      } else {
        p = skip(p, value)
      }
    } else if (tag & 7) {
      fail(Code.MALFORMED, at, <u32>tag)
    }
  }
  if (offsetOf(p) != end) fail(Code.MALFORMED, start)
  return p
}

/** Notes the size of a child, the varint just read. */
function size(at: u64): void {
  reach(top + 16)
  store<u64>(top, value)
  top += 8
  sizeCount++
  total += value
  if (value > MAX_SIZE || total > MAX_SIZE) fail(Code.TOO_LARGE, at)
}

function time(p: usize, end: u64): usize {
  hasTime = true
  seconds = 0
  while (offsetOf(p) < end) {
    const at = offsetOf(p)
    p = varint(p)
    if (value == TimeTag.SECONDS) {
      p = varint(p)
      seconds = <i64>value
    } else {
      if (value != TimeTag.NANOSECONDS) fail(Code.MALFORMED, at, <u32>value)
      p = need(p, 4)
      nanoseconds = load<u32>(p)
      p += 4
      if (nanoseconds > 999999999) fail(Code.NUMBER_RANGE, at)
    }
  }
  if (offsetOf(p) != end) fail(Code.MALFORMED, end)
  return p
}
