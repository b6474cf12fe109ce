/** What came of a task, in words and as a value. */
import { type EffectFact, type Executed, ExecutorError, type Facts, factsOf } from '../scheduler/index.js'
import type { Receipt } from '../ucan/index.js'
import { figure, plain, shorten, size, time } from './text.js'

/** @param milliseconds of the whole, waiting for blocks and the signature included */
export function* outcomeLines(executed: Executed, milliseconds: number): Generator<string> {
  const { task, receipt, out, cached } = executed
  const facts = factsOf(receipt)
  yield `task     ${task}`
  yield `receipt  ${receipt.cid}`
  if (cached) yield `from the receipt, nothing was run${used(facts, '; it took ')}`
  else yield `done in ${time(milliseconds)}${used(facts, ', ')}${facts.final === false ? '; it may end otherwise another time, so it is not remembered' : ''}`
  for (const { cmd, allowed, reason, out: done } of facts.effects ?? []) {
    yield `effect   ${plain(cmd)}  ${effectText({ allowed, reason, out: done })}`
  }
  if ('error' in out) yield `error    ${errorText(out.error)}${remedy(out.error)}`
}

export function outcomeValue({ task, receipt, out, cached }: Executed): Record<string, unknown> {
  const { fuel, memory } = factsOf(receipt)
  return { task, receipt: receipt.cid, out, cached, ...(fuel === undefined ? {} : { fuel }), ...(memory === undefined ? {} : { memory }) }
}

/** The facts of a receipt, where it has any that are in their form: another executor's may be anything. */
export function factsIn(receipt: Receipt): Facts | undefined {
  let facts: Facts
  try {
    facts = factsOf(receipt)
  } catch (error) {
    if (error instanceof ExecutorError) return undefined
    throw error
  }
  const { fuel, memory, limits, inputs, effects } = facts as Record<keyof Facts, unknown>
  const right =
    [fuel, memory].every((each) => each === undefined || typeof each === 'number') &&
    (limits === undefined || (isMap(limits) && Object.values(limits).every((each) => typeof each === 'number'))) &&
    (inputs === undefined || (isMap(inputs) && Object.values(inputs).every((each) => isMap(each) && typeof each.cmd === 'string'))) &&
    (effects === undefined || (Array.isArray(effects) && effects.every(isEffect)))
  return right ? facts : undefined
}

function isEffect(effect: unknown): boolean {
  if (!isMap(effect)) return false
  const { cmd, args, allowed, reason = '', out } = effect
  return typeof cmd === 'string' && isMap(args) && typeof allowed === 'boolean' && typeof reason === 'string' && (out === undefined || isMap(out))
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** What became of an effect. */
export function effectText({ allowed, reason = '', out }: Pick<EffectFact, 'allowed' | 'reason' | 'out'>): string {
  if (!allowed) return `not done: ${plain(reason)}`
  return out === undefined ? 'queued' : 'ok' in out ? 'done' : `failed: ${errorText(out.error)}`
}

/** Whether it went wrong for want of a block, which a place that has it would mend. */
export function isAbsence(error: unknown): boolean {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown }
  return code === 'BLOCK_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
}

/** An error of a receipt in a line. */
export function errorText(error: unknown): string {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; message?: unknown }
  if (typeof message !== 'string') return plain(shorten(JSON.stringify(error) ?? '', 200))
  return plain(shorten(typeof code === 'string' ? `${code}: ${message}` : message, 400))
}

function used({ fuel, memory }: Facts, before: string): string {
  if (fuel === undefined) return ''
  return `${before}${figure(fuel)} fuel${memory === undefined ? '' : ` and ${size(memory)} of memory`}`
}

const REMEDIES: Readonly<Record<string, string>> = {
  FUEL: '--fuel N allows more',
  MEMORY: '--memory SIZE allows more',
  TIME: '--time S allows more',
  OUTPUT: '--max-output SIZE allows more'
}

function remedy(error: unknown): string {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown }
  return typeof code === 'string' && Object.hasOwn(REMEDIES, code) ? `; ${REMEDIES[code]}` : ''
}
