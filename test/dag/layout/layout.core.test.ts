/** What holds of every layout, wherever it runs: operations beside each other, the same fuel everywhere, and that shipped layouts are found. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ASKS, DONE, MORE } from '../../../src/codec/runner.js'
import { type LayoutError, type LayoutNode, layoutFor, layouts, loadLayout, openLayout } from '../../../src/dag/layout/index.js'
import { createHost, type Source } from '../../../src/index.js'

const host = await createHost()
const pb = await host.codec('dag-pb')
const blocks = new Map<string, Uint8Array>()
const get = async (cid: CID): Promise<Uint8Array | undefined> => blocks.get(String(cid))

async function put(block: Uint8Array, code: number): Promise<CID> {
  const cid = CID.createV1(code, await sha256.digest(block))
  blocks.set(String(cid), block)
  return cid
}

/** A file of so many raw leaves of 100 bytes, each full of its number. */
async function fileOf(leaves: number): Promise<CID> {
  const Links = []
  for (let i = 0; i < leaves; i++) Links.push({ Hash: await put(new Uint8Array(100).fill(i), 0x55), Name: '', Tsize: 100 })
  return put(pb.encode({ Data: Uint8Array.from([8, 2, ...Links.flatMap(() => [32, 100])]), Links }), 0x70)
}

async function sumOf(node: LayoutNode): Promise<number> {
  let sum = 0
  for await (const chunk of node.bytes()) for (const byte of chunk) sum += byte
  return sum
}

const root = await fileOf(50)
const SUM = 100 * 49 * 25

test('given up while a block does not come', async () => {
  const timer = setTimeout(() => {}, 10_000)
  const reason = new Error('enough')
  for (const late of [0, 20]) {
    const controller = new AbortController()
    let asked = 0
    const stuck = (cid: CID) => (asked++ < late ? get(cid) : new Promise<undefined>(() => setTimeout(() => controller.abort(reason), 5)))
    const error = await openLayout(host, { layout: 'unixfs', root, get: stuck, signal: controller.signal })
      .then(sumOf)
      .catch((error) => error)
    assert.is(error, reason)
  }
  clearTimeout(timer)
})

test('many operations of one layout at a time', async () => {
  const layout = await loadLayout(host, 'unixfs')
  const file = await openLayout(host, { layout, root, get })
  assert.equal(await Promise.all(Array.from({ length: 20 }, () => sumOf(file))), new Array(20).fill(SUM))
  // one that is half read, while others come and go
  const chunks = file.bytes()
  const first = await chunks.next()
  assert.is(await sumOf(file), SUM)
  let count = 1
  for await (const chunk of chunks) assert.is(chunk[0], count++)
  assert.equal([first.done, count], [false, 50])
})

test('the same fuel for the same arguments and blocks: pinned or not, again and again, prepared here or at the build', async () => {
  const fuels: number[] = []
  for (const limits of [{}, {}, { module: 1_000_000 }]) {
    const layout = await loadLayout(host, 'unixfs', { limits })
    for (let i = 0; i < 2; i++) {
      const runner = layout.take()
      let answer = runner.start([4, root, null, 150, 1_000])
      const answers = [answer]
      while (answer !== DONE) {
        answer = answer === ASKS ? runner.resume(blocks.get(String(root))) : runner.resume()
        answers.push(answer)
      }
      assert.equal(answers, [ASKS, MORE, DONE])
      fuels.push(runner.fuel)
      layout.give(runner)
    }
  }
  assert.ok(fuels[0] > 100)
  assert.is(new Set(fuels).size, 1, fuels.join())
})

test('shipped layouts by name and by the codec of a root', async () => {
  assert.equal(
    layouts().map(({ manifest }) => manifest.name),
    ['unixfs', 'bittorrent']
  )
  for (const [id, name] of [
    [0x70, 'unixfs'],
    [0x55, 'unixfs'],
    [0x7b, 'bittorrent'],
    ['bittorrent', 'bittorrent'],
    [0x71, undefined],
    ['nothing', undefined]
  ] as const) {
    assert.is(layoutFor(id)?.manifest.name, name)
  }
})

test('a layout by CID, from the embedded catalog or from a source, and as a module', async () => {
  const { cid } = layoutFor('unixfs') as { cid: CID }
  const module = await host.module(cid)
  const asked: string[] = []
  const source: Source = {
    name: 'test',
    async get(wanted) {
      asked.push(String(wanted))
      return undefined
    }
  }
  for (const id of [cid, String(cid), module]) {
    const layout = await loadLayout(host, id)
    assert.is(String(layout.cid), String(cid))
    assert.is(await sumOf(await openLayout(host, { layout, root, get })), SUM)
  }
  const other = await createHost({ sources: [source] })
  try {
    await loadLayout(other, root)
    assert.unreachable()
  } catch (error) {
    assert.is((error as LayoutError).code, 'MODULE_NOT_FOUND')
    assert.equal(asked, [String(root)])
  }
})

test('a caller’s mistakes', async () => {
  const file = await openLayout(host, { root, get })
  const mistakes: readonly (() => Promise<unknown>)[] = [
    () => openLayout(host, { root: 'x' as never, get }),
    () => openLayout(host, { root, get: undefined as never }),
    () => openLayout(host, { root, get, ahead: -1 }),
    () => openLayout(host, { root, get: async () => 'text' as never }),
    () => file.bytes({ offset: -1 }).next(),
    () => file.bytes({ length: 0.5 }).next()
  ]
  for (const mistake of mistakes) {
    try {
      await mistake()
    } catch (error) {
      assert.instance(error, TypeError)
      continue
    }
    assert.unreachable(String(mistake))
  }
})

test('blocks that have been verified already are not verified again, others are', async () => {
  const lying = async (cid: CID) => (cid.code === 0x55 ? new Uint8Array(100) : get(cid))
  assert.is(await sumOf(await openLayout(host, { root, get: lying, verify: false })), 0)
  try {
    await sumOf(await openLayout(host, { root, get: lying }))
    assert.unreachable()
  } catch (error) {
    assert.is((error as LayoutError).code, 'HASH_MISMATCH')
  }
})

test.run()
