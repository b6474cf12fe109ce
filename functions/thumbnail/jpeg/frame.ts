/** The frame of a JPEG image: its components, and the tables of quantization (ITU-T T.81, sections B.2.2 and B.2.4.1, A.1 and A.2). */
import { Code, fail } from '../../../codecs/sdk/fail'
import { allocate } from '../../../codecs/sdk/heap'
import { openPlane, Plane } from '../area'
import { fit, height, width } from '../fit'

/** Most bytes of coefficients that are held. */
const MAX_HELD: u64 = 64 << 20
const MAX_COMPONENTS: u32 = 4

/** A component, on the heap of the SDK. */
@unmanaged
export class Component {
  id: u32
  /** sampling factors */
  h: u32
  v: u32
  /** blocks across and down: of the component, and in whole MCUs */
  blocksWide: u32
  blocksHigh: u32
  paddedWide: u32
  paddedHigh: u32
  /** rows of samples, and how many of them have gone on */
  rows: u32
  rowsDone: u32
  /** number of its table, and the table as it was at the first scan: 64 u16 in natural order; 0 before it */
  quantization: u32
  table: usize
  /** tables of Huffman codes, of the scan */
  dc: usize
  ac: usize
  prediction: i32
  /** a row of MCUs of samples, `stride` bytes each row */
  strip: usize
  stride: usize
  plane: Plane
  result: usize
  /** progressive: all coefficients, and for each of 64 how many low bits of it are to come, 255 if nothing has come */
  coefficients: usize
  missing: usize
}

export let columns: u32 = 0
export let rows: u32 = 0
export let progressive: bool = false
export let count: u32 = 0
/** largest sampling factors */
export let hMost: u32 = 1
export let vMost: u32 = 1

let components: usize = 0
/** four tables, 64 u16 each in natural order, and whether they are there */
let tables: usize = 0
let defined: u32 = 0

/** Place of the coefficient that comes k-th (figure A.6). 16 more, so that a run may go beyond the last. */
// @ts-ignore: decorator
@lazy export const NATURAL: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
  63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63
])

// @ts-ignore: decorator
@inline export function component(i: u32): Component { return changetype<Component>(components + i * offsetof<Component>()) }

// @ts-ignore: decorator
@inline export function big16(p: usize): u32 { return <u32>bswap<u16>(load<u16>(p)) }

/** DQT: tables, `n` bytes. */
export function readQuantization(p: usize, n: u32, offset: u64): void {
  if (!tables) tables = allocate(4 * 128)
  const end = p + n
  while (p < end) {
    const head = <u32>load<u8>(p)
    const wide = head >> 4
    const number = head & 15
    if (wide > 1 || number > 3) fail(Code.MALFORMED, offset, head)
    const size = 64 << wide
    if (<usize>size + 1 > end - p) fail(Code.MALFORMED, offset, n)
    p++
    for (let k: usize = 0; k < 64; k++) {
      const value = wide ? big16(p + (k << 1)) : <u32>load<u8>(p + k)
      if (!value) fail(Code.MALFORMED, offset + k, head)
      store<u16>(tables + (number << 7) + (<usize>load<u8>(NATURAL + k) << 1), value)
    }
    defined |= 1 << number
    p += size
    offset += size + 1
  }
}

/** SOF: the frame's header, `n` bytes. @param turned whether the image is to be seen on its side */
export function readFrame(p: usize, n: u32, many: bool, turned: bool, offset: u64): void {
  if (n < 6) fail(Code.MALFORMED, offset, n)
  const precision = <u32>load<u8>(p)
  if (precision != 8) fail(Code.UNSUPPORTED, offset, precision)
  rows = big16(p + 1)
  columns = big16(p + 3)
  count = load<u8>(p, 5)
  progressive = many
  // no rows: their number comes after the first scan
  if (!rows) fail(Code.UNSUPPORTED, offset + 1)
  if (!columns || n != 6 + 3 * count) fail(Code.MALFORMED, offset + 3, columns)
  if (count != 1 && count != 3 && count != 4) fail(Code.UNSUPPORTED, offset + 5, count)
  fit(columns, rows, turned, offset + 1)
  components = allocate(offsetof<Component>() * MAX_COMPONENTS)
  memory.fill(components, 0, offsetof<Component>() * MAX_COMPONENTS)
  for (let i: u32 = 0; i < count; i++) {
    const at = p + 6 + 3 * i
    const c = component(i)
    c.id = load<u8>(at)
    c.h = load<u8>(at, 1) >> 4
    c.v = load<u8>(at, 1) & 15
    c.quantization = load<u8>(at, 2)
    if (!c.h || c.h > 4 || !c.v || c.v > 4) fail(Code.MALFORMED, offset + 7 + 3 * i, load<u8>(at, 1))
    if (c.quantization > 3) fail(Code.MALFORMED, offset + 8 + 3 * i, c.quantization)
    for (let k: u32 = 0; k < i; k++) if (component(k).id == c.id) fail(Code.MALFORMED, offset + 6 + 3 * i, c.id)
    hMost = max(hMost, c.h)
    vMost = max(vMost, c.v)
  }
  let held: u64 = 0
  for (let i: u32 = 0; i < count; i++) held += open(component(i))
  if (!progressive) return
  if (held > MAX_HELD) fail(Code.TOO_LARGE, offset + 1, <u32>held)
  for (let i: u32 = 0; i < count; i++) {
    const c = component(i)
    const size = <usize>c.paddedWide * c.paddedHigh << 7
    c.coefficients = allocate(size)
    memory.fill(c.coefficients, 0, size)
    c.missing = allocate(64)
    memory.fill(c.missing, 255, 64)
  }
}

/** Sizes and room of a component; answers how many bytes its coefficients take. */
function open(c: Component): u64 {
  const wide = (columns * c.h + hMost - 1) / hMost
  c.rows = (rows * c.v + vMost - 1) / vMost
  c.blocksWide = (wide + 7) >> 3
  c.blocksHigh = (c.rows + 7) >> 3
  c.paddedWide = (columns + 8 * hMost - 1) / (8 * hMost) * c.h
  c.paddedHigh = (rows + 8 * vMost - 1) / (8 * vMost) * c.v
  c.stride = <usize>c.paddedWide << 3
  c.strip = allocate((c.stride << 3) * c.v + 16)
  c.result = allocate(<usize>width * height + 16)
  c.plane = openPlane(wide, hMost, columns * c.h, width, vMost, rows * c.v, height, 1, false, c.result)
  return <u64>c.paddedWide * c.paddedHigh << 7
}

/** Keeps the table that a component is quantized with, as it is now. */
export function keepTable(c: Component, offset: u64): void {
  if (c.table) return
  if (!(defined >> c.quantization & 1)) fail(Code.MALFORMED, offset, c.quantization)
  c.table = allocate(128)
  memory.copy(c.table, tables + (c.quantization << 7), 128)
}
