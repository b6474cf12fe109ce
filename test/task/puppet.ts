/**
 * Scripts for `fixtures/functions/puppet.wat`, a function that does what its first parameter says: so each request, and each lie, is a row in a test. Nothing of Node's.
 *
 * A step is a row of 64 bytes, or several; what they name stands behind the rows. Tapes have their data arena at address 0, so that offsets on them are addresses.
 */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { sealManifest } from '../../src/codec/index.js'
import type { Host } from '../../src/index.js'
import { Writer } from '../../src/ipld/index.js'
import { type FunctionModule, type LoadFunctionOptions, loadFunction } from '../../src/task/index.js'
import { PUPPET } from './puppet.module.js'

const IMAGE = 65_536
const ROW = 64
/** bytes of memory that tapes of scripts may name */
const ARENA = 524_288

/** Where a script may keep what it has taken, and count: cells of 64 bytes. */
export const cell = (n: number): number => 520_000 + n * 64

/** What a script may say of its tape without being it: fields of the control block. */
export interface TapeFields {
  tape?: number
  records?: number
  text?: number
  textLength?: number
  wide?: number
  wideLength?: number
  data?: number
  dataLength?: number
}

const ASKS = -1
const EMITS = -2
const DONE = 0

/** A step, as rows with what they name put into the image. */
export type Step = (image: Image) => number[][]

/** What stands behind the rows. */
class Image {
  readonly #parts: { at: number; bytes: Uint8Array }[] = []
  #next: number

  constructor(rows: number) {
    this.#next = IMAGE + rows * ROW
  }

