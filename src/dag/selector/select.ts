/** Runs a selector over blocks: each step looks at the tape of one block, and values are built only of what the caller asks for. */
import type { CID } from 'multiformats/cid'
import type { Codec } from '../../codec/codec.js'
import { DagError } from '../errors.js'
import { SelectorError } from './errors.js'
import { type Match, matchOf } from './match.js'
import { NodePlace, type Place } from './place.js'
import type { Selector } from './selector.js'
import { expand, interests, noFrame, type State, step, stops } from './state.js'

/** A node that the selector has come to. */
export interface Visit {
  /** keys and indices from the root of the walk, across blocks */
  readonly path: readonly (string | number)[]
  readonly place: Place
  /** the matchers that it meets, in their order; none: it is on the way only */
  readonly matches: readonly Match[]
}

/** A link that could not be followed. */
export interface Dead {
  readonly path: readonly (string | number)[]
  readonly cid: CID
  readonly reason: unknown
}

export interface SelectOptions {
  /** the block's bytes, verified; undefined if it cannot be had */
  get(cid: CID, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>
  /** the codec of a block; throws if there is none */
  codec(cid: CID): Codec | Promise<Codec>
  /** what a data layout makes of a block, for interpretations in the selector; without it they are refused */
  interpret?(as: string, cid: CID): Promise<Place>
  /** told of links that cannot be followed, after which the walk goes on; without it they end the walk */
  dead?(link: Dead): void
  /** follow each link once, whatever the paths that lead there and the selector's state; default false */
  readonly once?: boolean
  /** most nodes; default 10,000,000 */
  readonly maxNodes?: number
  /** most blocks, counted as often as they are loaded or interpreted; default 1,000,000 */
  readonly maxBlocks?: number
  /** longest path; default 1,000,000 */
  readonly maxDepth?: number
  readonly signal?: AbortSignal
}

/** A path as it grows: a step and the path to it. */
interface Trail {
  readonly segment: string | number
  readonly above: Trail | undefined
  readonly length: number
}

/** A node to visit. */
interface Turn {
  readonly place: Place
  readonly states: readonly State[]
  readonly trail: Trail | undefined
  /** whether the selector has taken a step to get here */
  readonly moved: boolean
  /** whether this is what a block has just been interpreted as */
  readonly interpreted: boolean
}

/** Names that are looked up one by one; for more, all entries are looked at once. */
const FEW = 8

/**
 * The nodes that a selector visits from a block on: parents before children; the items of lists in their order, the entries of maps in theirs or, where the selector names fields, in
 * the selector's.
 *
 * @throws DagError BLOCK_NOT_FOUND, WALK_LIMIT; SelectorError SELECTOR_INTERPRETATION; what `get`, `codec`, `interpret` and decoding throw
 */
export async function* select(root: CID, selector: Selector, options: SelectOptions): AsyncGenerator<Visit, void, undefined> {
  const { maxNodes = 10_000_000, maxDepth = 1_000_000, signal } = options
  const walk = new Walk(options)
  const first = await walk.load(root, undefined)
  if (first === undefined) return
  let nodes = 0
  // not generators within each other, which would hand each node through all levels above it
  const stack: AsyncGenerator<Turn, void, undefined>[] = [
    only({ place: first, states: [{ selector, frame: noFrame() }], trail: undefined, moved: false, interpreted: false })
  ]
  try {
    while (stack.length > 0) {
      const { value: turn, done } = await stack[stack.length - 1].next()
      if (done) {
        stack.pop()
        continue
      }
      signal?.throwIfAborted()
      const { place, trail } = turn
      if (nodes++ === maxNodes) throw new DagError('WALK_LIMIT', `there are more than ${maxNodes} nodes`, { cid: place.cid })
      if ((trail?.length ?? 0) > maxDepth) throw new DagError('WALK_LIMIT', `a path of more than ${maxDepth} segments`, { cid: place.cid })
      const waiting = await expand(turn.states, place, turn.moved)
      const interpreted = waiting.filter(({ selector }) => selector.is === 'interpret')
      const others = interpreted.length === 0 ? waiting : waiting.filter(({ selector }) => selector.is !== 'interpret')
      if (interpreted.length > 0) stack.push(walk.interpretations(turn, interpreted))
      // what is only interpreted is visited as what it becomes
      if (others.length > 0 || interpreted.length === 0) {
        yield new Visited(trail, place, await matchesOf(others, place))
        stack.push(walk.children(place, others, trail))
      }
    }
  } finally {
    // who leaves early leaves them in the middle, some with a layout's guest
    for (const turns of stack.reverse()) await turns.return()
  }
}

class Walk {
  readonly #options: SelectOptions
  readonly #seen = new Set<string>()
  #blocks = 0

  constructor(options: SelectOptions) {
    this.#options = options
  }

