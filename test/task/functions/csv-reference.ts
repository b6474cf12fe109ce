/** CSV to DAG-CBOR once more, written for reading: a character at a time, the whole of it in memory. What the tests hold the guest against. */
import * as dagCbor from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import { cidOf } from './stream.js'

export interface Options {
  readonly header?: boolean
  readonly delimiter?: string
  readonly types?: 'text' | 'auto'
  readonly skipEmpty?: boolean
  readonly rows?: number
}

/** An error as the function has it: code, byte offset, line. */
export class CsvError extends Error {
  constructor(
    readonly code: string,
    readonly offset: number,
    readonly line: number
  ) {
    super(`${code} at ${offset}, line ${line}`)
  }
}

interface Cell {
  readonly text: string
  readonly quoted: boolean
  readonly at: number
}

interface Row {
  readonly cells: readonly Cell[]
  readonly at: number
  readonly line: number
}

const MAX = 1_048_576

/** Rows of the bytes, each a character of latin1 here, so that offsets are those of bytes; what cannot be read is thrown when the row is asked for. */
function* rowsOf(bytes: Uint8Array, delimiter: string): Generator<Row> {
  const text = Buffer.from(bytes).toString('latin1')
  let at = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  let line = 1
  while (at < text.length) {
    const start = at
    const fail = (code: string, offset: number) => new CsvError(code, offset, line + text.slice(start, offset).split('\n').length - 1)
    const cells: Cell[] = []
    for (let ended = false; !ended; ) {
      const cell = at
      let value = ''
      const quoted = text[at] === '"'
      if (quoted) {
        for (at++; ; at++) {
          if (at >= text.length) throw fail('UNEXPECTED_END', at)
          if (text[at] === '"') {
            if (text[at + 1] !== '"') break
            at++
          }
          value += text[at]
        }
        at++
        if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') throw fail('MALFORMED', at)
      } else {
        for (; at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r'; at++) {
          if (text[at] === '"') throw fail('MALFORMED', at)
          value += text[at]
        }
      }
      cells.push({ text: value, quoted, at: cell })
      if (text[at] === delimiter) {
        at++
      } else {
        if (text[at] === '\r' && text[at + 1] !== '\n') throw fail('MALFORMED', at)
        at += text[at] === '\r' ? 2 : text[at] === '\n' ? 1 : 0
        ended = true
      }
    }
    const row = Buffer.from(text.slice(start, at), 'latin1')
    const bad = firstBad(row)
    if (bad !== -1) throw fail('INVALID_UTF8', start + bad)
    yield { cells: cells.map((cell) => ({ ...cell, text: Buffer.from(cell.text, 'latin1').toString('utf8') })), at: start, line }
    line += text.slice(start, at).endsWith('\n') ? text.slice(start, at).split('\n').length - 1 : 0
  }
}

/** The first byte that starts no well-formed sequence; −1 if there is none. */
function firstBad(bytes: Uint8Array): number {
  const valid = (from: number, to: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from, to))
      return true
    } catch {
      return false
    }
  }
  if (valid(0, bytes.length)) return -1
  for (let at = 0; at < bytes.length; ) {
    const n = [1, 2, 3, 4].find((n) => at + n <= bytes.length && valid(at, at + n))
    if (n === undefined) return at
    at += n
  }
  return -1
}

/** A float as the data model's text formats write it. */
const written = (x: number): string => {
  const text = Object.is(x, -0) ? '-0' : String(x)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** A value that DAG-CBOR has as a float though it is whole. */
export class Float {
  constructor(readonly value: number) {}
}

/** What a cell is. */
function valueIn({ text, quoted }: Cell, types: Options['types']): unknown {
  if (types !== 'auto' || quoted) return text
  if (text === '') return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^(0|-?[1-9]\d*)$/.test(text)) {
    const n = BigInt(text)
    if (n < -(2n ** 64n) || n >= 2n ** 64n) return text
    return n >= Number.MIN_SAFE_INTEGER && n <= Number.MAX_SAFE_INTEGER ? Number(n) : n
  }
  if (/^-?\d/.test(text) && /[.e]/.test(text) && Number.isFinite(Number(text)) && written(Number(text)) === text) return new Float(Number(text))
  return text
}

