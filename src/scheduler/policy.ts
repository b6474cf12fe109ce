/** What an executor does for whom. */
import type { TaskLimits } from '../task/index.js'
import type { Invocation, Receipt } from '../ucan/index.js'
import { type Facts, limitsOf } from './facts.js'

export interface ExecutorPolicy {
  /** most that a run may use, whatever its invocation asks for */
  readonly limits?: Partial<TaskLimits>
  /** whose tasks it does, besides its own: DIDs of subjects, or a function that answers whether it does. Default: none */
  readonly subjects?: readonly string[] | ((invocation: Invocation) => boolean | Promise<boolean>)
}

/**
 * Whether a receipt answers a task that is asked for again under these limits. A result is one for ever. A failure is one under the limits that it had: with other limits it could end
 * otherwise.
 */
export function answers(receipt: Receipt, facts: Facts, limits: TaskLimits): boolean {
  if (facts.final === false) return false
  if ('ok' in receipt.out || facts.limits === undefined) return true
  return Object.entries(limitsOf(limits)).every(([name, value]) => facts.limits?.[name] === value)
}
