/**
 * Executes tasks: once each, by right, and with a signed receipt (docs/invocation.md). What a task is stands in `ucan`, how a function runs in `task`, where state lives behind `engine`; here
 * they come together.
 */
import * as dagCbor from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import type { Host } from '../codec/host.js'
import { orAbort } from '../dag/abort.js'
import type { Engine } from '../engine/interface.js'
import {
  type FunctionModule,
  failureOf,
  type GetBlock,
  loadFunction,
  MAX_DEEP,
  moduleCid,
  type Outcome,
  type RunOptions,
  resumeFunction,
  runFunction,
  type Suspended,
  TaskError,
  type TaskLimits,
  taskLimits
} from '../task/index.js'
import {
  type Args,
  type AuthoriseOptions,
  authorise,
  type Delegation,
  type Effect,
  encodeTask,
  Invocation,
  issueReceipt,
  type Receipt,
  Replay,
  type Result,
  readReceipt,
  type Signer,
  type Task,
  taskCid,
  taskOf,
  UcanError,
  Verified
} from '../ucan/index.js'
import { tooDeepAt } from '../ucan/nesting.js'
import { type Authority, invocationAuthority, ownerAuthority, recordedAuthority } from './authority.js'
import { fulfilled } from './awaited.js'
import { callArgs, type InputRequest, isMap, RUN, readCall } from './call.js'
import { type Decided, decide, ENQUEUE, effectOf } from './effects.js'
import { ExecutorError } from './errors.js'
import { derivedTask, type EffectFact, type Facts, factsMeta, factsOf, failureValue, limitsOf, type Observation } from './facts.js'
import { answers, type ExecutorPolicy } from './policy.js'
import type { Provider } from './provider/interface.js'
import { clockProvider, randomProvider } from './provider/pure.js'
import { type Begun, decodeRecord, encodeRecord, type Outbox, type Queued } from './record.js'
import { readWaiting, writeWaiting } from './suspended.js'
import { MAX_OBSERVED, World } from './world.js'

const NO_NONCE = new Uint8Array(0)
const ABI = 1
/** bytes of a task: it stands in its receipt, which is a token that others read */
const MAX_TASK = 512 * 1024
/** compiled modules that are kept */
const MAX_MODULES = 64
/** how long a lease on a task is good for, where several executors share an engine */
const LEASE = 120_000

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
  /** how invocations are authorised: clocks, revocations, DIDs */
  readonly ucan?: Pick<AuthoriseOptions, 'now' | 'skew' | 'maxProofs' | 'maxSteps' | 'isRevoked' | 'resolve' | 'verified'>
  /** where functions run; default in this thread */
  readonly runner?: FunctionRunner
  /** Unix seconds, for receipts */
  readonly now?: () => number
  /** goes on at once with what another executor on this engine left unfinished. Default true */
  readonly recover?: boolean
}

/** Runs a function of a module: `runFunction`, here or in another thread. */
export type FunctionRunner = (module: FunctionModule, options: RunOptions, checkpoint?: CID) => Promise<Outcome | Suspended>

const runHere: FunctionRunner = (module, options, checkpoint) =>
  checkpoint === undefined ? runFunction(module, options) : resumeFunction(module, checkpoint, options)

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

/** What came of a task. */
export interface Executed {
  /** CID of the task: what its result is remembered by */
  readonly task: CID
  readonly receipt: Receipt
  readonly out: Result
  /** answered from the receipt, without running anything */
  readonly cached: boolean
}

/** What a second run says of a receipt. */
export interface Comparison {
  readonly same: boolean
  /** each thing that differs, as the receipt has it and as it came out now */
  readonly differences: readonly {
    readonly what: 'out' | 'fuel' | 'memory' | 'effects' | 'inputs' | 'run' | 'abi' | 'final'
    readonly receipt: unknown
    readonly rerun: unknown
  }[]
  readonly facts: Facts
}

