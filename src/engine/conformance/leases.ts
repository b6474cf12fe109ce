/** What `Leases` promises. */
import { type Lease, MAX_NAME } from '../interface.js'
import { type EngineTrial, ensure, mistakes, same, there, trial } from './trial.js'

const TTL = 1000
const RIVALS = 100

/** Names that are paths, patterns or separators elsewhere. */
const NAMES: readonly string[] = [
  'a',
  'ab',
  'a/b',
  '../../etc/passwd',
  'C:\\x',
  '\0',
  '*',
  '>',
  'a.b',
  ' ',
  'é',
  '漢',
  '🚀',
  'x'.repeat(MAX_NAME),
  'é'.repeat(MAX_NAME / 2)
]

export const leases: readonly EngineTrial[] = [
  trial('leases: one has it until it is released', async ({ engine: { leases } }) => {
    const lease = there(await leases.acquire('task', 'a', TTL), 'acquire')
    same(lease.name, 'task', 'name')
    same(lease.owner, 'a', 'owner')
    ensure(Number.isSafeInteger(lease.token) && lease.token > 0, `token: got ${lease.token}, expected a positive integer`)
    same(await leases.acquire('task', 'b', TTL), undefined, 'somebody else')
    there(await leases.acquire('other task', 'b', TTL), 'another name')
    await leases.release(lease)
    const next = there(await leases.acquire('task', 'b', TTL), 'after release')
    ensure(next.token > lease.token, `token ${next.token} after ${lease.token}, expected a greater one`)
  }),

  trial('leases: they expire, and the next token is greater', async ({ engine: { leases }, place }) => {
    const lease = there(await leases.acquire('task', 'a', TTL), 'acquire')
    await place.pass(TTL / 2)
    same(await leases.acquire('task', 'b', TTL), undefined, 'before it expires')
    await place.pass(TTL / 2)
    const next = there(await leases.acquire('task', 'b', TTL), 'when it has expired')
    ensure(next.token > lease.token, `token ${next.token} after ${lease.token}, expected a greater one`)
    ensure(next.expires > lease.expires, `expires ${next.expires} after ${lease.expires}, expected later`)
    same(await leases.renew(lease, TTL), undefined, 'renewing what somebody else has')
    await leases.release(lease)
    same(await leases.acquire('task', 'c', TTL), undefined, 'after releasing what was lost')
  }),

  trial('leases: renewed before they expire, not after', async ({ engine: { leases }, place }) => {
    let lease = there(await leases.acquire('task', 'a', TTL), 'acquire')
    for (let i = 0; i < 3; i++) {
      await place.pass(TTL / 2)
      const renewed: Lease = there(await leases.renew(lease, TTL), 'renew')
      same(renewed.token, lease.token, 'token')
      ensure(renewed.expires > lease.expires, `expires ${renewed.expires}, expected later than ${lease.expires}`)
      lease = renewed
    }
    same(await leases.acquire('task', 'b', TTL), undefined, 'somebody else')
    // a lease that was shortened has expired
    lease = there(await leases.renew(lease, TTL / 4), 'renew for a shorter time')
    await place.pass(TTL / 2)
    same(await leases.renew(lease, TTL), undefined, 'renew after it expired, though nobody took it')
    there(await leases.acquire('task', 'b', TTL), 'acquire')
  }),

  trial('leases: the owner that has it gets it again, and its former lease is void', async ({ engine: { leases } }) => {
    const first = there(await leases.acquire('task', 'a', TTL), 'acquire')
    const second = there(await leases.acquire('task', 'a', TTL), 'acquire again')
    ensure(second.token > first.token, `token ${second.token} after ${first.token}, expected a greater one`)
    same(await leases.renew(first, TTL), undefined, 'renew of the former')
    await leases.release(first)
    same(await leases.acquire('task', 'b', TTL), undefined, 'somebody else, after release of the former')
    there(await leases.renew(second, TTL), 'renew of the latter')
    await leases.release(second)
    await leases.release(second)
    same(await leases.renew(second, TTL), undefined, 'renew after release')
  }),

  trial(`leases: of ${RIVALS} at once, one gets it`, async ({ engine: { leases }, place }) => {
    let before = 0
    for (let round = 0; round < 5; round++) {
      const all = await Promise.all(Array.from({ length: RIVALS }, (_, i) => leases.acquire('task', `owner ${i}`, TTL)))
      const won = all.filter((lease) => lease !== undefined)
      same(won.length, 1, 'leases')
      ensure(won[0].token > before, `token ${won[0].token} after ${before}, expected a greater one`)
      before = won[0].token
      if (round % 2 === 0) await leases.release(won[0])
      else await place.pass(TTL)
    }
  }),

  trial('leases: every name and owner is its own', async ({ engine: { leases } }) => {
    const held = await Promise.all(NAMES.map((name, i) => leases.acquire(name, NAMES[NAMES.length - 1 - i], TTL)))
    for (const [i, lease] of held.entries()) {
      same(there(lease, JSON.stringify(NAMES[i])).owner, NAMES[NAMES.length - 1 - i], 'owner')
      same(await leases.acquire(NAMES[i], 'another', TTL), undefined, `${JSON.stringify(NAMES[i])}, held`)
    }
    for (const lease of held) await leases.release(there(lease, 'lease'))
    for (const name of NAMES) there(await leases.acquire(name, 'another', TTL), `${JSON.stringify(name)}, released`)
  }),

  trial('leases: what a caller does to a lease does not show', async ({ engine: { leases } }) => {
    const lease = there(await leases.acquire('task', 'a', TTL), 'acquire')
    Object.assign(lease, { expires: 0, owner: 'b' })
    same(await leases.acquire('task', 'b', TTL), undefined, 'somebody else')
    same(there(await leases.renew(lease, TTL), 'renew').owner, 'a', 'owner')
  }),

  trial('leases: arguments that are none', async ({ engine: { leases } }) => {
    for (const none of ['', 'x'.repeat(MAX_NAME + 1), 'é'.repeat(MAX_NAME / 2 + 1), '\ud800', undefined, 1, null] as string[]) {
      await mistakes(() => leases.acquire(none, 'a', TTL), 'name', `name ${String(none)}`)
      await mistakes(() => leases.acquire('task', none, TTL), 'owner', `owner ${String(none)}`)
    }
    const lease = there(await leases.acquire('task', 'a', TTL), 'acquire')
    for (const none of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined] as number[]) {
      await mistakes(() => leases.acquire('task', 'a', none), 'ttlMs', `acquire for ${String(none)}`)
      await mistakes(() => leases.renew(lease, none), 'ttlMs', `renew for ${String(none)}`)
    }
    same(await leases.acquire('task', 'b', TTL), undefined, 'afterwards')
  })
]
