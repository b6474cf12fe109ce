/** UnixFS as the layout reads it, against the importer and exporter of the ecosystem. */
import * as dagPb from '@ipld/dag-pb'
import fc from 'fast-check'
import { UnixFS } from 'ipfs-unixfs'
import type { ImporterOptions } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced, flat, trickle } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type LayoutError, openLayout } from '../../../src/dag/layout/index.js'
import { createHost } from '../../../src/index.js'
import { fileOf, names, noise, read, Store } from './tree.js'

const host = await createHost()
const RUNS = Number(process.env.AUTOCODEC_RUNS ?? 200)
const open = (store: Store, root: CID) => openLayout(host, { root, get: store.get })

const files = suite('files')

const shapes: readonly (readonly [name: string, layout: ImporterOptions['layout']])[] = [
  ['balanced, 174 wide', balanced({ maxChildrenPerNode: 174 })],
  ['balanced, 3 wide', balanced({ maxChildrenPerNode: 3 })],
  ['trickle, 3 wide', trickle({ maxChildrenPerNode: 3, layerRepeat: 2 })],
  ['trickle', trickle({})],
  ['flat', flat()]
]
const leaves: readonly (readonly [name: string, options: ImporterOptions])[] = [
  ['raw leaves', { rawLeaves: true }],
  ['dag-pb leaves', { rawLeaves: false }],
  ['dag-pb leaves of type raw', { rawLeaves: false, leafType: 'raw' }],
  ['CIDv0', { rawLeaves: false, cidVersion: 0 }],
  ['single leaf kept', { rawLeaves: true, reduceSingleLeafToSelf: false }],
  ['single leaf reduced', { rawLeaves: false, reduceSingleLeafToSelf: true }]
]
const sizes = [0, 1, 99, 100, 101, 300, 301, 2_747]

for (const [shape, layout] of shapes) {
  for (const [leaf, options] of leaves) {
    files(`${shape}, ${leaf}`, async () => {
      const store = new Store()
      for (const size of sizes) {
        const content = noise(size)
        const root = await store.add([{ content }], { ...options, layout, chunker: fixedSize({ chunkSize: 100 }) })
        const file = await open(store, root)
        assert.is(file.kind, 'file')
        assert.is(file.size, size)
        assert.equal(await read(file), content, `${size} bytes`)
        const [offset, length] = [Math.floor(size / 3), Math.floor(size / 2)]
        const part = await read(file, { offset, length })
        assert.equal(part, content.slice(offset, offset + length))
        if (size > 0) assert.equal(part, await store.exported(root, { offset, length }))
      }
    })
  }
}

files('any range of any file equals the slice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...shapes),
      fc.constantFrom(...leaves),
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: 1, max: 700 }),
      fc.integer({ min: 0, max: 3_100 }),
      fc.integer({ min: 0, max: 3_100 }),
      async ([, layout], [, options], size, chunkSize, offset, length) => {
        const store = new Store()
        const content = noise(size, chunkSize)
        const root = await store.add([{ content }], { ...options, layout, chunker: fixedSize({ chunkSize }) })
        const file = await open(store, root)
        assert.equal(await read(file, { offset, length }), content.slice(offset, offset + length))
        assert.equal(await read(file, { offset }), content.slice(offset))
      }
    ),
    { numRuns: RUNS }
  )
})

files('a range costs the blocks on its way and no others', async () => {
  const store = new Store()
  const root = await store.add([{ content: noise(100_000) }], {
    rawLeaves: true,
    layout: balanced({ maxChildrenPerNode: 10 }),
    chunker: fixedSize({ chunkSize: 100 })
  })
  const file = await open(store, root)
  store.asked = []
  await read(file, { offset: 54_321, length: 100 })
  // root, two levels, two leaves
  assert.is(store.asked.length, 5)
  store.asked = []
  for await (const _ of file.bytes()) break
  assert.ok(store.asked.length < 16, `${store.asked.length} blocks for the first chunk`)
})

files('chunks are views of blocks, and none is empty', async () => {
  const store = new Store()
  const root = await store.add([{ content: noise(1_000) }], { rawLeaves: true, chunker: fixedSize({ chunkSize: 100 }) })
  const blocks = new Map<string, Uint8Array>()
  const get = async (cid: CID) => {
    const block = (await store.get(cid, {})) as Uint8Array
    blocks.set(cid.toString(), block)
    return block
  }
  const file = await openLayout(host, { root, get })
  for await (const chunk of file.bytes({ offset: 50 })) {
    assert.ok(chunk.length > 0)
    assert.ok([...blocks.values()].some((block) => block.buffer === chunk.buffer))
  }
})