/** A task and by which right, limits and cause it is done. */
interface Job {
  readonly task: Task
  readonly cid: CID
  readonly authority: Authority
  readonly limits: TaskLimits
  readonly cause?: CID
  readonly signal?: AbortSignal
  readonly suspend?: AbortSignal
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
  readonly #get: GetBlock
  readonly #replay = new Replay()
  readonly #verified = new Verified()
  readonly #owner: Authority
  /** tasks that are being done, so that each is done once */
  readonly #running = new Map<string, Promise<Executed>>()
  readonly #modules = new Map<string, Promise<FunctionModule>>()
  #closed = false

  /** Use `createExecutor`. */
  constructor(options: ExecutorOptions) {
    const { engine, host, signer, providers = [] } = options
    this.#options = options
    this.#engine = engine
    this.did = signer.did
    this.#owner = ownerAuthority(signer.did)
    const further = options.get ?? ((cid, { signal }) => fromSources(host, cid, signal))
    this.#get = async (cid, given) => (await engine.blocks.get(cid, given)) ?? further(cid, given)
    const given = new Set(providers.map(({ command }) => command))
    this.#world = new World([...providers, ...[clockProvider(), randomProvider()].filter(({ command }) => !given.has(command))], engine, this.#get)
    // people take methods out of objects
    this.run = this.run.bind(this)
  }

