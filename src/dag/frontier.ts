/** The links that a walk knows of and has not come to. */
import type { CID } from 'multiformats/cid'
import type { Child } from './walk.js'

/** A link, and how far from the roots it is. */
export interface Place {
  readonly cid: CID
  readonly label?: string
  readonly depth: number
}

/** The links of one block. */
interface Frame {
  readonly children: readonly Child[]
  readonly depth: number
  next: number
}

/** Blocks whose links are looked at for those that come: in a long chain nearly all have none left. */
const LOOKED = 64

/** Depth first it is a stack of blocks, breadth first a queue of them. */
export class Frontier {
  /** Whether each link from the root to the last place is the last of its block. One array for all places: in a chain of blocks one for each would be work by the square of its length. */
  readonly last: boolean[] = []
  readonly #deep: boolean
  readonly #frames: Frame[]
  /** breadth first: the frame at whose links the walk is; those before it are done with */
  #front = 0

  constructor(roots: readonly CID[], order: 'depth-first' | 'breadth-first') {
    if (order !== 'depth-first' && order !== 'breadth-first') throw new TypeError(`order: got ${String(order)}, expected depth-first or breadth-first`)
    this.#deep = order === 'depth-first'
    this.#frames = [{ children: roots.map((cid) => ({ cid })), depth: 0, next: 0 }]
  }

  /** The links of the place that came last. */
  enter(children: readonly Child[], depth: number): void {
    if (children.length > 0) this.#frames.push({ children, depth, next: 0 })
  }

  next(): Place | undefined {
    const frames = this.#frames
    for (;;) {
      const frame = this.#deep ? frames[frames.length - 1] : frames[this.#front]
      if (frame === undefined) return undefined
      if (frame.next === frame.children.length) {
        if (this.#deep) frames.pop()
        else this.#pass()
        continue
      }
      const { cid, label } = frame.children[frame.next++]
      this.last.length = frame.depth + 1
      this.last[frame.depth] = frame.next === frame.children.length
      return { cid, label, depth: frame.depth }
    }
  }

  /** The next links, as far as they are known, at most so many. */
  *coming(most: number): Generator<Child> {
    const frames = this.#frames
    let left = most
    let looked = 0
    for (let i = this.#deep ? frames.length - 1 : this.#front; i >= 0 && i < frames.length && looked++ < LOOKED; i += this.#deep ? -1 : 1) {
      const { children, next } = frames[i]
      for (let at = next; at < children.length; at++) {
        if (left-- === 0) return
        yield children[at]
      }
    }
  }

  /** To the next frame of the queue; from time to time those that are done with are let go. */
  #pass(): void {
    this.#front++
    if (this.#front >= 1024 && this.#front * 2 > this.#frames.length) {
      this.#frames.splice(0, this.#front)
      this.#front = 0
    }
  }
}
