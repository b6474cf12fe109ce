/** Content-defined chunks: against a chunker written from the paper with big integers, against the importer of the ecosystem node by node, and read back through the layout. */
import { createHash } from 'node:crypto'
import { MemoryBlockstore } from 'blockstore-core'
import fc from 'fast-check'
import { importByteStream } from 'ipfs-unixfs-importer'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openLayout } from '../../../src/dag/layout/index.js'
import { runFunction } from '../../../src/task/index.js'
import { cidOf, cutAt, FunctionFailure, host, load, type Made, make, makeInSteps, noise } from './stream.js'

const fastcdc = await load('fastcdc')
const RUNS = Number(process.env.AUTOCODEC_RUNS ?? 200)
const SMALL = { min: 64, average: 256, max: 1024 }

/** Sizes of the leaves, in their order in the file: by the links of the nodes, a leaf as often as it is linked. */
async function sizesOf({ answer, blocks }: Made): Promise<number[]> {
  const file = await openLayout(host, { root: answer.root, get: (cid) => blocks.get(cid.toString()) })
  const sizes: number[] = []
  for await (const part of file.bytes()) sizes.push(part.length)
  return sizes
}

// --- the reference ---------------------------------------------------------------------------------------------------------------------------------------------

const GEAR = Array.from({ length: 256 }, (_, i) => createHash('md5').update(new Uint8Array(64).fill(i)).digest().readBigUInt64BE())
/** Ones of the mask of so many bits, as in the table of the paper's reference implementation. */
const MASKS = [
  0x1804110n,
  0x1803110n,
  0x18035100n,
  0x1800035300n,
  0x19000353000n,
  0x590003530000n,
  0xd90003530000n,
  0xd90103530000n,
  0xd90303530000n,
  0xd90313530000n,
  0xd90f03530000n,
  0xd90303537000n,
  0xd90703537000n,
  0xd90707537000n,
  0xd91707537000n,
  0xd91747537000n,
  0xd91767537000n,
  0xd93767537000n,
  0xd93777537000n,
  0xd93777577000n,
  0xdb3777577000n
]

interface Sizes {
  readonly min: number
  readonly average: number
  readonly max: number
  readonly normalization?: number
}

/** Two positions at a time, as the paper's figure has it. */
function referenceCut(source: Uint8Array, { min, average, max, normalization = 1 }: Sizes): number {
  if (source.length <= min) return source.length
  const size = Math.min(source.length, max)
  const bits = Math.round(Math.log2(average))
  let hash = 0n
  for (let pair = Math.floor(min / 2); pair < Math.floor(size / 2); pair++) {
    const mask = MASKS[bits - 5 + (pair < Math.floor(average / 2) ? normalization : -normalization)]
    for (const at of [2 * pair, 2 * pair + 1]) {
      hash = ((hash << 1n) + GEAR[source[at]]) & 0xffffffffffffffffn
      if ((hash & mask) === 0n) return at
    }
  }
  return size
}

function referenceSizes(source: Uint8Array, sizes: Sizes): number[] {
  const found: number[] = []
  for (let at = 0; at < source.length; at += found[found.length - 1]) found.push(referenceCut(source.subarray(at), sizes))
  return found
}

// --- where chunks end ------------------------------------------------------------------------------------------------------------------------------------------

const chunks = suite('chunks')

const contents: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['noise', noise(200_000, 1)],
  ['zeros', new Uint8Array(50_001)],
  ['text', Buffer.from(Array.from({ length: 9_000 }, (_, i) => `line ${i * i}\n`).join(''))],
  ['few values', noise(60_000, 2).map((byte) => byte & 1)]
]
const settings: readonly Sizes[] = [
  SMALL,
  { ...SMALL, normalization: 0 },
  { ...SMALL, normalization: 2 },
  { ...SMALL, normalization: 3 },
  { min: 65, average: 257, max: 1025 },
  { min: 256, average: 256, max: 1024 },
  { min: 100, average: 363, max: 1024 },
  { min: 100, average: 361, max: 5_001 },
  { min: 1_024, average: 4_096, max: 4_096 },
  { min: 2_048, average: 8_191, max: 16_384 }
]

