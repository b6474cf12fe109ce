/** How far long work has come: one line on standard error, on a terminal only, and gone when the work is done. */
import { size } from './text.js'

/** Milliseconds between two lines, and before the first: short work shows nothing. */
const EVERY = 100
const FIRST = 400

export class Progress {
  readonly #what: string
  readonly #total?: number
  #next = performance.now() + FIRST
  #shown = false

  constructor(what: string, total?: number) {
    this.#what = what
    this.#total = total
  }

  /** @param done bytes, counted from the start */
  at(done: number): void {
    if (!process.stderr.isTTY) return
    const now = performance.now()
    if (now < this.#next) return
    this.#next = now + EVERY
    this.#shown = true
    const share = this.#total ? ` of ${size(this.#total)}, ${Math.floor((done / this.#total) * 100)} %` : ''
    process.stderr.write(`\r\u001b[K${this.#what} ${size(done)}${share}`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K')
    this.#shown = false
  }
}
