/** The caller's side: a runner of functions, for `ExecutorOptions.runner`, over threads. */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import type { Outcome, RunOptions, Suspended } from '../../task/index.js'
import { TaskError, taskLimits } from '../../task/index.js'
import type { FunctionRunner } from '../functions.js'
import type { Answer, Ask, Fault, Job, Reply, Threads } from './interface.js'
import { errorOf, faultOf } from './thread.js'

/** Longer than the run's own clock, which looks between two calls only: whoever is then still in one is ended with its thread. */
const GRACE = 1_000

/** Runs functions in threads. A guest that goes on beyond its time without asking for anything ends with its thread. */
export function threadRunner(threads: Threads): FunctionRunner {
  return async (module, options, checkpoint) => {
    options.signal?.throwIfAborted()
    const limits = taskLimits(options.limits)
    const { fun, params = null, inputs = {} } = options
    // what is no function of the module is found here, as without threads
    module.function(fun)
    const job: Job = {
      module: module.cid.toString(),
      memory: module.memory,
      fun,
      args: dagCbor.encode({ params, inputs }),
      limits,
      checkpoint: checkpoint?.toString()
    }
    const { port1, port2 } = new MessageChannel()
    const blocks = new Map<string, { cid: CID; bytes: Uint8Array }>()
    const stopped = new AbortController()
    const timer = setTimeout(() => stopped.abort(new TaskError('TIME', `the run takes longer than ${limits.time} ms`)), limits.time + GRACE)
    const abort = (): void => stopped.abort(options.signal?.reason)
    const suspend = (): void => port1.postMessage({ suspend: true } satisfies Reply)
    options.signal?.addEventListener('abort', abort)
    options.suspend?.addEventListener('abort', suspend)
    if (options.suspend?.aborted === true) suspend()
    port1.onmessage = ({ data }: MessageEvent<Ask>) => void serve(data, port1, options, blocks, stopped.signal)
    try {
      const answer = await threads.run(job, port2, stopped.signal)
      if ('fault' in answer) throw errorOf(answer.fault as Fault)
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
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', abort)
      options.suspend?.removeEventListener('abort', suspend)
      port1.close()
    }
  }
}

async function serve(
  ask: Ask,
  port: MessagePort,
  { get, put }: RunOptions,
  blocks: Map<string, { cid: CID; bytes: Uint8Array }>,
  signal: AbortSignal
): Promise<void> {
  const reply = (reply: Reply): void => port.postMessage(reply)
  try {
    if ('get' in ask) {
      const bytes = await get?.(CID.decode(ask.get), { signal })
      // without what its buffer has besides
      reply({ id: ask.id, bytes: bytes && (bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()) })
    } else {
      const cid = CID.decode(ask.put)
      if (put === undefined) blocks.set(cid.toString(), { cid, bytes: ask.bytes })
      else await put(cid, ask.bytes)
      reply({ id: ask.id })
    }
  } catch (error) {
    reply({ id: ask.id, fault: faultOf(error) })
  }
}

function outcomeOf({ value, final, fuel, memory, counts }: Answer, blocks: Outcome['blocks']): Outcome | Suspended {
  const decoded = dagCbor.decode<Pick<Outcome, 'result' | 'effects'> | { checkpoint: CID }>(value)
  if ('checkpoint' in decoded) return { checkpoint: decoded.checkpoint, blocks, fuel }
  return { ...decoded, final, fuel, memory, counts, blocks: 'ok' in decoded.result ? blocks : [] }
}
