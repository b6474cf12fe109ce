/** Runs that are suspended between any two calls and gone on with in another module: the same in everything. States that are none are refused (docs/functions.md section 9). */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/index.js'
import { type FunctionModule, loadFunction, type Outcome, type RunOptions, resumeFunction, runFunction, type Suspended } from '../../src/task/index.js'
import * as p from './puppet.js'

const host = await createHost()
const module = await p.loadPuppet(host)
const noise = (n: number, seed = 1): Uint8Array => Uint8Array.from({ length: n }, (_, i) => Math.imul(i + seed, 2_654_435_761) >>> 24)

const blocks = new Map<string, Uint8Array>()
async function block(bytes: Uint8Array, code = 0x55): Promise<CID> {
  const cid = CID.createV1(code, await sha256.digest(bytes))
  blocks.set(cid.toString(), bytes)
  return cid
}
const leaf = await block(noise(1000))
const second = await block(noise(3000, 7))
const node = await block(dagCbor.encode({ a: [leaf, { b: 'text '.repeat(300) }] }), dagCbor.code)
const dag = await block(dagCbor.encode([node, second, leaf]), dagCbor.code)

const made = [node, second]
const madeCid = CID.createV1(dagCbor.code, await sha256.digest(dagCbor.encode(made)))

const get = (cid: CID): Uint8Array | undefined => blocks.get(cid.toString())
const now = (): AbortSignal => AbortSignal.abort()

/** Aborts at the call of this number: it is looked at once between two calls. */
function after(calls: number): AbortSignal {
  let left = calls
  return {
    get aborted() {
      return left-- <= 0
    }
  } as AbortSignal
}

const loop = (n: number): p.Step[] => [p.ask(6, n), p.log]

/** Name, function, steps, what is shown. */
const RUNS: readonly [name: string, fun: string, steps: p.Step[], shows: unknown[]][] = [
  [
    'every request',
    'play',
    [
      p.ask(1, leaf),
      p.log,
      p.ask(2, node, ['a', 1]),
      p.wrap(4, dagCbor.code),
      p.take(0),
      p.askRaw(p.list(3, 4), p.uint(2), p.inCell(0), p.list(0, 4)),
      p.ask(3, 0x55, noise(2000)),
      p.ask(7, '/a/b', { n: 1, leaf, bytes: noise(900) }),
      p.ask(5, 3, dag, 'dag', 0, null),
      ...loop(3),
      ...loop(3),
      p.ask(5, 0, [leaf, second, leaf], 'bytes', 500, 3600),
      ...loop(0),
      ...loop(0),
      ...loop(3),
      p.ask(5, 1, leaf, 'file', 10, 20),
      ...loop(1),
      ...loop(1),
      ...loop(0),
      ...loop(0),
      ...loop(3),
      p.ask(8, leaf),
      p.doneWithLog
    ],
    [leaf, second, node, dag]
  ],
  ['memory that grows', 'play', [p.grow(3), p.ask(8), p.fill(0x18_0000, 100_000, 7), p.ask(8), p.grow(1, 1), p.ask(3, 0x55, noise(100)), p.pass()], []],
  ['what is emitted', 'emit', [p.store(p.cell(0), 12), p.emit({ n: 1 }), p.emit(leaf), p.repeat(0, 1), p.done('end')], [leaf]],
  [
    'what it has made',
    'play',
    [
      p.ask(4, dagCbor.code, made),
      p.ask(5, 0, madeCid, 'dag', 0, null),
      ...loop(0),
      // a link that is shown when the stream is open already
      p.ask(2, dag, []),
      ...loop(0),
      p.ask(1, madeCid),
      p.askRaw(p.list(2, 3), p.uint(8), p.inInput(6)),
      ...loop(0),
      ...loop(0)
    ],
    [node, dag]
  ],
  ['a failure', 'play', [p.ask(1, leaf), p.ask(8), p.ask(6, 0), p.done()], [leaf]],
  ['a trap', 'play', [p.ask(1, leaf), p.ask(8), p.trap], [leaf]]
]

const options = (fun: string, steps: readonly p.Step[], shows: readonly unknown[]): RunOptions => ({ fun, params: p.play(steps, ...shows), get })

/** As it is compared. */
const all = ({ result, final, fuel, memory, effects, counts, blocks }: Outcome): unknown[] => [
  result,
  final,
  fuel,
  memory,
  effects,
  counts,
  blocks.map(({ cid, bytes }) => [String(cid), bytes]).sort()
]

