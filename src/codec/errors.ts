/** What can go wrong with a codec and with finding one. All codes are listed in docs/errors.md. */

/** Errors that a codec reports (docs/abi.md section 7), by number. */
export const GUEST_ERRORS: Readonly<Record<number, readonly [code: string, phrase: string]>> = {
  1: ['UNEXPECTED_END', 'the input ends inside a value'],
  2: ['TRAILING_BYTES', 'the input goes on after the value'],
  3: ['MALFORMED', 'not in the format'],
  4: ['NON_CANONICAL', 'not in the canonical form'],
  5: ['UNSUPPORTED', 'outside of the data model or this codec'],
  6: ['KEY_ORDER', 'map keys not in the canonical order'],
  7: ['DUPLICATE_KEY', 'a map key for the second time'],
  8: ['INVALID_UTF8', 'text that is not UTF-8'],
  9: ['INVALID_CID', 'a link that is not a CID'],
  10: ['NUMBER_RANGE', 'a number out of range'],
  11: ['DEPTH', 'nested deeper than 1024 lists and maps'],
  12: ['WRONG_KIND', 'a value of the wrong kind'],
  13: ['MISSING_FIELD', 'a field of the format is missing'],
  14: ['UNKNOWN_FIELD', 'a field that the format does not have'],
  15: ['TOO_LARGE', 'a length out of range'],
  16: ['CHECKSUM', 'a checksum that does not match']
}

/** A block that a codec refuses, or a value that it cannot encode. */
export class CodecError extends Error {
  override readonly name = 'CodecError'
  /** one of `GUEST_ERRORS`, `CODEC_ERROR` for a codec's own, `INVALID_TAPE` for what only a faulty codec does, or a limit of the host's: `INPUT_SIZE`, `OUTPUT_SIZE`, `VALUE_SIZE` */
  readonly code: string
  /** name of the codec */
  readonly codec: string
  /** decode: byte offset in the block */
  readonly offset?: number
  /** encode: path to the value */
  readonly path?: string

  constructor(code: string, codec: string, message: string, { offset, path, cause }: { offset?: number; path?: string; cause?: unknown } = {}) {
    const where = offset !== undefined ? ` at byte ${offset}` : path !== undefined ? ` at ${path === '' ? 'the root' : `"${path}"`}` : ''
    super(`${codec}: ${message}${where}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.codec = codec
    if (offset !== undefined) this.offset = offset
    if (path !== undefined) this.path = path
  }
}

export type HostErrorCode =
  /** no catalog names a codec for this multicodec or name */
  | 'UNKNOWN_CODEC'
  /** no source has the block of a codec's module */
  | 'MODULE_NOT_FOUND'
  /** a source gave bytes that do not have the hash of the CID */
  | 'HASH_MISMATCH'
  /** a hash function that the host does not know */
  | 'UNKNOWN_HASH'
  /** a digest of fewer than 20 bytes, or of more than its hash function gives */
  | 'DIGEST_LENGTH'
  /** a module without a manifest, or with one that is not right */
  | 'MANIFEST'
  /** a module that does not export what the ABI demands */
  | 'ABI'
  /** a catalog that names a codec for another code than the codec's own */
  | 'CODE_MISMATCH'
  /** a catalog that is not in the form of one, or cannot be had */
  | 'CATALOG'
  /** a codec that only data names, and that the policy does not let run */
  | 'REFUSED'

export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: HostErrorCode

  constructor(code: HostErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
