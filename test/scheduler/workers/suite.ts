/** What every driver of functions in threads must do: run by each in its own place, and beside the runner that has no threads. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../../src/codec/index.js'
import { memoryEngine } from '../../../src/engine/index.js'
import { createExecutor, type FunctionRunner } from '../../../src/scheduler/index.js'
import { loadFunction, type Outcome, type RunOptions, resumeFunction, runFunction, type Suspended } from '../../../src/task/index.js'
import { generateSigner } from '../../../src/ucan/index.js'
import { puppet, spin } from './spin.js'

/** Makes a driver's threads. Those that are `mortal` end when they are given a job of a function named `die`. */
export type Make = (options?: { size?: number; mortal?: boolean }) => { readonly run: FunctionRunner } & AsyncDisposable

const text = (times: number): Uint8Array => new TextEncoder().encode('the quick brown fox jumps over\n the lazy dog '.repeat(times))

async function rawBlock(bytes: Uint8Array): Promise<{ cid: CID; bytes: Uint8Array }> {
  return { cid: CID.createV1(0x55, await sha256.digest(bytes)), bytes }
}

const inThread: FunctionRunner = (module, options, checkpoint) =>
  checkpoint === undefined ? runFunction(module, options) : resumeFunction(module, checkpoint, options)

/** All that can be said of an outcome, without objects that differ though they say the same. */
function told(outcome: Outcome | Suspended): unknown {
  if ('checkpoint' in outcome) return { checkpoint: outcome.checkpoint.toString() }
  const { result, blocks, ...rest } = outcome
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, item) => (CID.asCID(item) === null ? item : String(item))))
  return { ...rest, effects: plain(rest.effects), result: plain(result), blocks: blocks.map(({ cid, bytes }) => [String(cid), bytes.length]).sort() }
}

