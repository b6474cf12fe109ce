/** A task that is to be done: by which right, under which limits, and what is known of it already. */
import type { CID } from 'multiformats/cid'
import type { TaskLimits } from '../task/index.js'
import type { Receipt, Result, Task } from '../ucan/index.js'
import type { Authority } from './authority.js'
import type { Fulfilled } from './awaited.js'
import type { Observation } from './facts.js'

export interface Job {
  readonly task: Task
  readonly cid: CID
  /** its arguments with promises fulfilled, once, so that what was authorised is what runs */
  readonly settled: Fulfilled
  readonly authority: Authority
  readonly limits: TaskLimits
  readonly cause?: CID
  readonly signal?: AbortSignal
  readonly suspend?: AbortSignal
  readonly checkpoint?: CID
  /** what was observed when it was done before: it is not asked twice */
  readonly observed?: Readonly<Record<string, Observation>>
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

export function executed(task: CID, receipt: Receipt, cached = false): Executed {
  return { task, receipt, out: receipt.out, cached }
}
