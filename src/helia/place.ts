/** Where a path leads: along the keys of blocks in any codec, and across their links. */
import { CID } from 'multiformats/cid'
import { type Blockstore, blockstoreSource, type Codec, type Host } from '../codec/index.js'
import type { Node } from '../ipld/index.js'

/** A block, and what is left of the path when it ends inside of it. */
export interface Place {
  readonly cid: CID
  readonly bytes: Uint8Array
  readonly codec: Codec
  /** keys and indices inside of the block */
  readonly rest: readonly string[]
  /** the blocks on the way, the first one first */
  readonly roots: readonly CID[]
}

/** More links in one path than a URL has room for are a store that lies. */
const MAX_LINKS = 4096

/** A path that is not there, named as ipfs-unixfs-exporter names it, so that what knows its errors answers 404. */
export class PathError extends Error {
  override readonly name = 'BadPathError'
  readonly code = 'ERR_BAD_PATH'
}

/** A block that cannot be had, named as Helia names it, so that what knows its errors answers 504. */
class BlockError extends Error {
  override readonly name = 'LoadBlockFailedError'
  readonly code = 'ERR_LOAD_BLOCK_FAILED'
}

/** @throws what the block store says; BlockError if it has nothing */
export async function readBlock(blockstore: Blockstore, cid: CID, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = await blockstoreSource(blockstore).get(cid, { signal })
  if (bytes === undefined) throw new BlockError(`the block ${cid} is not there`)
  return bytes
}

/**
 * Follows a path inside of one block, to its end or to the first link on it.
 *
 * @throws PathError with the segment that is not there
 */
export function within(node: Node, path: readonly string[], cid: CID): { link?: CID; used: number } {
  let at = node
  for (const [used, segment] of path.entries()) {
    const next = at.get(segment)
    if (next === undefined) {
      const where = used === 0 ? 'the block' : `"${path.slice(0, used).join('/')}" of the block`
      throw new PathError(`no "${segment}" in ${where} ${cid}: there is ${at.kind === 'integer' ? 'an' : 'a'} ${at.kind}`)
    }
    at = next
    if (at.kind === 'link') return { link: CID.decode((at.value() as CID).bytes.slice()), used: used + 1 }
  }
  return { used: path.length }
}

/** @throws PathError, BlockError, HostError UNKNOWN_CODEC and the rest of `Host.codec`, CodecError */
export async function follow(host: Host, blockstore: Blockstore, root: CID, path: readonly string[], signal?: AbortSignal): Promise<Place> {
  let cid = root
  let rest = path
  const roots: CID[] = []
  for (;;) {
    roots.push(cid)
    if (roots.length > MAX_LINKS) throw new PathError(`a path over more than ${MAX_LINKS} links`)
    const codec = await host.codec(cid.code, { signal })
    const bytes = await readBlock(blockstore, cid, signal)
    const { link, used } = within(codec.node(bytes), rest, cid)
    if (link === undefined) return { cid, bytes, codec, rest, roots }
    cid = link
    rest = rest.slice(used)
  }
}