  /**
   * Does a task, or answers with the receipt that there is of it.
   *
   * @param what an invocation for this executor, with its proofs in the options; or a call, asked by the executor's owner
   * @throws UcanError if the invocation may not do what it asks for; ExecutorError NOT_ACCEPTED, ARGUMENTS, AWAITED; TaskError UNKNOWN_MODULE; EngineError; the signal's reason.
   *   Everything that the task itself comes to is in the receipt
   */
  async run(what: Invocation | CallRequest, options: ExecuteOptions = {}): Promise<Executed> {
    if (this.#closed) throw new ExecutorError('CLOSED', 'the executor is closed')
    options.signal?.throwIfAborted()
    const job = what instanceof Invocation ? await this.#invoked(what, options) : this.#called(what, options)
    checkTask(job.task)
    const before = await this.#remembered(job)
    if (before !== undefined) return before
    if (what instanceof Invocation) this.#replay.claim(what, this.#now(), this.#options.ucan?.skew ?? 60)
    return this.#once(job)
  }

  /** The receipt of a task; undefined if there is none. */
  async receipt(task: CID): Promise<Receipt | undefined> {
    const entry = await this.#engine.receipts.get(task)
    return entry && readReceipt(entry.value)
  }

  /** Puts a call into the queue, to be done by `work`: it is done though this process ends first. @returns CID of the task */
  async enqueue(what: Invocation | CallRequest, options: ExecuteOptions = {}): Promise<CID> {
    const { task, cid, limits, authority } = what instanceof Invocation ? await this.#invoked(what, options) : this.#called(what, options)
    checkTask(task)
    const record: Queued = { state: 'queued', task, limits: { ...limits }, by: authority.record }
    if ((await this.#engine.receipts.get(cid)) === undefined) await this.#engine.tasks.put(cid, encodeRecord(record), { revision: null, sync: true })
    return cid
  }

  /** Does what is in the queue, and what that puts into it, until there is nothing that can be done: what waits for the result of a task that nobody does stays. */
  async *work(options: { readonly concurrency?: number; readonly signal?: AbortSignal } = {}): AsyncGenerator<Executed, void, undefined> {
    const { concurrency = 1, signal } = options
    for (;;) {
      let any = false
      const under = new Set<Promise<Executed | undefined>>()
      const done: Executed[] = []
      for await (const [cid, { value }] of this.#engine.tasks.entries({ signal })) {
        const record = decodeRecord(value, cid)
        if (record.state !== 'queued') continue
        const work = this.#queued(record, cid, signal).then((executed) => {
          under.delete(work)
          if (executed === undefined) return executed
          any = true
          done.push(executed)
          return executed
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

  /** Finishes what a process left unfinished that had begun with effects. @returns how many tasks */
  async recover(signal?: AbortSignal): Promise<number> {
    let count = 0
    for await (const [cid, { value }] of this.#engine.tasks.entries({ signal })) {
      const record = decodeRecord(value, cid)
      if (record.state === 'outbox') {
        if (await this.#leased(cid, async () => void (await this.#finishOutbox(record, cid, signal)))) count++
      }
    }
    // what was asked for by itself, or was queued; what is left of an outbox is somebody else's, who is at it
    for await (const [cid, { value }] of this.#engine.tasks.entries({ signal })) {
      const record = decodeRecord(value, cid)
      if (record.state !== 'begun' || (record.of !== undefined && (await this.#engine.tasks.get(record.of)) !== undefined)) continue
      if (await this.#leased(cid, () => this.#ended(record, cid))) count++
    }
    return count
  }

  /** Ends what was begun. */
  async #ended({ task, cause }: Begun, cid: CID): Promise<void> {
    if ((await this.#engine.receipts.get(cid)) !== undefined) return void (await this.#engine.tasks.delete(cid))
    const settled = await fulfilled(task, (awaited) => this.#settled(awaited))
    await this.#done(task, 'error' in settled ? task.args : settled.args, cid, { cause })
  }

  /**
   * Runs the task of a receipt again, with what was observed then, and compares. No trust in whoever signed is needed, and nothing outside happens.
   *
   * @throws ExecutorError STATE if the receipt does not say enough, ARGUMENTS; as `run`
   */
  async rerun(receipt: Receipt, options: { readonly signal?: AbortSignal; readonly limits?: Partial<TaskLimits> } = {}): Promise<Comparison> {
    const facts = factsOf(receipt)
    if (facts.task.cmd !== RUN)
      throw new ExecutorError('ARGUMENTS', `receipt ${receipt.cid} is of ${facts.task.cmd}, expected ${RUN}: what changes the world cannot be done again`)
    const limits = facts.limits === undefined ? options.limits : { ...facts.limits, ...options.limits }
    const task = await fulfilled(facts.task, (cid) => this.#settled(cid))
    const job: Job = {
      task: facts.task,
      cid: receipt.ran,
      authority: this.#owner,
      limits: taskLimits(limits, this.#options.policy?.limits),
      signal: options.signal
    }
    const inputs = Object.fromEntries(Object.entries(facts.inputs ?? {}).map(([name, { value }]) => [name, value]))
    const outcome = 'error' in task ? undefined : ((await this.#runFunction({ ...facts.task, args: task.args }, job, inputs)) as Outcome)
    const out: Result = 'error' in task ? { error: task.error } : resultOf(outcome as Outcome)
    const decided = (facts.effects ?? []).map((fact, place) => effectOf(fact, facts.task, place))
    // what has been done of it is the signer's word: only what was asked for, and what follows from that, is compared
    const asks = (outcome?.effects ?? []).map(({ cmd, args }, i) => ({ cmd, args: isMap(args) ? args : {}, task: decided[i]?.task ?? null }))
    const asked = (facts.effects ?? []).map(({ cmd, args, task }) => ({ cmd, args, task }))
    const observed = Object.entries(facts.inputs ?? {}).map(([name, { cmd, args, task }]) => ({ name, cmd, args, task }))
    const wanted = 'error' in task ? [] : observations({ ...facts.task, args: task.args }, receipt.ran)
    const pairs = [
      { what: 'out', receipt: receipt.out, rerun: out },
      { what: 'fuel', receipt: facts.fuel, rerun: outcome?.fuel },
      { what: 'memory', receipt: facts.memory, rerun: outcome?.memory },
      { what: 'effects', receipt: asked, rerun: asks },
      { what: 'inputs', receipt: byName(observed), rerun: byName(wanted) },
      { what: 'run', receipt: receipt.run, rerun: decided.flatMap(({ queue }) => (queue === undefined ? [] : [queue])) },
      { what: 'abi', receipt: facts.abi, rerun: outcome && ABI },
      { what: 'final', receipt: facts.final ?? true, rerun: outcome?.final ?? true }
    ] as const
    const differences = pairs.filter(({ receipt, rerun }) => !equal(receipt, rerun))
    return { same: differences.length === 0, differences, facts }
  }

  /** Waits for what is being done. The engine is its owner's to close. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#running.values())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  // --- what is asked, by whom ---------------------------------------------------------------------------------------------------------------------------------

  #called({ mod, fun, params = null, inputs, nonce = NO_NONCE, limits }: CallRequest, { signal, suspend, checkpoint }: ExecuteOptions): Job {
    const task: Task = { sub: this.did, cmd: RUN, args: callArgs({ mod: moduleCid(mod), fun, params, inputs }), nonce }
    return { task, cid: taskCid(task), authority: this.#owner, limits: this.#limits(limits), signal, suspend, checkpoint }
  }

  async #invoked(invocation: Invocation, { proofs = [], signal, suspend, checkpoint }: ExecuteOptions): Promise<Job> {
    const task = taskOf(invocation)
    const settled = await fulfilled(task, (cid) => this.#settled(cid))
    // policies are held against what will run; a task whose promise has come out the other way does not run
    const args = 'error' in settled ? task.args : settled.args
    const options: AuthoriseOptions = { verified: this.#verified, ...this.#options.ucan, audience: this.did, proofs, signal }
    await authorise(invocation, { ...options, args })
    await this.#accept(invocation)
    const asked = invocation.payload.meta?.limits as Partial<TaskLimits> | undefined
    return {
      task,
      cid: taskCid(task),
      authority: invocationAuthority(invocation, proofs, options),
      limits: this.#limits(asked),
      cause: invocation.payload.cause,
      signal,
      suspend,
      checkpoint
    }
  }

  async #accept(invocation: Invocation): Promise<void> {
    const { sub, cmd } = invocation.payload
    const { subjects = [] } = this.#options.policy ?? {}
    const accepted = sub === this.did || (typeof subjects === 'function' ? await subjects(invocation) : subjects.includes(sub))
    if (!accepted) throw new ExecutorError('NOT_ACCEPTED', `${this.did} does nothing for ${sub}: see policy.subjects`, { cid: invocation.cid })
    if (cmd !== RUN && this.#world.provider(cmd) === undefined)
      throw new ExecutorError('NOT_ACCEPTED', `${this.did} does not do ${cmd}`, { cid: invocation.cid })
  }

  /** @throws ExecutorError ARGUMENTS */
  #limits(asked: unknown): TaskLimits {
    try {
      return taskLimits((asked ?? {}) as Partial<TaskLimits>, this.#options.policy?.limits)
    } catch (cause) {
      throw new ExecutorError('ARGUMENTS', (cause as Error).message, { cause })
    }
  }

  // --- once each ----------------------------------------------------------------------------------------------------------------------------------------------

  async #remembered(job: Job): Promise<Executed | undefined> {
    const entry = await this.#engine.receipts.get(job.cid, { signal: job.signal })
    if (entry === undefined) return undefined
    const receipt = readReceipt(entry.value)
    const facts = factsOf(receipt)
    if (!(await this.#answers(receipt, facts, job))) return undefined
    return { task: job.cid, receipt, out: receipt.out, cached: true }
  }

  async #answers(receipt: Receipt, facts: Facts, { limits, authority }: Job): Promise<boolean> {
    return answers(receipt, facts, limits) && !(await this.#mayMore(facts, authority))
  }

  /** Whether an effect that was refused then would be done now. */
  async #mayMore({ effects = [], task }: Facts, authority: Authority): Promise<boolean> {
    for (const { allowed, cmd, args } of effects) {
      if (!allowed && (await decide({ cmd, args }, task, authority, this.#world)).reason === undefined) return true
    }
    return false
  }

  async #once(job: Job): Promise<Executed> {
    const key = job.cid.toString()
    for (let running = this.#running.get(key); running !== undefined; running = this.#running.get(key)) {
      // what the other is told to stop for is not ours
      const executed = await orAbort(running, job.signal).catch(() => undefined)
      job.signal?.throwIfAborted()
      if (executed === undefined) continue
      // what may end otherwise another time has just ended so; anything else answers whom a receipt would
      const facts = factsOf(executed.receipt)
      if (facts.final === false || (await this.#answers(executed.receipt, facts, job))) return { ...executed, cached: true }
    }
    const work = this.#execute(job).finally(() => this.#running.delete(key))
    this.#running.set(key, work)
    return work
  }

  async #execute(job: Job): Promise<Executed> {
    let executed: Executed | undefined
    const got = await this.#leased(job.cid, async () => {
      executed = await (job.task.cmd === RUN ? this.#runTask(job) : this.#provide(job))
    })
    if (!got || executed === undefined) throw new ExecutorError('BUSY', `another executor works on task ${job.cid}`, { cid: job.cid })
    return executed
  }

  /** Alone with a task, also among executors that share an engine. */
  async #leased(cid: CID, work: () => Promise<void>): Promise<boolean> {
    if (!this.#engine.supports.shared) {
      await work()
      return true
    }
    let lease = await this.#engine.leases.acquire(cid.toString(), this.did, LEASE)
    if (lease === undefined) return false
    const timer = setInterval(async () => {
      if (lease !== undefined) lease = await this.#engine.leases.renew(lease, LEASE).catch(() => lease)
    }, LEASE / 3)
    try {
      await work()
    } finally {
      clearInterval(timer)
      if (lease !== undefined) await this.#engine.leases.release(lease)
    }
    return true
  }

  // --- functions ----------------------------------------------------------------------------------------------------------------------------------------------

  async #runTask(job: Job): Promise<Executed> {
    const { task, cid, authority, signal } = job
    const settled = await fulfilled(task, (awaited) => this.#settled(awaited))
    if ('error' in settled) return this.#finish(job, { error: settled.error }, { task })
    const call = readCall(settled)
    const waiting = job.checkpoint && (await readWaiting(this.#engine.blocks, cid, job.checkpoint))
    const inputs: Record<string, Observation> = { ...waiting?.inputs }
    let room = MAX_OBSERVED
    for (const [name, { cmd, args }] of waiting === undefined ? Object.entries(call.inputs) : []) {
      const observed = await this.#observe(job, name, cmd, args)
      if ('error' in observed) return this.#finish(job, observed, { task, inputs, final: false })
      room -= dagCbor.encode(observed.value).length
      if (room < 0) return this.#finish(job, tooMuch(name), { task, final: false })
      inputs[name] = observed
    }
    const values = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]))
    const outcome = await this.#runFunction({ ...task, args: settled.args }, job, values, waiting?.run)
    if ('checkpoint' in outcome) {
      const checkpoint = await writeWaiting(this.#engine.blocks, this.#world, cid, outcome, inputs)
      throw new ExecutorError('SUSPENDED', `task ${cid} is suspended: checkpoint ${checkpoint}`, { cid: checkpoint })
    }
    const { fuel, memory, final, effects } = outcome
    const out = resultOf(outcome)
    const facts: Facts = { task, abi: ABI, fuel, memory, inputs, ...('error' in out ? { limits: limitsOf(job.limits) } : {}), ...(final ? {} : { final }) }
    if (effects.length === 0) return this.#finish(job, out, facts)
    const decided: Decided[] = []
    for (const [i, effect] of effects.entries()) decided.push(await decide(effect, task, authority, this.#world, i))
    const outbox = outboxOf(job, out, facts, decided)
    if (outbox.effects.every(({ allowed }) => !allowed)) return this.#finish(job, out, { ...facts, effects: outbox.effects })
    // from here on it is not run again: what it asks for is written down before any of it is done
    await this.#engine.tasks.put(cid, encodeRecord(outbox), { sync: true })
    return this.#finishOutbox(outbox, cid, signal)
  }

  async #runFunction(task: Task, { limits, signal, suspend }: Job, inputs: Readonly<Record<string, unknown>>, checkpoint?: CID): Promise<Outcome | Suspended> {
    const { mod, fun, params } = readCall(task)
    const put = (cid: CID, bytes: Uint8Array): Promise<void> => this.#engine.blocks.put(cid, bytes)
    try {
      const module = await this.#module(mod, limits.memory, signal)
      return await (this.#options.runner ?? runHere)(module, { fun, params, inputs, get: this.#get, put, limits, signal, suspend }, checkpoint)
    } catch (error) {
      signal?.throwIfAborted()
      // a module that nobody has, or that is none: the task has come to that
      const failed = failureOf(error)
      if (failed === undefined || (error instanceof TaskError && error.code === 'CHECKPOINT')) throw error
      return {
        result: { error: failed.failure },
        final: failed.final,
        fuel: 0,
        memory: 0,
        effects: [],
        counts: { blocks: 0, created: 0, output: 0 },
        blocks: []
      }
    }
  }

  /** Compiled once for each size of memory that it may have. */
  #module(cid: CID, memory: number, signal: AbortSignal | undefined): Promise<FunctionModule> {
    const key = `${cid} ${memory}`
    const known = this.#modules.get(key)
    if (known !== undefined) return known
    const loading = loadFunction(this.#options.host, cid, { memory, get: this.#get, signal })
    this.#modules.set(key, loading)
    // memory that an invocation asks for makes another module of it: not any number of them
    if (this.#modules.size > MAX_MODULES) this.#modules.delete(this.#modules.keys().next().value as string)
    loading.catch(() => this.#modules.delete(key))
    return loading
  }

  // --- the world ----------------------------------------------------------------------------------------------------------------------------------------------

  /** What a query answers, for a task. */
  async #observe(
    { cid: parent, task: { sub }, authority, signal }: Job,
    name: string,
    cmd: string,
    args: Task['args']
  ): Promise<Observation | { error: unknown }> {
    const fail = (code: string, message: string) => ({ error: { code, message: `input ${name}: ${message}` } })
    const provider = this.#world.provider(cmd)
    if (provider === undefined) return fail('NOT_PROVIDED', `this executor does not do ${cmd}`)
    if (provider.kind !== 'query') return fail('NOT_PROVIDED', `${cmd} changes the world, expected what only asks it`)
    const refused = await authority.refuses(cmd, args)
    if (refused !== undefined) return fail('NOT_ALLOWED', refused)
    const { cid } = derivedTask(parent, sub, cmd, args, `input/${name}`)
    const out = await this.#world.perform(provider, args, cid, sub, signal)
    signal?.throwIfAborted()
    return 'ok' in out ? { cmd, args, task: cid, value: out.ok } : fail(out.error.code, out.error.message)
  }

  /** A provider's command as a task of its own. */
  async #provide(job: Job): Promise<Executed> {
    const { task, cid } = job
    const settled = await fulfilled(task, (awaited) => this.#settled(awaited))
    if ('error' in settled) return this.#finish(job, { error: settled.error }, { task })
    const receipt = await this.#done(task, settled.args, cid, job)
    return { task: cid, receipt, out: receipt.out, cached: false }
  }

  /** Does a provider's command for its task: begun at most once if it is destructive. @param args those of the task, with promises fulfilled */
  async #done(task: Task, args: Args, cid: CID, { signal, cause, of }: Pick<Job, 'signal' | 'cause'> & { readonly of?: CID }): Promise<Receipt> {
    const { receipts, tasks } = this.#engine
    const before = await receipts.get(cid)
    if (before !== undefined) return readReceipt(before.value)
    const provider = this.#world.provider(task.cmd)
    if (provider?.kind === 'query') {
      const out = await this.#world.perform(provider, args, cid, task.sub, signal)
      signal?.throwIfAborted()
      // what cannot be seen now may be seen another time
      if ('error' in out) return this.#sign(cid, out, { task, final: false }, cause)
      const receipt = await this.#sign(cid, out, { task }, cause)
      return (await receipts.put(cid, receipt.bytes, { revision: null })) === undefined ? this.#stored(cid) : receipt
    }
    const there = await tasks.get(cid)
    const record = there && decodeRecord(there.value, cid)
    let out: Result
    if (record?.state === 'begun' && provider?.kind !== 'idempotent') {
      // somebody began, and nobody has said how it ended
      out = { error: { code: 'INTERRUPTED', message: `${task.cmd} was begun, and whether it was done is not known; it is not done again` } }
    } else if (provider === undefined) {
      return this.#sign(cid, { error: { code: 'NOT_PROVIDED', message: `this executor does not do ${task.cmd}` } }, { task, final: false }, cause)
    } else {
      const begun = encodeRecord({ state: 'begun', task, of, cause })
      if (record?.state !== 'begun' && (await tasks.put(cid, begun, { revision: there?.revision ?? null, sync: true })) === undefined)
        throw new ExecutorError('BUSY', `somebody else has begun with ${cid}`, { cid })
      out = await this.#world.perform(provider, args, cid, task.sub, undefined)
    }
    const receipt = await this.#sign(cid, out, { task }, cause)
    const put = await receipts.put(cid, receipt.bytes, { revision: null, sync: true })
    await tasks.delete(cid)
    return put === undefined ? this.#stored(cid) : receipt
  }

  /** The receipt that has come before ours. */
  async #stored(cid: CID): Promise<Receipt> {
    const receipt = await this.receipt(cid)
    if (receipt === undefined) throw new ExecutorError('NO_RECEIPT', `the receipt of task ${cid} was there, and is gone`, { cid })
    return receipt
  }

  /** Does the effects of a task, and ends it: from wherever that was left. */
  async #finishOutbox(outbox: Outbox, cid: CID, signal: AbortSignal | undefined): Promise<Executed> {
    const { receipts, tasks } = this.#engine
    let receipt = outbox.receipt && readReceipt(outbox.receipt)
    if (receipt === undefined) {
      const effects: EffectFact[] = []
      for (const effect of outbox.effects) {
        if (!effect.allowed || effect.cmd === ENQUEUE) {
          effects.push(effect)
          continue
        }
        const { cmd, args } = effect
        const { task } = derivedTask(cid, outbox.task.sub, cmd, args, `effect/${effects.length}`)
        const done = await this.#done(task, args, effect.task, { signal, of: cid })
        effects.push({ ...effect, receipt: done.cid, out: done.out })
      }
      receipt = await this.#sign(cid, outbox.out, { ...outbox.facts, effects }, outbox.cause, outbox.run)
      await tasks.put(cid, encodeRecord({ ...outbox, receipt: receipt.bytes }), { sync: true })
    }
    for (const task of outbox.run) {
      const inner = taskCid(task)
      const queued: Queued = { state: 'queued', task, limits: outbox.limits, by: outbox.by, cause: receipt.cid }
      if ((await receipts.get(inner)) === undefined) await tasks.put(inner, encodeRecord(queued), { revision: null, sync: true })
    }
    // others name it as their cause
    if (outbox.run.length > 0) await this.#engine.blocks.put(receipt.cid, receipt.bytes, { sync: true })
    await receipts.put(cid, receipt.bytes, { sync: true })
    await tasks.delete(cid)
    return { task: cid, receipt, out: receipt.out, cached: false }
  }

  async #queued(record: Queued, cid: CID, signal: AbortSignal | undefined): Promise<Executed | undefined> {
    const { task, limits, by, cause } = record
    const options: AuthoriseOptions = { verified: this.#verified, ...this.#options.ucan, audience: this.did, signal }
    let executed: Executed
    const job = { task, cid, limits: taskLimits(limits as Partial<TaskLimits>, this.#options.policy?.limits), cause, signal }
    try {
      // policies are held against what will run
      const args = await this.#argsOf(task)
      const authority = await recordedAuthority(by, this.did, options, (asked) => this.#argsOf(asked))
      const refused = await authority.refuses(task.cmd, args)
      if (refused !== undefined) executed = await this.#finish({ ...job, authority }, { error: { code: 'NOT_ALLOWED', message: refused } }, { task })
      else executed = (await this.#remembered({ ...job, authority })) ?? (await this.#once({ ...job, authority }))
    } catch (error) {
      if (error instanceof ExecutorError && error.code === 'AWAITED') return undefined
      const code = error instanceof UcanError ? 'NOT_ALLOWED' : error instanceof ExecutorError && error.code === 'ARGUMENTS' ? error.code : undefined
      if (code === undefined) throw error
      executed = await this.#finish({ ...job, authority: this.#owner }, { error: { code, message: (error as Error).message } }, { task })
    }
    const entry = await this.#engine.tasks.get(cid)
    if (entry !== undefined && decodeRecord(entry.value, cid).state === 'queued') await this.#engine.tasks.delete(cid, { revision: entry.revision })
    return executed
  }

  /** With promises fulfilled; as they are where a branch has not come, since then nothing runs. @throws ExecutorError AWAITED */
  async #argsOf(task: Task): Promise<Args> {
    const settled = await fulfilled(task, (awaited) => this.#settled(awaited))
    return 'error' in settled ? task.args : settled.args
  }

  // --- receipts -----------------------------------------------------------------------------------------------------------------------------------------------

  /** Signs what a task has come to, and remembers it if it may be. */
  async #finish(job: Job, out: Result, facts: Facts): Promise<Executed> {
    const { cid, cause } = job
    const receipt = await this.#sign(cid, out, facts, cause)
    const executed: Executed = { task: cid, receipt, out, cached: false }
    if (facts.final === false) return executed
    const { receipts } = this.#engine
    if ((await receipts.put(cid, receipt.bytes, { revision: null })) !== undefined) return executed
    // one of other limits, or of somebody who might do less, makes way; the same result of another executor stays
    const there = await receipts.get(cid)
    if (there === undefined) return executed
    const other = readReceipt(there.value)
    if (await this.#answers(other, factsOf(other), job)) return { ...executed, receipt: other, out: other.out }
    await receipts.put(cid, receipt.bytes, { revision: there.revision })
    return executed
  }

  #sign(ran: CID, out: Result, facts: Facts, cause?: CID, run?: readonly Effect[]): Promise<Receipt> {
    return issueReceipt({ issuer: this.#options.signer, ran, out, run, meta: factsMeta(facts), cause, issuedAt: this.#now() })
  }

  async #settled(cid: CID): Promise<{ out: Result; from: CID } | undefined> {
    const running = this.#running.get(cid.toString())
    const receipt = running === undefined ? await this.receipt(cid) : (await running).receipt
    return receipt && { out: receipt.out, from: receipt.cid }
  }

  #now(): number {
    return this.#options.now?.() ?? Math.floor(Date.now() / 1000)
  }
}

/** @throws ExecutorError ARGUMENTS if its receipt would be none that can be read */
function checkTask(task: Task): void {
  const bytes = encodeTask(task)
  if (bytes.length > MAX_TASK || tooDeepAt(bytes, MAX_DEEP) !== -1)
    throw new ExecutorError(
      'ARGUMENTS',
      `a task of ${bytes.length} bytes, expected at most ${MAX_TASK}, nested at most ${MAX_DEEP} deep: what is larger goes into blocks`
    )
}

/** The inputs that a call asks for, with the tasks that they are. */
function observations(task: Task, cid: CID): (Omit<Observation, 'value'> & { readonly name: string })[] {
  return Object.entries(readCall(task).inputs).map(([name, { cmd, args }]) => ({
    name,
    cmd,
    args,
    task: derivedTask(cid, task.sub, cmd, args, `input/${name}`).cid
  }))
}

function byName<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function resultOf({ result }: Outcome): Result {
  return 'ok' in result ? result : { error: failureValue(result.error) }
}

/** What a run asks for, as it is written down before any of it is done. */
function outboxOf({ task, authority, limits, cause }: Job, out: Result, facts: Facts, decided: readonly Decided[]): Outbox {
  return {
    state: 'outbox',
    task,
    out,
    facts,
    effects: decided.map(({ cmd, args, task, reason }) => ({ cmd, args, task, allowed: reason === undefined, ...(reason === undefined ? {} : { reason }) })),
    run: decided.flatMap(({ queue }) => (queue === undefined ? [] : [queue])),
    limits: { ...limits },
    by: authority.record,
    cause
  }
}

function tooMuch(name: string): { error: { code: string; message: string } } {
  return { error: { code: 'PROVIDER', message: `input ${name}: with it the inputs are more than ${MAX_OBSERVED} bytes` } }
}

/** As the data model sees it. */
function equal(a: unknown, b: unknown): boolean {
  const [x, y] = [dagCbor.encode(a ?? null), dagCbor.encode(b ?? null)]
  return x.length === y.length && x.every((byte, i) => byte === y[i])
}

async function fromSources(host: Host, cid: CID, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await host.block(cid, { signal })
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
