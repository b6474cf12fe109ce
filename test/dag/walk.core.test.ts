import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/codec/index.js'
import { type Child, digestKey, keyOf, memoryBlocks, type Step, type Visited, verified, type WalkBlocksEnd, walk, walkBlocks } from '../../src/dag/index.js'
import { block, cbor, type Made } from './sample.js'

interface Named {
  readonly name: string
  readonly children: readonly Child[]
}

/** A store whose blocks are named, so that a walk reads as a list of names. */
async function store(): Promise<{
  add(name: string, links: readonly (string | CID)[]): Promise<Made>
  steps(roots: readonly string[], limits?: object): Promise<string[]>
}> {
  const blocks = new Map<string, Made & { name: string; links: CID[] }>()
  const byName = new Map<string, CID>()
  const cidOf = (link: string | CID) => (typeof link === 'string' ? (byName.get(link) as CID) : link)
  return {
    async add(name, links) {
      const cids = links.map(cidOf)
      const made = await cbor({ name, links: cids })
      blocks.set(digestKey(made.cid), { ...made, name, links: cids })
      byName.set(name, made.cid)
      return made
    },
    async steps(roots, limits = {}) {
      const lines: string[] = []
      const steps = walk<Named>(roots.map(cidOf), {
        get: async (cid) => blocks.get(digestKey(cid))?.bytes,
        visit: async (cid) => {
          const { name, links } = blocks.get(digestKey(cid)) as { name: string; links: CID[] }
          return { name, children: links.map((link, at) => ({ cid: link, label: String(at) })) }
        },
        ...limits
      })
      for await (const { state, depth, visit, last, cid } of steps) {
        const name = visit?.name ?? [...blocks.values()].find((made) => keyOf(made.cid) === keyOf(cid))?.name ?? '?'
        lines.push(`${'-'.repeat(depth)}${name}${state === 'block' ? '' : ` ${state}`}${last[depth] ? '.' : ''}`)
      }
      return lines
    }
  }
}

test('depth first, each block once, missing ones named', async () => {
  const { add, steps } = await store()
  const absent = await cbor('absent')
  await add('leaf', [])
  await add('left', ['leaf', absent.cid])
  await add('right', ['leaf', 'left', 'leaf'])
  await add('root', ['left', 'right'])
  assert.equal(await steps(['root', 'leaf']), [
    'root',
    '-left',
    '--leaf',
    '--? missing.',
    '-right.',
    '--leaf seen',
    '--left seen',
    '--leaf seen.',
    'leaf seen.'
  ])
})

test('the same bytes linked as another codec are another block', async () => {
  const { add, steps } = await store()
  const { cid } = await add('leaf', [])
  await add('root', [cid, CID.createV1(0x55, cid.multihash)])
  assert.equal(await steps(['root']), ['root.', '-leaf', '-leaf.'])
})

test('limits on depth and on blocks', async () => {
  const { add, steps } = await store()
  await add('b0', [])
  for (let at = 1; at <= 2000; at++) await add(`b${at}`, [`b${at - 1}`])
  assert.is((await steps(['b2000'])).length, 2001)
  for (const limits of [{ maxDepth: 100 }, { maxBlocks: 100 }]) {
    await steps(['b2000'], limits).then(
      () => assert.unreachable(),
      (error) => assert.is(error.code, 'WALK_LIMIT')
    )
    assert.is((await steps(['b99'], limits)).length, 100)
  }
})

test('breadth first', async () => {
  const { add, steps } = await store()
  await add('leaf', [])
  await add('left', ['leaf'])
  await add('far', ['left'])
  await add('right', ['far', 'leaf'])
  await add('root', ['left', 'right'])
  assert.equal(await steps(['root'], { order: 'breadth-first' }), ['root.', '-left', '-right.', '--leaf.', '--far', '--leaf seen.', '---left seen.'])
  await steps(['root'], { order: 'sideways' }).then(
    () => assert.unreachable(),
    (error) => assert.instance(error, TypeError)
  )
})

test('limits that are reported: what is left out is told, and the rest comes', async () => {
  const { add, steps } = await store()
  await add('deep', [])
  await add('leaf', ['deep'])
  await add('left', ['leaf'])
  await add('right', [])
  await add('root', ['left', 'right'])
  const limits = 'report'
  assert.equal(await steps(['root'], { limits, maxDepth: 2 }), ['root.', '-left', '--leaf beyond.', '-right.'])
  assert.equal(await steps(['root'], { limits, maxBlocks: 2 }), ['root.', '-left', '--leaf beyond.', '-right beyond.'])
  const bytes = (await steps(['root'], { limits, maxBytes: 60 })).filter((line) => line.includes('beyond'))
  assert.ok(bytes.length > 0)
})

