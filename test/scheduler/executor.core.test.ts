/** The executor: what is remembered, by whose right, what the world is asked and told, and what a second run finds (docs/invocation.md). */
import * as dagCbor from '@ipld/dag-cbor'
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
  type ExecutorError,
  type ExecutorOptions,
  type Facts,
  factsOf,
  memoryNames,
  nameProviders,
  type Provider,
  ProviderError,
  RUN
} from '../../src/scheduler/index.js'
import { runFunction } from '../../src/task/index.js'
import {
  type Args,
  type Delegation,
  delegate,
  generateSigner,
  type Invocation,
  invoke,
  issueReceipt,
  type Receipt,
  Replay,
  Revocations,
  revoke,
  taskCid,
  taskOf,
  verifySignature
} from '../../src/ucan/index.js'
import * as p from '../task/puppet.js'

const host = await createHost()
const [owner, alice, mallory] = await Promise.all([generateSigner(), generateSigner(), generateSigner()])
const NOW = 1_800_000_000
const EMPTY = new Uint8Array(0)
const DO = '/test/do'
const SET = '/test/set'

const call = (...steps: p.Step[]): CallRequest & { mod: CID } => ({ mod: p.puppetCid, fun: 'play', params: p.play(steps, p.puppetCid) })
const args = ({ mod, fun, params, inputs }: CallRequest): Args => ({ mod, fun, params, ...(inputs === undefined ? {} : { inputs }) })

interface Set {
  readonly executor: Executor
  readonly engine: Engine
  /** arguments of each effect that was done */
  readonly did: unknown[]
  /** runs of functions */
  readonly runs: () => number
}

const provider = (command: string, kind: Provider['kind'], perform: Provider['perform'], timeout?: number): Provider => ({ command, kind, perform, timeout })

async function setUp(options: Partial<ExecutorOptions> = {}): Promise<Set> {
  const engine = options.engine ?? memoryEngine()
  await engine.blocks.put(p.puppetCid, p.puppet)
  const did: unknown[] = []
  let runs = 0
  const executor = await createExecutor({
    host,
    engine,
    signer: owner,
    now: () => NOW,
    ucan: { now: NOW },
    runner: (module, given) => {
      runs++
      return runFunction(module, given)
    },
    ...options,
    policy: { enqueue: [RUN, DO, SET], ...options.policy },
    providers: [
      provider(DO, 'destructive', (given) => void did.push(given)),
      provider(SET, 'idempotent', (given) => did.push(given)),
      ...(options.providers ?? [])
    ]
  } as ExecutorOptions)
  return { executor, engine, did, runs: () => runs }
}

async function fails(work: Promise<unknown>, code: string): Promise<Error> {
  return work.then(
    () => {
      throw new Error(`no error, expected ${code}`)
    },
    (error) => {
      assert.is(error.code, code, error.stack)
      return error
    }
  )
}

const ok = ({ out }: { out: Executed['out'] }): unknown => {
  assert.ok('ok' in out, 'error' in out ? String((out.error as { message: string }).message) : '')
  return (out as { ok: unknown }).ok
}
const errorOf = ({ out }: { out: Executed['out'] }): { code: string; message: string; reason?: string } => {
  assert.ok('error' in out, 'no error')
  return (out as { error: { code: string; message: string } }).error
}

async function tasksOf({ tasks }: Engine): Promise<string[]> {
  const keys: string[] = []
  for await (const [key] of tasks.entries()) keys.push(key.toString())
  return keys
}

const leaf = new TextEncoder().encode('a leaf')
const leafCid = CID.createV1(0x55, await sha256.digest(leaf))

// --- what is remembered ------------------------------------------------------------------------------------------------------------------------------------

test('a result is remembered for ever, whatever fuel is asked for', async () => {
  const { executor, runs } = await setUp()
  const first = await executor.run(call(p.done(1)))
  assert.equal([first.cached, ok(first)], [false, 1])
  await verifySignature(first.receipt)
  for (const limits of [undefined, { fuel: 1 }, { time: 1, blocks: 0 }]) {
    const again = await executor.run({ ...call(p.done(1)), limits })
    assert.equal([again.cached, again.receipt.cid.toString()], [true, first.receipt.cid.toString()])
  }
  assert.is(runs(), 1)
  // a guest can see where its memory ends
  assert.is((await executor.run({ ...call(p.done(1)), limits: { memory: 65_536 * 100 } })).cached, false)
  assert.is(runs(), 2)
})

test('another nonce is another task', async () => {
  const { executor, runs } = await setUp()
  const first = await executor.run(call(p.done(1)))
  const other = await executor.run({ ...call(p.done(1)), nonce: Uint8Array.of(1) })
  assert.is.not(String(other.task), String(first.task))
  assert.is(runs(), 2)
})

