/** What every driver of functions in threads must do: run by each in its own place, and beside the runner that has no threads. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { CodecError, createHost, type Host, HostError, sealManifest } from '../../../src/codec/index.js'
import { DagError } from '../../../src/dag/errors.js'
import { LayoutError } from '../../../src/dag/layout/errors.js'
import { memoryEngine } from '../../../src/engine/index.js'
import { IpldError } from '../../../src/ipld/index.js'
import { SandboxError } from '../../../src/sandbox/errors.js'
import { createExecutor, type FunctionRunner } from '../../../src/scheduler/index.js'
import { loadFunction, type Outcome, type RunOptions, resumeFunction, runFunction, type Suspended, TaskError } from '../../../src/task/index.js'
import { generateSigner } from '../../../src/ucan/index.js'
import * as p from '../../task/puppet.js'
import { falling, puppet, spin } from './spin.js'

/** Makes a driver's threads. Those that are `mortal` end when they are given a job of a function named `die`, and after one named `fall`. */
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

  test('the codecs, catalogs, sources and limits are those of the caller’s host', async () => {
    await using workers = make({ size: 1 })
    const code = 0x3f_0001
    const bytes = new TextEncoder().encode('a block of a codec that few know')
    const cid = CID.createV1(code, (await rawBlock(bytes)).cid.multihash)
    const like = async (name: string) => {
      const [plain] = (await host).codecs().filter(({ manifest }) => manifest.name === name)
      const body = sealManifest(await (await host).module(name), { ...plain.manifest, code, name: 'seldom' })
      return { cid: (await rawBlock(body)).cid, body }
    }
    const [raw, cbor] = [await like('raw'), await like('dag-cbor')]
    const source = { name: 'a shelf', get: async (cid: CID) => [raw, cbor].find((module) => module.cid.equals(cid))?.body }
    const added = await createHost()
    await added.add(raw.body)
    const steps = [p.ask(2, cid, []), p.pass()]
    const rows: [name: string, on: Host, expected: string][] = [
      ['added', added, 'ok'],
      ['another of that number', await createHost({ catalogs: [new Map([[code, cbor.cid]])], sources: [source] }), 'UNREADABLE'],
      ['of a catalog', await createHost({ catalogs: [new Map([[code, raw.cid]])], sources: [source] }), 'ok'],
      ['of a catalog, without its module', await createHost({ catalogs: [new Map([[code, raw.cid]])] }), 'MODULE_NOT_FOUND'],
      ['unknown', await host, 'UNKNOWN_CODEC'],
      ['of a catalog that nobody has', await createHost({ catalogs: [cbor.cid] }), 'CATALOG'],
      ['under tight limits', await createHost({ limits: { input: 3000 }, catalogs: [new Map([[code, raw.cid]])], sources: [source] }), 'ok'],
      ['under tighter limits', await createHost({ limits: { fuel: 100, fuelPerByte: 1 } }), 'CODEC_LIMIT'],
      ['added again', added, 'ok']
    ]
    for (const [name, on, expected] of rows) {
      const module = await p.loadPuppet(on)
      const options: RunOptions = { fun: 'play', params: p.play(steps, cid), get: async () => bytes }
      const here = (await inThread(module, options)) as Outcome
      assert.is('error' in here.result ? here.result.error.code : 'ok', expected, name)
      assert.equal(told(await workers.run(module, options)), told(here), name)
    }
  })

  test('what is thrown by what gives blocks keeps its class', async () => {
    await using workers = make({ size: 1 })
    const { file } = await setting()
    const module = await loadFunction(await host, 'word-count')
    class Own extends Error {}
    for (const thrown of [
      new HostError('HASH_MISMATCH', 'a gateway lies'),
      new HostError('MODULE_NOT_FOUND', 'nobody answers'),
      new SandboxError('FUEL', 'on the way', 12),
      new CodecError('MALFORMED', 'dag-pb', 'on the way', { offset: 7 }),
      new IpldError('INVALID_CID', 'on the way', { offset: 3 }),
      new DagError('WORKER_LOST', 'a worker ended'),
      new LayoutError('BLOCK_NOT_FOUND', 'unixfs', 'a part of it'),
      new TaskError('TIME', 'it takes too long'),
      new Own('of a class of its own')
    ]) {
      const options: RunOptions = { fun: 'count', params: { file }, get: () => Promise.reject(thrown) }
      const ended = async (run: FunctionRunner): Promise<unknown> =>
        run(module, options).then(
          (outcome) => told(outcome),
          (error) => error
        )
      const [here, there] = [await ended(inThread), await ended(workers.run)]
      if (thrown instanceof Own) assert.is(there, thrown)
      assert.equal(there, here, String(thrown))
    }
  })

  test('a module that was given as bytes, and parameters that are larger than they look', async () => {
    await using workers = make({ size: 1 })
    const module = await p.loadPuppet(await host)
    const options: RunOptions = { fun: 'play', params: p.play([p.done(7)]) }
    assert.equal(told(await workers.run(module, options)), told(await inThread(module, options)))
    let large: unknown = 'x'
    for (let i = 0; i < 40; i++) large = [large, large]
    const { result, final } = (await workers.run(module, { fun: 'play', params: large })) as Outcome
    assert.is('error' in result && result.error.code, 'INPUT_SIZE')
    assert.is(final, true)
  })

  test('a job that waits for a thread has all of its time, and as much as there is', async () => {
    await using workers = make({ size: 1 })
    const { file, get } = await setting()
    const module = await p.loadPuppet(await host)
    const slowly = async (cid: CID): Promise<Uint8Array | undefined> => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      return get(cid)
    }
    const options: RunOptions = { fun: 'play', params: p.play([p.ask(1, file[0]), p.done(1)], file[0]), get: slowly }
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => workers.run(module, { ...options, limits: { time: 500 } })))
    for (const outcome of outcomes) assert.equal((outcome as Outcome).result, { ok: 1 })
    const long = (await workers.run(module, { ...options, limits: { time: 2 ** 31 + 5 } })) as Outcome
    assert.equal(long.result, { ok: 1 })
  })

  test('an abort is heard while a job waits for a thread, and nobody else’s thread ends by it', async () => {
    await using workers = make({ size: 1 })
    const { file, get } = await setting()
    const module = await p.loadPuppet(await host)
    const params = p.play([p.ask(1, file[0]), p.done(1)], file[0])
    let go = (): void => {}
    const gone = new Promise<void>((resolve) => (go = resolve))
    const first = workers.run(module, {
      fun: 'play',
      params,
      get: async (cid) => {
        await gone
        return get(cid)
      }
    })
    const stop = new AbortController()
    const waiting = workers.run(module, { fun: 'play', params, get, signal: stop.signal })
    const third = workers.run(module, { fun: 'play', params, get })
    setTimeout(() => stop.abort(new Error('enough')), 20)
    try {
      await waiting
      assert.unreachable('it ended well')
    } catch (error) {
      assert.is((error as Error).message, 'enough')
    }
    go()
    assert.equal(((await first) as Outcome).result, { ok: 1 })
    assert.equal(((await third) as Outcome).result, { ok: 1 })
  })

  test('jobs that are at work when the workers end are told so', async () => {
    const workers = make({ size: 1 })
    const { file } = await setting()
    const module = await p.loadPuppet(await host)
    let asked = (): void => {}
    const asking = new Promise<void>((resolve) => (asked = resolve))
    const get = (): Promise<undefined> => {
      asked()
      return new Promise(() => {})
    }
    const options: RunOptions = { fun: 'play', params: p.play([p.ask(1, file[0])], file[0]), get }
    const jobs = [workers.run(module, options), workers.run(module, options)].map((job) =>
      job.then(
        () => 'it ended',
        () => 'told'
      )
    )
    await asking
    await workers[Symbol.asyncDispose]()
    assert.equal(await Promise.all(jobs), ['told', 'told'])
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

  test('a thread that ends between two jobs is nobody’s error but that of a job that it has been given', async () => {
    await using workers = make({ size: 1, mortal: true })
    const module = await loadFunction(await host, falling)
    for (let i = 0; i < 3; i++) {
      await workers.run(module, { fun: 'fall' }).then(
        () => assert.unreachable('it ended well'),
        (error) => assert.is((error as Error).message, 'it will fall')
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      const query = async (): Promise<Outcome> =>
        (await workers.run(await loadFunction(await host, 'json-path'), { fun: 'query', params: { root: [i], path: '$[0]' } })) as Outcome
      // threads that sleep between jobs fall when they wake
      const good = await query().catch((error) => {
        assert.match((error as Error).message, 'falls')
        return query()
      })
      assert.equal(good.result, { ok: { values: [i] } })
    }
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
