/**
 * Rows of a PNG image: cut from what inflate makes, unfiltered, made samples of 8 bits, and handed on (ISO/IEC 15948, sections 7 to 9). Of an image that is not interlaced two rows
 * are held; an interlaced one is put together first.
 *
 * ```
 *  above     0000000000000000▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓   16 zeros, then the row before
 *  current   000000000000000F▓▓▓▓▓▓▓▓▓░░░░░░░░░   the filter's number, then the row as far as it has come; the number is made zero too
 * ```
 */
import { Code, fail } from '../../../codecs/sdk/fail'
import { allocate } from '../../../codecs/sdk/heap'
import { addRow, openPlane, Plane } from '../area'
import { fit, height, width } from '../fit'
import { dropOpaque, openPicture, orient } from '../picture'
import { isFilter, unfilter } from './filter'
import { columns, interlaced, pixelBytes, rowBytes, rows, sizeOffset } from './header'
import { channelsOf, plain, premultiply, spread } from './samples'

/** Most bytes of an interlaced image that are held. */
const MAX_HELD: u64 = 64 << 20
const MARGIN: usize = 16
const SLACK: usize = 32

// Adam7: of each pass the first column and row, and how far from one to the next, as powers of two
// @ts-ignore: decorator
@lazy const PASSES: usize = memory.data<u8>([0, 0, 3, 3, 4, 0, 3, 3, 0, 4, 2, 3, 2, 0, 2, 2, 0, 2, 1, 2, 1, 0, 1, 1, 0, 1, 0, 1])
const PASS_COUNT: u32 = 7

let plane: Plane = changetype<Plane>(0)
let channels: u32 = 0
let back: u32 = 0
let current: usize = 0
let above: usize = 0
let samples: usize = 0
let premultiplied: usize = 0
/** an interlaced image, put together */
let held: usize = 0

let pass: u32 = 0
let passColumns: u32 = 0
let passRows: u32 = 0
let passRow: u32 = 0
/** bytes of a row, its filter's number included, and how many have come */
let length: usize = 0
let filled: usize = 0

/** The first image data comes: all that says how to read it has come. */
export function startRows(orientation: u32): void {
  fit(columns, rows, orientation > 4, sizeOffset)
  channels = channelsOf()
  back = pixelBytes()
  const bytes = <usize>rowBytes(columns) + 1
  current = allocate(bytes + MARGIN + SLACK)
  above = allocate(bytes + MARGIN + SLACK)
  const alpha = !(channels & 1)
  plane = openPlane(columns, 1, columns, width, 1, rows, height, channels, alpha, openPicture(width, height, channels))
  if (interlaced) {
    const size = <u64>columns * rows * channels
    if (size > MAX_HELD) fail(Code.TOO_LARGE, sizeOffset, <u32>size)
    held = allocate(<usize>size + SLACK)
  }
  if (interlaced || !plain()) samples = allocate(<usize>columns * channels + SLACK)
  if (alpha) premultiplied = allocate((<usize>columns * channels << 1) + SLACK)
  startPass()
}

/** Starts a pass, the first from this on that has pixels. */
function startPass(): void {
  if (!interlaced) {
    passColumns = columns
    passRows = rows
  } else {
    for (; pass < PASS_COUNT; pass++) {
      passColumns = reduced(columns, load<u8>(PASSES + (pass << 2)), load<u8>(PASSES + (pass << 2), 2))
      passRows = reduced(rows, load<u8>(PASSES + (pass << 2), 1), load<u8>(PASSES + (pass << 2), 3))
      if (passColumns && passRows) break
    }
    // the last passes of a small image have none
    if (pass == PASS_COUNT) passRows = 0
  }
  passRow = 0
  filled = 0
  length = <usize>rowBytes(passColumns) + 1
  memory.fill(current, 0, MARGIN)
  memory.fill(above, 0, MARGIN + length)
}

function reduced(n: u32, first: u32, shift: u32): u32 { return n > first ? (n - first + (1 << shift) - 1) >> shift : 0 }

/** Takes bytes that inflate has made. */
export function takeBytes(p: usize, n: usize, offset: u64): void {
  while (n) {
    // more than the image has
    if (passRow == passRows) fail(Code.TRAILING_BYTES, offset)
    const part = min(n, length - filled)
    memory.copy(current + MARGIN - 1 + filled, p, part)
    p += part
    n -= part
    filled += part
    if (filled < length) return
    takeRow(offset)
    filled = 0
    if (++passRow == passRows && interlaced) {
      pass++
      startPass()
    }
  }
}

function takeRow(offset: u64): void {
  const row = current + MARGIN
  const filter = <u32>load<u8>(row - 1)
  if (!isFilter(filter)) fail(Code.MALFORMED, offset, filter)
  store<u8>(row - 1, 0)
  unfilter(filter, row, above + MARGIN, <u32>length - 1, back)
  let from = row
  if (samples) {
    spread(row, passColumns, samples, offset)
    from = samples
  }
  if (interlaced) scatter(from)
  else handOn(from)
  current = above
  above = row - MARGIN
}

/** A row of samples goes on to be made smaller. */
function handOn(from: usize): void {
  if (premultiplied) {
    premultiply(from, columns, channels, premultiplied)
    from = premultiplied
  }
  addRow(plane, from)
}

/** Puts the row of a pass where its pixels belong. */
function scatter(from: usize): void {
  const at = PASSES + (pass << 2)
  const size = <usize>channels
  const y = <usize>load<u8>(at, 1) + (<usize>passRow << load<u8>(at, 3))
  let to = held + (y * columns + load<u8>(at)) * size
  const step = size << load<u8>(at, 2)
  for (let i: u32 = 0; i < passColumns; i++, to += step) for (let c: usize = 0; c < size; c++) store<u8>(to + c, load<u8>(from++))
}

/** The image has ended: the picture is made. */
export function endRows(offset: u64, orientation: u32): void {
  if (interlaced ? pass < PASS_COUNT : passRow < passRows) fail(Code.UNEXPECTED_END, offset)
  if (interlaced) for (let y: u32 = 0; y < rows; y++) handOn(held + <usize>y * columns * channels)
  dropOpaque()
  orient(orientation)
}
