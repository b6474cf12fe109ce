/** A guard against invocations that come a second time. */
import { principal } from './did.js'
import { UcanError } from './errors.js'
import type { Invocation } from './invocation.js'
import { taskCid, taskOf } from './task.js'

/**
 * Remembers, by issuer and task (which has the nonce in it), the invocations that have been accepted. One with an empty nonce is the same each time on purpose, and is let through.
 * What has expired is forgotten. When there is no room it refuses rather than forget what could come again.
 */
export class Replay {
  /** when each may be forgotten, in Unix seconds */
  readonly #seen = new Map<string, number>()
  readonly #size: number
  /** nothing can be forgotten before */
  #earliest = Number.POSITIVE_INFINITY

  /** @param size how many invocations it remembers; default 100,000 */
  constructor(size = 100_000) {
    this.#size = size
  }

  /** how many it remembers */
  get size(): number {
    return this.#seen.size
  }

  /**
   * Takes note of an invocation that is about to be executed.
   *
   * @throws UcanError `REPLAYED`, `STORE_FULL`
   */
  claim(invocation: Invocation, now: number, skew = 0): void {
    const { cid, payload } = invocation
    if (payload.nonce.length === 0) return
    const key = `${principal(payload.iss)} ${String.fromCharCode(...taskCid(taskOf(invocation)).multihash.digest)}`
    const until = this.#seen.get(key)
    if (until !== undefined && until >= now)
      throw new UcanError('REPLAYED', `${cid}: this task of ${payload.iss} has been accepted before, with this nonce`, { cid })
    if (this.#seen.size >= this.#size) this.#forget(now)
    if (this.#seen.size >= this.#size) {
      throw new UcanError('STORE_FULL', `${cid}: ${this.#size} invocations are remembered against replay, and none of them has expired`, { cid })
    }
    const end = payload.exp === null ? Number.POSITIVE_INFINITY : payload.exp + skew
    this.#seen.set(key, end)
    this.#earliest = Math.min(this.#earliest, end)
  }

  #forget(now: number): void {
    if (this.#earliest >= now) return
    this.#earliest = Number.POSITIVE_INFINITY
    for (const [key, until] of this.#seen) {
      if (until < now) this.#seen.delete(key)
      else this.#earliest = Math.min(this.#earliest, until)
    }
  }
}
