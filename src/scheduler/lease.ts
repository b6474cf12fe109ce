/** Alone with a task, also among executors of several processes that share an engine. */
import type { CID } from 'multiformats/cid'
import type { Engine } from '../engine/interface.js'
import { ExecutorError } from './errors.js'

/** milliseconds that a lease is good for; it is renewed three times as often */
const TTL = 120_000

/** @returns false if somebody else has it @throws ExecutorError BUSY if it was lost while the work went on */
export async function leased(engine: Engine, owner: string, cid: CID, work: () => Promise<void>): Promise<boolean> {
  if (!engine.supports.shared) {
    await work()
    return true
  }
  let lease = await engine.leases.acquire(cid.toString(), owner, TTL)
  if (lease === undefined) return false
  const timer = setInterval(async () => {
    // what cannot be asked now is asked again
    if (lease !== undefined) lease = await engine.leases.renew(lease, TTL).catch(() => lease)
  }, TTL / 3)
  try {
    await work()
  } finally {
    clearInterval(timer)
    if (lease !== undefined) await engine.leases.release(lease)
  }
  if (lease === undefined) throw new ExecutorError('BUSY', `the lease on task ${cid} was lost`, { cid })
  return true
}