for (const [name, steps, low, high, code] of [
  ['a trap', [p.trap], { fuel: 1_000_000 }, { fuel: 2_000_000 }, 'TRAP'],
  ['too little fuel', [p.ask(8), p.ask(8), p.ask(8), p.done('in the end')], { fuel: 11_000 }, { fuel: 1_000_000 }, 'FUEL'],
  ['too little output', [p.ask(3, 0x55, leaf), p.done('in the end')], { output: 1 }, { output: 1000 }, 'OUTPUT']
] as const) {
  test(`a failure is remembered under the limits that it is one of: ${name}`, async () => {
    const { executor, runs } = await setUp()
    const first = await executor.run({ ...call(...steps), limits: low })
    assert.is(errorOf(first).code, code)
    const again = await executor.run({ ...call(...steps), limits: { ...low, time: 59_000 } })
    assert.equal([again.cached, runs()], [true, 1])
    const other = await executor.run({ ...call(...steps), limits: high })
    assert.equal([other.cached, runs()], [false, 2])
    // the new receipt has taken the place of the old
    assert.is(String((await executor.receipt(first.task))?.cid), String(other.receipt.cid))
    if (code !== 'TRAP') assert.is(ok(other), 'in the end')
  })
}

test('what may end otherwise another time has a receipt that is not kept', async () => {
  const { executor, engine } = await setUp()
  const request = { ...call(p.ask(1, leafCid), p.done('found')), params: p.play([p.ask(1, leafCid), p.done('found')], leafCid) }
  const first = await executor.run(request)
  assert.is(errorOf(first).code, 'BLOCK_NOT_FOUND')
  assert.is(factsOf(first.receipt).final, false)
  assert.is(await executor.receipt(first.task), undefined)
  await engine.blocks.put(leafCid, leaf)
  assert.is(ok(await executor.run(request)), 'found')
})

test('limits are capped by the policy', async () => {
  const { executor } = await setUp({ policy: { limits: { fuel: 1_000_000 } } })
  const executed = await executor.run({ ...call(p.spin), limits: { fuel: 2 ** 50 } })
  assert.is(errorOf(executed).code, 'FUEL')
  assert.equal([factsOf(executed.receipt).limits?.fuel, factsOf(executed.receipt).fuel], [1_000_000, 1_000_000])
})

for (const limits of [{ fule: 1 }, { fuel: -1 }, { fuel: 0.5 }, { fuel: '1' }, { fuel: 2n ** 60n }, [1]] as unknown[]) {
  test(`limits that are none: ${typeof limits === 'object' && dagCbor.encode(limits).join(' ')}`, async () => {
    const { executor } = await setUp()
    const invocation = await invoke({
      issuer: owner,
      subject: owner,
      command: RUN,
      args: args(call(p.done())),
      meta: { limits },
      expiration: NOW + 60,
      nonce: EMPTY
    })
    await fails(executor.run(invocation), 'ARGUMENTS')
  })
}

test('ten at a time are one run', async () => {
  const { executor, runs } = await setUp()
  const all = await Promise.all(Array.from({ length: 10 }, () => executor.run(call(p.done(1)))))
  assert.is(runs(), 1)
  assert.is(new Set(all.map(({ receipt }) => String(receipt.cid))).size, 1)
  assert.is(all.filter(({ cached }) => cached).length, 9)
})

test('who asks for other limits does not get a failure under those of another', async () => {
  const { executor } = await setUp()
  const steps = [p.ask(8), p.ask(8), p.ask(8), p.done('in the end')]
  const [low, high] = await Promise.all([executor.run({ ...call(...steps), limits: { fuel: 11_000 } }), executor.run(call(...steps))])
  assert.is(errorOf(low).code, 'FUEL')
  assert.is(ok(high), 'in the end')
})

test('who waits for another’s run may stop waiting', async () => {
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const { executor } = await setUp({ get: () => gate.then(() => leaf) })
  const request = { ...call(), params: p.play([p.ask(1, leafCid), p.done('found')], leafCid) }
  const first = executor.run(request)
  const controller = new AbortController()
  const second = executor.run(request, { signal: controller.signal })
  await new Promise((resolve) => setTimeout(resolve, 5))
  const reason = new Error('enough')
  controller.abort(reason)
  await second.then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
  release()
  assert.is(ok(await first), 'found')
})

test('arguments that no receipt has room for', async () => {
  const { executor } = await setUp()
  let deep: unknown = 1
  for (let i = 0; i < 1010; i++) deep = [deep]
  for (const params of [new Uint8Array(600_000), deep]) await fails(executor.run({ ...call(), params }), 'ARGUMENTS')
})

for (const [name, changed] of [
  ['no module', { mod: undefined }],
  ['a module by name', { mod: 'word-count' }],
  ['a function of number 7', { fun: 7 }],
  ['inputs that are a list', { inputs: [] }],
  ['an input without a command', { inputs: { a: { args: {} } } }],
  ['an input with arguments that are a list', { inputs: { a: { cmd: '/clock/now', args: [] } } }],
  ['65 inputs', { inputs: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`i${i}`, { cmd: '/clock/now', args: {} }])) }],
  ['something else', { more: 1 }]
] as const) {
  test(`arguments of a call: ${name}; and in the queue they are a receipt, and no more`, async () => {
    const { executor, engine } = await setUp()
    const given = Object.fromEntries(Object.entries({ ...args(call(p.done())), ...changed }).filter(([, value]) => value !== undefined))
    const invocation = await invoke({ issuer: owner, subject: owner, command: RUN, args: given, expiration: NOW + 60, nonce: EMPTY })
    await fails(executor.run(invocation), 'ARGUMENTS')
    // a function queues it
    const queue = call(p.ask(7, ENQUEUE, { cmd: RUN, args: given }), p.ask(7, ENQUEUE, { cmd: RUN, args: args(call(p.done('good'))) }), p.done())
    await executor.run(queue)
    const done: Executed[] = []
    for await (const executed of executor.work()) done.push(executed)
    assert.equal(done.map(({ out }) => ('ok' in out ? out.ok : (out.error as { code: string }).code)).sort(), ['ARGUMENTS', 'good'])
    assert.equal(await tasksOf(engine), [])
  })
}

