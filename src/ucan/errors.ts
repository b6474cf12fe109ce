/** What can be wrong with a token, a chain of proofs, or what carries them. */
import type { CID } from 'multiformats/cid'

/** Each code, and the name that the UCAN specification's fixtures give to what it says, where they have one. */
const NAMES = {
  /** bytes that are not a token: no DAG-CBOR, no envelope, a field that is missing, unknown or of the wrong kind */
  TOKEN_MALFORMED: undefined,
  /** a token in bytes that are not the one encoding of what they say, so that it would be valid under two CIDs */
  TOKEN_NOT_CANONICAL: undefined,
  /** a token larger than the limit */
  TOKEN_SIZE: undefined,
  /** a tag that is no delegation's or invocation's, or of a version that is not known */
  TOKEN_VERSION: undefined,
  /** a token that is of another kind than what was asked for */
  TOKEN_KIND: undefined,
  /** a command that is not a path of lowercase segments */
  COMMAND_MALFORMED: undefined,
  /** a policy or selector that is not in the form of one */
  POLICY_MALFORMED: undefined,
  /** a policy that takes more steps than it may */
  POLICY_LIMIT: undefined,
  /** a DID that is none, or a did:key whose key is none */
  DID_INVALID: undefined,
  /** a DID of a method or key type that nobody here can verify */
  DID_UNSUPPORTED: undefined,
  /** private bytes that are no key */
  KEY_INVALID: undefined,
  /** a signature that is not the issuer's over this payload */
  SIGNATURE_INVALID: 'InvalidSignature',
  /** an invocation by somebody other than the subject, without proofs */
  PROOF_MISSING: 'InvalidClaim',
  /** a proof that is named and cannot be had */
  PROOF_UNAVAILABLE: 'UnavailableProof',
  /** a chain that does not begin with a delegation by the subject about itself */
  ROOT_INVALID: 'InvalidClaim',
  /** an issuer to whom the proof before it was not given; or an invocation for somebody else */
  AUDIENCE_MISMATCH: 'InvalidAudience',
  /** a delegation about another subject */
  SUBJECT_MISMATCH: 'InvalidSubject',
  /** a command that a delegation does not cover */
  COMMAND_MISMATCH: 'InvalidClaim',
  /** arguments that a delegation's policy does not allow */
  POLICY_MISMATCH: 'MatchError',
  EXPIRED: 'Expired',
  TOO_EARLY: 'TooEarly',
  /** more proofs than a chain may have */
  CHAIN_LENGTH: 'InvalidClaim',
  /** one delegation twice in a chain */
  CHAIN_CYCLE: 'InvalidClaim',
  /** a delegation that somebody who may has revoked */
  REVOKED: 'InvalidClaim',
  /** a revocation by somebody who has no part in the delegation, or that is not in its form */
  REVOCATION_INVALID: undefined,
  /** as many revocations, or invocations remembered, as there may be */
  STORE_FULL: undefined,
  /** an invocation that has been accepted before */
  REPLAYED: 'InvalidClaim',
  /** an invocation of the receipt's command that is no receipt */
  RECEIPT_MALFORMED: undefined,
  /** bytes or text that are no container */
  CONTAINER_MALFORMED: undefined,
  /** a container with more bytes or tokens than it may have */
  CONTAINER_SIZE: undefined,
  /** more promises in arguments, or deeper ones, than there may be */
  AWAIT_LIMIT: undefined
} as const

export type UcanErrorCode = keyof typeof NAMES

interface UcanErrorOptions {
  readonly cid?: CID
  readonly offset?: number
  readonly cause?: unknown
}

export class UcanError extends Error {
  override readonly name = 'UcanError'
  readonly code: UcanErrorCode
  /** the name of this failure in the specification's fixtures, such as `InvalidAudience`; absent where they have none */
  readonly claim?: string
  /** the token, where there is one */
  readonly cid?: CID
  /** the byte of the token or container at which it went wrong, where there is one */
  readonly offset?: number

  constructor(code: UcanErrorCode, message: string, { cid, offset, cause }: UcanErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (NAMES[code] !== undefined) this.claim = NAMES[code]
    if (cid !== undefined) this.cid = cid
    if (offset !== undefined) this.offset = offset
  }
}

/** A value in a message: its kind, and what it is if that is short. */
export function shown(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length <= 80 ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, 80))}…`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return Array.isArray(value) ? `a list of ${value.length}` : typeof value === 'object' ? 'a map' : `a ${typeof value}`
}
