/** What every driver of `Workers` must do: run by each in its own place. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../../src/codec/index.js'
import { type Block, check, type DagProgress, type DecodedBlock, type DecodeStreamOptions, decodeBlocks, type Workers } from '../../../src/dag/index.js'
import { block, cbor, type Made } from '../sample.js'

/** Makes a driver's workers. Those that are `mortal` end when they are given a job that is not strict. */
export type Make = (options?: { size?: number; mortal?: boolean }) => Workers

interface Collected {
  readonly blocks: DecodedBlock[]
  readonly error?: Error & { code?: string; cid?: CID; cause?: unknown }
}

async function collect(stream: AsyncIterable<DecodedBlock>): Promise<Collected> {
  const blocks: DecodedBlock[] = []
  try {
    for await (const found of stream) blocks.push(found)
    return { blocks }
  } catch (error) {
    return { blocks, error: error as Error }
  }
}

/** All that can be said of blocks, without objects that differ though they say the same. */
const told = ({ blocks, error }: Collected) => ({
  blocks: blocks.map(({ cid, bytes, offset, value, links, fault }) => [String(cid), bytes.length, offset, value, links?.map(String), faultText(fault)]),
  error: faultText(error)
})

const faultText = (fault: (Error & { code?: string; offset?: number; codec?: string; cid?: CID }) | undefined) =>
  fault && [fault instanceof Error, fault.name, fault.code, fault.message, fault.offset, fault.codec, fault.cid && String(fault.cid)]

async function sampleBlocks(): Promise<Made[]> {
  const leaf = await block(0x55, new TextEncoder().encode('a raw leaf'))
  const made: Made[] = [leaf]
  for (let i = 0; i < 130; i++) {
    const bytes = new Uint8Array(i * 3).fill(i)
    made.push(await cbor({ i, text: `text ${i} — ünï ${'x'.repeat(i % 70)}`, bytes, link: made[i].cid, list: [i, -i, i / 3, 2 ** 40 + i, null, true] }))
  }
  made.push(await block(0x0129, new TextEncoder().encode(`{"in":"dag-json","link":{"/":"${made[7].cid}"}}`)))
  return made
}