for (const [name, request, code, final] of [
  ['a module that nobody has', { mod: leafCid, fun: 'play' }, 'MODULE_NOT_FOUND', false],
  ['a function that the module has not', { mod: p.puppetCid, fun: 'none' }, 'UNKNOWN_FUNCTION', undefined]
] as const) {
  test(`a receipt says so: ${name}`, async () => {
    const { executor } = await setUp()
    const executed = await executor.run(request)
    assert.is(errorOf(executed).code, code)
    assert.is(factsOf(executed.receipt).final, final)
  })
}

// --- promises ------------------------------------------------------------------------------------------------------------------------------------------------

const promising = (params: unknown): CallRequest => ({ mod: p.puppetCid, fun: 'play', params })
/** A script that gives its second parameter back. */
const echo = (value: unknown): unknown[] => p.play([p.ask(4, dagCbor.code, 'used'), p.done('used')], value)

test('promises on what came of other tasks', async () => {
  const { executor } = await setUp()
  const good = await executor.run(call(p.done({ a: 7 })))
  const bad = await executor.run({ ...call(p.trap), limits: { fuel: 1_000_000 } })
  for (const [branch, task, error] of [
    ['await/ok', good.task, undefined],
    ['await/error', bad.task, undefined],
    ['await/*', bad.task, undefined],
    ['await/ok', bad.task, 'branch mismatch'],
    ['await/error', good.task, 'branch mismatch']
  ] as const) {
    const executed = await executor.run(promising(echo({ [branch]: task })))
    if (error === undefined) assert.is(ok(executed), 'used')
    else {
      assert.equal(Object.keys(errorOf(executed)).sort(), ['expected', 'from', 'got', 'reason'])
      assert.is(errorOf(executed).reason, error)
      // it is a result, and remembered
      assert.is((await executor.run(promising(echo({ [branch]: task })))).cached, true)
    }
    assert.is((await executor.rerun(executed.receipt)).same, true)
  }
})

test('a promise on a task that nobody has done', async () => {
  const { executor, engine } = await setUp()
  const awaited = await executor.enqueue({ ...call(p.done('later')), nonce: Uint8Array.of(5) })
  await fails(executor.run(promising(echo({ 'await/ok': awaited }))), 'AWAITED')
  // in the queue it waits for it
  const waits = await executor.enqueue(promising(echo({ 'await/ok': leafCid })))
  const follows = await executor.enqueue(promising(echo({ 'await/ok': awaited })))
  const done: string[] = []
  for await (const { task } of executor.work()) done.push(String(task))
  assert.equal(done.sort(), [String(awaited), String(follows)].sort())
  assert.equal(await tasksOf(engine), [String(waits)])
})

// --- by whose right ------------------------------------------------------------------------------------------------------------------------------------------

const grant = (more: Partial<Parameters<typeof delegate>[0]> = {}): Promise<Delegation> =>
  delegate({ issuer: owner, audience: alice, subject: owner, command: RUN, expiration: NOW + 1000, ...more })

const asked = (request: CallRequest, more: Partial<Parameters<typeof invoke>[0]> = {}): Promise<Invocation> =>
  invoke({ issuer: alice, subject: owner, command: RUN, args: args(request), expiration: NOW + 60, nonce: EMPTY, ...more })

test('who may, may; and the receipt is the owner’s too', async () => {
  const { executor, runs } = await setUp()
  const proof = await grant()
  const theirs = await executor.run(await asked(call(p.done(1)), { proofs: [proof] }), { proofs: [proof] })
  assert.is(ok(theirs), 1)
  assert.is((await executor.run(call(p.done(1)))).cached, true)
  assert.is(runs(), 1)
})

const cases: readonly [name: string, code: string, make: () => Promise<[Invocation, Delegation[]]>][] = [
  ['nothing was delegated', 'PROOF_MISSING', async () => [await asked(call(p.done(1))), []]],
  [
    'another command was delegated',
    'COMMAND_MISMATCH',
    async () => {
      const proof = await grant({ command: '/wasm/runs' })
      return [await asked(call(p.done(1)), { proofs: [proof] }), [proof]]
    }
  ],
  [
    'the delegation has expired',
    'EXPIRED',
    async () => {
      const proof = await grant({ expiration: NOW - 100 })
      return [await asked(call(p.done(1)), { proofs: [proof] }), [proof]]
    }
  ],
  ['the invocation has expired', 'EXPIRED', async () => [await asked(call(p.done(1)), { issuer: owner, expiration: NOW - 100 }), []]],
  ['it is for another executor', 'AUDIENCE_MISMATCH', async () => [await asked(call(p.done(1)), { issuer: owner, audience: mallory }), []]],
  ['it is of another subject', 'AUDIENCE_MISMATCH', async () => [await asked(call(p.done(1)), { subject: alice }), []]],
  ['it is of another subject, and for us', 'NOT_ACCEPTED', async () => [await asked(call(p.done(1)), { subject: alice, audience: owner }), []]],
  ['a command that nobody does', 'NOT_ACCEPTED', async () => [await invoke({ issuer: owner, subject: owner, command: '/none', expiration: NOW + 60 }), []]],
  [
    'the policy forbids it',
    'POLICY_MISMATCH',
    async () => {
      const proof = await grant({ policy: [['==', '.fun', 'emit']] })
      return [await asked(call(p.done(1)), { proofs: [proof] }), [proof]]
    }
  ]
]
for (const [name, code, make] of cases) {
  test(`refused: ${name}`, async () => {
    const { executor, runs, engine } = await setUp()
    // what is remembered is nobody's who may not ask for it
    await executor.run(call(p.done(1)))
    const [invocation, proofs] = await make()
    await executor.run(invocation, { proofs }).then(
      () => assert.unreachable('it was done'),
      (error) => assert.is(error.code, code, error.stack)
    )
    await executor.enqueue(invocation, { proofs }).then(
      () => assert.unreachable('it was queued'),
      (error) => assert.is(error.code, code)
    )
    assert.is(runs(), 1)
    assert.equal(await tasksOf(engine), [])
  })
}

