/** Writes the fixtures of Bitcoin's and Zcash's codecs to `fixtures/codecs`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagJson from '@ipld/dag-json'
import * as bitcoin from './fixture-bitcoin.js'
import * as zcash from './fixture-zcash.js'
import { root } from './run.js'

/** A row a line, so that a diff shows which. */
function write(file: string, rows: readonly unknown[]): void {
  writeFileSync(join(root, 'fixtures/codecs', file), `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  console.log(`${file.padEnd(40)} ${rows.length} rows`)
}

const json = (value: unknown): string => new TextDecoder().decode(dagJson.encode(value))

for (const { valid, invalid } of [bitcoin, zcash]) {
  for (const name of Object.keys(valid)) {
    write(`${name}.valid.json`, bitcoin.rows(json, valid[name]))
    write(`${name}.invalid.json`, bitcoin.refusals(json, invalid[name]))
  }
}
