import { CarReader } from '@ipld/car/reader'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readCar, writeCar } from '../../src/dag/index.js'
import { block, carOf, cbor, concat, type Made, threeBlocks } from './sample.js'

const { root, leaves, bytes } = await threeBlocks()

async function written(roots: readonly CID[], blocks: Iterable<Made> | AsyncIterable<Made>, options = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of writeCar(roots, blocks, options)) parts.push(part)
  return concat(parts)
}

test('the same bytes as @ipld/car writes', async () => {
  assert.equal(await written([root.cid], [root, ...leaves]), bytes)
  const many = await Promise.all(Array.from({ length: 300 }, (_, i) => cbor(i)))
  for (const roots of [[], many.slice(0, 24), many, [CID.createV0(root.cid.multihash as never)]]) {
    const cids = roots.map((made) => ('cid' in made ? made.cid : made))
    assert.equal(await written(cids, many), await carOf(cids, many))
  }
})

test('blocks that come twice are written once, unless that is wanted', async () => {
  const twice = [leaves[0], root, leaves[0], { cid: CID.createV1(0x55, leaves[0].cid.multihash), bytes: leaves[0].bytes }]
  const count = async (car: Uint8Array) => (await readCar(car)).batches().next()
  assert.is(((await count(await written([], twice))).value as unknown[]).length, 3)
  assert.is(((await count(await written([], twice, { dedupe: false }))).value as unknown[]).length, 4)
})

test('a CAR is copied from a stream, and others can read it', async () => {
  const large = await block(0x55, new Uint8Array(1_000_000).fill(3))
  const source = await readCar(await carOf([large.cid], [large, await block(0x55, new Uint8Array(0)), ...leaves]))
  const parts: Uint8Array[] = []
  for await (const part of writeCar(source.roots, source)) parts.push(part)
  const reader = await CarReader.fromBytes(concat(parts))
  assert.equal((await reader.get(large.cid))?.bytes, large.bytes)
  assert.equal((await reader.getRoots()).map(String), [String(large.cid)])
})

test('nothing is taken from the source before it is wanted, and a signal ends it', async () => {
  let taken = 0
  let closed = false
  async function* source() {
    try {
      for (;;) {
        taken++
        yield leaves[0]
      }
    } finally {
      closed = true
    }
  }
  const chunks = writeCar([], source(), { dedupe: false })
  await chunks.next()
  assert.is(taken, 0)
  await chunks.next()
  assert.is(taken, 1)
  await chunks.return()
  assert.ok(closed)
  const reason = new Error('enough')
  const controller = new AbortController()
  const given = writeCar([], source(), { dedupe: false, signal: controller.signal })
  await given.next()
  controller.abort(reason)
  await given.next().then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
})

test.run()