test('subjects that the policy names', async () => {
  for (const subjects of [[alice.did], (invocation: Invocation) => invocation.payload.sub === alice.did, async () => true]) {
    const { executor } = await setUp({ policy: { subjects } })
    assert.is(ok(await executor.run(await asked(call(p.done(1)), { subject: alice, audience: owner }))), 1)
  }
})

test('an invocation that comes again gets the receipt that there is; where replays are refused, no second try', async () => {
  const { executor, did } = await setUp()
  const invocation = await invoke({ issuer: owner, subject: owner, command: DO, args: { n: 1 }, expiration: NOW + 60 })
  assert.is(ok(await executor.run(invocation)), null)
  // what is remembered answers; nothing is done again
  assert.is((await executor.run(invocation)).cached, true)
  assert.is(did.length, 1)
  const failing = await asked({ ...call(), params: p.play([p.ask(1, leafCid)], leafCid) }, { issuer: owner, nonce: Uint8Array.of(1) })
  assert.is(errorOf(await executor.run(failing)).code, 'BLOCK_NOT_FOUND')
  assert.is(errorOf(await executor.run(failing)).code, 'BLOCK_NOT_FOUND')
  const strict = await setUp({ ucan: { now: NOW, replay: new Replay() } })
  assert.is(errorOf(await strict.executor.run(failing)).code, 'BLOCK_NOT_FOUND')
  await fails(strict.executor.run(failing), 'REPLAYED')
})

test('the right may end between being queued and being done', async () => {
  const revocations = new Revocations()
  const proof = await grant()
  let now = NOW
  const engine = memoryEngine()
  const queued = await setUp({ engine })
  const task = await queued.executor.enqueue(await asked(call(p.done(1)), { proofs: [proof] }), { proofs: [proof] })
  now = NOW + 500
  const expired = await setUp({ engine, ucan: { now } })
  const done: Executed[] = []
  for await (const executed of expired.executor.work()) done.push(executed)
  assert.equal([done.length, String(done[0].task), errorOf(done[0]).code], [1, String(task), 'NOT_ALLOWED'])
  assert.match(errorOf(done[0]).message, /expired/)
  assert.is(expired.runs(), 0)

  const other = memoryEngine()
  const before = await setUp({ engine: other })
  await before.executor.enqueue(await asked(call(p.done(2)), { proofs: [proof] }), { proofs: [proof] })
  await revocations.add(await revoke({ issuer: owner, delegation: proof, expiration: NOW + 60 } as never), { now: NOW })
  const after = await setUp({ engine: other, ucan: { now: NOW, isRevoked: revocations.isRevoked } })
  for await (const executed of after.executor.work()) assert.match(errorOf(executed).message, /revoked/)
  assert.is(after.runs(), 0)
  assert.equal(await tasksOf(other), [])
})

test('a policy is held against what will run, not against a promise on it', async () => {
  const { executor, did } = await setUp()
  const evil = await executor.run(call(p.done('evil')))
  const policy = [['not', ['==', '.to', 'evil']]] as never
  const [mine, queue, run] = [await grant({ command: DO, policy }), await grant({ command: ENQUEUE }), await grant()]
  const proofs = [mine, queue, run]
  const direct = await invoke({
    issuer: alice,
    subject: owner,
    command: DO,
    args: { to: { 'await/ok': evil.task } },
    proofs: [mine],
    expiration: NOW + 60,
    nonce: EMPTY
  })
  await executor.run(direct, { proofs }).then(
    () => assert.unreachable('it was done'),
    (error) => assert.match(error.code, /POLICY/)
  )
  const request = call(p.ask(7, ENQUEUE, { cmd: DO, args: { to: { 'await/ok': evil.task } } }), p.done())
  await executor.run(
    await asked(
      { ...request, params: [(request.params as unknown[])[0], evil.task, p.puppetCid] },
      {
        proofs: [run],
        meta: { proofs: { [DO]: [mine.cid], [ENQUEUE]: [queue.cid] } }
      }
    ),
    { proofs }
  )
  for await (const executed of executor.work()) assert.is(errorOf(executed).code, 'NOT_ALLOWED')
  assert.equal(did, [])
})

// --- inputs ------------------------------------------------------------------------------------------------------------------------------------------------------

