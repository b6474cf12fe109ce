/** What of a selector waits at a node, and how it moves on: an automaton over the data, whose states are parts of the selector, each within the recursions that are going on. */
import { DagError } from '../errors.js'
import { holds } from './condition.js'
import type { Place } from './place.js'
import type { Recursive, Selector } from './selector.js'

/** A recursion that is going on. One object for equal ones, so that equal states can be told. */
interface Frame {
  readonly recursion?: Recursive
  /** runs of the sequence that may begin below the present one */
  readonly left: number
  readonly outer?: Frame
  readonly inner: Map<Recursive, Map<number, Frame>>
}

export interface State {
  readonly selector: Selector
  readonly frame: Frame
}

/** More states at one node are a selector made to explode. */
const MAX_STATES = 10_000

export function noFrame(): Frame {
  return { left: 0, inner: new Map() }
}

function frameIn(outer: Frame, recursion: Recursive, left: number): Frame {
  let byLeft = outer.inner.get(recursion)
  if (byLeft === undefined) outer.inner.set(recursion, (byLeft = new Map()))
  let frame = byLeft.get(left)
  if (frame === undefined) byLeft.set(left, (frame = { recursion, left, outer, inner: new Map() }))
  return frame
}

/** Each state once. */
class States {
  readonly all: State[] = []
  readonly #known = new Map<Selector, Set<Frame>>()

  /** Whether it is new. @throws DagError WALK_LIMIT */
  add(selector: Selector, frame: Frame): boolean {
    let frames = this.#known.get(selector)
    if (frames === undefined) this.#known.set(selector, (frames = new Set()))
    if (frames.has(frame)) return false
    frames.add(frame)
    this.all.push({ selector, frame })
    if (this.all.length > MAX_STATES) throw new DagError('WALK_LIMIT', `more than ${MAX_STATES} parts of the selector at one node`)
    return true
  }
}

/**
 * What waits at a place once unions, recursions, conditions and edges are taken apart: matchers, interpretations, and what looks at children.
 *
 * @param moved whether edges begin their sequence again: they do not at the node at which it has just begun
 */
export async function expand(states: readonly State[], place: Place, moved: boolean): Promise<State[]> {
  const fresh = new States()
  const begun = new States()
  const waiting: State[] = []
  const visit = async (selector: Selector, frame: Frame, moved: boolean): Promise<void> => {
    if (!(moved ? fresh : begun).add(selector, frame)) return
    switch (selector.is) {
      case 'union':
        for (const member of selector.members) await visit(member, frame, moved)
        return
      case 'recursive':
        if (selector.depth > 0) await visit(selector.sequence, frameIn(frame, selector, selector.depth - 1), false)
        return
      case 'edge':
        if (moved && frame.left > 0) {
          const { recursion, outer } = frame as Required<Frame>
          await visit(recursion.sequence, frameIn(outer, recursion, frame.left - 1), false)
        }
        return
      case 'conditional':
        if (await holds(selector.condition, place)) await visit(selector.next, frame, moved)
        return
      default:
        waiting.push({ selector, frame })
    }
  }
  for (const { selector, frame } of states) await visit(selector, frame, moved)
  return waiting
}

/** The states behind one step, before anything is known of what is there but that a recursion does not stop at it. */
export async function step(states: readonly State[], place: Place, segment: string | number, child: Place): Promise<State[]> {
  const behind = new States()
  for (const { selector, frame } of states) {
    const next = behindStep(selector, segment, place)
    if (next !== undefined && leads(next, frame) && !(await stops(frame, child))) behind.add(next, frame)
  }
  return behind.all
}

function behindStep(selector: Selector, segment: string | number, { kind }: Place): Selector | undefined {
  switch (selector.is) {
    case 'all':
      return selector.next
    case 'fields':
      return selector.fields.get(String(segment))
    case 'index':
      return kind === 'list' && segment === selector.index ? selector.next : undefined
    case 'range':
      return kind === 'list' && (segment as number) >= selector.start && (segment as number) < selector.end ? selector.next : undefined
    default:
      return undefined
  }
}

/** Whether a selector goes on at all: an edge without runs left does not, and the node behind it is not visited. */
function leads(selector: Selector, frame: Frame): boolean {
  if (selector.is === 'edge') return frame.left > 0
  if (selector.is === 'union') return selector.members.some((member) => leads(member, frame))
  return true
}

/** Whether a recursion that is going on stops at a place. */
export async function stops(frame: Frame, place: Place): Promise<boolean> {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    const stopAt = at.recursion?.stopAt
    if (stopAt !== undefined && (await holds(stopAt, place))) return true
  }
  return false
}

/**
 * The children that may be wanted: all of them, or those with these names or below this index.
 */
export function interests(states: readonly State[], { kind }: Place): 'all' | ReadonlySet<string> | number {
  const names = new Set<string>()
  let end = 0
  for (const { selector } of states) {
    if (selector.is === 'all') return 'all'
    if (selector.is === 'index') end = Math.max(end, selector.index + 1)
    else if (selector.is === 'range') end = Math.max(end, selector.end)
    else if (selector.is === 'fields') {
      for (const name of selector.fields.keys()) {
        names.add(name)
        if (/^(0|[1-9]\d*)$/.test(name)) end = Math.max(end, Number(name) + 1)
      }
    }
  }
  return kind === 'list' ? end : names
}
