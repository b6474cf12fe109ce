/**
 * Writes the picture as JPEG (ITU-T T.81, baseline; JFIF 1.02): colours as luminance and chrominance, the latter at half the size each way below quality 90, codes made for the
 * picture. What is transparent is put on white.
 */
import { allocate } from '../../../codecs/sdk/heap'
import { channels, height, pixels, width } from '../picture'
import { beginCode, bitsOfValues, code, endCode, newCode, settle, writeCode } from './coder'
import { forward } from './forward'
import { NATURAL } from './frame'

/** From this quality on colours are as fine as luminance. */
const FINE: u32 = 90
const HEADERS: usize = 2048

/** Tables K.1 and K.2, in natural order. */
// @ts-ignore: decorator
@lazy const LUMINANCE: usize = memory.data<u8>([
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99
])
// @ts-ignore: decorator
@lazy const CHROMINANCE: usize = memory.data<u8>([
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99
])

/** Length of what `writeJpeg` has written. */
export let jpegLength: u32 = 0

let components: u32 = 0
/** sampling factor of luminance, both ways */
let factor: u32 = 1
/** MCUs across and down */
let wide: usize = 0
let tall: usize = 0
/** planes of samples, padded to whole MCUs, and their blocks, 128 bytes each, in the order of the scan */
let planes: usize = 0
let blocks: usize = 0
let tables: usize = 0
let codes: usize = 0

/** Answers where the file stands. @param quality 1 to 100, as the Independent JPEG Group has it */
export function writeJpeg(quality: u32): usize {
  components = channels > 2 ? 3 : 1
  factor = components == 3 && quality < FINE ? 2 : 1
  const side = 8 * factor
  wide = (<usize>width + side - 1) / side
  tall = (<usize>height + side - 1) / side
  makeTables(quality)
  makePlanes()
  transform()
  codes = allocate(4 * 4)
  for (let i: usize = 0; i < 4; i++) store<u32>(codes + (i << 2), <u32>newCode())
  eachBlock()
  let bits = bitsOfValues()
  for (let i: usize = 0; i < 4; i++) if (i < 2 || components == 3) bits += settle(load<u32>(codes + (i << 2)))
  // each byte may be followed by a zero
  const start = allocate(HEADERS + <usize>(bits >> 3) * 2 + 64)
  beginCode(writeHeaders(start))
  eachBlock()
  const end = endCode()
  store<u16>(end, 0xd9ff)
  jpegLength = <u32>(end + 2 - start)
  return start
}

function makeTables(quality: u32): void {
  tables = allocate(2 * 128)
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality
  for (let k: usize = 0; k < 128; k++) {
    const value = <u32>(k < 64 ? load<u8>(LUMINANCE + k) : load<u8>(CHROMINANCE + k - 64))
    store<u16>(tables + (k << 1), max<u32>(1, min<u32>(255, (value * scale + 50) / 100)))
  }
}

// --- samples -------------------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline function planeSize(): usize { return wide * tall * 64 * factor * factor }