test('inputs are observed, recorded, and not asked for again', async () => {
  let clock = 1000
  const now = provider('/clock/now', 'query', () => clock++)
  const names = new Map([['here', leafCid]])
  const { executor, engine } = await setUp({ providers: [now, ...nameProviders(memoryNames(names))] })
  await engine.blocks.put(leafCid, leaf)
  const inputs = {
    time: { cmd: '/clock/now', args: {} },
    at: { cmd: '/name/resolve', args: { name: 'here' } },
    dice: { cmd: '/random/bytes', args: { length: 40 } }
  }
  // it is shown the link that the name leads to
  const request = { ...call(), params: p.play([p.ask(1, leafCid), p.log, p.doneWithLog]), inputs }
  const executed = await executor.run(request)
  assert.equal(p.chunksOf(ok(executed))[0].bytes, leaf)
  const { time, at, dice } = factsOf(executed.receipt).inputs as NonNullable<Facts['inputs']>
  assert.is(time.value, 1000)
  assert.is(String(at.value), String(leafCid))
  assert.is((dice.value as Uint8Array).length, 40)
  names.clear()
  const compared = await executor.rerun(executed.receipt)
  assert.equal(compared.differences, [])
  assert.is(clock, 1001)
})

for (const [name, cmd, given, code] of [
  ['nobody provides it', '/none', {}, 'NOT_PROVIDED'],
  ['it changes the world', DO, {}, 'NOT_PROVIDED'],
  ['there is no such name', '/name/resolve', { name: 'nowhere' }, 'NAME_NOT_FOUND'],
  ['a name that is none', '/name/resolve', { name: '' }, 'ARGUMENTS'],
  ['a name that is too long', '/name/resolve', { name: 'x'.repeat(1025) }, 'ARGUMENTS'],
  ['a length that is none', '/random/bytes', { length: -1 }, 'ARGUMENTS'],
  ['too many random bytes', '/random/bytes', { length: 65_537 }, 'ARGUMENTS'],
  ['a label that is none', '/random/bytes', { length: 1, label: 7 }, 'ARGUMENTS'],
  ['it throws', '/test/throws', {}, 'PROVIDER'],
  ['it refuses', '/test/refuses', {}, 'MINE'],
  ['it never comes back', '/test/hangs', {}, 'TIME'],
  ['it answers a function', '/test/function', {}, 'PROVIDER'],
  ['it answers undefined within', '/test/undefined', {}, 'PROVIDER'],
  ['it answers itself', '/test/cyclic', {}, 'PROVIDER'],
  ['it answers NaN', '/test/nan', {}, 'PROVIDER'],
  ['it answers too much', '/test/large', {}, 'PROVIDER']
] as const) {
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const providers = [
    ...nameProviders(memoryNames()),
    provider('/test/throws', 'query', () => {
      throw new Error('thrown')
    }),
    provider('/test/refuses', 'query', () => {
      throw new ProviderError('MINE', 'refused')
    }),
    provider('/test/hangs', 'query', () => new Promise(() => {}), 20),
    provider('/test/function', 'query', () => () => 1),
    provider('/test/undefined', 'query', () => ({ a: undefined })),
    provider('/test/cyclic', 'query', () => cyclic),
    provider('/test/nan', 'query', () => Number.NaN),
    provider('/test/large', 'query', () => new Uint8Array(200_000))
  ]
  test(`an input that fails: ${name}`, async () => {
    const { executor, runs } = await setUp({ providers })
    const executed = await executor.run({ ...call(p.done()), inputs: { it: { cmd, args: given } } })
    assert.is(errorOf(executed).code, code)
    assert.equal([factsOf(executed.receipt).final, runs()], [false, 0])
    assert.is(await executor.receipt(executed.task), undefined)
  })
  if (code === 'NOT_PROVIDED') continue
  test(`a query by itself that fails is not kept: ${name}`, async () => {
    const { executor } = await setUp({ providers })
    const executed = await executor.run(await invoke({ issuer: owner, subject: owner, command: cmd, args: given, expiration: NOW + 60 }))
    assert.is(errorOf(executed).code, code)
    assert.is(await executor.receipt(executed.task), undefined)
  })
}

test('a query that is no longer wanted is no failure of the task', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const { executor } = await setUp({
    providers: [
      provider('/test/hangs', 'query', () => {
        controller.abort(reason)
        return new Promise(() => {})
      })
    ]
  })
  const invocation = await invoke({ issuer: owner, subject: owner, command: '/test/hangs', expiration: NOW + 60 })
  await executor.run(invocation, { signal: controller.signal }).then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
  assert.is(await executor.receipt(taskCid(taskOf(invocation))), undefined)
})

// --- effects -----------------------------------------------------------------------------------------------------------------------------------------------------

for (const [name, cmd, given, reason] of [
  ['nobody provides it', '/none', {}, /NOT_PROVIDED/],
  ['it only asks', '/clock/now', {}, /NOT_PROVIDED.*input/],
  ['arguments that are no map', DO, [1], /ARGUMENTS/],
  ['arguments that are null', DO, null, /ARGUMENTS/],
  ['no command', 'do', {}, /ARGUMENTS/],
  ['a command that ends in a slash', `${DO}/`, {}, /ARGUMENTS/],
  ['a task that is none', ENQUEUE, { cmd: 7, args: {} }, /ARGUMENTS/],
  ['a task without arguments', ENQUEUE, { cmd: RUN }, /ARGUMENTS/]
] as const) {
  test(`an effect that is refused: ${name}`, async () => {
    const { executor, did, engine } = await setUp()
    const executed = await executor.run(call(p.ask(7, cmd, given), p.done('went on')))
    assert.is(ok(executed), 'went on')
    const [effect] = factsOf(executed.receipt).effects ?? []
    assert.equal([effect.allowed, effect.receipt, effect.out], [false, undefined, undefined])
    assert.match(effect.reason as string, reason)
    assert.equal([did, await tasksOf(engine)], [[], []])
    assert.equal((await executor.rerun(executed.receipt)).differences, [])
  })
}