  async *children(place: Place, states: readonly State[], trail: Trail | undefined): AsyncGenerator<Turn, void, undefined> {
    const { kind } = place
    if (kind !== 'list' && kind !== 'map') return
    const wanted = interests(states, place)
    if (typeof wanted === 'object') {
      const byName = wanted.size > FEW ? await entriesOf(place) : undefined
      for (const name of wanted) {
        const child = byName === undefined ? await place.get(name) : byName.get(name)
        if (child !== undefined) yield* this.#child(place, states, name, child, trail)
      }
      return
    }
    if (wanted === 0) return
    for await (const [segment, child] of place.entries()) {
      yield* this.#child(place, states, segment, child, trail)
      if (typeof segment === 'number' && wanted !== 'all' && segment + 1 >= wanted) return
    }
  }

  async *#child(
    place: Place,
    states: readonly State[],
    segment: string | number,
    child: Place,
    above: Trail | undefined
  ): AsyncGenerator<Turn, void, undefined> {
    const next = await step(states, place, segment, child)
    if (next.length === 0) return
    const trail = { segment, above, length: (above?.length ?? 0) + 1 }
    const { link } = child
    if (link === undefined) return yield { place: child, states: next, trail, moved: true, interpreted: false }
    if (this.#options.once) {
      const key = link.toString()
      if (this.#seen.has(key)) return
      this.#seen.add(key)
    }
    const target = await this.load(link, trail)
    if (target === undefined) return
    // a link has been asked whether the recursion stops at it; now it is asked of what it leads to
    const kept: State[] = []
    for (const state of next) if (!(await stops(state.frame, target))) kept.push(state)
    if (kept.length > 0) yield { place: target, states: kept, trail, moved: true, interpreted: false }
  }

  async *interpretations(turn: Turn, states: readonly State[]): AsyncGenerator<Turn, void, undefined> {
    for (const { selector, frame } of states) {
      const { as, next } = selector as Selector & { is: 'interpret' }
      yield { place: await this.#interpret(as, turn), states: [{ selector: next, frame }], trail: turn.trail, moved: true, interpreted: true }
    }
  }

  async load(cid: CID, trail: Trail | undefined): Promise<Place | undefined> {
    const { get, codec, dead, signal } = this.#options
    this.#count(cid)
    try {
      const bytes = await get(cid, { signal })
      if (bytes === undefined) throw new DagError('BLOCK_NOT_FOUND', `${cid} is not there, linked at "${pathOf(trail).join('/')}"`, { cid })
      return new NodePlace(cid, (await codec(cid)).node(bytes), true)
    } catch (reason) {
      signal?.throwIfAborted()
      if (dead === undefined) throw reason
      dead({ path: pathOf(trail), cid, reason })
      return undefined
    }
  }

  #count(cid: CID): void {
    const { maxBlocks = 1_000_000 } = this.#options
    if (this.#blocks++ === maxBlocks) throw new DagError('WALK_LIMIT', `there are more than ${maxBlocks} blocks`, { cid })
  }

  async #interpret(as: string, { place, trail, interpreted }: Turn): Promise<Place> {
    const { interpret } = this.#options
    const refused = (why: string) => new SelectorError('SELECTOR_INTERPRETATION', why, pathOf(trail).join('/'))
    if (interpret === undefined) throw refused(`nothing is there to interpret a node as ${JSON.stringify(as)}`)
    // a recursion could do that for ever, with no step between
    if (interpreted) throw refused(`what has been interpreted is interpreted again, as ${JSON.stringify(as)}`)
    if (!place.root) throw refused(`a node within a block cannot be interpreted as ${JSON.stringify(as)}, only a whole block`)
    this.#count(place.cid)
    return interpret(as, place.cid)
  }
}

/** A path is put together when it is asked for, since it may be long. */
class Visited implements Visit {
  readonly #trail: Trail | undefined

  constructor(
    trail: Trail | undefined,
    readonly place: Place,
    readonly matches: readonly Match[]
  ) {
    this.#trail = trail
  }

  get path(): (string | number)[] {
    return pathOf(this.#trail)
  }
}

async function* only(turn: Turn): AsyncGenerator<Turn, void, undefined> {
  yield turn
}

async function matchesOf(states: readonly State[], place: Place): Promise<Match[]> {
  const matches: Match[] = []
  for (const { selector } of states) {
    const match = selector.is === 'match' ? await matchOf(selector, place) : undefined
    if (match !== undefined) matches.push(match)
  }
  return matches
}

async function entriesOf(place: Place): Promise<Map<string, Place>> {
  const entries = new Map<string, Place>()
  for await (const [segment, child] of place.entries()) entries.set(String(segment), child)
  return entries
}

function pathOf(trail: Trail | undefined): (string | number)[] {
  const path: (string | number)[] = []
  for (let at = trail; at !== undefined; at = at.above) path.push(at.segment)
  return path.reverse()
}