files('data in inner nodes, mixed leaves, repeated and empty parts, inline CIDs', async () => {
  const store = new Store()
  const part = noise(50)
  const raw = await store.put(part)
  const leaf = await store.node(new UnixFS({ type: 'file', data: part }))
  const empty = await store.node(new UnixFS({ type: 'file' }))
  const inline = CID.createV1(0x55, identity.digest(part.slice(0, 20)))
  const inner = await store.node(fileOf(noise(7), [50n, 50n]), [{ cid: leaf }, { cid: raw }])
  const root = await store.node(fileOf(noise(9, 2), [50n, 50n, 0n, 107n, 50n, 20n, 107n, 50n]), [
    { cid: raw },
    { cid: raw },
    { cid: empty },
    { cid: inner },
    { cid: raw },
    { cid: inline },
    { cid: inner },
    { cid: leaf }
  ])
  const node = [noise(7), part, part]
  const content = new Uint8Array(Buffer.concat([noise(9, 2), part, part, ...node, part, part.slice(0, 20), ...node, part]))
  const file = await open(store, root)
  assert.is(file.size, content.length)
  assert.equal(await read(file), content)
  for (let offset = 0; offset <= content.length; offset += 3) {
    for (const length of [1, 10, 60, 200])
      assert.equal(await read(file, { offset, length }), content.slice(offset, offset + length), `${length} from ${offset}`)
  }
})

files('blocks with Data before Links, as old writers made them', async () => {
  const store = new Store()
  const leaf = await store.put(noise(10))
  const data = fileOf(undefined, [10n]).marshal()
  const link = dagPb.encode({ Links: [{ Hash: leaf as never, Name: '', Tsize: 10 }] })
  const root = await store.put(Uint8Array.from([0x0a, data.length, ...data, ...link]), dagPb.code)
  assert.equal(await read(await open(store, root)), noise(10))
})

files('mode and mtime', async () => {
  const store = new Store()
  for (const mtime of [{ secs: 5n, nsecs: 7 }, { secs: -5n }, { secs: 0n }]) {
    const root = await store.add([{ content: noise(5), mode: 0o755, mtime }])
    const file = await open(store, root)
    assert.is(file.mode, 0o755)
    assert.equal(file.mtime, { secs: Number(mtime.secs), nsecs: mtime.nsecs ?? 0 })
  }
})

files('a consumer that leaves early, and one that gives up', async () => {
  const store = new Store()
  const root = await store.add([{ content: noise(10_000) }], { rawLeaves: false, chunker: fixedSize({ chunkSize: 100 }) })
  const controller = new AbortController()
  const file = await openLayout(host, { root, get: store.get, signal: controller.signal })
  for (let i = 0; i < 20; i++) for await (const _ of file.bytes()) break
  assert.is((await read(file)).length, 10_000)
  controller.abort(new Error('enough'))
  try {
    await read(file)
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'enough')
  }
})

const directories = suite('directories')

const odd = [
  'a',
  'with space',
  'ümlaut',
  '日本語',
  '🙂',
  'x'.repeat(255),
  '.',
  '..',
  'a%2Fb',
  '0',
  '00',
  'FF',
  '-',
  '__proto__',
  '\u0000',
  '\ufeffbom',
  'new\nline'
]

for (const [name, options] of [
  ['flat', { shardSplitThresholdBytes: 2 ** 30 }],
  ['sharded', { shardSplitThresholdBytes: 0 }],
  ['sharded, 8 wide', { shardSplitThresholdBytes: 0, shardFanoutBits: 3 }],
  ['sharded, 16 wide', { shardSplitThresholdBytes: 0, shardFanoutBits: 4 }],
  ['sharded, 32 wide', { shardSplitThresholdBytes: 0, shardFanoutBits: 5 }],
  ['sharded, 1,024 wide', { shardSplitThresholdBytes: 0, shardFanoutBits: 10 }]
] as const) {
  directories(`${name}: every name is listed and found`, async () => {
    const store = new Store()
    const wanted = [...odd.filter((name) => name !== '.' && name !== '..'), ...Array.from({ length: 500 }, (_, i) => `file-${i}.txt`)]
    const root = await store.add(
      wanted.map((path) => ({ path: `d/${path}`, content: new TextEncoder().encode(path) })),
      { rawLeaves: true, wrapWithDirectory: true, ...options }
    )
    const directory = await (await open(store, root)).path('d')
    assert.is(directory.kind, 'directory')
    assert.equal((await names(directory)).sort(), [...wanted].sort())
    for (const name of wanted.slice(0, 60)) {
      const file = await directory.get(name)
      assert.is(file && new TextDecoder('utf-8', { ignoreBOM: true }).decode(await read(file)), name)
    }
    for (const name of ['', 'absent', 'file-', 'file-1.tx', 'file-1.txtt', 'X'.repeat(20_000)]) assert.is(await directory.get(name), undefined, name)
  })
}