for (const [name, bytes] of contents)
  chunks(`of ${name} end where the reference has it`, async () => {
    for (const sizes of settings) {
      const made = await make(fastcdc, cutAt(bytes, 7_777), { params: sizes })
      const expected = referenceSizes(bytes, sizes)
      assert.equal(await sizesOf(made), expected, JSON.stringify(sizes))
      assert.is(made.answer.chunks, expected.length)
      assert.is(made.answer.size, bytes.length)
    }
  })

chunks('the default sizes, and what is not given follows from the average', async () => {
  const bytes = noise(3_000_000, 3)
  for (const [params, sizes] of [
    [{}, { min: 65_536, average: 262_144, max: 1_048_576 }],
    [{ average: 65_536 }, { min: 16_384, average: 65_536, max: 262_144 }],
    [
      { average: 65_536, max: 70_000 },
      { min: 16_384, average: 65_536, max: 70_000 }
    ]
  ] as const)
    assert.equal(await sizesOf(await make(fastcdc, cutAt(bytes, 1_000_000), { params })), referenceSizes(bytes, sizes))
})

chunks('recorded: they may never move', async () => {
  const made = await make(fastcdc, [noise(1_048_576, 0x12345678)], { params: { average: 65_536 } })
  const expected = [100_081, 33_106, 69_903, 49_442, 103_705, 144_977, 214_287, 145_480, 50_981, 37_677, 79_457, 19_480]
  assert.equal(await sizesOf(made), expected)
  assert.is(String(made.answer.root), 'bafybeif2hle2zbincnyrvvclwyiulybsd2j7rydjgawe6sgis5bxystswq')
})

chunks('do not depend on how the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20_000),
      fc.nat(),
      fc.array(fc.nat(20_000), { maxLength: 20 }),
      fc.constantFrom(...settings),
      async (length, seed, cuts, params) => {
        const bytes = noise(length, seed)
        const whole = await make(fastcdc, [bytes], { params })
        const parts = await make(fastcdc, cutAt(bytes, cuts), { params })
        assert.equal(parts.answer, whole.answer)
        assert.equal([...parts.blocks.keys()].sort(), [...whole.blocks.keys()].sort())
      }
    ),
    { numRuns: RUNS }
  )
  const bytes = noise(5_000, 9)
  assert.equal((await make(fastcdc, cutAt(bytes, 1), { params: SMALL })).answer, (await make(fastcdc, [bytes], { params: SMALL })).answer)
})

chunks('an edit moves those near it, and no others', async () => {
  const bytes = noise(200_000, 4)
  const before = await sizesOf(await make(fastcdc, [bytes], { params: SMALL }))
  let sum = 0
  const ends = new Set(before.map((size) => (sum += size)))
  await fc.assert(
    fc.asyncProperty(fc.nat(200_000), fc.uint8Array({ maxLength: 40 }), fc.nat(40), async (at, put, taken) => {
      const edited = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + taken)])
      const moved = edited.length - bytes.length
      let end = 0
      let near = 0
      for (const size of await sizesOf(await make(fastcdc, [edited], { params: SMALL }))) {
        end += size
        // whether a chunk ends before a byte is decided with that byte; the last one ends in any case
        if (end === edited.length) break
        if (end < at) assert.ok(ends.has(end), `${end} is before the edit at ${at}`)
        else if (!ends.has(end - moved)) near = Math.max(near, end - at)
      }
      // where two sequences of cuts meet is a matter of chance: 64 chunks of the average size in a row are not to be expected
      assert.ok(near < 64 * 256, `an end ${near} bytes after the edit at ${at}`)
    }),
    { numRuns: Math.ceil(RUNS / 4) }
  )
})

// --- the file --------------------------------------------------------------------------------------------------------------------------------------------------

const file = suite('file')

