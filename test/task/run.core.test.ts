/** Runs of a function written by hand: what it is given for each request, and what it ends with for each lie. After each of them the module is as good as before. */
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CodecError, createHost, HostError, SandboxError } from '../../src/index.js'
import { DEFAULT_TASK_LIMITS, type Outcome, type RunOptions, runFunction, type TaskLimits } from '../../src/task/index.js'
import { text as exactly } from '../engines/text.js'
import * as p from './puppet.js'

const RAW = 0x55
const CBOR = dagCbor.code
const host = await createHost()
const module = await p.loadPuppet(host)
const small = await p.loadPuppet(host, { memory: 2 * 1024 * 1024 })

const text = (words: string): Uint8Array => new TextEncoder().encode(words)
const cidOf = async (bytes: Uint8Array, code = RAW): Promise<CID> => CID.createV1(code, await sha256.digest(bytes))
/** Bytes that look like nothing, the same each time. */
const noise = (n: number, seed = 1): Uint8Array => Uint8Array.from({ length: n }, (_, i) => Math.imul(i + seed, 2_654_435_761) >>> 24)

// --- the blocks of these tests -----------------------------------------------------------------------------------------------------------------------------

const blocks = new Map<string, Uint8Array>()
async function block(bytes: Uint8Array, code = RAW): Promise<CID> {
  const cid = await cidOf(bytes, code)
  blocks.set(cid.toString(), bytes)
  return cid
}

const leaf = await block(noise(1000))
const second = await block(noise(3000, 7))
const secret = await block(text('nobody has been shown this'))
const absent = await cidOf(text('nobody has this'))
const wrong = await cidOf(text('right'))
blocks.set(wrong.toString(), text('wrong'))
const unreadable = await block(Uint8Array.of(0xff, 0xff), CBOR)
const unknown = await block(text('of a codec that nobody knows'), 0x3f_fff1)
const long = 'a long string, ä and 漢字 '.repeat(100)
const inner = {
  list: [
    { name: 'one', n: 1 },
    { name: 'two', n: 2 },
    { name: 'three', n: 3, further: long }
  ],
  leaf
}
const innerCid = await block(dagCbor.encode(inner), CBOR)
const exact = {
  ints: [0, -1, 255, 2 ** 53 - 1, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 63n), -(2n ** 64n)],
  floats: [0.1, -1.5, 5e-324, 1.7976931348623157e308, -0.25],
  text: ['', long, '\u0000', '🚀'],
  bytes: [new Uint8Array(0), noise(2000)],
  links: [leaf, innerCid]
}
const exactCid = await block(dagCbor.encode(exact), CBOR)
const json = await block(dagJson.encode({ in: innerCid, 'a/b': { '0': 'digit' } }), dagJson.code)
const root = await block(dagCbor.encode({ deep: { json }, exact: exactCid, list: [leaf] }), CBOR)
// a DAG with a block that comes twice
const dagLeaf = await block(dagCbor.encode(['leaf']), CBOR)
const dagLeft = await block(dagCbor.encode([dagLeaf, { raw: leaf }]), CBOR)
const dag = await block(dagCbor.encode([dagLeft, dagLeaf, second]), CBOR)
const dagBroken = await block(dagCbor.encode([dagLeft, absent]), CBOR)
const dagFaulty = await block(dagCbor.encode([dagLeft, unreadable]), CBOR)
const dagUnknown = await block(dagCbor.encode([unknown]), CBOR)
/** UnixFS files of two leaves by hand: type file, size, sizes of the parts. */
const dagPbFile = (links: readonly CID[], sizes: readonly number[]): Uint8Array => {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)])
  const data = [8, 2, 24, ...varint(sizes.reduce((a, b) => a + b, 0)), ...sizes.flatMap((size) => [32, ...varint(size)])]
  const link = (cid: CID): number[] => {
    const body = [10, ...varint(cid.bytes.length), ...cid.bytes, 18, 0, 24, 1]
    return [18, ...varint(body.length), ...body]
  }
  return Uint8Array.from([...links.flatMap(link), 10, ...varint(data.length), ...data])
}
const file = await block(dagPbFile([leaf, second, leaf], [1000, 3000, 1000]), 0x70)
const fileBytes = Uint8Array.from([...noise(1000), ...noise(3000, 7), ...noise(1000)])
const fileBroken = await block(dagPbFile([leaf, absent], [1000, 10]), 0x70)
const fileLies = await block(dagPbFile([leaf, second], [1000, 10]), 0x70)
const directory = await block(Uint8Array.of(10, 2, 8, 1), 0x70)
const identity = CID.createV1(RAW, Digest.create(0, text('held')))
const identityNode = CID.createV1(CBOR, Digest.create(0, dagCbor.encode({ held: [7] })))

// what a function may make to lead to what nobody has shown it
const own = dagCbor.encode({ x: secret })
const ownCid = await cidOf(own, CBOR)
const above = dagCbor.encode([ownCid])
const aboveCid = await cidOf(above, CBOR)
const held = CID.createV1(CBOR, Digest.create(0, own))
const ownFile = dagPbFile([secret], [26])
const ownFileCid = await cidOf(ownFile, 0x70)
const heldFile = CID.createV1(0x70, Digest.create(0, ownFile))
/** A UnixFS file of one block, whose bytes are a CID. */
const inlineFile = Uint8Array.of(10, 42, 8, 2, 18, 36, ...secret.bytes, 24, 36)
const inlineFileCid = await cidOf(inlineFile, 0x70)
/** Where the CID stands in `own`, after a map, a key, a tag and a length; and in the file's chunk. */
const IN_OWN = 8
const openAt = (offset: number): p.Step => p.askRaw(p.list(2, 3), p.uint(1), p.inInput(offset))
const keepAt = (offset: number): p.Step => p.askRaw(p.list(2, 3), p.uint(8), p.inInput(offset))
// and what it may honestly make
const overShown = dagCbor.encode([dagLeft, { again: dagLeaf }])
const overShownCid = await cidOf(overShown, CBOR)
const overFile = dagPbFile([file, leaf], [5000, 1000])
const overFileCid = await cidOf(overFile, 0x70)

type Go = Partial<RunOptions> & { readonly fun?: string; readonly shows?: readonly unknown[]; readonly limits?: Partial<TaskLimits> }

function go(steps: readonly p.Step[], { shows = [], ...options }: Go = {}, on = module): Promise<Outcome> {
  const get = (cid: CID): Uint8Array | undefined => blocks.get(cid.toString())
  return runFunction(on, { fun: 'play', params: p.play(steps, ...shows), get, ...options, suspend: undefined })
}

function ok({ result }: Outcome): unknown {
  assert.ok('ok' in result, 'error' in result ? `${result.error.code}: ${result.error.message}` : '')
  return (result as { ok: unknown }).ok
}

// --- what it is given --------------------------------------------------------------------------------------------------------------------------------------

/** With keys in the order in which a block has them. */
const decoded = (value: unknown): unknown => dagCbor.decode(dagCbor.encode(value))