directories('10,000 names in shards: as the exporter sees them, and one way down for each', async () => {
  const store = new Store()
  const root = await store.add(
    Array.from({ length: 10_000 }, (_, i) => ({ path: `d/${i}`, content: new TextEncoder().encode(String(i)) })),
    { rawLeaves: true, wrapWithDirectory: true, shardSplitThresholdBytes: 0 }
  )
  const top = await open(store, root)
  const directory = await top.path('d')
  const listed: string[] = []
  for await (const entry of directory.entries()) listed.push(entry.name)
  assert.equal(listed.sort(), Array.from({ length: 10_000 }, (_, i) => String(i)).sort())
  assert.equal(
    (await store.paths(root)).filter((path) => path.startsWith('d/')),
    listed.map((name) => `d/${name}`).sort()
  )
  for (let i = 0; i < 10_000; i += 997) {
    store.asked = []
    const entry = await directory.lookup(String(i))
    assert.ok(entry !== undefined)
    assert.ok(store.asked.length <= 3, `${store.asked.length} blocks`)
    assert.is(new TextDecoder().decode(await read(await directory.open(entry))), String(i))
  }
})

directories('paths, symbolic links, empty directories', async () => {
  const store = new Store()
  const root = await store.add([
    { path: 'r/a/b/c.txt', content: noise(3) },
    { path: 'r/link', link: 'a/b/c.txt', mode: 0o777 } as never,
    { path: 'r/empty' } as never
  ])
  const top = await open(store, root)
  assert.equal((await names(top)).sort(), ['a', 'empty', 'link'])
  assert.equal(await read(await top.path('/a//b/c.txt')), noise(3))
  assert.is(await top.path(''), top)
  const link = await top.path('link')
  assert.equal([link.kind, link.target], ['symlink', 'a/b/c.txt'])
  assert.equal(await names(await top.path('empty')), [])
})

const errors = suite('errors')

async function fails(code: string, run: () => Promise<unknown>, cid?: CID): Promise<LayoutError> {
  try {
    await run()
  } catch (error) {
    assert.is((error as LayoutError).code, code, (error as Error).stack)
    if (cid !== undefined) assert.is(String((error as LayoutError).cid), String(cid))
    return error as LayoutError
  }
  throw new Error(`no error, expected ${code}`)
}

const leaf10 = async (store: Store) => ({ cid: await store.put(noise(10)) })
const pb10 = async (store: Store) => ({ cid: await store.node(new UnixFS({ type: 'file', data: noise(10) })) })

/** Files whose sizes lie: a root, and whether the root alone gives it away. */
const lies: readonly (readonly [name: string, code: string, make: (store: Store) => Promise<CID>])[] = [
  ['a raw leaf is shorter than said', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [11n]), [await leaf10(s)])],
  ['a raw leaf is longer than said', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [9n]), [await leaf10(s)])],
  ['a dag-pb leaf is shorter than said', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [11n]), [await pb10(s)])],
  ['a dag-pb leaf is longer than said', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [9n]), [await pb10(s)])],
  ['a later leaf lies', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [10n, 3n]), [await leaf10(s), await leaf10(s)])],
  ['fewer sizes than links', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [10n]), [await leaf10(s), await leaf10(s)])],
  ['more sizes than links', 'SIZE_MISMATCH', async (s) => s.node(fileOf(undefined, [10n, 10n]), [await leaf10(s)])],
  ['a file size that is not the sum', 'SIZE_MISMATCH', async (s) => s.node(Uint8Array.of(8, 2, 24, 11, 32, 10), [await leaf10(s)])],
  ['sizes whose sum is beyond 2^53', 'TOO_LARGE', async (s) => s.node(fileOf(undefined, [2n ** 53n - 1n, 1n]), [await leaf10(s), await leaf10(s)])],
  ['a size beyond 2^64', 'NUMBER_RANGE', async (s) => s.node(Uint8Array.of(8, 2, 32, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2))],
  ['no UnixFS data', 'MISSING_FIELD', async (s) => s.put(dagPb.encode({ Links: [] }), dagPb.code)],
  ['a type that is not known', 'UNSUPPORTED', async (s) => s.node(Uint8Array.of(8, 6))],
  ['data that ends early', 'UNEXPECTED_END', async (s) => s.put(Uint8Array.of(10, 5, 8, 2), dagPb.code)],
  ['not a protobuf', 'MALFORMED', async (s) => s.put(Uint8Array.of(0x0f, 0xff, 0xff), dagPb.code)],
  ['a child of another codec', 'UNSUPPORTED_CODEC', async (s) => s.node(fileOf(undefined, [1n]), [{ cid: await s.put(Uint8Array.of(0xf6), 0x71) }])],
  ['a directory for a part', 'WRONG_KIND', async (s) => s.node(fileOf(undefined, [1n]), [{ cid: await s.node(new UnixFS({ type: 'directory' })) }])],
  ['a root of another codec', 'UNSUPPORTED_CODEC', async (s) => s.put(Uint8Array.of(0xf6), 0x71)]
]

