/** What an executor does for whom, and which receipt answers whom. */
import type { CID } from 'multiformats/cid'
import type { TaskLimits } from '../task/index.js'
import type { Invocation, Receipt, Task } from '../ucan/index.js'
import { decide } from './effects.js'
import { type Facts, factsOf } from './facts.js'
import type { Job } from './job.js'
import type { World } from './world.js'

export interface ExecutorPolicy {
  /** most that a run may use, whatever is asked for. Of invocations by others each limit that is not here is the default one */
  readonly limits?: Partial<TaskLimits>
  /** whose tasks it does, besides its own: DIDs of subjects, or a function that answers whether it does. Default: none */
  readonly subjects?: readonly string[] | ((invocation: Invocation) => boolean | Promise<boolean>)
  /**
   * Commands of providers that it does for these other subjects, by DID. A subject has all rights to itself, so without this anybody whose tasks are done could have the executor's
   * owner's names published and origins asked. Default: what every executor provides, `/clock/now` and `/random/bytes`
   */
  readonly commands?: Readonly<Record<string, readonly string[]>>
  /** commands that functions may have queued, with `/task/enqueue`. Default: none */
  readonly enqueue?: readonly string[]
}

/** Why a receipt does not answer a task that is asked for again. */
type Unfit =
  /** it is no result */
  | 'passing'
  /** it is a failure of other limits, or of a guest with another memory */
  | 'limits'
  /** it hangs on a receipt that has made way */
  | 'awaits'
  /** an effect was refused then that may be done now */
  | 'effects'
  /** whoever asks may not ask the world for what is in it */
  | 'rights'

/** What of a receipt may have changed since: then the task is done again, and the new receipt takes its place. */
export function makesWay(unfit: Unfit | undefined): boolean {
  return unfit === 'limits' || unfit === 'awaits' || unfit === 'effects'
}

/** @returns undefined if it answers */
export async function unfit(
  receipt: Receipt,
  { limits, authority }: Pick<Job, 'limits' | 'authority'>,
  world: World,
  receiptOf: (task: CID) => Promise<Receipt | undefined>
): Promise<Unfit | undefined> {
  const facts = factsOf(receipt)
  if (facts.final === false) return 'passing'
  if (Object.entries(facts.limits ?? {}).some(([name, value]) => limits[name as keyof TaskLimits] !== value)) return 'limits'
  for (const { task, receipt } of facts.awaits ?? []) if ((await receiptOf(task))?.cid.equals(receipt) !== true) return 'awaits'
  for (const { cmd, args } of Object.values(facts.inputs ?? {})) if ((await authority.refuses(cmd, args)) !== undefined) return 'rights'
  return effectsUnfit(facts, facts.task, authority, world)
}

async function effectsUnfit({ effects = [] }: Facts, task: Task, authority: Job['authority'], world: World): Promise<Unfit | undefined> {
  for (const { allowed, cmd, args } of effects) {
    if (allowed && (await authority.refuses(cmd, args)) !== undefined) return 'rights'
    if (!allowed && (await decide({ cmd, args }, task, authority, world)).reason === undefined) return 'effects'
  }
  return undefined
}