test('an effect is done once, after the run, and has a receipt', async () => {
  const { executor, did, engine } = await setUp()
  const executed = await executor.run(call(p.ask(7, DO, { n: 1 }), p.ask(7, SET, { n: 2 }), p.done()))
  assert.equal(did, [{ n: 1 }, { n: 2 }])
  for (const { allowed, task, receipt, out } of factsOf(executed.receipt).effects ?? []) {
    assert.is(allowed, true)
    const own = await executor.receipt(task)
    assert.is(String(own?.cid), String(receipt))
    assert.equal(own?.out, out)
  }
  assert.equal(await tasksOf(engine), [])
  assert.is((await executor.run(call(p.ask(7, DO, { n: 1 }), p.ask(7, SET, { n: 2 }), p.done()))).cached, true)
  assert.is(did.length, 2)
})

test('a run that fails has no effects', async () => {
  const { executor, did } = await setUp()
  const executed = await executor.run(call(p.ask(7, DO, { n: 1 }), p.trap))
  assert.is(errorOf(executed).code, 'TRAP')
  assert.equal([did, factsOf(executed.receipt).effects], [[], undefined])
})

test('without the capability nothing happens; who has it gets it done', async () => {
  const { executor, did } = await setUp()
  const request = call(p.ask(7, DO, { n: 1 }), p.done())
  const [run, other, right] = [await grant(), await grant({ command: DO, policy: [['==', '.n', 2]] }), await grant({ command: DO, policy: [['==', '.n', 1]] })]
  for (const [proofs, chains] of [
    [[run], undefined],
    [[run, other], { [DO]: [other.cid] }],
    [[run, right], { [DO]: 'no list' }],
    [[run, right], { [DO]: [leafCid] }]
  ] as const) {
    const meta = chains === undefined ? undefined : { proofs: chains }
    const executed = await executor.run(await asked(request, { proofs: [run], meta }), { proofs })
    const [effect] = factsOf(executed.receipt).effects ?? []
    assert.is(effect.allowed, false)
    assert.equal(did, [])
  }
  const allowed = await executor.run(await asked(request, { proofs: [run], meta: { proofs: { [DO]: [right.cid] } } }), { proofs: [run, right] })
  assert.equal([allowed.cached, did], [false, [{ n: 1 }]])
  // what came of it is not for those who may not have it done, and theirs does not take its place
  const again = await executor.run(await asked(request, { proofs: [run] }), { proofs: [run] })
  assert.equal([again.cached, factsOf(again.receipt).effects?.[0].allowed, did.length], [false, false, 1])
  assert.is(String((await executor.receipt(allowed.task))?.cid), String(allowed.receipt.cid))
})

test('who may do less and who may do more at the same time', async () => {
  const { executor, did } = await setUp()
  const run = await grant()
  const request = call(p.ask(7, DO, { n: 1 }), p.done())
  const [less, more] = await Promise.all([executor.run(await asked(request, { proofs: [run] }), { proofs: [run] }), executor.run(request)])
  assert.is(factsOf(more.receipt).effects?.[0].allowed, true)
  assert.ok(less)
  assert.equal(did, [{ n: 1 }])
})

for (const [name, perform, code, timeout] of [
  [
    'throws',
    () => {
      throw new Error('thrown')
    },
    'PROVIDER'
  ],
  [
    'refuses',
    () => {
      throw new ProviderError('MINE', 'refused')
    },
    'MINE'
  ],
  [
    'throws no error',
    () => {
      throw 7
    },
    'PROVIDER'
  ],
  ['never comes back', () => new Promise(() => {}), 'TIME', 20],
  ['answers a function', () => () => 1, 'PROVIDER'],
  ['answers a symbol', () => Symbol('x'), 'PROVIDER'],
  ['answers too much', () => new Uint8Array(5000), 'PROVIDER']
] as const) {
  test(`a provider that ${name}: the receipt says so, and it is not asked again`, async () => {
    let times = 0
    const faulty = provider(
      '/test/faulty',
      'destructive',
      () => {
        times++
        return perform()
      },
      timeout
    )
    const { executor, engine } = await setUp({ providers: [faulty] })
    const executed = await executor.run(call(p.ask(7, '/test/faulty', {}), p.done('went on')))
    assert.is(ok(executed), 'went on')
    const [{ out }] = factsOf(executed.receipt).effects ?? []
    assert.is((out as { error: { code: string } }).error.code, code)
    await executor.run(call(p.ask(7, '/test/faulty', {}), p.done('went on')))
    assert.equal([times, await tasksOf(engine)], [1, []])
  })
}

test('two providers of one command', async () => {
  await setUp({ providers: [provider(DO, 'query', () => 1)] }).then(
    () => assert.unreachable(),
    (error) => assert.instance(error, TypeError)
  )
})

// --- the queue, and what a process leaves behind ------------------------------------------------------------------------------------------------------------