test('asking ahead changes no step, and no block is asked for twice', async () => {
  const blocks = new Map<string, Made>()
  const put = async (links: readonly CID[], i: number): Promise<CID> => {
    const made = await cbor({ i, links })
    blocks.set(digestKey(made.cid), made)
    return made.cid
  }
  const level = async (depth: number, i: number): Promise<CID> =>
    put(depth === 0 ? [] : await Promise.all(Array.from({ length: 4 }, (_, k) => level(depth - 1, i * 4 + k))), depth * 1000 + i)
  const root = await level(4, 0)
  const cbors = await createHost().then((host) => host.codec('dag-cbor'))
  for (const order of ['depth-first', 'breadth-first'] as const) {
    const runs: string[][] = []
    for (const prefetch of [0, 1, 8, 100]) {
      const asked = new Map<string, number>()
      let busy = 0
      let most = 0
      const found: string[] = []
      const steps = walk<object>([root], {
        order,
        prefetch,
        get: async (cid) => {
          asked.set(keyOf(cid), (asked.get(keyOf(cid)) ?? 0) + 1)
          most = Math.max(most, ++busy)
          await new Promise((resolve) => setTimeout(resolve, found.length % 3))
          busy--
          return blocks.get(digestKey(cid))?.bytes
        },
        visit: (_, bytes) => ({ children: cbors.links(bytes).map((cid) => ({ cid })) })
      })
      for await (const { cid } of steps) found.push(String(cid))
      assert.is(found.length, blocks.size)
      assert.is(Math.max(...asked.values()), 1)
      if (prefetch > 1) assert.ok(most > 1)
      else assert.ok(most <= prefetch + 1)
      runs.push(found)
    }
    for (const run of runs) assert.equal(run, runs[0])
  }
})

const missing = await cbor('missing')
const strange = CID.createV1(0x300001, missing.cid.multihash)
const good = await cbor({ good: true })
const broken = await block(0x71, Uint8Array.of(0xa1))
const liar = await cbor('liar')
const strangeBlock = await block(0x300001, Uint8Array.of(1))
const top = await cbor([good.cid, missing.cid, strangeBlock.cid, broken.cid, liar.cid, good.cid])
const holes = verified([memoryBlocks([top, good, strangeBlock, broken, { cid: liar.cid, bytes: good.bytes }])])

test('what stands in the way is reported and counted', async () => {
  const { loader: codecs } = await createHost()
  const steps = walkBlocks([top.cid], { blocks: holes, codecs, missing: 'report', unknown: 'report', faulty: 'report' })
  const seen: string[] = []
  for (;;) {
    const { value, done } = await steps.next()
    if (done) {
      const { blocks, missing, beyond, faulty, unknown } = value as WalkBlocksEnd
      assert.equal({ blocks, missing, beyond, faulty, unknown: [...unknown] }, { blocks: 4, missing: 1, beyond: 0, faulty: 2, unknown: [[0x300001, 1]] })
      break
    }
    const { state, visit } = value as Step<Visited>
    seen.push(`${state} ${visit?.fault?.code ?? ''}`.trim())
  }
  assert.equal(seen, ['block', 'block', 'missing', 'block UNKNOWN_CODEC', 'block UNEXPECTED_END', 'missing HASH_MISMATCH', 'seen'])
})

test('what was fetched ahead and refused counts only if the walk comes to it', async () => {
  const { loader: codecs } = await createHost()
  const report = { missing: 'report', unknown: 'report', faulty: 'report', limits: 'report' } as const
  const steps = walkBlocks([top.cid], { blocks: holes, codecs, ...report, prefetch: 8, maxBlocks: 1 })
  for (;;) {
    const { value, done } = await steps.next()
    if (!done) continue
    const { blocks, missing, beyond, faulty } = value as WalkBlocksEnd
    assert.equal({ blocks, missing, beyond, faulty }, { blocks: 1, missing: 0, beyond: 5, faulty: 0 })
    break
  }
})

const fatal: [option: string, code: string][] = [
  ['missing', 'BLOCK_NOT_FOUND'],
  ['unknown', 'UNKNOWN_CODEC'],
  ['faulty', 'UNEXPECTED_END']
]
for (const [option, code] of fatal) {
  test(`${option}: fatal unless reported`, async () => {
    const { loader: codecs } = await createHost()
    const report = { missing: 'report', unknown: 'report', faulty: 'report' } as const
    try {
      for await (const _ of walkBlocks([top.cid], { blocks: holes, codecs, ...report, [option]: 'throw' }));
      assert.unreachable()
    } catch (error) {
      assert.is((error as { code?: string }).code, code, String(error))
    }
  })
}

test('given up while a block does not come', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 5)
  const timer = setTimeout(() => {}, 10_000)
  const steps = walk<object>([strange], { get: () => new Promise(() => {}), visit: () => ({ children: [] }), signal: controller.signal, prefetch: 3 })
  await steps.next().then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
  clearTimeout(timer)
})

test.run()
