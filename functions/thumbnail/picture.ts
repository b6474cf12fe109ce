/** The thumbnail before it is encoded: 1 gray, 2 gray and alpha, 3 red, green and blue, 4 those and alpha, a byte each, row after row. */
import { allocate } from '../../codecs/sdk/heap'

/** Bytes behind the picture that may be read. */
const SLACK: usize = 64

export let pixels: usize = 0
export let width: u32 = 0
export let height: u32 = 0
export let channels: u32 = 0

export function openPicture(columns: u32, rows: u32, depth: u32): usize {
  width = columns
  height = rows
  channels = depth
  pixels = allocate(<usize>columns * rows * depth + SLACK)
  return pixels
}

/** Leaves out an alpha channel that is opaque everywhere. */
export function dropOpaque(): void {
  if (channels & 1) return
  const n = <usize>width * height
  const whole = <usize>channels
  const end = pixels + n * whole
  for (let at = pixels + whole - 1; at < end; at += whole) if (load<u8>(at) != 255) return
  channels--
  let to = pixels
  for (let at = pixels; at < end; at += whole) {
    store<u8>(to, load<u8>(at))
    if (whole == 4) {
      store<u8>(to, load<u8>(at, 1), 1)
      store<u8>(to, load<u8>(at, 2), 2)
    }
    to += whole - 1
  }
}

/**
 * Turns the picture to how it is meant to be seen. @param orientation of TIFF 6.0 and EXIF, tag 274: what the stored row 0 and column 0 are, 1 top and left, 2 top and right, 3 bottom
 * and right, 4 bottom and left, 5 left and top, 6 right and top, 7 right and bottom, 8 left and bottom
 */
export function orient(orientation: u32): void {
  if (orientation < 2 || orientation > 8) return
  const depth = <usize>channels
  const w = <usize>width
  const h = <usize>height
  const swapped = orientation > 4
  const columns = swapped ? h : w
  const rows = swapped ? w : h
  const from = pixels
  let to = allocate(w * h * depth + SLACK)
  pixels = to
  for (let y: usize = 0; y < rows; y++) {
    for (let x: usize = 0; x < columns; x++) {
      // where in the stored picture this pixel stands
      let i = swapped ? y : x
      let j = swapped ? x : y
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) i = w - 1 - i
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) j = h - 1 - j
      const at = from + (j * w + i) * depth
      for (let c: usize = 0; c < depth; c++) store<u8>(to + c, load<u8>(at + c))
      to += depth
    }
  }
  width = <u32>columns
  height = <u32>rows
}