test('what a function queues is done, once, and names its cause', async () => {
  const { executor, did, engine } = await setUp()
  const inner = args(call(p.done('inner')))
  const executed = await executor.run(call(p.ask(7, ENQUEUE, { cmd: RUN, args: inner }), p.ask(7, ENQUEUE, { cmd: DO, args: { n: 1 } }), p.done()))
  assert.is(executed.receipt.run.length, 2)
  assert.equal(did, [])
  const done: Executed[] = []
  for await (const each of executor.work({ concurrency: 4 })) done.push(each)
  assert.equal(done.map(({ out }) => ('ok' in out ? out.ok : out.error)).sort(), ['inner', null].sort())
  for (const { receipt } of done) assert.is(String(receipt.payload.cause), String(executed.receipt.cid))
  assert.equal([did, await tasksOf(engine)], [[{ n: 1 }], []])
  assert.equal((await executor.rerun(executed.receipt)).differences, [])
})

for (const [kind, command, out, times] of [
  ['destructive', DO, 'INTERRUPTED', 0],
  ['idempotent', SET, undefined, 1]
] as const) {
  test(`what was begun and not ended, by itself: ${kind}`, async () => {
    const engine = memoryEngine()
    const task = { sub: owner.did, cmd: command, args: { n: 1 }, nonce: Uint8Array.of(1) }
    await engine.tasks.put(taskCid(task), dagCbor.encode({ v: 1, state: 'begun', task }))
    const { executor, did } = await setUp({ engine })
    const receipt = (await executor.receipt(taskCid(task))) as Receipt
    if (out === undefined) assert.is('ok' in receipt.out, true)
    else assert.is(errorOf(receipt).code, out)
    assert.equal([did.length, await tasksOf(engine)], [times, []])
  })
}

for (const [name, bytes] of [
  ['nothing', EMPTY],
  ['no DAG-CBOR', Uint8Array.of(0xff)],
  ['a list', dagCbor.encode([1])],
  ['another version', dagCbor.encode({ v: 2, state: 'queued', task: {} })],
  ['another state', dagCbor.encode({ v: 1, state: 'done', task: {} })],
  ['no task', dagCbor.encode({ v: 1, state: 'queued' })]
] as const) {
  test(`a record that is damaged is said to be, and passed by: ${name}`, async () => {
    const engine = memoryEngine()
    await engine.tasks.put(leafCid, bytes)
    const faults: ExecutorError[] = []
    const { executor } = await setUp({ engine, onFault: (error) => void faults.push(error) })
    assert.ok(faults.length > 0)
    assert.is(ok(await executor.run(call(p.done(1)))), 1)
    await executor.enqueue(call(p.done(2)))
    const done: Executed[] = []
    for await (const executed of executor.work()) done.push(executed)
    assert.equal(done.map(ok), [2])
    for (const { code, message } of faults) assert.ok(code === 'STATE' && message.includes(String(leafCid)))
  })
}

test('receipts of another executor in the engine answer as our own do; what says nothing of its task does not', async () => {
  const engine = memoryEngine()
  const first = await setUp({ engine })
  const executed = await first.executor.run(call(p.done(1)))
  const other = await setUp({ engine, signer: mallory })
  // it is another subject's task: not the same one
  assert.is((await other.executor.run(call(p.done(1)))).cached, false)
  const bare = await issueReceipt({ issuer: mallory, ran: executed.task, out: { ok: 'a lie' } })
  await engine.receipts.put(executed.task, bare.bytes)
  await fails(first.executor.run(call(p.done(1))), 'STATE')
  const lies = await issueReceipt({
    issuer: mallory,
    ran: executed.task,
    out: { ok: 2 },
    meta: { task: { ...factsOf(executed.receipt).task, nonce: Uint8Array.of(9) } }
  })
  await engine.receipts.put(executed.task, lies.bytes)
  await fails(first.executor.run(call(p.done(1))), 'STATE')
})

test('a closed executor', async () => {
  const { executor } = await setUp()
  await executor.close()
  await fails(executor.run(call(p.done(1))), 'CLOSED')
})

// --- again -----------------------------------------------------------------------------------------------------------------------------------------------------------

async function forged(
  receipt: Receipt,
  change: (facts: Record<string, unknown>) => { out?: unknown; run?: unknown; facts?: Record<string, unknown> }
): Promise<Receipt> {
  const meta = receipt.payload.meta as Record<string, unknown>
  const { out = receipt.out, run = receipt.run, facts = meta } = change(meta)
  return issueReceipt({ issuer: mallory, ran: receipt.ran, out: out as never, run: run as never, meta: facts })
}

