/** What can be wrong with a stream of blocks, with one block of it, or with a walk over them. */
import type { CID } from 'multiformats/cid'

export type DagErrorCode =
  /** the bytes do not begin with the header of a CAR */
  | 'NOT_A_CAR'
  /** a CAR that ends inside its header or inside a block */
  | 'CAR_TRUNCATED'
  /** a CAR whose lengths or CIDs contradict each other */
  | 'CAR_MALFORMED'
  /** a header or block longer than the reader's limit */
  | 'CAR_TOO_LARGE'
  /** a block whose bytes are not those that its CID names */
  | 'HASH_MISMATCH'
  /** a CID with a hash function that is not built in, so that its block cannot be verified */
  | 'UNKNOWN_HASH'
  /** more blocks, or blocks linked more deeply, than the walk was allowed */
  | 'WALK_LIMIT'
  /** a tag that names a codec and is not as docs/autocodec.md says */
  | 'TAG_MALFORMED'
  /** a tag of a version that is not known */
  | 'TAG_VERSION'
  /** more tags within each other than the reader follows */
  | 'TAG_NESTING'
  /** a tagged node whose list of links is not that of its bytes */
  | 'TAG_LINKS'
  /** a native codec that does not do what the module does */
  | 'NOT_EQUIVALENT'

interface DagErrorOptions {
  readonly offset?: number
  readonly cid?: CID
  readonly cause?: unknown
}

export class DagError extends Error {
  override readonly name = 'DagError'
  readonly code: DagErrorCode
  /** the byte of the CAR at which it went wrong, where there is one */
  readonly offset?: number
  /** the block, where there is one */
  readonly cid?: CID

  constructor(code: DagErrorCode, message: string, options: DagErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    if (options.offset !== undefined) this.offset = options.offset
    if (options.cid !== undefined) this.cid = options.cid
  }
}
