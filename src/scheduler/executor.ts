/**
 * Executes tasks: once each, by right, and with a signed receipt (docs/invocation.md). What a task is stands in `ucan`, how a function runs in `task`, where state lives behind `engine`; here
 * they come together.
 */
import type { CID } from 'multiformats/cid'
import type { Host } from '../codec/host.js'
import { orAbort } from '../dag/abort.js'
import type { Engine } from '../engine/interface.js'
import { DEFAULT_TASK_LIMITS, type GetBlock, MAX_DEEP, moduleCid, type TaskLimits, taskLimits } from '../task/index.js'
import { cidOf } from '../ucan/envelope.js'
import {
  type AuthoriseOptions,
  authorise,
  type Delegation,
  encodeTask,
  Invocation,
  type Receipt,
  type Result,
  type Signer,
  type Task,
  taskOf,
  Verified
} from '../ucan/index.js'
import { tooDeepAt } from '../ucan/nesting.js'
import { type Activity, activityOn } from './activity.js'
import { type Authority, invocationAuthority, ownerAuthority } from './authority.js'
import { argsOf, type Fulfilled, fulfilled } from './awaited.js'
import { callArgs, type InputRequest, RUN, readCall } from './call.js'
import { Deeds, factsOfEffects } from './deeds.js'
import { type Decided, decide } from './effects.js'
import { ExecutorError } from './errors.js'
import { ABI, type Facts, factsOf, limitsOf, resultOf } from './facts.js'
import { type FunctionRunner, Functions } from './functions.js'
import { type Executed, executed, type Job } from './job.js'
import { leased } from './lease.js'
import { type ExecutorPolicy, makesWay, unfit } from './policy.js'
import type { Provider } from './provider/interface.js'
import { clockProvider, randomProvider } from './provider/pure.js'
import { Queue, type WorkOptions } from './queue.js'
import { Receipts } from './receipts.js'
import { decodeRecord } from './record.js'
import { type Comparison, type RerunOptions, rerun } from './rerun.js'
import { readWaiting, writeWaiting } from './suspended.js'
import { World } from './world.js'

const NO_NONCE = new Uint8Array(0)
/** bytes of a task: it stands in its receipt, which is a token that others read */
const MAX_TASK = 512 * 1024

export interface ExecutorOptions {
  readonly host: Host
  readonly engine: Engine
  /** signs receipts; its DID is the executor's */
  readonly signer: Signer
  readonly policy?: ExecutorPolicy
  /** effects that the executor does, besides `/clock/now` and `/random/bytes`. What is not here cannot happen */
  readonly providers?: readonly Provider[]
  /** blocks that the engine does not have; verified. Default: the host's sources */
  readonly get?: GetBlock
  /** how invocations are authorised: clocks, revocations, DIDs. Without `replay` the same invocation may come again: it gets the receipt that there is */
  readonly ucan?: Pick<AuthoriseOptions, 'now' | 'skew' | 'maxProofs' | 'maxSteps' | 'isRevoked' | 'resolve' | 'verified' | 'replay'>
  /** where functions run; default in this thread */
  readonly runner?: FunctionRunner
  /** Unix seconds, for receipts */
  readonly now?: () => number
  /** goes on at once with what another executor on this engine left unfinished. Default true */
  readonly recover?: boolean
  /** told of records that cannot be read, and are passed by: ExecutorError STATE */
  readonly onFault?: (error: ExecutorError) => void
}

/** A call by the executor's owner. */
export interface CallRequest {
  /** name of a shipped module, or CID (as text or object) */
  readonly mod: string | CID
  readonly fun: string
  readonly params?: unknown
  readonly inputs?: Readonly<Record<string, InputRequest>>
  /** empty, the default: the result may be remembered for ever */
  readonly nonce?: Uint8Array
  readonly limits?: Partial<TaskLimits>
}

export interface ExecuteOptions {
  /** delegations that the invocation names */
  readonly proofs?: readonly Delegation[]
  readonly signal?: AbortSignal
  /** when it aborts, the function stops between two calls, and `run` rejects with `SUSPENDED`, whose `cid` is the checkpoint */
  readonly suspend?: AbortSignal
  /** goes on from there: a checkpoint of this task, in the engine. It is believed */
  readonly checkpoint?: CID
}

