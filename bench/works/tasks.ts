import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CID, createHost } from 'autocodec'
import { type Engine, memoryEngine } from 'autocodec/engine'
import { diskEngine } from 'autocodec/engine/disk'
import { type CallRequest, createExecutor, type Executor } from 'autocodec/scheduler'
import { nodeFunctionWorkers } from 'autocodec/scheduler/node'
import { loadFunction, runFunction } from 'autocodec/task'
import { generateSigner, type Signer } from 'autocodec/ucan'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Reading } from '../comparison.js'
import { ourCount, placeOf, theirCount } from '../count.js'
import { picture } from '../picture.js'
import { makeText, type TextFile } from '../text.js'

/** MiB of the file whose words are counted: `AUTOCODEC_BENCH_TEXT` sets it. */
const size = (quick: boolean): number => Number(process.env.AUTOCODEC_BENCH_TEXT ?? (quick ? 64 : 1024))
const RIVAL = 'a loop over ipfs-unixfs-exporter'
const child = fileURLToPath(new URL('../count-process.mjs', import.meta.url))

/** What a task costs beyond its function, what a remembered one costs, and what functions do against JavaScript. */
export function tasks(): Reading[] {
  return [
    row('memoised call, memory engine', 'µs', (quick) => withEngine('memory', (engine) => calls(engine, quick ? 500 : 5_000, true))),
    row('memoised call, disk engine', 'µs', (quick) => withEngine('disk', (engine) => calls(engine, quick ? 500 : 5_000, true))),
    row('small function beyond its own time, memory engine', 'µs', (quick) => withEngine('memory', (engine) => calls(engine, quick ? 500 : 5_000, false))),
    row('small function beyond its own time, disk engine', 'µs', (quick) => withEngine('disk', (engine) => calls(engine, quick ? 500 : 5_000, false))),
    row('signature of a receipt', 'µs', (quick) => signatures(quick ? 500 : 5_000)),
    { ...row('word count, both verify', '×', async (quick) => ratios(await text(size(quick)), quick, false)), ref: RIVAL },
    { ...row('word count, neither verifies', '×', async (quick) => ratios(await text(size(quick)), quick, true)), ref: RIVAL },
    {
      ...row('word count', 'MiB', async (quick) => {
        const file = await text(size(quick))
        return {
          bytes: file.bytes,
          figures: [Number(execFileSync(process.execPath, [child, file.path, file.root.toString()], { encoding: 'utf8' }))]
        }
      }),
      work: 'memory'
    },
    { ...row('tasks of two workers', '×', (quick) => workers(quick ? 300 : 10_000, quick ? 3 : 1)), ref: 'one worker' }
  ]
}

const row = (name: string, unit: Reading['unit'], read: (quick: boolean) => Promise<{ bytes: number; figures: readonly number[] }>): Reading => ({
  work: 'task',
  codec: '',
  case: name,
  group: undefined,
  bytes: 0,
  ref: '',
  unit,
  read
})

/** Without a signature, which is reported apart. */
async function unsigned(): Promise<Signer> {
  const { did, type } = await generateSigner()
  const signature = new Uint8Array(64)
  return { did, type, sign: async () => signature }
}

async function withEngine<T>(kind: 'memory' | 'disk', use: (engine: Engine) => Promise<T>): Promise<T> {
  if (kind === 'memory') return use(memoryEngine())
  const folder = mkdtempSync(join(tmpdir(), 'autocodec-bench-'))
  const engine = await diskEngine(folder)
  try {
    return await use(engine)
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A block that is its own CID: nothing is fetched. */
const file = CID.createV1(0x55, identity.digest(new TextEncoder().encode('hello big world')))
const call = (n: number): CallRequest => ({ mod: 'word-count', fun: 'count', params: { file, n } })

/** Microseconds of calls that are remembered, or of calls that are not, less those of the function alone, call by call in turns. */
async function calls(engine: Engine, count: number, remembered: boolean): Promise<{ bytes: number; figures: number[] }> {
  const host = await createHost()
  const executor = await createExecutor({ host, engine, signer: await unsigned() })
  const module = await loadFunction(host, 'word-count')
  const figures: number[] = []
  for (let n = 0; n < count + 200; n++) {
    const own = remembered ? 0 : await timed(() => runFunction(module, { fun: 'count', params: { file, n } }))
    const whole = await timed(() => executor.run(call(remembered ? n % 100 : n)))
    // the first are slower: nothing has been compiled, and nothing is remembered
    if (n >= 200) figures.push(whole - own)
  }
  return { bytes: 15, figures }
}

async function signatures(count: number): Promise<{ bytes: number; figures: number[] }> {
  const signer = await generateSigner()
  const bytes = new Uint8Array(400)
  const figures: number[] = []
  for (let n = 0; n < count; n++) figures.push(await timed(() => signer.sign(bytes)))
  return { bytes: bytes.length, figures }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) * 1_000
}

const texts = new Map<number, Promise<TextFile>>()

/** Made once, and gone when the process ends. */
function text(mib: number): Promise<TextFile> {
  const found = texts.get(mib) ?? makeText(mib)
  texts.set(mib, found)
  return found
}

/** Times both in turns: reference time by ours. */
async function ratios({ path, root, bytes }: TextFile, quick: boolean, trusted: boolean): Promise<{ bytes: number; figures: number[] }> {
  await using place = await placeOf(path, root)
  const figures: number[] = []
  for (let round = 0; round < (quick ? 5 : 3); round++) {
    let ours = 0
    let theirs = 0
    let counts: unknown[] = []
    for (const mine of round % 2 === 0 ? [true, false] : [false, true]) {
      const took = await timed(async () => counts.push(await (mine ? ourCount : theirCount)(place, trusted)))
      if (mine) ours = took
      else theirs = took
    }
    counts = counts.map((count) => JSON.stringify(Object.entries(count as object).sort()))
    if (counts[0] !== counts[1]) throw new Error(`got ${counts[0]} and ${counts[1]}`)
    figures.push(theirs / ours)
  }
  return { bytes, figures }
}

/** The same tasks, small pictures made smaller, over one worker and over two: time of one by time of two. Signed, as they are. */
async function workers(count: number, rounds: number): Promise<{ bytes: number; figures: number[] }> {
  const block = picture(SIDE)
  const cid = CID.createV1(0x55, await sha256.digest(block))
  const signer = await generateSigner()
  const host = await createHost()
  const figures: number[] = []
  const run = async (size: number): Promise<number> => {
    await using pool = nodeFunctionWorkers({ size })
    const executor = await createExecutor({ host, engine: memoryEngine(), signer, get: () => block, runner: pool.run })
    await all(executor, cid, 50, size, 1_000_000)
    // awaited here: the workers end with this call
    return await timed(() => all(executor, cid, count, size, 0))
  }
  for (let round = 0; round < rounds; round++) {
    const one = await run(1)
    const two = await run(2)
    figures.push(one / two)
  }
  return { bytes: block.length, figures }
}

const SIDE = 512

/** Tasks that differ by their nonce alone, a few under way for each worker. */
async function all(executor: Executor, cid: CID, count: number, size: number, from: number): Promise<void> {
  let next = from
  const work = async (): Promise<void> => {
    while (next < from + count) {
      const n = next++
      const nonce = Uint8Array.of(n >> 16, n >> 8, n)
      const { out } = await executor.run({ mod: 'thumbnail', fun: 'thumbnail', params: { file: cid, width: 64 }, nonce })
      if ('error' in out) throw new Error(JSON.stringify(out.error))
    }
  }
  await Promise.all(Array.from({ length: size * 3 }, work))
}
