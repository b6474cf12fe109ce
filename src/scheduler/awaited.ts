/** Arguments with promises on the results of other tasks, fulfilled. */
import type { CID } from 'multiformats/cid'
import { type Args, awaitsIn, fulfil, type Settled, type Task } from '../ucan/index.js'
import { ExecutorError } from './errors.js'

/**
 * @param settled what came of a task, if that is known
 * @returns the arguments, or the error that is the task's own result: a branch that has not come
 * @throws ExecutorError AWAITED for a task of which there is no receipt; UcanError AWAIT_LIMIT
 */
export async function fulfilled(
  task: Task,
  settled: (task: CID) => Promise<Settled | undefined>
): Promise<{ readonly args: Args } | { readonly error: Record<string, unknown> }> {
  const awaited = awaitsIn(task.args)
  if (awaited.length === 0) return { args: task.args }
  const known = new Map<string, Settled>()
  for (const { task: cid } of awaited) {
    const key = cid.toString()
    if (known.has(key)) continue
    const result = await settled(cid)
    if (result === undefined) throw new ExecutorError('AWAITED', `the task waits for ${cid}, of which there is no receipt`, { cid })
    known.set(key, result)
  }
  const done = fulfil(task.args, (cid) => known.get(cid.toString()))
  if ('args' in done) return done
  if ('error' in done) return { error: { ...done.error } }
  throw new ExecutorError('AWAITED', `the task waits for ${done.pending[0]}`, { cid: done.pending[0] })
}
