import { INPUT, SOURCE, UNIT } from './layout.js'

/** What can be wrong with a tape or with a value that is to go on one. */

export type IpldErrorCode =
  /** a tape that contradicts itself or points outside of what it may point to; only a faulty or lying guest makes one */
  | 'INVALID_TAPE'
  /** a string that is not UTF-8 */
  | 'INVALID_UTF8'
  /** a link that is not a CID */
  | 'INVALID_CID'
  /** more bytes to be copied than a value may hold */
  | 'VALUE_SIZE'
  /** lists and maps nested deeper than 1,024 */
  | 'DEPTH'
  /** a JavaScript value that the IPLD data model does not have */
  | 'UNSUPPORTED_VALUE'
  /** a path that ends before its last segment */
  | 'NOT_FOUND'

/** Where it is, as far as that is known. */
interface Place {
  /** record index on the tape */
  record?: number
  /** byte offset in the block */
  offset?: number
  /** path in the value */
  path?: string
}

export class IpldError extends Error {
  override readonly name = 'IpldError'
  readonly code: IpldErrorCode
  readonly record?: number
  readonly offset?: number
  readonly path?: string

  constructor(code: IpldErrorCode, message: string, { record, offset, path, cause }: Place & { cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (record !== undefined) this.record = record
    if (offset !== undefined) this.offset = offset
    if (path !== undefined) this.path = path
  }
}

/** What the errors below need of a tape. */
interface Words {
  readonly words: Int32Array
  indexOf(word: number): number
}

/** The tape is not as docs/abi.md section 5 says. */
export function invalidTape(record: number, message: string): IpldError {
  return new IpldError('INVALID_TAPE', `tape record ${record}: ${message}`, { record })
}

export function notUtf8(tape: Words, w: number): IpldError {
  return new IpldError('INVALID_UTF8', `a string of ${tape.words[w + 1] >>> 0} bytes that is not UTF-8`, place(tape, w))
}

export function notCid(tape: Words, w: number, cause: unknown): IpldError {
  const got = cause instanceof Error ? `: ${cause.message}` : ''
  return new IpldError('INVALID_CID', `a link of ${tape.words[w + 1] >>> 0} bytes that is not a CID${got}`, { ...place(tape, w), cause })
}

/** The bytes of one tape that have to be copied, or objects for them, are more than `Tape.room`. */
export function tooMuch(record: number, room: number): IpldError {
  return new IpldError('VALUE_SIZE', `a value whose strings, bytes and links take more than ${room * UNIT} bytes`, { record })
}

/** A string, bytes or link that stands in the block itself has an offset. */
function place(tape: Words, w: number): Place {
  const record = tape.indexOf(w)
  return (tape.words[w] & SOURCE) === INPUT ? { record, offset: tape.words[w + 2] >>> 0 } : { record }
}
