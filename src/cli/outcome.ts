/** What came of a task, in words and as a value. */
import { type Executed, type Facts, factsOf } from '../scheduler/index.js'
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
    const how = allowed ? (done === undefined ? 'queued' : 'ok' in done ? 'done' : `failed: ${errorText(done.error)}`) : `not done: ${plain(reason ?? '')}`
    yield `effect   ${plain(cmd)}  ${how}`
  }
  if ('error' in out) yield `error    ${errorText(out.error)}${remedy(out.error)}`
}

export function outcomeValue({ task, receipt, out, cached }: Executed): Record<string, unknown> {
  const { fuel, memory } = factsOf(receipt)
  return { task, receipt: receipt.cid, out, cached, ...(fuel === undefined ? {} : { fuel }), ...(memory === undefined ? {} : { memory }) }
}

/** The facts of a receipt, where it has any: another executor's may have none. */
export function factsIn(receipt: Receipt): Facts | undefined {
  try {
    return factsOf(receipt)
  } catch {
    return undefined
  }
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
