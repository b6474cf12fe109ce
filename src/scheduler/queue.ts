/** Tasks that are written down to be done: by whoever works next. */
import type { CID } from 'multiformats/cid'
import type { Engine } from '../engine/interface.js'
import type { TaskLimits } from '../task/index.js'
import { type Args, type AuthoriseOptions, type Receipt, type Task, UcanError } from '../ucan/index.js'
import { ownerAuthority, recordedAuthority } from './authority.js'
import { argsOf, fulfilled } from './awaited.js'
import { ExecutorError } from './errors.js'
import { factsOf } from './facts.js'
import type { Executed, Job } from './job.js'
import { decodeRecord, encodeRecord, type Queued } from './record.js'

export interface WorkOptions {
  /** tasks at a time; default 1 */
  readonly concurrency?: number
  readonly signal?: AbortSignal
}

/** What the queue has of the executor. */
interface QueueOptions {
  readonly engine: Engine
  readonly did: string
  authorisation(signal: AbortSignal | undefined): AuthoriseOptions
  limits(asked: Partial<TaskLimits>): TaskLimits
  receiptOf(task: CID, signal: AbortSignal | undefined): Promise<Receipt | undefined>
  remembered(job: Job): Promise<Executed | undefined>
  execute(job: Job): Promise<Executed>
  /** a receipt that says why a task is not done, which is not kept */
  refuse(job: Pick<Job, 'task' | 'cid' | 'cause'>, error: { code: string; message: string }): Promise<Executed>
  onFault(error: ExecutorError): void
}

export class Queue {
  readonly #options: QueueOptions

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Written once, however often it is asked for. */
  async put(record: Queued, cid: CID): Promise<void> {
    await this.#options.engine.tasks.put(cid, encodeRecord(record), { revision: null, sync: true })
  }

  async *work({ concurrency = 1, signal }: WorkOptions): AsyncGenerator<Executed, void, undefined> {
    if (!(Number.isSafeInteger(concurrency) && concurrency > 0)) throw new TypeError(`concurrency: got ${concurrency}, expected a number of tasks`)
    /** what has come to no result, and is not tried again by this work */
    const tried = new Set<string>()
    for (;;) {
      let any = false
      const under = new Set<Promise<void>>()
      const done: Executed[] = []
      for await (const [cid, { value }] of this.#options.engine.tasks.entries({ signal })) {
        const record = this.#read(value, cid)
        if (record === undefined || tried.has(cid.toString())) continue
        const work = this.#do(record, cid, signal).then((executed) => {
          under.delete(work)
          if (executed === undefined) return
          if (factsOf(executed.receipt).final === false) tried.add(cid.toString())
          any = true
          done.push(executed)
        })
        // what goes wrong is thrown where it is waited for
        work.catch(() => {})
        under.add(work)
        if (under.size >= concurrency) await Promise.race(under)
        while (done.length > 0) yield done.shift() as Executed
      }
      await Promise.all(under)
      while (done.length > 0) yield done.shift() as Executed
      if (!any) return
    }
  }

  #read(value: Uint8Array, cid: CID): Queued | undefined {
    try {
      const record = decodeRecord(value, cid)
      return record.state === 'queued' ? record : undefined
    } catch (error) {
      if (!(error instanceof ExecutorError)) throw error
      this.#options.onFault(error)
      return undefined
    }
  }

  /** @returns undefined if it waits for another */
  async #do(record: Queued, cid: CID, signal: AbortSignal | undefined): Promise<Executed | undefined> {
    const executed = await this.#outcome(record, cid, signal)
    if (executed === undefined) return undefined
    const { final } = factsOf(executed.receipt)
    // what may end otherwise another time stays, but for what nobody may have done
    if (final !== false || isRefusal(executed)) await this.#forget(cid)
    return executed
  }

  async #outcome({ task, limits, by, cause }: Queued, cid: CID, signal: AbortSignal | undefined): Promise<Executed | undefined> {
    const { did, authorisation, receiptOf, remembered, execute, refuse } = this.#options
    const settle = (asked: Task) => fulfilled(asked, (awaited) => receiptOf(awaited, signal))
    try {
      const settled = await settle(task)
      // it may have expired or been revoked meanwhile; and policies are held against what will run
      const args = async (asked: Task): Promise<Args> => argsOf(asked, asked === task ? settled : await settle(asked))
      const authority = by === 'owner' ? ownerAuthority(did) : await recordedAuthority(by, did, authorisation(signal), args)
      const refused = await authority.refuses(task.cmd, argsOf(task, settled))
      if (refused !== undefined) return await refuse({ task, cid, cause }, { code: 'NOT_ALLOWED', message: refused })
      const job: Job = { task, cid, settled, authority, limits: this.#options.limits(limits as Partial<TaskLimits>), cause, signal }
      return (await remembered(job)) ?? (await execute(job))
    } catch (error) {
      if (error instanceof ExecutorError && (error.code === 'AWAITED' || error.code === 'BUSY' || error.code === 'UNFINISHED')) return undefined
      const code = error instanceof UcanError ? 'NOT_ALLOWED' : error instanceof ExecutorError && error.code === 'ARGUMENTS' ? error.code : undefined
      if (code === undefined) throw error
      return refuse({ task, cid, cause }, { code, message: (error as Error).message })
    }
  }

  async #forget(cid: CID): Promise<void> {
    const { tasks } = this.#options.engine
    const entry = await tasks.get(cid)
    if (entry !== undefined && decodeRecord(entry.value, cid).state === 'queued') await tasks.delete(cid, { revision: entry.revision })
  }
}

/** By right or for its arguments: it is no use to try again. */
function isRefusal({ out }: Executed): boolean {
  const { code } = ('error' in out ? out.error : {}) as { code?: unknown }
  return code === 'NOT_ALLOWED' || code === 'ARGUMENTS'
}
