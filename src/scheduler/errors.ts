/** What can go wrong with executing, besides what the task itself comes to, which is in its receipt. All codes are listed in docs/errors.md. */
import type { CID } from 'multiformats/cid'

export type ExecutorErrorCode =
  /** the executor does not do this for this subject, or not this command */
  | 'NOT_ACCEPTED'
  /** arguments of a task that are not as docs/invocation.md says */
  | 'ARGUMENTS'
  /** a task waits for another of which there is no receipt. Not a result */
  | 'AWAITED'
  /** a stored receipt or task that is not what it should be */
  | 'STATE'
  /** another executor works on the task */
  | 'BUSY'
  /** a task has begun with effects that this executor does not do, and is left to one that does */
  | 'UNFINISHED'
  /** the run was suspended; `cid` is the checkpoint */
  | 'SUSPENDED'
  /** the executor is closed */
  | 'CLOSED'

export class ExecutorError extends Error {
  override readonly name = 'ExecutorError'
  readonly code: ExecutorErrorCode
  /** the task or receipt that it is about */
  readonly cid?: CID

  constructor(code: ExecutorErrorCode, message: string, { cid, cause }: { readonly cid?: CID; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (cid !== undefined) this.cid = cid
  }
}