/** DAG-CBOR of rows, where whole floats are floats: the ecosystem's codec cannot say so. */
export function encode(value: unknown): Uint8Array {
  const marks: number[] = []
  // a number that is a float for the codec, and then the one that is meant
  const stand = (v: unknown): unknown => {
    if (v instanceof Float) {
      marks.push(v.value)
      return 0.1
    }
    if (Array.isArray(v)) return v.map(stand)
    if (v !== null && typeof v === 'object' && Object.getPrototypeOf(v) === null) return fromEntries(sorted(Object.entries(v)).map(([k, x]) => [k, stand(x)]))
    return v
  }
  const bytes = dagCbor.encode(stand(value))
  const pattern = Buffer.from('fb3fb999999999999a', 'hex')
  let at = 0
  for (const x of marks) {
    at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(pattern, at)
    new DataView(bytes.buffer, bytes.byteOffset).setFloat64(at + 1, x)
    at += 9
  }
  return bytes
}

/** A map without a prototype, since a column may have any name. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const map = Object.create(null)
  for (const [key, value] of entries) Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true })
  return map
}

/** As DAG-CBOR has keys: by length in bytes, then by bytes. */
function sorted(entries: [string, unknown][]): [string, unknown][] {
  const bytes = (key: string) => Buffer.from(key)
  return entries.sort(([a], [b]) => bytes(a).length - bytes(b).length || Buffer.compare(bytes(a), bytes(b)))
}

/** Bytes before the items of a list. */
const headSize = (count: number): number => (count < 24 ? 1 : count < 0x100 ? 2 : count < 0x10000 ? 3 : 5)

export interface Converted {
  readonly root: CID
  readonly rows: number
  readonly columns: number
  readonly blocks: Map<string, Uint8Array>
  /** the values of all rows */
  readonly values: readonly unknown[]
}

/** The whole conversion. @throws CsvError */
export function convert(bytes: Uint8Array, { header = true, delimiter = ',', types = 'text', skipEmpty = false, rows: most = 1_000 }: Options = {}): Converted {
  const blocks = new Map<string, Uint8Array>()
  const put = (block: Uint8Array) => {
    const cid = cidOf(block, dagCbor.code)
    blocks.set(cid.toString(), block)
    return cid
  }
  let names: readonly string[] | undefined
  let columns = 0
  const values: unknown[] = []
  let block: unknown[] = []
  /** bytes of its rows */
  let size = 0
  let links: CID[] = []
  for (const { cells, at, line } of rowsOf(bytes, delimiter)) {
    if (skipEmpty && cells.length === 1 && !cells[0].quoted && cells[0].text === '') continue
    if (header && names === undefined) {
      names = cells.map(({ text }) => text)
      columns = names.length
      const second = cells.find(({ text }, i) => names?.indexOf(text) !== i)
      if (second !== undefined) {
        const before = Buffer.from(bytes.subarray(at, second.at)).toString('latin1').split('\n').length - 1
        throw new CsvError('DUPLICATE_KEY', second.at + (second.quoted ? 1 : 0), line + before)
      }
      continue
    }
    if (values.length === 0 && names === undefined) columns = cells.length
    if (cells.length !== columns) throw new CsvError('SIZE_MISMATCH', at, line)
    const list = cells.map((cell) => valueIn(cell, types))
    const row = names === undefined ? list : fromEntries(names.map((name, i) => [name, list[i]]))
    const length = encode(row).length
    if (block.length === most || (block.length > 0 && headSize(block.length + 1) + size + length > MAX)) {
      links.push(put(encode(block)))
      block = []
      size = 0
    }
    if (headSize(1) + length > MAX) throw new CsvError('TOO_LARGE', at, line)
    block.push(row)
    size += length
    values.push(row)
  }
  if (block.length > 0) links.push(put(encode(block)))
  while (links.length > 1_024) {
    const above: CID[] = []
    for (let i = 0; i < links.length; i += 1_024) above.push(put(dagCbor.encode(links.slice(i, i + 1_024))))
    links = above
  }
  const root = put(dagCbor.encode({ rows: values.length, blocks: links, columns: names ?? [] }))
  return { root, rows: values.length, columns, blocks, values }
}
