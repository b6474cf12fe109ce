/** A walk over blocks along their links. */
import type { CID } from 'multiformats/cid'
import { orAbort } from './abort.js'
import { DagError } from './errors.js'
import { Frontier, type Place } from './frontier.js'
import { keyOf } from './key.js'
import type { OnProgress } from './progress.js'

/** What became of one link of the walk. */
export interface Step<T> {
  readonly cid: CID
  /** `block`: here it is; `seen`: it has come before; `missing`: it cannot be had; `beyond`: a limit keeps the walk from it */
  readonly state: 'block' | 'seen' | 'missing' | 'beyond'
  /** 0 for roots */
  readonly depth: number
  /** depth first: for this step and each one above it, root first: whether it is the last link of its block; holds until the next step is asked for */
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

/** What a walk has come to: nothing is left out without being counted here. */
export interface WalkEnd {
  readonly blocks: number
  readonly bytes: number
  /** links to blocks that could not be had, each target once */
  readonly missing: number
  /** links that a limit kept the walk from, each target once; what lies behind them nobody knows */
  readonly beyond: number
}

export interface WalkLimits {
  /** most blocks; default 2^32 */
  readonly maxBlocks?: number
  /** most links from a root down; default 65,536 */
  readonly maxDepth?: number
  /** most bytes of blocks in all; a block that goes beyond is not given. Default 2^53 − 1 */
  readonly maxBytes?: number
  /** what happens at a limit. `throw`, the default: `WALK_LIMIT`; `report`: a step `beyond`, and the walk goes on with what it is allowed */
  readonly limits?: 'throw' | 'report'
}

export interface WalkOptions<T> extends WalkLimits {
  /** the block's bytes, verified; undefined if it cannot be had */
  get(cid: CID, options: { readonly signal?: AbortSignal }): Uint8Array | undefined | Promise<Uint8Array | undefined>
  /** Reads a block; the walk goes on with its children. A link that stands there twice may be given twice. */
  visit(cid: CID, bytes: Uint8Array): (T & { readonly children: readonly Child[] }) | Promise<T & { readonly children: readonly Child[] }>
  /** `depth-first`, the default: children before siblings; `breadth-first`: all of a depth before what is below */
  readonly order?: 'depth-first' | 'breadth-first'
  /** how many blocks may be asked for before their turn, for stores that are far away; the steps come in the same order. Default 0 */
  readonly prefetch?: number
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}

/**
 * From the roots, parents before children, links in their order. Each block is visited once; later links to it are steps of their own, `seen`.
 *
 * @returns what the walk has come to, when it ends of itself
 * @throws DagError `WALK_LIMIT`; what `get` and `visit` throw
 */
export async function* walk<T>(roots: readonly CID[], options: WalkOptions<T>): AsyncGenerator<Step<T>, WalkEnd, undefined> {
  const { get, visit, order = 'depth-first', prefetch = 0, signal, onProgress } = options
  const allowance = new Allowance(options)
  const seen = new Set<string>()
  const ahead = new Map<string, Promise<Uint8Array | undefined>>()
  const frontier = new Frontier(roots, order)
  let missing = 0
  let beyond = 0

  const fetchAhead = (): void => {
    for (const { cid } of frontier.coming(prefetch)) {
      if (ahead.size >= prefetch * HELD) return
      const key = keyOf(cid)
      if (seen.has(key) || ahead.has(key)) continue
      const got = Promise.resolve(get(cid, { signal }))
      // it is waited for later, or not at all
      got.catch(() => {})
      ahead.set(key, got)
    }
  }

  for (;;) {
    if (prefetch > 0) fetchAhead()
    const place = frontier.next()
    if (place === undefined) return { blocks: allowance.blocks, bytes: allowance.bytes, missing, beyond }
    signal?.throwIfAborted()
    const { cid } = place
    const key = keyOf(cid)
    if (seen.has(key)) {
      yield { ...stepAt(place, frontier), state: 'seen' }
      continue
    }
    seen.add(key)
    if (!allowance.block(place)) {
      ahead.delete(key)
      beyond++
      yield { ...stepAt(place, frontier), state: 'beyond' }
      continue
    }
    let got = ahead.get(key) ?? get(cid, { signal })
    ahead.delete(key)
    if (got instanceof Promise) got = await orAbort(got, signal)
    if (got === undefined) {
      missing++
      yield { ...stepAt(place, frontier), state: 'missing' }
      continue
    }
    if (!allowance.take(place, got)) {
      beyond++
      yield { ...stepAt(place, frontier), state: 'beyond' }
      continue
    }
    const made = visit(cid, got)
    const result = made instanceof Promise ? await made : made
    onProgress?.({ type: 'autocodec:dag:blocks', detail: { blocks: allowance.blocks, bytes: allowance.bytes } })
    yield { ...stepAt(place, frontier), state: 'block', bytes: got, visit: result }
    frontier.enter(result.children, place.depth + 1)
  }
}

/** Blocks that wait for their turn, for each that may be asked for: in the depth those of the levels above wait for long. */
const HELD = 8

function stepAt({ cid, label, depth }: Place, { last }: Frontier): Pick<Step<never>, 'cid' | 'label' | 'depth' | 'last'> {
  return { cid, label, depth, last }
}

/** What a walk may still take. */
class Allowance {
  blocks = 0
  bytes = 0
  readonly #limits: Required<WalkLimits>

  constructor({ maxBlocks = 2 ** 32, maxDepth = 65_536, maxBytes = Number.MAX_SAFE_INTEGER, limits = 'throw' }: WalkLimits) {
    this.#limits = { maxBlocks, maxDepth, maxBytes, limits }
  }

  /** Whether one more block is allowed, at this depth. */
  block({ cid, depth }: Place): boolean {
    const { maxBlocks, maxDepth } = this.#limits
    if (depth >= maxDepth) return this.#refuse(cid, `${cid} is linked more than ${maxDepth} blocks deep`)
    if (this.blocks >= maxBlocks) return this.#refuse(cid, `there are more than ${maxBlocks} blocks`)
    return true
  }

  take({ cid }: Place, { length }: Uint8Array): boolean {
    const { maxBytes } = this.#limits
    if (this.bytes + length > maxBytes) return this.#refuse(cid, `with the ${length} bytes of ${cid} there are more than ${maxBytes} bytes`)
    this.blocks++
    this.bytes += length
    return true
  }

  #refuse(cid: CID, message: string): false {
    if (this.#limits.limits === 'throw') throw new DagError('WALK_LIMIT', message, { cid })
    return false
  }
}