export function workersSuite(test: Test, make: Make): void {
  test('the same blocks, values, links and faults, in the same order, as without workers', async () => {
    const host = await createHost()
    const good = await sampleBlocks()
    const faulty: Made[] = [
      { cid: good[3].cid, bytes: good[4].bytes },
      await block(0x71, Uint8Array.of(0xa1, 0x61)),
      await block(0x71, Uint8Array.of(0x61, 0xff)),
      await block(0x300001, Uint8Array.of(1)),
      { cid: CID.createV1(0x71, create(0x300002, new Uint8Array(32))), bytes: good[0].bytes },
      { cid: CID.createV1(0x71, create(0x12, new Uint8Array(4))), bytes: good[0].bytes }
    ]
    const mixed = good.flatMap((made, i) => (i % 20 === 19 ? [made, faulty[Math.floor(i / 20) % faulty.length]] : [made]))
    const workers = make({ size: 2 })
    for (const blocks of [good, mixed, faulty, []]) {
      for (const wanted of [{}, { values: false }, { links: false }, { values: false, links: false }]) {
        for (const how of [{}, { faults: 'report' as const }, { faults: 'report' as const, check: false as const }, { faults: 'report' as const, check }]) {
          const options: DecodeStreamOptions = { codecs: host.loader, ...wanted, ...how }
          const here: DagProgress[] = []
          const there: DagProgress[] = []
          const expected = told(await collect(decodeBlocks(blocks, { ...options, onProgress: (event) => here.push(event) })))
          const got = told(await collect(decodeBlocks(blocks, { ...options, workers, onProgress: (event) => there.push(event) })))
          assert.equal(got.error, expected.error)
          assert.is(got.blocks.length, expected.blocks.length)
          // one by one, since the difference of two long lists is long to find
          for (const [i, row] of got.blocks.entries()) assert.equal(row, expected.blocks[i])
          assert.equal(there.at(-1)?.detail, here.at(-1)?.detail)
          assert.is(there.filter(({ type }) => type === 'autocodec:dag:fault').length, here.filter(({ type }) => type === 'autocodec:dag:fault').length)
        }
      }
    }
    await workers[Symbol.asyncDispose]()
  })

  test('links of the value and of the list are one object', async () => {
    const host = await createHost()
    const workers = make()
    const { blocks } = await collect(decodeBlocks((await sampleBlocks()).slice(0, 3), { codecs: host.loader, workers }))
    assert.is(blocks[2].value.link, blocks[2].links?.[0])
    await workers[Symbol.asyncDispose]()
  })

  test('a slow reader is waited for, and whoever has enough stops the source', async () => {
    const host = await createHost()
    const workers = make({ size: 1 })
    const large = await block(0x55, new Uint8Array(1 << 20))
    let asked = 0
    let closed = false
    async function* endless(): AsyncGenerator<Block> {
      try {
        for (;;) {
          asked++
          yield large
        }
      } finally {
        closed = true
      }
    }
    let read = 0
    for await (const _ of decodeBlocks(endless(), { codecs: host.loader, workers })) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      read++
      // two with the worker, one in the reader's hand, one being taken and one asked for
      assert.ok(asked <= read + 4, `${asked} blocks asked for when ${read} had been read`)
      if (read === 10) break
    }
    assert.ok(closed)
    await workers[Symbol.asyncDispose]()
  })

  test('an error of the source comes after all blocks before it', async () => {
    const host = await createHost()
    const workers = make({ size: 1 })
    const good = (await sampleBlocks()).slice(0, 20)
    async function* failing(): AsyncGenerator<Block> {
      yield* good
      throw new Error('the source is gone')
    }
    const { blocks, error } = await collect(decodeBlocks(failing(), { codecs: host.loader, workers }))
    assert.equal([blocks.length, error?.message], [20, 'the source is gone'])
    await workers[Symbol.asyncDispose]()
  })

  test('given up while the source does not answer, and the workers go on with others', async () => {
    const host = await createHost()
    const workers = make({ size: 1 })
    const good = await sampleBlocks()
    const reason = new Error('enough')
    async function* stuck(): AsyncGenerator<Block> {
      yield good[0]
      await new Promise(() => {})
    }
    const controller = new AbortController()
    let read = 0
    let caught: unknown
    try {
      for await (const _ of decodeBlocks(stuck(), { codecs: host.loader, workers, signal: controller.signal })) {
        read++
        setTimeout(() => controller.abort(reason), 5)
      }
    } catch (error) {
      caught = error
    }
    assert.equal([read, caught === reason], [1, true])
    const after = await collect(decodeBlocks(good, { codecs: host.loader, workers }))
    assert.equal([after.blocks.length, after.error], [good.length, undefined])
    await workers[Symbol.asyncDispose]()
  })

  test('a worker that ends is an error of its batch, and the next one takes its place', async () => {
    const host = await createHost()
    const workers = make({ size: 1, mortal: true })
    const good = await sampleBlocks()
    const read = (options: Partial<DecodeStreamOptions>) => collect(decodeBlocks(good, { codecs: host.loader, workers, ...options }))
    const first = await read({})
    assert.equal([first.blocks.length, first.error], [good.length, undefined])
    const lost = await read({ strict: false })
    assert.equal([lost.blocks.length, lost.error?.name, lost.error?.code, lost.error?.cid === good[0].cid], [0, 'DagError', 'WORKER_LOST', true])
    assert.ok(lost.error?.cause instanceof Error)
    const reported = await read({ strict: false, faults: 'report' })
    assert.is(reported.error, undefined)
    assert.equal(
      reported.blocks.map(({ fault }) => fault?.code),
      good.map(() => 'WORKER_LOST')
    )
    const again = await read({})
    assert.equal([again.blocks.length, again.error], [good.length, undefined])
    await workers[Symbol.asyncDispose]()
  })

  test('after their end there is nothing to be had, and what they had is an error', async () => {
    const host = await createHost()
    const workers = make({ size: 1 })
    await workers[Symbol.asyncDispose]()
    const { error } = await collect(decodeBlocks((await sampleBlocks()).slice(0, 3), { codecs: host.loader, workers }))
    assert.is(error?.code, 'WORKER_LOST')
    for (const size of [0, -1, 1.5]) {
      assert.throws(
        () => make({ size }),
        (error: Error) => error instanceof TypeError && /size/.test(error.message)
      )
    }
  })
}
