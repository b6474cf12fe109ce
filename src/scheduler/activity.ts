/** What is being done on an engine in this process, by whichever of its executors: so that none takes another's work for what a crash has left. */
import type { Engine } from '../engine/interface.js'
import type { Receipt } from '../ucan/index.js'
import type { Executed } from './job.js'

export interface Activity {
  /** tasks, by CID */
  readonly tasks: Map<string, Promise<Executed>>
  /** what providers are doing, by the CID of its task */
  readonly deeds: Map<string, Promise<Receipt>>
  /** names this process among those that share an engine */
  readonly process: string
}

const activities = new WeakMap<Engine, Activity>()

export function activityOn(engine: Engine): Activity {
  const known = activities.get(engine)
  if (known !== undefined) return known
  const activity: Activity = {
    tasks: new Map(),
    deeds: new Map(),
    process: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  activities.set(engine, activity)
  return activity
}
