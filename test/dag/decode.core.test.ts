import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/codec/index.js'
import { type Check, check, type DagProgress, type DecodedBlock, type DecodeStreamOptions, decodeBlocks, readCar } from '../../src/dag/index.js'
import { block, carOf, cbor, concat, type Made, threeBlocks } from './sample.js'

const { root, leaves, bytes } = await threeBlocks()
const host = await createHost()
const codecs = host.loader
const all = [root, ...leaves]

async function* chunked(input: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < input.length; at += size) yield input.slice(at, at + size)
}

/** All that comes before the end or an error. */
async function collect(stream: AsyncIterable<DecodedBlock>): Promise<{ blocks: DecodedBlock[]; error?: Error & { code?: string; offset?: number } }> {
  const blocks: DecodedBlock[] = []
  try {
    for await (const found of stream) blocks.push(found)
    return { blocks }
  } catch (error) {
    return { blocks, error: error as Error }
  }
}

const slow: Check = async (cid, bytes) => {
  await new Promise((resolve) => setTimeout(resolve, 1))
  return check(cid, bytes)
}

for (const [name, how] of [
  ['at once', check],
  ['later', slow]
] as const) {
  test(`values, links and offsets in order; hashes checked ${name}`, async () => {
    for (const size of [1, 50, 1 << 16]) {
      const { blocks, error } = await collect(decodeBlocks(await readCar(chunked(bytes, size)), { codecs, check: how }))
      assert.is(error, undefined)
      assert.equal(
        blocks.map(({ cid }) => String(cid)),
        all.map(({ cid }) => String(cid))
      )
      assert.equal(blocks[0].links?.map(String), [String(leaves[0].cid), String(leaves[1].cid)])
      assert.is(blocks[0].links?.[0], blocks[0].value.first, 'one object for the link and for the value')
      assert.equal(blocks[1].value, { title: 'first' })
      assert.equal(blocks[2].value, leaves[1].bytes)
      for (const { offset = 0, bytes: got } of blocks) assert.equal(bytes.slice(offset, offset + got.length), got.slice())
    }
  })
}

const wrong = { cid: leaves[0].cid, bytes: leaves[1].bytes }
const strange = await block(0x300001, Uint8Array.of(1))
const broken = await block(0x71, Uint8Array.of(0xa1, 0x61))
const badText = await block(0x71, Uint8Array.of(0x61, 0xff))
const unheard = { cid: CID.createV1(0x71, create(0x300002, new Uint8Array(32))), bytes: root.bytes }
const faults: [what: string, made: Made, code: string, checked: boolean][] = [
  ['other bytes', wrong, 'HASH_MISMATCH', true],
  ['an unknown hash function', unheard, 'UNKNOWN_HASH', true],
  ['an unknown codec', strange, 'UNKNOWN_CODEC', false],
  ['a block cut short', broken, 'UNEXPECTED_END', false],
  ['text that is not UTF-8', badText, 'INVALID_UTF8', false]
]
for (const [what, made, code, checked] of faults) {
  test(`${what}: the end, after what stood before; or reported`, async () => {
    const blocks = [root, leaves[0], made, leaves[1]]
    for (const source of [() => blocks, async () => readCar(await carOf([], blocks))]) {
      const thrown = await collect(decodeBlocks(await source(), { codecs }))
      assert.is(thrown.blocks.length, 2)
      assert.is(thrown.error?.code, code, String(thrown.error))
      const events: DagProgress[] = []
      const reported = await collect(decodeBlocks(await source(), { codecs, faults: 'report', onProgress: (event) => events.push(event) }))
      assert.is(reported.error, undefined)
      assert.equal(
        reported.blocks.map(({ fault }) => fault?.code),
        [undefined, undefined, code, undefined]
      )
      assert.is(reported.blocks[2].value, undefined)
      assert.is(events.filter(({ type }) => type === 'autocodec:dag:fault').length, 1)
      assert.equal(events.filter(({ type }) => type === 'autocodec:dag:blocks').at(-1)?.detail, {
        blocks: 4,
        bytes: blocks.reduce((sum, { bytes }) => sum + bytes.length, 0)
      })
      const unread = await collect(decodeBlocks(await source(), { values: false, links: false }))
      assert.is(unread.error?.code, checked ? code : undefined)
    }
  })
}

test('what is asked for', async () => {
  const read = async (options: Partial<DecodeStreamOptions>) => (await collect(decodeBlocks([root], { codecs, ...options }))).blocks[0]
  assert.is((await read({ links: false })).links, undefined)
  assert.is((await read({ links: false })).value.first.toString(), String(leaves[0].cid))
  assert.is((await read({ values: false })).value, undefined)
  assert.is((await read({ values: false })).links?.length, 2)
  assert.is((await collect(decodeBlocks([wrong], { codecs, check: false }))).error?.name, 'CodecError')
  assert.throws(
    () => decodeBlocks([root], {}),
    (error: Error) => error instanceof TypeError && /codecs/.test(error.message)
  )
})

