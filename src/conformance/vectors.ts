/** What a codec is tried on: blocks that it must take, and blocks that it must refuse (docs/conformance.md). */
import type { CID } from 'multiformats/cid'
import { VectorError } from './errors.js'

export interface Named {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A block that is right. */
export interface Valid extends Named {
  /** its value as DAG-JSON, where somebody other than the codec has said what it is */
  readonly json?: string
  /** the CIDs that it links to, as text, in its order, where somebody has said so */
  readonly links?: readonly string[]
  /** the CID that the block is named by */
  readonly cid?: CID
}

/** What a lax decode makes of a block that a strict one refuses: the same refusal, another, or a value as DAG-JSON. */
export type Lax = 'same' | { readonly code: string; readonly offset: number } | { readonly json: string }

/** A block that is to be refused. */
export interface Invalid extends Named {
  /** code of the error (docs/abi.md section 7); not looked at where absent, as are the others */
  readonly code?: string
  /** byte offset of the error */
  readonly offset?: number
  readonly lax?: Lax
}

export interface Vectors {
  readonly valid: readonly Valid[]
  readonly invalid: readonly Invalid[]
}

/** Rows `{"name", "hex", "json", "links"}` of a parsed `NAME.valid.json`. @throws VectorError that names the row and field */
export function validRows(rows: unknown): Valid[] {
  return rowsOf(rows).map((row, i) => ({ ...named(row, i), ...optional(row, i, 'json', 'string'), ...links(row, i) }))
}

/** Rows `{"name", "hex", "code", "offset", "lax"}` of a parsed `NAME.invalid.json`. @throws VectorError that names the row and field */
export function invalidRows(rows: unknown): Invalid[] {
  return rowsOf(rows).map((row, i) => ({ ...named(row, i), ...optional(row, i, 'code', 'string'), ...optional(row, i, 'offset', 'number'), ...lax(row, i) }))
}

type Row = Readonly<Record<string, unknown>>

function rowsOf(rows: unknown): Row[] {
  if (!Array.isArray(rows)) throw new VectorError(`got ${kindOf(rows)}, expected a list of rows`)
  return rows.map((row, i) => {
    if (kindOf(row) !== 'a map') throw new VectorError(`row ${i}: got ${kindOf(row)}, expected a map`)
    return row as Row
  })
}

function named(row: Row, i: number): Named {
  const { hex, name = `row ${i}` } = row
  if (typeof name !== 'string') throw wrong(row, i, 'name', 'a string')
  if (typeof hex !== 'string' || !/^([0-9a-f]{2})*$/i.test(hex)) throw wrong(row, i, 'hex', 'pairs of hexadecimal digits')
  return { name, bytes: Uint8Array.from({ length: hex.length / 2 }, (_, n) => Number.parseInt(hex.slice(2 * n, 2 * n + 2), 16)) }
}

function optional(row: Row, i: number, field: string, type: 'string' | 'number'): object {
  if (row[field] === undefined) return {}
  if (typeof row[field] !== type) throw wrong(row, i, field, `a ${type}`)
  return { [field]: row[field] }
}

function links(row: Row, i: number): { links?: readonly string[] } {
  if (row.links === undefined) return {}
  if (!Array.isArray(row.links) || row.links.some((cid) => typeof cid !== 'string')) throw wrong(row, i, 'links', 'a list of CIDs as text')
  return { links: row.links }
}

function lax(row: Row, i: number): { lax?: Lax } {
  const { lax } = row
  if (lax === undefined) return {}
  const { code, offset, json } = (typeof lax === 'object' && lax !== null ? lax : {}) as Row
  const right = lax === 'same' || typeof json === 'string' || (typeof code === 'string' && typeof offset === 'number')
  if (!right) throw wrong(row, i, 'lax', '"same", {"code", "offset"} or {"json"}')
  return { lax: lax as Lax }
}

function wrong(row: Row, i: number, field: string, expected: string): VectorError {
  return new VectorError(`row ${i}${typeof row.name === 'string' ? ` (${row.name})` : ''}: ${field} is ${kindOf(row[field])}, expected ${expected}`)
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : value === undefined ? 'absent' : `a ${typeof value}`
}