for (const [name, code, make] of lies) {
  errors(`files: ${name}`, async () => {
    const store = new Store()
    const root = await make(store)
    const error = await fails(code, async () => read(await openLayout(host, { layout: 'unixfs', root, get: store.get })))
    assert.match(error.message, /^unixfs: /)
  })
}

errors('shards that lie', async () => {
  const store = new Store()
  const file = await store.put(noise(4))
  const shard = (fanout: bigint, links: { cid: CID; name: string }[], hashType = 0x22n) =>
    store.node(new UnixFS({ type: 'hamt-sharded-directory', fanout, hashType }), links)
  const list = async (root: CID) => names(await open(store, root))
  await fails('MALFORMED', async () => list(await shard(256n, [{ cid: file, name: '00wrong' }])))
  await fails('MALFORMED', async () => list(await shard(256n, [{ cid: file, name: 'xxname' }])))
  await fails('MALFORMED', async () => list(await shard(256n, [{ cid: file, name: 'a' }])))
  await fails('NUMBER_RANGE', async () => list(await shard(255n, [])))
  await fails('NUMBER_RANGE', async () => list(await shard(0n, [])))
  await fails('UNSUPPORTED', async () => list(await shard(256n, [], 0x12n)))
  await fails('UNSUPPORTED_CODEC', async () => list(await shard(256n, [{ cid: file, name: 'AA' }])))
  let deep = await shard(256n, [])
  for (let i = 0; i < 9; i++) deep = await shard(256n, [{ cid: deep, name: 'AA' }])
  await fails('DEPTH', () => list(deep))
})

errors('what is not there, and what is another kind', async () => {
  const store = new Store()
  const root = await store.add([{ path: 'r/file', content: noise(1_000) }], { rawLeaves: true, chunker: fixedSize({ chunkSize: 100 }) })
  const top = await open(store, root)
  await fails('NOT_FOUND', () => top.path('absent/x'))
  await fails('WRONG_KIND', () => top.path('file/x'))
  await fails('WRONG_KIND', () => read(top))
  const file = await top.path('file')
  await fails('WRONG_KIND', () => names(file))
  await fails('WRONG_KIND', () => file.get('x'))
  const { Links } = dagPb.decode((await store.get(file.cid, {})) as Uint8Array)
  await store.blocks.delete(Links[3].Hash)
  const gone = async (cid: CID) => (String(cid) === String(Links[3].Hash) ? undefined : store.get(cid, {}))
  const hole = await openLayout(host, { root: file.cid, get: gone })
  let before = 0
  await fails(
    'BLOCK_NOT_FOUND',
    async () => {
      for await (const chunk of hole.bytes()) before += chunk.length
    },
    Links[3].Hash as unknown as CID
  )
  assert.is(before, 300)
  const forged = async (cid: CID) => (String(cid) === String(Links[2].Hash) ? noise(100, 9) : store.get(cid, {}))
  await fails('HASH_MISMATCH', async () => read(await openLayout(host, { root: file.cid, get: forged })))
  await fails('UNKNOWN_LAYOUT', () => openLayout(host, { layout: 'nothing', root, get: store.get }))
  await fails('UNKNOWN_LAYOUT', () => openLayout(host, { root: CID.createV1(0x71, root.multihash), get: store.get }))
})

errors('limits', async () => {
  const store = new Store()
  const root = await store.add([{ content: noise(2_000) }], {
    rawLeaves: false,
    layout: balanced({ maxChildrenPerNode: 2 }),
    chunker: fixedSize({ chunkSize: 100 })
  })
  const limited = async (limits: object) => read(await openLayout(host, { root, get: store.get, limits }))
  await fails('LIMIT', () => limited({ blocks: 5 }))
  await fails('LIMIT', () => limited({ depth: 2 }))
  await fails('LIMIT', () => limited({ grants: 1 }))
  await fails('INPUT_SIZE', () => limited({ input: 80 }))
  await fails('FUEL', () => limited({ fuel: 1_000, fuelPerByte: 0 }))
  assert.is((await limited({ blocks: 50, depth: 6, grants: 20 })).length, 2_000)
  for (const limits of [{ blocks: -1 }, { nothing: 1 }, { fuel: 0.5 }]) {
    try {
      await limited(limits)
      assert.unreachable()
    } catch (error) {
      assert.instance(error, TypeError)
    }
  }
})

files.run()
directories.run()
errors.run()