/** Name, steps, what is shown to it, the answer. */
const GOOD: readonly [name: string, steps: p.Step[], shows: unknown[], answer: unknown][] = [
  ['nothing', [p.done()], [], null],
  ['a value', [p.done(exact)], [leaf, innerCid], exact],
  ['open', [p.ask(1, leaf), p.log, p.doneWithLog], [leaf], [{ flags: 0, bytes: noise(1000) }]],
  [
    'open, twice',
    [p.ask(1, leaf), p.log, p.ask(1, second), p.log, p.doneWithLog],
    [leaf, { deep: [second] }],
    [
      { flags: 0, bytes: noise(1000) },
      { flags: 0, bytes: noise(3000, 7) }
    ]
  ],
  ['open a link with the identity hash that nobody has shown', [p.ask(1, identity), p.log, p.doneWithLog], [], [{ flags: 0, bytes: text('held') }]],
  ['node of a link with the identity hash', [p.ask(2, identityNode, ['held', 0]), p.pass()], [], 7],
  ['node, whole', [p.ask(2, innerCid, []), p.pass()], [innerCid], decoded(inner)],
  ['node at a path', [p.ask(2, innerCid, ['list', 1]), p.pass()], [innerCid], { n: 2, name: 'two' }],
  ['node at a path with an index as text', [p.ask(2, innerCid, ['list', '2', 'further']), p.pass()], [innerCid], long],
  ['node at a path over three codecs', [p.ask(2, root, ['deep', 'json', 'in', 'list', 0, 'name']), p.pass()], [root], 'one'],
  ['node at a key with a slash', [p.ask(2, json, ['a/b', 0]), p.pass()], [json], 'digit'],
  ['a last link is the node', [p.ask(2, root, ['deep', 'json', 'in']), p.pass()], [root], innerCid],
  ['node, exactly', [p.ask(2, root, ['exact', 'ints']), p.pass()], [root], exact.ints],
  ['nothing at a path', [p.ask(2, root, ['deep', 'nothing', 0]), p.log, p.doneWithLog], [root], [{ flags: 2, bytes: new Uint8Array(1).fill(0).slice(1) }]],
  ['nothing beyond a list', [p.ask(2, innerCid, ['list', 3]), p.log, p.doneWithLog], [innerCid], [{ flags: 2, bytes: new Uint8Array(0) }]],
  ['create', [p.ask(3, RAW, text('new')), p.pass()], [], await cidOf(text('new'))],
  ['create of a codec that nobody knows', [p.ask(3, 0x3f_fff1, text('new')), p.pass()], [], await cidOf(text('new'), 0x3f_fff1)],
  ['create of a long one', [p.ask(3, RAW, noise(100_000)), p.pass()], [], await cidOf(noise(100_000))],
  [
    'create of a range of the input',
    [p.ask(1, second), p.askRaw(p.list(3, 4), p.uint(3), p.uint(RAW), [7, 1500, 500]), p.pass()],
    [second],
    await cidOf(noise(3000, 7).slice(500, 2000))
  ],
  ['encode', [p.ask(4, CBOR, exact), p.pass()], [], exactCid],
  ['what node gave encodes to the same block', [p.ask(2, exactCid, []), p.wrap(4, CBOR), p.pass()], [exactCid], exactCid],
  ['with shared keys too', [p.ask(2, innerCid, []), p.wrap(4, CBOR), p.pass()], [innerCid], innerCid],
  ['and of another codec', [p.ask(2, json, []), p.wrap(4, dagJson.code), p.pass()], [json], json],
  [
    'open what it has made',
    [p.ask(3, RAW, text('new')), p.take(0), p.askRaw(p.list(2, 3), p.uint(1), p.inCell(0)), p.log, p.doneWithLog],
    [],
    [{ flags: 0, bytes: text('new') }]
  ],
  [
    'node of what it has made',
    [p.ask(4, CBOR, { made: [1, 2] }), p.take(0), p.askRaw(p.list(3, 4), p.uint(2), p.inCell(0), p.list(0, 4)), p.pass()],
    [],
    { made: [1, 2] }
  ],
  [
    'a link that stands in the block that it has opened',
    [p.ask(1, dagLeft), p.askRaw(p.list(2, 3), p.uint(1), p.inInput(6)), p.log, p.doneWithLog],
    [dagLeft],
    [{ flags: 0, bytes: dagCbor.encode(['leaf']) }]
  ],
  [
    'keep shows links of the input',
    [
      p.ask(1, dagLeft),
      p.readTo(0, 36, 6),
      p.askRaw(p.list(2, 3), p.uint(8), p.inInput(6)),
      p.askRaw(p.list(2, 3), p.uint(1), p.inCell(0)),
      p.log,
      p.doneWithLog
    ],
    [dagLeft],
    [{ flags: 0, bytes: dagCbor.encode(['leaf']) }]
  ],
  ['keep nothing', [p.ask(8), p.done(1)], [], 1],
  [
    'a file',
    [p.ask(5, 0, file, 'file', 0, null), p.ask(6, 0), p.log, p.ifNone(5), p.jump(1), p.doneWithLog],
    [file],
    [
      { flags: 0, bytes: noise(1000) },
      { flags: 0, bytes: noise(3000, 7) },
      { flags: 0, bytes: noise(1000) },
      { flags: 2, bytes: new Uint8Array(0) }
    ]
  ],
  ['the size of a file', [p.ask(5, 0, file, 'file', 0, null), p.pass()], [file], 5000],
  ['the size of a range', [p.ask(5, 0, file, 'file', 4990, 500), p.pass()], [file], 10],
  ['a range beyond the end', [p.ask(5, 0, file, 'file', 6000, 10), p.ask(6, 0), p.log, p.doneWithLog], [file], [{ flags: 2, bytes: new Uint8Array(0) }]],
  [
    'a range of a file',
    [p.ask(5, 15, file, 'file', 900, 200), p.ask(6, 15), p.log, p.ifNone(5), p.jump(1), p.doneWithLog],
    [file],
    [
      { flags: 0, bytes: fileBytes.slice(900, 1000) },
      { flags: 0, bytes: fileBytes.slice(1000, 1100) },
      { flags: 2, bytes: new Uint8Array(0) }
    ]
  ],
  ['a raw block is a file', [p.ask(5, 0, leaf, 'file', 0, 10), p.ask(6, 0), p.log, p.doneWithLog], [leaf], [{ flags: 0, bytes: noise(1000).slice(0, 10) }]],
  ['blocks, each with its link', [p.ask(5, 0, [leaf, second], 'blocks', 0, null), p.ask(6, 0), p.log, p.ask(6, 0), p.pass()], [leaf, second], second],
  ['no blocks', [p.ask(5, 0, [], 'blocks', 0, null), p.ask(6, 0), p.log, p.doneWithLog], [], [{ flags: 2, bytes: new Uint8Array(0) }]],
  [
    'bytes of blocks',
    [p.ask(5, 0, [leaf, second, leaf], 'bytes', 990, 3020), p.ask(6, 0), p.log, p.ifNone(5), p.jump(1), p.doneWithLog],
    [leaf, second],
    [
      { flags: 0, bytes: fileBytes.slice(990, 1000) },
      { flags: 0, bytes: noise(3000, 7) },
      { flags: 0, bytes: noise(1000).slice(0, 10) },
      { flags: 2, bytes: new Uint8Array(0) }
    ]
  ],
  [
    'a DAG, depth first, each block once',
    [p.ask(5, 0, dag, 'dag', 0, null), p.ask(6, 0), p.log, p.ifNone(5), p.jump(1), p.doneWithLog],
    [dag],
    [
      ...[dag, dagLeft, dagLeaf, leaf, second].map((cid) => ({ flags: 0, bytes: blocks.get(cid.toString()) as Uint8Array })),
      { flags: 2, bytes: new Uint8Array(0) }
    ]
  ],
  [
    'links that a DAG has given',
    [p.ask(5, 0, dag, 'dag', 0, null), p.ask(6, 0), p.ask(6, 0), p.take(0), p.askRaw(p.list(2, 3), p.uint(1), p.inCell(0)), p.log, p.doneWithLog],
    [dag],
    [{ flags: 0, bytes: blocks.get(dagLeft.toString()) }]
  ],
  [
    'several streams at a time',
    [p.ask(5, 3, file, 'file', 0, null), p.ask(5, 0, [second], 'blocks', 0, null), p.ask(6, 3), p.log, p.ask(6, 0), p.log, p.ask(6, 3), p.log, p.doneWithLog],
    [file, second],
    [
      { flags: 0, bytes: noise(1000) },
      { flags: 0, bytes: noise(3000, 7) },
      { flags: 0, bytes: noise(3000, 7) }
    ]
  ],
  [
    'a stream in place of another',
    [p.ask(5, 0, file, 'file', 0, null), p.ask(6, 0), p.ask(5, 0, [second], 'blocks', 0, null), p.ask(6, 0), p.log, p.doneWithLog],
    [file, second],
    [{ flags: 0, bytes: noise(3000, 7) }]
  ],
  [
    'the end of a stream again and again',
    [p.ask(5, 0, [], 'bytes', 0, null), p.ask(6, 0), p.ask(6, 0), p.log, p.doneWithLog],
    [],
    [{ flags: 2, bytes: new Uint8Array(0) }]
  ],
  [
    'a DAG that it has made, over one that it has been shown',
    [p.ask(3, CBOR, overShown), p.ask(5, 0, overShownCid, 'dag', 0, null), p.ask(6, 0), p.log, p.ifNone(6), p.jump(2), p.doneWithLog],
    [dagLeft],
    [
      ...[overShown, ...[dagLeft, dagLeaf, leaf].map((cid) => blocks.get(cid.toString()) as Uint8Array)].map((bytes) => ({ flags: 0, bytes })),
      { flags: 2, bytes: new Uint8Array(0) }
    ]
  ],
  [
    'a file that it has made, over one that it has been shown',
    [p.ask(3, 0x70, overFile), p.ask(5, 0, overFileCid, 'file', 900, 200), p.ask(6, 0), p.log, p.ifNone(6), p.jump(2), p.doneWithLog],
    [file, leaf],
    [
      { flags: 0, bytes: fileBytes.slice(900, 1000) },
      { flags: 0, bytes: fileBytes.slice(1000, 1100) },
      { flags: 2, bytes: new Uint8Array(0) }
    ]
  ],
  [
    'links of a block that it has been shown before it made the same',
    [p.ask(3, CBOR, own), p.ask(2, ownCid, []), p.ask(1, secret), p.log, p.doneWithLog],
    [ownCid],
    [{ flags: 0, bytes: text('nobody has been shown this') }]
  ],
  [
    'links of a block that its CID holds, where that CID has been shown',
    [p.ask(2, held, []), p.ask(1, secret), p.log, p.doneWithLog],
    [held],
    [{ flags: 0, bytes: text('nobody has been shown this') }]
  ],
  [
    'links of the block that it has after one of its own',
    [p.ask(1, held), p.ask(1, dagLeft), openAt(6), p.log, p.doneWithLog],
    [dagLeft],
    [{ flags: 0, bytes: dagCbor.encode(['leaf']) }]
  ],
  ['memory beyond its limit fails in the guest', [p.grow(100_000), p.done('and goes on')], [], 'and goes on']
]