/** What the importer makes of the same chunks. */
async function imported(bytes: Uint8Array, sizes: readonly number[], links: number): Promise<{ root: string; blocks: Map<string, Uint8Array> }> {
  const store = new MemoryBlockstore()
  const { cid } = await importByteStream([bytes], store, {
    layout: balanced({ maxChildrenPerNode: links }),
    chunker: async function* () {
      let at = 0
      for (const size of sizes) yield bytes.subarray(at, (at += size))
    }
  })
  const blocks = new Map<string, Uint8Array>()
  for await (const { cid, bytes: parts } of store.getAll()) {
    const collected: Uint8Array[] = []
    for await (const part of parts) collected.push(part)
    // a store knows blocks by their digest alone
    blocks.set(Buffer.from(cid.multihash.digest).toString('hex'), Buffer.concat(collected))
  }
  return { root: cid.toString(), blocks }
}

const byDigest = (blocks: Map<string, Uint8Array>) =>
  new Map([...blocks].map(([cid, bytes]) => [Buffer.from(CID.parse(cid).multihash.digest).toString('hex'), Buffer.from(bytes)]))

file('is the importer’s, node by node', async () => {
  for (const [length, links] of [
    [0, 174],
    [1, 174],
    [64, 2],
    [1_000, 2],
    [100_000, 2],
    [100_000, 3],
    [100_000, 5],
    [400_000, 30],
    [1_500_000, 174],
    [300_000, 8_192]
  ] as const) {
    const bytes = noise(length, links)
    const made = await make(fastcdc, cutAt(bytes, 65_536), { params: { ...SMALL, links } })
    const expected = await imported(bytes, length === 0 ? [0] : referenceSizes(bytes, SMALL), links)
    assert.is(String(made.answer.root), expected.root, `${length} bytes, ${links} links`)
    const ours = byDigest(made.blocks)
    assert.is(ours.size, expected.blocks.size)
    for (const [digest, block] of expected.blocks) assert.ok(ours.get(digest)?.equals(block), digest)
  }
})

file('is the importer’s with every number of leaves up to three levels', async () => {
  // zeros are cut at the most bytes
  for (const links of [2, 3]) {
    for (let leaves = 1; leaves <= links ** 3 + 2; leaves++) {
      const bytes = new Uint8Array(leaves * 1_024 - 7)
      const made = await make(fastcdc, [bytes], { params: { ...SMALL, links } })
      const sizes = Array.from({ length: leaves }, (_, i) => (i === leaves - 1 ? 1_017 : 1_024))
      assert.is(String(made.answer.root), (await imported(bytes, sizes, links)).root, `${leaves} leaves`)
      assert.equal([made.answer.chunks, made.answer.size], [leaves, bytes.length])
    }
  }
})

file('of one chunk is its leaf, an empty one the empty leaf', async () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(7), noise(60_000, 5)]) {
    const { answer, blocks } = await make(fastcdc, [bytes])
    assert.equal([String(answer.root), answer.size, answer.chunks], [String(cidOf(bytes)), bytes.length, 1])
    assert.equal([...blocks.keys()], [String(cidOf(bytes))])
  }
  assert.is(String((await make(fastcdc, [])).answer.root), String(cidOf(new Uint8Array(0))))
})

file('reads back, all of it and any part', async () => {
  const bytes = noise(500_000, 6)
  const { answer, blocks } = await make(fastcdc, cutAt(bytes, 100_000), { params: { ...SMALL, links: 7 } })
  const opened = await openLayout(host, { root: answer.root, get: (cid) => blocks.get(cid.toString()) })
  assert.equal([opened.kind, opened.size], ['file', bytes.length])
  for (const [offset, length] of [
    [0, bytes.length],
    [1, 1],
    [250_000, 100_000],
    [499_999, 1]
  ]) {
    const parts: Uint8Array[] = []
    for await (const part of opened.bytes({ offset, length })) parts.push(part)
    assert.ok(Buffer.concat(parts).equals(bytes.subarray(offset, offset + length)), `${offset}, ${length}`)
  }
})

file('may be made of a file: chunked again, with other sizes', async () => {
  const bytes = noise(300_000, 7)
  const first = await make(fastcdc, [bytes], { params: { ...SMALL, links: 5 } })
  const { result } = await runFunction(fastcdc, {
    fun: 'chunk',
    params: { file: first.answer.root, average: 4_096 },
    get: (cid) => first.blocks.get(cid.toString())
  })
  assert.equal((result as { ok: unknown }).ok, (await make(fastcdc, [bytes], { params: { average: 4_096 } })).answer)
})

