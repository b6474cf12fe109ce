/**
 * Where functions run. In this thread, which a run of its own has nothing better to do with: a thread takes a tenth of a second to start, a third of what the whole command takes
 * (RATIONALE.md). Several at a time have one each.
 */
import type { Host } from '../codec/index.js'
import type { FunctionRunner } from '../scheduler/index.js'
import { resumeFunction, runFunction } from '../task/index.js'
import type { Context } from './context.js'
import { undefended } from './ending.js'

/** A guest that computes hears no handler of ours, so there is none while it may. What it has made until then is blocks, of which each is whole or not there. */
export const runHere: FunctionRunner = (module, options, checkpoint) =>
  undefended(() => (checkpoint === undefined ? runFunction(module, options) : resumeFunction(module, checkpoint, options)))

/** For so many runs at a time. Says so where they have no threads. Closed with the context. */
export async function runnerFor(context: Context, host: Host, concurrency: number): Promise<FunctionRunner> {
  if (concurrency <= 1) return runHere
  const { catalog, trust, allowDataCodecs } = context.options
  // a thread's host has the codecs that are shipped: what it read otherwise would end otherwise
  const foreign = host.codecs().find(({ source }) => source !== SHIPPED)
  if (foreign !== undefined || catalog !== undefined || trust !== undefined || allowDataCodecs === true) {
    const which = foreign === undefined ? '--catalog, --trust and --allow-data-codecs are' : `the codec ${foreign.manifest.name} is`
    context.complain(`--concurrency ${concurrency}: ${which} not for threads, which have shipped codecs only; all runs share one`)
    return runHere
  }
  const workers = await threads(concurrency)
  if (workers === undefined) {
    context.complain(`--concurrency ${concurrency}: the package piscina is not installed, so all runs share one thread; npm install piscina`)
    return runHere
  }
  context.closing(async () => workers[Symbol.asyncDispose]())
  return workers.run
}

const SHIPPED = 'embedded'

async function threads(size: number): Promise<({ readonly run: FunctionRunner } & AsyncDisposable) | undefined> {
  try {
    const { nodeFunctionWorkers } = await import('../scheduler/node/index.js')
    return nodeFunctionWorkers({ size })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND' && (error as Error).message.includes("'piscina'")) return undefined
    throw error
  }
}
