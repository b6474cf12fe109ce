/** A tape assembler: tapes made by hand, right and wrong, without a guest. */
import type { Extent } from '../../src/ipld/index.js'
import { Tape } from '../../src/ipld/index.js'
import { BOOL, BYTES, type DATA, EXTRA, FLOAT, INPUT, LINK, LIST, MAP, NINT, NULL, STRING, TEXT, UINT, WIDE } from '../../src/ipld/layout.js'

/** head, aux, lo, hi */
export type Row = readonly [head: number, aux?: number, lo?: number, hi?: number]

export interface Arenas {
  readonly text?: string | Uint8Array
  readonly wide?: string | readonly number[]
  readonly data?: Uint8Array
  readonly input?: Uint8Array
  /** in place of what follows from the rest */
  readonly extent?: Partial<Extent>
}

/** Where the tape begins: not at 0, so that indices and addresses are told apart. */
export const START = 64

export const row = {
  null: [NULL] as Row,
  bool: (value: number): Row => [BOOL, value],
  uint: (lo: number, hi = 0): Row => [UINT, 0, lo, hi],
  nint: (lo: number, hi = 0): Row => [NINT, 0, lo, hi],
  float: (value: number): Row => {
    const words = new Int32Array(Float64Array.of(value).buffer)
    return [FLOAT, 0, words[0], words[1]]
  },
  /** of the text arena */
  ascii: (at: number, length: number): Row => [STRING | TEXT, length, at],
  raw: (at: number, length: number, source: typeof INPUT | typeof DATA = INPUT): Row => [STRING | source, length, at],
  /** `length` in UTF-8 at `at` of the input, `units` in UTF-16 at `first` of the wide arena */
  wide: (at: number, length: number, first: number, units: number): Row => [STRING | WIDE | ((length - units) << EXTRA), length, at, first],
  bytes: (at: number, length: number, source: typeof INPUT | typeof DATA = INPUT): Row => [BYTES | source, length, at],
  link: (at: number, length: number, source: typeof INPUT | typeof DATA = INPUT): Row => [LINK | source, length, at],
  list: (count: number, end: number): Row => [LIST, count, end],
  map: (count: number, end: number): Row => [MAP, count, end],
  /** a map that has its first `shared` keys from the one at record `like` */
  like: (like: number, shared: number, count: number, end: number): Row => [MAP | (shared << EXTRA), count, end, like]
}

export function assemble(rows: readonly Row[], arenas: Arenas = {}): Tape {
  const text = typeof arenas.text === 'string' ? new TextEncoder().encode(arenas.text) : (arenas.text ?? new Uint8Array(0))
  const units =
    typeof arenas.wide === 'string' ? Array.from({ length: arenas.wide.length }, (_, i) => (arenas.wide as string).charCodeAt(i)) : (arenas.wide ?? [])
  const data = arenas.data ?? new Uint8Array(0)
  const textAt = START + rows.length * 16
  const wideAt = textAt + text.length + (text.length % 2)
  const dataAt = wideAt + 2 * units.length
  const memory = new Uint8Array(Math.ceil((dataAt + data.length) / 8) * 8 + 64)
  const words = new Int32Array(memory.buffer)
  rows.forEach((row, i) => {
    for (let j = 0; j < 4; j++) words[START / 4 + 4 * i + j] = row[j] ?? 0
  })
  memory.set(text, textAt)
  new Uint16Array(memory.buffer, wideAt, units.length).set(units)
  memory.set(data, dataAt)
  const extent = {
    tape: START,
    records: rows.length,
    text: textAt,
    textLength: text.length,
    wide: wideAt,
    wideLength: units.length,
    data: dataAt,
    dataLength: data.length,
    ...arenas.extent
  }
  return new Tape().place(memory, words, new Float64Array(memory.buffer), extent, arenas.input ?? new Uint8Array(0))
}
