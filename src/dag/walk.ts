/** A walk over blocks along their links. */
import type { CID } from 'multiformats/cid'
import { DagError } from './errors.js'

/** What became of one link of the walk. */
export interface Step<T> {
  readonly cid: CID
  /** `block`: here it is; `seen`: it has come before; `missing`: it cannot be had */
  readonly state: 'block' | 'seen' | 'missing'
  /** 0 for roots */
  readonly depth: number
  /** for this step and each one above it, root first: whether it is the last link of its block; holds until the next step is asked for */
  readonly last: readonly boolean[]
  /** where in the parent the link stands, as the visitor named it; undefined for roots */
  readonly label?: string
  readonly bytes?: Uint8Array
  /** what the visitor made of the block */
  readonly visit?: T
}

/** A link to follow. */
export interface Child {
  readonly cid: CID
  readonly label?: string
}

export interface WalkOptions<T> {
  /** the block's bytes, verified; undefined if it cannot be had */
  get(cid: CID): Promise<Uint8Array | undefined>
  /** Reads a block; the walk goes on with its children. A link that stands there twice may be given twice. */
  visit(cid: CID, bytes: Uint8Array): Promise<T & { readonly children: readonly Child[] }>
  /** most blocks; default 2^32 */
  readonly maxBlocks?: number
  /** most links from a root down; default 65,536 */
  readonly maxDepth?: number
  readonly signal?: AbortSignal
}

interface Frame {
  readonly children: readonly Child[]
  next: number
}

/** What a walk compares CIDs by: the version makes no difference, the codec does. */
export function keyOf(cid: CID): string {
  return `${cid.code}/${digestKey(cid)}`
}

/** What a store of blocks compares CIDs by: the same bytes may be linked as several codecs. */
export function digestKey(cid: CID): string {
  return String.fromCharCode(...cid.multihash.bytes)
}

/**
 * Depth first from the roots, parents before children, links in their order. Each block is visited once; later links to it are steps of their own, `seen`.
 *
 * @throws DagError `WALK_LIMIT`; what `get` and `visit` throw
 */
export async function* walk<T>(roots: readonly CID[], options: WalkOptions<T>): AsyncGenerator<Step<T>, void, undefined> {
  const { get, visit, maxBlocks = 2 ** 32, maxDepth = 65_536, signal } = options
  const seen = new Set<string>()
  const stack: Frame[] = [{ children: roots.map((cid) => ({ cid })), next: 0 }]
  // one array for all steps: in a chain of blocks a new one for each would be work by the square of its length
  const last: boolean[] = []
  while (stack.length > 0) {
    const frame = stack[stack.length - 1]
    if (frame.next === frame.children.length) {
      stack.pop()
      continue
    }
    signal?.throwIfAborted()
    const { cid, label } = frame.children[frame.next++]
    last.length = stack.length
    last[stack.length - 1] = frame.next === frame.children.length
    const place = { cid, label, depth: stack.length - 1, last }
    const key = keyOf(cid)
    if (seen.has(key)) {
      yield { ...place, state: 'seen' }
      continue
    }
    if (stack.length > maxDepth) throw new DagError('WALK_LIMIT', `${cid} is linked more than ${maxDepth} blocks deep`, { cid })
    if (seen.size === maxBlocks) throw new DagError('WALK_LIMIT', `there are more than ${maxBlocks} blocks`, { cid })
    seen.add(key)
    const bytes = await get(cid)
    if (bytes === undefined) {
      yield { ...place, state: 'missing' }
      continue
    }
    const result = await visit(cid, bytes)
    yield { ...place, state: 'block', bytes, visit: result }
    stack.push({ children: result.children, next: 0 })
  }
}
