/** One trial of one codec: what it is tried on, and what came of it. */
import { mutated } from './mutate.js'
import { Random } from './random.js'
import type { Subject } from './subject.js'
import type { Named, Vectors } from './vectors.js'

/** A property that every codec owes. */
export interface Law {
  readonly name: string
  /** the property, in a line */
  readonly says: string
  /** Why it cannot be checked on this codec; undefined if it can. */
  without?(trial: Trial): string | undefined
  /** Checks it by calls of `trial.check`. */
  check(trial: Trial): void | Promise<void>
}

/** Something that is not as the law says. */
export interface Fault {
  /** the vector, or how it was changed */
  readonly what: string
  readonly message: string
  /** the block, where there is one */
  readonly bytes?: Uint8Array
}

/** Faults that are kept; the rest is counted. */
const KEPT = 20
/** After so many a law is broken beyond doubt, and each may cost all the fuel that a call has. */
const ENOUGH = 25

/** Ends a law that is broken beyond doubt. */
export class Enough extends Error {}

export class Trial {
  readonly subject: Subject
  readonly vectors: Vectors
  readonly runs: number
  readonly seed: number
  checked = 0
  failed = 0
  faults: Fault[] = []
  #mutants: Named[] | undefined

  constructor(subject: Subject, vectors: Vectors, runs: number, seed: number) {
    this.subject = subject
    this.vectors = vectors
    this.runs = runs
    this.seed = seed
  }

  /** Vectors of both sorts. */
  get given(): readonly Named[] {
    return [...this.vectors.valid, ...this.vectors.invalid]
  }

  /** Damaged blocks, as many as there are runs: the same for every law. Mostly of those that are right, since the others are damaged already. */
  get mutants(): readonly Named[] {
    if (this.#mutants === undefined) {
      const random = new Random(this.seed)
      const { valid, invalid } = this.vectors
      this.#mutants = Array.from({ length: this.given.length === 0 ? 0 : this.runs }, () =>
        mutated(random, invalid.length > 0 && (valid.length === 0 || random.below(5) === 0) ? invalid : valid)
      )
    }
    return this.#mutants
  }

  /** Counts one check; what it throws is a fault. @throws Enough */
  async check(what: string, bytes: Uint8Array | undefined, work: () => unknown): Promise<void> {
    this.checked++
    try {
      // only what must be waited for is: there are many of these
      const done = work()
      if (done instanceof Promise) await done
    } catch (error) {
      this.failed++
      if (this.faults.length < KEPT) this.faults.push({ what, message: messageOf(error), ...(bytes === undefined ? {} : { bytes }) })
      if (this.failed === ENOUGH) throw new Enough()
    }
  }

  /** Begins another law. */
  clear(): void {
    this.checked = 0
    this.failed = 0
    this.faults = []
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`
}
