/**
 * Makes `fixtures/sample.car`: a small site as one would publish it. Always the same bytes.
 *
 * Its blocks are dag-cbor, dag-pb, dag-json and raw, linked across each other, and one of a codec of the private range that no tool knows; that codec's module is a raw
 * block of the same CAR. All of it is made with the reference libraries, so that our own codecs read what others have written.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CarWriter } from '@ipld/car/writer'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { sealManifest } from '../src/codec/manifest.js'
import { node, root } from './run.js'

const RAW = 0x55
const CSV_ROWS = 0x300001
const OUT = join(root, 'fixtures/sample.car')
/** The codec that travels along, and where it is built. */
const EXAMPLE = 'examples/codec-in-assemblyscript'
const MODULE = 'build/csv-rows.wasm'

const blocks: { cid: CID; bytes: Uint8Array }[] = []
const utf8 = (text: string) => new TextEncoder().encode(text)

async function put(code: number, bytes: Uint8Array): Promise<CID> {
  const cid = CID.createV1(code, await sha256.digest(bytes))
  blocks.push({ cid, bytes })
  return cid
}

const cbor = (value: unknown) => put(dagCbor.code, dagCbor.encode(value))
const pb = (node: dagPb.PBNode) => put(dagPb.code, dagPb.encode(node))

/** The Data message of UnixFS: 1 Type, 2 Data, 3 filesize, 4 blocksizes. */
function unixfs(type: 'directory' | 'file', data?: Uint8Array, sizes: readonly number[] = []): Uint8Array {
  const number = (value: number) => [...varint.encodeTo(value, new Uint8Array(varint.encodingLength(value)))]
  const bytes = [0x08, type === 'directory' ? 1 : 2]
  if (data !== undefined) bytes.push(0x12, ...number(data.length), ...data)
  if (type === 'file') bytes.push(0x18, ...number(data?.length ?? sizes.reduce((sum, size) => sum + size, 0)))
  for (const size of sizes) bytes.push(0x20, ...number(size))
  return Uint8Array.from(bytes)
}

/** The bytes of a block and of all below it, which dag-pb links tell. */
const sizes = new Map<string, number>()
async function file(text: string, ...chunks: string[]): Promise<CID> {
  if (chunks.length === 0) {
    const bytes = unixfs('file', utf8(text))
    const cid = await pb({ Data: bytes, Links: [] })
    sizes.set(String(cid), blocks[blocks.length - 1].bytes.length)
    return cid
  }
  const parts: [CID, number][] = []
  for (const chunk of [text, ...chunks]) parts.push([await leaf(chunk), utf8(chunk).length])
  const lengths = parts.map(([, length]) => length)
  const cid = await pb({ Data: unixfs('file', undefined, lengths), Links: parts.map(([Hash, Tsize]) => ({ Name: '', Tsize, Hash })) })
  sizes.set(String(cid), blocks[blocks.length - 1].bytes.length + lengths.reduce((sum, length) => sum + length, 0))
  return cid
}

async function leaf(text: string): Promise<CID> {
  const bytes = utf8(text)
  const cid = await put(RAW, bytes)
  sizes.set(String(cid), bytes.length)
  return cid
}

/** The codec that travels with its data, built and sealed. */
async function moduleBytes(): Promise<Uint8Array> {
  mkdirSync(join(root, 'build'), { recursive: true })
  const { code, output } = await node(['node_modules/assemblyscript/bin/asc.js', `${EXAMPLE}/index.ts`, '--outFile', MODULE])
  if (code !== 0) throw new Error(output)
  return sealManifest(readFileSync(join(root, MODULE)), JSON.parse(readFileSync(join(root, EXAMPLE, 'manifest.json'), 'utf8')))
}

const cover = await leaf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90"><path fill="#246" d="M0 50q20-16 40 0t40 0 40 0 40 0v40H0z"/></svg>\n`)
const readme = await file('The files of this site: a picture for the front page, and the log of the harbour master.\n')
const log = await file(
  ...([
    '1 May. Wind from the south-west, the ferry is late. Two seals on the slipway until noon.\n',
    '2 May. Calm. The tide gauge has been cleaned; readings from here on are good to a centimetre.\n',
    '3 May. Fog in the morning, lifted by ten. The light on the north mole is out again.\n'
  ] as const)
)
const entry = (Name: string, Hash: CID): dagPb.PBLink => ({ Name, Tsize: sizes.get(String(Hash)) as number, Hash })
const directory = await pb({ Data: unixfs('directory'), Links: [entry('README.txt', readme), entry('cover.svg', cover), entry('log.txt', log)] })

const author = await cbor({ name: 'Ines Okafor', role: 'harbour master', since: 2019 })
const posts: CID[] = []
const texts: [title: string, date: string, tags: string[], text: string][] = [
  ['The gauge by the old pier', '2026-05-01', ['tides', 'history'], 'It has stood there since 1911, and until last week nobody had asked it anything.'],
  ['Reading the tide', '2026-05-02', ['tides'], 'High water comes fifty minutes later each day. Whoever knows that needs no table for tomorrow.'],
  [
    'What the fog does to sound',
    '2026-05-03',
    ['weather', 'light'],
    'The horn of the north mole carries three miles in clear air, and five in fog – or so it seems from here.'
  ]
]
for (const [title, date, tags, text] of texts) {
  const previous = posts[posts.length - 1]
  posts.push(await cbor({ title, date, tags, text, author, ...(previous === undefined ? {} : { previous }) }))
}

// a column of links beside columns of text: the codec knows the CIDs in it
const tides = await put(
  CSV_ROWS,
  utf8(`day,high,low,post\n2026-05-01,4.12,0.87,ipfs://${posts[0]}\n2026-05-02,4.26,0.74,ipfs://${posts[1]}\n2026-05-03,4.31,0.69,ipfs://${posts[2]}\n`)
)
const about = await put(
  dagJson.code,
  dagJson.encode({
    title: 'About this site',
    license: 'CC-BY-4.0',
    contact: 'harbour@example.org',
    cover,
    files: directory,
    established: { year: 2019, exact: false },
    elevation: 2.5
  })
)
const module = await put(RAW, await moduleBytes())
const site = await cbor({
  title: 'Harbour notes',
  language: 'en',
  updated: '2026-05-03',
  posts: [...posts].reverse(),
  files: directory,
  about,
  tides,
  codecs: { 'csv-rows': module }
})

const { writer, out } = CarWriter.create([site])
const parts: Uint8Array[] = []
const reading = (async () => {
  for await (const part of out) parts.push(part)
})()
// the entry first, as a reader wants it
for (const block of blocks.reverse()) await writer.put(block)
await writer.close()
await reading
writeFileSync(OUT, Buffer.concat(parts))
console.log(`${OUT}: ${blocks.length} blocks, root ${site}`)
