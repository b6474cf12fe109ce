/**
 * RLP, writing. A list's length stands before its items, so an encoder makes a plan first: records like the node tape's, in the order in which they are written, and each list with
 * the number of bytes that its items take.
 *
 * ```
 *  LIST   aux ignored   hi: bytes of items          RAW    lo: one byte, outside of RLP
 *  BYTES  as on the node tape                       UINT   lo, hi: the number, without leading zeros
 *  WRAP   hi: bytes that follow, as one string
 * ```
 * A node tape whose lists have been measured, which have no use for `hi`, is such a plan too.
 */
import { allocate } from '../../sdk/heap'
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as out from '../../sdk/output'
import { Kind, RECORD } from '../../sdk/tape'

/** Records of a plan that no node tape has. */
const enum Plan { WRAP = 11, RAW = 12 }

let start: usize = 0
let top: usize = 0
/** Bytes that all up to here takes. */
let total: u64 = 0

/** Begins a plan. @param most records that it may have */
export function openPlan(most: usize): void {
  start = top = allocate(most * RECORD)
}

// @ts-ignore: decorator
@inline function put(head: u32, aux: u32, payload: u64): void {
  store<u32>(top, head)
  store<u32>(top, aux, 4)
  store<u64>(top, payload, 8)
  top += RECORD
}

/** Opens a list, or a string of what follows, two bytes or more: answers what `close` wants. */
function open(kind: u32): usize {
  const record = top
  put(kind, 0, total)
  return record
}
export function openList(): usize { return open(Kind.LIST) }
export function openWrap(): usize { return open(Plan.WRAP) }

/** Answers the bytes that it takes with its head. @param culprit the record that is too large if it is */
export function close(record: usize, culprit: usize): u64 {
  const before = load<u64>(record, 8)
  const length = total - before
  if (length >> 32) fail(Code.TOO_LARGE, node.indexOf(culprit))
  store<u32>(record, <u32>length, 12)
  total += headSize(length)
  return total - before
}

/** The bytes of a node. */
export function bytes(n: usize): void {
  put(load<u32>(n) & 0x30 | Kind.BYTES, node.length(n), node.inputOffset(n))
  total += bytesSize(n)
}

/** The last `length` bytes of a node that is not outside, as of a link its digest. */
export function tail(n: usize, length: u32): void {
  put(load<u32>(n) & 0x30 | Kind.BYTES, length, node.inputOffset(n) + node.length(n) - length)
  total += bytesSize(top - RECORD)
}

/** No bytes. */
export function empty(): void { uint(0) }

export function uint(value: u64): void {
  put(Kind.UINT, 0, value)
  total += uintSize(value)
}

/** A byte that is no item. */
export function raw(value: u32): void {
  put(Plan.RAW, 0, value)
  total++
}

// --- sizes -------------------------------------------------------------------------------------------------------------------------------------------------

function headSize(length: u64): u64 {
  return length < 56 ? 1 : 1 + <u64>bytesOf(length)
}

/** Bytes that a number takes without leading zeros. */
// @ts-ignore: decorator
@inline function bytesOf(value: u64): u32 { return 8 - (<u32>clz(value) >> 3) }

/** Bytes that a node of bytes takes. */
export function bytesSize(n: usize): u64 {
  const length = <u64>node.length(n)
  return length == 1 && load<u8>(node.resident(n)) < 0x80 ? 1 : headSize(length) + length
}

function uintSize(value: u64): u64 { return value < 0x80 ? 1 : 1 + <u64>bytesOf(value) }

/** Notes the bytes that a list's items take, in a node tape that is to be the plan; answers what the list takes. */
export function measured(list: usize, length: u64): u64 {
  if (length >> 32) fail(Code.TOO_LARGE, node.indexOf(list))
  store<u32>(list, <u32>length, 12)
  return length + headSize(length)
}

// --- writing -----------------------------------------------------------------------------------------------------------------------------------------------

/** Writes the plan. */
export function writePlan(): void {
  write(start, top)
}

/** Writes the plan that stands at the records from `record` to `end`. */
export function write(record: usize, end: usize): void {
  out.openOutput()
  for (; record < end; record += RECORD) {
    const kind = <u32>node.kind(record)
    if (kind == <u32>Kind.BYTES) bytesItem(record)
    else if (kind == <u32>Kind.LIST) head(0xc0, load<u32>(record, 12))
    else if (kind == <u32>Kind.UINT) number(node.integer(record))
    else if (kind == <u32>Plan.WRAP) head(0x80, load<u32>(record, 12))
    else if (kind == <u32>Plan.RAW) out.byte(load<u8>(record, 8))
  }
  out.closeOutput()
}

// @ts-ignore: decorator
@inline function bytesItem(record: usize): void {
  const length = node.length(record)
  if (length != 1 || load<u8>(node.resident(record)) >= 0x80) head(0x80, length)
  out.content(record)
}

/** @param base 0x80 for bytes, 0xc0 for lists */
function head(base: u32, length: u32): void {
  const to = out.room(9)
  if (length < 56) {
    store<u8>(to, <u8>(base + length))
    out.wrote(1)
  } else {
    const n = bytesOf(length)
    store<u8>(to, <u8>(base + 55 + n))
    store<u64>(to, bswap<u64>(<u64>length << (64 - (<u64>n << 3))), 1)
    out.wrote(1 + n)
  }
}

function number(value: u64): void {
  const to = out.room(9)
  if (value < 0x80) {
    store<u8>(to, <u8>(value == 0 ? 0x80 : value))
    out.wrote(1)
  } else {
    const n = bytesOf(value)
    store<u8>(to, <u8>(0x80 + n))
    store<u64>(to, bswap<u64>(value << (64 - (<u64>n << 3))), 1)
    out.wrote(1 + n)
  }
}
