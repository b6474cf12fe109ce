/** What a function answers, as it leaves the run. */
import { CID } from '../ipld/index.js'
import { TaskError } from './errors.js'

/** Of its own memory: what a builder gives are views of the guest's input, which is somebody's block. */
export function structuredOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice()
  if (Array.isArray(value)) return value.map(structuredOf)
  if (typeof value !== 'object' || value === null || CID.asCID(value) !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, structuredOf(item)]))
}

/** @throws TaskError INVALID_ANSWER unless it is a map of just these keys */
export function checkOutputs(answer: unknown, outputs: readonly string[]): void {
  const keys = typeof answer === 'object' && answer !== null && !Array.isArray(answer) && CID.asCID(answer) === null ? Object.keys(answer) : undefined
  if (keys === undefined || keys.length !== outputs.length || !outputs.every((name) => keys.includes(name)))
    throw new TaskError('INVALID_ANSWER', `the answer has ${keys === undefined ? 'no outputs' : `outputs ${keys.join(', ')}`}, expected ${outputs.join(', ')}`)
}
