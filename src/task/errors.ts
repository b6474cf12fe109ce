/** What can go wrong with a run, and which of it is a result. All codes are listed in docs/errors.md. */
import { CodecError, GUEST_ERRORS, HostError, type HostErrorCode } from '../codec/errors.js'
import { FunctionFailure } from '../codec/runner.js'
import { DagError } from '../dag/errors.js'
import { LayoutError } from '../dag/layout/errors.js'
import { type CID, IpldError } from '../ipld/index.js'
import { type SandboxCode, SandboxError } from '../sandbox/errors.js'

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
  /** a codec or layout that needs more for a block or node than the host lets it have. Not a result: another host may have other limits */
  | 'CODEC_LIMIT'
  /** a codec or layout that is refused, traps or lies. Not a result: it is the host's, and another version may not */
  | 'CODEC_FAILED'
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

/** What follows from the module, the arguments, the blocks and the limits of the run. Whatever else is thrown may end differently another time: it is of the clock, the network or the machine, or of what this host has. */
const FINAL: Readonly<Record<'task' | 'sandbox' | 'host' | 'layout', ReadonlySet<string>>> = {
  task: new Set<TaskErrorCode>([
    'UNKNOWN_FUNCTION',
    'UNREADABLE',
    'LINK_NOT_SHOWN',
    'INVALID_REQUEST',
    'INVALID_ANSWER',
    'FUEL',
    'OUTPUT',
    'BLOCKS',
    'CREATED',
    'LINKS',
    'EFFECTS'
  ]),
  // of the function's own module; LIMIT may be the engine's
  sandbox: new Set<SandboxCode>(['NOT_WASM', 'TRUNCATED', 'MALFORMED', 'INVALID', 'FEATURE', 'IMPORT', 'EXPORT', 'FUEL', 'STACK', 'TRAP']),
  host: new Set<HostErrorCode>(['MANIFEST', 'ABI']),
  // and what layouts report of a block, as codecs do
  layout: new Set(['NOT_FOUND', 'WRONG_KIND', 'SIZE_MISMATCH', 'UNSUPPORTED_CODEC', 'INVALID_UTF8', 'INVALID_CID', 'CODEC_ERROR'])
}
for (const [code] of Object.values(GUEST_ERRORS)) (FINAL.layout as Set<string>).add(code)

function isFinal(error: Known): boolean {
  const { code } = error
  if (error instanceof TaskError) return FINAL.task.has(code)
  if (error instanceof SandboxError) return FINAL.sandbox.has(code)
  if (error instanceof HostError) return FINAL.host.has(code)
  if (error instanceof LayoutError) return FINAL.layout.has(code)
  // what blocks are is not what the way to them is; what a node is, and what a guest says, is the same everywhere
  return !(error instanceof DagError)
}

/** Codes of limits, whoever's they are. */
const LIMITS: ReadonlySet<string> = new Set(['FUEL', 'STACK', 'MEMORY', 'ENGINE_STACK', 'LIMIT', 'INPUT_SIZE', 'OUTPUT_SIZE', 'VALUE_SIZE'])
/** Codes of what only faulty codecs and layouts do. */
const FAULTS: ReadonlySet<string> = new Set(['INVALID_TAPE', 'LINK_NOT_SHOWN', 'MANIFEST', 'ABI'])

/**
 * What has been thrown while a codec or layout of the host's did something for the run: its own limits and faults are not the function's, whose errors have the same codes.
 */
export function hostFault(thrown: unknown, what: string): unknown {
  if (!isKnown(thrown) || thrown instanceof TaskError || thrown instanceof DagError) return thrown
  const { code, message } = thrown
  if (LIMITS.has(code)) return new TaskError('CODEC_LIMIT', `${what}: ${code}, ${message}`, thrown)
  if (thrown instanceof SandboxError || FAULTS.has(code)) return new TaskError('CODEC_FAILED', `${what}: ${code}, ${message}`, thrown)
  return thrown
}

/** What has been thrown by whoever gives blocks: whatever it is, it is no result. */
export function sourceFault(thrown: unknown, cid: CID): unknown {
  return isKnown(thrown) && isFinal(thrown) ? new TaskError('BLOCK_NOT_FOUND', `nobody gives block ${cid}: ${thrown.code}, ${thrown.message}`, thrown) : thrown
}

/** What the sandbox says in the engine's words, in our own. */
const WORDS: Readonly<Record<string, string>> = {
  TRAP: 'the module trapped',
  INVALID: 'the module is not valid',
  STACK: 'recursion beyond the stack limit',
  FUEL: 'the run needs more fuel than its limit'
}

/**
 * The failure behind what was thrown.
 *
 * @returns undefined if it is no outcome of a run: an abort, a fault of the caller's or of what gives blocks
 */
export function failureOf(thrown: unknown): { readonly failure: Failure; readonly final: boolean } | undefined {
  if (!isKnown(thrown)) return undefined
  const { code } = thrown
  const offset = 'offset' in thrown && typeof thrown.offset === 'number' && !(thrown instanceof SandboxError) ? thrown.offset : undefined
  const message = (thrown instanceof SandboxError ? WORDS[code] : undefined) ?? thrown.message
  const { number, detail }: { number?: number; detail?: number } = thrown instanceof FunctionFailure ? thrown : {}
  const said = Object.fromEntries(Object.entries({ number, detail, offset }).filter(([, value]) => value !== undefined))
  return { failure: { code, message, ...said }, final: isFinal(thrown) }
}

type Known = TaskError | SandboxError | CodecError | LayoutError | DagError | HostError | IpldError

function isKnown(thrown: unknown): thrown is Known {
  return (
    thrown instanceof TaskError ||
    thrown instanceof SandboxError ||
    thrown instanceof CodecError ||
    thrown instanceof LayoutError ||
    thrown instanceof DagError ||
    thrown instanceof HostError ||
    thrown instanceof IpldError
  )
}
