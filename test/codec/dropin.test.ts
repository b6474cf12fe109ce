/** The codecs in the places of the JavaScript ones: multiformats, the walkers of @helia/utils and @helia/car, none of them changed. */
import { car } from '@helia/car'
import { breadthFirstWalker, depthFirstWalker, naturalOrderWalker } from '@helia/utils'
import { CarReader } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import type { Blockstore } from 'interface-blockstore'
import type { BlockCodec } from 'multiformats'
import * as Block from 'multiformats/block'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blockstoreSource, createHost, type Host } from '../../src/index.js'
import { resealed } from './resealed.js'

/** A block store in memory, whose `get` yields a block in chunks as interface-blockstore has it since version 6. */
function memoryStore(): Blockstore {
  const blocks = new Map<string, { cid: CID; bytes: Uint8Array }>()
  const put = async (cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> => {
    if (!(bytes instanceof Uint8Array)) throw new Error('this store takes whole blocks')
    blocks.set(cid.toString(), { cid, bytes })
    return cid
  }
  function* get(cid: CID): Generator<Uint8Array> {
    const found = blocks.get(cid.toString())
    if (found === undefined) throw Object.assign(new Error(`no ${cid}`), { name: 'NotFoundError' })
    yield found.bytes.subarray(0, 3)
    yield found.bytes.subarray(3)
  }
  return {
    put,
    get,
    has: (cid) => blocks.has(cid.toString()),
    delete: (cid) => void blocks.delete(cid.toString()),
    async *putMany(source) {
      for await (const { cid, bytes } of source) yield await put(cid, bytes)
    },
    async *getMany(source) {
      for await (const cid of source) yield { cid, bytes: get(cid) }
    },
    async *getAll() {
      for (const { cid } of blocks.values()) yield { cid, bytes: get(cid) }
    },
    async *deleteMany(source) {
      for await (const cid of source) {
        blocks.delete(cid.toString())
        yield cid
      }
    }
  }
}

/** The private codec of the DAG below: its module comes from the store, as do the blocks. */
const PRIVATE = await resealed({ name: 'private', code: 0x300001 })

interface Dag {
  readonly store: Blockstore
  readonly host: Host
  readonly root: CID
  /** depth first, breadth first */
  readonly deep: string[]
  readonly broad: string[]
}

/** root → a → (leaf, private), root → b */
async function dag(): Promise<Dag> {
  const store = memoryStore()
  await store.put(PRIVATE.cid, PRIVATE.bytes)
  const host = await createHost({ sources: [blockstoreSource(store)], catalogs: [new Map([[0x300001, PRIVATE.cid]])] })
  const put = async (value: unknown, code = 0x71): Promise<CID> => {
    const block = await Block.encode({ value, codec: await host.codec(code), hasher: sha256 })
    return store.put(block.cid, block.bytes)
  }
  const leaf = await put({ leaf: true })
  const secret = await put({ secret: [leaf] }, 0x300001)
  const b = await put({ name: 'b', text: 'größer' })
  const a = await put({ name: 'a', links: [leaf, secret] })
  const root = await put({ children: [a, b], size: 2n ** 60n })
  const texts = (...cids: CID[]): string[] => cids.map(String)
  return { store, host, root, deep: texts(root, a, leaf, secret, leaf, b), broad: texts(root, a, b, leaf, secret, leaf) }
}

test('multiformats Block: encode, decode, create, links, tree, get', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const link = CID.parse('bafyreihxt7ixl73wm6oem4jkk53od4z5cabuuj3vfcucux5nwrrqwqzlyq')
  const value = { a: [1, { b: link }], c: Uint8Array.of(1, 2), d: 'é', e: null }
  const block = await Block.encode({ value, codec, hasher: sha256 })
  const reference = await Block.encode({ value, codec: dagCbor, hasher: sha256 })
  assert.is(block.cid.toString(), reference.cid.toString())
  assert.equal(block.bytes, reference.bytes)
  for (const other of [
    await Block.decode({ bytes: block.bytes, codec, hasher: sha256 }),
    await Block.create({ bytes: block.bytes, cid: block.cid, codec, hasher: sha256 }),
    Block.createUnsafe({ bytes: block.bytes, cid: block.cid, codec })
  ]) {
    assert.is(other.cid.toString(), block.cid.toString())
    assert.equal(other.value, reference.value)
    assert.equal(
      [...other.links()].map(([path, cid]) => [path, `${cid}`]),
      [...reference.links()].map(([path, cid]) => [path, `${cid}`])
    )
    assert.equal([...other.tree()], [...reference.tree()])
    assert.equal(other.get('a/0'), reference.get('a/0'))
    assert.equal(`${other.get('a/1/b').value}`, `${link}`)
    assert.throws(() => other.get('a/9'))
  }
})

