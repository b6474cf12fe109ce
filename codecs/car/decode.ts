/** CARs to the node tape: headers are read, and of each block its length and CID; its bytes are a range of the input. */
import { checkCid, cidSize, MAX_CID } from '../sdk/cid'
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { need, offsetOf, openInput, skip } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind, sameBytes } from '../sdk/tape'
import { setLenient, value, varint } from '../lib/varint/varint'
import { AFTER, AFTER_LENGTH, BEFORE, BEFORE_LENGTH, HEADER2, Name, NAMES, NAMES_LENGTH, PRAGMA, PRAGMA_LENGTH } from './header'

let names: u32 = 0

function name(at: u32): void { tape.literal(names + at, load<u8>(NAMES + <usize>at - 1)) }

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  tape.openTapeFor(NAMES_LENGTH + 16, 0)
  names = tape.putLiteral(NAMES, 16)
  for (let i: u32 = 16; i < NAMES_LENGTH; i += 16) tape.putLiteral(NAMES + <usize>i, min<u32>(16, NAMES_LENGTH - i))
  const root = tape.open(Kind.MAP)
  name(Name.VERSION)
  const p = openInput()
  const second = inputSize() >= PRAGMA_LENGTH && sameBytes(p, PRAGMA, PRAGMA_LENGTH)
  tape.uint(second ? 2 : 1)
  if (second) version2(root, need(p, HEADER2))
  else {
    payload(p, inputSize())
    tape.close(root, 3)
  }
  tape.closeTape()
}

/** A header of version 2 at `p`. The data and the index stand where it says, in this order; what is between is kept as it is. */
function version2(root: usize, p: usize): void {
  const size = inputSize()
  const data = load<u64>(p, 27)
  const dataSize = load<u64>(p, 35)
  const index = load<u64>(p, 43)
  name(Name.CHARACTERISTICS)
  tape.bytesAt(PRAGMA_LENGTH, 16)
  if (data < HEADER2 || data > size) fail(Code.MALFORMED, 27)
  if (dataSize > size - data) fail(Code.UNEXPECTED_END, 35)
  const end = data + dataSize
  if (index ? index < end || index > size : false) fail(Code.MALFORMED, 43)
  if (index == 0 && end < size) fail(Code.TRAILING_BYTES, end)
  let count: u32 = 4
  if (data > HEADER2) {
    name(Name.PADDING)
    range(HEADER2, data)
    count++
  }
  payload(skip(p, data), end)
  if (index) {
    if (index > end) {
      name(Name.INDEX_PADDING)
      range(end, index)
      count++
    }
    name(Name.INDEX)
    range(index, size)
    count++
  }
  tape.close(root, count)
}

function range(start: u64, end: u64): void {
  if ((end - start) >> 32) fail(Code.TOO_LARGE, start)
  tape.bytesAt(start, <u32>(end - start))
}

/** Roots and blocks of version 1 from `p` to the input's offset `end`. */
function payload(p: usize, end: u64): void {
  const start = offsetOf(p)
  p = varint(p)
  const headerStart = offsetOf(p)
  if (headerStart > end || value > end - headerStart) fail(Code.UNEXPECTED_END, end)
  const headerEnd = headerStart + value
  name(Name.ROOTS)
  p = expect(p, BEFORE, BEFORE_LENGTH)
  p = roots(p)
  p = expect(p, AFTER, AFTER_LENGTH)
  if (offsetOf(p) != headerEnd) fail(Code.MALFORMED, start)

  name(Name.BLOCKS)
  const list = tape.open(Kind.LIST)
  let count: u32 = 0
  let first: usize = 0
  while (offsetOf(p) < end) {
    const at = offsetOf(p)
    p = varint(p)
    const n = value
    const cid = offsetOf(p)
    if (cid > end || n > end - cid) fail(Code.UNEXPECTED_END, end)
    if (n == 0) fail(Code.MALFORMED, at)
    if (n >> 32) fail(Code.TOO_LARGE, at)
    const size = cidAt(p, <u32>n)
    const record = tape.open(Kind.MAP)
    if (!first) name(Name.CID)
    tape.link(cid, size)
    if (!first) name(Name.BYTES)
    tape.bytesAt(cid + <u64>size, <u32>n - size)
    if (first) {
      tape.closeShared(record, 2, first, 2)
    } else {
      tape.close(record, 2)
      first = record
    }
    // the window may have moved to the CID
    p = skip(moved, n)
    count++
  }
  tape.close(list, count)
}

/** Where `cidAt` has left the cursor: at the CID. */
let moved: usize = 0

/** Bytes of the CID at `p`, in a section of `n` bytes. */
function cidAt(p: usize, n: u32): u32 {
  // nearly all are shorter than this
  let atHand = min<u32>(n, 64)
  p = need(p, atHand)
  let size = cidSize(p, p + atHand)
  if (size == 0 && n > atHand) {
    atHand = min<u32>(n, MAX_CID)
    p = need(p, atHand)
    size = cidSize(p, p + atHand)
  }
  if (size == 0) fail(Code.INVALID_CID, offsetOf(p))
  moved = p
  return size
}

/** Exactly these `n` bytes, at most 16. */
function expect(p: usize, bytes: usize, n: u32): usize {
  p = need(p, n)
  for (let i: u32 = 0; i < n; i++) if (load<u8>(p + i) != load<u8>(bytes + i)) fail(Code.MALFORMED, offsetOf(p + i), load<u8>(p + i))
  return p + n
}

/** The array of roots (RFC 8949, major type 4): its head in the shortest form, links with tag 42. */
function roots(p: usize): usize {
  const start = offsetOf(p)
  p = need(p, 1)
  const head = <u32>load<u8>(p)
  let n = head & 31
  if (head >> 5 != 4 || n > 26) fail(Code.MALFORMED, start, head)
  p++
  if (n >= 24) {
    const size: u32 = 1 << (n - 24)
    p = need(p, size)
    n = size == 1 ? load<u8>(p) : size == 2 ? bswap<u16>(load<u16>(p)) : bswap<u32>(load<u32>(p))
    if (n < (size == 1 ? <u32>24 : size == 2 ? 0x100 : 0x10000)) fail(Code.NON_CANONICAL, start, head)
    p += size
  }
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < n; i++) p = link(p)
  tape.close(list, n)
  return p
}

/** Tag 42, a byte string, a zero byte, a CID. */
function link(p: usize): usize {
  p = need(p, 3)
  const start = offsetOf(p)
  if (load<u16>(p) != 0x2ad8) fail(Code.MALFORMED, start, load<u8>(p))
  const head = <u32>load<u8>(p, 2)
  let n = head & 31
  p += 3
  if (head >> 5 != 2 || n > 25) fail(Code.MALFORMED, start + 2, head)
  if (n >= 24) {
    const size: u32 = 1 << (n - 24)
    p = need(p, size)
    n = size == 1 ? load<u8>(p) : bswap<u16>(load<u16>(p))
    if (n < (size == 1 ? <u32>24 : 0x100)) fail(Code.NON_CANONICAL, start + 2, head)
    p += size
  }
  const offset = offsetOf(p)
  if (n > MAX_CID + 1) fail(Code.TOO_LARGE, offset, n)
  if (n < 2) fail(Code.INVALID_CID, offset, n)
  p = need(p, n)
  if (load<u8>(p) != 0) fail(Code.INVALID_CID, offset, load<u8>(p))
  checkCid(p + 1, n - 1, offset + 1)
  tape.link(offset + 1, n - 1)
  return p + n
}
