/** Paths that cross blocks. */
import type { CID } from 'multiformats/cid'
import { Node } from '../ipld/index.js'
import type { Blocks } from './blocks.js'
import type { Codecs } from './decode.js'
import { DagError, PathError } from './errors.js'

export interface ResolveOptions {
  /** verified: see `verified` */
  readonly blocks: Blocks
  readonly codecs: Codecs
  /** whether a link at the end of the path is followed too; default true */
  readonly follow?: boolean
  /** most blocks on the way: a block may be nothing but a link, so a short path may go through any number. Default 65,536 */
  readonly maxBlocks?: number
  readonly signal?: AbortSignal
}

/** Where a path leads. */
export interface Resolved {
  readonly node: Node
  /** the block that the node is in, and the rest of the path, inside of it */
  readonly cid: CID
  readonly bytes: Uint8Array
  readonly path: readonly string[]
  /** all blocks that the path goes through, from the first to `cid` */
  readonly blocks: readonly CID[]
}

/** Keys of a map that an error names, and how much of each. */
const NAMED = 8
const LONGEST = 64

/**
 * The node at a path of keys and indices, `posts/0/title`, through any number of blocks and codecs: where a link stands in the way it is followed. Names are those of the data model;
 * leading and doubled slashes count for nothing.
 *
 * @throws PathError `NOT_FOUND`; DagError `BLOCK_NOT_FOUND`, `WALK_LIMIT` and what else `blocks` throws; HostError, CodecError, SandboxError of the codecs
 */
export async function resolve(root: CID, path: string | readonly string[], options: ResolveOptions): Promise<Resolved> {
  const { blocks: store, codecs, follow = true, maxBlocks = 65_536, signal } = options
  const segments = typeof path === 'string' ? path.split('/').filter((segment) => segment !== '') : path
  const blocks: CID[] = []
  let cid = root
  for (let index = 0; ; ) {
    signal?.throwIfAborted()
    if (blocks.length === maxBlocks) throw new DagError('WALK_LIMIT', `the path goes through more than ${maxBlocks} blocks`, { cid })
    blocks.push(cid)
    const loading = codecs(cid.code)
    // which of the two fails first is told, the other is not waited for
    if (loading instanceof Promise) loading.catch(() => {})
    const bytes = await store.get(cid, { signal })
    if (bytes === undefined) throw notThere(cid, segments.slice(0, index), store)
    const codec = loading instanceof Promise ? await loading : loading

    // on the codec's own tape, which nobody else writes to before the next wait: only the last block's is copied
    const tape = codec.tape(bytes)
    const start = index
    let node = new Node(tape)
    while (index < segments.length && node.kind !== 'link') {
      const next = node.get(segments[index])
      if (next === undefined) throw notFound(segments, index, start, cid, node)
      node = next
      index++
    }
    if (node.kind === 'link' && (follow || index < segments.length)) {
      cid = node.value() as CID
      continue
    }
    const inside = segments.slice(start)
    let kept = new Node(tape.copy())
    for (const segment of inside) kept = kept.get(segment) as Node
    return { node: kept, cid, bytes, path: inside, blocks }
  }
}

function notThere(cid: CID, done: readonly string[], { name }: Blocks): DagError {
  return new DagError('BLOCK_NOT_FOUND', `block ${cid}${done.length === 0 ? '' : `, to which "${done.join('/')}" leads,`} is not in ${name}`, { cid })
}

function notFound(segments: readonly string[], index: number, start: number, cid: CID, node: Node): PathError {
  const { kind, length } = node
  const keys: string[] = []
  if (kind === 'map') {
    for (const [key] of node.entries()) {
      if (keys.length === NAMED) break
      keys.push(String(key).slice(0, LONGEST))
    }
  }
  return new PathError({ segment: segments[index], index, start, path: segments.slice(0, index).join('/'), cid, kind, length, keys })
}
