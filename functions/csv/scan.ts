/**
 * Rows of CSV (RFC 4180, 2): where each cell begins and ends. Lines end in CRLF or LF, the last also with the text. A cell in quotes may have anything in it, quotes doubled; in
 * another there is neither a quote nor a CR. A row may come in any number of parts: what has been read of it is not read again.
 *
 * ```
 *  cell  ┌───────┬───────┬──────────────────────────────┐      start and end from the row's first byte, without quotes
 *        │ start │ end   │ 0, or 1 and twice the number │      of doubled quotes in it, for one in quotes
 *        └───────┴───────┴──────────────────────────────┘
 *        0       4       8                              12
 * ```
 */
import { end as pendingEnd, passed, start } from '../../codecs/lib/stream/pending'
import { validUntil } from '../../codecs/lib/text/utf8'
import { Code, fail } from '../../codecs/sdk/fail'
import { allocate } from '../../codecs/sdk/heap'

/** Most bytes of a row, its line's end included. */
export const MAX_ROW: usize = 1 << 20
/** Most cells of a row. */
const MAX_CELLS: u32 = 16384

const QUOTE: u32 = 34
const LF: u32 = 10
const CR: u32 = 13

export const enum Found { ROW, MORE, END }

const enum Mode {
  /** in a cell without quotes, or at the start of any */
  PLAIN,
  QUOTED,
  /** after the quote that ends a cell: a delimiter or the end of the line is next */
  CLOSED
}

const CELL: usize = 12

let cells: usize = 0
let room: u32 = 0
let delimiter: u32 = 44

/** The number of cells of the row that has been found, or of the one that is being read. */
export let count: u32 = 0
/** Bytes of the row that has been found, its line's end included. */
export let rowLength: usize = 0
/** The line on which the row begins, from 1. */
export let line: u64 = 1

/** Bytes of the row that have been read. */
let read: usize = 0
let mode: Mode = Mode.PLAIN
/** Where the cell begins, its quote included, and where it has ended, if it is closed. */
let cellStart: usize = 0
let cellEnd: usize = 0
let doubled: u32 = 0
/** Newlines in quotes. */
let newlines: u64 = 0
/** there may be bytes in the row that are not ASCII */
let foreign: bool = false

/** @param by the delimiter, ASCII */
export function openScan(by: u32): void { delimiter = by }

/** Room for a cell more than there is room for. */
function moreCells(): void {
  if (count == MAX_CELLS) failAt(Code.TOO_LARGE, cellStart)
  room = max(room << 1, 64)
  const to = allocate(<usize>room * CELL)
  memory.copy(to, cells, <usize>count * CELL)
  cells = to
}

// @ts-ignore: decorator
@inline export function cellAt(i: u32): usize { return start + <usize>load<u32>(cells + <usize>i * CELL) }
// @ts-ignore: decorator
@inline export function cellLength(i: u32): u32 { return load<u32>(cells + <usize>i * CELL, 4) - load<u32>(cells + <usize>i * CELL) }
/** 0, or 1 and twice the number of doubled quotes. */
// @ts-ignore: decorator
@inline export function cellQuotes(i: u32): u32 { return load<u32>(cells + <usize>i * CELL, 8) }

/** Whether a row is an empty line. */
export function isEmptyLine(): bool { return count == 1 && cellLength(0) == 0 && cellQuotes(0) == 0 }

/** To be called when the row that was found has been made use of, and before it is passed. */
export function nextRow(): void {
  line += newlines + 1
  read = cellStart = 0
  count = 0
  mode = Mode.PLAIN
  newlines = 0
  foreign = false
}

/** Newlines in the first `n` bytes of the row. */
function linesIn(n: usize): u64 {
  let lines: u64 = 0
  for (let p = start, to = start + n; p < to; p++) lines += u64(load<u8>(p) == LF)
  return lines
}

/** Fails at a byte of the row, with the line that it is on. */
export function failAt(code: Code, at: usize): void {
  fail(code, passed + <u64>at, <u32>min<u64>(line + linesIn(at), u32.MAX_VALUE))
}

