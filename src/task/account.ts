/** What a run has used of what it may use, besides fuel and memory, which its guest's driver counts. */

import { digestKey } from '../dag/key.js'
import type { CID } from '../ipld/index.js'
import { TaskError, type TaskErrorCode } from './errors.js'
import { MAX_ANSWER, type TaskLimits } from './limits.js'

/** The counts, as a checkpoint has them. */
export interface Counts {
  /** that the function has been given: what is fetched ahead of its turn depends on how fast blocks come, and counts for nothing */
  blocks: number
  created: number
  output: number
  effects: number
  /** bytes that go into the receipt: the answer, and the arguments of effects */
  recorded: number
}

type Counted = keyof Counts

const CODES: Readonly<Record<Counted, TaskErrorCode>> = { blocks: 'BLOCKS', created: 'CREATED', output: 'OUTPUT', effects: 'EFFECTS', recorded: 'OUTPUT' }

const WORDS: Readonly<Partial<Record<Counted, string>>> = {
  output: 'bytes of output',
  recorded: 'bytes of answer and effects: what is larger goes into a block'
}

/** A link that the function may name. */
export interface Shown {
  readonly cid: CID
  /** to a block of the run's own making, before anybody else had shown it: what stands in it are the function's words */
  readonly own: boolean
}

export class Account {
  readonly counts: Counts = { blocks: 0, created: 0, output: 0, effects: 0, recorded: 0 }
  readonly #limits: Readonly<Record<Counted | 'links', number>>
  /** in the order in which they came, with their place in it. How a link came first decides, so that what it is never changes */
  readonly #shown = new Map<string, Shown & { readonly place: number }>()

  constructor(limits: TaskLimits) {
    this.#limits = { ...limits, recorded: MAX_ANSWER }
  }

  /** @throws TaskError of the limit's name */
  add(what: Counted, n = 1): void {
    this.counts[what] += n
    if (this.counts[what] > this.#limits[what])
      throw new TaskError(CODES[what], `the run comes to ${this.counts[what]} ${WORDS[what] ?? what}, the limit is ${this.#limits[what]}`)
  }

  /** @param own they are of blocks that the run has made @throws TaskError LINKS */
  show(cids: readonly CID[], own = false): void {
    const shown = this.#shown
    for (const cid of cids) {
      // one that holds a whole block would be kept with it; it may be named without being shown, and shows nothing then
      if (cid.multihash.bytes.length > MAX_KEPT) continue
      const key = digestKey(cid)
      if (!shown.has(key)) shown.set(key, { cid, own, place: shown.size })
    }
    if (shown.size > this.#limits.links) throw new TaskError('LINKS', `${shown.size} links shown, the limit is ${this.#limits.links}`)
  }

  /** @param since only what had been shown when there were so many of them @throws TaskError LINK_NOT_SHOWN */
  checkShown(cid: CID, since = Infinity): void {
    // a CID that holds its block gives nothing away
    if (cid.multihash.code === IDENTITY || this.#find(cid, since) !== undefined) return
    throw new TaskError('LINK_NOT_SHOWN', `the function names ${cid}, which neither its parameters nor the blocks that it was given have shown it`)
  }

  /** Whether what stands in a block are the function's own words, which show nothing: it has made the block or the CID that holds it. */
  isOwn(cid: CID, since = Infinity): boolean {
    return this.#find(cid, since)?.own ?? true
  }

  /** How many links have been shown: what is checked against it later is checked against what was shown until then. */
  get links(): number {
    return this.#shown.size
  }

  get shown(): readonly Shown[] {
    return [...this.#shown.values()]
  }

  #find(cid: CID, since: number): Shown | undefined {
    const shown = this.#shown.get(digestKey(cid))
    return shown !== undefined && shown.place < since ? shown : undefined
  }
}

const IDENTITY = 0x00
/** Bytes of a multihash. The longest digests of hash functions are far shorter. */
const MAX_KEPT = 1024
