/** What is done to the world, and asked of it: each a task of its own, done once, with a receipt of its own. */
import * as dagCbor from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import { orAbort } from '../dag/abort.js'
import type { Engine } from '../engine/interface.js'
import { type Args, type Receipt, type Result, readReceipt, type Task, taskCid } from '../ucan/index.js'
import { type Activity, activityOn } from './activity.js'
import type { Call } from './call.js'
import { type Decided, ENQUEUE } from './effects.js'
import { ExecutorError } from './errors.js'
import { derivedTask, type EffectFact, type Facts, type Observation } from './facts.js'
import type { Job } from './job.js'
import type { Provider } from './provider/interface.js'
import type { Receipts } from './receipts.js'
import { decodeRecord, encodeRecord, type Outbox, type Queued } from './record.js'
import { MAX_OBSERVED, type World } from './world.js'

/** On whose account something is done. */
interface Account {
  readonly signal?: AbortSignal
  readonly cause?: CID
  /** the task that it is an effect of */
  readonly of?: CID
}

type Failure = { readonly error: { readonly code: string; readonly message: string } }

export class Deeds {
  readonly #engine: Engine
  readonly #world: World
  readonly #receipts: Receipts
  readonly #activity: Activity

  constructor(engine: Engine, world: World, receipts: Receipts) {
    this.#engine = engine
    this.#world = world
    this.#receipts = receipts
    this.#activity = activityOn(engine)
  }

  /** What a call asks of the world before it runs; or why that cannot be had. */
  async observe(call: Call, job: Job): Promise<{ readonly inputs: Readonly<Record<string, Observation>> } | Failure> {
    if (job.observed !== undefined) return { inputs: job.observed }
    const inputs: [name: string, observation: Observation][] = []
    let room = MAX_OBSERVED
    for (const [name, { cmd, args }] of Object.entries(call.inputs)) {
      const observed = await this.#ask(job, name, cmd, args)
      if ('error' in observed) return observed
      room -= dagCbor.encode(observed.value).length
      if (room < 0) return { error: { code: 'PROVIDER', message: `input ${name}: with it the inputs are more than ${MAX_OBSERVED} bytes` } }
      inputs.push([name, observed])
    }
    return { inputs: Object.fromEntries(inputs) }
  }

