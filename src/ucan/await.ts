/**
 * Promises (UCAN 1.0.0, "Promise"): places in arguments that stand for the result of a task. `{"await/ok": task}` is what stands under `ok`, `{"await/error": task}` what stands under `error`,
 * `{"await/*": task}` the result with its branch. `{"ucan/await": [selector, task]}` is what the selector leads to in the receipt: `.out.ok.url`; or `ok`, `error`, `*`, as above.
 */
import { CID } from 'multiformats/cid'
import { MAX_DEPTH } from '../ipld/index.js'
import { isMap } from './envelope.js'
import { UcanError } from './errors.js'
import { Steps } from './policy.js'
import type { Result } from './receipt.js'
import { NOWHERE, readSelector, select } from './selector.js'

export type Branch = 'ok' | 'error' | '*'

/** A promise in arguments. */
export interface Await {
  readonly task: CID
  readonly branch: Branch
  /** within the branch; the identity for all but `ucan/await` */
  readonly selector: string
  /** keys and indices that lead to it from the arguments */
  readonly path: readonly (string | number)[]
}

/** Why a task with promises cannot be run: what goes under `error` of its own receipt. */
export interface AwaitFault {
  readonly reason: 'branch mismatch' | 'nothing selected'
  readonly expected: string
  readonly got: string
  /** the receipt, or where it is not known the task */
  readonly from: CID
}

/** What came of a task; `from` is the receipt that says so. */
export interface Settled {
  readonly out: Result
  readonly from?: CID
}

export type Fulfilled<T> =
  /** all promises replaced; the value itself if there were none */
  | { readonly args: T }
  | { readonly error: AwaitFault }
  /** tasks of which nothing is known yet, each once, in the order of the arguments */
  | { readonly pending: readonly CID[] }

export interface AwaitOptions {
  /** most promises in one value; default 1,000 */
  readonly maxPromises?: number
}

const MAX_PROMISES = 1000

/** The promises in a value, in its order. @throws UcanError `AWAIT_LIMIT`; `POLICY_MALFORMED` if a selector is none */
export function awaitsIn(args: unknown, { maxPromises = MAX_PROMISES }: AwaitOptions = {}): Await[] {
  const found: Await[] = []
  rebuild(args, [], (promise) => {
    if (found.push(promise) > maxPromises) throw new UcanError('AWAIT_LIMIT', `more than ${maxPromises} promises in the arguments of one task`)
    return undefined
  })
  return found
}

/**
 * Replaces promises with what came of their tasks. What is put in is taken as it is: promises in it stay.
 *
 * @param settled what came of a task, if that is known
 * @throws UcanError `AWAIT_LIMIT`; `POLICY_MALFORMED` if a selector is none
 */
export function fulfil<T>(args: T, settled: (task: CID) => Settled | undefined, options: AwaitOptions = {}): Fulfilled<T> {
  const promises = awaitsIn(args, options)
  if (promises.length === 0) return { args }
  // one budget for all of them
  const steps = new Steps()
  const values: unknown[] = []
  const pending = new Map<string, CID>()
  for (const promise of promises) {
    const result = settled(promise.task)
    if (result === undefined) {
      pending.set(promise.task.toString(), promise.task)
      continue
    }
    const value = resolve(promise, result, steps)
    // the first in their order that does not come decides, whichever is known first: one task has one result
    if ('args' in value) values.push(value.args)
    else if (pending.size === 0) return value
  }
  if (pending.size > 0) return { pending: [...pending.values()] }
  let next = 0
  return { args: rebuild(args, [], () => ({ value: values[next++] })) as T }
}

function resolve({ branch, selector, task }: Await, { out, from = task }: Settled, steps: Steps): { args: unknown } | { error: AwaitFault } {
  const got = 'ok' in out ? 'ok' : 'error'
  if (branch !== '*' && branch !== got) return { error: { reason: 'branch mismatch', expected: branch, got, from } }
  const inner = branch === '*' ? out : (out as Record<string, unknown>)[branch]
  const value = select(readSelector(selector), inner, steps.spend)
  return value === NOWHERE ? { error: { reason: 'nothing selected', expected: selector, got, from } } : { args: value }
}

/** The same value, with promises replaced where `replace` gives something; what has none in it is not copied. @param path where the value is; as it was when this is done */
function rebuild(value: unknown, path: (string | number)[], replace: (promise: Await) => { value: unknown } | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value
  const list = Array.isArray(value)
  if (!list && !isMap(value)) return value
  if (path.length > MAX_DEPTH) throw new UcanError('AWAIT_LIMIT', `arguments nested deeper than ${MAX_DEPTH}`)
  const promise = list ? undefined : promiseOf(value, path)
  if (promise !== undefined) {
    const made = replace(promise)
    return made === undefined ? value : made.value
  }
  let copy: Record<string | number, unknown> | undefined
  for (const [key, item] of list ? value.entries() : Object.entries(value)) {
    path.push(key)
    const made = rebuild(item, path, replace)
    path.pop()
    if (made === item) continue
    copy ??= (list ? [...value] : { ...value }) as Record<string | number, unknown>
    copy[key] = made
  }
  return copy ?? value
}

function promiseOf(map: Record<string, unknown>, path: readonly (string | number)[]): Await | undefined {
  const keys = Object.keys(map)
  if (keys.length !== 1) return undefined
  const [key] = keys
  if (key === 'await/ok' || key === 'await/error' || key === 'await/*') {
    const task = CID.asCID(map[key])
    return task === null ? undefined : { task, branch: key.slice('await/'.length) as Branch, selector: '.', path: [...path] }
  }
  if (key !== 'ucan/await') return undefined
  const pair = map[key]
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') return undefined
  const task = CID.asCID(pair[1])
  return task === null ? undefined : { task, ...within(pair[0]), path: [...path] }
}

/** A selector into a receipt, as a branch and what is selected in it. */
function within(selector: string): { branch: Branch; selector: string } {
  if (selector === 'ok' || selector === 'error' || selector === '*') return { branch: selector, selector: '.' }
  const found = /^\.(?:out\.)?(ok|error)(?=$|[.[?])(.*)$/s.exec(selector)
  if (found === null) {
    const whole = selector === '.out' || selector === '.' || selector === '.*'
    if (whole) return { branch: '*', selector: '.' }
    throw new UcanError('POLICY_MALFORMED', `the promise's selector ${JSON.stringify(selector.slice(0, 80))}, expected .out.ok or .out.error at its beginning`)
  }
  const rest = found[2].replace(/^\?+/, '')
  const inner = rest === '' ? '.' : rest.startsWith('.') ? rest : `.${rest}`
  readSelector(inner)
  return { branch: found[1] as Branch, selector: inner }
}