file('is made of a stream much larger than memory', async () => {
  const small = await load('fastcdc', 4 << 20)
  // the same block again and again: chunks repeat, and nothing else is different
  const part = noise(1 << 20, 8)
  const { answer, memory } = await make(small, Array(160).fill(part), { keep: false, limits: { memory: 4 << 20 } })
  assert.is(answer.size, 160 << 20)
  assert.ok(memory <= 4 << 20, `${memory} bytes`)
})

file('is the same in steps, each in another guest', async () => {
  const parts = cutAt(noise(20_000, 10), 3_000)
  const params = { ...SMALL, links: 3 }
  const whole = await make(fastcdc, parts, { params })
  const { answer, fuel, steps } = await makeInSteps(fastcdc, parts, params)
  assert.equal([answer, fuel], [whole.answer, whole.fuel])
  assert.ok(steps >= whole.answer.chunks)
})

// --- parameters ------------------------------------------------------------------------------------------------------------------------------------------------

const parameters = suite('parameters')

const refused: readonly (readonly [name: string, code: string, params: object])[] = [
  ['no file', 'MISSING_FIELD', { file: undefined }],
  ['a file that is a string', 'WRONG_KIND', { file: 'x' }],
  ['a file that is a list of numbers', 'WRONG_KIND', { file: [1] }],
  ['one that is not known', 'UNKNOWN_FIELD', { avg: 1_024 }],
  ['an average that is text', 'WRONG_KIND', { average: '1024' }],
  ['an average below the least', 'NUMBER_RANGE', { average: 255 }],
  ['an average above the most', 'NUMBER_RANGE', { average: 4_194_305 }],
  ['a negative average', 'NUMBER_RANGE', { average: -1 }],
  ['an average of 64 bits', 'NUMBER_RANGE', { average: 2n ** 64n - 1n }],
  ['a fraction', 'WRONG_KIND', { average: 1024.5 }],
  ['a min below the least', 'NUMBER_RANGE', { min: 63 }],
  ['a min of more than the average', 'NUMBER_RANGE', { min: 300_000 }],
  ['a max of less than the average', 'NUMBER_RANGE', { max: 200_000 }],
  ['a max above the most', 'NUMBER_RANGE', { max: 16_777_217 }],
  ['one link a node', 'NUMBER_RANGE', { links: 1 }],
  ['too many links a node', 'NUMBER_RANGE', { links: 8_193 }],
  ['a level that there is not', 'NUMBER_RANGE', { normalization: 4 }]
]
for (const [name, code, params] of refused)
  parameters(name, async () => {
    // undefined is left out
    const given = Object.fromEntries(Object.entries({ file: [cidOf(new Uint8Array(1))], ...params }).filter(([, value]) => value !== undefined))
    const { result } = await runFunction(fastcdc, { fun: 'chunk', params: given, get: () => new Uint8Array(1) })
    assert.is((result as { error: { code: string } }).error?.code, code)
  })

parameters('that are no map', async () => {
  for (const params of [null, 1, [], 'file']) {
    const { result } = await runFunction(fastcdc, { fun: 'chunk', params, get: () => undefined })
    assert.is((result as { error: { code: string } }).error?.code, 'MISSING_FIELD', JSON.stringify(params))
  }
})

parameters('the largest chunks that there may be', async () => {
  const bytes = new Uint8Array(20_000_000)
  const { answer } = await make(fastcdc, cutAt(bytes, 1_000_000), { params: { average: 4_194_304 } })
  assert.equal([answer.size, answer.chunks], [20_000_000, 2])
  try {
    await make(await load('fastcdc', 8 << 20), cutAt(bytes, 1_000_000), { params: { average: 4_194_304 }, limits: { memory: 8 << 20 } })
    assert.unreachable('there is no memory for that')
  } catch (error) {
    assert.instance(error, FunctionFailure)
    assert.is((error as FunctionFailure).failure.code, 'TOO_LARGE')
  }
})

chunks.run()
file.run()
parameters.run()
