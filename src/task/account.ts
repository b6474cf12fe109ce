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

export class Account {
  readonly counts: Counts = { blocks: 0, created: 0, output: 0, effects: 0, recorded: 0 }
  readonly #limits: Readonly<Record<Counted | 'links', number>>
  /** links that the function has been shown, in the order in which they came */
  readonly #shown = new Map<string, CID>()

  constructor(limits: TaskLimits) {
    this.#limits = { ...limits, recorded: MAX_ANSWER }
  }

  /** @throws TaskError of the limit's name */
  add(what: Counted, n = 1): void {
    this.counts[what] += n
    if (this.counts[what] > this.#limits[what])
      throw new TaskError(CODES[what], `the run comes to ${this.counts[what]} ${WORDS[what] ?? what}, the limit is ${this.#limits[what]}`)
  }

  /** @throws TaskError LINKS */
  show(cids: readonly CID[]): void {
    for (const cid of cids) this.#shown.set(digestKey(cid), cid)
    if (this.#shown.size > this.#limits.links) throw new TaskError('LINKS', `${this.#shown.size} links shown, the limit is ${this.#limits.links}`)
  }

  /** @throws TaskError LINK_NOT_SHOWN */
  checkShown(cid: CID): void {
    // a CID that holds its block gives nothing away
    if (cid.multihash.code !== IDENTITY && !this.#shown.has(digestKey(cid))) {
      throw new TaskError('LINK_NOT_SHOWN', `the function names ${cid}, which neither its parameters nor the blocks that it was given have shown it`)
    }
  }

  get shown(): readonly CID[] {
    return [...this.#shown.values()]
  }
}

const IDENTITY = 0x00
