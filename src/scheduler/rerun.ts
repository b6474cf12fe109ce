/** A task done again, to see whether a receipt is right: verification that needs no trust in whoever signed. */
import * as dagCbor from '@ipld/dag-cbor'
import { DEFAULT_TASK_LIMITS, type Outcome, type TaskLimits, taskLimits } from '../task/index.js'
import type { Receipt, Result, Task } from '../ucan/index.js'
import { argsOf, fulfilled } from './awaited.js'
import { isMap, RUN, readCall } from './call.js'
import { effectOf } from './effects.js'
import { ExecutorError } from './errors.js'
import { ABI, derivedTask, type Facts, factsOf, resultOf } from './facts.js'
import type { Functions } from './functions.js'

/** What a second run says of a receipt. */
export interface Comparison {
  readonly same: boolean
  /** each thing that differs, as the receipt has it and as it came out now */
  readonly differences: readonly {
    readonly what: 'out' | 'fuel' | 'memory' | 'effects' | 'inputs' | 'run' | 'abi' | 'final' | 'awaits'
    readonly receipt: unknown
    readonly rerun: unknown
  }[]
  readonly facts: Facts
}

export interface RerunOptions {
  readonly signal?: AbortSignal
  /** most that it may use; default the executor's policy, or else the default limits */
  readonly limits?: Partial<TaskLimits>
}

/**
 * @param receiptOf results that the task's promises hang on
 * @throws ExecutorError STATE if the receipt does not say enough, ARGUMENTS; AWAITED if it hangs on a receipt that is not here
 */
export async function rerun(
  receipt: Receipt,
  functions: Functions,
  receiptOf: (task: Receipt['ran']) => Promise<Receipt | undefined>,
  { signal, limits: most = {} }: RerunOptions
): Promise<Comparison> {
  const facts = factsOf(receipt)
  const { task } = facts
  if (task.cmd !== RUN)
    throw new ExecutorError('ARGUMENTS', `receipt ${receipt.cid} is of ${task.cmd}, expected ${RUN}: what changes the world cannot be done again`)
  const settled = await fulfilled(task, receiptOf)
  const call = 'error' in settled ? undefined : readCall({ args: argsOf(task, settled) })
  const values = Object.fromEntries(Object.entries(facts.inputs ?? {}).map(([name, { value }]) => [name, value]))
  const outcome = call && ((await functions.run(call, { limits: limitsFor(receipt, facts, most), signal }, values)) as Outcome)
  const decided = (facts.effects ?? []).map((fact, place) => effectOf(fact, task, place))
  // what has been done of it is the signer's word: only what was asked for, and what follows from that, is compared
  const asks = (outcome?.effects ?? []).map(({ cmd, args }, i) => ({ cmd, args: isMap(args) ? args : {}, task: decided[i]?.task ?? null }))
  const asked = (facts.effects ?? []).map(({ cmd, args, task }) => ({ cmd, args, task }))
  const observed = Object.entries(facts.inputs ?? {}).map(([name, { cmd, args, task }]) => ({ name, cmd, args, task }))
  const out: Result = 'error' in settled ? { error: settled.error } : resultOf(outcome as Outcome)
  const pairs = [
    { what: 'out', receipt: receipt.out, rerun: out },
    { what: 'fuel', receipt: facts.fuel, rerun: outcome?.fuel },
    { what: 'memory', receipt: facts.memory, rerun: outcome?.memory },
    { what: 'effects', receipt: asked, rerun: asks },
    { what: 'inputs', receipt: byName(observed), rerun: byName(wanted(task, receipt.ran, call?.inputs ?? {})) },
    { what: 'run', receipt: receipt.run, rerun: decided.flatMap(({ queue }) => (queue === undefined ? [] : [queue])) },
    { what: 'abi', receipt: facts.abi, rerun: outcome && ABI },
    { what: 'final', receipt: facts.final ?? true, rerun: outcome?.final ?? true },
    { what: 'awaits', receipt: facts.awaits ?? [], rerun: settled.awaits }
  ] as const
  const differences = pairs.filter(({ receipt, rerun }) => !equal(receipt, rerun))
  return { same: differences.length === 0, differences, facts }
}

/** Those that the receipt names, and else what is usual, or as much as it says that it took. @throws ExecutorError ARGUMENTS if that is more than may be used */
function limitsFor({ cid }: Receipt, { limits, fuel = 0 }: Facts, most: Partial<TaskLimits>): TaskLimits {
  const named = { ...DEFAULT_TASK_LIMITS, fuel: Math.max(DEFAULT_TASK_LIMITS.fuel, fuel), ...limits, time: most.time ?? DEFAULT_TASK_LIMITS.time }
  for (const [name, value] of Object.entries({ ...DEFAULT_TASK_LIMITS, ...most }) as [keyof TaskLimits, number][]) {
    // a failure is one of its limits; of a result only fuel and memory count
    if (limits?.[name] === undefined && name !== 'fuel') continue
    if ((named[name] ?? 0) > value)
      throw new ExecutorError('ARGUMENTS', `receipt ${cid} is of a run with ${name} of ${named[name]}, and at most ${value} may be used here`, { cid })
  }
  try {
    return taskLimits(named)
  } catch (cause) {
    throw new ExecutorError('STATE', `receipt ${cid}: ${(cause as Error).message}`, { cid, cause })
  }
}

/** The inputs that a call asks for, with the tasks that they are. */
function wanted(task: Task, cid: Receipt['ran'], inputs: ReturnType<typeof readCall>['inputs']): { readonly name: string }[] {
  return Object.entries(inputs).map(([name, { cmd, args }]) => ({ name, cmd, args, task: derivedTask(cid, task.sub, cmd, args, `input/${name}`).cid }))
}

function byName<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** As the data model sees it. */
function equal(a: unknown, b: unknown): boolean {
  const [x, y] = [dagCbor.encode(a ?? null), dagCbor.encode(b ?? null)]
  return x.length === y.length && x.every((byte, i) => byte === y[i])
}