export function functionWorkersSuite(test: Test, make: Make): void {
  const host = createHost()
  const large = text(20_000)
  const setting = async () => {
    const blocks = new Map<string, Uint8Array>()
    const add = async (bytes: Uint8Array): Promise<CID> => {
      const made = await rawBlock(bytes)
      blocks.set(made.cid.toString(), made.bytes)
      return made.cid
    }
    const file = [await add(text(3)), await add(large), await add(text(50))]
    return { file, missing: (await rawBlock(text(1))).cid, get: async (cid: CID) => blocks.get(cid.toString()) }
  }

  test('the same outcomes, blocks, fuel and failures as without threads', async () => {
    await using workers = make()
    const { file, missing, get } = await setting()
    const rows: [name: string, options: RunOptions][] = [
      ['word-count', { fun: 'count', params: { file } }],
      ['word-count', { fun: 'count', params: { file: file[1] } }],
      ['word-count', { fun: 'count', params: {} }],
      ['word-count', { fun: 'count', params: { file: missing } }],
      ['word-count', { fun: 'count', params: { file }, limits: { fuel: 20_000 } }],
      ['fastcdc', { fun: 'chunk', params: { file, average: 4096 } }],
      ['fastcdc', { fun: 'chunk', params: { file, average: 4096 }, limits: { created: 3 } }],
      ['json-path', { fun: 'query', params: { root: { a: [1, 2.5, new Uint8Array([1, 2]), file[0], null] }, path: '$.a[*]' } }],
      ['json-path', { fun: 'query', params: { root: [], path: '$[' } }]
    ]
    for (const [name, options] of rows) {
      const module = await loadFunction(await host, name)
      const here = told(await inThread(module, { ...options, get }))
      assert.equal(told(await workers.run(module, { ...options, get })), here, `${name} ${JSON.stringify(options.limits ?? {})}`)
    }
  })

  test('new blocks go to whoever takes them', async () => {
    await using workers = make()
    const { file, get } = await setting()
    const taken = new Map<string, Uint8Array>()
    const module = await loadFunction(await host, 'fastcdc')
    const put = async (cid: CID, bytes: Uint8Array): Promise<void> => void taken.set(cid.toString(), bytes)
    const outcome = (await workers.run(module, { fun: 'chunk', params: { file, average: 4096 }, get, put })) as Outcome
    assert.is(outcome.blocks.length, 0)
    assert.is(taken.size > 10, true)
    assert.is(taken.has(String((outcome.result as { ok: { root: CID } }).ok.root)), true)
  })

  test('more runs than threads, each with its own result', async () => {
    await using workers = make({ size: 2 })
    const module = await loadFunction(await host, 'json-path')
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => workers.run(module, { fun: 'query', params: { root: [i], path: '$[0]' } })))
    assert.equal(
      outcomes.map((outcome) => (outcome as Outcome & { result: { ok: { values: number[] } } }).result.ok.values[0]),
      Array.from({ length: 50 }, (_, i) => i)
    )
  })

  test('what gives blocks fails, and that is thrown', async () => {
    await using workers = make()
    const { file } = await setting()
    const module = await loadFunction(await host, 'word-count')
    const get = async (): Promise<undefined> => {
      throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
    }
    try {
      await workers.run(module, { fun: 'count', params: { file }, get })
      assert.unreachable('it ended well')
    } catch (error) {
      assert.is((error as Error).message, 'the disk is full')
      assert.is((error as { code?: string }).code, 'ENOSPC')
    }
  })

  test('a block that never comes ends with TIME, and an abort at once', async () => {
    await using workers = make({ size: 1 })
    const { file } = await setting()
    const module = await loadFunction(await host, 'word-count')
    const get = (): Promise<undefined> => new Promise(() => {})
    const outcome = (await workers.run(module, { fun: 'count', params: { file }, get, limits: { time: 100 } })) as Outcome
    assert.is('error' in outcome.result && outcome.result.error.code, 'TIME')
    assert.is(outcome.final, false)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 50)
    try {
      await workers.run(module, { fun: 'count', params: { file }, get, signal: stop.signal })
      assert.unreachable('it ended well')
    } catch (error) {
      assert.is((error as Error).message, 'enough')
    }
    // the thread, or another in its place, is there again
    const good = (await workers.run(await loadFunction(await host, 'json-path'), { fun: 'query', params: { root: [7], path: '$[0]' } })) as Outcome
    assert.equal(good.result, { ok: { values: [7] } })
  })

  test('a guest that goes on for ever is ended with its thread', async () => {
    await using workers = make({ size: 1 })
    const module = await loadFunction(await host, spin)
    const get = async (cid: CID): Promise<Uint8Array | undefined> => (cid.equals(module.cid) ? spin : undefined)
    const limits = { time: 200, fuel: Number.MAX_SAFE_INTEGER }
    const start = performance.now()
    const outcome = (await workers.run(module, { fun: 'spin', get, limits })) as Outcome
    assert.is('error' in outcome.result && outcome.result.error.code, 'TIME')
    assert.is(outcome.final, false)
    assert.ok(performance.now() - start < 20_000, 'it took far longer than its time')
    const good = (await workers.run(await loadFunction(await host, 'json-path'), { fun: 'query', params: { root: [8], path: '$[0]' } })) as Outcome
    assert.equal(good.result, { ok: { values: [8] } })
  })

  test('a run is suspended in one thread and gone on with in another', async () => {
    const { file, get } = await setting()
    const module = await loadFunction(await host, 'word-count')
    const whole = (await inThread(module, { fun: 'count', params: { file }, get })) as Outcome
    const kept = new Map<string, Uint8Array>()
    const getAll = async (cid: CID): Promise<Uint8Array | undefined> => kept.get(cid.toString()) ?? get(cid)
    let waiting: Suspended
    {
      await using workers = make({ size: 1 })
      const suspend = new AbortController()
      // when it asks for its second block it is told to stop
      let asked = 0
      const counting = async (cid: CID): Promise<Uint8Array | undefined> => {
        if (++asked === 2) suspend.abort()
        return get(cid)
      }
      const outcome = await workers.run(module, { fun: 'count', params: { file }, get: counting, suspend: suspend.signal })
      assert.ok('checkpoint' in outcome, 'it was not suspended')
      waiting = outcome
      for (const { cid, bytes } of waiting.blocks) kept.set(cid.toString(), bytes)
    }
    await using others = make({ size: 1 })
    const end = (await others.run(module, { fun: 'count', params: { file }, get: getAll }, waiting.checkpoint)) as Outcome
    assert.equal(told(end), told(whole))
  })

  test('a thread that ends is an error of its run, and another takes its place', async () => {
    await using workers = make({ size: 1, mortal: true })
    const module = await loadFunction(await host, puppet)
    try {
      await workers.run(module, { fun: 'die' })
      assert.unreachable('it ended well')
    } catch (error) {
      assert.instance(error, Error)
    }
    const good = (await workers.run(await loadFunction(await host, 'json-path'), { fun: 'query', params: { root: [9], path: '$[0]' } })) as Outcome
    assert.equal(good.result, { ok: { values: [9] } })
  })

  test('after their end they refuse', async () => {
    const workers = make({ size: 1 })
    await workers[Symbol.asyncDispose]()
    try {
      await workers.run(await loadFunction(await host, 'json-path'), { fun: 'query', params: { root: [], path: '$' } })
      assert.unreachable('it ran')
    } catch (error) {
      assert.match((error as Error).message, 'disposed')
    }
  })

  test('an executor over them signs what an executor without them signs', async () => {
    await using workers = make({ size: 2 })
    const { file, get } = await setting()
    const signer = await generateSigner()
    const options = { host: await host, signer, get, now: () => 1_800_000_000 }
    const call = { mod: 'word-count', fun: 'count', params: { file } }
    const alone = await (await createExecutor({ ...options, engine: memoryEngine() })).run(call)
    const threaded = await (await createExecutor({ ...options, engine: memoryEngine(), runner: workers.run })).run(call)
    assert.is(threaded.receipt.cid.toString(), alone.receipt.cid.toString())
  })
}
