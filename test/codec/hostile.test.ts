/** Codecs that lie: each gets its typed error, at every call the same, and the host goes on. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CodecError, createHost, type Host, HostError, IpldError, SandboxError } from '../../src/index.js'
import { note } from '../note.js'
import { assemble, codecOf, LIES, type Lie, type Stage, withSection } from './lies.js'

/** Ends in two bytes that are not UTF-8. */
const BLOCK = Uint8Array.of(0x61, 0x62, 0x63, 0x64, 0xff, 0xfe, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)
const VALUE = { list: [1, -2, 1.5], text: 'abc', long: new Uint8Array(600) }
/** No call may take longer, in milliseconds: a limit of fuel or of bytes ends it. Generous, since machines differ. */
const LONGEST = 10_000

interface Outcome {
  readonly error?: Error & { code?: string }
  readonly value?: unknown
  readonly fuel: number
}

/** What an honest codec gives on the same host. */
async function honestWorks(host: Host): Promise<void> {
  const cbor = await host.codec('dag-cbor')
  assert.equal(cbor.decode(cbor.encode({ a: [1, 'é'] })), { a: [1, 'é'] })
}

async function run(host: Host, lie: Lie, stage: Stage): Promise<Outcome> {
  let fuel = 0
  try {
    const { cid } = await host.add(lie.module)
    if (stage === 'add') return { fuel }
    const codec = await host.codec(cid)
    if (stage === 'load') return { fuel }
    try {
      switch (stage) {
        case 'decode':
          return { value: codec.decode(BLOCK), fuel: codec.fuel }
        case 'links':
          return { value: codec.links(BLOCK).length, fuel: codec.fuel }
        case 'node': {
          const node = codec.node(BLOCK)
          return { value: node.value(), fuel: codec.fuel }
        }
        case 'encode':
          return { value: codec.encode(VALUE), fuel: codec.fuel }
        case 'transcode':
          // to itself where it is its encoder that lies
          return { value: await host.transcode(BLOCK, cid, lie.stages.includes('decode') ? 'dag-cbor' : cid), fuel: codec.fuel }
      }
    } finally {
      fuel = codec.fuel
    }
  } catch (error) {
    return { error: error as Error, fuel }
  }
}

function isTyped(error: unknown): boolean {
  return error instanceof CodecError || error instanceof HostError || error instanceof SandboxError || error instanceof IpldError
}

// a value of 64 MiB at most, so that the bombs of this kind end sooner
const host = await createHost({ limits: { value: 64 * 1024 * 1024 } })

for (const lie of LIES) {
  test(lie.name, async () => {
    for (const stage of lie.stages) {
      const started = performance.now()
      const first = await run(host, lie, stage)
      assert.ok(performance.now() - started < LONGEST, `${stage}: took ${performance.now() - started} ms`)
      if (lie.value === undefined) {
        assert.ok(first.error !== undefined, `${stage}: no error, got ${String(first.value).slice(0, 80)}`)
        assert.ok(isTyped(first.error), `${stage}: ${first.error.stack}`)
        assert.is(first.error.code, lie.code, `${stage}: ${first.error.message}`)
      } else {
        assert.is(first.error, undefined, first.error?.stack)
        if (stage !== 'links') assert.is(first.value, lie.value)
      }
      await honestWorks(host)
      const second = await run(host, lie, stage)
      assert.is(second.error?.message, first.error?.message, stage)
      assert.equal(second.value, first.value, stage)
      assert.is(second.fuel, first.fuel, `${stage}: fuel`)
      if (process.env.SLOW && performance.now() - started > 300) console.log(lie.name, stage, performance.now() - started)
    }
  })
}

test('the corpus is all that was promised', () => {
  assert.ok(LIES.length >= 100, `${LIES.length} files`)
  for (const { name, stages } of LIES) assert.ok(stages.length > 0, name)
})

/** Ends in its code. */
const HONEST = `(module
  (memory (export "memory") 1)
  (global (export "control") i32 (i32.const 64))
  (func (export "decode") (param i32) (result i32) (i32.const 0)))`
