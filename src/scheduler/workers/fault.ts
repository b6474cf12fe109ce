/** Errors on their way from thread to thread. What a run may end with keeps its class, since that says what becomes of it (`failureOf`). */
import { CodecError, HostError, type HostErrorCode } from '../../codec/errors.js'
import { DagError, type DagErrorCode } from '../../dag/errors.js'
import { LayoutError } from '../../dag/layout/errors.js'
import { IpldError, type IpldErrorCode } from '../../ipld/index.js'
import { type SandboxCode, SandboxError } from '../../sandbox/errors.js'
import { TaskError, type TaskErrorCode } from '../../task/index.js'
import type { Fault } from './interface.js'

const CLASSES: Readonly<Record<string, (code: string, offset: number | undefined) => Error>> = {
  TaskError: (code) => new TaskError(code as TaskErrorCode, ''),
  HostError: (code) => new HostError(code as HostErrorCode, ''),
  SandboxError: (code, offset) => new SandboxError(code as SandboxCode, '', offset),
  DagError: (code, offset) => new DagError(code as DagErrorCode, '', { offset }),
  IpldError: (code, offset) => new IpldError(code as IpldErrorCode, '', { offset }),
  CodecError: (code, offset) => new CodecError(code, '', '', { offset }),
  LayoutError: (code, offset) => new LayoutError(code, '', '', { offset })
}

/** Which errors of the other side these are, so that it has its own again if they come back to it. */
const numbers = new WeakMap<Error, number>()

/** @param number by which this side will know the error again */
export function faultOf(error: unknown, number?: number): Fault {
  const known = number ?? (error instanceof Error ? numbers.get(error) : undefined)
  const again = known === undefined ? {} : { number: known }
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), ...again }
  const { name, message, code, offset } = error as Error & { code?: unknown; offset?: unknown }
  return { name, message, ...(typeof code === 'string' ? { code } : {}), ...(typeof offset === 'number' ? { offset } : {}), ...again }
}

/** The error again, as far as it went with the message. */
export function errorOf({ name, message, code, offset, number }: Fault): Error {
  const make = code !== undefined && Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
  const error = make === undefined ? Object.assign(new Error(message), { name }, code === undefined ? {} : { code }) : make(code as string, offset)
  // the constructors add to it what it has already
  error.message = message
  if (number !== undefined) numbers.set(error, number)
  return error
}
