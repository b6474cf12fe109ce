/** What stands in the engine of a task that is not finished: DAG-CBOR, `{v, state, …}`. */
import * as dagCbor from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import type { Args, Result, Task } from '../ucan/index.js'
import type { AuthorityRecord } from './authority.js'
import { isMap } from './call.js'
import { ExecutorError } from './errors.js'
import type { EffectFact, Facts } from './facts.js'

/** To be run when its turn comes. */
export interface Queued {
  readonly state: 'queued'
  readonly task: Task
  readonly limits: Readonly<Record<string, number>>
  readonly by: AuthorityRecord
  /** the receipt that had it done */
  readonly cause?: CID
}

/** Has run, and its effects are being done. */
export interface Outbox {
  readonly state: 'outbox'
  readonly task: Task
  readonly out: Result
  readonly facts: Facts
  /** as decided; what was done is in the receipts of their own tasks */
  readonly effects: readonly EffectFact[]
  /** tasks to be queued */
  readonly run: readonly { readonly cmd: string; readonly args: Args; readonly sub: string; readonly nonce: Uint8Array }[]
  readonly limits: Readonly<Record<string, number>>
  readonly by: AuthorityRecord
  readonly cause?: CID
  /** once it is signed, so that it is signed once */
  readonly receipt?: Uint8Array
}

/** An effect that has been begun: whether it was done is not known until there is a receipt. */
interface Begun {
  readonly state: 'begun'
  readonly task: Task
  /** the task that it is an effect of, whose outbox sees to it */
  readonly of?: CID
  /** as of what was queued */
  readonly cause?: CID
}

type TaskRecord = Queued | Outbox | Begun

const VERSION = 1
const STATES = ['queued', 'outbox', 'begun']

export function encodeRecord(record: TaskRecord): Uint8Array {
  const fields = Object.entries(record).filter(([, value]) => value !== undefined)
  return dagCbor.encode({ v: VERSION, ...Object.fromEntries(fields) })
}

/** @throws ExecutorError STATE */
export function decodeRecord(bytes: Uint8Array, cid: CID): TaskRecord {
  let value: unknown
  try {
    value = dagCbor.decode(bytes)
  } catch (cause) {
    throw new ExecutorError('STATE', `the record of task ${cid} is not DAG-CBOR`, { cid, cause })
  }
  if (!isMap(value) || value.v !== VERSION || !STATES.includes(value.state as string) || !isMap(value.task))
    throw new ExecutorError('STATE', `the record of task ${cid} is none of version ${VERSION}`, { cid })
  return value as unknown as TaskRecord
}
