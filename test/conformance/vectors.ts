/** The project's vectors of a codec: `fixtures/codecs/NAME.valid.json` and `.invalid.json`, and what `values.json` has of it. */
import { existsSync, readFileSync } from 'node:fs'
import { invalidRows, type Vectors, validRows } from '../../src/conformance/index.js'

const FOLDER = new URL('../../fixtures/codecs/', import.meta.url)

interface Value {
  readonly name: string
  readonly blocks: Readonly<Record<string, { readonly hex: string }>>
}

function read(file: string): unknown[] {
  const url = new URL(file, FOLDER)
  return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')) : []
}

export function vectorsOf(codec: string): Vectors {
  const values = (read('values.json') as Value[]).filter(({ blocks }) => codec in blocks).map(({ name, blocks }) => ({ name, hex: blocks[codec].hex }))
  return { valid: [...validRows(read(`${codec}.valid.json`)), ...validRows(values)], invalid: invalidRows(read(`${codec}.invalid.json`)) }
}
