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
  const start = (): Worker =>
    program === undefined ? new Worker(new URL('./web-worker.js', import.meta.url), { type: 'module' }) : new Worker(program, { type: 'module' })
  const idle: (Worker | undefined)[] = Array.from({ length: size }, () => undefined)
  const waiting: ((worker: Worker | undefined) => void)[] = []
  const busy = new Set<Worker>()
  let closed = false
  const free = (worker: Worker | undefined): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }
  return {
    size,
    async run(job, port, signal) {
      if (closed) throw new Error('the workers have been disposed of')
      const place = idle.length > 0 ? idle.pop() : await new Promise<Worker | undefined>((resolve) => waiting.push(resolve))
      if (closed) throw new Error('the workers have been disposed of')
      const worker = place ?? start()
      busy.add(worker)
      let left: Worker | undefined = worker
      try {
        signal.throwIfAborted()
        return await one(worker, job, port, signal)
      } catch (error) {
        // whatever it is at: another takes its place
        worker.terminate()
        left = undefined
        throw error
      } finally {
        busy.delete(worker)
        if (!closed) free(left)
        else left?.terminate()
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      for (const worker of [...busy, ...idle]) worker?.terminate()
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
