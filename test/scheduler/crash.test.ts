/**
 * The end of the process at any moment, again and again, while it does a thousand tasks: each ends with one receipt that is right, none is lost, and what must not happen twice does not.
 * `AUTOCODEC_CRASHES` says how often; `AUTOCODEC_SEED` repeats a run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { diskEngine } from '../../src/engine/disk.js'
import { type EffectFact, factsOf } from '../../src/scheduler/index.js'
import { exportSigner, generateSigner, type Receipt, readReceipt, taskCid, verifySignature } from '../../src/ucan/index.js'
import { note } from '../note.js'
import { randomFrom } from './crash/random.js'
import { APPEND, crashTasks, SET } from './crash/tasks.js'

const CRASHES = Number(process.env.AUTOCODEC_CRASHES ?? 25)
const SEED = Number(process.env.AUTOCODEC_SEED ?? Date.now() % 1_000_000)
const TASKS = 1000
/** with those that they queue */
const ALL = TASKS + crashTasks(TASKS).filter(({ queued }) => queued !== undefined).length
const WORKER = join(root, 'build/crash/worker.mjs')
/** No worker may take longer, in milliseconds, however slow the machine. */
const LONGEST = 120_000

let folder: string

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autocodec-crash-'))
  const entry = join(root, 'test/scheduler/crash/worker.ts')
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    outfile: WORKER,
    splitting: false
  })
})

test.after(() => rm(folder, { recursive: true, force: true }))

/** Runs a worker until `stop` kills it; answers whether it came to its end. */
async function work(seed: number, stop: (kill: () => void, child: { dots: () => number }) => void): Promise<boolean> {
  const child = spawn(process.execPath, [WORKER, folder, `${TASKS}`, `${seed}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  let check: (() => void) | undefined
  child.stdout.on('data', (chunk) => {
    output += chunk
    check?.()
  })
  let killed = false
  const kill = (): void => {
    killed = true
    child.kill('SIGKILL')
  }
  const limit = setTimeout(kill, LONGEST)
  const dots = (): number => output.split('\n').filter((line) => line === '.').length
  stop(kill, { dots })
  check = () => stop(kill, { dots })
  const [code] = await once(child, 'close')
  clearTimeout(limit)
  const ended = output.endsWith('end\n')
  assert.ok(ended || killed, `seed ${SEED}: the worker ended by itself with ${code}: ${errors}`)
  return ended
}

const lines = (name: string): string[] => {
  const path = join(folder, name)
  // a line that was not finished is one more thing that a crash may leave
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

test(`${CRASHES} processes killed while they do ${TASKS} tasks`, async () => {
  const random = randomFrom(SEED)
  const signer = await generateSigner()
  await writeFile(join(folder, 'key'), await exportSigner(signer))
  let crashes = 0
  let starting = 0
  let before = 0
  for (; crashes < CRASHES; crashes++) {
    const seed = Math.floor(random() * 2 ** 32)
    let ended: boolean
    if (random() < 0.2) {
      // while it starts, and finishes what the one before has left
      const wait = random() * 400
      ended = await work(seed, (kill, { dots }) => dots() === 0 && setTimeout(kill, wait))
      starting++
    } else {
      // so many tasks later that there is something to do until the last crash, and a moment more
      const tasks = Math.floor((0.8 * random() * Math.max(ALL - before, 1)) / (CRASHES - crashes))
      const wait = random() * 5
      let armed = false
      ended = await work(seed, (kill, { dots }) => {
        if (armed || dots() < tasks) return
        armed = true
        setTimeout(kill, wait + (tasks === 0 ? 150 : 0))
      })
    }
    before = new Set(lines('done').map((line) => line.split(' ')[0])).size
    if (ended) break
  }
  assert.ok(await work(1, () => {}), 'the last one comes to its end')
  assert.ok(crashes >= CRASHES * 0.8, `seed ${SEED}: all was done after ${crashes} crashes`)

  const engine = await diskEngine(join(folder, 'state'))
  const receipts = new Map<string, Receipt>()
  try {
    for await (const [key, { value }] of engine.receipts.entries()) {
      const receipt = readReceipt(value)
      await verifySignature(receipt)
      assert.is(receipt.executor, signer.did)
      assert.ok(receipt.ran.equals(key), `the receipt of ${key} is of ${receipt.ran}`)
      receipts.set(key.toString(), receipt)
    }
    const left: string[] = []
    for await (const [key] of engine.tasks.entries()) left.push(key.toString())
    assert.equal(left, [], `seed ${SEED}: records of tasks are left`)
  } finally {
    await engine.close()
  }

  // one receipt each: what was ever told of a task is what is there
  for (const line of lines('done')) {
    const [task, receipt] = line.split(' ')
    assert.is(receipts.get(task)?.cid.toString(), receipt, `seed ${SEED}: task ${task} had another receipt`)
  }
  const appended = lines('effects').filter((line) => line.startsWith(`${APPEND} `))
  assert.is(new Set(appended).size, appended.length, `seed ${SEED}: an effect was done twice`)
  const performed = new Set(lines('effects').map((line) => line.split(' ')[1]))

  const known = new Set<string>()
  let interrupted = 0
  const receiptOf = (cid: CID): Receipt => {
    const receipt = receipts.get(cid.toString())
    assert.ok(receipt, `seed ${SEED}: the receipt of ${cid} is lost`)
    known.add(cid.toString())
    return receipt as Receipt
  }
  const called = ({ mod, fun, params }: { mod: CID; fun: string; params?: unknown }): CID =>
    taskCid({ sub: signer.did, cmd: '/wasm/run', args: { mod, fun, params }, nonce: new Uint8Array(0) })
  for (const { call, ok, effects, queued } of crashTasks(TASKS)) {
    const receipt = receiptOf(called(call))
    const out = receipt.out as { ok: { answer?: unknown } }
    assert.equal(call.fun === 'emit' ? out.ok.answer : out.ok, ok)
    const facts = (factsOf(receipt).effects ?? []) as EffectFact[]
    assert.equal(
      facts.map(({ cmd, allowed }) => [cmd, allowed]),
      [...effects, ...(queued === undefined ? [] : ['/task/enqueue'])].map((command) => [command, true])
    )
    for (const { cmd, task, receipt: done, out } of facts) {
      if (cmd === '/task/enqueue') continue
      const own = receiptOf(task)
      assert.ok(done?.equals(own.cid), `seed ${SEED}: the receipt of effect ${task} is another`)
      assert.equal(own.out, out)
      if ('ok' in own.out) assert.ok(performed.has(task.toString()), `seed ${SEED}: ${task} says that it was done`)
      else {
        assert.is((own.out.error as { code: string }).code, 'INTERRUPTED')
        assert.is.not(cmd, SET)
        interrupted++
      }
    }
    if (queued === undefined) continue
    const inner = receiptOf(taskCid({ sub: signer.did, ...queued }))
    if ('ok' in inner.out) assert.ok(queued.cmd !== APPEND || performed.has(inner.ran.toString()), `seed ${SEED}: ${inner.ran} says that it was done`)
    else {
      assert.is((inner.out.error as { code: string }).code, 'INTERRUPTED')
      assert.is(queued.cmd, APPEND)
      interrupted++
    }
    assert.ok(inner.payload.cause?.equals(receipt.cid), 'what was queued names its cause')
  }
  assert.is(known.size, receipts.size, 'there are receipts of nothing')
  note(
    `${crashes} crashes (${starting} while starting), seed ${SEED}: ${receipts.size} receipts, one each; ${appended.length} effects done once, ${interrupted} of them or others interrupted`
  )
})

test.run()
