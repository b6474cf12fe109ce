/** That the suite finds engines that do not keep their promises: each is the one in memory with one thing done wrong. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type EngineTrial, engineSuite } from '../../src/engine/conformance.js'
import { type Blocks, type Engine, type Leases, memoryEngine, type Records } from '../../src/engine/index.js'

type Wrong = { readonly receipts?: Partial<Records>; readonly blocks?: Partial<Blocks>; readonly leases?: Partial<Leases>; readonly engine?: Partial<Engine> }

/** The engine, with some of its methods replaced; in receipts and in tasks the same. */
function altered(engine: Engine, wrong: (good: Engine, records: Records) => Wrong): Engine {
  const over = <T extends object>(good: T, bad: Partial<T> = {}): T =>
    new Proxy(good, {
      get: (target, name) => {
        const value = (bad as Record<PropertyKey, unknown>)[name] ?? (target as Record<PropertyKey, unknown>)[name]
        return typeof value === 'function' ? value.bind(target) : value
      }
    })
  const [receipts, tasks] = [engine.receipts, engine.tasks].map((records) => over(records, wrong(engine, records).receipts))
  const { blocks, leases, engine: whole } = wrong(engine, engine.receipts)
  return { ...engine, receipts, tasks, blocks: over(engine.blocks, blocks), leases: over(engine.leases, leases), ...whole }
}

const later = () => new Promise((resolve) => setTimeout(resolve, 0))

const WRONG: readonly [what: string, caught: RegExp, wrong: (good: Engine, records: Records) => Wrong][] = [
  [
    'put does not compare',
    /put compares and sets/,
    (_, good) => ({ receipts: { put: (key, value, options) => good.put(key, value, { ...options, revision: undefined }) } })
  ],
  [
    'put compares and then sets, in two steps',
    /100 at once that compare, one wins|a counter/,
    (_, good) => ({
      receipts: {
        put: async (key, value, { revision, ...options } = {}) => {
          if (revision !== undefined && ((await good.get(key))?.revision ?? null) !== revision) return undefined
          await later()
          return good.put(key, value, options)
        }
      }
    })
  ],
  [
    'put gives another revision than get',
    /values of every length/,
    (_, good) => ({ receipts: { put: async (...all) => ((await good.put(...all)) ?? 0) + 1 } })
  ],
  ['delete does not compare', /delete compares/, (_, good) => ({ receipts: { delete: (key) => good.delete(key) } })],
  ['delete does nothing', /come back|delete compares/, () => ({ receipts: { delete: async () => true } })],
  [
    'entries in no order',
    /entries: in the order/,
    (_, good) => ({
      receipts: {
        async *entries(options) {
          const all = []
          for await (const entry of good.entries(options)) all.unshift(entry)
          yield* all
        }
      }
    })
  ],
  ['entries from the beginning', /entries: in the order|in pages/, (_, good) => ({ receipts: { entries: ({ signal } = {}) => good.entries({ signal }) } })],
  [
    'entries twice',
    /entries/,
    (_, good) => ({
      receipts: {
        async *entries(options) {
          for await (const entry of good.entries(options)) yield* [entry, entry]
        }
      }
    })
  ],
  ['signals are not heard', /a signal that is aborted/, (_, good) => ({ receipts: { get: (key) => good.get(key) } })],
  [
    'blocks by CID',
    /by multihash alone/,
    () => {
      const held = new Map<string, Uint8Array>()
      return { blocks: { put: async (cid, bytes) => void held.set(`${cid}`, bytes.slice()), get: async (cid) => held.get(`${cid}`)?.slice() } }
    }
  ],
  [
    'blocks in two parts',
    /see a whole one/,
    ({ blocks: good }) => ({
      blocks: {
        put: async (cid, bytes) => {
          const whole = bytes.slice()
          await good.put(cid, whole.subarray(0, whole.length >> 1))
          await later()
          await good.put(cid, whole)
        }
      }
    })
  ],
  [
    'blocks without copying',
    /later writing to arrays/,
    () => {
      const held = new Map<string, Uint8Array>()
      return { blocks: { put: async (cid, bytes) => void held.set(`${cid.multihash.bytes}`, bytes), get: async (cid) => held.get(`${cid.multihash.bytes}`) } }
    }
  ],
  ['leases for everybody', /one has it until it is released/, () => ({ leases: { acquire: async (name, owner) => ({ name, owner, token: 1, expires: 1 }) } })],
  ['leases that never expire', /they expire/, ({ leases: good }) => ({ leases: { acquire: (name, owner) => good.acquire(name, owner, 1e12) } })],
  [
    'leases renewed after their end',
    /renewed before they expire/,
    ({ leases: good }) => ({ leases: { renew: async (lease, ttl) => (await good.renew(lease, ttl)) ?? (await good.acquire(lease.name, lease.owner, ttl)) } })
  ],
  [
    'release by whoever',
    /they expire|gets it again/,
    ({ leases: good }) => ({
      leases: {
        acquire: async (name, owner, ttl) => good.acquire(name, owner, ttl),
        release: async (lease) => {
          const held = await good.acquire(lease.name, lease.owner, 1)
          if (held !== undefined) await good.release(held)
        }
      }
    })
  ],
  ['one that does not close', /closed: every method/, () => ({ engine: { close: async () => {} } })],
  ['one that says it is durable', /opened again/, (good) => ({ engine: { supports: { ...good.supports, durable: true } } })],
  ['one that says it is shared', /opened twice/, (good) => ({ engine: { supports: { ...good.supports, shared: true } } })]
]

async function failed(trial: EngineTrial, wrong: (good: Engine, records: Records) => Wrong): Promise<boolean> {
  let now = 1_000_000
  const place = {
    open: async () => altered(memoryEngine({ clock: () => now }), wrong),
    pass: async (ms: number) => {
      now += ms
    }
  }
  return trial
    .run(async () => place)
    .then(
      () => false,
      () => true
    )
}

for (const [what, caught, wrong] of WRONG) {
  test(`it finds: ${what}`, async () => {
    const suspects = engineSuite().filter(({ name }) => caught.test(name))
    assert.ok(suspects.length > 0, `no trial is named ${caught}`)
    const found = await Promise.all(suspects.map((trial) => failed(trial, wrong)))
    assert.ok(found.includes(true), suspects.map(({ name }) => name).join('; '))
  })
}

test('and nothing where nothing is wrong', async () => {
  const found = await Promise.all(engineSuite().map((trial) => failed(trial, () => ({}))))
  assert.not.ok(found.includes(true))
})

test.run()