test('rerun finds each thing that was changed', async () => {
  const { executor } = await setUp()
  const inputs = { dice: { cmd: '/random/bytes', args: { length: 8 } } }
  const steps = [p.ask(7, DO, { n: 1 }), p.ask(7, ENQUEUE, { cmd: RUN, args: args(call(p.done('queued'))) }), p.done({ a: [1, 2] })]
  const { receipt } = await executor.run({ ...call(...steps), inputs })
  const honest = await executor.rerun(receipt)
  assert.equal(honest.differences, [])
  assert.is(honest.same, true)
  const first = (facts: Record<string, unknown>, change: object) => ({
    facts: { ...facts, effects: (facts as unknown as Facts).effects?.map((effect, i) => (i === 0 ? { ...effect, ...change } : effect)) }
  })
  const rows: readonly [what: string, change: (facts: Record<string, unknown>) => object][] = [
    ['out', () => ({ out: { ok: { a: [1, 3] } } })],
    ['out', () => ({ out: { ok: { a: [1] } } })],
    ['out', () => ({ out: { ok: { a: [1, '2'] } } })],
    ['out', () => ({ out: { error: { a: [1, 2] } } })],
    ['fuel', (facts) => ({ facts: { ...facts, fuel: (facts.fuel as number) + 1 } })],
    ['fuel', ({ fuel: _, ...facts }) => ({ facts })],
    ['memory', (facts) => ({ facts: { ...facts, memory: (facts.memory as number) - 65_536 } })],
    ['abi', (facts) => ({ facts: { ...facts, abi: 2 } })],
    ['final', (facts) => ({ facts: { ...facts, final: false } })],
    ['effects', ({ effects: _, ...facts }) => ({ facts })],
    ['effects', (facts) => first(facts, { args: { n: 2 } })],
    ['effects', (facts) => first(facts, { cmd: SET })],
    ['effects', (facts) => first(facts, { task: leafCid })],
    ['effects', (facts) => ({ facts: { ...facts, effects: [...((facts as unknown as Facts).effects ?? [])].reverse() } })],
    ['run', () => ({ run: [] })],
    ['run', () => ({ run: [{ ...receipt.run[0], cmd: DO }] })],
    ['run', () => ({ run: [...receipt.run, ...receipt.run] })],
    ['inputs', ({ inputs: _, ...facts }) => ({ facts })],
    ['inputs', (facts) => ({ facts: { ...facts, inputs: { dice: { ...(facts as unknown as Facts).inputs?.dice, cmd: '/clock/now' } } } })],
    ['inputs', (facts) => ({ facts: { ...facts, inputs: { dice: { ...(facts as unknown as Facts).inputs?.dice, task: leafCid } } } })]
  ]
  for (const [what, change] of rows) {
    const { same, differences } = await executor.rerun(await forged(receipt, change as never))
    assert.is(same, false, `${what} was changed`)
    assert.ok(
      differences.some((difference) => difference.what === what),
      `${what}: found ${differences.map(({ what }) => what).join(', ')}`
    )
  }
  // what was observed, of a function that gives it back
  const seen = await executor.run({ ...call(p.pass()), inputs })
  assert.equal((await executor.rerun(seen.receipt)).differences, [])
  const other = await forged(seen.receipt, (facts) => ({
    facts: { ...facts, inputs: { dice: { ...(facts as unknown as Facts).inputs?.dice, value: EMPTY } } }
  }))
  assert.ok((await executor.rerun(other)).differences.some(({ what }) => what === 'out'))
  // of another task
  const task = { ...factsOf(receipt).task, nonce: Uint8Array.of(1) }
  await fails(executor.rerun(await forged(receipt, (facts) => ({ facts: { ...facts, task } }))), 'STATE')
  await fails(executor.rerun(await issueReceipt({ issuer: owner, ran: receipt.ran, out: receipt.out })), 'STATE')
})

test('a receipt of an effect cannot be run again', async () => {
  const { executor, did } = await setUp()
  const { receipt } = await executor.run(await invoke({ issuer: owner, subject: owner, command: DO, args: {}, expiration: NOW + 60 }))
  await fails(executor.rerun(receipt), 'ARGUMENTS')
  assert.is(did.length, 1)
})

test('failures come out the same again, under the limits that they had', async () => {
  const { executor } = await setUp()
  for (const [steps, limits] of [
    [[p.trap], {}],
    [[p.spin], { fuel: 1_000_000 }],
    [p.fails(300, 7), {}],
    [[p.ask(1, leafCid)], {}]
  ] as const) {
    const { receipt, out } = await executor.run({ ...call(...steps), limits })
    assert.ok('error' in out)
    assert.equal((await executor.rerun(receipt)).differences, [])
  }
  const own = await executor.run(call(...p.fails(300, 7)))
  assert.equal([(errorOf(own) as unknown as { number: number }).number, errorOf(own).code], [300, 'FUNCTION_ERROR'])
})

test('the same task, signer and time are the same receipt: whole, and suspended after each step', async () => {
  const steps = [p.ask(3, 0x55, leaf), p.ask(7, SET, { n: 1 }), p.ask(8), p.done('end')]
  const request = { ...call(...steps), inputs: { dice: { cmd: '/random/bytes', args: { length: 8 } } } }
  const whole = await (await setUp()).executor.run(request)
  const again = await (await setUp()).executor.run(request)
  assert.is(String(again.receipt.cid), String(whole.receipt.cid))
  let suspended = 0
  const engine = memoryEngine()
  for (let checkpoint: CID | undefined; ; ) {
    // a new executor each time
    const { executor } = await setUp({ engine, runner: undefined })
    const controller = new AbortController()
    controller.abort()
    try {
      const executed = await executor.run(request, { suspend: suspended < 1 ? controller.signal : undefined, checkpoint })
      assert.is(String(executed.receipt.cid), String(whole.receipt.cid))
      break
    } catch (error) {
      assert.is((error as { code: string }).code, 'SUSPENDED', (error as Error).stack)
      checkpoint = (error as { cid: CID }).cid
      suspended++
    }
  }
  assert.is(suspended, 1)
})

test.run()
