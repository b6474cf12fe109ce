/** What `Records.entries` promises. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Records } from '../interface.js'
import { bytesOf, cidOf, type EngineTrial, ensure, failure, listed, mistakes, same, sameBytes, trial } from './trial.js'

const MANY = 10_000
const AT_ONCE = 500

/** CIDs whose bytes are one the beginning of the other, and bytes that signed comparison would order otherwise. */
const AWKWARD: readonly CID[] = [
  CID.createV0(create(0x12, new Uint8Array(32).fill(0xff))),
  ...[0x00, 0x01, 0x55, 0x7f, 0x80, 0x0129, 0x300000].map((code) => CID.createV1(code, create(0x12, new Uint8Array(32).fill(0x80)))),
  ...[0, 1, 2, 20].map((length) => CID.createV1(0x71, create(0x00, new Uint8Array(length)))),
  ...[0x00, 0x7f, 0x80, 0xff].map((byte) => CID.createV1(0x71, create(0x12, new Uint8Array(32).fill(byte))))
]

function compare(a: CID, b: CID): number {
  const length = Math.min(a.bytes.length, b.bytes.length)
  for (let i = 0; i < length; i++) if (a.bytes[i] !== b.bytes[i]) return a.bytes[i] - b.bytes[i]
  return a.bytes.length - b.bytes.length
}

function ordered(keys: readonly CID[], expected: readonly CID[], what: string): void {
  same(keys.length, expected.length, `${what}: how many`)
  for (const [i, key] of keys.entries()) ensure(key.equals(expected[i]), `${what}: got ${key} at ${i}, expected ${expected[i]}`)
}

async function fill(records: Records, count: number): Promise<CID[]> {
  for (let i = 0; i < count; i += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, k) => records.put(cidOf(i + k), bytesOf(i + k))))
  }
  return Array.from({ length: count }, (_, i) => cidOf(i)).sort(compare)
}

export const entries: readonly EngineTrial[] = [
  trial('entries: in the order of the keys’ bytes, from any place', async ({ engine: { receipts } }) => {
    for (const [i, key] of AWKWARD.entries()) await receipts.put(key, bytesOf(i))
    const sorted = [...AWKWARD].sort(compare)
    ordered(
      (await listed(receipts)).map(([key]) => key),
      sorted,
      'all'
    )
    for (const [i, key] of sorted.entries()) {
      ordered(
        (await listed(receipts, key)).map(([found]) => found),
        sorted.slice(i + 1),
        `after ${key}`
      )
      await receipts.delete(key)
      ordered(
        (await listed(receipts, key)).map(([found]) => found),
        sorted.slice(i + 1),
        `after ${key}, which has been deleted`
      )
    }
  }),

  trial(`entries: of ${MANY} records, whole and in pages`, async ({ engine: { receipts, tasks } }) => {
    const sorted = await fill(receipts, MANY)
    await tasks.put(sorted[0], bytesOf(0))
    const all = await listed(receipts)
    ordered(
      all.map(([key]) => key),
      sorted,
      'all'
    )
    for (const [key, { value, revision }] of all) {
      const number = new DataView(key.bytes.buffer, key.bytes.byteOffset).getUint32(key.bytes.length - 4)
      sameBytes(value, bytesOf(number), `${key}`)
      ensure(revision > 0, `${key}: revision ${revision}`)
    }
    const paged: CID[] = []
    for (let more = true; more; ) {
      more = false
      for await (const [key] of receipts.entries({ after: paged.at(-1) })) {
        paged.push(key)
        ensure(paged.length <= MANY, `in pages: more than ${MANY}`)
        more = paged.length % 777 === 0
        if (more) break
      }
    }
    ordered(paged, sorted, 'in pages')
  }),

  trial('entries: while others write', async ({ engine: { tasks } }) => {
    const sorted = await fill(tasks, 1500)
    const seen: CID[] = []
    let i = 0
    for await (const [key, { value }] of tasks.entries()) {
      seen.push(key)
      // every third is deleted, every third replaced, long before its turn; and others come
      if (i < 300) {
        const at = 600 + 3 * i
        await Promise.all([tasks.delete(sorted[at]), tasks.put(sorted[at + 1], bytesOf(1, 7)), tasks.put(cidOf(10_000 + i), bytesOf(2, 7))])
      }
      i++
      ensure(value.length === 100 || value.length === 7, `${key}: ${value.length} bytes, expected 100 or 7`)
    }
    for (let n = 1; n < seen.length; n++) ensure(compare(seen[n - 1], seen[n]) < 0, `${seen[n]} after ${seen[n - 1]}`)
    const kept = new Set(seen.map(String))
    for (const [at, key] of sorted.entries()) ensure(kept.has(`${key}`) || (at >= 600 && at % 3 === 0), `${key} was there all the time and did not come`)
    for (const key of seen) {
      const number = new DataView(key.bytes.buffer, key.bytes.byteOffset).getUint32(key.bytes.length - 4)
      ensure(number < 1500 || (number >= 10_000 && number < 10_300), `${key} was never put`)
    }
    same((await listed(tasks)).length, 1500, 'afterwards')
  }),

  trial('entries: leaving early, and several at once', async ({ engine: { tasks } }) => {
    const sorted = await fill(tasks, 200)
    for (let i = 0; i < 50; i++) for await (const _ of tasks.entries()) break
    // one that is never gone on with, nor left
    await tasks.entries()[Symbol.asyncIterator]().next()
    const both = await Promise.all([listed(tasks), listed(tasks, sorted[99])])
    same(both[0].length, 200, 'the first')
    same(both[1].length, 100, 'the second')
  }),

  trial('entries: a signal that is aborted, and arguments that are none', async ({ engine: { tasks } }) => {
    await fill(tasks, 2000)
    const reason = new Error('enough')
    const read = async (signal: AbortSignal, each?: () => void): Promise<void> => {
      for await (const _ of tasks.entries({ signal })) each?.()
    }
    same(await failure(() => read(AbortSignal.abort(reason)), 'from the start'), reason, 'from the start')
    const controller = new AbortController()
    let count = 0
    const stop = () => {
      if (++count === 3) controller.abort(reason)
    }
    same(await failure(() => read(controller.signal, stop), 'in the middle'), reason, 'in the middle')
    same(count, 3, 'entries until then')
    await mistakes(() => listed(tasks, 'bafkqaaa' as unknown as CID), 'after', 'after')
  })
]