/** The blocks of a checkpoint beside those of the test. */
function reading(suspended: Suspended): (cid: CID) => Uint8Array | undefined {
  const parts = new Map(suspended.blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
  return (cid) => parts.get(cid.toString()) ?? get(cid)
}

for (const [name, fun, steps, shows] of RUNS) {
  test(`suspended after each step, and after every step: ${name}`, async () => {
    const given = options(fun, steps, shows)
    const whole = (await runFunction(module, given)) as Outcome
    const elsewhere = await p.loadPuppet(await createHost())
    let calls = 0
    for (; ; calls++) {
      const suspended = await runFunction(module, { ...given, suspend: after(calls) })
      if (!('checkpoint' in suspended)) break
      const outcome = (await resumeFunction(elsewhere, suspended.checkpoint, { ...given, get: reading(suspended) })) as Outcome
      assert.equal(all(outcome), all(whole), `after ${calls}`)
      // the state is the same wherever it was taken
      const again = (await runFunction(elsewhere, { ...given, suspend: after(calls) })) as Suspended
      assert.is(String(again.checkpoint), String(suspended.checkpoint))
    }
    assert.ok(calls >= 2, `${calls} steps`)
    // and a chain of states, each taken after one more call
    let state = await runFunction(module, { ...given, suspend: now() })
    for (let hops = 0; 'checkpoint' in state; hops++) {
      const { checkpoint } = state
      state = await resumeFunction(hops % 2 === 0 ? elsewhere : module, checkpoint, { ...given, get: reading(state), suspend: after(1) })
    }
    assert.equal(all(state), all(whole))
  })
}

test('a state of which much has been shown, and much made, has no large block', async () => {
  const links = await Promise.all(Array.from({ length: 30_000 }, async (_, i) => CID.createV1(0x55, await sha256.digest(Uint8Array.of(i, i >> 8)))))
  const steps = [
    p.store(p.cell(0), 3000),
    p.ask(3, 0x55, noise(8)),
    p.emit({ n: 1 }),
    p.repeat(0, 1),
    p.ask(5, 0, links.slice(0, 5000), 'blocks', 0, null),
    p.ask(8),
    p.ask(8),
    p.done('end')
  ]
  const given = options('emit', steps, links)
  const whole = (await runFunction(module, given)) as Outcome
  const suspended = (await runFunction(module, { ...given, suspend: after(6002) })) as Suspended
  for (const { cid, bytes } of suspended.blocks) assert.ok(bytes.length <= 1024 * 1024, `${cid} has ${bytes.length} bytes`)
  const root = suspended.blocks.find(({ cid }) => cid.equals(suspended.checkpoint))
  assert.ok(root !== undefined && root.bytes.length < 100_000, `the root has ${root?.bytes.length} bytes`)
  assert.equal(all((await resumeFunction(module, suspended.checkpoint, { ...given, get: reading(suspended) })) as Outcome), all(whole))
})

test('limits are those of the whole run', async () => {
  const steps = [p.ask(5, 0, [leaf, second, leaf, second], 'blocks', 0, null), ...loop(0), ...loop(0), ...loop(0), ...loop(0), p.doneWithLog]
  for (const [limits, code] of [
    [{ blocks: 4 }, undefined],
    [{ blocks: 3 }, 'BLOCKS'],
    [{ links: 3 }, undefined]
  ] as const) {
    const given = { ...options('play', steps, [leaf, second]), limits }
    const whole = (await runFunction(module, given)) as Outcome
    assert.is('error' in whole.result ? whole.result.error.code : undefined, code)
    for (let calls = 1; calls < 5; calls++) {
      const suspended = await runFunction(module, { ...given, suspend: after(calls) })
      if (!('checkpoint' in suspended)) continue
      assert.equal(all((await resumeFunction(module, suspended.checkpoint, { ...given, get: reading(suspended) })) as Outcome), all(whole))
    }
  }
})

// --- states that are none ------------------------------------------------------------------------------------------------------------------------------------

const [, fun, steps, shows] = RUNS[0]
const given = options(fun, steps, shows)
const state = (await runFunction(module, { ...given, suspend: after(12) })) as Suspended
const parts = new Map(state.blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
const root = dagCbor.decode<Record<string, unknown>>(parts.get(state.checkpoint.toString()) as Uint8Array)
const honest = await runFunction(module, given)

async function refused(work: () => Promise<unknown>, codes: readonly string[]): Promise<void> {
  const error = await work().then(
    (outcome) => {
      throw new Error(`no error: ${JSON.stringify((outcome as Outcome).result).slice(0, 100)}`)
    },
    (error) => error as Error & { code?: string }
  )
  assert.ok(codes.includes(error.code ?? ''), error.stack)
  assert.equal(all((await runFunction(module, given)) as Outcome), all(honest as Outcome))
}

/** Blocks of states that are none. */
const others = new Map<string, Uint8Array>()
/** A list as a state has it. */
async function listed(...items: unknown[]): Promise<CID[]> {
  const bytes = dagCbor.encode(items)
  const cid = CID.createV1(dagCbor.code, await sha256.digest(bytes))
  others.set(cid.toString(), bytes)
  return [cid]
}

const store = (more: ReadonlyMap<string, Uint8Array>) => (cid: CID) =>
  more.get(cid.toString()) ?? parts.get(cid.toString()) ?? others.get(cid.toString()) ?? get(cid)
async function resumed(value: unknown, on: FunctionModule = module, more: Partial<RunOptions> = {}): Promise<unknown> {
  const bytes = value instanceof Uint8Array ? value : dagCbor.encode(value)
  const cid = CID.createV1(dagCbor.code, await sha256.digest(bytes))
  return resumeFunction(on, cid, { ...given, get: store(new Map([[cid.toString(), bytes]])), ...more })
}

test('the state as it is goes on', async () => {
  assert.equal(all((await resumed(root)) as Outcome), all(honest as Outcome))
})

test('a state of which a block is missing', async () => {
  for (const missing of parts.keys()) {
    const rest = (cid: CID) => (cid.toString() === missing ? undefined : store(new Map())(cid))
    await refused(() => resumeFunction(module, state.checkpoint, { ...given, get: rest }), ['BLOCK_NOT_FOUND'])
  }
})

test('a state of which a block is another', async () => {
  for (const [key, bytes] of parts) {
    const turned = bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))
    await refused(() => resumeFunction(module, state.checkpoint, { ...given, get: store(new Map([[key, turned]])) }), ['BLOCK_NOT_FOUND'])
  }
})

