/** What can go wrong with a run, and which of it is a result. All codes are listed in docs/errors.md. */
import { CodecError, HostError } from '../codec/errors.js'
import { FunctionFailure } from '../codec/runner.js'
import { DagError } from '../dag/errors.js'
import { LayoutError } from '../dag/layout/errors.js'
import { IpldError } from '../ipld/index.js'
import { SandboxError } from '../sandbox/errors.js'

export type TaskErrorCode =
  /** no function module of that name or CID */
  | 'UNKNOWN_MODULE'
  /** the module has no function of that name */
  | 'UNKNOWN_FUNCTION'
  /** nobody has a block. Not a result */
  | 'BLOCK_NOT_FOUND'
  /** a block that does not decode, or a node that its codec has no place for */
  | 'UNREADABLE'
  /** a link that the function has not been shown */
  | 'LINK_NOT_SHOWN'
  /** a request, an answer or outputs that are not as docs/functions.md says: what only a faulty function does */
  | 'INVALID_REQUEST'
  | 'INVALID_ANSWER'
  /** limits, see `TaskLimits` */
  | 'FUEL'
  | 'TIME'
  | 'OUTPUT'
  | 'BLOCKS'
  | 'CREATED'
  | 'LINKS'
  | 'EFFECTS'
  /** a state of a suspended run that is none, or of another module */
  | 'CHECKPOINT'

export class TaskError extends Error {
  override readonly name = 'TaskError'
  readonly code: TaskErrorCode

  constructor(code: TaskErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Why a run failed, as it stands in a receipt: the same in every engine. */
export interface Failure {
  readonly code: string
  readonly message: string
  /** of an error of the module's own, 256 and above */
  readonly number?: number
  /** what it says besides: the number of a line, what it found */
  readonly detail?: number
  /** byte in the input, where the function says one */
  readonly offset?: number
}

/** Codes of what may end differently another time: the clock, the network, the machine. */
const PASSING: ReadonlySet<string> = new Set([
  'BLOCK_NOT_FOUND',
  'TIME',
  'MEMORY',
  'ENGINE_STACK',
  'INSTANTIATION',
  'UNKNOWN_CODEC',
  'MODULE_NOT_FOUND',
  'UNKNOWN_HASH'
])

/** What the sandbox says in the engine's words, in our own. */
const WORDS: Readonly<Record<string, string>> = {
  TRAP: 'the module trapped',
  STACK: 'recursion beyond the stack limit',
  FUEL: 'the run needs more fuel than its limit'
}

/**
 * The failure behind what was thrown.
 *
 * @returns undefined if it is no outcome of a run: an abort, a fault of the caller's or of what gives blocks
 */
export function failureOf(thrown: unknown): { readonly failure: Failure; readonly final: boolean } | undefined {
  const known =
    thrown instanceof TaskError ||
    thrown instanceof SandboxError ||
    thrown instanceof CodecError ||
    thrown instanceof LayoutError ||
    thrown instanceof DagError ||
    thrown instanceof HostError ||
    thrown instanceof IpldError
  if (!known) return undefined
  const { code } = thrown
  const offset = 'offset' in thrown && typeof thrown.offset === 'number' && !(thrown instanceof SandboxError) ? thrown.offset : undefined
  const message = (thrown instanceof SandboxError ? WORDS[code] : undefined) ?? thrown.message
  const { number, detail }: { number?: number; detail?: number } = thrown instanceof FunctionFailure ? thrown : {}
  const said = Object.fromEntries(Object.entries({ number, detail, offset }).filter(([, value]) => value !== undefined))
  return { failure: { code, message, ...said }, final: !PASSING.has(code) }
}
