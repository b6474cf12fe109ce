/** Arguments with promises on the results of other tasks, fulfilled. */
import type { CID } from 'multiformats/cid'
import { type Args, awaitsIn, fulfil, type Receipt, type Task } from '../ucan/index.js'
import { ExecutorError } from './errors.js'
import { type Awaited, factsOf } from './facts.js'

export type Fulfilled = (
  | { readonly args: Args }
  /** the task's own result: a branch that has not come */
  | { readonly error: Record<string, unknown> }
) & {
  /** the receipts that it hangs on */
  readonly awaits: readonly Awaited[]
}

/** Bytes that promises may come to together: a value may be named by many of them. */
const MAX_FULFILLED = 16 * 1024 * 1024

/**
 * @param receiptOf what came of a task, if that is known. What is no result, or is of another subject's task, counts for nothing
 * @throws ExecutorError AWAITED for a task of which there is no receipt, ARGUMENTS; UcanError AWAIT_LIMIT
 */
export async function fulfilled(task: Task, receiptOf: (task: CID) => Promise<Receipt | undefined>): Promise<Fulfilled> {
  const awaited = awaitsIn(task.args)
  if (awaited.length === 0) return { args: task.args, awaits: [] }
  const known = new Map<string, Receipt>()
  let size = 0
  for (const { task: cid } of awaited) {
    const key = cid.toString()
    const receipt = known.get(key) ?? (await receiptOf(cid))
    if (receipt === undefined || !isResultFor(receipt, task))
      throw new ExecutorError('AWAITED', `the task waits for ${cid}, of which there is no receipt`, { cid })
    known.set(key, receipt)
    size += receipt.bytes.length
    if (size > MAX_FULFILLED) throw new ExecutorError('ARGUMENTS', `promises that come to more than ${MAX_FULFILLED} bytes: what is larger goes into blocks`)
  }
  const awaits = [...known.values()].map(({ ran, cid }) => ({ task: ran, receipt: cid }))
  const done = fulfil(task.args, (cid) => {
    const receipt = known.get(cid.toString())
    return receipt && { out: receipt.out, from: receipt.cid }
  })
  if ('args' in done) return { args: done.args, awaits }
  if ('error' in done) return { error: { ...done.error }, awaits }
  throw new ExecutorError('AWAITED', `the task waits for ${done.pending[0]}`, { cid: done.pending[0] })
}

/** A subject's results are its own: whoever may run something for one does not thereby read what another has had done. */
function isResultFor(receipt: Receipt, { sub }: Task): boolean {
  const { final, task } = factsOf(receipt)
  return final !== false && task.sub === sub
}

/** What runs: the arguments as they are where a branch has not come, since then nothing does. */
export function argsOf(task: Task, settled: Fulfilled): Args {
  return 'error' in settled ? task.args : settled.args
}
