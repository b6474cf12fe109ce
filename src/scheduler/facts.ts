/** What a receipt of this executor says in `meta` of how its result came about. All of it follows from the task and what was observed: no times and no names. */
import { CID } from 'multiformats/cid'
import type { Outcome, TaskLimits } from '../task/index.js'
import { type Args, type Receipt, type Result, type Task, taskCid } from '../ucan/index.js'
import { isMap } from './call.js'
import { ExecutorError } from './errors.js'

/** The version of the ABI of functions. */
export const ABI = 1

/** An input, as it was observed. */
export interface Observation {
  readonly cmd: string
  readonly args: Args
  /** the input's own task */
  readonly task: CID
  readonly value: unknown
}

/** An effect: what was asked, whether it was allowed, and what was done. */
export interface EffectFact {
  readonly cmd: string
  readonly args: Args
  /** the effect's own task, which it is done for once */
  readonly task: CID
  readonly allowed: boolean
  /** why it was not allowed */
  readonly reason?: string
  /** its receipt, if it was done here */
  readonly receipt?: CID
  readonly out?: { readonly ok: unknown } | { readonly error: unknown }
}

/** A receipt that a result hangs on. */
export interface Awaited {
  readonly task: CID
  readonly receipt: CID
}

export interface Facts {
  /** so that a receipt alone says what to run again */
  readonly task: Task
  /** the version of the ABI */
  readonly abi?: number
  /** of the guest and its requests */
  readonly fuel?: number
  /** bytes that the guest had at most */
  readonly memory?: number
  /** under which it is the result: of a failure all, of others the memory, which a guest can see the end of */
  readonly limits?: Readonly<Record<string, number>>
  /** of promises in the arguments: which receipts they were fulfilled from */
  readonly awaits?: readonly Awaited[]
  readonly inputs?: Readonly<Record<string, Observation>>
  readonly effects?: readonly EffectFact[]
  /** false: it may end differently another time, and is not remembered */
  readonly final?: boolean
}

/** Limits that a result hangs on: of a failure all but the clock, of others the memory. */
export function limitsOf({ time: _, ...limits }: TaskLimits, out: Result): Record<string, number> {
  return 'error' in out ? limits : { memory: limits.memory }
}

/** What is empty is left out, as DAG-CBOR has no undefined. */
export function factsMeta(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && !(isEmpty(value) && value !== facts.task)))
}

/**
 * The facts of a receipt.
 *
 * @throws ExecutorError STATE if it has none, or is of another task
 */
export function factsOf(receipt: Receipt): Facts {
  const meta = receipt.payload.meta as unknown as Facts | undefined
  const { task } = meta ?? {}
  if (
    meta === undefined ||
    !isMap(task) ||
    typeof task.cmd !== 'string' ||
    typeof task.sub !== 'string' ||
    !isMap(task.args) ||
    !(task.nonce instanceof Uint8Array)
  )
    throw new ExecutorError('STATE', `receipt ${receipt.cid} does not say which task it is of`, { cid: receipt.cid })
  if (!taskCid(task).equals(receipt.ran))
    throw new ExecutorError('STATE', `receipt ${receipt.cid} is of ${receipt.ran}, and the task in it is ${taskCid(task)}`, { cid: receipt.cid })
  checkFacts(meta, receipt)
  return meta
}

/** Whoever signed may have written anything. */
function checkFacts({ fuel, memory, limits = {}, inputs = {}, effects = [], awaits = [] }: Facts, { cid }: Receipt): void {
  const wrong = (field: string): never => {
    throw new ExecutorError('STATE', `receipt ${cid}: ${field} in its meta is not as an executor writes it`, { cid })
  }
  const isCount = (value: unknown): boolean => value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)
  if (!isCount(fuel)) wrong('fuel')
  if (!isCount(memory)) wrong('memory')
  if (!isMap(limits) || !Object.values(limits).every(isCount)) wrong('limits')
  const isAsked = (value: unknown): boolean => isMap(value) && typeof value.cmd === 'string' && isMap(value.args) && CID.asCID(value.task) !== null
  if (!isMap(inputs) || !Object.values(inputs).every(isAsked)) wrong('inputs')
  if (!Array.isArray(effects) || !effects.every((effect) => isAsked(effect) && typeof effect.allowed === 'boolean')) wrong('effects')
  if (!Array.isArray(awaits) || !awaits.every((each) => isMap(each) && CID.asCID(each.task) !== null && CID.asCID(each.receipt) !== null)) wrong('awaits')
}

/** What a run has come to, as it stands in a receipt: plain data. */
export function resultOf({ result }: Outcome): Result {
  return 'ok' in result ? result : { error: Object.fromEntries(Object.entries(result.error).filter(([, value]) => value !== undefined)) }
}

/** A task of another's making: the same for the same place in the same task. */
export function derivedTask(parent: CID, sub: string, cmd: string, args: Args, place: string): { task: Task; cid: CID } {
  const label = new TextEncoder().encode(place)
  const nonce = new Uint8Array(parent.bytes.length + label.length)
  nonce.set(parent.bytes)
  nonce.set(label, parent.bytes.length)
  const task = { sub, cmd, args, nonce }
  return { task, cid: taskCid(task) }
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0)
}
