/** Who gets what of whom: results, observations, effects and promises, over time and among several. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Engine, memoryEngine } from '../../src/engine/index.js'
import { createHost } from '../../src/index.js'
import {
  type CallRequest,
  createExecutor,
  ENQUEUE,
  type Executed,
  type Executor,
  type ExecutorOptions,
  factsOf,
  type Provider,
  RUN
} from '../../src/scheduler/index.js'
import { type Args, decodeToken, delegate, generateSigner, Invocation, invoke, taskCid } from '../../src/ucan/index.js'
import * as p from '../task/puppet.js'

const host = await createHost()
const [owner, bob, carol] = await Promise.all([generateSigner(), generateSigner(), generateSigner()])
const EMPTY = new Uint8Array(0)
const DO = '/test/do'
const SECRET = '/secret/get'
const never = { expiration: null }

const call = (...steps: p.Step[]): CallRequest & { mod: CID } => ({ mod: p.puppetCid, fun: 'play', params: p.play(steps, p.puppetCid) })
const args = ({ mod, fun, params, inputs }: CallRequest): Args => ({ mod, fun, params, ...(inputs === undefined ? {} : { inputs }) })
const codeOf = ({ out }: Pick<Executed, 'out'>): unknown => ('error' in out ? (out.error as { code: string }).code : undefined)

async function setUp(options: Partial<ExecutorOptions> = {}): Promise<{ executor: Executor; engine: Engine; did: unknown[] }> {
  const engine = options.engine ?? memoryEngine()
  await engine.blocks.put(p.puppetCid, p.puppet)
  const did: unknown[] = []
  const providers: Provider[] = options.providers?.slice() ?? [
    { command: DO, kind: 'destructive', perform: (given) => void did.push(given) },
    { command: SECRET, kind: 'query', perform: () => 'the secret' }
  ]
  return { executor: await createExecutor({ host, engine, signer: owner, ...options, providers }), engine, did }
}

/** What lets Bob run functions, and no more. */
const mayRun = await delegate({ issuer: owner, audience: bob, subject: owner, command: RUN, ...never })
const byBob = (request: CallRequest, more: object = {}) =>
  invoke({ issuer: bob, subject: owner, command: RUN, args: args(request), proofs: [mayRun], nonce: EMPTY, ...more })

async function worked(executor: Executor): Promise<Executed[]> {
  const done: Executed[] = []
  for await (const executed of executor.work()) done.push(executed)
  return done
}

test('a right that has ended refuses who had it, and nobody else', async () => {
  let now = 1_800_000_000
  const ucan = {
    get now() {
      return now
    }
  }
  const { executor } = await setUp({ ucan })
  const request = call(p.done(1))
  await executor.enqueue(await byBob(request, { expiration: now + 60 }), { proofs: [mayRun] })
  now += 1_000
  const [refused] = await worked(executor)
  assert.is(codeOf(refused), 'NOT_ALLOWED')
  assert.is(factsOf(refused.receipt).final, false)
  const own = await executor.run(request)
  assert.equal([own.cached, own.out], [false, { ok: 1 }])
})

test('what functions have queued is the executor’s to allow', async () => {
  const { executor, did } = await setUp()
  const queue = call(p.ask(7, ENQUEUE, { cmd: DO, args: { n: 1 } }), p.done())
  const [effect] = factsOf((await executor.run(queue)).receipt).effects ?? []
  assert.is(effect.allowed, false)
  assert.match(effect.reason ?? '', 'policy.enqueue')
  assert.equal(await worked(executor), [])
  assert.equal(did, [])
})

test('an observation answers those who may ask for it', async () => {
  const { executor } = await setUp()
  const request = { ...call(p.done(1)), inputs: { it: { cmd: SECRET, args: {} } } }
  const proofs = { proofs: [mayRun] }
  assert.is(codeOf(await executor.run(await byBob(request), proofs)), 'NOT_ALLOWED')
  const own = await executor.run(request)
  assert.equal(own.out, { ok: 1 })
  const his = await executor.run(await byBob(request), proofs)
  assert.is(codeOf(his), 'NOT_ALLOWED')
  assert.not.match(JSON.stringify(his.receipt.payload.meta), 'the secret')
  assert.is((await executor.run(request)).receipt.cid.toString(), own.receipt.cid.toString())
  const maySee = await delegate({ issuer: owner, audience: bob, subject: owner, command: SECRET, ...never })
  const allowed = await executor.run(await byBob(request, { meta: { proofs: { [SECRET]: [maySee.cid] } } }), { proofs: [mayRun, maySee] })
  assert.is(allowed.cached, true)
})