/** Bits 0…15: which of 16 bytes may end something. */
// @ts-ignore: decorator
@inline function specials(v: v128, by: v128): u32 {
  return i8x16.bitmask(
    v128.or(v128.or(i8x16.eq(v, by), i8x16.eq(v, i8x16.splat(34))), v128.or(i8x16.eq(v, i8x16.splat(10)), i8x16.eq(v, i8x16.splat(13))))
  )
}

/** Reads on. @param whole there is nothing after what is pending */
export function findRow(whole: bool): Found {
  const row = start
  // the end of what may be looked at: no error depends on how the stream is cut
  const end = min(pendingEnd, row + MAX_ROW)
  const last = whole && end == pendingEnd
  const by = i8x16.splat(<i8>delimiter)
  let at = row + read
  let block = at
  let bytes = v128.load(block)
  let seen = bytes
  let mask = specials(bytes, by)
  while (true) {
    while (!mask) {
      block += 16
      if (block >= end) return atEnd(end, last, seen)
      bytes = v128.load(block)
      seen = v128.or(seen, bytes)
      mask = specials(bytes, by)
    }
    at = block + ctz(mask)
    mask &= mask - 1
    if (at >= end) return atEnd(end, last, seen)
    const c = <u32>load<u8>(at)
    if (mode == Mode.QUOTED) {
      if (c != QUOTE) {
        newlines += u64(c == LF)
        continue
      }
      if (at + 1 == end) {
        if (!last) return more(at, seen)
        closeCell(at - row)
        endCell()
        return rowFound(at + 1, seen)
      }
      const after = <u32>load<u8>(at + 1)
      if (after == QUOTE) {
        doubled++
        block = at + 2
        bytes = v128.load(block)
        seen = v128.or(seen, bytes)
        mask = specials(bytes, by)
      } else {
        if (after != delimiter && after != LF && after != CR) failAt(Code.MALFORMED, at + 1 - row)
        closeCell(at - row)
      }
      continue
    }
    if (c == QUOTE) {
      if (at - row != cellStart) failAt(Code.MALFORMED, at - row)
      mode = Mode.QUOTED
      doubled = 0
      continue
    }
    if (c == CR) {
      if (at + 1 == end && !last) return more(at, seen)
      if (at + 1 == end || load<u8>(at + 1) != LF) failAt(Code.MALFORMED, at - row)
    }
    if (mode == Mode.PLAIN) cellEnd = at - row
    endCell()
    if (c == delimiter) {
      cellStart = at + 1 - row
      continue
    }
    return rowFound(at + (c == CR ? 2 : 1), seen)
  }
}

/** All that there is has been read, and nothing has ended the row. */
function atEnd(end: usize, last: bool, seen: v128): Found {
  if (!last) return more(end, seen)
  if (end == start) return Found.END
  if (mode == Mode.QUOTED) failAt(Code.UNEXPECTED_END, end - start)
  cellEnd = end - start
  endCell()
  return rowFound(end, seen)
}

/** @param seen all bytes that have been looked at, one over the other: whether one is not ASCII is seen in it */
function more(at: usize, seen: v128): Found {
  // the row does not end within what it may have
  if (pendingEnd - start > MAX_ROW) fail(Code.TOO_LARGE, passed, <u32>line)
  read = at - start
  if (i8x16.bitmask(seen)) foreign = true
  return Found.MORE
}

/** The quote at the end of a cell. */
function closeCell(at: usize): void {
  cellEnd = at
  mode = Mode.CLOSED
}

function endCell(): void {
  if (count == room) moreCells()
  const cell = cells + <usize>count * CELL
  const closed = mode == Mode.CLOSED
  store<u32>(cell, <u32>cellStart + u32(closed))
  store<u32>(cell, <u32>cellEnd, 4)
  store<u32>(cell, closed ? doubled << 1 | 1 : 0, 8)
  count++
  mode = Mode.PLAIN
}

function rowFound(end: usize, seen: v128): Found {
  rowLength = end - start
  if (foreign || i8x16.bitmask(seen)) {
    const bad = validUntil(start, end)
    if (bad != end) failAt(Code.INVALID_UTF8, bad - start)
  }
  return Found.ROW
}
