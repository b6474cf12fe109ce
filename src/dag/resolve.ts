/** Paths that cross blocks. */
import { CID } from 'multiformats/cid'
import type { Node } from '../ipld/index.js'
import type { Blocks } from './blocks.js'
import type { Codecs } from './decode.js'
import { DagError, PathError } from './errors.js'

export interface ResolveOptions {
  /** verified: see `verified` */
  readonly blocks: Blocks
  readonly codecs: Codecs
  /** whether a link at the end of the path is followed too; default true */
  readonly follow?: boolean
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

/** Keys of a map that an error names. */
const NAMED = 8

/**
 * The node at a path of keys and indices, `posts/0/title`, through any number of blocks and codecs: where a link stands in the way it is followed. Names are those of the data model;
 * leading and doubled slashes count for nothing.
 *
 * @throws PathError `NOT_FOUND`; DagError `BLOCK_NOT_FOUND` and what else `blocks` throws; HostError, CodecError, SandboxError of the codecs
 */
export async function resolve(root: CID, path: string | readonly string[], options: ResolveOptions): Promise<Resolved> {
  const { follow = true } = options
  const segments = typeof path === 'string' ? path.split('/').filter((segment) => segment !== '') : path
  const blocks: CID[] = []
  let at = await open(root, options)
  let inside = 0
  blocks.push(root)
  let { node } = at
  const enter = async (cid: CID, index: number): Promise<void> => {
    at = await open(cid, options, segments.slice(0, index).join('/'))
    blocks.push(cid)
    inside = index
    node = at.node
  }
  for (const [index, segment] of segments.entries()) {
    // a link to a link: each block may be one
    while (node.kind === 'link') await enter(node.value() as CID, index)
    const next = node.get(segment)
    if (next === undefined) throw notFound(segments, index, at.cid, node)
    node = next
  }
  while (follow && node.kind === 'link') await enter(node.value() as CID, segments.length)
  return { node, cid: at.cid, bytes: at.bytes, path: segments.slice(inside), blocks }
}

async function open(cid: CID, { blocks, codecs, signal }: ResolveOptions, where?: string): Promise<{ cid: CID; bytes: Uint8Array; node: Node }> {
  signal?.throwIfAborted()
  const [codec, bytes] = await Promise.all([codecs(cid.code), blocks.get(cid, { signal })])
  if (bytes === undefined) {
    throw new DagError('BLOCK_NOT_FOUND', `${cid}${where ? `, to which "${where}" leads,` : ''} is not in ${blocks.name}`, { cid })
  }
  return { cid, bytes, node: codec.node(bytes) }
}

function notFound(segments: readonly string[], index: number, cid: CID, node: Node): PathError {
  const { kind, length } = node
  const keys: string[] = []
  if (kind === 'map') {
    for (const [key] of node.entries()) {
      if (keys.length === NAMED) break
      keys.push(String(key))
    }
  }
  return new PathError({ segment: segments[index], index, path: segments.slice(0, index).join('/'), cid, kind, length, keys })
}
