/**
 * Scans (ITU-T T.81, sections A.2, B.2.3 and E.2): MCU after MCU, with restarts in between, as far as input is at hand. A sequential scan goes straight on to samples, one row of
 * MCUs at a time; of a progressive one the coefficients are kept until the image has ended.
 */
import { Code, fail } from '../../../codecs/sdk/fail'
import { addRow } from '../area'
import { last, leave, position, sourceEnd } from '../source'
import { beginBits, bitsAt, checkOverrun, endBits, malformed, moveBits } from './bits'
import { beginBand, firstAc, firstDc, moreAc, moreDc, sequentialBlock } from './blocks'
import { columns, Component, component, count, hMost, keepTable, progressive, rows, vMost } from './frame'
import { codeOf } from './huffman'
import { inverse, inverseFlat } from './idct'

/** An MCU takes not more: ten blocks of 64 coefficients, 27 bits each, each byte with a zero after it; and what is read ahead. */
const MCU_BYTES: usize = 4400

// @ts-ignore: decorator
@lazy const MEMBERS: usize = memory.data(4 * 4, 16)
// @ts-ignore: decorator
@lazy const BLOCK: usize = memory.data(128, 16)

let members: u32 = 0
let from: u32 = 0
let to: u32 = 0
/** bits of the coefficients that are still to come before and after this scan */
let high: u32 = 0
let low: u32 = 0

let interval: u32 = 0
/** MCUs until the next restart, and which that is */
let untilRestart: u32 = 0
let restart: u32 = 0

let wide: u32 = 0
let tall: u32 = 0
let x: u32 = 0
let y: u32 = 0
let paused: bool = false

// @ts-ignore: decorator
@inline function member(i: u32): Component { return changetype<Component>(load<u32>(MEMBERS + (i << 2))) }

/** DRI */
export function setInterval(n: u32): void { interval = n }

/** SOS: a scan's header, `n` bytes; its data follows. */
export function readScan(p: usize, n: u32, offset: u64): void {
  members = load<u8>(p)
  if (!members || members > 4 || n != 4 + 2 * members) fail(Code.MALFORMED, offset, members)
  const tail = p + 1 + 2 * members
  from = load<u8>(tail)
  to = load<u8>(tail, 1)
  high = load<u8>(tail, 2) >> 4
  low = load<u8>(tail, 2) & 15
  const bad = progressive
    ? from > to || to > 63 || (!from && to) || (from && members > 1) || low > 13 || (high && high != low + 1)
    : from || to != 63 || high || low
  if (bad) fail(Code.MALFORMED, offset + 1 + 2 * members, from)
  let blocks: u32 = 0
  for (let i: u32 = 0; i < members; i++) {
    const at = p + 1 + 2 * i
    let k: u32 = 0
    // in the order of the frame
    for (; k < count; k++) if (component(k).id == load<u8>(at)) break
    if (k == count || (i && changetype<usize>(component(k)) <= <usize>load<u32>(MEMBERS + ((i - 1) << 2)))) fail(Code.MALFORMED, offset + 1 + 2 * i, load<u8>(at))
    const c = component(k)
    store<u32>(MEMBERS + (i << 2), <u32>changetype<usize>(c))
    blocks += c.h * c.v
    const codes = <u32>load<u8>(at, 1)
    if ((codes & 15) > 3 || codes >> 4 > 3) fail(Code.MALFORMED, offset + 2 + 2 * i, codes)
    c.dc = codeOf(0, codes >> 4)
    c.ac = codeOf(1, codes & 15)
    if ((!from && !high && !c.dc) || (to && !c.ac)) fail(Code.MALFORMED, offset + 2 + 2 * i, codes)
    c.prediction = 0
    keepTable(c, offset)
    if (progressive) band(c, offset)
    else if (c.rowsDone) fail(Code.MALFORMED, offset + 1 + 2 * i, c.id)
  }
  const one = member(0)
  if (members > 1) {
    if (blocks > 10) fail(Code.MALFORMED, offset, blocks)
    wide = (columns + 8 * hMost - 1) / (8 * hMost)
    tall = (rows + 8 * vMost - 1) / (8 * vMost)
  } else {
    wide = one.blocksWide
    tall = one.blocksHigh
  }
  x = y = 0
  untilRestart = interval
  restart = 0
  paused = false
  beginBand()
}

