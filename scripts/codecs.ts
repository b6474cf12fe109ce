/**
 * Seals each codec's manifest into its module and holds the result against `codecs/cids.json`, which records what every codec is. A codec's identity moves only by
 * `npm run codecs:update`, which writes that record and the embedded catalog, prepared modules and all, `src/codec/embedded/*.generated.ts`; of functions `functions/cids.json` and
 * `src/task/shipped/*.generated.ts`, which have the modules as they are.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CarWriter } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { policyOf } from '../src/codec/abi.js'
import { catalogValue } from '../src/codec/catalog.js'
import { DEFAULT_LIMITS } from '../src/codec/limits.js'
import { type FunctionManifest, type LayoutManifest, type Manifest, sealManifest } from '../src/codec/manifest.js'
import { resumablePolicyOf } from '../src/codec/runner.js'
import { prepare } from '../src/sandbox/index.js'
import { folderOf, root } from './run.js'

const RECORD = join(root, 'codecs/cids.json')
const EMBEDDED = join(root, 'src/codec/embedded')
const SHIPPED = join(root, 'src/task/shipped')
const update = process.argv.includes('--update')

interface Block {
  cid: CID
  bytes: Uint8Array
}

interface Built extends Block {
  manifest: Manifest | LayoutManifest | FunctionManifest
}

function targets(): string[] {
  return Object.keys(JSON.parse(readFileSync(join(root, 'asconfig.json'), 'utf8')).targets)
}

async function seal(name: string): Promise<Built> {
  const path = join(root, `build/compiled/${name}.wasm`)
  if (!existsSync(path)) throw new Error(`${path} is not there; npm run build makes it`)
  const folder = folderOf(name)
  const manifest = JSON.parse(readFileSync(join(root, folder, `${name}/manifest.json`), 'utf8')) as Built['manifest']
  const bytes = sealManifest(readFileSync(path), manifest)
  writeFileSync(join(root, 'build', folder, `${name}.wasm`), bytes)
  return { manifest, bytes, cid: CID.createV1(0x55, await sha256.digest(bytes)) }
}

async function car(catalog: Block, codecs: readonly Block[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create([catalog.cid])
  const parts: Uint8Array[] = []
  const reading = (async () => {
    for await (const part of out) parts.push(part)
  })()
  for (const block of [catalog, ...codecs]) await writer.put(block)
  await writer.close()
  await reading
  return Buffer.concat(parts)
}

const all = await Promise.all(targets().map(seal))
const functions = all.filter(({ manifest }) => manifest.kind === 'function')
/** what the embedded catalog has: functions are not part of it, since nothing names them but those who want them */
const built = all.filter(({ manifest }) => manifest.kind !== 'function')
const codecs = built.filter(({ manifest }) => manifest.kind === 'codec')
const layouts = built.filter(({ manifest }) => manifest.kind === 'layout')
const bytes = dagCbor.encode(
  catalogValue(
    new Map(codecs.map(({ manifest, cid }) => [(manifest as Manifest).code, cid])),
    new Map(layouts.map(({ manifest, cid }) => [manifest.name, cid]))
  )
)
const catalog = { bytes, cid: CID.createV1(dagCbor.code, await sha256.digest(bytes)) }

const cidsOf = (modules: readonly Built[]) => Object.fromEntries(modules.map(({ manifest, cid }) => [manifest.name, String(cid)]))
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const record = json({ catalog: String(catalog.cid), ...cidsOf(built) })
const MADE = '/** Made by scripts/codecs.ts'
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** A module's entry in its index, and the module prepared. */
function entry({ manifest, cid, bytes }: Built): { row: string; prepared: string } {
  const { bytes: prepared, exports, memory } = prepare(bytes, manifest.kind === 'codec' ? policyOf(DEFAULT_LIMITS, true) : resumablePolicyOf(DEFAULT_LIMITS))
  const fields = { cid: String(cid), size: bytes.length, manifest }
  const row = `{ ...${JSON.stringify(fields)}, load: () => import('./${manifest.name}.generated.js') }`
  const shape = JSON.stringify([[...exports], memory])
  const text = `export const SHAPE = '${shape}'\n\nexport const PREPARED =\n  '${base64(prepared)}'\n`
  return { row, prepared: `${MADE}: the module of ${manifest.name}, prepared, in base64; before it its exports and its memory, as JSON. */\n${text}` }
}

const entries = built.map(entry)
const rows = (kind: string) => entries.filter((_, i) => built[i].manifest.kind === kind).map(({ row }) => row)
const index = `${MADE}: the embedded catalog. */
import type { EmbeddedCodec } from './embedded.js'

export const CATALOG = '${catalog.cid}'

export const CODECS = [
  ${rows('codec').join(',\n  ')}
] as unknown as readonly EmbeddedCodec[]
`
const layoutIndex = `${MADE}: the layouts of the embedded catalog. */
import type { EmbeddedLayout } from './embedded.js'

export const LAYOUTS = [
  ${rows('layout').join(',\n  ')}
] as unknown as readonly EmbeddedLayout[]
`
const functionRow = ({ manifest, cid, bytes }: Built) =>
  `{ ...${JSON.stringify({ cid: String(cid), size: bytes.length, manifest })}, load: () => import('./${manifest.name}.generated.js') }`
const functionIndex = `${MADE}: the functions that are shipped. */
import type { ShippedFunction } from './shipped.js'

export const FUNCTIONS = [
  ${functions.map(functionRow).join(',\n  ')}
] as unknown as readonly ShippedFunction[]
`
const files: [path: string, text: string][] = [
  [RECORD, record],
  [join(root, 'functions/cids.json'), json(cidsOf(functions))],
  [join(SHIPPED, 'index.generated.ts'), functionIndex],
  ...functions.map(({ manifest, bytes }): [string, string] => [
    join(SHIPPED, `${manifest.name}.generated.ts`),
    `${MADE}: the module of ${manifest.name}, in base64. */\nexport const MODULE =\n  '${base64(bytes)}'\n`
  ]),
  [join(EMBEDDED, 'index.generated.ts'), index],
  [join(EMBEDDED, 'layouts.generated.ts'), layoutIndex],
  [
    join(EMBEDDED, 'catalog.generated.ts'),
    `${MADE}: the catalog and its modules, a CAR in base64. */\nexport const CAR =\n  '${base64(await car(catalog, built))}'\n`
  ],
  ...built.map(({ manifest }, i): [string, string] => [join(EMBEDDED, `${manifest.name}.generated.ts`), entries[i].prepared])
]

if (update) {
  for (const [path, text] of files) writeFileSync(path, text)
} else {
  const moved = files.filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
  if (moved.length > 0) {
    const before = existsSync(RECORD) ? (JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, string>) : {}
    for (const [name, cid] of Object.entries(JSON.parse(record) as Record<string, string>)) {
      if (before[name] !== cid) console.error(`${name} is now ${cid}, recorded is ${before[name] ?? 'nothing'}`)
    }
    console.error('the built codecs are not those of codecs/cids.json; if that is meant, run npm run codecs:update')
    process.exit(1)
  }
}
