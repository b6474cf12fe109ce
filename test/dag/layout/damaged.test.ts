/** Trees whose blocks are damaged: what comes out is bytes and names, or an error that blames the block. Never the layout's own fault, never a crash. */
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced, trickle } from 'ipfs-unixfs-importer/layout'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LayoutError, type LayoutNode, loadLayout, openLayout } from '../../../src/dag/layout/index.js'
import { createHost } from '../../../src/index.js'
import { note } from '../../note.js'
import { infoCid, Torrent } from './torrent.js'
import { noise, read, Store } from './tree.js'

const RUNS = Number(process.env.AUTOCODEC_RUNS ?? 200) * 10
/** What only a faulty layout does, or one whose own limits are not those of its blocks. */
const FAULTS = ['INVALID_TAPE', 'LINK_NOT_SHOWN', 'VALUE_SIZE', 'CODEC_ERROR', 'TRAP', 'FUEL', 'STACK', 'MEMORY']

const host = await createHost()

/** Numbers that are the same in every run. */
function randomOf(seed: number): (below: number) => number {
  let x = seed
  return (below) => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0
    return (x >>> 8) % below
  }
}

/** Turns, takes away or puts in a few bytes. */
function damage(block: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...block]
  for (let i = 0; i <= random(3); i++) {
    const at = random(bytes.length + 1)
    const kind = random(5)
    if (kind === 0) bytes.length = at
    else if (kind === 1) bytes.splice(at, random(4))
    else if (kind === 2) bytes.splice(at, 0, random(256), random(256))
    else if (at < bytes.length) bytes[at] = kind === 3 ? bytes[at] ^ (1 << random(8)) : [0, 0x7f, 0x80, 0xff, 0x39][random(5)]
  }
  return Uint8Array.from(bytes)
}

/** Goes through all of a tree. */
async function exhaust(node: LayoutNode): Promise<void> {
  if (node.kind === 'file') {
    await read(node)
    await read(node, { offset: 70, length: 200 })
  } else if (node.kind === 'directory') {
    for (const name of ['name 3', 'absent']) await node.lookup(name)
    for await (const entry of node.entries()) await exhaust(await node.open(entry))
  }
}

interface Tree {
  readonly name: string
  readonly layout: string
  readonly root: CID
  readonly get: (cid: CID) => Promise<Uint8Array | undefined>
}

async function unixfs(name: string, options: object, candidates: object[]): Promise<Tree> {
  const store = new Store()
  const root = await store.add(candidates as never, { chunker: fixedSize({ chunkSize: 100 }), ...options })
  // a damaged link leads to a block that is not there
  return { name, layout: 'unixfs', root, get: async (cid) => ((await store.blocks.has(cid as never)) ? store.get(cid, {}) : undefined) }
}

const files = Array.from({ length: 12 }, (_, i) => ({ path: `d/name ${i}`, content: noise(150 * (i % 3), i) }))
const torrent = new Torrent()
const multi = torrent.multi(
  files.map(({ path, content }) => ({ path: path.split('/'), content })),
  64
)

const trees: readonly Tree[] = [
  await unixfs('a balanced file', { rawLeaves: true, layout: balanced({ maxChildrenPerNode: 3 }) }, [{ content: noise(1_500) }]),
  await unixfs('a trickle file', { rawLeaves: false, layout: trickle({ maxChildrenPerNode: 3 }) }, [{ content: noise(1_500) }]),
  await unixfs('a directory', { rawLeaves: true, mode: 0o644 }, files),
  await unixfs('shards', { rawLeaves: true, shardSplitThresholdBytes: 0, shardFanoutBits: 3 }, files),
  { name: 'a torrent', layout: 'bittorrent', root: multi, get: async (cid) => torrent.get(cid, {}) as Uint8Array }
]

for (const { name, layout: id, root, get } of trees) {
  test(name, async () => {
    const layout = await loadLayout(host, id)
    const codes = new Map<string, number>()
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomOf(seed)
      // blocks by the order in which they are first asked for; one in three is damaged, the first most often
      const known = new Map<string, Uint8Array | undefined>()
      const damaged = async (cid: CID) => {
        const key = String(cid)
        if (!known.has(key)) {
          const block = await get(cid)
          known.set(key, block && random(3) === 0 ? damage(block, random) : block)
        }
        return known.get(key)
      }
      let code = 'none'
      try {
        await exhaust(await openLayout(host, { layout, root, get: damaged, verify: false, ahead: 0 }))
      } catch (error) {
        assert.ok(error instanceof LayoutError, `seed ${seed}: ${(error as Error).stack}`)
        code = error.code
        assert.not.ok(FAULTS.includes(code), `seed ${seed}: ${error.stack}`)
      }
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    note(`${name}: ${[...codes].map(([code, count]) => `${count} ${code}`).join(', ')}`)
  })
}

test('info dictionaries that are damaged keep their own info hash', () => {
  // so that a damaged block is never taken for the sound one
  const info = torrent.get(multi, {}) as Uint8Array
  assert.is(String(infoCid(info)), String(multi))
  assert.is.not(String(infoCid(damage(info, randomOf(7)))), String(multi))
})

test.run()
