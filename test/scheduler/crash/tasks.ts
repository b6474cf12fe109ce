/** The tasks of the crash test: what the worker does, and what must have come of it. */
import type { CID } from 'multiformats/cid'
import { type CallRequest, ENQUEUE, RUN } from '../../../src/scheduler/index.js'
import type { Args } from '../../../src/ucan/index.js'
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
  readonly queued?: { readonly cmd: string; readonly args: Args; readonly nonce: Uint8Array }
}

/** One in two has no effects; the others have one or two, of which some are done again after a crash, and some queue a task or emit blocks. */
export function crashTasks(count: number): CrashTask[] {
  return Array.from({ length: count }, (_, n) => {
    const effects = n % 2 === 0 ? [] : n % 3 === 0 ? [APPEND, SET] : n % 5 === 0 ? [APPEND, APPEND] : n % 7 === 0 ? [SET] : [APPEND]
    const queued =
      n % 11 === 0
        ? { cmd: RUN, args: { mod: puppetCid, fun: 'play', params: play([done({ queued: n })]) }, nonce: new Uint8Array(0) }
        : n % 17 === 0
          ? { cmd: APPEND, args: { n, place: 'queued' }, nonce: Uint8Array.of(n, n >> 8) }
          : undefined
    const asks = effects.map((command, place) => ask(7, command, { n, place }))
    if (queued !== undefined) asks.push(ask(7, ENQUEUE, queued))
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