test('a state of another module, or of another function', async () => {
  const { sealManifest } = await import('../../src/codec/index.js')
  const other = await loadFunction(host, sealManifest(p.puppet, { ...p.MANIFEST, name: 'other' }))
  await refused(() => resumed(root, other), ['CHECKPOINT'])
  await refused(() => resumed(root, module, { fun: 'emit' }), ['CHECKPOINT'])
})

test('a state under other limits', async () => {
  await refused(() => resumed(root, module, { limits: { fuel: 1_000_000 } }), ['CHECKPOINT'])
  await refused(() => resumed(root, module, { limits: { blocks: 1 } }), ['CHECKPOINT'])
  await refused(async () => resumed(root, await p.loadPuppet(host, { memory: 1024 * 1024 })), ['CHECKPOINT'])
})

const guest = root.guest as Record<string, unknown>
const run = root.run as Record<string, unknown>
const counts = root.counts as Record<string, unknown>
const streams = root.streams as Record<string, Record<string, unknown>>
const [stream] = Object.keys(streams)
const many = await listed(...Array.from({ length: 1024 }, () => leaf))
const raw = [...parts.keys()].map((key) => CID.parse(key)).find(({ code }) => code === 0x55) as CID

for (const [name, changed] of [
  ['nothing', null],
  ['a list', [1]],
  ['text', 'checkpoint'],
  ['another version', { ...root, v: 1 }],
  ['no module', { ...root, module: null }],
  ['no guest', { ...root, guest: null }],
  ['a guest of too few pages', { ...root, guest: { ...guest, pages: 1 } }],
  ['a guest of no pages', { ...root, guest: { ...guest, pages: -1 } }],
  ['a guest of a million pages', { ...root, guest: { ...guest, pages: 1_000_000 } }],
  ['no globals', { ...root, guest: { ...guest, globals: new Uint8Array(0) } }],
  ['globals of 9 bytes', { ...root, guest: { ...guest, globals: new Uint8Array(9) } }],
  ['more globals', { ...root, guest: { ...guest, globals: new Uint8Array(800) } }],
  ['globals of more than 32 bits', { ...root, guest: { ...guest, globals: (guest.globals as Uint8Array).map(() => 255) } }],
  ['memory that is no list', { ...root, guest: { ...guest, memory: 7 } }],
  ['memory beyond its pages', { ...root, guest: { ...guest, memory: await listed({ at: 2 ** 31, blocks: [raw] }) } }],
  [
    'memory that overlaps',
    {
      ...root,
      guest: {
        ...guest,
        memory: await listed({ at: 0, blocks: [raw] }, { at: 1, blocks: [raw] })
      }
    }
  ],
  [
    'memory of the same block a million times',
    { ...root, guest: { ...guest, memory: await listed({ at: 0, blocks: Array.from({ length: 200_000 }, () => raw) }) } }
  ],
  ['a list of memory a million times', { ...root, guest: { ...guest, memory: Array.from({ length: 200_000 }, () => (guest.memory as CID[])[0]) } }],
  ['the same links, twenty million times', { ...root, shown: Array.from({ length: 20_000 }, () => many[0]) }],
  ['an answer that there is not', { ...root, run: { ...run, answer: 7 } }],
  ['an answer that is done', { ...root, run: { ...run, answer: 0 } }],
  ['more fuel', { ...root, run: { ...run, left: 10_000_000_000 } }],
  ['fuel that it has not spent', { ...root, run: { ...run, spent: 0 } }],
  ['negative fuel', { ...root, run: { ...run, left: -1 } }],
  ['an input of no kind', { ...root, run: { ...run, kind: 'none' } }],
  ['an input that is no list', { ...root, run: { ...run, input: null } }],
  ['whose words the input is', { ...root, run: { ...run, own: 1 } }],
  ['streams that are a list', { ...root, streams: [] }],
  ['stream 16', { ...root, streams: { 16: streams[stream] } }],
  ['stream "a"', { ...root, streams: { a: streams[stream] } }],
  ['a stream of no kind', { ...root, streams: { [stream]: { ...streams[stream], kind: 'none' } } }],
  ['a stream of nothing', { ...root, streams: { [stream]: { ...streams[stream], source: [] } } }],
  ['a stream beyond its end', { ...root, streams: { [stream]: { ...streams[stream], chunks: 1000 } } }],
  ['counts that are none', { ...root, counts: { ...counts, blocks: '1' } }],
  ['counts beyond the limits', { ...root, counts: { ...counts, effects: 100 } }],
  ['no counts', { ...root, counts: {} }],
  ['links that are numbers', { ...root, shown: await listed(1) }],
  ['lists that are numbers', { ...root, shown: [1] }],
  ['links that are two', { ...root, shown: await listed([leaf, leaf]) }],
  ['effects without a command', { ...root, effects: [{ args: 1 }] }],
  ['emitted links that do not add up', { ...root, emitted: { count: 7, index: [], links: [] } }],
  ['blocks that are others', { ...root, made: await listed({ cid: leaf, bytes: raw }) }],
  ['blocks that are no links', { ...root, made: await listed({ cid: 1, bytes: raw }) }]
] as const) {
  test(`no state: ${name}`, async () => {
    await refused(() => resumed(changed), ['CHECKPOINT'])
  })
}

test('every bit of the root turned over: refused, or a run that ends', async () => {
  const bytes = parts.get(state.checkpoint.toString()) as Uint8Array
  let went = 0
  let codes = 0
  for (let bit = 0; bit < bytes.length * 8; bit += 13) {
    const turned = bytes.slice()
    turned[bit >> 3] ^= 1 << (bit & 7)
    try {
      const outcome = (await resumed(turned, module, { limits: {}, signal: undefined })) as Outcome
      assert.ok('ok' in outcome.result || outcome.result.error.code !== '')
      went++
    } catch (error) {
      assert.ok(['CHECKPOINT', 'BLOCK_NOT_FOUND', 'UNKNOWN_CODEC'].includes((error as { code: string }).code), `bit ${bit}: ${(error as Error).stack}`)
      codes++
    }
  }
  // a state is believed as far as the guest could have come to it: what its memory and globals are
  assert.ok(codes > 300 && went > 300, `${codes} refused, ${went} ran`)
  assert.equal(all((await runFunction(module, given)) as Outcome), all(honest as Outcome))
})

test.run()
