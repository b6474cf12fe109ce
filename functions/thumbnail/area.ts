/**
 * Makes an image smaller by area: each pixel of the result is the mean of what it covers, parts of samples counted as parts. Sums are of integers and there is one rounding, at
 * the end, so that the result is the exact mean, to the nearest.
 *
 * ```
 *  samples   │    │    │    │    │    │    │    │     each `unit` wide
 *  result    │         │         │         │          each `step` wide: step × size = unit × samples, or less if the last sample stands out
 * ```
 * First rows are added up, times how much of each belongs to the row of the result; then, once for a row of the result, along it. A plane may have fewer samples than the
 * result has pixels, as those of colour in JPEG do.
 */
import { allocate } from '../../codecs/sdk/heap'

/** Widest and highest image: sums of a column, premultiplied, are below 2^32. */
export const MAX_SIDE: u32 = 65535

/** One plane of samples on its way, `channels` beside each other. Lives on the heap of the SDK. */
@unmanaged
export class Plane {
  /** samples in a row, all channels counted */
  width: u32
  channels: u32
  /** the last of the channels is alpha, and the others are premultiplied: samples are u16 */
  alpha: bool
  unitX: u32
  stepX: u32
  unitY: u32
  stepY: u32
  /** size of the result */
  columns: u32
  rows: u32
  /** rows of the result that are made, and what the next lacks */
  row: u32
  lacks: u32
  sums: usize
  to: usize
}

/**
 * @param samples in a row @param unitX width of a sample, in units of which the image has `spanX` @param columns of the result; likewise for rows
 * @param to where the result goes, a byte a channel
 */
export function openPlane(samples: u32, unitX: u32, spanX: u32, columns: u32, unitY: u32, spanY: u32, rows: u32, channels: u32, alpha: bool, to: usize): Plane {
  const plane = changetype<Plane>(allocate(offsetof<Plane>()))
  plane.width = samples * channels
  plane.channels = channels
  plane.alpha = alpha
  // in units of which a pixel of the result has span, and a sample unit × columns; then as small as they get
  let common = gcd(unitX * columns, spanX)
  plane.unitX = unitX * columns / common
  plane.stepX = spanX / common
  common = gcd(unitY * rows, spanY)
  plane.unitY = unitY * rows / common
  plane.stepY = spanY / common
  plane.columns = columns
  plane.rows = rows
  plane.row = 0
  plane.lacks = plane.stepY
  plane.sums = allocate((<usize>plane.width << 2) + 64)
  memory.fill(plane.sums, 0, <usize>plane.width << 2)
  plane.to = to
  return plane
}

function gcd(a: u32, b: u32): u32 {
  while (b) {
    const rest = a % b
    a = b
    b = rest
  }
  return a
}

/** Adds the next row of samples, u8, or u16 with alpha. Up to 15 samples past it are read, and not used. */
export function addRow(plane: Plane, samples: usize): void {
  // not made smaller: as it is
  if (plane.unitX == plane.stepX && plane.unitY == plane.stepY && !plane.alpha) {
    if (plane.row++ >= plane.rows) return
    memory.copy(plane.to, samples, plane.width)
    plane.to += plane.width
    return
  }
  let left = plane.unitY
  while (left && plane.row < plane.rows) {
    const part = min(left, plane.lacks)
    if (plane.alpha) addWide(plane.sums, samples, plane.width, part)
    else add(plane.sums, samples, plane.width, part)
    left -= part
    plane.lacks -= part
    if (!plane.lacks) {
      flush(plane)
      memory.fill(plane.sums, 0, <usize>plane.width << 2)
      plane.lacks = plane.stepY
      plane.row++
    }
  }
}

// @ts-ignore: decorator
@inline function addTo(sums: usize, v: v128): void { v128.store(sums, i32x4.add(v128.load(sums), v)) }

function add(sums: usize, from: usize, n: u32, times: u32): void {
  const end = from + n
  if (times == 1) {
    for (; from < end; from += 16, sums += 64) {
      const v = v128.load(from)
      const low = i16x8.extend_low_i8x16_u(v)
      const high = i16x8.extend_high_i8x16_u(v)
      addTo(sums, i32x4.extend_low_i16x8_u(low))
      addTo(sums + 16, i32x4.extend_high_i16x8_u(low))
      addTo(sums + 32, i32x4.extend_low_i16x8_u(high))
      addTo(sums + 48, i32x4.extend_high_i16x8_u(high))
    }
    return
  }
  const factor = i32x4.splat(times)
  for (; from < end; from += 16, sums += 64) {
    const v = v128.load(from)
    const low = i16x8.extend_low_i8x16_u(v)
    const high = i16x8.extend_high_i8x16_u(v)
    addTo(sums, i32x4.mul(i32x4.extend_low_i16x8_u(low), factor))
    addTo(sums + 16, i32x4.mul(i32x4.extend_high_i16x8_u(low), factor))
    addTo(sums + 32, i32x4.mul(i32x4.extend_low_i16x8_u(high), factor))
    addTo(sums + 48, i32x4.mul(i32x4.extend_high_i16x8_u(high), factor))
  }
}

function addWide(sums: usize, from: usize, n: u32, times: u32): void {
  const factor = i32x4.splat(times)
  for (const end = from + (<usize>n << 1); from < end; from += 16, sums += 32) {
    const v = v128.load(from)
    addTo(sums, i32x4.mul(i32x4.extend_low_i16x8_u(v), factor))
    addTo(sums + 16, i32x4.mul(i32x4.extend_high_i16x8_u(v), factor))
  }
}

/** Makes a row of the result of the sums. */
function flush(plane: Plane): void {
  const channels = <usize>plane.channels
  const stride = channels << 2
  const unit = plane.unitX
  const step = plane.stepX
  const total = <u64>step * plane.stepY
  let at = plane.sums
  let to = plane.to
  let left = unit
  for (let column: u32 = 0; column < plane.columns; column++) {
    // the rest of one sample, whole ones, and a part of one more
    const first = min(left, step)
    const whole = (step - first) / unit
    const part = step - first - whole * unit
    let alpha: u64 = 0
    if (plane.alpha) {
      alpha = sum(at + stride - 4, stride, first, whole, unit, part)
      store<u8>(to + channels - 1, <u8>((alpha + (total >> 1)) / total))
    }
    const colours = channels - <usize>plane.alpha
    for (let c: usize = 0; c < colours; c++) {
      const value = sum(at + (c << 2), stride, first, whole, unit, part)
      if (!plane.alpha) store<u8>(to + c, <u8>((value + (total >> 1)) / total))
      else store<u8>(to + c, alpha ? <u8>((value + (alpha >> 1)) / alpha) : 0)
    }
    to += channels
    left -= first
    if (!left) {
      at += stride
      left = unit
    }
    if (step > first) {
      at += stride * whole
      left = unit - part
    }
  }
  plane.to = to
}

// @ts-ignore: decorator
@inline function sum(at: usize, stride: usize, first: u32, whole: u32, unit: u32, part: u32): u64 {
  let value = <u64>load<u32>(at) * first
  at += stride
  let middle: u64 = 0
  for (const end = at + stride * whole; at < end; at += stride) middle += load<u32>(at)
  value += middle * unit
  return part ? value + <u64>load<u32>(at) * part : value
}
