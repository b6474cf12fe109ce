import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCar } from 'autocodec/dag'
import { fileChunks } from 'autocodec/dag/node'
import { type Archive, type Content, makeArchive } from '../archive.js'
import type { Reading } from '../comparison.js'
import { ourPass, theirPass, withWorkers } from '../stream.js'

/** MiB of a CAR: `AUTOCODEC_BENCH_CAR` sets it. */
const size = (quick: boolean): number => Number(process.env.AUTOCODEC_BENCH_CAR ?? (quick ? 64 : 1024)) * 1024 * 1024

const child = fileURLToPath(new URL(`../stream-process${extname(import.meta.url)}`, import.meta.url))

const agreement = fileURLToPath(new URL(`../stream-agree${extname(import.meta.url)}`, import.meta.url))

const CODECS = '@ipld/car and the JavaScript codecs'
const FLOOR = 'reading and hashing'

/** Every block of a large CAR verified and decoded, with its links; against the same by others, and against what it takes at least. */
export function streams(): Reading[] {
  return [
    row('records', CODECS, async (quick) => {
      await agree('records')
      return turns(await archive('records', quick), quick, ourPass, theirPass)
    }),
    row('files', CODECS, async (quick) => {
      await agree('files')
      return turns(await archive('files', quick), quick, ourPass, theirPass)
    }),
    row('files', FLOOR, async (quick) => {
      const made = await archive('files', quick)
      const places = await placesOf(made.path)
      return turns(made, quick, ourPass, (path) => floor(path, places))
    }),
    ...(['records', 'files'] as const).map((content) =>
      row(content, `${CODECS}, ours with a worker`, async (quick) => turns(await archive(content, quick), quick, withWorkers, theirPass))
    ),
    ...(['records', 'files'] as const).map(
      (content): Reading => ({
        ...row(content, '', async (quick) => {
          const made = await archive(content, quick)
          return { bytes: made.bytes, figures: [Number(execFileSync(process.execPath, [...process.execArgv, child, made.path], { encoding: 'utf8' }))] }
        }),
        work: 'memory',
        unit: 'MiB'
      })
    )
  ]
}

const row = (content: Content, ref: string, read: Reading['read']): Reading => ({
  work: 'stream',
  codec: '',
  case: `CAR of ${content}`,
  group: undefined,
  bytes: 0,
  ref,
  unit: '×',
  read
})

const made = new Map<string, Promise<Archive>>()

/** Made once, and gone when the process ends. */
function archive(content: Content, quick: boolean): Promise<Archive> {
  const key = `${content} ${size(quick)}`
  const found = made.get(key) ?? makeArchive(content, size(quick))
  made.set(key, found)
  return found
}

type Pass = (path: string) => Promise<unknown>

/** Times both in turns: reference time by ours. No collection is forced before a pass, which is long enough to have its own, and would begin with a heap that must grow again. */
async function turns({ path, bytes }: Archive, quick: boolean, ours: Pass, theirs: Pass): Promise<{ bytes: number; figures: number[] }> {
  const timed = async (pass: Pass): Promise<number> => {
    const start = performance.now()
    await pass(path)
    return performance.now() - start
  }
  const figures: number[] = []
  for (let round = 0; round < (quick ? 7 : 3); round++) {
    const first = await timed(round % 2 === 0 ? ours : theirs)
    const second = await timed(round % 2 === 0 ? theirs : ours)
    figures.push(round % 2 === 0 ? second / first : first / second)
  }
  return { bytes, figures }
}

/**
 * That both sides give the same values and links, block by block, on a small CAR of the same kind. In a process of its own: it keeps all values of one side, whereupon the engine
 * allocates such objects among the old ones for as long as the process lives, and a pass that keeps nothing takes three times as long.
 */
async function agree(content: Content): Promise<void> {
  const small = await makeArchive(content, 4 << 20)
  execFileSync(process.execPath, [...process.execArgv, agreement, small.path], { stdio: ['ignore', 'ignore', 'inherit'] })
  small.remove()
}

/** Where each block begins and ends, so that the floor need not parse. */
async function placesOf(path: string): Promise<Float64Array> {
  const places: number[] = []
  for await (const batch of (await readCar(fileChunks(path))).batches()) for (const { offset, bytes } of batch) places.push(offset, offset + bytes.length)
  return Float64Array.from(places)
}

/** The least that there is to do: all bytes read, and the hash of each block; of one that lies across chunks the two parts. */
async function floor(path: string, places: Float64Array): Promise<number> {
  let base = 0
  let at = 0
  let length = 0
  for await (const chunk of fileChunks(path)) {
    const end = base + chunk.length
    while (at < places.length && places[at] < end) {
      const from = Math.max(0, places[at] - base)
      const to = Math.min(chunk.length, places[at + 1] - base)
      length += hash('sha256', chunk.subarray(from, to), 'latin1' as 'binary').length
      if (places[at + 1] > end) break
      at += 2
    }
    base = end
  }
  return length
}