/** Logs as chunks, so that a row can say what it expects. */
const readable = (answer: unknown, wanted: unknown): unknown => (answer instanceof Uint8Array && Array.isArray(wanted) ? p.chunksOf(answer) : answer)

for (const [name, steps, shows, wanted] of GOOD) {
  test(`given: ${name}`, async () => {
    const outcome = await go(steps, { shows })
    assert.is(exactly(readable(ok(outcome), wanted)), exactly(wanted))
    assert.is(outcome.final, true)
    const again = await go(steps, { shows })
    assert.equal([again.fuel, again.memory, again.counts], [outcome.fuel, outcome.memory, outcome.counts])
  })
}

test('inputs are shown, and are what the function is given', async () => {
  const outcome = await go([p.ask(1, leaf), p.log, p.doneWithLog], { inputs: { one: { link: leaf } } })
  assert.equal(p.chunksOf(ok(outcome)), [{ flags: 0, bytes: noise(1000) }])
})

test('named outputs', async () => {
  const answer = { left: 1, right: [leaf] }
  assert.equal(ok(await go([p.done(answer)], { fun: 'pair', shows: [leaf] })), answer)
})

test('an effect is noted, with what it was asked with', async () => {
  const { effects, result } = await go([p.ask(7, '/name/publish', { name: 'x', cid: leaf, long }), p.ask(7, '/none', null), p.done(1)], { shows: [leaf] })
  assert.equal(result, { ok: 1 })
  assert.equal(effects, [
    { cmd: '/name/publish', args: { name: 'x', cid: leaf, long } },
    { cmd: '/none', args: null }
  ])
})