/**
 * An executor.
 *
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * import { memoryEngine } from 'autocodec/engine'
 * import { createExecutor } from 'autocodec/scheduler'
 * import { generateSigner } from 'autocodec/ucan'
 * const { run } = await createExecutor({ host: await createHost(), engine: memoryEngine(), signer: await generateSigner() })
 * const call = { mod: 'json-path', fun: 'query', params: { root: { a: [1, 2] }, path: '$.a[1]' } }
 * const first = await run(call)
 * const second = await run(call)
 * if (first.cached || !second.cached || !second.receipt.cid.equals(first.receipt.cid)) throw new Error('not the same')
 * ```
 */
export async function createExecutor(options: ExecutorOptions): Promise<Executor> {
  const executor = new Executor(options)
  if (options.recover !== false) await executor.recover()
  return executor
}

export class Executor {
  /** the executor's DID */
  readonly did: string
  readonly #options: ExecutorOptions
  readonly #engine: Engine
  readonly #world: World
  readonly #receipts: Receipts
  readonly #functions: Functions
  readonly #deeds: Deeds
  readonly #queue: Queue
  readonly #activity: Activity
  readonly #verified = new Verified()
  readonly #owner: Authority
  /** what `close` waits for */
  readonly #under = new Set<Promise<unknown>>()
  #closed = false

