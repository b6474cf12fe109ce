/**
 * Writes the picture as PNG (ISO/IEC 15948): of each row the filter whose differences are smallest, added up as signed bytes (section 12.8);
 * or no filters, where that is shorter.
 */
import { deflate, deflateBound } from '../../../codecs/lib/deflate/deflate'
import { crc32 } from '../../../codecs/lib/hash/crc32'
import { allocate } from '../../../codecs/sdk/heap'
import { channels, height, pixels, width } from '../picture'
import { paethLanes } from './filter'

const FILTERS: u32 = 5
const MARGIN: usize = 16
const SLACK: usize = 32
/** Up to so many bytes no filter at all is tried too. */
const SMALL: usize = 1 << 20

/** Length of what `writePng` has written. */
export let pngLength: u32 = 0

/** Answers where the file stands. */
export function writePng(): usize {
  const row = <usize>width * channels
  const filtered = filterRows(row)
  const n = (row + 1) * height
  const start = allocate(deflateBound(n) + 64)
  store<u64>(start, 0x0a1a0a0d474e5089)
  let at = start + 8
  store<u32>(at, bswap<u32>(width), 8)
  store<u32>(at, bswap<u32>(height), 12)
  store<u8>(at, 8, 16)
  // 1 gray, 2 gray and alpha, 3 colours, 4 those and alpha
  store<u8>(at, (channels > 2 ? 2 : 0) | (channels & 1 ? 0 : 4), 17)
  store<u16>(at, 0, 18)
  store<u8>(at, 0, 20)
  at = endChunk(at, 0x52444849, at + 21)
  let end = deflate(filtered, n, at + 8)
  if (n <= SMALL) end = shorter(at + 8, end, row)
  at = endChunk(at, 0x54414449, end)
  at = endChunk(at, 0x444e4549, at + 8)
  pngLength = <u32>(at - start)
  return start
}

/** Puts length, type and CRC around the chunk at `at`; answers the address after it. @param type as it is stored */
function endChunk(at: usize, type: u32, end: usize): usize {
  store<u32>(at, bswap<u32>(<u32>(end - at - 8)))
  store<u32>(at, type, 4)
  store<u32>(end, bswap<u32>(crc32(0, at + 4, end - at - 4)))
  return end + 4
}

/** Compresses the rows as they are as well, which is better for few colours; the shorter stream stands at `at`. Answers the address after it. */
function shorter(at: usize, end: usize, row: usize): usize {
  const n = (row + 1) * height
  const rows = allocate(n + SLACK)
  for (let y: usize = 0; y < height; y++) {
    store<u8>(rows + y * (row + 1), 0)
    memory.copy(rows + y * (row + 1) + 1, pixels + y * row, row)
  }
  const other = allocate(deflateBound(n) + 64)
  const size = deflate(rows, n, other) - other
  if (size >= end - at) return end
  memory.copy(at, other, size)
  return at + size
}

function filterRows(row: usize): usize {
  const to = allocate((row + 1) * height + SLACK)
  // the row and the one before with zeros in front of them, and each of the filters' results
  let current = allocate(row + MARGIN + SLACK)
  let above = allocate(row + MARGIN + SLACK)
  const tries = allocate((row + SLACK) * FILTERS)
  memory.fill(current, 0, MARGIN)
  memory.fill(above, 0, row + MARGIN)
  let at = to
  for (let y: u32 = 0; y < height; y++) {
    memory.copy(current + MARGIN, pixels + row * y, row)
    let best: u32 = 0
    let least = u32.MAX_VALUE
    for (let filter: u32 = 0; filter < FILTERS; filter++) {
      const sum = apply(filter, current + MARGIN, above + MARGIN, row, tries + (row + SLACK) * filter)
      if (sum < least) {
        least = sum
        best = filter
      }
    }
    store<u8>(at, best)
    memory.copy(at + 1, tries + (row + SLACK) * best, row)
    at += row + 1
    const other = above
    above = current
    current = other
  }
  return to
}

/** Writes what a filter makes of a row (section 9.2); answers the sum of its differences. Reads and writes up to 15 bytes past it. */
function apply(filter: u32, row: usize, above: usize, n: usize, to: usize): u32 {
  const back = <usize>channels
  const end = row + n
  let sums = i64x2.splat(0)
  for (; row < end; row += 16, above += 16, to += 16) {
    let v = v128.load(row)
    if (filter == 1) v = i8x16.sub(v, v128.load(row - back))
    else if (filter == 2) v = i8x16.sub(v, v128.load(above))
    else if (filter == 3) v = i8x16.sub(v, mean(v128.load(row - back), v128.load(above)))
    else if (filter == 4) v = i8x16.sub(v, nearest(v128.load(row - back), v128.load(above), v128.load(above - back)))
    // what stands behind the row counts for nothing
    if (row + 16 > end) v = v128.and(v, firstLanes(end - row))
    v128.store(to, v)
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.abs(v))))
  }
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
}

/** The first `n` lanes, all ones. */
function firstLanes(n: usize): v128 { return i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>n)) }

/** The means, rounded down: what the operation rounds up is taken back. */
// @ts-ignore: decorator
@inline function mean(a: v128, b: v128): v128 { return i8x16.sub(i8x16.avgr_u(a, b), v128.and(v128.xor(a, b), i8x16.splat(1))) }

/** The guess of Paeth for sixteen bytes. */
// @ts-ignore: decorator
@inline function nearest(left: v128, above: v128, corner: v128): v128 {
  return i8x16.narrow_i16x8_u(
    paethLanes(i16x8.extend_low_i8x16_u(left), i16x8.extend_low_i8x16_u(above), i16x8.extend_low_i8x16_u(corner)),
    paethLanes(i16x8.extend_high_i8x16_u(left), i16x8.extend_high_i8x16_u(above), i16x8.extend_high_i8x16_u(corner))
  )
}
