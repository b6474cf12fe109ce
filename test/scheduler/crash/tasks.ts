/** The tasks of the crash test: what the worker does, and what must have come of it. */
import type { CID } from 'multiformats/cid'
import type { CallRequest } from '../../../src/scheduler/index.js'
import { ask, cell, done, emit, play, puppetCid, repeat, store } from '../../task/puppet.js'

/** Appends a line: never twice. */
export const APPEND = '/test/append'
/** Writes a line too, and may do it again. */
export const SET = '/test/set'

export interface CrashTask {
  readonly call: CallRequest & { readonly mod: CID }
  readonly ok: unknown
  /** commands of its effects */
  readonly effects: readonly string[]
  /** what it queues */
  readonly queued?: CallRequest & { readonly mod: CID }
}

/** One in two has no effects; the others have one or two, of which some are done again after a crash, and some queue a task or emit blocks. */
export function crashTasks(count: number): CrashTask[] {
  return Array.from({ length: count }, (_, n) => {
    const effects = n % 2 === 0 ? [] : n % 3 === 0 ? [APPEND, SET] : n % 5 === 0 ? [APPEND, APPEND] : n % 7 === 0 ? [SET] : [APPEND]
    const queued = n % 11 === 0 ? { mod: puppetCid, fun: 'play', params: play([done({ queued: n })]) } : undefined
    const asks = effects.map((command, place) => ask(7, command, { n, place }))
    if (queued !== undefined) asks.push(ask(7, '/task/enqueue', { cmd: '/wasm/run', args: { mod: puppetCid, fun: queued.fun, params: queued.params } }))
    const emits = n % 13 === 0
    const steps = emits ? [store(cell(0), 3), ...asks, emit({ n }), repeat(0, 1 + asks.length), done({ n })] : [...asks, done({ n })]
    return {
      call: { mod: puppetCid, fun: emits ? 'emit' : 'play', params: play(steps, puppetCid) },
      ok: { n },
      effects,
      queued
    }
  })
}
