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
import { bad, valid as bencodeAccepted, invalid as bencodeRefused, infos } from './fixture-bencode.js'
import { accepted, refused } from './fixture-cbor.js'
import { ethFixtures } from './fixture-eth.js'
import { objects, refused as objectsRefused } from './fixture-git.js'
import { nodes, values } from './fixture-values.js'
import { valid as wireAccepted, invalid as wireRefused } from './fixture-wire.js'
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

// --- formats of others, whose rows have their values beside them -----------------------------------------------------------------------------------------

type AcceptedRow = readonly [name: string, block: Uint8Array, value: unknown]
/** A code and an offset, `CODE 12`; and the value if lax takes it. */
type RefusedRow = readonly [name: string, block: Uint8Array, expected: string, lax?: unknown]

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const json = (value: unknown): string => new TextDecoder().decode(dagJson.encode(value))

function writeRows(codec: string, accepted: readonly AcceptedRow[], refused: readonly RefusedRow[]): void {
  write(
    `${codec}.valid.json`,
    accepted.map(([name, block, value]) => ({ name, hex: hex(block), json: json(value) }))
  )
  write(
    `${codec}.invalid.json`,
    refused
      // what takes its length alone to be wrong is for the tests
      .filter(([, block]) => block.length < 10_000)
      .map(([name, block, expected, lax]) => {
        const [code, offset] = expected.split(' ')
        return { name, hex: hex(block), code, offset: Number(offset), lax: lax === undefined ? 'same' : { json: json(lax) } }
      })
  )
}

const shown = (data: string): string => JSON.stringify(data).slice(0, 60)
writeRows('git-raw', objects, objectsRefused)
writeRows(
  'bencode',
  bencodeAccepted.map(([data, value]) => [shown(data), latin1(data), value]),
  bencodeRefused.map(([data, expected, lax]) => [shown(data), latin1(data), expected, lax])
)
writeRows(
  'torrent-info',
  infos.map(([name, data, value]) => [name, latin1(data), value]),
  bad.map(([name, data]) => [name, latin1(data), 'MALFORMED 0'])
)
writeRows(
  'torrent-file',
  infos.map(([name, data, info]) => [name, latin1(`d4:info${data}e`), { info }]),
  bad.map(([name, data]) => [name, latin1(`d4:info${data}e`), 'MALFORMED 7'])
)
for (const codec of ['protobuf', 'libp2p-key', 'blake3-hashseq', 'car']) {
  writeRows(
    codec,
    wireAccepted.filter(([of]) => of === codec).map(([, name, data, value]) => [name, Buffer.from(data, 'hex'), value]),
    wireRefused.filter(([of]) => of === codec).map(([, name, data, expected, lax]) => [name, Buffer.from(data, 'hex'), expected, lax])
  )
}
for (const [name, { valid, invalid }] of Object.entries(ethFixtures)) {
  write(`${name}.valid.json`, valid)
  write(`${name}.invalid.json`, invalid)
}
