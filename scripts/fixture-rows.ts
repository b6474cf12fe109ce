/** The two files of `fixtures/codecs` that a codec has: rows written by hand from its specification, and held against a second source before they are written. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Accepted, Refused } from './fixture-cbor.js'
import { root } from './run.js'

/** A block, as hex or, after a quotation mark, as text; and its value as dag-json. */
export type AcceptedRow = readonly [name: string, block: string, json: string]
/** A block, the error and its byte offset, and what a lax decoder does; by default the same. */
export type RefusedRow = readonly [name: string, block: string, code: string, offset: number, lax?: Refused['lax']]

/** Text as a block. */
export const utf8 = (text: string): string => Buffer.from(text).toString('hex')

/** What a lax decoder answers: a value as dag-json. */
export const lax = (json: string): Refused['lax'] => ({ json })

/** @param agrees whether the second source decodes the block to the value and writes the same block; a name in `alone` is of a row that it has no word on */
export function writeFixtures(
  codec: string,
  accepted: readonly AcceptedRow[],
  refused: readonly RefusedRow[],
  agrees: (block: Uint8Array, json: string) => boolean,
  alone: readonly string[] = []
): void {
  const valid: readonly Accepted[] = accepted.map(([name, hex, json]) => ({ name, hex, json }))
  const invalid: readonly Refused[] = refused.map(([name, hex, code, offset, lax = 'same']) => ({ name, hex, code, offset, lax }))
  for (const { name, hex, json } of valid) {
    if (agrees(new Uint8Array(Buffer.from(hex, 'hex')), json) === alone.includes(name))
      throw new Error(`${codec}, ${name}: the second source does not say so of ${hex}`)
  }
  for (const name of alone) if (!valid.some((row) => row.name === name)) throw new Error(`${codec}: no row ${name}`)
  write(`${codec}.valid.json`, valid)
  write(`${codec}.invalid.json`, invalid)
}

/** A row a line, so that a diff shows which. */
function write(file: string, rows: readonly unknown[]): void {
  writeFileSync(join(root, 'fixtures/codecs', file), `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  console.log(`${file.padEnd(24)} ${rows.length} rows`)
}
