/** Runs the functions of tasks: modules found and kept compiled, blocks from the engine and beyond it. */
import type { CID } from 'multiformats/cid'
import { Flights } from '../codec/flight.js'
import type { Host } from '../codec/host.js'
import { verified } from '../dag/blocks.js'
import type { Engine } from '../engine/interface.js'
import {
  type FunctionModule,
  failureOf,
  type GetBlock,
  loadFunction,
  type Outcome,
  type RunOptions,
  resumeFunction,
  runFunction,
  type Suspended,
  TaskError
} from '../task/index.js'
import type { Call } from './call.js'
import type { Job } from './job.js'

/** Runs a function of a module: `runFunction`, here or in another thread. */
export type FunctionRunner = (module: FunctionModule, options: RunOptions, checkpoint?: CID) => Promise<Outcome | Suspended>

const runHere: FunctionRunner = (module, options, checkpoint) =>
  checkpoint === undefined ? runFunction(module, options) : resumeFunction(module, checkpoint, options)

/** compiled modules that are kept */
const MAX_MODULES = 64

export class Functions {
  readonly #host: Host
  readonly #engine: Engine
  readonly #runner: FunctionRunner
  readonly #modules = new Map<string, FunctionModule>()
  readonly #loading = new Flights<FunctionModule>()
  /** of the engine, and beyond it; verified. What is damaged in the engine is looked for elsewhere */
  readonly get: GetBlock
  /** the same for runs, which verify by themselves: where they run, so not twice */
  readonly #unverified: GetBlock

  constructor(host: Host, engine: Engine, get: GetBlock | undefined, runner: FunctionRunner = runHere) {
    this.#host = host
    this.#engine = engine
    this.#runner = runner
    const beyond = get ?? ((cid, { signal }) => fromSources(host, cid, signal))
    const own = { name: 'the engine', get: (cid: CID, options?: { signal?: AbortSignal }) => engine.blocks.get(cid, options) }
    const blocks = verified([own, { name: 'beyond the engine', get: async (cid, options = {}) => beyond(cid, options) }])
    this.get = (cid, options) => blocks.get(cid, options)
    this.#unverified = async (cid, options) => (options.again === true ? undefined : await engine.blocks.get(cid, options)) ?? beyond(cid, options)
  }

  /** @param made told of each new block @throws what is no outcome: see `runFunction` */
  async run(
    { mod, fun, params }: Call,
    { limits, signal, suspend }: Pick<Job, 'limits' | 'signal' | 'suspend'>,
    inputs: Readonly<Record<string, unknown>>,
    { checkpoint, made }: { readonly checkpoint?: CID; readonly made?: (cid: CID) => void } = {}
  ): Promise<Outcome | Suspended> {
    const put = async (cid: CID, bytes: Uint8Array): Promise<void> => {
      await this.#engine.blocks.put(cid, bytes)
      made?.(cid)
    }
    try {
      const module = await this.#module(mod, limits.memory, signal)
      return await this.#runner(module, { fun, params, inputs, get: this.#unverified, put, limits, signal, suspend }, checkpoint)
    } catch (error) {
      signal?.throwIfAborted()
      // a module that nobody has, or that is none: the task has come to that
      const failed = failureOf(error)
      if (failed === undefined || (error instanceof TaskError && error.code === 'CHECKPOINT')) throw error
      const counts = { blocks: 0, created: 0, output: 0 }
      return { result: { error: failed.failure }, final: failed.final, fuel: 0, memory: 0, effects: [], counts, blocks: [] }
    }
  }

  /** Has blocks survive a loss of power: those of a task whose receipt does. */
  async sync(made: readonly CID[]): Promise<void> {
    const { blocks, supports } = this.#engine
    if (!supports.durable) return
    for (const cid of made) {
      const bytes = await blocks.get(cid)
      if (bytes !== undefined) await blocks.put(cid, bytes, { sync: true })
    }
  }

  /** Compiled once for each size of memory that it may have. */
  async #module(cid: CID, memory: number, signal: AbortSignal | undefined): Promise<FunctionModule> {
    const key = `${cid} ${Math.floor(memory / 65536)}`
    const known = this.#modules.get(key)
    if (known !== undefined) return known
    const module = await this.#loading.join(key, (signal) => loadFunction(this.#host, cid, { memory, get: this.get, signal }), signal)
    this.#modules.set(key, module)
    // memory that an invocation asks for makes another module of it: not any number of them
    if (this.#modules.size > MAX_MODULES) this.#modules.delete(this.#modules.keys().next().value as string)
    return module
  }
}

async function fromSources(host: Host, cid: CID, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await host.block(cid, { signal })
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
