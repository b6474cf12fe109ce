import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sealManifest } from '../../src/codec/manifest.js'
import { ModuleShelf, readCar, survey } from '../../src/dag/index.js'
import { block, carOf, threeBlocks } from './sample.js'

const { root, leaves, bytes } = await threeBlocks()

const bare = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const manifest = { abi: 1, kind: 'codec', name: 'secret', code: 0x300001, window: 64 }
const sealed = sealManifest(bare, manifest)
const module = await block(0x55, sealed)

test('a survey knows where each block is', async () => {
  const offsets: number[] = []
  const found = await survey(await readCar(bytes), 'a CAR', (offset) => offsets.push(offset))
  assert.is(found.fault, undefined)
  for (const made of [root, ...leaves]) {
    const entry = found.find(made.cid)
    assert.ok(entry)
    assert.equal(bytes.slice(entry.offset, entry.offset + entry.length), made.bytes.slice())
  }
  assert.is(offsets.length, 3)
  assert.is(offsets[2], bytes.length)
  assert.ok(found.find(CID.createV1(0x55, root.cid.multihash)), 'the same bytes as another codec')
  assert.is(found.find(module.cid), undefined)
})

test('faults are kept, and a sound copy goes before a faulty one', async () => {
  const wrong = { cid: root.cid, bytes: leaves[0].bytes }
  for (const blocks of [
    [wrong, leaves[0], root],
    [root, leaves[0], wrong]
  ]) {
    const { entries, find } = await survey(await readCar(await carOf([root.cid], blocks)), 'a CAR')
    assert.is(entries.filter(({ fault }) => fault?.code === 'HASH_MISMATCH').length, 1)
    assert.is(find(root.cid)?.fault, undefined)
  }
  const { find } = await survey(await readCar(await carOf([root.cid], [wrong])), 'a CAR')
  assert.is(find(root.cid)?.fault?.code, 'HASH_MISMATCH')
})

test('what stands before a fault is there', async () => {
  const { entries, fault } = await survey(await readCar(bytes.subarray(0, -1)), 'a CAR')
  assert.is(entries.length, 2)
  assert.is(fault?.code, 'CAR_TRUNCATED')
})

test('codecs among the blocks are a source', async () => {
  const broken = await block(0x55, sealed.slice(0, -3))
  const bareBlock = await block(0x55, bare)
  const asCbor = { cid: CID.createV1(0x71, await sha256.digest(sealed)), bytes: sealed }
  const car = await carOf([root.cid], [root, bareBlock, broken, asCbor, module, ...leaves])
  const { shelf } = await survey(await readCar(car), 'a CAR')
  assert.is(shelf.name, 'a CAR')
  assert.equal(
    shelf.modules().map(({ cid, manifest: { name, code } }) => [String(cid), name, code]),
    [[String(module.cid), 'secret', 0x300001]]
  )
  assert.equal(await shelf.get(module.cid), sealed)
  assert.is(await shelf.get(leaves[1].cid), undefined)
  assert.is(await shelf.get(asCbor.cid), undefined)
})

test('a block that is no module is left alone', () => {
  const shelf = new ModuleShelf('none')
  shelf.offer(root.cid, root.bytes)
  shelf.offer(leaves[1].cid, leaves[1].bytes)
  assert.equal(shelf.modules(), [])
})

test.run()
