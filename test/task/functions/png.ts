/** PNG by the book, and slowly: an encoder of every colour type, depth, filter and interlace, and a decoder of what thumbnail writes and of what the encoder does. Independent of the guest: node:zlib. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** Samples as they are stored, at their depth, pixel after pixel. */
export interface Stored {
  readonly width: number
  readonly height: number
  readonly colour: 0 | 2 | 3 | 4 | 6
  readonly depth: 1 | 2 | 4 | 8 | 16
  readonly samples: ArrayLike<number>
  /** of three bytes each */
  readonly palette?: readonly number[]
  /** what the chunk tRNS holds */
  readonly transparency?: readonly number[]
}

export interface Options {
  readonly interlaced?: boolean
  /** of each row; by default they take turns */
  readonly filter?: number
  readonly level?: number
  /** bytes of image data in a chunk */
  readonly cut?: number
  /** chunks that stand before the image data */
  readonly extra?: readonly (readonly [type: string, data: Uint8Array])[]
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** first column, first row, steps */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2]
]
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const

// node:zlib has crc32 from 22 on
const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  for (let k = 0; k < 8; k++) i = i & 1 ? 0xedb88320 ^ (i >>> 1) : i >>> 1
  return i
})

function crc(bytes: Uint8Array): number {
  if (crc32 !== undefined) return crc32(bytes)
  let c = -1
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8)
  return ~c >>> 0
}

export function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc(bytes.subarray(4, data.length + 8)))
  return bytes
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

function guess(filter: number, a: number, b: number, c: number): number {
  return [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter]
}

/** The passes of an image: the columns and rows that each has. */
function passes(width: number, height: number, interlaced: boolean): { columns: number[]; rows: number[] }[] {
  const steps = interlaced ? ADAM7 : [[0, 0, 1, 1]]
  const range = (first: number, step: number, n: number): number[] =>
    Array.from({ length: Math.max(0, Math.ceil((n - first) / step)) }, (_, i) => first + i * step)
  return steps
    .map(([x, y, dx, dy]) => ({ columns: range(x, dx, width), rows: range(y, dy, height) }))
    .filter(({ columns, rows }) => columns.length && rows.length)
}

export function encodePng(image: Stored, { interlaced = false, filter, level = 6, cut = 8192, extra = [] }: Options = {}): Uint8Array {
  const { width, height, colour, depth, samples, palette, transparency } = image
  const n = CHANNELS[colour]
  const back = Math.max(1, (n * depth) >> 3)
  const raw: number[][] = []
  for (const { columns, rows } of passes(width, height, interlaced)) {
    let above = new Uint8Array(Math.ceil((columns.length * n * depth) / 8))
    for (const y of rows) {
      const row = new Uint8Array(above.length)
      columns.forEach((x, i) => {
        for (let c = 0; c < n; c++) {
          const sample = samples[(y * width + x) * n + c]
          const bit = (i * n + c) * depth
          if (depth === 16) {
            row[bit >> 3] = sample >> 8
            row[(bit >> 3) + 1] = sample
          } else row[bit >> 3] |= sample << (8 - depth - (bit & 7))
        }
      })
      const kind = filter ?? y % 5
      raw.push([kind, ...row.map((byte, i) => byte - guess(kind, row[i - back] ?? 0, above[i], above[i - back] ?? 0))])
      above = row
    }
  }
  const data = deflateSync(Buffer.concat(raw.map((row) => Uint8Array.from(row))), { level })
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([depth, colour, 0, 0, Number(interlaced)], 8)
  const parts = [Uint8Array.from(SIGNATURE), chunk('IHDR', header), ...extra.map(([type, bytes]) => chunk(type, bytes))]
  if (palette) parts.push(chunk('PLTE', palette))
  if (transparency) parts.push(chunk('tRNS', transparency))
  for (let at = 0; at < data.length; at += cut) parts.push(chunk('IDAT', data.subarray(at, at + cut)))
  return join([...parts, chunk('IEND', [])])
}

