import { createHost } from 'autocodec'
import { memoryBlocks, resolve, verified } from 'autocodec/dag'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { difference, sameBytes } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import { feedOf } from '../data.js'
import { Random } from '../random.js'
import { references } from '../reference.js'
import { type Sample, sampleOf } from '../sample.js'
import type { CodecName } from '../subject.js'

const BLOCKS = 10

/** One value at the end of a path through ten blocks in memory, hashes checked, against decoding each block whole. */
export function resolves(_subject: unknown, samples: readonly Sample[]): Comparison[] {
  return (['dag-cbor', 'dag-json'] as const).flatMap((codec) =>
    [1, 8, 40].map((posts) => {
      let chain: Promise<Chain> | undefined
      const made = () => (chain ??= makeChain(codec, posts))
      return compare('resolve', sampleOf(samples, codec, '200 posts'), {
        ref: 'JavaScript codecs',
        detail: `${BLOCKS} blocks of ${posts} ${posts === 1 ? 'post' : 'posts'}`,
        ours: async () => {
          const { root, path, blocks, codecs } = await made()
          return (await resolve(root, path, { blocks, codecs })).node.value()
        },
        theirs: async () => {
          const { root, path, bytes } = await made()
          let value: unknown = root
          for (const segment of [...path.split('/'), undefined]) {
            while (CID.asCID(value) !== null) {
              const cid = value as CID
              const block = bytes.get(cid.toString()) as Uint8Array
              if (!sameBytes((await sha256.digest(block)).digest, cid.multihash.digest)) throw new Error('another hash')
              value = references[codec].decode(block)
            }
            if (segment !== undefined) value = (value as Record<string, unknown>)[segment]
          }
          return value
        },
        differs: (a, b) => difference(a, b)
      })
    })
  )
}

interface Chain {
  readonly root: CID
  readonly path: string
  readonly bytes: ReadonlyMap<string, Uint8Array>
  readonly blocks: ReturnType<typeof verified>
  readonly codecs: Awaited<ReturnType<typeof createHost>>['loader']
}

/** Blocks of posts, each with a link to the next in its middle. */
async function makeChain(codec: CodecName, posts: number): Promise<Chain> {
  const host = await createHost()
  const random = new Random(31)
  const made: { cid: CID; bytes: Uint8Array }[] = []
  for (let i = 0; i < BLOCKS; i++) {
    const feed: Record<string, unknown>[] = feedOf(random, posts)
    if (i > 0) feed[posts >> 1].next = made[i - 1].cid
    const bytes = references[codec].encode({ feed })
    made.push({ cid: CID.createV1(references[codec].code, await sha256.digest(bytes)), bytes })
  }
  const step = `feed/${posts >> 1}`
  return {
    root: made[BLOCKS - 1].cid,
    path: `${`${step}/next/`.repeat(BLOCKS - 1)}${step}/text`,
    bytes: new Map(made.map(({ cid, bytes }) => [cid.toString(), bytes])),
    blocks: verified([memoryBlocks(made)]),
    codecs: host.loader
  }
}
