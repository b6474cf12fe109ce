/** How far long work has come: one line on standard error, on a terminal only, and gone when the work is done. */
import { count, size } from './text.js'

/** Milliseconds between two lines, and before the first: short work shows nothing. */
const EVERY = 100
const FIRST = 400
/** Letters of the bar. */
const BAR = 24

/** The part of a terminal that is needed. */
interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export class Progress {
  readonly #what: string
  readonly #total?: number
  readonly #terminal: Terminal
  readonly #clock: () => number
  readonly #start: number
  #next: number
  #shown = false

  /** @param total bytes, if that is known: without it there is no bar */
  constructor(what: string, total?: number, terminal: Terminal = process.stderr, clock: () => number = () => performance.now()) {
    this.#what = what
    this.#total = total
    this.#terminal = terminal
    this.#clock = clock
    this.#start = clock()
    this.#next = this.#start + FIRST
  }

  /** @param done bytes, counted from the start @param blocks so many have been read */
  at(done: number, blocks?: number): void {
    if (this.#terminal.isTTY !== true) return
    const now = this.#clock()
    if (now < this.#next) return
    this.#next = now + EVERY
    this.#shown = true
    const parts = [`${this.#what} ${size(done)}${this.#total ? ` of ${size(this.#total)}` : ''}`]
    if (blocks !== undefined) parts.push(count(blocks, 'block'))
    parts.push(`${size((done / (now - this.#start)) * 1000)}/s`)
    this.#terminal.write(`\r\u001b[K${this.#bar(done)}${parts.join(', ')}`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#terminal.write('\r\u001b[K')
    this.#shown = false
  }

  #bar(done: number): string {
    if (!this.#total) return ''
    const share = Math.min(1, done / this.#total)
    const full = Math.floor(share * BAR)
    return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${String(Math.floor(share * 100)).padStart(3)} %  `
  }
}