test('an effect is done once, though what was observed is another by then', async () => {
  const engine = memoryEngine()
  let clock = 1_000
  const did: unknown[] = []
  const providers: Provider[] = [
    { command: DO, kind: 'destructive', perform: (given) => void did.push(given) },
    { command: '/clock/now', kind: 'query', perform: () => clock++ }
  ]
  const { executor } = await setUp({ engine, providers })
  // the puppet hands on what it is told, so the effect's arguments follow from the input by the test's own task
  const request = { ...call(p.ask(7, DO, { n: 1 }), p.done()), inputs: { now: { cmd: '/clock/now', args: {} } } }
  const proofs = { proofs: [mayRun] }
  const mayAsk = await delegate({ issuer: owner, audience: bob, subject: owner, command: '/clock/now', ...never })
  const refused = await executor.run(await byBob(request, { meta: { proofs: { '/clock/now': [mayAsk.cid] } } }), { proofs: [mayRun, mayAsk] })
  const seen = factsOf(refused.receipt).inputs?.now.value
  assert.equal([factsOf(refused.receipt).effects?.[0].allowed, did], [false, []])
  const allowed = await executor.run(request)
  assert.equal([factsOf(allowed.receipt).inputs?.now.value, did.length], [seen, 1])
  assert.is((await executor.run(await byBob(request), proofs)).cached, false)
  assert.equal([(await executor.run(request)).cached, did.length], [true, 1])
})

test('an outbox that is there is finished, and its task not run again', async () => {
  const engine = memoryEngine()
  let crash = true
  const did: unknown[] = []
  const perform: Provider['perform'] = (given) => {
    did.push(given)
  }
  const dying: Engine = {
    ...engine,
    supports: engine.supports,
    receipts: {
      get: (key, options) => engine.receipts.get(key, options),
      entries: (options) => engine.receipts.entries(options),
      delete: (key, options) => engine.receipts.delete(key, options),
      put: (key, value, options) => {
        if (crash && did.length > 0) throw new Error('the process ends')
        return engine.receipts.put(key, value, options)
      }
    }
  }
  const providers: Provider[] = [{ command: DO, kind: 'destructive', perform }]
  const request = { ...call(p.ask(7, DO, { n: 1 }), p.done()), inputs: { now: { cmd: '/clock/now', args: {} } } }
  const { executor: first } = await setUp({ engine: dying, providers })
  try {
    await first.run(request)
    assert.unreachable('it ended well')
  } catch (error) {
    assert.is((error as Error).message, 'the process ends')
  }
  crash = false
  // one that does no such thing leaves it alone
  const { executor: without } = await setUp({ engine, providers: [] })
  try {
    await without.run(request)
    assert.unreachable('it ended well')
  } catch (error) {
    assert.is((error as { code?: string }).code, 'UNFINISHED')
  }
  const { executor: second } = await setUp({ engine, providers, recover: false })
  const done = await second.run(request)
  assert.is(did.length, 1)
  assert.is(codeOf({ out: factsOf(done.receipt).effects?.[0].out as Executed['out'] }), 'INTERRUPTED')
})

test('what is being done is no crash: for another executor on the engine, for recovery, and for who asks for it by itself', async () => {
  const engine = memoryEngine()
  let let_go = (): void => {}
  let begun = (): void => {}
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve
  })
  let times = 0
  const providers: Provider[] = [
    {
      command: DO,
      kind: 'destructive',
      perform: () => {
        times++
        begun()
        return new Promise((resolve) => {
          let_go = () => resolve('done')
        })
      }
    }
  ]
  const { executor } = await setUp({ engine, providers })
  const running = executor.run(call(p.ask(7, DO, { n: 1 }), p.done()))
  await isBegun
  const { executor: other } = await setUp({ engine, providers })
  assert.is(await executor.recover(), 0)
  const joined = other.run(call(p.ask(7, DO, { n: 1 }), p.done()))
  let_go()
  const [effect] = factsOf((await running).receipt).effects ?? []
  assert.equal(effect.out, { ok: 'done' })
  assert.is((await joined).receipt.cid.toString(), (await running).receipt.cid.toString())
  assert.is(times, 1)
})

test('a queued effect stays until somebody does it', async () => {
  const engine = memoryEngine()
  const { executor: without } = await setUp({ engine, providers: [], policy: { enqueue: [DO] } })
  await without.run(call(p.ask(7, ENQUEUE, { cmd: DO, args: { n: 1 } }), p.done()))
  const tried = await worked(without)
  assert.equal(tried.map(codeOf), ['NOT_PROVIDED'])
  const { executor, did } = await setUp({ engine })
  assert.is((await worked(executor)).length, 1)
  assert.equal([did, await worked(executor)], [[{ n: 1 }], []])
})

