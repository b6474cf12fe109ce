import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/codec/index.js'
import { memoryBlocks, PathError, type ResolveOptions, resolve, verified } from '../../src/dag/index.js'
import { block, cbor, type Made } from './sample.js'

const host = await createHost()
const json = await host.codec('dag-json')
const pb = await host.codec('dag-pb')

const leaf = await cbor({ title: 'the end', list: [1, [2, { deep: true }]], '': 'empty key' })
const text = await block(0x55, new TextEncoder().encode('raw'))
const middle = await block(json.code, json.encode({ leaf: leaf.cid, text: text.cid, number: 7, 'with space': 'yes' }))
const directory = await block(0x70, pb.encode({ Data: Uint8Array.of(8, 1), Links: [{ Name: 'a.txt', Hash: middle.cid, Tsize: 3 }] }))
const pointer = await cbor(directory.cid)
const absent = await cbor('absent')
const top = await cbor({
  to: [pointer.cid],
  gone: absent.cid,
  strange: CID.createV1(0x300001, leaf.cid.multihash),
  ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, i]))
})
const blocks = verified([memoryBlocks([top, pointer, directory, middle, leaf, text], 'the store')])
const at = (path: string, options: Partial<ResolveOptions> = {}) => resolve(top.cid, path, { blocks, codecs: host.loader, ...options })

const paths: [path: string, value: unknown, through: number][] = [
  ['key3', 3, 1],
  ['to/0/Links/0/Name', 'a.txt', 3],
  ['to/0/Links/0/Hash/number', 7, 4],
  ['/to//0/Links/0/Hash/with space/', 'yes', 4],
  ['to/0/Links/0/Hash/leaf/list/1/1/deep', true, 5],
  ['to/0/Links/0/Hash/text', text.bytes, 5],
  ['to/0/Links/0/Hash/leaf/list', [1, [2, { deep: true }]], 5]
]
for (const [path, value, through] of paths) {
  test(`${path}: through ${through} blocks`, async () => {
    const { node, blocks: passed } = await at(path)
    assert.equal(node.value(), value)
    assert.is(passed.length, through)
  })
}

test('a link at the end is followed, or not', async () => {
  assert.is((await at('to/0')).node.kind, 'map')
  assert.equal(
    (await at('to/0')).blocks.map(String),
    [top, pointer, directory].map(({ cid }) => String(cid))
  )
  const { node, path, cid } = await at('to/0', { follow: false })
  assert.equal([node.kind, String(node.value()), path, String(cid)], ['link', String(pointer.cid), ['to', '0'], String(top.cid)])
})

test('segments given as a list may be empty or have slashes', async () => {
  const { node } = await resolve(leaf.cid, [''], { blocks, codecs: host.loader })
  assert.is(node.value(), 'empty key')
})

test('a node stays when the codec is used again', async () => {
  const { node } = await at('to/0/Links/0/Hash/leaf')
  await at('key1')
  assert.is(node.path('title').value(), 'the end')
})

const missing: [path: string, segment: string, index: number, made: Made, kind: string, keys: readonly string[]][] = [
  ['nothing', 'nothing', 0, top, 'map', []],
  ['key3/more', 'more', 1, top, 'integer', []],
  ['to/1', '1', 1, top, 'list', []],
  ['to/01', '01', 1, top, 'list', []],
  ['to/0/Links/0/Hash/leaf/titel', 'titel', 6, leaf, 'map', ['', 'list', 'title']],
  ['to/0/Links/0/Hash/text/x', 'x', 6, text, 'bytes', []],
  ['to/0/Links/0/name', 'name', 4, directory, 'map', ['Hash', 'Name', 'Tsize']]
]
for (const [path, segment, index, made, kind, keys] of missing) {
  test(`${path}: no ${segment}`, async () => {
    const error = await at(path).then(
      () => assert.unreachable(),
      (error) => error
    )
    assert.instance(error, PathError)
    assert.equal([error.code, error.segment, error.index, String(error.cid), error.kind], ['NOT_FOUND', segment, index, String(made.cid), kind])
    assert.match(error.message, String(made.cid))
    if (keys.length > 0) assert.equal([...error.keys].sort(), keys)
    assert.ok(error.keys.length <= 8)
  })
}

test('blocks that are not there or have no codec', async () => {
  const gone = await at('gone/x').then(
    () => assert.unreachable(),
    (error) => error
  )
  assert.equal([gone.code, String(gone.cid)], ['BLOCK_NOT_FOUND', String(absent.cid)])
  assert.match(gone.message, /"gone" leads.*the store/)
  const strange = await at('strange').then(
    () => assert.unreachable(),
    (error) => error
  )
  assert.is(strange.code, 'UNKNOWN_CODEC')
  const reason = new Error('enough')
  assert.is(
    await at('to', { signal: AbortSignal.abort(reason) }).then(
      () => assert.unreachable(),
      (error) => error
    ),
    reason
  )
})

test('a path through blocks that are nothing but links ends', async () => {
  const chain: Made[] = [leaf]
  for (let i = 0; i < 100; i++) chain.push(await cbor(chain[i].cid))
  const store = { blocks: memoryBlocks(chain), codecs: host.loader }
  assert.is((await resolve(chain[100].cid, 'title', store)).node.value(), 'the end')
  assert.is((await resolve(chain[100].cid, 'title', { ...store, maxBlocks: 101 })).blocks.length, 101)
  const error = await resolve(chain[100].cid, 'title', { ...store, maxBlocks: 100 }).then(
    () => assert.unreachable(),
    (error) => error
  )
  assert.equal([error.code, String(error.cid)], ['WALK_LIMIT', String(leaf.cid)])
})

test('long keys do not make long messages', async () => {
  const made = await cbor({ ['k'.repeat(100_000)]: 1 })
  const error = await resolve(made.cid, 'x', { blocks: memoryBlocks([made]), codecs: host.loader }).then(
    () => assert.unreachable(),
    (error) => error
  )
  assert.ok(error.message.length < 400)
})

test.run()
