/** A call of a function as a task: `/wasm/run` and its arguments (docs/invocation.md). */
import { CID } from 'multiformats/cid'
import type { Args, Task } from '../ucan/index.js'
import { ExecutorError } from './errors.js'

export const RUN = '/wasm/run'

/** What is asked of a provider before the run. */
export interface InputRequest {
  readonly cmd: string
  readonly args: Args
}

/** The arguments of `/wasm/run`. */
export interface Call {
  readonly mod: CID
  readonly fun: string
  readonly params: unknown
  readonly inputs: Readonly<Record<string, InputRequest>>
}

const MAX_INPUTS = 64
const NO_INPUTS = {}

/** The arguments as they stand in a task; what is empty is left out. */
export function callArgs({ mod, fun, params, inputs = NO_INPUTS }: Omit<Call, 'inputs'> & { readonly inputs?: Call['inputs'] }): Args {
  return { mod, fun, params, ...(Object.keys(inputs).length === 0 ? {} : { inputs }) }
}

/** @throws ExecutorError ARGUMENTS */
export function readCall({ args }: Pick<Task, 'args'>): Call {
  const { mod, fun, params = null, inputs = NO_INPUTS, ...others } = args
  const cid = CID.asCID(mod)
  if (cid === null) throw wrong('mod', mod, 'the CID of a function module')
  if (typeof fun !== 'string') throw wrong('fun', fun, 'the name of a function')
  if (!isMap(inputs) || Object.keys(inputs).length > MAX_INPUTS) throw wrong('inputs', inputs, `a map of at most ${MAX_INPUTS}`)
  for (const [name, input] of Object.entries(inputs)) {
    // an object cannot have it as a key of its own without taking care
    if (name === '__proto__') throw wrong('inputs', input, 'no input of the name __proto__')
    if (!isMap(input) || typeof input.cmd !== 'string' || !isMap(input.args) || Object.keys(input).length !== 2)
      throw wrong(`inputs/${name}`, input, 'a map of cmd and args')
  }
  const [other] = Object.keys(others)
  if (other !== undefined) throw wrong(other, others[other], 'nothing of this name')
  return { mod: cid, fun, params, inputs: inputs as Call['inputs'] }
}

/** A map of the data model. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && CID.asCID(value) === null
}

function wrong(field: string, got: unknown, expected: string): ExecutorError {
  const what = got === undefined ? 'nothing' : got === null ? 'null' : typeof got
  return new ExecutorError('ARGUMENTS', `${RUN}, ${field}: got ${what}, expected ${expected}`)
}
