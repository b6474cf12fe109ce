/** Web Workers as workers for functions. */
import type { FunctionRunner } from '../functions.js'
import type { Answer, Fault, FunctionWorkersOptions, Job, Threads } from './interface.js'
import { threadRunner } from './runner.js'
import type { ToWorker } from './web-worker.js'

/**
 * For `ExecutorOptions.runner`, in browsers. Workers start with their first job.
 *
 * Bundlers find the program by its URL here; where one does not, `program` names it: a module that imports `autocodec/scheduler/web-worker`.
 */
export function webFunctionWorkers(options: FunctionWorkersOptions = {}): { readonly size: number; readonly run: FunctionRunner } & AsyncDisposable {
  const threads = webThreads(options)
  return { size: threads.size, run: threadRunner(threads), [Symbol.asyncDispose]: () => threads[Symbol.asyncDispose]() }
}

function webThreads({ size = Math.max(1, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1), program }: FunctionWorkersOptions): Threads {
  if (!(Number.isSafeInteger(size) && size > 0)) throw new TypeError(`size: got ${size}, expected a number of workers`)
  const start = (): Worker => {
    const worker = program === undefined ? new Worker(new URL('./web-worker.js', import.meta.url), { type: 'module' }) : new Worker(program, { type: 'module' })
    // whose job is over: it is told to nobody, and another takes its place
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      const at = idle.indexOf(worker)
      if (at === -1) return
      idle[at] = undefined
      worker.terminate()
    })
    return worker
  }
  const idle: (Worker | undefined)[] = Array.from({ length: size }, () => undefined)
  const waiting: ((worker: Worker | undefined) => void)[] = []
  const stopped = new AbortController()
  let closed = false
  const free = (worker: Worker | undefined): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }
  /** A place, now or when one is free. An abort leaves the queue, and no worker is touched. */
  const place = (signal: AbortSignal): Promise<Worker | undefined> =>
    new Promise((resolve, reject) => {
      const next = (worker: Worker | undefined): void => {
        signal.removeEventListener('abort', leave)
        resolve(worker)
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(next), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(next)
    })
  const disposed = (): Error => new Error('the workers have been disposed of')
  return {
    size,
    async run(job, port, signal) {
      if (closed) throw disposed()
      signal.throwIfAborted()
      let left = idle.length > 0 ? idle.pop() : await place(signal)
      try {
        // either may have come after the place
        if (closed) throw disposed()
        signal.throwIfAborted()
        const worker = left ?? start()
        // if it does not answer, whatever it is at, another takes its place
        left = undefined
        try {
          const answer = await one(worker, job, port, AbortSignal.any([signal, stopped.signal]))
          left = worker
          return answer
        } finally {
          if (left === undefined) worker.terminate()
        }
      } finally {
        if (closed) left?.terminate()
        else free(left)
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      for (const worker of idle.splice(0)) worker?.terminate()
      // those whose worker will not answer any more, and those who wait for one
      stopped.abort(disposed())
      for (const next of waiting.splice(0)) next(undefined)
    }
  }
}

/** One job at a time: the next message is its answer. */
function one(worker: Worker, job: Job, port: MessagePort, signal: AbortSignal): Promise<Answer | { readonly fault: Fault }> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController()
    const end = (settle: () => void) => (): void => {
      listening.abort()
      settle()
    }
    const on = { signal: listening.signal }
    worker.addEventListener('message', ({ data }: MessageEvent<Answer | { readonly fault: Fault }>) => end(() => resolve(data))(), on)
    worker.addEventListener(
      'error',
      (event) => {
        event.preventDefault()
        end(() => reject(new Error(event.message || 'the worker could not be started')))()
      },
      on
    )
    worker.addEventListener(
      'messageerror',
      end(() => reject(new Error('a message that could not be read'))),
      on
    )
    signal.addEventListener(
      'abort',
      end(() => reject(signal.reason)),
      on
    )
    worker.postMessage({ job, port } satisfies ToWorker, [port])
  })
}