  /** Use `createExecutor`. */
  constructor(options: ExecutorOptions) {
    const { engine, host, signer, providers = [], policy = {} } = options
    this.#options = options
    this.#engine = engine
    this.did = signer.did
    this.#owner = ownerAuthority(signer.did)
    this.#functions = new Functions(host, engine, options.get, options.runner)
    const given = new Set(providers.map(({ command }) => command))
    this.#world = new World({
      providers: [...providers, ...[clockProvider(), randomProvider()].filter(({ command }) => !given.has(command))],
      engine,
      get: this.#functions.get,
      own: this.did,
      commands: policy.commands ?? {},
      enqueue: policy.enqueue ?? []
    })
    this.#receipts = new Receipts(engine, signer, options.now ?? (() => Math.floor(Date.now() / 1000)))
    this.#deeds = new Deeds(engine, this.#world, this.#receipts)
    this.#activity = activityOn(engine)
    this.#queue = new Queue({
      engine,
      did: this.did,
      authorisation: (signal) => this.#authorisation([], signal),
      limits: (limits) => taskLimits(limits, policy.limits),
      receiptOf: (cid, signal) => this.#settled(cid, signal),
      remembered: (job) => this.#remembered(job),
      execute: (job) => this.#once(job),
      refuse: async (job, error) => executed(job.cid, await this.#receipts.sign(job.cid, { error }, { task: job.task, final: false }, job.cause)),
      onFault: (error) => options.onFault?.(error)
    })
    // people take methods out of objects
    this.run = this.run.bind(this)
  }

  /**
   * Does a task, or answers with the receipt that there is of it.
   *
   * @param what an invocation for this executor, with its proofs in the options; or a call, asked by the executor's owner
   * @throws UcanError if the invocation may not do what it asks for; ExecutorError NOT_ACCEPTED, ARGUMENTS, AWAITED, SUSPENDED, UNFINISHED, BUSY, CLOSED; TaskError UNKNOWN_MODULE;
   *   EngineError; the signal's reason. Everything that the task itself comes to is in the receipt
   */
  async run(what: Invocation | CallRequest, options: ExecuteOptions = {}): Promise<Executed> {
    return this.#tracked(async () => {
      const job = await this.#asked(what, options)
      return (await this.#remembered(job)) ?? (await this.#once(job))
    })
  }

  /** The receipt of a task; undefined if there is none. */
  async receipt(task: CID): Promise<Receipt | undefined> {
    return this.#receipts.of(task)
  }

  /** Puts a call into the queue, to be done by `work`: it is done though this process ends first. @returns CID of the task */
  async enqueue(what: Invocation | CallRequest, options: ExecuteOptions = {}): Promise<CID> {
    return this.#tracked(async () => {
      const { task, cid, limits, authority } = await this.#asked(what, options, true)
      if ((await this.#receipts.of(cid)) === undefined) await this.#queue.put({ state: 'queued', task, limits: { ...limits }, by: authority.record }, cid)
      return cid
    })
  }

  /**
   * Does what is in the queue, and what that puts into it, until there is nothing that can be done: what waits for the result of a task that nobody does stays, as does what has not come
   * to a result.
   */
  async *work(options: WorkOptions = {}): AsyncGenerator<Executed, void, undefined> {
    this.#open()
    let end = (): void => {}
    const work = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#under.add(work)
    try {
      for await (const one of this.#queue.work(options)) {
        yield one
        if (this.#closed) return
      }
    } finally {
      this.#under.delete(work)
      end()
    }
  }

  /**
   * Finishes what a process left unfinished that had begun with effects. What this executor does not do is left to another.
   *
   * @returns how many tasks
   */
  async recover(signal?: AbortSignal): Promise<number> {
    return this.#tracked(async () => {
      let count = 0
      // first those whose effects hang on them, then what was begun by itself or from the queue
      for (const state of ['outbox', 'begun'] as const) {
        for await (const [cid, { value }] of this.#engine.tasks.entries({ signal })) {
          try {
            if (await this.#recovered(cid, value, state, signal)) count++
          } catch (error) {
            if (!(error instanceof ExecutorError) || !['STATE', 'UNFINISHED', 'BUSY', 'AWAITED'].includes(error.code)) throw error
            if (error.code === 'STATE') this.#options.onFault?.(error)
          }
        }
      }
      return count
    })
  }

  /**
   * Runs the task of a receipt again, with what was observed then, and compares. No trust in whoever signed is needed, and nothing outside happens.
   *
   * @throws ExecutorError STATE if the receipt does not say enough, ARGUMENTS if it says that it took more than may be used here, AWAITED; as `run`
   */
  async rerun(receipt: Receipt, options: RerunOptions = {}): Promise<Comparison> {
    const limits = options.limits ?? this.#options.policy?.limits
    return this.#tracked(() => rerun(receipt, this.#functions, (cid) => this.#settled(cid, options.signal), { ...options, limits }))
  }

  /** Waits for what is being done. The engine is its owner's to close. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#under)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #open(): void {
    if (this.#closed) throw new ExecutorError('CLOSED', 'the executor is closed')
  }

  async #tracked<T>(begin: () => Promise<T>): Promise<T> {
    this.#open()
    const work = begin()
    this.#under.add(work)
    try {
      return await work
    } finally {
      this.#under.delete(work)
    }
  }

  // --- what is asked, by whom ---------------------------------------------------------------------------------------------------------------------------------

  /** @param later whether promises may still be open */
  async #asked(what: Invocation | CallRequest, options: ExecuteOptions, later = false): Promise<Job> {
    options.signal?.throwIfAborted()
    if (what instanceof Invocation) return this.#invoked(what, options)
    const { mod, fun, params = null, inputs, nonce = NO_NONCE, limits } = what
    const task: Task = { sub: this.did, cmd: RUN, args: callArgs({ mod: moduleCid(mod), fun, params, inputs }), nonce }
    const cid = checkedCid(task)
    const settled: Fulfilled = later ? { args: task.args, awaits: [] } : await this.#fulfilled(task, options.signal)
    return { task, cid, settled, authority: this.#owner, limits: this.#limits(limits, this.#options.policy?.limits), ...rest(options) }
  }

  async #invoked(invocation: Invocation, options: ExecuteOptions): Promise<Job> {
    const { proofs = [], signal } = options
    const { cid, payload } = invocation
    const task = taskOf(invocation)
    const authorisation = this.#authorisation(proofs, signal)
    let settled: Fulfilled | undefined
    let ran = cid
    // policies are held against what will run, which is looked up for nobody whose signature is not right
    const args = async () => {
      ran = checkedCid(task)
      settled = await this.#fulfilled(task, signal)
      return argsOf(task, settled)
    }
    await authorise(invocation, { ...authorisation, replay: this.#options.ucan?.replay, args })
    await this.#accept(invocation)
    if (settled === undefined) throw new ExecutorError('STATE', 'an invocation whose arguments nobody has looked at', { cid })
    const limits = this.#limits(payload.meta?.limits, { ...DEFAULT_TASK_LIMITS, ...this.#options.policy?.limits })
    return {
      task,
      cid: ran,
      settled,
      authority: invocationAuthority(invocation, proofs, authorisation),
      limits,
      cause: payload.cause,
      ...rest(options)
    }
  }

  #authorisation(proofs: readonly Delegation[], signal: AbortSignal | undefined): AuthoriseOptions {
    return { verified: this.#verified, ...this.#options.ucan, replay: undefined, audience: this.did, proofs, signal }
  }

  async #accept(invocation: Invocation): Promise<void> {
    const { sub, cmd } = invocation.payload
    const { subjects = [] } = this.#options.policy ?? {}
    const accepted = sub === this.did || (typeof subjects === 'function' ? await subjects(invocation) : subjects.includes(sub))
    if (!accepted) throw new ExecutorError('NOT_ACCEPTED', `${this.did} does nothing for ${sub}: see policy.subjects`, { cid: invocation.cid })
    if (cmd !== RUN && this.#world.provider(cmd, sub) === undefined)
      throw new ExecutorError('NOT_ACCEPTED', `${this.did} does not do ${cmd} for ${sub}`, { cid: invocation.cid })
  }

  /** @throws ExecutorError ARGUMENTS */
  #limits(asked: unknown, most: Partial<TaskLimits> | undefined): TaskLimits {
    try {
      return taskLimits((asked ?? {}) as Partial<TaskLimits>, most)
    } catch (cause) {
      throw new ExecutorError('ARGUMENTS', (cause as Error).message, { cause })
    }
  }

  #fulfilled(task: Task, signal: AbortSignal | undefined): Promise<Fulfilled> {
    return fulfilled(task, (cid) => this.#settled(cid, signal))
  }

  /** What a task has come to, also one that is being done. */
  async #settled(cid: CID, signal: AbortSignal | undefined): Promise<Receipt | undefined> {
    const running = this.#activity.tasks.get(cid.toString())
    // what becomes of the other's caller is not ours
    if (running !== undefined) await orAbort(running, signal).catch(() => signal?.throwIfAborted())
    return this.#receipts.of(cid, signal)
  }

  // --- once each ----------------------------------------------------------------------------------------------------------------------------------------------

  async #remembered(job: Job): Promise<Executed | undefined> {
    const receipt = await this.#receipts.of(job.cid, job.signal)
    return receipt !== undefined && (await this.#answers(receipt, job)) ? executed(job.cid, receipt, true) : undefined
  }

  async #answers(receipt: Receipt, job: Job): Promise<boolean> {
    return (await this.#unfit(receipt, job)) === undefined
  }

  #unfit(receipt: Receipt, job: Job): ReturnType<typeof unfit> {
    return unfit(receipt, job, this.#world, (cid) => this.#receipts.of(cid))
  }

  async #once(job: Job): Promise<Executed> {
    const { tasks } = this.#activity
    const key = job.cid.toString()
    for (let running = tasks.get(key); running !== undefined; running = tasks.get(key)) {
      // what the other is told to stop for is not ours
      const done = await orAbort(running, job.signal).catch(() => undefined)
      job.signal?.throwIfAborted()
      // what may end otherwise another time has just ended so; anything else answers whom a receipt would
      if (done !== undefined && (factsOf(done.receipt).final === false || (await this.#answers(done.receipt, job)))) return { ...done, cached: true }
    }
    const work = this.#alone(job).finally(() => tasks.delete(key))
    tasks.set(key, work)
    return work
  }

  async #alone(job: Job): Promise<Executed> {
    let done: Executed | undefined
    const got = await leased(this.#engine, this.#name, job.cid, async () => {
      done = await this.#execute(job)
    })
    if (!got || done === undefined) throw new ExecutorError('BUSY', `another executor works on task ${job.cid}`, { cid: job.cid })
    return done
  }

  /** Of this executor in this process, for leases. */
  get #name(): string {
    return `${this.#activity.process} ${this.did}`.slice(0, 256)
  }

  async #execute(job: Job): Promise<Executed> {
    const { task, cid, settled, signal } = job
    const { awaits } = settled
    if ('error' in settled) return this.#finish(job, { error: settled.error }, { task, awaits })
    if (task.cmd !== RUN) return executed(cid, await this.#deeds.do(task, settled.args, cid, job))
    // begun with its effects, it is not run again
    const entry = await this.#engine.tasks.get(cid)
    const record = entry && decodeRecord(entry.value, cid)
    if (record?.state === 'outbox') {
      const receipt = await this.#deeds.finish(record, cid, signal)
      if (await this.#answers(receipt, job)) return executed(cid, receipt)
    }
    const before = await this.#receipts.of(cid, signal)
    return this.#runTask({ ...job, observed: before && factsOf(before).inputs })
  }

  async #runTask(job: Job): Promise<Executed> {
    const { task, cid, settled, authority, signal } = job
    const call = readCall({ args: argsOf(task, settled) })
    const { awaits } = settled
    const waiting = job.checkpoint && (await readWaiting(this.#engine.blocks, cid, job.checkpoint))
    for (const { cmd, args } of Object.values(job.observed ?? {})) {
      const refused = await authority.refuses(cmd, args)
      if (refused !== undefined) return this.#finish(job, { error: { code: 'NOT_ALLOWED', message: refused } }, { task, final: false })
    }
    const observed = waiting ?? (await this.#deeds.observe(call, job))
    if ('error' in observed) return this.#finish(job, { error: observed.error }, { task, final: false })
    const { inputs } = observed
    const values = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]))
    const made: CID[] = []
    const outcome = await this.#functions.run(call, job, values, { checkpoint: waiting?.run, made: (block) => made.push(block) })
    if ('checkpoint' in outcome) {
      const checkpoint = await writeWaiting(this.#engine.blocks, this.#world, cid, outcome, inputs)
      throw new ExecutorError('SUSPENDED', `task ${cid} is suspended: checkpoint ${checkpoint}`, { cid: checkpoint })
    }
    const { fuel, memory, final, effects } = outcome
    const out = resultOf(outcome)
    const facts: Facts = { task, abi: ABI, fuel, memory, limits: limitsOf(job.limits, out), awaits, inputs, ...(final ? {} : { final }) }
    if (effects.length === 0) return this.#finish(job, out, facts)
    const decided: Decided[] = []
    for (const [i, effect] of effects.entries()) decided.push(await decide(effect, task, authority, this.#world, i))
    if (decided.every(({ reason }) => reason !== undefined)) return this.#finish(job, out, { ...facts, effects: factsOfEffects(decided) })
    // receipts of what is done to the world outlive a loss of power, and so must what they name
    await this.#functions.sync(made)
    return executed(cid, await this.#deeds.finish(await this.#deeds.open(job, out, facts, decided), cid, signal))
  }

  /** Signs what a task has come to, and remembers it if it may be. */
  async #finish(job: Job, out: Result, facts: Facts): Promise<Executed> {
    const receipt = await this.#receipts.sign(job.cid, out, facts, job.cause)
    if (facts.final === false) return executed(job.cid, receipt)
    const kept = await this.#receipts.keep(receipt, async (there) => makesWay(await this.#unfit(there, job)))
    // one that is not for whoever asks stays, and this one is theirs
    return executed(job.cid, kept === receipt || (await this.#answers(kept, job)) ? kept : receipt)
  }

  async #recovered(cid: CID, value: Uint8Array, state: 'outbox' | 'begun', signal: AbortSignal | undefined): Promise<boolean> {
    const record = decodeRecord(value, cid)
    // what this process is at is no crash
    if (record.state !== state || this.#activity.tasks.has(cid.toString()) || this.#activity.deeds.has(cid.toString())) return false
    if (record.state === 'outbox') return leased(this.#engine, this.#name, cid, async () => void (await this.#deeds.finish(record, cid, signal)))
    // what is left of an outbox is seen to by whoever is at that
    if (record.of !== undefined && (await this.#engine.tasks.get(record.of)) !== undefined) return false
    return leased(this.#engine, this.#name, cid, async () => {
      const { task, cause } = record
      await this.#deeds.do(task, argsOf(task, await this.#fulfilled(task, signal)), cid, { cause, signal })
    })
  }
}

function rest({ signal, suspend, checkpoint }: ExecuteOptions): Pick<Job, 'signal' | 'suspend' | 'checkpoint'> {
  return { signal, suspend, checkpoint }
}

/** Its CID. @throws ExecutorError ARGUMENTS if its receipt would be none that can be read */
function checkedCid(task: Task): CID {
  const bytes = encodeTask(task)
  if (bytes.length > MAX_TASK || tooDeepAt(bytes, MAX_DEEP) !== -1)
    throw new ExecutorError(
      'ARGUMENTS',
      `a task of ${bytes.length} bytes, expected at most ${MAX_TASK}, nested at most ${MAX_DEEP} deep: what is larger goes into blocks`
    )
  return cidOf(bytes)
}
