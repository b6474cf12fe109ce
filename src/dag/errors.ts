/** What can be wrong with a stream of blocks, with one block of it, or with a walk or a path over them. */
import type { CID } from 'multiformats/cid'
import type { NodeKind } from '../ipld/index.js'

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
  /** a CID with a hash function that is not known, so that its block cannot be verified */
  | 'UNKNOWN_HASH'
  /** a CID with a digest of fewer than 20 bytes, which proves nothing, or of more than its hash function gives */
  | 'DIGEST_LENGTH'
  /** more blocks, or blocks linked more deeply, than the walk was allowed */
  | 'WALK_LIMIT'
  /** a block that is in none of the places where it may be looked for */
  | 'BLOCK_NOT_FOUND'
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
  /** a worker that ended, or failed otherwise, while it had the block: nothing is known of it */
  | 'WORKER_LOST'

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

interface PathFault {
  readonly segment: string
  readonly index: number
  readonly start: number
  readonly path: string
  readonly cid: CID
  readonly kind: NodeKind
  readonly length: number
  readonly keys: readonly string[]
}

/** A path that ends before its last segment. */
export class PathError extends Error {
  override readonly name = 'PathError'
  readonly code = 'NOT_FOUND'
  /** the segment that is not there, and its place among the segments, from 0 */
  readonly segment: string
  readonly index: number
  /** which segment is the first that is looked for in that block */
  readonly start: number
  /** the block in which it is not */
  readonly cid: CID
  /** what was there instead of a list or map that has it */
  readonly kind: NodeKind
  /** of a map: a few of the keys that it has, in its order */
  readonly keys: readonly string[]

  constructor({ segment, index, start, path, cid, kind, length, keys }: PathFault) {
    const what = kind === 'map' || kind === 'list' ? ` of ${length}` : ''
    const known = keys.length === 0 ? '' : `; its keys are ${keys.map((key) => JSON.stringify(key)).join(', ')}${length > keys.length ? ', …' : ''}`
    super(`no "${segment}" in ${path === '' ? 'the root' : `"${path}"`}, which is ${kind === 'integer' ? 'an' : 'a'} ${kind}${what} in block ${cid}${known}`)
    this.segment = segment
    this.index = index
    this.start = start
    this.cid = cid
    this.kind = kind
    this.keys = keys
  }
}