  put(bytes: Uint8Array): number {
    const at = (this.#next + 15) & ~15
    this.#parts.push({ at, bytes })
    this.#next = at + bytes.length
    return at
  }

  bytes(rows: readonly number[][]): Uint8Array {
    const bytes = new Uint8Array(this.#next - IMAGE)
    const view = new DataView(bytes.buffer)
    for (const [i, row] of rows.entries()) for (const [j, word] of row.entries()) view.setInt32(i * ROW + j * 4, word | 0, true)
    for (const { at, bytes: part } of this.#parts) bytes.set(part, at - IMAGE)
    return bytes
  }
}

/** One record of a tape by hand: head, aux, lo, hi. */
export type RawRecord = readonly [head: number, aux?: number, lo?: number, hi?: number]

/** A link that stands in a cell, of 36 bytes. */
export const inCell = (n: number, length = 36): RawRecord => [0x28, length, cell(n)]
/** A link that is a range of the input. */
export const inInput = (offset: number, length = 36): RawRecord => [0x08, length, offset]
export const list = (count: number, end: number): RawRecord => [9, count, end]
export const uint = (n: number): RawRecord => [3, 0, n % 2 ** 32, Math.floor(n / 2 ** 32)]
export const nil: RawRecord = [1]

function answerRow(answer: number, fields: TapeFields): number[] {
  const { tape = 0, records = 0, text = 0, textLength = 0, wide = 0, wideLength = 0, data = 0, dataLength = ARENA } = fields
  return [1, answer, 0, 0, 0, 0, 0, 0, tape, records, text, textLength, wide, wideLength, data, dataLength]
}

/** Answers with a tape by hand; `fields` say something else of it. */
export function raw(answer: number, records: readonly RawRecord[], fields: TapeFields = {}): Step {
  return (image) => {
    const words = new Int32Array(records.length * 4)
    for (const [i, record] of records.entries()) for (const [j, word] of record.entries()) words[i * 4 + j] = (word ?? 0) | 0
    return [answerRow(answer, { tape: image.put(new Uint8Array(words.buffer)), records: records.length, ...fields })]
  }
}

/** Answers with a value. */
function value(answer: number, given: unknown, fields: TapeFields = {}): Step {
  return (image) => {
    const { words, records, text, textLength, data, dataLength, outside } = new Writer().write(given).material
    const own = words.slice(0, records * 4)
    const dataAt = image.put(data.slice(0, dataLength))
    // what is long stands in parts of their own, one after the other
    let outsideAt: number | undefined
    const parts = outside.reduce((sum, part) => sum + part.length, 0)
    if (parts > 0) {
      const joined = new Uint8Array(parts)
      let at = 0
      for (const part of outside) {
        joined.set(part, at)
        at += part.length
      }
      outsideAt = image.put(joined)
    }
    // a guest's own strings are UTF-8 in the data arena; its text arena is ASCII
    const textAt = image.put(text.slice(0, textLength))
    for (let w = 0; w < own.length; w += 4) {
      const kind = own[w] & 15
      const source = own[w] & 0x30
      if (kind < 6 || kind > 8) continue
      own[w + 2] += source === 0 ? (outsideAt ?? 0) : source === 0x10 ? textAt : dataAt
      own[w] = (own[w] & ~0x30) | 0x20
    }
    return [answerRow(answer, { tape: image.put(new Uint8Array(own.buffer)), records, ...fields })]
  }
}

export const ask = (...request: unknown[]): Step => value(ASKS, request)
export const askRaw = (...records: RawRecord[]): Step => raw(ASKS, records)
export const emit = (node: unknown): Step => value(EMITS, node)
export const done = (answer: unknown = null): Step => value(DONE, answer)
export const answers = (number: number, answer: unknown, fields?: TapeFields): Step => value(number, answer, fields)

const row =
  (...words: number[]): Step =>
  () => [words]

/** Answers with the tape that the host has handed over. */
export const pass = (answer = DONE): Step => row(2, answer)
/** Copies a link that was handed over to a cell. */
export const take = (n: number, length = 36, offset = 0): Step => row(3, cell(n), length, offset)
/** Copies bytes of the input to a cell. */
export const readTo = (n: number, length = 36, offset = 0): Step => row(4, cell(n), length, offset)
/** Puts flags, size and bytes of the input into the log. */
export const log = row(5)
export const doneWithLog = row(6, DONE)
export const jump = (to: number): Step => row(7, to)
export const ifNone = (to: number): Step => row(8, to)
/** Asks with two numbers and the tape that was handed over. */
export const wrap = (request: number, number: number): Step => row(9, request, number)
export const spin = row(10)
export const trap = row(11)
export const grow = (pages: number, n = 0): Step => row(12, pages, cell(n))
export const recurse = row(13)
export const store = (address: number, word: number): Step => row(14, address, word)
export const add = (n: number, word: number): Step => row(15, cell(n), word)
export const repeat = (n: number, to: number): Step => row(16, cell(n), to)
export const lieInReserve = (address: number): Step => row(17, address)
export const fill = (at: number, length: number, byte: number): Step => row(18, at, length, byte)
/** Puts a record `count` times at an address. */
export const records =
  (at: number, count: number, record: RawRecord): Step =>
  (image) => {
    const words = Int32Array.from({ length: 4 }, (_, i) => (record[i] ?? 0) | 0)
    return [[19, at, count, image.put(new Uint8Array(words.buffer))]]
  }
/** What a guest says of an error. */
export const fails = (number: number, offset = 0, answer = number): Step[] => [store(128, number), store(136, offset), row(2, answer)]

/** A script as parameters. What else is in the list is shown to the function, and nothing more. */
export function play(steps: readonly Step[], ...more: unknown[]): unknown[] {
  const image = new Image(steps.length)
  return [image.bytes(steps.map((step) => step(image)[0])), ...more]
}

/** Chunks in a log. */
export function chunksOf(logged: unknown): { flags: number; bytes: Uint8Array }[] {
  const bytes = logged as Uint8Array
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunks: { flags: number; bytes: Uint8Array }[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = view.getUint32(at + 4, true)
    chunks.push({ flags: view.getUint32(at, true), bytes: bytes.slice(at + 8, at + 8 + size) })
    at += 8 + size
  }
  return chunks
}

export const MANIFEST = {
  abi: 1,
  kind: 'function',
  name: 'puppet',
  window: 64,
  functions: [{ name: 'play' }, { name: 'emit', emits: true }, { name: 'pair', outputs: ['left', 'right'] }]
} as const

/** The module. */
export const puppet: Uint8Array = sealManifest(
  Uint8Array.from(atob(PUPPET), (character) => character.charCodeAt(0)),
  MANIFEST
)

export const puppetCid: CID = CID.createV1(0x55, await sha256.digest(puppet))

export function loadPuppet(host: Host, options?: LoadFunctionOptions): Promise<FunctionModule> {
  return loadFunction(host, puppet, options)
}
