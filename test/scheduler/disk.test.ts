/** The same tasks on both drivers of state: the same receipts to the bit, and what one process has left is gone on with by the next. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { diskEngine } from '../../src/engine/disk.js'
import { type Engine, memoryEngine } from '../../src/engine/index.js'
import { createHost } from '../../src/index.js'
import { createExecutor, ENQUEUE, type Executor, RUN } from '../../src/scheduler/index.js'
import { signerFrom } from '../../src/ucan/index.js'
import * as p from '../task/puppet.js'

const DO = '/test/do'
const host = await createHost()
const signer = await signerFrom(new Uint8Array(32).fill(3))
let folder: string

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autocodec-scheduler-'))
})

test.after(() => rm(folder, { recursive: true, force: true }))

async function on(engine: Engine): Promise<{ executor: Executor; did: unknown[] }> {
  const did: unknown[] = []
  await engine.blocks.put(p.puppetCid, p.puppet)
  const providers = [{ command: DO, kind: 'destructive' as const, perform: (args: unknown) => void did.push(args) }]
  return { executor: await createExecutor({ host, engine, signer, providers, policy: { enqueue: [RUN] }, now: () => 1_800_000_000 }), did }
}

const call = (steps: readonly p.Step[], fun = 'play', limits = {}) => ({ mod: p.puppetCid, fun, params: p.play(steps, p.puppetCid), limits })
const inner = { cmd: RUN, args: { mod: p.puppetCid, fun: 'play', params: p.play([p.done('inner')]) } }

/** Name and call. */
const TASKS = [
  ['a value', call([p.done({ a: [1, -1.5, 'text', null] })])],
  ['new blocks', call([p.ask(3, 0x55, new Uint8Array(70_000)), p.ask(4, 0x71, { a: 1 }), p.pass()])],
  ['a stream', call([p.store(p.cell(0), 1025), p.emit({ n: 1 }), p.repeat(0, 1), p.done()], 'emit')],
  ['effects', call([p.ask(7, DO, { n: 1 }), p.ask(7, '/none', {}), p.ask(7, ENQUEUE, inner), p.done()])],
  ['a trap', call([p.trap], 'play', { fuel: 1_000_000 })],
  ['no fuel', call([p.spin], 'play', { fuel: 1_000_000 })],
  ['inputs', { ...call([p.pass()]), inputs: { dice: { cmd: '/random/bytes', args: { length: 32, label: 'x' } } } }]
] as const

for (const [name, request] of TASKS) {
  test(`the same receipt in memory and on disk: ${name}`, async () => {
    const path = join(folder, name)
    const disk = await diskEngine(path)
    const [here, there] = [await on(memoryEngine()), await on(disk)]
    const [a, b] = [await here.executor.run(request), await there.executor.run(request)]
    assert.is(String(b.receipt.cid), String(a.receipt.cid))
    assert.equal(there.did, here.did)
    await there.executor.close()
    await disk.close()
    // and after the end of the process it is what answers
    const again = await diskEngine(path)
    try {
      const { executor, did } = await on(again)
      const executed = await executor.run(request)
      assert.equal([executed.cached, String(executed.receipt.cid), did], [true, String(a.receipt.cid), []])
      const ran: string[] = []
      for await (const { receipt } of executor.work()) ran.push(String(receipt.payload.cause))
      assert.equal(ran, name === 'effects' ? [String(a.receipt.cid)] : [])
    } finally {
      await again.close()
    }
  })
}

test('a run that is suspended in one process and gone on with in the next has the same receipt', async () => {
  const request = call([p.ask(3, 0x55, new Uint8Array(1000)), p.grow(3), p.ask(7, DO, { n: 1 }), p.ask(8), p.done('end')])
  const whole = await (await on(memoryEngine())).executor.run(request)
  const path = join(folder, 'suspended')
  let checkpoint: CID | undefined
  {
    const engine = await diskEngine(path)
    const { executor, did } = await on(engine)
    await executor.run(request, { suspend: AbortSignal.abort() }).then(
      () => assert.unreachable('it was not suspended'),
      (error) => {
        assert.is(error.code, 'SUSPENDED')
        checkpoint = error.cid
      }
    )
    assert.equal(did, [])
    await engine.close()
  }
  const engine = await diskEngine(path)
  try {
    const { executor, did } = await on(engine)
    // of another task it is refused, and nothing has been done
    await executor.run(call([p.done('another')]), { checkpoint }).then(
      () => assert.unreachable('another task went on from there'),
      (error) => assert.is(error.code, 'STATE')
    )
    const executed = await executor.run(request, { checkpoint })
    assert.equal([String(executed.receipt.cid), did], [String(whole.receipt.cid), [{ n: 1 }]])
  } finally {
    await engine.close()
  }
})

test.run()
