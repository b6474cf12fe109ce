/** What keeps the work of an engine in order: whether it is open, who is at work, and who comes after whom. */
import { closed } from '../interface.js'

/** Open until it is closed; closing waits for those inside. */
export class Gate {
  #open = true
  #inside = 0
  #emptied: (() => void) | undefined
  #closing: Promise<void> | undefined

  /** @throws EngineError `ENGINE_CLOSED`, or the signal's reason */
  check(signal?: AbortSignal): void {
    if (!this.#open) throw closed()
    signal?.throwIfAborted()
  }

  /** Work that closing waits for. The caller has looked whether it is open. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    this.#inside++
    try {
      return await work()
    } finally {
      if (--this.#inside === 0) this.#emptied?.()
    }
  }

  close(): Promise<void> {
    this.#open = false
    this.#closing ??= this.#inside === 0 ? Promise.resolve() : new Promise((resolve) => (this.#emptied = resolve))
    return this.#closing
  }
}

/** Work on the same key: one after the other, in the order in which it came. Other keys do not wait. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key)
    const mine = before === undefined ? work() : before.then(work)
    const done: Promise<unknown> = mine.then(ignore, ignore).then(() => {
      if (this.#last.get(key) === done) this.#last.delete(key)
    })
    this.#last.set(key, done)
    return mine
  }
}

/** At most so many at once: a process may have only so many files open. */
export class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free--
    try {
      return await work()
    } finally {
      // the place goes from hand to hand, so that nobody who comes now is before one who waits
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}

function ignore(): void {}