test('a promise is on results, and of the same subject', async () => {
  const leaf = new TextEncoder().encode('a leaf')
  const leafCid = CID.createV1(0x55, await sha256.digest(leaf))
  let there = false
  const { executor } = await setUp({ get: async () => (there ? leaf : undefined), policy: { subjects: [bob.did, carol.did] } })
  const first = { ...call(), params: p.play([p.ask(1, leafCid), p.done('a')], leafCid) }
  const a = { sub: owner.did, cmd: RUN, args: args(first), nonce: EMPTY }
  const awaiting = { mod: p.puppetCid, fun: 'play', params: [p.play([p.done('b')])[0], { 'await/ok': taskCid(a) }] }
  const failed = await executor.run(first)
  assert.is(codeOf(failed), 'BLOCK_NOT_FOUND')
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error) => error.code
    )
  assert.is(await code(executor.run(awaiting)), 'AWAITED')
  there = true
  await executor.run(first)
  assert.equal((await executor.run(awaiting)).out, { ok: 'b' })
  // by somebody whose tasks are done too, about a result that is not his
  const his = await invoke({ issuer: bob, subject: bob, audience: owner, command: RUN, args: args(awaiting), nonce: EMPTY })
  assert.is(await code(executor.run(his)), 'AWAITED')
})

test('a result that hangs on another is one as long as that stands', async () => {
  const { executor } = await setUp()
  const spinning = call(p.done('x'))
  const low = { ...spinning, limits: { fuel: 3_000 } }
  const failed = await executor.run(low)
  assert.is(codeOf(failed), 'FUEL')
  const awaiting = { mod: p.puppetCid, fun: 'play', params: [p.play([p.done('b')])[0], { 'await/ok': failed.task }] }
  const broken = await executor.run(awaiting)
  assert.is((broken.out as { error: { reason: string } }).error.reason, 'branch mismatch')
  assert.is((await executor.run(awaiting)).cached, true)
  assert.equal((await executor.run(spinning)).out, { ok: 'x' })
  assert.equal((await executor.run(awaiting)).out, { ok: 'b' })
})

test('other subjects have what they are given of the executor', async () => {
  const ask = (executor: Executor, n: number) =>
    invoke({ issuer: bob, subject: bob, audience: owner, command: DO, args: { n } })
      .then((invocation) => executor.run(invocation))
      .then(codeOf, (error) => error.code)
  const { executor, did } = await setUp({ policy: { subjects: [bob.did] } })
  assert.is(await ask(executor, 1), 'NOT_ACCEPTED')
  const generous = await setUp({ policy: { subjects: [bob.did], commands: { [bob.did]: [DO] } } })
  assert.is(await ask(generous.executor, 2), undefined)
  assert.equal([did, generous.did], [[], [{ n: 2 }]])
})

test('nobody unknown has anything looked up', async () => {
  const looked: string[] = []
  const engine = memoryEngine()
  const watching: Engine = {
    ...engine,
    supports: engine.supports,
    receipts: {
      ...engine.receipts,
      get: (key, options) => {
        looked.push(String(key))
        return engine.receipts.get(key, options)
      },
      entries: (options) => engine.receipts.entries(options),
      put: (key, value, options) => engine.receipts.put(key, value, options),
      delete: (key, options) => engine.receipts.delete(key, options)
    }
  }
  const { executor } = await setUp({ engine: watching })
  const stranger = await invoke({
    issuer: carol,
    subject: owner,
    command: RUN,
    args: { mod: p.puppetCid, fun: 'play', params: { 'await/ok': p.puppetCid } },
    nonce: EMPTY
  })
  // of another's signature over the same bytes
  const bytes = stranger.bytes.slice()
  bytes[10] ^= 1
  const token = decodeToken(bytes)
  assert.ok(token instanceof Invocation)
  const code = await executor.run(token).then(
    () => 'none',
    (error) => error.code
  )
  assert.is(code, 'SIGNATURE_INVALID')
  assert.equal(looked, [])
})

test('a damaged block in the engine does not hide the good one', async () => {
  const leaf = new TextEncoder().encode('a leaf')
  const cid = CID.createV1(0x55, await sha256.digest(leaf))
  const { executor, engine } = await setUp({ get: async () => leaf })
  await engine.blocks.put(cid, new Uint8Array(0))
  const request = { ...call(), params: p.play([p.ask(1, cid), p.done('read')], cid) }
  assert.equal((await executor.run(request)).out, { ok: 'read' })
})

test('a receipt may ask for no more than is allowed here', async () => {
  const { executor } = await setUp()
  const failed = await executor.run({ ...call(p.trap), limits: { fuel: 2 ** 50 } })
  const code = await executor.rerun(failed.receipt).then(
    () => 'none',
    (error) => error.code
  )
  assert.is(code, 'ARGUMENTS')
  assert.is((await executor.rerun(failed.receipt, { limits: { fuel: 2 ** 51 } })).same, true)
})

test('close waits for what is under way, and nothing begins after it', async () => {
  const { executor } = await setUp()
  const running = executor.run(call(p.done(1)))
  await executor.close()
  assert.equal((await running).out, { ok: 1 })
  for (const begin of [() => executor.run(call(p.done(2))), () => executor.enqueue(call(p.done(2))), () => executor.recover()]) {
    assert.is(
      await begin().then(
        () => 'none',
        (error: { code: string }) => error.code
      ),
      'CLOSED'
    )
  }
})

test.run()
