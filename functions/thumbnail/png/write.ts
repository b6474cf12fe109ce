/** Writes the picture as PNG (ISO/IEC 15948): of each row the filter whose differences are smallest, added up as signed bytes (section 12.8). */
import { deflate, deflateBound } from '../../../codecs/lib/deflate/deflate'
import { crc32 } from '../../../codecs/lib/hash/crc32'
import { allocate } from '../../../codecs/sdk/heap'
import { channels, height, pixels, width } from '../picture'
import { paeth } from './filter'

const FILTERS: u32 = 5
const MARGIN: usize = 16
const SLACK: usize = 32

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
  at = endChunk(at, 0x54414449, deflate(filtered, n, at + 8))
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
    let least = u64.MAX_VALUE
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

/** Writes what a filter makes of a row (section 9.2); answers the sum of its differences. */
function apply(filter: u32, row: usize, above: usize, n: usize, to: usize): u64 {
  const back = <usize>channels
  let sum: u64 = 0
  for (const end = row + n; row < end; row++, above++, to++) {
    const left = <i32>load<u8>(row - back)
    const up = <i32>load<u8>(above)
    let guess: i32 = 0
    if (filter == 1) guess = left
    else if (filter == 2) guess = up
    else if (filter == 3) guess = (left + up) >> 1
    else if (filter == 4) guess = paeth(left, up, load<u8>(above - back))
    const difference = <i8>(<i32>load<u8>(row) - guess)
    store<u8>(to, difference)
    sum += abs<i32>(difference)
  }
  return sum
}
