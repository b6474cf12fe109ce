/**
 * JPEG (ITU-T T.81), read as it comes: markers and their segments (annex B). Baseline, extended sequential and progressive with Huffman codes, samples of 8 bits. What stands
 * behind the end of the image is not read.
 */
import { Code, fail } from '../../../codecs/sdk/fail'
import { orientationOf } from '../exif'
import { orient } from '../picture'
import { has, leave, offsetOf, position } from '../source'
import { mixColours, Transform } from './colours'
import { big16, columns, readFrame, readQuantization } from './frame'
import { readCodes } from './huffman'
import { endScans, readScan, setInterval, stepScan } from './scan'

const enum State { START, MARKER, SEGMENT, DATA }

const SOF0: u32 = 0xc0
const SOF2: u32 = 0xc2
const DHT: u32 = 0xc4
const DAC: u32 = 0xcc
const EOI: u32 = 0xd9
const SOS: u32 = 0xda
const DQT: u32 = 0xdb
const DNL: u32 = 0xdc
const DRI: u32 = 0xdd
const APP0: u32 = 0xe0
const APP15: u32 = 0xef
const COM: u32 = 0xfe

let state: State = State.START
let marker: u32 = 0
let jfif: bool = false
let transform: Transform = Transform.UNKNOWN
let orientation: u32 = 1
let seenExif: bool = false

/** Goes on; true at the image's end. */
export function stepJpeg(): bool {
  while (true) {
    const p = position()
    if (state == State.DATA) {
      if (!stepScan()) return false
      state = State.MARKER
    } else if (state == State.SEGMENT) {
      if (!has(p, 2)) return false
      const length = big16(p)
      if (length < 2) fail(Code.MALFORMED, offsetOf(p), length)
      if (!has(p, length)) return false
      segment(p + 2, length - 2, offsetOf(p + 2))
      leave(p + length)
      state = marker == SOS ? State.DATA : State.MARKER
    } else {
      if (!has(p, 2)) return false
      if (load<u8>(p) != 0xff) fail(Code.MALFORMED, offsetOf(p), load<u8>(p))
      marker = load<u8>(p, 1)
      // any number of 0xff may stand before a marker
      if (marker == 0xff && state == State.MARKER) {
        leave(p + 1)
        continue
      }
      leave(p + 2)
      if (state == State.START) {
        if (marker != 0xd8) fail(Code.MALFORMED, offsetOf(p + 1), marker)
        state = State.MARKER
      } else if (marker == EOI) {
        if (!columns) fail(Code.UNEXPECTED_END, offsetOf(p))
        endScans(offsetOf(p))
        mixColours(transform, jfif)
        orient(orientation)
        return true
      } else if (marker < SOF0 || (marker >= 0xd0 && marker < EOI)) fail(Code.MALFORMED, offsetOf(p + 1), marker)
      else state = State.SEGMENT
    }
  }
}

/** A segment: what follows its length, `n` bytes. */
function segment(p: usize, n: u32, offset: u64): void {
  if (marker == DQT) readQuantization(p, n, offset)
  else if (marker == DHT) readCodes(p, n, offset)
  else if (marker == DRI) {
    if (n != 2) fail(Code.MALFORMED, offset, n)
    setInterval(big16(p))
  } else if (marker == SOS) {
    if (!columns) fail(Code.MALFORMED, offset - 3, marker)
    readScan(p, n, offset)
  } else if (marker <= SOF2) {
    if (columns) fail(Code.MALFORMED, offset - 3, marker)
    readFrame(p, n, marker == SOF2, orientation > 4, offset)
  } else if (marker == DAC || marker == DNL || marker < APP0) fail(Code.UNSUPPORTED, offset - 3, marker)
  else if (marker <= APP15) application(p, n)
  else if (marker != COM) fail(Code.UNSUPPORTED, offset - 3, marker)
}

/** What says how colours and sides are meant: JFIF, EXIF (before the frame), Adobe. */
function application(p: usize, n: u32): void {
  // "JFIF\0", "Exif\0\0", "Adobe"
  if (marker == APP0 && n >= 5 && load<u32>(p) == 0x4649464a) jfif = true
  else if (marker == APP0 + 1 && n >= 6 && load<u32>(p) == 0x66697845 && !load<u16>(p, 4)) {
    if (!columns && !seenExif) orientation = orientationOf(p + 6, n - 6)
    seenExif = true
  } else if (marker == APP0 + 14 && n >= 12 && load<u32>(p) == 0x626f6441 && load<u8>(p, 4) == 101) {
    transform = <Transform>min<u32>(load<u8>(p, 11), 2)
  }
}