for (const count of [0, 1, 1024, 1025, 3000]) {
  test(`emits ${count} nodes`, async () => {
    const steps = count === 0 ? [p.done('end')] : [p.store(p.cell(0), count), p.emit({ n: 1 }), p.repeat(0, 1), p.done('end')]
    const emitted: [string, unknown][] = []
    const outcome = await go(steps, { fun: 'emit', onEmit: (cid, value) => emitted.push([cid.toString(), value]) })
    const { answer, stream } = ok(outcome) as { answer: unknown; stream: { count: number; index: CID[] } }
    assert.is(answer, 'end')
    assert.is(stream.count, count)
    assert.is(stream.index.length, Math.ceil(count / 1024))
    const made = new Map(outcome.blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
    const links = stream.index.flatMap((cid) => dagCbor.decode(made.get(cid.toString()) as Uint8Array) as CID[])
    const each = await cidOf(dagCbor.encode({ n: 1 }), CBOR)
    assert.is(links.length, count)
    for (const [i, link] of links.entries()) {
      assert.ok(link.equals(each))
      assert.equal(emitted[i], [each.toString(), { n: 1 }])
    }
    for (const { cid, bytes } of outcome.blocks) assert.ok(cid.equals(await cidOf(bytes, cid.code)))
  })
}

test('a link that is emitted is the node itself', async () => {
  const outcome = await go([p.emit(leaf), p.done()], { fun: 'emit', shows: [leaf] })
  const { stream } = ok(outcome) as { stream: { index: CID[] } }
  assert.equal(dagCbor.decode(outcome.blocks[0].bytes), [leaf])
  assert.is(outcome.blocks.length, 1)
  assert.ok(stream.index[0].equals(outcome.blocks[0].cid))
})

test('a new block is there under each codec that it is asked for by', async () => {
  // the same bytes as raw, and then opened as dag-cbor
  const bytes = dagCbor.encode([1])
  const as = CID.createV1(CBOR, (await cidOf(bytes)).multihash)
  for (const put of [undefined, true]) {
    const taken = new Map<string, Uint8Array>()
    const get = (cid: CID) => [...taken].find(([key]) => CID.parse(key).multihash.bytes.every((byte, i) => byte === cid.multihash.bytes[i]))?.[1]
    const outcome = await go([p.ask(3, RAW, bytes), p.ask(2, as, [0]), p.pass()], {
      get,
      ...(put === undefined ? {} : { put: (cid: CID, given: Uint8Array) => void taken.set(cid.toString(), given) })
    })
    assert.is(ok(outcome), 1)
  }
})

// --- what it must end with ---------------------------------------------------------------------------------------------------------------------------------

/** A request of number `op` with a link, as often as there is room for. */
const million = (op: number, links = 999_999): p.Step[] => [
  p.ask(1, dagLeft),
  p.readTo(0, 36, 6),
  p.records(0x20_0000, links + 2, [0x28, 36, p.cell(0)]),
  p.store(0x20_0000, 9),
  p.store(0x20_0004, links + 1),
  p.store(0x20_0008, links + 2),
  p.store(0x20_0010, 3),
  p.store(0x20_0014, 0),
  p.store(0x20_0018, op),
  p.raw(-1, [], { tape: 0x20_0000, records: links + 2 })
]
/** One value, 2^n times. */
const doubled = (n: number): unknown => {
  let value: unknown = 'x'
  for (let i = 0; i < n; i++) value = [value, value]
  return value
}
const round: unknown[] = []
round.push(round, round)
/** The blocks of these tests as a source of modules. */
const asSource = () => ({ name: 'blocks', get: async (cid: CID) => blocks.get(cid.toString()) })
const openFile = p.ask(5, 0, file, 'file', 0, null)
const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

/** Name, code, steps, options; `passing` where it may end otherwise another time. */
const LIES: readonly [name: string, code: string, steps: p.Step[], options?: Go & { passing?: true }][] = [
  // requests
  ['asks nothing', 'INVALID_REQUEST', [p.raw(-1, [])]],
  ['asks with no list', 'INVALID_REQUEST', [p.answers(-1, 7)]],
  ['asks with null', 'INVALID_REQUEST', [p.answers(-1, null)]],
  ['asks with a map', 'INVALID_REQUEST', [p.answers(-1, { 0: 1 })]],
  ['asks with a link', 'INVALID_REQUEST', [p.answers(-1, leaf)], { shows: [leaf] }],
  ['asks with bytes', 'INVALID_REQUEST', [p.answers(-1, text('1'))]],
  ['an empty list', 'INVALID_REQUEST', [p.ask()]],
  ['request 0', 'INVALID_REQUEST', [p.ask(0)]],
  ['request 9', 'INVALID_REQUEST', [p.ask(9)]],
  ['request −1', 'INVALID_REQUEST', [p.ask(-1)]],
  ['request 1.5', 'INVALID_REQUEST', [p.ask(1.5)]],
  ['request 2^64 − 1', 'INVALID_REQUEST', [p.ask(2n ** 64n - 1n)]],
  ['request "1"', 'INVALID_REQUEST', [p.ask('1', leaf)]],
  ['request true', 'INVALID_REQUEST', [p.ask(true, leaf)]],
  ['open nothing', 'INVALID_REQUEST', [p.ask(1)]],
  ['open two', 'INVALID_REQUEST', [p.ask(1, leaf, leaf)], { shows: [leaf] }],
  ['open null', 'INVALID_REQUEST', [p.ask(1, null)]],
  ['open a CID as bytes', 'INVALID_REQUEST', [p.ask(1, leaf.bytes)]],
  ['open a CID as text', 'INVALID_REQUEST', [p.ask(1, leaf.toString())]],
  ['open a map that looks like a link', 'INVALID_REQUEST', [p.ask(1, { '/': leaf.toString() })]],
  [
    'open a map with a multihash and a code',
    'LINK_NOT_SHOWN',
    [p.ask(1, { multihash: { bytes: new Uint8Array(34), code: 18, digest: new Uint8Array(32) }, code: 85 })]
  ],
  ['a link that is no CID', 'INVALID_CID', [p.fill(p.cell(0), 36, 0xff), p.askRaw(p.list(2, 3), p.uint(1), p.inCell(0))]],
  ['a link that is cut off', 'INVALID_CID', [p.ask(1, leaf), p.askRaw(p.list(2, 3), p.uint(1), p.inInput(0, 10))], { shows: [leaf] }],
  ['a link beyond the input', 'INVALID_TAPE', [p.ask(1, leaf), p.askRaw(p.list(2, 3), p.uint(1), p.inInput(990))], { shows: [leaf] }],
  ['node without a path', 'INVALID_REQUEST', [p.ask(2, leaf)], { shows: [leaf] }],
  ['node with a path of text', 'INVALID_REQUEST', [p.ask(2, leaf, 'a/b')], { shows: [leaf] }],
  ['node with a path of null', 'INVALID_REQUEST', [p.ask(2, leaf, null)], { shows: [leaf] }],
  ['node with a negative index', 'INVALID_REQUEST', [p.ask(2, leaf, [-1])], { shows: [leaf] }],
  ['node with an index of 1.5', 'INVALID_REQUEST', [p.ask(2, leaf, [1.5])], { shows: [leaf] }],
  ['node with an index of 2^63', 'INVALID_REQUEST', [p.ask(2, leaf, [2n ** 63n])], { shows: [leaf] }],
  ['node with a link in its path', 'INVALID_REQUEST', [p.ask(2, leaf, [leaf])], { shows: [leaf] }],
  ['node with a list in its path', 'INVALID_REQUEST', [p.ask(2, leaf, [['a']])], { shows: [leaf] }],
  ['create of text', 'INVALID_REQUEST', [p.ask(3, RAW, 'text')]],
  ['create of nothing', 'INVALID_REQUEST', [p.ask(3, RAW)]],
  ['create of a negative codec', 'INVALID_REQUEST', [p.ask(3, -1, text('x'))]],
  ['create of codec 2^53', 'INVALID_REQUEST', [p.ask(3, 2n ** 53n, text('x'))]],
  ['create of codec "raw"', 'INVALID_REQUEST', [p.ask(3, 'raw', text('x'))]],
  ['create beyond memory', 'INVALID_TAPE', [p.raw(-1, [p.list(3, 4), p.uint(3), p.uint(RAW), [0x27, 0x7fffffff, 0]])]],
  ['encode of nothing', 'INVALID_REQUEST', [p.ask(4, CBOR)]],
  ['encode of two', 'INVALID_REQUEST', [p.ask(4, CBOR, 1, 2)]],
  ['encode of a codec that nobody has', 'UNKNOWN_CODEC', [p.ask(4, 0x3f_fff1, 1)], { passing: true }],
  ['encode of what the codec has no place for', 'UNREADABLE', [p.ask(4, RAW, { a: 1 })]],
  ['encode of a NaN', 'UNREADABLE', [p.askRaw(p.list(3, 4), p.uint(4), p.uint(CBOR), [5, 0, 0, 0x7ff80000])]],
  ['stream without a length', 'INVALID_REQUEST', [p.ask(5, 0, file, 'file', 0)], { shows: [file] }],
  ['stream 16', 'INVALID_REQUEST', [p.ask(5, 16, file, 'file', 0, null)], { shows: [file] }],
  ['stream −1', 'INVALID_REQUEST', [p.ask(5, -1, file, 'file', 0, null)], { shows: [file] }],
  ['stream 2^32', 'INVALID_REQUEST', [p.ask(5, 2 ** 32, file, 'file', 0, null)], { shows: [file] }],
  ['a stream of another kind', 'INVALID_REQUEST', [p.ask(5, 0, file, 'files', 0, null)], { shows: [file] }],
  ['a stream of a kind that objects have', 'INVALID_REQUEST', [p.ask(5, 0, file, 'constructor', 0, null)], { shows: [file] }],
  ['a stream of kind 1', 'INVALID_REQUEST', [p.ask(5, 0, file, 1, 0, null)], { shows: [file] }],
  ['a file of a list', 'INVALID_REQUEST', [p.ask(5, 0, [file], 'file', 0, null)], { shows: [file] }],
  ['blocks of a link', 'INVALID_REQUEST', [p.ask(5, 0, file, 'blocks', 0, null)], { shows: [file] }],
  ['blocks of numbers', 'INVALID_REQUEST', [p.ask(5, 0, [1], 'blocks', 0, null)]],
  ['a range of blocks', 'INVALID_REQUEST', [p.ask(5, 0, [file], 'blocks', 1, null)], { shows: [file] }],
  ['a range of a DAG', 'INVALID_REQUEST', [p.ask(5, 0, file, 'dag', 0, 1)], { shows: [file] }],
  ['a negative offset', 'INVALID_REQUEST', [p.ask(5, 0, file, 'file', -1, null)], { shows: [file] }],
  ['an offset of 2^53', 'INVALID_REQUEST', [p.ask(5, 0, file, 'file', 2n ** 53n, null)], { shows: [file] }],
  ['a negative length', 'INVALID_REQUEST', [p.ask(5, 0, file, 'file', 0, -1)], { shows: [file] }],
  ['a length of "all"', 'INVALID_REQUEST', [p.ask(5, 0, file, 'file', 0, 'all')], { shows: [file] }],
  ['next of a stream that is not open', 'INVALID_REQUEST', [p.ask(6, 0)]],
  ['next of another stream than the open one', 'INVALID_REQUEST', [openFile, p.ask(6, 1)], { shows: [file] }],
  ['next of stream 16', 'INVALID_REQUEST', [p.ask(6, 16)]],
  ['next of nothing', 'INVALID_REQUEST', [p.ask(6)]],
  ['next of "0"', 'INVALID_REQUEST', [openFile, p.ask(6, '0')], { shows: [file] }],
  ['an effect without arguments', 'INVALID_REQUEST', [p.ask(7, '/a')]],
  ['an effect of number 7', 'INVALID_REQUEST', [p.ask(7, 7, {})]],
  ['keep of numbers', 'INVALID_REQUEST', [p.ask(8, 1)]],
  ['a million links to be opened', 'VALUE_SIZE', million(1), { shows: [dagLeft] }],
  // links
  ['a guess', 'LINK_NOT_SHOWN', [p.ask(1, secret)]],
  ['a guess at a node', 'LINK_NOT_SHOWN', [p.ask(2, secret, [])]],
  ['a guess as a file', 'LINK_NOT_SHOWN', [p.ask(5, 0, secret, 'file', 0, null)]],
  ['a guess in a list', 'LINK_NOT_SHOWN', [p.ask(5, 0, [leaf, secret], 'blocks', 0, null)], { shows: [leaf] }],
  ['a guess as a DAG', 'LINK_NOT_SHOWN', [p.ask(5, 0, secret, 'dag', 0, null)]],
  ['a guess that is emitted', 'LINK_NOT_SHOWN', [p.emit(secret)], { fun: 'emit' }],
  ['the same block by another hash', 'LINK_NOT_SHOWN', [p.ask(1, CID.createV1(RAW, await sha512.digest(noise(1000))))], { shows: [leaf] }],
  ['a link in a block that was only opened', 'LINK_NOT_SHOWN', [p.ask(1, dagLeft), p.ask(1, dagLeaf)], { shows: [dagLeft] }],
  ['keep of what is not in the input', 'LINK_NOT_SHOWN', [p.ask(8, secret), p.ask(1, secret)]],
  [
    'a link in the input that it has made of the end of one and the beginning of another',
    'INVALID_CID',
    [p.ask(1, dagLeft), p.askRaw(p.list(2, 3), p.uint(1), p.inInput(20))],
    { shows: [dagLeft] }
  ],
  ['a link in a script that long bytes hold', 'LINK_NOT_SHOWN', [p.ask(1, leaf), p.readTo(0, 36, 0), p.ask(1, secret)], { shows: [leaf, secret.bytes] }],
  // a block that it has made, and one that its CID holds, show nothing
  ['a link of its own, by a node', 'LINK_NOT_SHOWN', [p.ask(3, CBOR, own), p.ask(2, ownCid, []), p.ask(1, secret)]],
  ['a link of its own, encoded', 'LINK_NOT_SHOWN', [p.ask(4, CBOR, { x: secret }), p.ask(2, ownCid, []), p.ask(1, secret)]],
  ['a link of its own, by a path', 'LINK_NOT_SHOWN', [p.ask(3, CBOR, above), p.ask(3, CBOR, own), p.ask(2, aboveCid, [0, 'x', 'y'])]],
  ['a link of its own, in the input', 'LINK_NOT_SHOWN', [p.ask(3, CBOR, own), p.ask(1, ownCid), openAt(IN_OWN)]],
  ['a link of its own that it keeps', 'LINK_NOT_SHOWN', [p.ask(3, CBOR, own), p.ask(1, ownCid), keepAt(IN_OWN), p.ask(1, secret)]],
  ['a link that a CID holds, by a node', 'LINK_NOT_SHOWN', [p.ask(2, held, []), p.ask(1, secret)]],
  ['a link that a CID holds, by a path', 'LINK_NOT_SHOWN', [p.ask(2, held, ['x', 'y'])]],
  ['a link that a CID holds, in the input', 'LINK_NOT_SHOWN', [p.ask(1, held), openAt(IN_OWN)]],
  ['a link that a CID holds, after its node', 'LINK_NOT_SHOWN', [p.ask(1, leaf), p.ask(2, held, []), p.wrap(4, CBOR), p.ask(1, secret)], { shows: [leaf] }],
  ['a list of its own', 'LINK_NOT_SHOWN', [p.ask(3, CBOR, own), p.ask(5, 0, [ownCid], 'blocks', 0, null), p.ask(6, 0), openAt(IN_OWN)]],
  ['a list that a CID holds', 'LINK_NOT_SHOWN', [p.ask(5, 0, [held], 'bytes', 0, null), p.ask(6, 0), openAt(IN_OWN)]],
  ['a part of a list that a CID holds', 'LINK_NOT_SHOWN', [p.ask(5, 0, [held], 'bytes', IN_OWN, null), p.ask(6, 0), openAt(0)]],
  [
    'a list that a CID holds, whose link the stream gives',
    'LINK_NOT_SHOWN',
    [p.ask(5, 0, [held], 'blocks', 0, null), p.ask(6, 0), p.ask(2, held, []), p.ask(1, secret)]
  ],
  ['a DAG of its own', 'LINK_NOT_SHOWN', [p.ask(3, CBOR, own), p.ask(5, 0, ownCid, 'dag', 0, null), p.ask(6, 0), p.ask(6, 0)]],
  [
    'a DAG of its own, of several blocks',
    'LINK_NOT_SHOWN',
    [p.ask(3, CBOR, own), p.ask(3, CBOR, above), p.ask(5, 0, aboveCid, 'dag', 0, null), p.ask(6, 0), p.ask(6, 0), p.ask(6, 0)]
  ],
  ['a DAG that a CID holds', 'LINK_NOT_SHOWN', [p.ask(5, 0, held, 'dag', 0, null), p.ask(6, 0), p.ask(6, 0)]],
  ['a link in the block of a DAG of its own', 'LINK_NOT_SHOWN', [p.ask(5, 0, held, 'dag', 0, null), p.ask(6, 0), openAt(IN_OWN)]],
  ['a file of its own', 'LINK_NOT_SHOWN', [p.ask(3, 0x70, ownFile), p.ask(5, 0, ownFileCid, 'file', 0, null), p.ask(6, 0)]],
  ['a file that a CID holds', 'LINK_NOT_SHOWN', [p.ask(5, 0, heldFile, 'file', 0, null), p.ask(6, 0)]],
  [
    'a link in a chunk of a file of its own',
    'LINK_NOT_SHOWN',
    [p.ask(3, 0x70, inlineFile), p.ask(5, 0, inlineFileCid, 'file', 0, null), p.ask(6, 0), openAt(0)]
  ],
  [
    'what a DAG of its own leads to that was shown when it had been opened',
    'LINK_NOT_SHOWN',
    [
      p.ask(3, CBOR, dagCbor.encode([dagLeaf])),
      p.ask(5, 0, await cidOf(dagCbor.encode([dagLeaf]), CBOR), 'dag', 0, null),
      p.ask(2, dagLeft, []),
      p.ask(6, 0),
      p.ask(6, 0)
    ],
    { shows: [dagLeft] }
  ],
  ['an effect with a guess', 'LINK_NOT_SHOWN', [p.ask(7, '/a', { cid: secret })]],
  ['an effect with a guess in a list', 'LINK_NOT_SHOWN', [p.ask(7, '/a', [leaf, { deep: [secret] }])], { shows: [leaf] }],
  // blocks
  ['a block that nobody has', 'BLOCK_NOT_FOUND', [p.ask(1, absent)], { shows: [absent], passing: true }],
  ['a node of a block that nobody has', 'BLOCK_NOT_FOUND', [p.ask(2, absent, [])], { shows: [absent], passing: true }],
  ['a path to a block that nobody has', 'BLOCK_NOT_FOUND', [p.ask(2, dagBroken, [1, 'x'])], { shows: [dagBroken], passing: true }],
  ['a block that is another', 'BLOCK_NOT_FOUND', [p.ask(1, wrong)], { shows: [wrong], passing: true }],
  ['a stream of a block that is another', 'BLOCK_NOT_FOUND', [p.ask(5, 0, [wrong], 'blocks', 0, null), p.ask(6, 0)], { shows: [wrong], passing: true }],
  ['a block that does not decode', 'UNREADABLE', [p.ask(2, unreadable, [])], { shows: [unreadable] }],
  ['a node of a codec that nobody has', 'UNKNOWN_CODEC', [p.ask(2, unknown, [])], { shows: [unknown], passing: true }],
  ['a file of a codec without a layout', 'UNKNOWN_LAYOUT', [p.ask(5, 0, dag, 'file', 0, null)], { shows: [dag], passing: true }],
  ['a file that is a directory', 'UNREADABLE', [p.ask(5, 0, directory, 'file', 0, null)], { shows: [directory] }],
  ['a file that nobody has', 'BLOCK_NOT_FOUND', [p.ask(5, 0, absent, 'file', 0, null)], { shows: [absent], passing: true }],
  [
    'a file whose second block nobody has',
    'BLOCK_NOT_FOUND',
    [p.ask(5, 0, fileBroken, 'file', 0, null), p.ask(6, 0), p.ask(6, 0)],
    { shows: [fileBroken], passing: true }
  ],
  ['a file that lies about its sizes', 'SIZE_MISMATCH', [p.ask(5, 0, fileLies, 'file', 0, null), p.ask(6, 0), p.ask(6, 0)], { shows: [fileLies] }],
  [
    'blocks of which nobody has the second',
    'BLOCK_NOT_FOUND',
    [p.ask(5, 0, [leaf, absent], 'blocks', 0, null), p.ask(6, 0), p.ask(6, 0)],
    { shows: [leaf, absent], passing: true }
  ],
  [
    'a DAG of which a block is not there',
    'BLOCK_NOT_FOUND',
    [p.ask(5, 0, dagBroken, 'dag', 0, null), p.ask(6, 0), p.jump(1)],
    { shows: [dagBroken], passing: true }
  ],
  [
    'a DAG of which a block does not decode',
    'MALFORMED',
    [p.ask(5, 0, dagFaulty, 'dag', 0, null), p.ask(6, 0), p.ifNone(4), p.jump(1), p.done()],
    { shows: [dagFaulty] }
  ],
  [
    'a DAG of a codec that nobody has',
    'UNKNOWN_CODEC',
    [p.ask(5, 0, dagUnknown, 'dag', 0, null), p.ask(6, 0), p.ifNone(4), p.jump(1), p.done()],
    { shows: [dagUnknown], passing: true }
  ],
  // answers
  ['no answer', 'INVALID_ANSWER', [p.raw(0, [])]],
  ['an answer of NaN', 'INVALID_ANSWER', [p.raw(0, [[5, 0, 0, 0x7ff80000]])]],
  ['an answer of −infinity', 'INVALID_ANSWER', [p.raw(0, [p.list(1, 2), [5, 0, 0, 0xfff00000]])]],
  ['an answer 1,001 deep', 'INVALID_ANSWER', [p.done(nested(1001))]],
  [
    'an answer 2,000 deep',
    'DEPTH',
    [p.records(0x20_0000, 2000, [9, 1, 2001]), p.records(0x20_0000 + 32_000, 1, p.nil), p.raw(0, [], { tape: 0x20_0000, records: 2001 })]
  ],
  ['an answer of 2 MiB', 'OUTPUT', [p.fill(0x20_0000, 0x20_0000, 65), p.raw(0, [[0x27, 0x20_0000, 0]], { data: 0x20_0000, dataLength: 0x20_0000 })]],
  [
    'an answer that names half a MiB a thousand times',
    'OUTPUT',
    [
      p.records(0x30_0000, 1001, [0x27, 500_000, 0]),
      p.store(0x30_0000, 9),
      p.store(0x30_0004, 1000),
      p.store(0x30_0008, 1001),
      p.raw(0, [], { tape: 0x30_0000, records: 1001 })
    ]
  ],
  [
    'an answer that is a range of the input, 700 times',
    'OUTPUT',
    [
      p.ask(1, second),
      p.records(0x30_0000, 701, [0x07, 3000, 0]),
      p.store(0x30_0000, 9),
      p.store(0x30_0004, 700),
      p.store(0x30_0008, 701),
      p.raw(0, [], { tape: 0x30_0000, records: 701 })
    ],
    { shows: [second] }
  ],
  ['an answer of text that is not UTF-8', 'INVALID_UTF8', [p.fill(p.cell(0), 4, 0xff), p.raw(0, [[0x26, 4, p.cell(0)]])]],
  ['an answer that ends before its list', 'INVALID_TAPE', [p.raw(0, [p.list(3, 2), p.nil])]],
  ['a list that ends before itself', 'INVALID_TAPE', [p.raw(0, [p.list(1, 0), p.nil])]],
  ['records after the answer', 'INVALID_TAPE', [p.raw(0, [p.nil, p.nil])]],
  ['a record of no kind', 'INVALID_TAPE', [p.raw(0, [[15]])]],
  ['a map that shares keys with itself', 'INVALID_TAPE', [p.raw(0, [[10 | (1 << 8), 1, 2, 0], p.nil])]],
  [
    'a map that shares keys with one that comes later',
    'INVALID_TAPE',
    [p.raw(0, [p.list(2, 6), [10 | (1 << 8), 1, 3, 3], p.nil, [10, 1, 6], [0x26, 1, p.cell(0)], p.nil])]
  ],
  ['a tape beyond memory', 'INVALID_TAPE', [p.raw(0, [], { tape: 0x7fff_fff0, records: 1 })]],
  ['a tape beyond 4 GiB', 'INVALID_TAPE', [p.raw(0, [], { tape: 0xffff_fff0, records: 0xffff_ffff })]],
  ['a tape at an odd address', 'INVALID_TAPE', [p.raw(0, [p.nil], { tape: 65_537, records: 1 })]],
  ['a data arena beyond memory', 'INVALID_TAPE', [p.raw(0, [p.nil], { data: 0x10_0000, dataLength: 0x7fff_ffff })]],
  ['a text arena beyond memory', 'INVALID_TAPE', [p.raw(0, [p.nil], { text: 1, textLength: 0xffff_ffff })]],
  ['a wide arena beyond memory', 'INVALID_TAPE', [p.raw(0, [p.nil], { wide: 0, wideLength: 0x4000_0000 })]],
  ['an answer −3', 'FUNCTION_ERROR', [p.raw(-3, [p.nil])]],
  ['outputs that are a list', 'INVALID_ANSWER', [p.done([1, 2])], { fun: 'pair' }],
  ['outputs that are a link', 'INVALID_ANSWER', [p.done(leaf)], { fun: 'pair', shows: [leaf] }],
  ['an output too few', 'INVALID_ANSWER', [p.done({ left: 1 })], { fun: 'pair' }],
  ['an output too many', 'INVALID_ANSWER', [p.done({ left: 1, right: 2, further: 3 })], { fun: 'pair' }],
  ['another output', 'INVALID_ANSWER', [p.done({ left: 1, wrong: 2 })], { fun: 'pair' }],
  ['emits without saying so', 'INVALID_ANSWER', [p.emit(1)]],
  ['emits nothing', 'INVALID_ANSWER', [p.raw(-2, [])], { fun: 'emit' }],
  ['emits a NaN', 'UNREADABLE', [p.raw(-2, [[5, 0, 0, 0x7ff80000]])], { fun: 'emit' }],
  // what it reports
  ['reports an error of the ABI', 'MALFORMED', p.fails(3, 5)],
  ['reports an error of its own', 'FUNCTION_ERROR', p.fails(300)],
  ['reports an error, and says that it is done', 'FUNCTION_ERROR', p.fails(256, 0, 0)],
  ['traps', 'TRAP', [p.trap]],
  ['traps later', 'TRAP', [p.ask(1, leaf), p.trap], { shows: [leaf] }],
  ['runs out of its script', 'TRAP', [p.jump(10_000)]],
  ['recurses', 'STACK', [p.recurse]],
  ['writes beyond its memory', 'TRAP', [p.store(0x7fff_fff0, 1)]],
  // reserve
  ['reserve within the control block', 'INVALID_TAPE', [p.lieInReserve(80), p.ask(3, RAW, text('x'))]],
  ['reserve at an odd address', 'INVALID_TAPE', [p.lieInReserve(1_048_577), p.ask(3, RAW, text('x'))]],
  ['reserve beyond memory', 'INVALID_TAPE', [p.lieInReserve(0x7fff_fff0), p.ask(3, RAW, text('x'))]],
  ['reserve that traps', 'TRAP', [p.lieInReserve(2), p.ask(3, RAW, text('x'))]],
  ['reserve that never comes back', 'FUEL', [p.lieInReserve(1), p.ask(3, RAW, text('x'))], { limits: { fuel: 1_000_000 } }],
  // limits
  ['a loop without end', 'FUEL', [p.spin], { limits: { fuel: 1_000_000 } }],
  ['asks without end', 'FUEL', [p.ask(8), p.jump(0)], { limits: { fuel: 1_000_000 } }],
  ['keeps 100,000 links without end', 'FUEL', [...million(8, 100_000), p.jump(9)], { shows: [dagLeft], limits: { fuel: 20_000_000 } }],
  ['the same block without end', 'BLOCKS', [p.ask(1, leaf), p.jump(0)], { shows: [leaf], limits: { blocks: 100 } }],
  ['nodes without end', 'BLOCKS', [p.ask(2, innerCid, []), p.jump(0)], { shows: [innerCid], limits: { blocks: 100 } }],
  ['streams without end', 'BLOCKS', [openFile, p.ask(6, 0), p.jump(0)], { shows: [file], limits: { blocks: 100 } }],
  [
    'blocks of a stream',
    'BLOCKS',
    [p.ask(5, 0, [leaf, second, leaf], 'blocks', 0, null), p.ask(6, 0), p.jump(1)],
    { shows: [leaf, second], limits: { blocks: 2 } }
  ],
  ['reads for more than it has fuel', 'FUEL', [p.ask(1, second), p.jump(0)], { shows: [second], limits: { fuel: 100_000 } }],
  ['creates without end', 'CREATED', [p.ask(3, RAW, text('x')), p.jump(0)], { limits: { created: 100 } }],
  ['creates large ones without end', 'OUTPUT', [p.ask(3, RAW, noise(100_000)), p.jump(0)], { limits: { output: 1_000_000 } }],
  ['encodes without end', 'CREATED', [p.ask(4, CBOR, { a: 1 }), p.jump(0)], { limits: { created: 100 } }],
  ['emits without end', 'CREATED', [p.emit({ a: 1 }), p.jump(0)], { fun: 'emit', limits: { created: 1100 } }],
  ['emits large ones without end', 'OUTPUT', [p.emit(noise(50_000)), p.jump(0)], { fun: 'emit', limits: { output: 1_000_000 } }],
  ['emits links without end', 'FUEL', [p.emit(leaf), p.jump(0)], { fun: 'emit', shows: [leaf], limits: { fuel: 1_000_000 } }],
  ['an answer beyond the limit', 'OUTPUT', [p.done(noise(2000))], { limits: { output: 1000 } }],
  ['is shown more than it may be', 'LINKS', [p.done()], { shows: [leaf, second, file], limits: { links: 2 } }],
  ['is shown more than it may be by a node', 'LINKS', [p.ask(2, exactCid, []), p.done()], { shows: [exactCid], limits: { links: 2 } }],
  ['effects without end', 'EFFECTS', [p.ask(7, '/a', {}), p.jump(0)]],
  ['effects that are too large for a receipt', 'OUTPUT', [p.ask(7, '/a', { bytes: noise(200_000) }), p.jump(0)]],
  ['an effect with a NaN', 'INVALID_ANSWER', [p.askRaw(p.list(3, 4), p.uint(7), [0x26, 0, 0], [5, 0, 0, 0x7ff80000])]],
  [
    'an answer and effects that are too large together',
    'OUTPUT',
    [
      p.ask(7, '/a', { bytes: noise(200_000) }),
      p.ask(7, '/a', { bytes: noise(200_000) }),
      p.fill(0x20_0000, 700_000, 1),
      p.raw(0, [[0x27, 700_000, 0]], { data: 0x20_0000, dataLength: 700_000 })
    ]
  ]
]

/** The run that must go well whatever has been before. */
const honest: readonly p.Step[] = [
  p.ask(5, 0, file, 'file', 500, 1000),
  p.ask(6, 0),
  p.log,
  p.ifNone(5),
  p.jump(1),
  p.ask(4, CBOR, { a: long }),
  p.take(0),
  p.ask(2, root, ['deep', 'json', 'in', 'list']),
  p.doneWithLog
]
const honestly = (): Promise<Outcome> => go(honest, { shows: [file, root] })
const first = await honestly()
const LONGEST = 10_000

for (const [name, code, steps, { passing, ...options } = {}] of LIES) {
  test(`${code}: ${name}`, async () => {
    const started = performance.now()
    const outcome = await go(steps, options)
    assert.ok(performance.now() - started < LONGEST, `took ${performance.now() - started} ms`)
    assert.ok('error' in outcome.result, `no error, got ${String(JSON.stringify(outcome.result)).slice(0, 100)}`)
    const { error } = outcome.result as { error: { code: string; message: string } }
    assert.is(error.code, code, error.message)
    assert.is(outcome.final, passing !== true)
    assert.equal([outcome.effects, outcome.blocks], [[], []])
    // bit for bit the same, and as good as new
    const again = await go(steps, options)
    assert.equal([again.result, again.fuel, again.memory, again.counts], [outcome.result, outcome.fuel, outcome.memory, outcome.counts])
    assert.equal(await honestly(), first)
  })
}

test('a good run after bad ones, in a module of little memory', async () => {
  for (const steps of [[p.grow(1000), p.pass()], [p.trap], [p.fill(0x18_0000, 0x10_0000, 1), p.done()]]) await go(steps, {}, small)
  assert.is(ok(await go([p.done(1)], {}, small)), 1)
  assert.is(Object.hasOwn((await go([p.fill(0x18_0000, 0x10_0000, 1), p.done()], {}, small)).result, 'error'), true)
})

// --- before the first call, and what hosts differ in ---------------------------------------------------------------------------------------------------------

test('a run that fails before its first call has used nothing, whatever was before', async () => {
  const early: readonly [code: string, options: Go][] = [
    ['LINKS', { shows: [leaf, second, file], limits: { links: 2 } }],
    ['INPUT_SIZE', { shows: [new Uint8Array(64 * 1024 * 1024)] }],
    ['INPUT_SIZE', { shows: [doubled(40)] }],
    ['INPUT_SIZE', { inputs: { deep: doubled(40), links: Array.from({ length: 900 }, () => doubled(20)) } }],
    ['UNSUPPORTED_VALUE', { shows: [() => {}] }],
    ['DEPTH', { shows: [nested(2000)] }],
    ['DEPTH', { shows: [round] }]
  ]
  const other = await p.loadPuppet(await createHost())
  for (const before of [undefined, [p.grow(20), p.spin], [p.fill(0x18_0000, 1000, 1), p.done()]]) {
    for (const [code, options] of early) {
      if (before !== undefined) assert.ok((await go(before, { limits: { fuel: 1_000_000 } }, other)).fuel > 0)
      const started = performance.now()
      const { result, final, fuel, memory, counts } = await go([p.done()], options, other)
      assert.ok(performance.now() - started < LONGEST)
      assert.is('error' in result && result.error.code, code)
      assert.equal([final, fuel, memory, counts], [true, 0, 16 * 65_536, { blocks: 0, created: 0, output: 0 }])
    }
  }
})

test('what is as large as may be is not refused for what it looks like', async () => {
  // 2^17 values of 16 bytes and a little
  assert.is(ok(await go([p.done(1)], { shows: [doubled(17)] })), 1)
  assert.is(ok(await go([p.done(1)], { shows: [{ [long]: '🚀 and ä'.repeat(1000), n: [1n, -1n, 2n ** 64n - 1n] }, new Map([['a', leaf]])] })), 1)
})

test('limits and faults of the host’s own codecs are no results', async () => {
  const deep = await block(dagCbor.encode(Array.from({ length: 20_000 }, (_, i) => [i])), CBOR)
  const tight = await createHost({ limits: { fuel: 1_000, fuelPerByte: 1 } })
  const little = await createHost({ limits: { input: 3_000, output: 3_000 } })
  const faulty = await createHost({ catalogs: [new Map([[0x3f_fff1, await block(text('of a codec that nobody knows'))]])], sources: [asSource()] })
  const rows: readonly [code: string, message: string, on: typeof host, steps: p.Step[], shows: unknown[]][] = [
    ['CODEC_LIMIT', 'FUEL', tight, [p.done()], []],
    ['CODEC_LIMIT', 'INPUT_SIZE', little, [p.ask(2, deep, []), p.done()], [deep]],
    ['CODEC_LIMIT', 'INPUT_SIZE', little, [p.ask(5, 0, deep, 'dag', 0, null), p.ask(6, 0)], [deep]],
    [
      'CODEC_LIMIT',
      'SIZE',
      little,
      [p.fill(0x20_0000, 4000, 65), p.raw(-1, [p.list(3, 4), p.uint(4), p.uint(RAW), [0x27, 4000, 0]], { data: 0x20_0000, dataLength: 4000 })],
      []
    ],
    ['CODEC_FAILED', 'MANIFEST', faulty, [p.ask(2, unknown, [])], [unknown]]
  ]
  for (const [code, message, on, steps, shows] of rows) {
    const outcome = await go(steps, { shows }, await p.loadPuppet(on))
    const { error } = outcome.result as { error: { code: string; message: string } }
    assert.is(error.code, code, error.message)
    assert.match(error.message, message)
    assert.is(outcome.final, false)
  }
})

test('what fails where blocks come from is no result, whatever it says', async () => {
  for (const [thrown, code] of [
    [new SandboxError('FUEL', 'of a codec on the way'), 'BLOCK_NOT_FOUND'],
    [new CodecError('MALFORMED', 'dag-pb', 'of an index'), 'BLOCK_NOT_FOUND'],
    [new HostError('HASH_MISMATCH', 'a gateway lies'), 'HASH_MISMATCH'],
    [new HostError('CATALOG', 'a catalog that is none'), 'CATALOG']
  ] as const) {
    for (const steps of [[p.ask(1, leaf)], [p.ask(5, 0, [leaf], 'blocks', 0, null), p.ask(6, 0)], [p.ask(5, 0, leaf, 'file', 0, null), p.ask(6, 0)]]) {
      const { result, final } = await go(steps, { shows: [leaf], get: () => Promise.reject(thrown) })
      assert.is('error' in result && result.error.code, code)
      assert.is(final, false)
    }
  }
})

test('the index of what is emitted stands in the receipt', async () => {
  // 1,024 links to a list, and 54 bytes for each list
  const steps = [p.store(p.cell(0), 1024), p.emit(leaf), p.repeat(0, 1), p.done(null)]
  const { counts } = await go(steps, { fun: 'emit', shows: [leaf] })
  const list = dagCbor.encode(Array.from({ length: 1024 }, () => leaf)).length
  assert.is(counts.output, list + 16 + 36 + 16)
})

test('sizes of memory between two pages are one module', async () => {
  const a = await p.loadPuppet(host, { memory: 2 * 1024 * 1024 })
  const b = await p.loadPuppet(host, { memory: 2 * 1024 * 1024 + 65_535 })
  assert.is(b.memory, a.memory)
  assert.equal(await go([p.grow(1000), p.pass()], {}, b), await go([p.grow(1000), p.pass()], {}, a))
})

test('guests that have grown are not kept', async () => {
  const kept: boolean[] = []
  for (const pages of [1, 100]) {
    const on = await p.loadPuppet(host)
    const guest = on.take(DEFAULT_TASK_LIMITS)
    on.give(guest)
    await go([p.grow(pages), p.done()], {}, on)
    const next = on.take(DEFAULT_TASK_LIMITS)
    kept.push(next === guest)
  }
  assert.equal(kept, [true, false])
})

test('blocks that link to themselves, from somebody who is trusted and should not be', async () => {
  const own = await cidOf(text('any'), 0x70)
  const list = await cidOf(text('any'), CBOR)
  const get = (cid: CID): Uint8Array => (cid.code === CBOR ? dagCbor.encode([list, list]) : dagPbFile([own, own], [500, 500]))
  const options = { get, trusted: true, shows: [own, list] }
  const ends = [p.ask(6, 0), p.ifNone(4), p.jump(1), p.done('ends')]
  // each block once
  assert.is(ok(await go([p.ask(5, 0, list, 'dag', 0, null), ...ends], options)), 'ends')
  const { result } = await go([p.ask(5, 0, own, 'file', 0, null), ...ends], options)
  assert.ok('error' in result && ['CODEC_LIMIT', 'SIZE_MISMATCH'].includes(result.error.code), JSON.stringify(result))
  assert.equal(await honestly(), first)
})

// --- the clock, and whoever gives blocks ------------------------------------------------------------------------------------------------------------------

const never = (): Promise<undefined> => new Promise(() => {})

for (const [name, steps, shows] of [
  ['open', [p.ask(1, leaf)], [leaf]],
  ['node', [p.ask(2, innerCid, [])], [innerCid]],
  ['a file', [openFile], [file]],
  ['a chunk', [p.ask(5, 0, [leaf], 'blocks', 0, null), p.ask(6, 0)], [leaf]],
  ['a DAG', [p.ask(5, 0, dag, 'dag', 0, null), p.ask(6, 0)], [dag]]
] as const) {
  test(`a block that never comes: ${name}`, async () => {
    const outcome = await go(steps, { shows, get: never, limits: { time: 30 } })
    assert.is((outcome.result as { error: { code: string } }).error.code, 'TIME')
    assert.is(outcome.final, false)
    const controller = new AbortController()
    const reason = new Error('no longer wanted')
    const run = go(steps, { shows, get: never, signal: controller.signal })
    setTimeout(() => controller.abort(reason), 10)
    await run.then(
      () => assert.unreachable('the run ended'),
      (error) => assert.is(error, reason)
    )
    assert.equal(await honestly(), first)
  })
}

test('what fails by itself is not the function’s', async () => {
  const reason = new Error('the disk is on fire')
  for (const options of [
    { shows: [leaf], get: () => Promise.reject(reason) },
    {
      shows: [leaf],
      put: () => {
        throw reason
      }
    }
  ]) {
    await go([p.ask(3, RAW, text('x')), p.ask(1, leaf), p.done()], options).then(
      () => assert.unreachable('the run ended'),
      (error) => assert.is(error, reason)
    )
  }
  assert.equal(await honestly(), first)
})

test('a limit of time that no timer knows', async () => {
  const slowly = async (cid: CID): Promise<Uint8Array | undefined> => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return blocks.get(cid.toString())
  }
  for (const time of [2 ** 31 - 1, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER])
    assert.is(ok(await go([p.ask(1, leaf), p.done(1)], { shows: [leaf], get: slowly, limits: { time } })), 1)
})

