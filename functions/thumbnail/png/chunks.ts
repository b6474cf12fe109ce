/**
 * PNG (ISO/IEC 15948:2004; third edition, W3C 2025), read as it comes: chunks, their order and their checks (sections 5 and 11). What the chunks of image data hold goes through
 * inflate to rows.ts. Chunks that say how colours are meant (gAMA, cHRM, iCCP, sRGB …) are checked and not obeyed.
 */
import { crc32 } from '../../../codecs/lib/hash/crc32'
import { beginInflate, give, inflate, inflateEnded, inflateLeft, inflateRoom, outputEnd, outputStart, Progress } from '../../../codecs/lib/inflate/inflate'
import { Code, fail } from '../../../codecs/sdk/fail'
import { orientationOf } from '../exif'
import { has, last, leave, offsetOf, position, sourceEnd } from '../source'
import { colour, Colour, readHeader } from './header'
import { endRows, startRows, takeBytes } from './rows'
import { setPalette, setTransparency } from './samples'

const enum State { SIGNATURE, CHUNK, WHOLE, DATA, SKIP, CRC }

const IHDR: u32 = 0x49484452
const PLTE: u32 = 0x504c5445
const IDAT: u32 = 0x49444154
const IEND: u32 = 0x49454e44
const TRNS: u32 = 0x74524e53
const EXIF: u32 = 0x65584966

let state: State = State.SIGNATURE
let type: u32 = 0
let left: u32 = 0
let crc: u32 = 0
let seenHeader: bool = false
let seenPalette: bool = false
let seenTransparency: bool = false
let seenExif: bool = false
let seenData: bool = false
/** a chunk of image data was the last */
let inData: bool = false
let orientation: u32 = 1

/** Goes on; true at the image's end. */
export function stepPng(): bool {
  let p = position()
  while (true) {
    if (state == State.SIGNATURE) {
      if (!has(p, 8)) break
      if (load<u64>(p) != 0x0a1a0a0d474e5089) fail(Code.MALFORMED, offsetOf(p))
      p += 8
      state = State.CHUNK
    } else if (state == State.CHUNK) {
      if (!has(p, 8)) break
      left = bswap(load<u32>(p))
      type = bswap(load<u32>(p, 4))
      crc = crc32(0, p + 4, 4)
      state = chunk(offsetOf(p))
      p += 8
    } else if (state == State.WHOLE) {
      if (!has(p, left)) break
      crc = crc32(crc, p, left)
      whole(p)
      p += left
      state = State.CRC
    } else if (state == State.CRC) {
      if (!has(p, 4)) break
      if (bswap(load<u32>(p)) != crc) fail(Code.CHECKSUM, offsetOf(p), type)
      p += 4
      if (type == IEND) {
        leave(p)
        endRows(offsetOf(p), orientation)
        return true
      }
      state = State.CHUNK
    } else {
      const n = <u32>min<usize>(sourceEnd() - p, left)
      crc = crc32(crc, p, n)
      if (state == State.DATA) data(p, n)
      p += n
      left -= n
      if (left) {
        if (last()) fail(Code.UNEXPECTED_END, offsetOf(p))
        break
      }
      state = State.CRC
    }
  }
  leave(p)
  return false
}

/** A chunk begins: whether it may, and how it is read. */
function chunk(offset: u64): State {
  if (left > 0x7fffffff) fail(Code.MALFORMED, offset, left)
  for (let i: u32 = 0; i < 32; i += 8) {
    const letter = (type >> i & 0xff) | 32
    if (letter < 97 || letter > 122) fail(Code.MALFORMED, offset + 4, type)
  }
  if (seenHeader == (type == IHDR)) fail(Code.MALFORMED, offset + 4, type)
  if (inData && type != IDAT) {
    inData = false
    unpack(0, 0, true, offset)
    if (!inflateEnded()) fail(Code.UNEXPECTED_END, offset)
  }
  if (type == IDAT) {
    // one after the other, with nothing between them, and after the palette
    if ((seenData && !inData) || (colour == Colour.PALETTE && !seenPalette)) fail(Code.MALFORMED, offset + 4, type)
    if (!seenData) {
      beginInflate()
      startRows(orientation)
    }
    seenData = inData = true
    return State.DATA
  }
  if (type == IHDR) return length(left == 13, offset)
  if (type == IEND) {
    if (!seenData) fail(Code.MALFORMED, offset + 4, type)
    return length(left == 0, offset)
  }
  if (type == PLTE) {
    if (seenPalette || seenData || seenTransparency || !(colour & Colour.COLOURED)) fail(Code.MALFORMED, offset + 4, type)
    seenPalette = true
    return length(left && left <= 768 && left % 3 == 0, offset)
  }
  if (type == TRNS) {
    if (seenTransparency || seenData || colour & Colour.ALPHA || (colour == Colour.PALETTE && !seenPalette)) fail(Code.MALFORMED, offset + 4, type)
    seenTransparency = true
    return length(left && left <= 256, offset)
  }
  if (type == EXIF && !seenExif && !seenData && left <= 65536) {
    seenExif = true
    return State.WHOLE
  }
  // what is critical and unknown cannot be left out
  if (!(type & 0x20000000)) fail(Code.UNSUPPORTED, offset + 4, type)
  return State.SKIP
}

function length(right: bool, offset: u64): State {
  if (!right) fail(Code.MALFORMED, offset, left)
  return State.WHOLE
}

/** A chunk that is at hand as a whole. */
function whole(p: usize): void {
  if (type == IHDR) {
    readHeader(p, offsetOf(p))
    seenHeader = true
  } else if (type == PLTE) setPalette(p, left / 3, offsetOf(p))
  else if (type == TRNS) setTransparency(p, left, offsetOf(p))
  else if (type == EXIF) orientation = orientationOf(p, left)
}

/** Image data: into inflate, and out of it into rows. */
function data(p: usize, n: usize): void {
  while (n) {
    const part = min(n, inflateRoom())
    unpack(p, part, false, offsetOf(p))
    p += part
    n -= part
  }
}

function unpack(p: usize, n: usize, all: bool, offset: u64): void {
  if (n) give(p, n, offset)
  // nothing may follow the stream
  if (n && inflateEnded()) fail(Code.TRAILING_BYTES, offset)
  while (!inflateEnded()) {
    const progress = inflate(all)
    takeBytes(outputStart(), outputEnd() - outputStart(), offset)
    if (progress == Progress.HUNGRY) return
    if (progress == Progress.ENDED && inflateLeft()) fail(Code.TRAILING_BYTES, offset + n - inflateLeft())
  }
}
