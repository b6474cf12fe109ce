/** The end of a process at any moment: what was acknowledged is there and whole, and of the rest there is all or nothing. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { bytesOf, cidOf } from '../../src/engine/conformance/trial.js'
import { diskEngine } from '../../src/engine/disk.js'
import { type Engine, EngineError } from '../../src/engine/index.js'
import { note } from '../note.js'

const ROUNDS = 50
const WRITER = join(root, 'test/engine/writer.mjs')
const { lengthOf, COUNTER } = (await import(WRITER)) as { lengthOf: (number: number) => number; COUNTER: ReturnType<typeof cidOf> }

/** All that has ever been acknowledged. */
interface Told {
  readonly records: Set<number>
  readonly deleted: Set<number>
  readonly blocks: Set<number>
  counter: number
  revision: number
}

let folder: string

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autocodec-kill-'))
})

test.after(() => rm(folder, { recursive: true }))

function writer(path: string, first: number): { child: ChildProcess; output: () => string; opened: Promise<void> } {
  const child = spawn(process.execPath, [WRITER, path, `${first}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  const opened = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      resolve()
    })
    child.on('exit', () => reject(new Error(`the writer ended by itself: ${errors}`)))
  })
  return { child, output: () => output, opened }
}

async function killed({ child }: { child: ChildProcess }): Promise<void> {
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}

/** A line that was not finished was not told. */
function hear(output: string, told: Told): number {
  let last = 0
  const lines = output.split('\n').slice(1, -1)
  for (const line of lines) {
    const [what, ...numbers] = line.split(' ')
    const [n, revision] = numbers.map(Number)
    if (what === 'r' || what === 's') told.records.add(n)
    else if (what === 'd') told.deleted.add(n)
    else if (what === 'b') told.blocks.add(n)
    else if (what === 'c') told.counter = n
    else throw new Error(`the writer said ${line}`)
    if (revision !== undefined) told.revision = Math.max(told.revision, revision)
    if (what !== 'c') last = Math.max(last, n)
  }
  return last
}

async function check({ receipts, tasks, blocks }: Engine, told: Told): Promise<void> {
  const there = new Set<number>()
  for await (const [key, { value }] of receipts.entries()) {
    const n = new DataView(key.bytes.buffer, key.bytes.byteOffset).getUint32(key.bytes.length - 4)
    assert.ok(key.equals(cidOf(n)), `nobody put ${key}`)
    assert.ok(Buffer.compare(value, bytesOf(n, lengthOf(n))) === 0, `record ${n} is not whole`)
    assert.not.ok(told.deleted.has(n), `record ${n} was deleted`)
    there.add(n)
  }
  // one that ends in 0 may have been deleted without anybody having been told
  for (const n of told.records) assert.ok(there.has(n) || n % 10 === 0, `record ${n} is lost`)
  for (const n of told.blocks) assert.ok(await blocks.has(cidOf(n)), `block ${n} is lost`)
  const counter = (await tasks.get(COUNTER))?.value
  const number = counter === undefined ? 0 : new DataView(counter.buffer, counter.byteOffset).getUint32(0)
  assert.ok(number === told.counter || number === told.counter + 1, `the counter is ${number}, and ${told.counter} was acknowledged`)
  told.counter = number
}

/** Every block that has its name, told or not. */
async function checkBlocks(engine: Engine, path: string, from: number, to: number): Promise<number> {
  let count = 0
  for (let n = from; n < to; n++) {
    const block = await engine.blocks.get(cidOf(n))
    if (block === undefined) continue
    assert.ok(Buffer.compare(block, bytesOf(n, 5 * lengthOf(n))) === 0, `block ${n} is not whole`)
    count++
  }
  assert.equal(await readdir(join(path, 'unfinished')), [], 'what was unfinished is cleared away')
  return count
}

test(`${ROUNDS} processes killed while they write`, async () => {
  const path = join(folder, 'state')
  const told: Told = { records: new Set(), deleted: new Set(), blocks: new Set(), counter: 0, revision: 0 }
  let first = 0
  let blocks = 0
  for (let round = 0; round < ROUNDS; round++) {
    const child = writer(path, first)
    await child.opened
    await new Promise((resolve) => setTimeout(resolve, (round * 37) % 90))
    await killed(child)
    const next = Math.max(first, hear(child.output(), told)) + 100
    const engine = await diskEngine(path)
    try {
      await check(engine, told)
      blocks += await checkBlocks(engine, path, first, next)
      const revision = (await engine.tasks.put(cidOf(0), bytesOf(round))) ?? 0
      assert.ok(revision > told.revision, `revision ${revision} after ${told.revision}`)
      told.revision = revision
    } finally {
      await engine.close()
    }
    first = next
  }
  assert.ok(told.records.size > ROUNDS && told.blocks.size > ROUNDS && told.counter > ROUNDS, 'too little was written to say anything')
  note(
    `${ROUNDS} kills: ${told.records.size} records and ${told.blocks.size} of ${blocks} blocks acknowledged, the counter at ${told.counter}; none lost, none torn`
  )
})

test('processes killed while they open a place for the first time', async () => {
  let early = 0
  for (let round = 0; round < 20; round++) {
    const path = join(folder, `first-${round}`)
    const child = writer(path, 0)
    const opened = child.opened.catch(() => {})
    await Promise.race([opened, new Promise((resolve) => setTimeout(resolve, 60 + 6 * round))])
    await killed(child)
    if (child.output() === '') early++
    const engine = await diskEngine(path)
    await engine.close()
  }
  assert.ok(early > 0, 'all were too late')
})

test('a place that another process has, until that is killed', async () => {
  const path = join(folder, 'locked')
  const child = writer(path, 0)
  await child.opened
  const error = await diskEngine(path).then(
    () => undefined,
    (error) => error
  )
  await killed(child)
  assert.instance(error, EngineError)
  assert.is(error.code, 'ENGINE_LOCKED')
  assert.match(error.message, /records is open already, here or in another process/)
  const engine = await diskEngine(path)
  await engine.close()
})

test.run()
