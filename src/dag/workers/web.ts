/** Web Workers as workers for streams. */
import type { Answer, Job, Workers, WorkersOptions } from './interface.js'
import type { FromWorker, ToWorker } from './web-worker.js'

interface Waiting {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Workers for `DecodeStreamOptions.workers`, in browsers. They start with their first job.
 *
 * Bundlers find the program by its URL here; where one does not, `program` names it: a module that imports `autocodec/dag/web-worker`.
 */
export function webWorkers(options: WorkersOptions = {}): Workers {
  const size = options.size ?? Math.max(1, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1)
  if (!(Number.isSafeInteger(size) && size > 0)) throw new TypeError(`size: got ${size}, expected a number of workers`)
  const threads = Array.from({ length: size }, () => new Thread(options))
  let closed = false
  return {
    size,
    async run(job) {
      if (closed) throw new Error('the workers have been disposed of')
      return threads.reduce((best, thread) => (thread.busy < best.busy ? thread : best)).run(job)
    },
    async [Symbol.asyncDispose]() {
      closed = true
      for (const thread of threads) thread.end(new Error('the workers have been disposed of'))
    }
  }
}

/** The place of a worker: if one ends, the next job starts another. */
class Thread {
  readonly #options: WorkersOptions
  #worker: Worker | undefined
  /** answers come in the order of the jobs */
  #waiting: Waiting[] = []

  constructor(options: WorkersOptions) {
    this.#options = options
  }

  get busy(): number {
    return this.#waiting.length
  }

  run(job: Job): Promise<Answer> {
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      worker.postMessage({ job } satisfies ToWorker, [job.bytes])
    })
  }

  end(reason: unknown): void {
    this.#worker?.terminate()
    this.#worker = undefined
    const waiting = this.#waiting
    this.#waiting = []
    for (const { reject } of waiting) reject(reason)
  }

  #start(): Worker {
    const { program, modules, limits } = this.#options
    const worker = program === undefined ? new Worker(new URL('./web-worker.js', import.meta.url), { type: 'module' }) : new Worker(program, { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== this.#worker) return
      const first = this.#waiting.shift()
      if ('answer' in data) first?.resolve(data.answer)
      else first?.reject(new Error(data.failure))
    })
    const lost = (reason: string): void => {
      if (worker === this.#worker) this.end(new Error(reason))
    }
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      lost(event.message || 'the worker could not be started')
    })
    worker.addEventListener('messageerror', () => lost('a message that could not be read'))
    worker.postMessage({ options: { modules, limits } } satisfies ToWorker)
    return worker
  }
}
