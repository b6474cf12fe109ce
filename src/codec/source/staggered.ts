/** Several sources at once, for those of which any may be slow or lie. */
import type { CID } from 'multiformats/cid'
import { verify } from '../verify.js'
import type { GetOptions, Source } from './interface.js'

export interface StaggerOptions {
  /** milliseconds after which the next source is asked besides those that have not answered. Default 2,000; 0 asks all at once */
  readonly after?: number
}

/**
 * Sources asked for the same block: the next one when one has failed, does not have it, or has not answered in time. The first block that is the one which the CID names wins, and
 * the others are given up.
 */
export function staggered(sources: readonly Source[], { after = 2_000 }: StaggerOptions = {}): Source {
  if (sources.length === 0) throw new TypeError('sources: got none, expected at least one')
  return {
    name: sources.map(({ name }) => name).join(', '),
    remote: sources.some(({ remote }) => remote === true),
    get: (cid, options) => new Race(sources, cid, after, options).run()
  }
}

class Race {
  readonly #sources: readonly Source[]
  readonly #cid: CID
  readonly #after: number
  readonly #signal?: AbortSignal
  readonly #controller = new AbortController()
  readonly #failures: string[] = []
  #next = 0
  #running = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(sources: readonly Source[], cid: CID, after: number, { signal }: GetOptions = {}) {
    this.#sources = sources
    this.#cid = cid
    this.#after = after
    this.#signal = signal
  }

  run(): Promise<Uint8Array | undefined> {
    const signal = this.#signal
    return new Promise<Uint8Array | undefined>((resolve, reject) => {
      const leave = (): void => reject(signal?.reason)
      signal?.throwIfAborted()
      signal?.addEventListener('abort', leave, { once: true })
      this.#controller.signal.addEventListener('abort', () => signal?.removeEventListener('abort', leave), { once: true })
      this.#start(resolve, reject)
    }).finally(() => {
      clearTimeout(this.#timer)
      this.#controller.abort()
    })
  }

  /** Asks the next source, and sees to it that the one after it gets its turn. */
  #start(resolve: (bytes: Uint8Array | undefined) => void, reject: (error: unknown) => void): void {
    clearTimeout(this.#timer)
    if (this.#controller.signal.aborted || this.#next === this.#sources.length) return
    const source = this.#sources[this.#next++]
    this.#running++
    const more = (): void => this.#start(resolve, reject)
    this.#timer = setTimeout(more, this.#after)
    this.#ask(source).then((bytes) => {
      this.#running--
      if (bytes !== undefined) resolve(bytes)
      else if (this.#next < this.#sources.length) more()
      else if (this.#running > 0) return
      else if (this.#failures.length === 0) resolve(undefined)
      else reject(new Error(this.#failures.join('; ')))
    })
  }

  /** A verified block, or undefined for any other answer. */
  async #ask(source: Source): Promise<Uint8Array | undefined> {
    try {
      const got = await source.get(this.#cid, { signal: this.#controller.signal })
      const bytes = got?.slice()
      if (bytes !== undefined) await verify(this.#cid, bytes)
      return bytes
    } catch (error) {
      this.#failures.push(`${source.name}: ${(error as Error).message}`)
      return undefined
    }
  }
}