/** Red, green, blue and alpha of 8 bits, to the nearest. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

export function pixelsOf({ width, height, colour, depth, samples, palette = [], transparency }: Stored): Pixels {
  const rgba = new Uint8Array(width * height * 4)
  const most = 2 ** depth - 1
  const n = CHANNELS[colour]
  const keys = colour !== 3 && transparency ? Array.from({ length: n }, (_, c) => (transparency[2 * c] * 256 + transparency[2 * c + 1]) & most) : undefined
  for (let i = 0; i < width * height; i++) {
    const pixel = Array.from({ length: n }, (_, c) => samples[i * n + c])
    const eight = pixel.map((sample) => Math.round((sample * 255) / most))
    const opaque = keys?.every((key, c) => key === pixel[c]) ? 0 : 255
    if (colour === 3) rgba.set([...palette.slice(pixel[0] * 3, pixel[0] * 3 + 3), transparency?.[pixel[0]] ?? 255], i * 4)
    else if (n < 3) rgba.set([eight[0], eight[0], eight[0], eight[1] ?? opaque], i * 4)
    else rgba.set([eight[0], eight[1], eight[2], eight[3] ?? opaque], i * 4)
  }
  return { width, height, rgba }
}

/** Reads a PNG that is not interlaced; everything is checked. */
export function decodePng(bytes: Uint8Array): Stored {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new Error('no PNG')
  const data: Uint8Array[] = []
  let [header, palette, transparency]: (Uint8Array | undefined)[] = []
  let at = 8
  for (let type = ''; type !== 'IEND'; ) {
    const length = view.getUint32(at)
    type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    const body = bytes.subarray(at + 8, at + 8 + length)
    if (view.getUint32(at + 8 + length) !== crc(bytes.subarray(at + 4, at + 8 + length))) throw new Error(`${type}: CRC`)
    if (type === 'IHDR') header = body
    else if (type === 'PLTE') palette = body
    else if (type === 'tRNS') transparency = body
    else if (type === 'IDAT') data.push(body)
    at += 12 + length
  }
  if (at !== bytes.length || header === undefined) throw new Error('chunks')
  const [width, height] = [new DataView(header.buffer, header.byteOffset).getUint32(0), new DataView(header.buffer, header.byteOffset).getUint32(4)]
  const [depth, colour, , , interlace] = header.subarray(8) as unknown as [Stored['depth'], Stored['colour'], number, number, number]
  const n = CHANNELS[colour]
  const back = Math.max(1, (n * depth) >> 3)
  const raw = inflateSync(Buffer.concat(data))
  const samples = new Uint16Array(width * height * n)
  let from = 0
  for (const { columns, rows } of passes(width, height, interlace === 1)) {
    let above = new Uint8Array(Math.ceil((columns.length * n * depth) / 8))
    for (const y of rows) {
      const filter = raw[from++]
      const row = new Uint8Array(above.length)
      for (let i = 0; i < row.length; i++) row[i] = raw[from++] + guess(filter, row[i - back] ?? 0, above[i], above[i - back] ?? 0)
      columns.forEach((x, i) => {
        for (let c = 0; c < n; c++) {
          const bit = (i * n + c) * depth
          samples[(y * width + x) * n + c] =
            depth === 16 ? row[bit >> 3] * 256 + row[(bit >> 3) + 1] : (row[bit >> 3] >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
        }
      })
      above = row
    }
  }
  if (from !== raw.length) throw new Error(`${raw.length - from} bytes too many`)
  return { width, height, colour, depth, samples, palette: palette && [...palette], transparency: transparency && [...transparency] }
}

/** Contents of IHDR. */
export function header(width: number, height: number, depth: number, colour: number, ...rest: number[]): Uint8Array {
  const bytes = new Uint8Array(13)
  new DataView(bytes.buffer).setUint32(0, width)
  new DataView(bytes.buffer).setUint32(4, height)
  bytes.set([depth, colour, ...rest], 8)
  return bytes
}

/** What the image data of a PNG in one chunk holds. */
export function dataOf(bytes: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('IDAT')
  return bytes.slice(at + 4, at + 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - 4))
}

/** The PNG with other contents of chunks. */
export function replaced(bytes: Uint8Array, contents: Record<string, Uint8Array | undefined>): Uint8Array {
  const parts = [bytes.subarray(0, 8)]
  for (let at = 8; at < bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    if (!(type in contents)) parts.push(bytes.subarray(at, at + 12 + length))
    else if (contents[type] !== undefined) parts.push(chunk(type, contents[type]))
    at += 12 + length
  }
  return join(parts)
}
