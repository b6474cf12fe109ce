import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { depthFirstWalker } from '@helia/utils'
import * as dagCbor from '@ipld/dag-cbor'
import { createHost } from 'autocodec'
import { verified, walkBlocks } from 'autocodec/dag'
import { directoryBlocks } from 'autocodec/dag/node'
import { FsBlockstore } from 'blockstore-fs'
import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Reading } from '../comparison.js'

const FANOUT = 10

/** Blocks of the DAG: `AUTOCODEC_BENCH_BLOCKS` sets it. */
const count = (quick: boolean): number => Number(process.env.AUTOCODEC_BENCH_BLOCKS ?? (quick ? 5_000 : 100_000))

/** Every block of a DAG in the files of blockstore-fs, depth first. Ours checks hashes, and asks for 8 blocks before their turn; the other does neither. */
export function walks(): Reading[] {
  return [
    {
      work: 'walk',
      codec: 'dag-cbor',
      case: 'blockstore-fs, depth first',
      group: undefined,
      bytes: 0,
      ref: '@helia/utils',
      unit: '×',
      read: async (quick) => {
        const folder = mkdtempSync(join(tmpdir(), 'autocodec-bench-'))
        try {
          const { root, bytes, blocks } = makeDag(folder, count(quick))
          const host = await createHost()
          const ours = async (): Promise<string> => {
            const order = createHash('sha256')
            let steps = 0
            for await (const { cid } of walkBlocks([root], { blocks: verified([directoryBlocks(folder)]), codecs: host.loader, prefetch: 8 })) {
              order.update(cid.multihash.digest)
              steps++
            }
            if (steps !== blocks) throw new Error(`${steps} steps over ${blocks} blocks`)
            return order.digest('hex')
          }
          const theirs = async (): Promise<number> => {
            const walker = depthFirstWalker()({ blockstore: new FsBlockstore(folder) as never, getCodec: (() => dagCbor) as never })
            let steps = 0
            for await (const _ of walker.walk(root)) steps++
            if (steps !== blocks) throw new Error(`${steps} steps over ${blocks} blocks`)
            return steps
          }
          const orders = [await ours(), await ours()]
          if (orders[0] !== orders[1]) throw new Error('two walks, two orders')
          const figures: number[] = []
          for (let round = 0; round < 3; round++) {
            const start = performance.now()
            await ours()
            const middle = performance.now()
            await theirs()
            figures.push((performance.now() - middle) / (middle - start))
          }
          return { bytes, figures }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      }
    }
  ]
}

/** A tree with ten links a block, every block in a file as blockstore-fs names it. */
function makeDag(folder: string, most: number): { root: CID; bytes: number; blocks: number } {
  let bytes = 0
  let blocks = 0
  const put = (value: unknown): CID => {
    const block = dagCbor.encode(value)
    const cid = CID.createV1(dagCbor.code, create(0x12, createHash('sha256').update(block).digest()))
    const name = base32upper.encode(cid.multihash.bytes)
    mkdirSync(join(folder, name.slice(-2)), { recursive: true })
    writeFileSync(join(folder, name.slice(-2), `${name}.data`), block)
    bytes += block.length
    blocks++
    return cid
  }
  let level = Array.from({ length: Math.floor(most * (1 - 1 / FANOUT)) }, (_, i) => put({ i, text: `leaf number ${i}`, tags: ['a', 'b'], at: i * 1.5 }))
  while (level.length > 1) {
    const above: CID[] = []
    for (let i = 0; i < level.length; i += FANOUT) above.push(put({ i, name: 'node', links: level.slice(i, i + FANOUT) }))
    level = above
  }
  return { root: level[0], bytes, blocks }
}
