import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CarBlock, type CarOptions, readCar } from '../../src/dag/car.js'
import { DagError } from '../../src/dag/errors.js'
import { block, carOf, concat, threeBlocks, version2 } from './sample.js'

/** All that a CAR gives before it ends or fails. */
async function readAll(input: Parameters<typeof readCar>[0], options?: CarOptions): Promise<{ roots: string[]; blocks: CarBlock[]; error?: DagError }> {
  const blocks: CarBlock[] = []
  let roots: string[] = []
  try {
    const car = await readCar(input, options)
    roots = car.roots.map(String)
    for await (const found of car.blocks()) blocks.push(found)
  } catch (error) {
    assert.instance(error, DagError)
    return { roots, blocks, error: error as DagError }
  }
  return { roots, blocks }
}

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

const { root, leaves, bytes } = await threeBlocks()
const all = [root, ...leaves]

for (const size of [1, 7, 64, 1 << 16]) {
  for (const [version, car] of [
    [1, bytes],
    [2, version2(bytes)],
    [2, version2(bytes, { padding: 1000 })]
  ] as const) {
    test(`version ${version} of ${car.length} bytes in chunks of ${size}`, async () => {
      const read = await readAll(chunked(car, size))
      assert.is(read.error, undefined)
      assert.equal(read.roots, [String(root.cid)])
      assert.equal(
        read.blocks.map(({ cid }) => String(cid)),
        all.map(({ cid }) => String(cid))
      )
      for (const [at, found] of read.blocks.entries()) {
        assert.equal(found.bytes, all[at].bytes)
        assert.equal(car.slice(found.offset, found.offset + found.bytes.length), all[at].bytes)
      }
    })
  }
}

test('a CAR without blocks, and one without roots', async () => {
  assert.equal(await readAll(await carOf([root.cid], [])), { roots: [String(root.cid)], blocks: [] })
  assert.is((await readAll(await carOf([], all))).blocks.length, 3)
})

test('CIDv0, identity and an empty block', async () => {
  const zero = CID.createV0(leaves[1].cid.multihash as Parameters<typeof CID.createV0>[0])
  const inline = { cid: CID.createV1(0x55, identity.digest(Uint8Array.of(1, 2, 3))), bytes: Uint8Array.of(1, 2, 3) }
  const empty = await block(0x55, new Uint8Array(0))
  const made = [{ cid: zero, bytes: leaves[1].bytes }, inline, empty]
  const read = await readAll(await carOf([zero], made))
  assert.equal(
    read.blocks.map(({ cid }) => String(cid)),
    made.map(({ cid }) => String(cid))
  )
  assert.is(read.error, undefined)
})

// where each block's section ends, the only places at which version 1 may stop
const ends: number[] = []
for (const found of (await readAll(bytes)).blocks) ends.push(found.offset + found.bytes.length)
const headerEnd = (await carOf([root.cid], [])).length

test('cut at every byte: what stood before comes, then the place', async () => {
  for (let length = 0; length < bytes.length; length++) {
    const { blocks, error } = await readAll(chunked(bytes.subarray(0, length), 50))
    const whole = ends.filter((end) => end <= length).length
    assert.is(blocks.length, whole, `cut at ${length}`)
    if (length === headerEnd || ends.includes(length)) assert.is(error, undefined, `cut at ${length}`)
    else {
      assert.is(error?.code, length === 0 ? 'NOT_A_CAR' : 'CAR_TRUNCATED', `cut at ${length}: ${error}`)
      assert.is(error?.offset, length, `cut at ${length}: ${error}`)
    }
  }
})

test('version 2 cut at every byte of its data', async () => {
  const car = version2(bytes, { padding: 9 })
  for (let length = 1; length < car.length - 25; length++) {
    const { error } = await readAll(car.subarray(0, length))
    assert.is(error?.code, 'CAR_TRUNCATED', `cut at ${length}: ${error}`)
    assert.is(error?.offset, length)
  }
})

test('any byte changed: an end, an error of ours, or other blocks', async () => {
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 0x80]) {
      const changed = bytes.slice()
      changed[at] ^= bit
      const { blocks } = await readAll(changed)
      assert.ok(blocks.length <= 4)
    }
  }
})

const header = bytes.subarray(0, headerEnd)
const bad: [what: string, input: Uint8Array, code: string, offset: number, options?: CarOptions][] = [
  ['text', new TextEncoder().encode('hello, this is no CAR at all\n'), 'NOT_A_CAR', 0],
  ['one letter', Uint8Array.of(0x68, 0x65), 'NOT_A_CAR', 0],
  ['zeros', new Uint8Array(100), 'NOT_A_CAR', 0],
  ['ones', new Uint8Array(100).fill(255), 'NOT_A_CAR', 0],
  ['a header of another version', concat([Uint8Array.of(10, 0xa1, 0x67), new TextEncoder().encode('version'), Uint8Array.of(3)]), 'NOT_A_CAR', 0],
  ['a header that never ends', concat([Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 0xa2), new Uint8Array(10)]), 'CAR_TOO_LARGE', 4],
  ['a section of length 0', concat([header, Uint8Array.of(0)]), 'CAR_MALFORMED', headerEnd],
  ['a section shorter than its CID', concat([header, Uint8Array.of(5, 1, 0x71, 0x12, 0x20), new Uint8Array(60)]), 'CAR_MALFORMED', headerEnd + 1],
  ['a length of 9 bytes', concat([header, new Uint8Array(9).fill(0xff), new Uint8Array(60)]), 'CAR_MALFORMED', headerEnd],
  ['a CID of version 7', concat([header, Uint8Array.of(60, 7), new Uint8Array(70)]), 'CAR_MALFORMED', headerEnd + 1],
  ['a length far beyond the limit', concat([header, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), root.cid.bytes]), 'CAR_TOO_LARGE', headerEnd + 42],
  ['a block over the limit', bytes, 'CAR_TOO_LARGE', headerEnd + 2 + 36, { maxBlock: root.bytes.length - 1 }],
  ['version 2 with too little data', version2(bytes, { size: bytes.length - 3 }), 'CAR_MALFORMED', 51 + ends[1]],
  ['version 2 that ends before its own header', version2(bytes, { size: 10 }), 'CAR_MALFORMED', 51 + headerEnd],
  ['version 2 that points back', version2(bytes).fill(0, 27, 35), 'CAR_MALFORMED', 51]
]
for (const [what, input, code, offset, options] of bad) {
  test(`refused: ${what}`, async () => {
    const { error } = await readAll(chunked(input, 33), options)
    assert.is(error?.code, code, String(error))
    assert.is(error?.offset, offset, String(error))
  })
}

test('leaving early closes the source, and a signal ends the reading', async () => {
  let closed = false
  async function* source() {
    try {
      yield* chunked(bytes, 64)
    } finally {
      closed = true
    }
  }
  for await (const _ of (await readCar(source())).blocks()) break
  assert.ok(closed)

  const controller = new AbortController()
  const car = await readCar(bytes, { signal: controller.signal })
  const blocks = car.blocks()
  await blocks.next()
  controller.abort(new Error('enough'))
  await blocks.next().then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'enough')
  )
})

test.run()