/** A band of coefficients comes bit by bit, from the highest, none twice; the first coefficient comes first (section G.1.1.1.1). */
function band(c: Component, offset: u64): void {
  if (from && load<u8>(c.missing) == 255) fail(Code.MALFORMED, offset, from)
  for (let k = from; k <= to; k++) {
    const missing = <u32>load<u8>(c.missing + k)
    if (high ? missing != high : missing != 255) fail(Code.MALFORMED, offset, k)
    store<u8>(c.missing + k, low)
  }
}

/** Goes on with the data of a scan; true at its end. */
export function stepScan(): bool {
  if (paused) moveBits(position())
  else {
    beginBits(position())
    paused = true
  }
  const end = sourceEnd()
  while (y < tall) {
    if (end - bitsAt() < MCU_BYTES && !last()) {
      leave(bitsAt())
      return false
    }
    // and if there was no marker yet, it is looked for again when there is more
    if (interval && !untilRestart && !restartAt(endBits(), end)) continue
    if (members > 1) unit()
    else if (progressive) refine(member(0), x, y)
    else sequential(member(0), x, 0)
    checkOverrun()
    untilRestart--
    if (++x < wide) continue
    x = 0
    y++
    if (!progressive) for (let i: u32 = 0; i < members; i++) handOn(member(i), members > 1 ? member(i).v : 1)
  }
  leave(endBits())
  return true
}

/** A restart (section E.2.4): predictions begin anew. False if its marker is not at hand, for any number of 0xff may stand before it. */
function restartAt(p: usize, end: usize): bool {
  while (p + 1 < end && load<u8>(p, 1) == 0xff) p++
  moveBits(p)
  if (p + 1 >= end && !last()) return false
  if (load<u8>(p, 1) != 0xd0 + restart) malformed(load<u8>(p, 1))
  restart = (restart + 1) & 7
  untilRestart = interval
  for (let i: u32 = 0; i < members; i++) member(i).prediction = 0
  beginBand()
  beginBits(p + 2)
  return true
}

/** An MCU of several components. */
function unit(): void {
  for (let i: u32 = 0; i < members; i++) {
    const c = member(i)
    for (let v: u32 = 0; v < c.v; v++) {
      for (let h: u32 = 0; h < c.h; h++) {
        if (progressive) refine(c, x * c.h + h, y * c.v + v)
        else sequential(c, x * c.h + h, v)
      }
    }
  }
}

/** A block of a sequential scan, to where it belongs in the strip. */
function sequential(c: Component, column: u32, line: u32): void {
  memory.fill(BLOCK, 0, 128)
  const any = sequentialBlock(c, BLOCK)
  const at = c.strip + (<usize>line * c.stride << 3) + (<usize>column << 3)
  if (any) inverse(BLOCK, c.table, at, c.stride)
  else inverseFlat(load<i16>(BLOCK), c.table, at, c.stride)
}

/** A block of a progressive scan. */
function refine(c: Component, column: u32, line: u32): void {
  const block = c.coefficients + (<usize>(line * c.paddedWide + column) << 7)
  if (!from) {
    if (high) moreDc(block, low)
    else firstDc(c, block, low)
  } else if (high) moreAc(c.ac, block, from, to, low)
  else firstAc(c.ac, block, from, to, low)
}

/** So many rows of blocks are in the strip: their rows go on to be made smaller. */
function handOn(c: Component, lines: u32): void {
  const n = min(lines << 3, c.rows - c.rowsDone)
  for (let i: u32 = 0; i < n; i++) addRow(c.plane, c.strip + <usize>i * c.stride)
  c.rowsDone += n
}

/** The image has ended: makes samples of what progressive scans have left; all components must be there. */
export function endScans(offset: u64): void {
  for (let i: u32 = 0; i < count; i++) {
    const c = component(i)
    if (!progressive) {
      if (c.rowsDone != c.rows) fail(Code.UNEXPECTED_END, offset, c.id)
      continue
    }
    if (load<u8>(c.missing) == 255) fail(Code.UNEXPECTED_END, offset, c.id)
    let block = c.coefficients
    for (let line: u32 = 0; line < c.blocksHigh; line++) {
      block = c.coefficients + (<usize>line * c.paddedWide << 7)
      for (let column: u32 = 0; column < c.blocksWide; column++, block += 128) inverse(block, c.table, c.strip + (<usize>column << 3), c.stride)
      handOn(c, 1)
    }
  }
}
