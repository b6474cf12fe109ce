/** Threads of Node as workers for functions, kept by piscina. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { FunctionRunner } from '../functions.js'
import type { FunctionWorkersOptions, Threads } from '../workers/interface.js'
import { threadRunner } from '../workers/runner.js'

/**
 * For `ExecutorOptions.runner`, in Node. Threads start at once, and keep no process from ending that has nothing else to do. Dispose of them when they are not wanted any more.
 *
 * @example
 * ```ts
 * import { nodeFunctionWorkers } from 'autocodec/scheduler/node'
 * const workers = nodeFunctionWorkers({ size: 2 })
 * // createExecutor({ host, engine, signer, runner: workers.run })
 * await workers[Symbol.asyncDispose]()
 * ```
 */
export function nodeFunctionWorkers(options: FunctionWorkersOptions = {}): { readonly size: number; readonly run: FunctionRunner } & AsyncDisposable {
  const threads = nodeThreads(options)
  return { size: threads.size, run: threadRunner(threads), [Symbol.asyncDispose]: () => threads[Symbol.asyncDispose]() }
}

function nodeThreads({ size = Math.max(1, availableParallelism() - 1), program }: FunctionWorkersOptions): Threads {
  if (!(Number.isSafeInteger(size) && size > 0)) throw new TypeError(`size: got ${size}, expected a number of workers`)
  const pool = new Piscina({
    filename: fileURLToPath(program ?? new URL('./worker.js', import.meta.url)),
    minThreads: size,
    maxThreads: size,
    // the program is as it was built: what the process loads and transforms its own with is not for it
    execArgv: []
  })
  // a thread that ends while it has no job is replaced, and is nobody's error
  pool.on('error', () => {})
  let closed = false
  return {
    size,
    async run(job, port, signal) {
      if (closed) throw new Error('the workers have been disposed of')
      try {
        return await pool.run({ job, port }, { transferList: [port as never], signal })
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw error
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await pool.destroy()
    }
  }
}
