/** Selectors through layouts: what a layout makes of blocks is walked as data, and no block is read that the selector does not need. */
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Autocodec, readSelector, select, wrapperValue } from '../../../src/dag/index.js'
import { layoutFor, layoutInterpreter, openThrough } from '../../../src/dag/layout/index.js'
import { createHost } from '../../../src/index.js'
import { bytesOf, noise, Store } from './tree.js'

const host = await createHost()
const json = await host.codec('dag-json')
const selectorOf = (value: unknown) => readSelector(json.node(new TextEncoder().encode(JSON.stringify(value)), { strict: false }))

const store = new Store()
const content = noise(2_000)
const options = { rawLeaves: true, chunker: fixedSize({ chunkSize: 100 }), layout: balanced({ maxChildrenPerNode: 4 }) }
const file = await store.add([{ content }], options)
const tree = await store.add(
  [{ path: 'r/data.bin', content }, { path: 'r/d/text.txt', content: new TextEncoder().encode('plain\n') }, { path: 'r/link', link: 'd/text.txt' } as never],
  options
)

const match = { '.': {} }
const as = (next: unknown, layout = 'unixfs') => ({ '~': { as: layout, '>': next } })
const subset = (from: number, to: number) => ({ '.': { subset: { '[': from, ']': to } } })

async function found(root: CID, selector: unknown): Promise<{ path: string; kind: string; bytes: Uint8Array }[]> {
  store.asked = []
  const matches: { path: string; kind: string; bytes: Uint8Array }[] = []
  const walk = select(root, selectorOf(selector), {
    get: async (cid) => store.get(cid, {}),
    codec: ({ code }) => host.codec(code),
    interpret: layoutInterpreter(host, { get: store.get, ahead: 0 })
  })
  for await (const visit of walk)
    for (const one of visit.matches) matches.push({ path: visit.path.join('/'), kind: visit.place.kind, bytes: await bytesOf(one.bytes()) })
  return matches
}

test('a file is bytes, a directory a map, a symbolic link a string', async () => {
  const everything = { R: { l: { none: {} }, ':>': { '|': [match, { a: { '>': { '@': {} } } }] } } }
  const rows = await found(tree, as(everything))
  assert.equal(
    rows.map(({ path, kind, bytes }) => [path, kind, bytes.length]),
    [
      ['', 'map', 0],
      ['d', 'map', 0],
      ['d/text.txt', 'bytes', 6],
      ['data.bin', 'bytes', 2_000],
      ['link', 'string', 10]
    ]
  )
  assert.equal(rows[3].bytes, content)
  assert.is(new TextDecoder().decode(rows[4].bytes), 'd/text.txt')
})

test('a name is looked up, and what is not there is not matched', async () => {
  const at = (...names: string[]) => names.reduceRight<unknown>((next, name) => ({ f: { 'f>': { [name]: next } } }), match)
  assert.is(new TextDecoder().decode((await found(tree, as(at('d', 'text.txt'))))[0].bytes), 'plain\n')
  assert.equal(await found(tree, as(at('d', 'absent'))), [])
  assert.equal(await found(tree, as(at('data.bin', 'below'))), [])
})

test('a subset of a sharded file reads the blocks that it needs, and no others', async () => {
  const [{ bytes }] = await found(file, as(subset(450, 650)))
  assert.equal(bytes, content.slice(450, 650))
  const leaves = new Set(store.asked.filter(({ code }) => code === 0x55).map(String))
  // bytes 400 to 700, in leaves of 100
  assert.is(leaves.size, 3, [...leaves].join())
  const [whole] = await found(file, as(match))
  assert.equal(whole.bytes, content)
  const [end] = await found(file, as(subset(-30, Number.MAX_SAFE_INTEGER)))
  assert.equal(end.bytes, content.slice(-30))
  assert.equal((await found(file, as(subset(10, 10))))[0].bytes.length, 0)
})

test('a layout that is not known', async () => {
  try {
    await found(file, as(match, 'nothing'))
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code?: string }).code, 'SELECTOR_INTERPRETATION', String(error))
    assert.match((error as Error).message, /known are unixfs, bittorrent.*asked for at block bafy/)
  }
})

// --- the layout that a wrapper names -----------------------------------------------------------------------------------------------------------------------

const cbor = await host.codec('dag-cbor')
const [pb, unixfs] = [await host.codec('dag-pb'), layoutFor('unixfs')?.cid as CID]
const rootBytes = (await store.get(tree, {})) as Uint8Array

async function opened(value: Parameters<typeof wrapperValue>[0], made = host) {
  const bytes = cbor.encode(wrapperValue(value))
  const get = async (cid: CID) => (await store.get(cid, {})) as Uint8Array
  return new Autocodec(made, { get }).open(CID.createV1(cbor.code, await sha256.digest(bytes)), { bytes })
}

for (const [what, root] of [
  ['linked', tree],
  ['linked as raw', CID.createV1(0x55, tree.multihash)],
  ['held', rootBytes]
] as const) {
  test(`a wrapper's layout opens its root, ${what}`, async () => {
    const top = await openThrough(host, await opened({ codec: pb.cid, root, layout: unixfs }), { get: store.get })
    assert.equal(await bytesOf((await top.path('data.bin')).bytes({ offset: 150, length: 100 })), content.slice(150, 250))
  })
}

test('a layout that only data names does not run; one that is trusted is looked for', async () => {
  const layout = CID.createV1(0x55, await sha256.digest(new TextEncoder().encode('a layout')))
  for (const [policy, code] of [
    [{}, 'REFUSED'],
    [{ data: () => true }, 'REFUSED'],
    [{ trusted: [layout] }, 'MODULE_NOT_FOUND'],
    [{ data: 'allow' as const }, 'MODULE_NOT_FOUND']
  ] as const) {
    const made = await createHost({ policy })
    try {
      await openThrough(made, await opened({ codec: pb.cid, root: tree, layout }, made), { get: store.get })
      assert.unreachable()
    } catch (error) {
      assert.is((error as { code?: string }).code, code, String(error))
    }
  }
})

test('no layout, nothing to open', async () => {
  try {
    await openThrough(host, await opened({ codec: pb.cid, root: tree }), { get: store.get })
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /names no layout/)
  }
})

test.run()
