/** What `Records` promises of single keys. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { MAX_KEY, MAX_VALUE, type PutOptions, type Records } from '../interface.js'
import { bytesOf, cidOf, type EngineTrial, ensure, failure, listed, mistakes, rejects, same, sameBytes, there, trial } from './trial.js'

const key = cidOf(0)
const MIB = 1024 * 1024
const RIVALS = 100

/** A key that has so many bytes. */
const keyOf = (length: number): CID => CID.createV1(0x71, create(0x12, new Uint8Array(length - 4 - (length > 131 ? 1 : 0)).fill(length)))

const LENGTHS: readonly number[] = [0, 1, 15, 16, 17, 255, 256, 4095, 65_536, MIB, MIB + 1]

async function put(records: Records, at: CID, value: Uint8Array, options?: PutOptions): Promise<number> {
  return there(await records.put(at, value, options), `put ${at}`)
}

export const records: readonly EngineTrial[] = [
  trial('records: what nobody put is not there', async ({ engine: { receipts } }) => {
    same(await receipts.get(key), undefined, 'get')
    same(await receipts.delete(key), false, 'delete')
    same((await listed(receipts)).length, 0, 'entries')
  }),

  ...[false, true].map((sync) =>
    trial(`records: values of every length come back${sync ? ', sync' : ''}`, async ({ engine: { receipts } }) => {
      for (const [i, length] of LENGTHS.entries()) {
        const revision = await put(receipts, cidOf(i), bytesOf(i, length), { sync })
        const found = await receipts.get(cidOf(i))
        sameBytes(found?.value, bytesOf(i, length), `${length} bytes`)
        same(found?.revision, revision, 'revision')
        await put(receipts, cidOf(i), bytesOf(i + 1, length), { sync })
        sameBytes((await receipts.get(cidOf(i)))?.value, bytesOf(i + 1, length), `${length} bytes, replaced`)
      }
      same((await listed(receipts)).length, LENGTHS.length, 'entries')
      for (const i of LENGTHS.keys()) same(await receipts.delete(cidOf(i), { sync }), true, 'delete')
      for (const i of LENGTHS.keys()) same(await receipts.get(cidOf(i)), undefined, 'after delete')
      same((await listed(receipts)).length, 0, 'entries after delete')
    })
  ),

  trial('records: keys are compared by all their bytes', async ({ engine: { receipts } }) => {
    const { digest } = key.multihash
    const keys = [
      key,
      cidOf(0, 0x55),
      CID.createV0(create(0x12, digest)),
      CID.createV1(0x70, create(0x12, digest)),
      CID.createV1(0x71, create(0x16, digest)),
      CID.createV1(0x71, create(0x12, digest.subarray(0, 31))),
      CID.createV1(0x71, create(0x00, new Uint8Array(0))),
      keyOf(MAX_KEY)
    ]
    for (const [i, cid] of keys.entries()) await put(receipts, cid, bytesOf(i), { revision: null })
    // a key is what its bytes are, whoever made it
    for (const [i, cid] of keys.entries()) sameBytes((await receipts.get(CID.decode(cid.bytes.slice())))?.value, bytesOf(i), `${cid}`)
    for (const [found] of await listed(receipts))
      ensure(
        keys.some((cid) => cid.equals(found)),
        `entries: ${found} is none of the keys`
      )
    same((await listed(receipts)).length, keys.length, 'entries')
  }),

  trial('records: receipts, tasks, blocks and leases do not see each other', async ({ engine: { receipts, tasks, blocks, leases } }) => {
    await put(receipts, key, bytesOf(1), { revision: null })
    same(await tasks.get(key), undefined, 'tasks')
    same(await blocks.get(key), undefined, 'blocks')
    await put(tasks, key, bytesOf(2), { revision: null })
    await blocks.put(key, bytesOf(3))
    there(await leases.acquire(`${key}`, 'a', 1000), 'acquire')
    same((await listed(receipts)).length, 1, 'entries of receipts')
    same((await listed(tasks)).length, 1, 'entries of tasks')
    same(await tasks.delete(key), true, 'delete of the task')
    sameBytes((await receipts.get(key))?.value, bytesOf(1), 'receipt')
    sameBytes(await blocks.get(key), bytesOf(3), 'block')
  }),

  trial('records: put compares and sets', async ({ engine: { tasks } }) => {
    const first = await put(tasks, key, bytesOf(1), { revision: null })
    same(await tasks.put(key, bytesOf(2), { revision: null }), undefined, 'null, where something is')
    same(await tasks.put(key, bytesOf(2), { revision: first + 1 }), undefined, 'a revision that is not there')
    const second = await put(tasks, key, bytesOf(2), { revision: first })
    same(await tasks.put(key, bytesOf(3), { revision: first }), undefined, 'the revision before')
    sameBytes((await tasks.get(key))?.value, bytesOf(2), 'after what was refused')
    const third = await put(tasks, key, bytesOf(2))
    ensure(
      first > 0 && second > first && third > second && Number.isSafeInteger(third),
      `revisions ${first}, ${second}, ${third}, expected each greater than the one before`
    )
    same((await tasks.get(key))?.revision, third, 'the same bytes again are another revision')
    same(await tasks.put(cidOf(1), bytesOf(1), { revision: third }), undefined, 'a revision, where nothing is')
    same(await tasks.get(cidOf(1)), undefined, 'after what was refused')
  }),

  trial('records: delete compares, and no revision comes twice', async ({ engine: { tasks } }) => {
    const first = await put(tasks, key, bytesOf(1))
    same(await tasks.delete(key, { revision: first + 1 }), false, 'a revision that is not there')
    sameBytes((await tasks.get(key))?.value, bytesOf(1), 'after what was refused')
    same(await tasks.delete(key, { revision: first }), true, 'the revision')
    same(await tasks.delete(key, { revision: first }), false, 'the revision, once more')
    same(await tasks.put(key, bytesOf(2), { revision: first }), undefined, 'put at a revision that was deleted')
    const second = await put(tasks, key, bytesOf(2), { revision: null })
    ensure(second > first, `revision ${second} after ${first} was deleted, expected a greater one`)
    same(await tasks.delete(key, { revision: first }), false, 'the revision before the deletion')
  }),

  trial(`records: of ${RIVALS} at once that compare, one wins`, async ({ engine: { tasks } }) => {
    const race = async (revision: number | null): Promise<number> => {
      const all = await Promise.all(Array.from({ length: RIVALS }, (_, i) => tasks.put(key, bytesOf(i), { revision, sync: i % 10 === 0 })))
      const winners = [...all.keys()].filter((i) => all[i] !== undefined)
      same(winners.length, 1, `winners at ${revision}`)
      const found = await tasks.get(key)
      sameBytes(found?.value, bytesOf(winners[0]), 'the value is the winner’s')
      same(found?.revision, all[winners[0]], 'so is the revision')
      return there(all[winners[0]], 'revision')
    }
    let revision = await race(null)
    for (let i = 0; i < 5; i++) revision = await race(revision)
    const deleted = await Promise.all(Array.from({ length: RIVALS }, () => tasks.delete(key)))
    same(deleted.filter(Boolean).length, 1, 'deletions')
  }),

  trial('records: a counter that 20 count with loses nothing', async ({ engine: { tasks } }) => {
    const count = async (): Promise<void> => {
      for (let tries = 0; ; tries++) {
        // each time that one loses another has won, and there are 200 to win
        ensure(tries <= 200, 'nobody wins')
        const found = await tasks.get(key)
        const next = Uint8Array.of((found?.value[0] ?? 0) + 1)
        if ((await tasks.put(key, next, { revision: found?.revision ?? null })) !== undefined) return
      }
    }
    const worker = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await count()
    }
    await Promise.all(Array.from({ length: 20 }, worker))
    same((await tasks.get(key))?.value[0], 200, 'the counter')
  }),

  trial('records: of puts at once that do not compare, the greatest revision stands', async ({ engine: { tasks } }) => {
    const revisions = await Promise.all(Array.from({ length: RIVALS }, (_, i) => put(tasks, key, bytesOf(i))))
    same(new Set(revisions).size, RIVALS, 'different revisions')
    const last = Math.max(...revisions)
    const found = await tasks.get(key)
    same(found?.revision, last, 'revision')
    sameBytes(found?.value, bytesOf(revisions.indexOf(last)), 'value')
  }),

  trial('records: nobody’s later writing to arrays shows', async ({ engine: { receipts } }) => {
    const value = bytesOf(1)
    const bytes = key.bytes.slice()
    const writing = receipts.put(CID.decode(bytes), value)
    value.fill(0)
    bytes.fill(0, 4)
    await writing
    const first = await receipts.get(key)
    sameBytes(first?.value, bytesOf(1), 'after writing to what was put')
    first?.value.fill(0)
    sameBytes((await receipts.get(key))?.value, bytesOf(1), 'after writing to what was got')
    for (const [found, entry] of await listed(receipts)) {
      found.bytes.fill(0, 4)
      entry.value.fill(0)
    }
    const [[found, entry]] = await listed(receipts)
    ensure(found.equals(key), `after writing to an entry: got ${found}, expected ${key}`)
    sameBytes(entry.value, bytesOf(1), 'after writing to an entry')
    // a view of a larger buffer is put as what it shows
    const wide = bytesOf(2, 300)
    await put(receipts, key, wide.subarray(100, 200))
    sameBytes((await receipts.get(key))?.value, bytesOf(2, 300).slice(100, 200), 'a view')
  }),

  trial('records: a signal that is aborted', async ({ engine: { tasks } }) => {
    await put(tasks, key, bytesOf(1))
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    same(await failure(() => tasks.get(key, { signal }), 'get'), reason, 'get')
    same(await failure(() => tasks.put(key, bytesOf(2), { signal }), 'put'), reason, 'put')
    same(await failure(() => tasks.delete(key, { signal }), 'delete'), reason, 'delete')
    sameBytes((await tasks.get(key, { signal: new AbortController().signal }))?.value, bytesOf(1), 'afterwards')
  }),

  trial('records: what is too long', async ({ engine: { receipts } }) => {
    await put(receipts, keyOf(MAX_KEY), bytesOf(1))
    const long = keyOf(MAX_KEY + 1)
    await rejects(() => receipts.put(long, bytesOf(1)), 'ENGINE_KEY', `a key of ${MAX_KEY + 1} bytes`)
    same(await receipts.get(long), undefined, 'get of such a key')
    same(await receipts.delete(long), false, 'delete of such a key')
    await rejects(() => receipts.put(key, new Uint8Array(MAX_VALUE + 1)), 'ENGINE_SIZE', `a value of ${MAX_VALUE + 1} bytes`)
    same((await listed(receipts)).length, 1, 'entries')
  }),

  trial('records: arguments that are none', async ({ engine: { receipts } }) => {
    for (const none of [undefined, null, 'bafkqaaa', {}, new Uint8Array(36)] as unknown as CID[]) {
      await mistakes(() => receipts.get(none), 'key', `get ${String(none)}`)
      await mistakes(() => receipts.put(none, bytesOf(1)), 'key', `put ${String(none)}`)
      await mistakes(() => receipts.delete(none), 'key', `delete ${String(none)}`)
    }
    for (const none of [undefined, null, 'text', [1], new ArrayBuffer(1)] as unknown as Uint8Array[])
      await mistakes(() => receipts.put(key, none), 'value', `a value ${String(none)}`)
    for (const none of [0, -1, 0.5, '1', Number.NaN, {}] as unknown as number[]) {
      await mistakes(() => receipts.put(key, bytesOf(1), { revision: none }), 'revision', `put at ${String(none)}`)
      await mistakes(() => receipts.delete(key, { revision: none }), 'revision', `delete at ${String(none)}`)
    }
    same((await listed(receipts)).length, 0, 'entries')
  })
]
