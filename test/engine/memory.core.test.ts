/** The one suite for engines, on the one in memory, and what is its own. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf, cidOf } from '../../src/engine/conformance/trial.js'
import { engineSuite, type Place } from '../../src/engine/conformance.js'
import { EngineError, memoryEngine } from '../../src/engine/index.js'

async function place(): Promise<Place> {
  let now = 1_000_000
  return {
    open: async () => memoryEngine({ clock: () => now }),
    pass: async (ms) => {
      now += ms
    }
  }
}

for (const { name, run } of engineSuite()) test(name, () => run(place))

async function full(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (error) => error
  )
  assert.instance(error, EngineError)
  assert.is(error.code, 'ENGINE_FULL')
  assert.match(error.message, /expected at most 10000, which is maxBytes/)
}

test('maxBytes: what is refused changes nothing, and what is deleted makes room', async () => {
  const engine = memoryEngine({ maxBytes: 10_000 })
  const { receipts, blocks, leases } = engine
  await receipts.put(cidOf(1), bytesOf(1, 5000))
  await full(receipts.put(cidOf(2), bytesOf(2, 5000)))
  await full(blocks.put(cidOf(2), bytesOf(2, 5000)))
  assert.is(await receipts.get(cidOf(2)), undefined)
  assert.is(await blocks.has(cidOf(2)), false)
  // instead of the first there is room
  assert.ok(await receipts.put(cidOf(1), bytesOf(2, 9000)))
  await full(receipts.put(cidOf(1), bytesOf(2, 10_000)))
  assert.equal((await receipts.get(cidOf(1)))?.value, bytesOf(2, 9000))
  await receipts.delete(cidOf(1))
  await blocks.put(cidOf(2), bytesOf(2, 9000))
  await blocks.delete(cidOf(2))
  const held = []
  for (let i = 0; i < 70; i++) held.push(await leases.acquire(`task ${i}`, 'a', 10))
  await full(Promise.all(Array.from({ length: 20 }, (_, i) => leases.acquire(`more ${i}`, 'a', 10))))
})

test('maxBytes: all that was taken comes back', async () => {
  const engine = memoryEngine({ maxBytes: 10_000 })
  for (let i = 0; i < 1000; i++) {
    await engine.tasks.put(cidOf(i), bytesOf(i, i))
    await engine.tasks.put(cidOf(i), bytesOf(i, 2 * i))
    await engine.blocks.put(cidOf(i), bytesOf(i, i))
    await engine.blocks.delete(cidOf(i))
    await engine.tasks.delete(cidOf(i))
    const lease = await engine.leases.acquire(`${i}`, 'a', 10)
    assert.ok(lease)
    await engine.leases.release(lease)
  }
  assert.ok(await engine.receipts.put(cidOf(0), bytesOf(0, 9800)))
})

test('leases that expired are not kept for ever', async () => {
  let now = 0
  const { leases } = memoryEngine({ maxBytes: 1_000_000, clock: () => now })
  for (let i = 0; i < 50_000; i++) {
    assert.ok(await leases.acquire(`task ${i}`, 'a', 10))
    now++
  }
})

for (const maxBytes of [0, -1, Number.NaN, '1' as unknown as number]) {
  test(`maxBytes: ${maxBytes} is none`, () => {
    assert.throws(
      () => memoryEngine({ maxBytes }),
      (error: unknown) => error instanceof TypeError && error.message.startsWith('maxBytes: got ')
    )
  })
}

test.run()