const honestModule = assemble(HONEST)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const notModules: [name: string, module: unknown, error: unknown, message: RegExp][] = [
  ['nothing', new Uint8Array(0), HostError, /not a Wasm module/],
  ['text', bytes('(module)'), HostError, /not a Wasm module/],
  ['another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), HostError, /not a Wasm module/],
  ['a manifest that is not UTF-8', withSection(honestModule, Uint8Array.of(0x22, 0xff, 0x22)), HostError, /not JSON/],
  ['an empty manifest', withSection(honestModule, new Uint8Array(0)), HostError, /not JSON/],
  ['a section that ends after the module', codecOf(HONEST).slice(0, -1), HostError, /ends at \d+, after the module/],
  ['a size that does not end', Uint8Array.of(...honestModule, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 1), HostError, /does not end/],
  ['a name longer than its section', Uint8Array.of(...honestModule, 0, 2, 9, 0x61), HostError, /name that ends after it/],
  ['null', null, TypeError, /got null, expected a Uint8Array/],
  ['text instead of bytes', 'module', TypeError, /got string, expected a Uint8Array/]
]

for (const [name, module, type, message] of notModules) {
  test(`add: ${name}`, async () => {
    try {
      await host.add(module as Uint8Array)
    } catch (error) {
      assert.ok(error instanceof (type as typeof Error), (error as Error).stack)
      assert.match((error as Error).message, message)
      await honestWorks(host)
      return
    }
    assert.unreachable('no error')
  })
}

test('a module truncated anywhere is refused with a typed error', async () => {
  const module = codecOf(HONEST)
  const manifest = module.subarray(honestModule.length)
  for (let n = 8; n < honestModule.length; n++) {
    // the manifest is whole, so that it is the sandbox that has to notice
    const cut = Uint8Array.from([...module.subarray(0, n), ...manifest])
    try {
      const { cid } = await host.add(cut)
      await host.codec(cid)
    } catch (error) {
      assert.ok(isTyped(error), `${n}: ${(error as Error).stack}`)
      continue
    }
    assert.unreachable(`cut at ${n}: no error`)
  }
  await honestWorks(host)
})

test('pinned: what survives in memory is all that differs, and failures end that too', async () => {
  const module = codecOf(`(func (export "decode") (param i32) (result i32)
    (i32.store (i32.const 60000) (i32.add (i32.load (i32.const 60000)) (i32.const 1)))
    (if (i32.eq (i32.load8_u (i32.const 192)) (i32.const 1)) (then (unreachable)))
    (call $r (i32.const 3) (i32.const 0) (i32.load (i32.const 60000)) (i32.const 0))
    (i32.const 0))`)
  const { cid } = await host.add(module)
  const pinning = await createHost({ pinned: [cid] })
  await pinning.add(module)
  const codec = await pinning.codec(cid)
  assert.is(codec.decode(Uint8Array.of(0)), 1)
  const { fuel } = codec
  assert.is(codec.decode(Uint8Array.of(0)), 2)
  assert.is(codec.fuel, fuel)
  assert.throws(
    () => codec.decode(Uint8Array.of(1)),
    (error: SandboxError) => error.code === 'TRAP'
  )
  assert.is(codec.decode(Uint8Array.of(0)), 1)
  assert.is(codec.fuel, fuel)
})

test('the memory of the process stays flat over 10,000 hostile calls', async () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  // those that end soon: the slow ones have their limits, which the tests above saw
  const quick: { lie: Lie; stage: Stage }[] = []
  const codecs = new Map<Lie, Awaited<ReturnType<Host['codec']>>>()
  for (const lie of LIES) {
    const stage = lie.stages.find((stage) => ['decode', 'links', 'encode'].includes(stage))
    if (stage === undefined || ['FUEL', 'STACK', 'VALUE_SIZE', 'OUTPUT_SIZE'].includes(lie.code) || /^(deep-100000|memory-bomb)/.test(lie.name)) continue
    codecs.set(lie, await host.codec((await host.add(lie.module)).cid))
    quick.push({ lie, stage })
  }
  let calls = 0
  const round = (): void => {
    for (const { lie, stage } of quick) {
      const codec = codecs.get(lie)!
      try {
        if (stage === 'decode') codec.decode(BLOCK)
        else if (stage === 'links') codec.links(BLOCK)
        else codec.encode(VALUE)
      } catch {
        // seen above
      }
      calls++
    }
  }
  const used = async (): Promise<number> => {
    // in turns of the event loop: what Wasm holds is freed by tasks
    for (let i = 0; i < 3; i++) {
      gc()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const { heapUsed, external, arrayBuffers } = process.memoryUsage()
    return heapUsed + external + arrayBuffers
  }
  while (calls < 2_000) round()
  const before = await used()
  calls = 0
  while (calls < 10_000) round()
  const grown = (await used()) - before
  note(`${calls} hostile calls of ${quick.length} codecs: ${(grown / 1024).toFixed(0)} KiB more`)
  assert.ok(grown < 4 * 1024 * 1024, `${grown} bytes more`)
  await honestWorks(host)
})

test('500 memory bombs leave nothing', async () => {
  const { cid } = await host.add(LIES.find(({ name }) => name === 'memory-bomb-trap')!.module)
  const codec = await host.codec(cid)
  for (let i = 0; i < 500; i++)
    assert.throws(
      () => codec.decode(BLOCK),
      (error: SandboxError) => error.code === 'TRAP'
    )
  await honestWorks(host)
})

test.run()
