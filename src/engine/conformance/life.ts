/** What an engine promises about its beginning and end, and about others beside it. */
import { bytesOf, cidOf, type EngineTrial, ensure, listed, rejects, same, sameBytes, there, trial } from './trial.js'

const key = cidOf(0)
const TTL = 1000

export const life: readonly EngineTrial[] = [
  trial('closed: every method says so', async ({ engine }) => {
    const { receipts, tasks, blocks, leases } = engine
    const lease = there(await leases.acquire('task', 'a', TTL), 'acquire')
    await tasks.put(key, bytesOf(1))
    await tasks.put(cidOf(1), bytesOf(1))
    const begun = tasks.entries()[Symbol.asyncIterator]()
    await begun.next()
    await engine.close()
    const calls: Record<string, () => Promise<unknown>> = {
      get: () => receipts.get(key),
      put: () => receipts.put(key, bytesOf(1)),
      delete: () => receipts.delete(key),
      entries: () => listed(receipts),
      'entries that had begun': async () => {
        for (let i = 0; i < 3; i++) await begun.next()
      },
      'get of a block': () => blocks.get(key),
      has: () => blocks.has(key),
      'put of a block': () => blocks.put(key, bytesOf(1)),
      'delete of a block': () => blocks.delete(key),
      acquire: () => leases.acquire('task', 'a', TTL),
      renew: () => leases.renew(lease, TTL),
      release: () => leases.release(lease)
    }
    for (const [name, call] of Object.entries(calls)) await rejects(call, 'ENGINE_CLOSED', name)
    await engine.close()
    await engine[Symbol.asyncDispose]()
  }),

  trial('disposed of: that closes it', async ({ engine }) => {
    await engine[Symbol.asyncDispose]()
    await rejects(() => engine.receipts.get(key), 'ENGINE_CLOSED', 'get')
    await engine.close()
  }),

  trial('closing waits for what has begun', async ({ engine, open }) => {
    const { receipts, blocks } = engine
    const begun = Promise.all(Array.from({ length: 50 }, (_, i) => receipts.put(cidOf(i % 10), bytesOf(i), { sync: i % 5 === 0 })))
    const blocksBegun = Promise.all(Array.from({ length: 20 }, (_, i) => blocks.put(cidOf(i), bytesOf(i, 50_000))))
    const [revisions] = await Promise.all([begun, blocksBegun, engine.close()])
    same(new Set(revisions).size, 50, 'revisions')
    if (!engine.supports.durable) return
    const again = await open()
    for (let i = 0; i < 10; i++) sameBytes((await again.receipts.get(cidOf(i)))?.value, bytesOf(40 + i), `record ${i}`)
    for (let i = 0; i < 20; i++) sameBytes(await again.blocks.get(cidOf(i)), bytesOf(i, 50_000), `block ${i}`)
  }),

  trial('opened again: what was there is there, if it is durable', async ({ engine, open }) => {
    if (!engine.supports.durable) return
    const first = there(await engine.tasks.put(key, bytesOf(1)), 'put')
    const second = there(await engine.tasks.put(cidOf(1), bytesOf(2)), 'put')
    await engine.tasks.delete(cidOf(1))
    await engine.receipts.put(key, bytesOf(3, 1024 * 1024))
    await engine.blocks.put(key, bytesOf(4))
    const lease = there(await engine.leases.acquire('task', 'a', TTL), 'acquire')
    const released = there(await engine.leases.acquire('released', 'a', TTL), 'acquire')
    await engine.leases.release(released)
    await engine.close()

    const again = await open()
    const found = await again.tasks.get(key)
    sameBytes(found?.value, bytesOf(1), 'task')
    same(found?.revision, first, 'revision')
    same(await again.tasks.get(cidOf(1)), undefined, 'what was deleted')
    sameBytes((await again.receipts.get(key))?.value, bytesOf(3, 1024 * 1024), 'receipt')
    sameBytes(await again.blocks.get(key), bytesOf(4), 'block')
    const third = there(await again.tasks.put(cidOf(1), bytesOf(5), { revision: null }), 'put of what was deleted')
    ensure(third > second, `revision ${third} after ${second} was deleted, expected a greater one`)
    same(await again.leases.acquire('task', 'b', TTL), undefined, 'a lease that has not expired')
    there(await again.leases.renew(lease, TTL), 'its owner renews it')
    const next = there(await again.leases.acquire('released', 'b', TTL), 'a lease that was released')
    ensure(next.token > released.token, `token ${next.token} after ${released.token}, expected a greater one`)
  }),

  trial('opened again: leases expire meanwhile, if it is durable', async ({ engine, place, open }) => {
    if (!engine.supports.durable) return
    const lease = there(await engine.leases.acquire('task', 'a', TTL), 'acquire')
    await engine.close()
    await place.pass(TTL)
    const again = await open()
    same(await again.leases.renew(lease, TTL), undefined, 'renew')
    const next = there(await again.leases.acquire('task', 'b', TTL), 'acquire')
    ensure(next.token > lease.token, `token ${next.token} after ${lease.token}, expected a greater one`)
  }),

  trial('opened twice: refused, unless it is shared', async ({ engine, open }) => {
    const { durable, shared } = engine.supports
    if (durable && !shared) {
      await rejects(open, 'ENGINE_LOCKED', 'the second')
      // and the first is none the worse for it
      await engine.receipts.put(key, bytesOf(1))
      sameBytes((await engine.receipts.get(key))?.value, bytesOf(1), 'the first')
    }
    if (!shared) return
    const other = await open()
    const revision = there(await engine.tasks.put(key, bytesOf(1), { revision: null }), 'put')
    sameBytes((await other.tasks.get(key))?.value, bytesOf(1), 'what the other put')
    const all = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? engine : other).tasks.put(key, bytesOf(i), { revision })))
    same(all.filter((found) => found !== undefined).length, 1, 'winners')
    await engine.blocks.put(key, bytesOf(2))
    sameBytes(await other.blocks.get(key), bytesOf(2), 'a block that the other put')
    there(await engine.leases.acquire('task', 'a', TTL), 'acquire')
    same(await other.leases.acquire('task', 'b', TTL), undefined, 'what the other has')
  })
]
