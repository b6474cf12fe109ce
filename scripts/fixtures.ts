/**
 * Writes `fixtures/codecs`: data-model values as blocks of each codec, by the reference codecs, and blocks of dag-cbor that are to be accepted or refused, by hand. The same bytes
 * come out each time: nothing in them is random or of the day.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { accepted, refused } from './fixture-cbor.js'
import { ethFixtures } from './fixture-eth.js'
import { nodes, values } from './fixture-values.js'
import { root } from './run.js'

const FOLDER = join(root, 'fixtures/codecs')

interface Reference {
  readonly name: string
  readonly code: number
  encode(value: any): Uint8Array
}

interface Row {
  readonly name: string
  readonly blocks: Record<string, { cid: string; hex: string }>
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

async function row(name: string, value: unknown, codecs: readonly Reference[]): Promise<Row> {
  const blocks: Row['blocks'] = {}
  for (const codec of codecs) {
    const bytes = codec.encode(value)
    blocks[codec.name] = { cid: CID.createV1(codec.code, await sha256.digest(bytes)).toString(), hex: hex(bytes) }
  }
  return { name, blocks }
}

/** A row a line, so that a diff shows which. */
function write(file: string, rows: readonly unknown[]): void {
  writeFileSync(join(FOLDER, file), `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  console.log(`${file.padEnd(24)} ${rows.length} rows`)
}

mkdirSync(FOLDER, { recursive: true })
const rows: Row[] = []
for (const [name, value] of Object.entries(values))
  rows.push(await row(name, value, value instanceof Uint8Array ? [dagCbor, dagJson, raw] : [dagCbor, dagJson]))
for (const [name, value] of Object.entries(nodes)) rows.push(await row(name, value, [dagCbor, dagJson, dagPb]))
write('values.json', rows)
write('dag-cbor.valid.json', accepted)
write('dag-cbor.invalid.json', refused)
for (const [name, { valid, invalid }] of Object.entries(ethFixtures)) {
  write(`${name}.valid.json`, valid)
  write(`${name}.invalid.json`, invalid)
}