  async #ask({ cid: parent, task: { sub }, authority, signal }: Job, name: string, cmd: string, args: Args): Promise<Observation | Failure> {
    const fail = (code: string, message: string): Failure => ({ error: { code, message: `input ${name}: ${message}` } })
    const provider = this.#world.provider(cmd, sub)
    if (provider === undefined) return fail('NOT_PROVIDED', `this executor does not do ${cmd} for ${sub}`)
    if (provider.kind !== 'query') return fail('NOT_PROVIDED', `${cmd} changes the world, expected what only asks it`)
    const refused = await authority.refuses(cmd, args)
    if (refused !== undefined) return fail('NOT_ALLOWED', refused)
    const { cid } = derivedTask(parent, sub, cmd, args, `input/${name}`)
    const out = await this.#world.perform(provider, args, cid, sub, signal)
    signal?.throwIfAborted()
    return 'ok' in out ? { cmd, args, task: cid, value: out.ok } : fail(out.error.code, out.error.message)
  }

  /**
   * Does a provider's command for its task: begun at most once if it is destructive.
   *
   * @param args those of the task, with promises fulfilled
   * @throws ExecutorError UNFINISHED if it was begun, and nobody here does such a thing
   */
  async do(task: Task, args: Args, cid: CID, account: Account): Promise<Receipt> {
    const key = cid.toString()
    // an executor of this process is at it: that is no crash
    const under = this.#activity.deeds.get(key)
    if (under !== undefined) return orAbort(under, account.signal)
    const work = this.#do(task, args, cid, account).finally(() => this.#activity.deeds.delete(key))
    this.#activity.deeds.set(key, work)
    return work
  }

  async #do(task: Task, args: Args, cid: CID, { signal, cause, of }: Account): Promise<Receipt> {
    const { tasks } = this.#engine
    const before = await this.#receipts.of(cid)
    if (before !== undefined) {
      // the process ended between the two
      if ((await tasks.get(cid)) !== undefined) await tasks.delete(cid)
      return before
    }
    const provider = this.#world.provider(task.cmd, task.sub)
    if (provider?.kind === 'query') {
      const out = await this.#world.perform(provider, args, cid, task.sub, signal)
      signal?.throwIfAborted()
      // what cannot be seen now may be seen another time
      if ('error' in out) return this.#receipts.sign(cid, out, { task, final: false }, cause)
      return this.#receipts.keep(await this.#receipts.sign(cid, out, { task }, cause))
    }
    const there = await tasks.get(cid)
    const record = there && decodeRecord(there.value, cid)
    const begun = record?.state === 'begun'
    if (provider === undefined) {
      if (begun) throw unfinished(cid, task.cmd)
      return this.#receipts.sign(
        cid,
        { error: { code: 'NOT_PROVIDED', message: `this executor does not do ${task.cmd} for ${task.sub}` } },
        { task, final: false },
        cause
      )
    }
    if (!begun) {
      const next = encodeRecord({ state: 'begun', task, of, cause })
      if ((await tasks.put(cid, next, { revision: there?.revision ?? null, sync: true })) === undefined)
        throw new ExecutorError('BUSY', `somebody else has begun with ${cid}`, { cid })
    }
    const out = await this.#change(provider, task, args, cid, begun)
    const receipt = await this.#receipts.keep(await this.#receipts.sign(cid, out, { task }, cause), undefined, true)
    await tasks.delete(cid)
    return receipt
  }

  async #change(provider: Provider, task: Task, args: Args, cid: CID, begun: boolean): Promise<Result> {
    if (begun && provider.kind === 'destructive') {
      // somebody began, and nobody has said how it ended
      return { error: { code: 'INTERRUPTED', message: `${task.cmd} was begun, and whether it was done is not known; it is not done again` } }
    }
    return this.#world.perform(provider, args, cid, task.sub, undefined)
  }

  /** Writes down what a run asks for, before any of it is done: from here on it is not run again. */
  async open(job: Job, out: Result, facts: Facts, decided: readonly Decided[]): Promise<Outbox> {
    const { task, cid, authority, limits, cause } = job
    const outbox: Outbox = {
      state: 'outbox',
      task,
      out,
      facts,
      effects: factsOfEffects(decided),
      run: decided.flatMap(({ queue }) => (queue === undefined ? [] : [queue])),
      limits: { ...limits },
      by: authority.record,
      cause
    }
    await this.#engine.tasks.put(cid, encodeRecord(outbox), { sync: true })
    return outbox
  }

  /**
   * Does the effects of a task, and ends it: from wherever that was left.
   *
   * @throws ExecutorError UNFINISHED, and nothing has been done, if this executor does not do one of them: another may
   */
  async finish(outbox: Outbox, cid: CID, signal?: AbortSignal): Promise<Receipt> {
    const { tasks } = this.#engine
    let receipt = outbox.receipt && readReceipt(outbox.receipt)
    if (receipt === undefined) {
      receipt = await this.#receipts.sign(cid, outbox.out, { ...outbox.facts, effects: await this.#effects(outbox, cid, signal) }, outbox.cause, outbox.run)
      await tasks.put(cid, encodeRecord({ ...outbox, receipt: receipt.bytes }), { sync: true })
    }
    for (const task of outbox.run) {
      const inner = taskCid(task)
      const queued: Queued = { state: 'queued', task, limits: outbox.limits, by: outbox.by, cause: receipt.cid }
      if ((await this.#receipts.of(inner)) === undefined) await tasks.put(inner, encodeRecord(queued), { revision: null, sync: true })
    }
    // others name it as their cause
    if (outbox.run.length > 0) await this.#engine.blocks.put(receipt.cid, receipt.bytes, { sync: true })
    await this.#receipts.replace(receipt)
    await tasks.delete(cid)
    return receipt
  }

  async #effects(outbox: Outbox, cid: CID, signal: AbortSignal | undefined): Promise<EffectFact[]> {
    const { sub } = outbox.task
    for (const { allowed, cmd, task } of outbox.effects) {
      if (!allowed || cmd === ENQUEUE || this.#world.provider(cmd, sub) !== undefined) continue
      if ((await this.#receipts.of(task)) === undefined) throw unfinished(cid, cmd)
    }
    const effects: EffectFact[] = []
    for (const effect of outbox.effects) {
      if (!effect.allowed || effect.cmd === ENQUEUE) {
        effects.push(effect)
        continue
      }
      const { cmd, args } = effect
      const { task } = derivedTask(cid, sub, cmd, args, `effect/${effects.length}`)
      const done = await this.do(task, args, effect.task, { signal, of: cid })
      effects.push({ ...effect, receipt: done.cid, out: done.out })
    }
    return effects
  }
}

/** As they stand in an outbox, and in a receipt if none of them is done. */
export function factsOfEffects(decided: readonly Decided[]): EffectFact[] {
  return decided.map(({ cmd, args, task, reason }) => ({ cmd, args, task, allowed: reason === undefined, ...(reason === undefined ? {} : { reason }) }))
}

function unfinished(cid: CID, cmd: string): ExecutorError {
  return new ExecutorError('UNFINISHED', `task ${cid} has begun with ${cmd}, which this executor does not do: it is left as it is`, { cid })
}