test('what it is asked to do that nobody can', async () => {
  await runFunction(module, { fun: 'none' }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'UNKNOWN_FUNCTION')
  )
  for (const limits of [{ fuel: -1 }, { fuel: 1.5 }, { fule: 1 }]) {
    await go([p.done()], { limits: limits as Partial<TaskLimits> }).then(
      () => assert.unreachable(),
      (error) => assert.instance(error, TypeError)
    )
  }
  assert.equal(await honestly(), first)
})

/** Blocks that come after a while, each after another one: the order in which they come is not that in which they were asked for. */
function late(seed: number): (cid: CID) => Promise<Uint8Array | undefined> {
  let state = seed
  return async (cid) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const wait = state >>> 29
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait === 7 ? 8 : wait - 1))
    return blocks.get(cid.toString())
  }
}

test('what comes out does not depend on when blocks come', async () => {
  const read = (n: number, ...steps: p.Step[]): p.Step[] => [p.store(p.cell(1), n), ...steps]
  const rows: readonly [p.Step[], Go][] = [
    [[...honest], { shows: [file, root] }],
    // streams that are left before their end, with a limit that is reached just after it
    [
      read(2, p.ask(5, 0, dag, 'dag', 0, null), p.ask(6, 0), p.log, p.repeat(1, 2), p.ask(1, leaf), p.doneWithLog),
      { shows: [dag, leaf], limits: { blocks: 3 } }
    ],
    [read(2, openFile, p.ask(6, 0), p.log, p.repeat(1, 2), p.ask(1, leaf), p.doneWithLog), { shows: [file, leaf], limits: { blocks: 4 } }],
    [
      read(1, p.ask(5, 0, [leaf, second, leaf, second, absent], 'blocks', 0, null), p.ask(6, 0), p.log, p.repeat(1, 2), p.ask(1, leaf), p.doneWithLog),
      { shows: [leaf, second, absent], limits: { blocks: 2 } }
    ],
    [[openFile, p.ask(6, 0), p.jump(1)], { shows: [file], limits: { blocks: 3 } }],
    [[p.ask(5, 0, dagBroken, 'dag', 0, null), p.ask(6, 0), p.jump(1)], { shows: [dagBroken] }],
    [[p.ask(5, 0, fileBroken, 'file', 0, null), p.ask(6, 0), p.done('it does not come to what is missing')], { shows: [fileBroken] }]
  ]
  for (const [steps, options] of rows) {
    const outcome = await go(steps, options)
    for (let seed = 1; seed <= 10; seed++) assert.equal(await go(steps, { ...options, get: late(seed) }), outcome)
  }
})

test.run()
