/** Threads of Node as workers for streams, kept by piscina. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Workers, WorkersOptions } from '../workers/interface.js'
import type { TaskOptions } from '../workers/task.js'

/**
 * Workers for `DecodeStreamOptions.workers`, in Node. They start at once, and keep no process from ending that has nothing else to do.
 */
export function nodeWorkers(options: WorkersOptions = {}): Workers {
  const { size = Math.max(1, availableParallelism() - 1), modules, limits, program } = options
  if (!(Number.isSafeInteger(size) && size > 0)) throw new TypeError(`size: got ${size}, expected a number of workers`)
  const pool = new Piscina({
    filename: fileURLToPath(program ?? new URL('./worker.js', import.meta.url)),
    minThreads: size,
    maxThreads: size,
    // the program is as it was built: what the process loads and transforms its own with is not for it
    execArgv: [],
    workerData: { modules, limits } satisfies TaskOptions
  })
  let closed = false
  return {
    size,
    async run(job) {
      if (closed) throw new Error('the workers have been disposed of')
      return pool.run(job, { transferList: [job.bytes] })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await pool.destroy()
    }
  }
}
