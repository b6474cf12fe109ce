/**
 * The links that a layout may ask for: those that stood in blocks which it has been shown, and its root. A layout that could ask for any CID could tell what it has read to whoever sees
 * the requests, and read blocks that nobody has named. A link is good for as many blocks as it was shown, which keeps what is remembered to the links still to be followed.
 */
import type { CID } from 'multiformats/cid'
import { keyOf } from '../key.js'

interface Grant {
  count: number
  /** of the block that it leads to: the root's is 0 */
  depth: number
}

export class Grants {
  readonly #grants = new Map<string, Grant>()
  #size = 0

  /** links that may still be asked for */
  get size(): number {
    return this.#size
  }

  allow(cid: CID, depth: number): void {
    const key = keyOf(cid)
    const grant = this.#grants.get(key)
    this.#size++
    if (grant === undefined) this.#grants.set(key, { count: 1, depth })
    else {
      grant.count++
      grant.depth = Math.min(grant.depth, depth)
    }
  }

  has(cid: CID): boolean {
    return this.#grants.has(keyOf(cid))
  }

  /** Uses a link up. Answers the depth of its block, or undefined if it has not been shown or is used up. */
  use(cid: CID): number | undefined {
    const key = keyOf(cid)
    const grant = this.#grants.get(key)
    if (grant === undefined) return undefined
    this.#size--
    if (--grant.count === 0) this.#grants.delete(key)
    return grant.depth
  }
}
