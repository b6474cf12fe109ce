/**
 * What the drivers of the engine take for each operation, in turns with what lies below the one on a disk: `node --import tsx bench/engine.ts [WORDS…]`.
 *
 * Median and 99th percentile in microseconds a call, one call at a time. Records have 400 bytes, which is a receipt; blocks 4 KiB; there are 1,000 of each. Figures of another run on a
 * shared machine are not to be compared with these; the rows of one run are.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from 'autocodec/engine'
import { memoryEngine } from 'autocodec/engine'
import { diskEngine } from 'autocodec/engine/disk'
import { FsBlockstore } from 'blockstore-fs'
import { ClassicLevel } from 'classic-level'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

const KEYS = 1000
const ROUNDS = 12
/** Calls of a round: of those that wait for the disk there are fewer. */
const CALLS = 250
const SLOW_CALLS = 15

interface Row {
  readonly operation: string
  readonly of: string
  readonly call: (i: number) => Promise<unknown>
  readonly slow?: boolean
}

const keys = await Promise.all(Array.from({ length: KEYS }, async (_, i) => CID.createV1(0x71, await sha256.digest(new TextEncoder().encode(`${i}`)))))
const receipt = new Uint8Array(randomBytes(400))
const block = new Uint8Array(randomBytes(4096))
const keyOf = (i: number): CID => keys[i % KEYS]

function rowsOf(of: string, { receipts, blocks, leases }: Engine): Row[] {
  const revisions = new Map<number, number>()
  const compare = (sync: boolean) => async (i: number) => {
    const revision = await receipts.put(keyOf(i), receipt, { revision: revisions.get(i % KEYS) ?? (await receipts.get(keyOf(i)))?.revision, sync })
    if (revision === undefined) throw new Error('another revision')
    revisions.set(i % KEYS, revision)
  }
  return [
    { operation: 'get', of, call: (i) => receipts.get(keyOf(i)) },
    { operation: 'compare and set', of, call: compare(false) },
    { operation: 'compare and set, sync', of, call: compare(true), slow: true },
    {
      operation: 'lease and release',
      of,
      call: async (i) => {
        const lease = await leases.acquire(`task ${i}`, 'worker', 1000)
        if (lease === undefined) throw new Error('somebody else has it')
        await leases.release(lease)
      }
    },
    {
      operation: `list ${KEYS}`,
      of,
      call: async () => {
        let count = 0
        for await (const _ of receipts.entries()) count++
        if (count !== KEYS) throw new Error(`${count} entries`)
      },
      slow: true
    },
    { operation: 'get block', of, call: (i) => blocks.get(keyOf(i)) },
    { operation: 'put block', of, call: (i) => blocks.put(keyOf(i), block) },
    { operation: 'put block, sync', of, call: (i) => blocks.put(keyOf(i), block, { sync: true }), slow: true }
  ]
}

const folder = await mkdtemp(join(tmpdir(), 'autocodec-bench-'))
try {
  const memory = memoryEngine()
  const disk = await diskEngine(join(folder, 'engine'))
  const level = new ClassicLevel<Uint8Array, Uint8Array>(join(folder, 'level'), { keyEncoding: 'view', valueEncoding: 'view' })
  const store = new FsBlockstore(join(folder, 'store'))
  await store.open()
  for (const key of keys) {
    for (const { receipts, blocks } of [memory, disk]) await Promise.all([receipts.put(key, receipt), blocks.put(key, block)])
    await level.put(key.bytes, receipt)
    await store.put(key as never, block)
  }
  const bare: Row[] = [
    { operation: 'get', of: 'classic-level, another thread', call: (i) => level.get(keyOf(i).bytes) },
    { operation: 'get', of: 'classic-level, this thread', call: async (i) => level.getSync(keyOf(i).bytes) },
    { operation: 'compare and set', of: 'classic-level, put alone', call: (i) => level.put(keyOf(i).bytes, receipt) },
    { operation: 'compare and set, sync', of: 'classic-level, put alone', call: (i) => level.put(keyOf(i).bytes, receipt, { sync: true }), slow: true },
    {
      operation: 'get block',
      of: 'blockstore-fs',
      call: async (i) => {
        const chunks: Uint8Array[] = []
        for await (const chunk of store.get(keyOf(i) as never)) chunks.push(chunk)
        return chunks
      }
    },
    { operation: 'put block', of: 'blockstore-fs', call: (i) => store.put(keyOf(i) as never, block) }
  ]
  const words = process.argv.slice(2)
  const all = [...rowsOf('memory', memory), ...rowsOf('disk', disk), ...bare]
  const chosen = all.filter(({ operation, of }) => words.every((word) => `${operation} ${of}`.includes(word)))
  const order = [...new Set(chosen.map(({ operation }) => operation))]
  chosen.sort((a, b) => order.indexOf(a.operation) - order.indexOf(b.operation))

  const times = new Map(chosen.map((row): [Row, number[]] => [row, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [row, all] of times) {
      const calls = row.slow ? SLOW_CALLS : CALLS
      for (let i = 0; i < calls; i++) {
        const start = performance.now()
        await row.call(round * calls + i)
        // the first rounds are for warming up
        if (round > 1) all.push((performance.now() - start) * 1000)
      }
    }
  }
  console.log(`${'operation'.padEnd(24)}${'of'.padEnd(32)}${'median µs'.padStart(10)}${'99 %'.padStart(10)}`)
  for (const [{ operation, of }, all] of times) {
    all.sort((a, b) => a - b)
    const at = (share: number) => all[Math.floor(all.length * share)].toFixed(1).padStart(10)
    console.log(`${operation.padEnd(24)}${of.padEnd(32)}${at(0.5)}${at(0.99)}`)
  }
  await Promise.all([memory.close(), disk.close(), level.close()])
} finally {
  await rm(folder, { recursive: true })
}
