/** The caller's side: a runner of functions, for `ExecutorOptions.runner`, over threads. */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { faultOf as faultOfBlock } from '../../dag/verify.js'
import { later } from '../../task/clock.js'
import { type FunctionModule, type Outcome, type RunOptions, runFunction, type Suspended, TaskError, taskLimits } from '../../task/index.js'
import { MAX_INPUT, sizeOf } from '../../task/measure.js'
import type { FunctionRunner } from '../functions.js'
import { errorOf, faultOf } from './fault.js'
import type { Answer, Ask, Begun, Fault, Job, Reply, Threads } from './interface.js'

/** Bytes of a block from which on it is copied once and handed over. */
const LARGE = 16_384
/** Longer than the run's own clock, which looks between two calls only: whoever is then still in one is ended with its thread. */
const GRACE = 1_000

/** Runs functions in threads. A guest that goes on beyond its time without asking for anything ends with its thread. */
export function threadRunner(threads: Threads): FunctionRunner {
  return async (module, options, checkpoint) => {
    options.signal?.throwIfAborted()
    const limits = taskLimits(options.limits)
    const { fun, params = null, inputs = {} } = options
    // what is no function of the module is found here, as without threads; and so is what would be too much to be written down
    module.function(fun)
    if (checkpoint === undefined && sizeOf([params, inputs], MAX_INPUT) > MAX_INPUT) return runFunction(module, options)
    const { limits: hostLimits, metered } = module.host.options
    const job: Job = {
      module: module.cid.toString(),
      memory: module.memory,
      fun,
      // a run that goes on has them in its state
      args: dagCbor.encode(checkpoint === undefined ? { params, inputs } : {}),
      limits,
      host: { limits: hostLimits, metered },
      checkpoint: checkpoint?.toString()
    }
    const { port1, port2 } = new MessageChannel()
    const blocks = new Map<string, { cid: CID; bytes: Uint8Array }>()
    const thrown: unknown[] = []
    const stopped = new AbortController()
    const late = (): void => stopped.abort(new TaskError('TIME', `the run takes longer than ${limits.time} ms`))
    // the clock of a job that waits for a thread does not run
    let stopClock = (): void => {}
    const abort = (): void => stopped.abort(options.signal?.reason)
    const suspend = (): void => port1.postMessage({ suspend: true } satisfies Reply)
    options.signal?.addEventListener('abort', abort)
    options.suspend?.addEventListener('abort', suspend)
    if (options.suspend?.aborted === true) suspend()
    port1.onmessage = ({ data }: MessageEvent<Ask | Begun>) => {
      if ('begun' in data) stopClock = later(limits.time + GRACE, late)
      else void serve(data, port1, { module, options, blocks, thrown, signal: stopped.signal })
    }
    try {
      const answer = await threads.run(job, port2, stopped.signal)
      if ('fault' in answer) throw known(answer.fault as Fault, thrown)
      return outcomeOf(answer as Answer, [...blocks.values()])
    } catch (error) {
      if (!(error instanceof TaskError) || error.code !== 'TIME') throw error
      return {
        result: { error: { code: error.code, message: error.message } },
        final: false,
        fuel: 0,
        memory: 0,
        effects: [],
        counts: { blocks: 0, created: 0, output: 0 },
        blocks: []
      }
    } finally {
      stopClock()
      options.signal?.removeEventListener('abort', abort)
      options.suspend?.removeEventListener('abort', suspend)
      port1.onmessage = null
      port1.close()
    }
  }
}

/** What `get`, `put` or the host threw is what the caller is told, whatever it was. */
function known(fault: Fault, thrown: readonly unknown[]): unknown {
  return fault.number === undefined ? errorOf(fault) : thrown[fault.number]
}

interface Served {
  readonly module: FunctionModule
  readonly options: RunOptions
  readonly blocks: Map<string, { cid: CID; bytes: Uint8Array }>
  readonly thrown: unknown[]
  readonly signal: AbortSignal
}

async function serve(ask: Ask, port: MessagePort, { module, options: { get, put, codecs }, blocks, thrown, signal }: Served): Promise<void> {
  const reply = (reply: Reply): void => port.postMessage(reply)
  try {
    if ('get' in ask) {
      const bytes = await get?.(CID.decode(ask.get), { signal, again: ask.again })
      if (bytes !== undefined && bytes.length >= LARGE) {
        // one copy that is handed over, in place of one on each side
        const copy = bytes.slice()
        port.postMessage({ id: ask.id, bytes: copy } satisfies Reply, [copy.buffer])
      } else reply({ id: ask.id, bytes: bytes && alone(bytes) })
    } else if ('codec' in ask) {
      const codec = await (codecs ?? ((code) => module.host.codec(code, { signal })))(ask.codec)
      reply({ id: ask.id, bytes: alone(codec.cid.bytes) })
    } else if ('block' in ask) {
      const cid = CID.decode(ask.block)
      const own = cid.equals(module.cid) ? (module.given ?? (await honest(cid, get, signal))) : undefined
      reply({ id: ask.id, bytes: alone(own ?? (await module.host.block(cid, { signal }))) })
    } else {
      const cid = CID.decode(ask.put)
      if (put === undefined) blocks.set(cid.toString(), { cid, bytes: ask.bytes })
      else await put(cid, ask.bytes)
      reply({ id: ask.id })
    }
  } catch (error) {
    thrown.push(error)
    reply({ id: ask.id, fault: faultOf(error, thrown.length - 1) })
  }
}

/** The run's module, from where the blocks of the run are, if they have it. */
async function honest(cid: CID, get: RunOptions['get'], signal: AbortSignal): Promise<Uint8Array | undefined> {
  const bytes = await get?.(cid, { signal })
  return bytes === undefined || (await faultOfBlock(cid, bytes)) !== undefined ? undefined : bytes
}

/** Without what its buffer has besides. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
}

function outcomeOf({ value, final, fuel, memory, counts }: Answer, blocks: Outcome['blocks']): Outcome | Suspended {
  const decoded = dagCbor.decode<Pick<Outcome, 'result' | 'effects'> | { checkpoint: CID }>(value)
  if ('checkpoint' in decoded) return { checkpoint: decoded.checkpoint, blocks, fuel }
  return { ...decoded, final, fuel, memory, counts, blocks: 'ok' in decoded.result ? blocks : [] }
}