test('multiformats Block: wrong bytes are refused', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const block = await Block.encode({ value: { a: 1 }, codec, hasher: sha256 })
  try {
    await Block.create({ bytes: Uint8Array.of(0xa0), cid: block.cid, codec, hasher: sha256 })
  } catch (error) {
    assert.match((error as Error).message, /hash/i)
    return
  }
  assert.unreachable()
})

test('values of one codec go through the other', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const value = { list: [0, -1, 1.5, 2 ** 53, -(2n ** 60n)], link: CID.parse('bafyreihxt7ixl73wm6oem4jkk53od4z5cabuuj3vfcucux5nwrrqwqzlyq') }
  assert.equal(codec.encode(dagCbor.decode(dagCbor.encode(value))), dagCbor.encode(codec.decode(codec.encode(value))))
})

test('methods work without their object, as multiformats takes them', async () => {
  const { encode, decode, name, code }: BlockCodec<number, unknown> = await (await createHost()).codec('dag-cbor')
  assert.is(name, 'dag-cbor')
  assert.is(code, 0x71)
  assert.equal(decode(encode({ a: 1 })), { a: 1 })
})

const walkers = [
  ['depthFirstWalker', depthFirstWalker, 'deep'],
  ['breadthFirstWalker', breadthFirstWalker, 'broad'],
  ['naturalOrderWalker', naturalOrderWalker, 'broad']
] as const

for (const [name, make, order] of walkers) {
  test(`@helia/utils ${name}`, async () => {
    const { store, host, root, ...orders } = await dag()
    // two rounds: at first the loader gives promises, then codecs
    for (let round = 0; round < 2; round++) {
      const seen: string[] = []
      for await (const { block } of make()({ blockstore: store, getCodec: host.loader }).walk(root)) {
        seen.push(block.cid.toString())
        if (block.cid.code === 0x300001) assert.ok(Array.isArray((block.value as { secret: unknown }).secret))
      }
      assert.equal(seen, orders[order])
    }
  })
}

test('@helia/car: export and import', async () => {
  const { store, host, root, deep } = await dag()
  const logger = { forComponent: () => Object.assign(() => {}, { error() {}, trace() {}, enabled: false, newScope: () => logger.forComponent() }) }
  const components = (blockstore: Blockstore) => ({ blockstore, getCodec: host.loader, logger }) as unknown as Parameters<typeof car>[0]
  const parts: Uint8Array[] = []
  for await (const part of car(components(store)).export(root)) parts.push(part)
  const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
  const reader = await CarReader.fromBytes(bytes)
  assert.equal((await reader.getRoots()).map(String), [root.toString()])
  const blocks: string[] = []
  for await (const { cid } of reader.blocks()) blocks.push(cid.toString())
  assert.equal(new Set(blocks), new Set(deep))
  const copy = memoryStore()
  await car(components(copy)).import(await CarReader.fromBytes(bytes))
  for (const text of deep) assert.ok(await copy.has(CID.parse(text)), text)
  const walked: string[] = []
  for await (const { block } of depthFirstWalker()({ blockstore: copy, getCodec: host.loader }).walk(root)) walked.push(block.cid.toString())
  assert.equal(walked, deep)
})

test.run()