test('a CAR cut at every byte: the blocks before, then the place', async () => {
  const whole = (await collect(decodeBlocks(await readCar(bytes), { codecs }))).blocks
  const ends = whole.map(({ offset = 0, bytes: { length } }) => offset + length)
  for (let length = ends[0]; length < bytes.length; length++) {
    const { blocks, error } = await collect(decodeBlocks(await readCar(chunked(bytes.subarray(0, length), 64)), { codecs }))
    assert.is(blocks.length, ends.filter((end) => end <= length).length, `cut at ${length}`)
    if (ends.includes(length)) assert.is(error, undefined)
    else assert.equal([error?.code, error?.offset], ['CAR_TRUNCATED', length])
  }
})

/** A CAR that never ends, and how much of it has been asked for. */
async function endless(): Promise<{ source: AsyncGenerator<Uint8Array>; asked(): number; closed(): boolean }> {
  const header = await carOf([root.cid], [])
  const section = (await carOf([root.cid], [leaves[0]])).subarray(header.length)
  let asked = 0
  let closed = false
  async function* source() {
    try {
      yield header
      for (;;) {
        asked++
        yield concat(Array.from({ length: 10 }, () => section))
      }
    } finally {
      closed = true
    }
  }
  return { source: source(), asked: () => asked, closed: () => closed }
}

test('a slow reader is waited for, and whoever has enough stops the source', async () => {
  const { source, asked, closed } = await endless()
  let blocks = 0
  for await (const _ of decodeBlocks(await readCar(source), { codecs })) {
    // whatever time it takes, no more is read than is needed
    await new Promise((resolve) => setTimeout(resolve, 1))
    assert.ok(asked() <= Math.floor(blocks / 10) + 2, `${asked()} chunks for ${blocks} blocks`)
    if (++blocks === 55) break
  }
  assert.ok(closed())
})

const reason = new Error('enough')
const stages: [stage: string, run: (signal: AbortSignal, abort: () => void) => Promise<unknown>][] = [
  [
    'before it begins',
    async (signal, abort) => {
      abort()
      await readCar(bytes, { signal })
    }
  ],
  [
    'in the header, which does not come',
    async (signal, abort) => {
      setTimeout(abort, 5)
      await readCar(stuck(bytes.subarray(0, 9)), { signal })
    }
  ],
  [
    'between two blocks',
    async (signal, abort) => {
      for await (const _ of decodeBlocks(await readCar((await endless()).source, { signal }), { codecs, signal })) abort()
    }
  ],
  [
    'in a block, which does not come',
    async (signal, abort) => {
      setTimeout(abort, 5)
      for await (const _ of decodeBlocks(await readCar(stuck(bytes.subarray(0, -3)), { signal }), { codecs, signal })) assert.ok(true)
    }
  ],
  [
    'while hashes are computed',
    async (signal, abort) => {
      const hashing: Check = async (cid, bytes) => {
        abort()
        return check(cid, bytes)
      }
      for await (const _ of decodeBlocks(await readCar(bytes, { signal }), { codecs, signal, check: hashing })) assert.unreachable()
    }
  ]
]

/** A source that gives so much and then neither more nor an end. */
async function* stuck(start: Uint8Array): AsyncGenerator<Uint8Array> {
  yield start
  await new Promise(() => {})
}

for (const [stage, run] of stages) {
  test(`given up ${stage}`, async () => {
    const controller = new AbortController()
    const timer = setTimeout(() => {}, 10_000)
    try {
      await run(controller.signal, () => controller.abort(reason))
      assert.unreachable()
    } catch (error) {
      assert.is(error, reason)
    } finally {
      clearTimeout(timer)
    }
  })
}

test('calls of next that come together are answered in order', async () => {
  const iterator = decodeBlocks(await readCar(bytes), { codecs })[Symbol.asyncIterator]()
  const got = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
  assert.equal(
    got.map(({ done, value }) => (done ? 'end' : String(value.cid))),
    [...all.map(({ cid }) => String(cid)), 'end']
  )
})

test('the body of a response', async () => {
  const body = new Response(bytes as Uint8Array<ArrayBuffer>).body as ReadableStream<Uint8Array>
  const reader = { getReader: () => body.getReader() } as ReadableStream<Uint8Array>
  for (const source of [new Response(bytes as Uint8Array<ArrayBuffer>).body as ReadableStream<Uint8Array>, Object.assign(Object.create(null), reader)]) {
    assert.is((await collect(decodeBlocks(await readCar(source), { codecs }))).blocks.length, 3)
  }
})

test('many small blocks over any cuts are the same blocks', async () => {
  const made = await Promise.all(Array.from({ length: 300 }, (_, i) => cbor({ i, text: 'x'.repeat((i * 7) % 200) })))
  const car = await carOf([made[0].cid], made)
  let seed = 1
  for (let round = 0; round < 20; round++) {
    const cuts: Uint8Array[] = []
    for (let at = 0; at < car.length; ) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      const size = 1 + ((seed >>> 8) % [5, 90, 700, 9000][round % 4])
      cuts.push(car.slice(at, at + size))
      at += size
    }
    const { blocks, error } = await collect(decodeBlocks(await readCar(cuts), { codecs }))
    assert.is(error, undefined)
    assert.equal(
      blocks.map(({ value }) => value.i),
      made.map((_, i) => i)
    )
  }
})

test.run()