/** Fills the planes; pixels beyond the edges are as those at them. */
function makePlanes(): void {
  const size = planeSize()
  planes = allocate(size * components + 16)
  const stride = wide * 8 * factor
  const rows = tall * 8 * factor
  const depth = <usize>channels
  let to = planes
  for (let y: usize = 0; y < rows; y++) {
    const row = pixels + min<usize>(y, height - 1) * width * depth
    for (let x: usize = 0; x < stride; x++, to++) {
      const at = row + min<usize>(x, width - 1) * depth
      const alpha = depth & 1 ? 255 : <u32>load<u8>(at + depth - 1)
      const red = onWhite(load<u8>(at), alpha)
      if (depth < 3) {
        store<u8>(to, red)
        continue
      }
      const green = onWhite(load<u8>(at, 1), alpha)
      const blue = onWhite(load<u8>(at, 2), alpha)
      store<u8>(to, (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16)
      store<u8>(to + size, (8421375 - 11059 * red - 21709 * green + 32768 * blue) >> 16)
      store<u8>(to + 2 * size, (8421375 + 32768 * red - 27439 * green - 5329 * blue) >> 16)
    }
  }
  if (components == 3 && factor == 2) {
    halve(planes + size, stride, rows)
    halve(planes + 2 * size, stride, rows)
  }
}

// @ts-ignore: decorator
@inline function onWhite(value: u32, alpha: u32): u32 { return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255 }

/** Makes a plane half as large each way, in place. */
function halve(plane: usize, stride: usize, rows: usize): void {
  let to = plane
  for (let y: usize = 0; y < rows; y += 2) {
    for (let x: usize = 0; x < stride; x += 2, to++) {
      const at = plane + y * stride + x
      store<u8>(to, (<u32>load<u8>(at) + load<u8>(at, 1) + load<u8>(at + stride) + load<u8>(at + stride + 1) + 2) >> 2)
    }
  }
}

// --- blocks --------------------------------------------------------------------------------------------------------------------------------------------------

/** Samples to quantized coefficients, in the order of the scan. */
function transform(): void {
  const square = factor * factor
  blocks = allocate(wide * tall * (square + components - 1) * 128 + 16)
  const stride = wide * 8 * factor
  let to = blocks
  for (let y: usize = 0; y < tall; y++) {
    for (let x: usize = 0; x < wide; x++) {
      for (let i: usize = 0; i < square; i++, to += 128) {
        const row = y * factor + i / factor
        const column = x * factor + i % factor
        forward(planes + (row * stride << 3) + (column << 3), stride, tables, to)
      }
      for (let c: usize = 1; c < components; c++, to += 128) forward(planes + c * planeSize() + (y * wide << 6) + (x << 3), wide << 3, tables + 128, to)
    }
  }
}

/** Counts or writes all blocks. */
function eachBlock(): void {
  const square = factor * factor
  const luminance = load<u32>(codes)
  const runs = load<u32>(codes, 4)
  const dc = load<u32>(codes, 8)
  const ac = load<u32>(codes, 12)
  let before: i32 = 0
  let before1: i32 = 0
  let before2: i32 = 0
  let block = blocks
  for (let n = wide * tall; n; n--) {
    for (let i: u32 = 0; i < square; i++, block += 128) {
      code(block, before, luminance, runs)
      before = load<i16>(block)
    }
    if (components == 1) continue
    code(block, before1, dc, ac)
    before1 = load<i16>(block)
    code(block + 128, before2, dc, ac)
    before2 = load<i16>(block, 128)
    block += 256
  }
}

// --- segments (annex B) ------------------------------------------------------------------------------------------------------------------------------------

/** Begins a segment; answers where its contents go. */
function begin(to: usize, marker: u32): usize {
  store<u8>(to, 0xff)
  store<u8>(to, marker, 1)
  return to + 4
}

/** Ends the segment whose contents stand from `start` to `stop`; answers the latter. */
function end(start: usize, stop: usize): usize {
  store<u16>(start - 2, bswap<u16>(<u16>(stop - start + 2)))
  return stop
}

function writeHeaders(to: usize): usize {
  const kinds: u32 = components == 3 ? 2 : 1
  store<u16>(to, 0xd8ff)
  // APP0: JFIF 1.02, pixels as wide as high, no thumbnail
  let at = begin(to + 2, 0xe0)
  store<u64>(at, 0x000201004649464a)
  store<u32>(at, 0x01000100, 8)
  store<u16>(at, 0, 12)
  at = end(at, at + 14)
  for (let i: u32 = 0; i < kinds; i++) {
    at = begin(at, 0xdb)
    store<u8>(at, i)
    for (let k: usize = 0; k < 64; k++) store<u8>(at + 1 + k, load<u16>(tables + (i << 7) + (<usize>load<u8>(NATURAL + k) << 1)))
    at = end(at, at + 65)
  }
  at = begin(at, 0xc0)
  store<u8>(at, 8)
  store<u16>(at, bswap<u16>(<u16>height), 1)
  store<u16>(at, bswap<u16>(<u16>width), 3)
  store<u8>(at, components, 5)
  for (let i: u32 = 0; i < components; i++) {
    const member = at + 6 + 3 * i
    store<u8>(member, i + 1)
    store<u8>(member, i ? 0x11 : factor * 0x11, 1)
    store<u8>(member, i ? 1 : 0, 2)
  }
  at = end(at, at + 6 + 3 * components)
  for (let i: u32 = 0; i < 2 * kinds; i++) {
    at = begin(at, 0xc4)
    store<u8>(at, (i & 1) << 4 | i >> 1)
    at = end(at, writeCode(load<u32>(codes + (i << 2)), at + 1))
  }
  at = begin(at, 0xda)
  store<u8>(at, components)
  for (let i: u32 = 0; i < components; i++) {
    store<u8>(at + 1 + 2 * i, i + 1)
    store<u8>(at + 2 + 2 * i, i ? 0x11 : 0)
  }
  const tail = at + 1 + 2 * components
  store<u8>(tail, 0)
  store<u8>(tail, 63, 1)
  store<u8>(tail, 0, 2)
  return end(at, tail + 3)
}
