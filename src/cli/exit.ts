/** How the command ends. One table: the program, `--help` and docs/cli.md say the same. */

export const EXIT = { ok: 0, failure: 1, usage: 2, data: 3, unknown: 4, missing: 5, refused: 6, error: 7, denied: 8, different: 9, suspended: 10 } as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]

export const MEANINGS: Readonly<Record<Exit, string>> = {
  0: 'all went well',
  1: 'something else failed: a disk, a defect',
  2: 'the command line is wrong: an unknown option, a directory for a file, bytes to a terminal',
  3: 'the data is invalid: it does not decode, its hash is not that of its CID, the CAR is cut short',
  4: 'unknown codec or hash function: the data may be right, but nothing here can read or verify it',
  5: 'not found: a file, a block, or a path inside a value',
  6: 'a module was refused or stopped: fuel, memory or stack used up, a forbidden feature, a false answer, a law of the conformance suite broken',
  7: 'a task has come to an error, which is what its receipt says',
  8: 'not allowed: no proof that reaches this far, expired, revoked, or for somebody else; or this executor does not do it',
  9: 'a receipt does not hold: its signature, its issuer or its task is not the right one, or the task comes to something else',
  10: 'the run was suspended: the checkpoint says where it goes on'
}

/** By the `code` that every error of ours carries, and of Node's file system. */
const BY_CODE: Readonly<Record<string, Exit>> = {
  ENOENT: EXIT.missing,
  ENOTDIR: EXIT.missing,
  EISDIR: EXIT.usage,
  UNKNOWN_CODEC: EXIT.unknown,
  UNKNOWN_HASH: EXIT.unknown,
  UNKNOWN_LAYOUT: EXIT.unknown,
  UNSUPPORTED_CODEC: EXIT.unknown,
  NOT_FOUND: EXIT.missing,
  BLOCK_NOT_FOUND: EXIT.missing,
  MODULE_NOT_FOUND: EXIT.missing,
  HASH_MISMATCH: EXIT.data,
  DIGEST_LENGTH: EXIT.data,
  INPUT_SIZE: EXIT.refused,
  OUTPUT_SIZE: EXIT.refused,
  VALUE_SIZE: EXIT.refused,
  TAG_VERSION: EXIT.unknown,
  SELECTOR_INTERPRETATION: EXIT.unknown,
  WALK_LIMIT: EXIT.failure,
  LIMIT: EXIT.refused,
  LINK_NOT_SHOWN: EXIT.refused,
  INVALID_TAPE: EXIT.refused,
  UNKNOWN_MODULE: EXIT.missing,
  UNKNOWN_FUNCTION: EXIT.missing,
  CHECKPOINT: EXIT.data,
  SIGNATURE_INVALID: EXIT.data,
  DID_UNSUPPORTED: EXIT.unknown,
  TOKEN_VERSION: EXIT.unknown,
  TOKEN_MALFORMED: EXIT.data,
  TOKEN_NOT_CANONICAL: EXIT.data,
  TOKEN_SIZE: EXIT.data,
  TOKEN_KIND: EXIT.data,
  CONTAINER_MALFORMED: EXIT.data,
  CONTAINER_SIZE: EXIT.data,
  RECEIPT_MALFORMED: EXIT.data,
  REVOCATION_INVALID: EXIT.data,
  COMMAND_MALFORMED: EXIT.usage,
  POLICY_MALFORMED: EXIT.usage,
  DID_INVALID: EXIT.usage,
  KEY_INVALID: EXIT.data,
  AWAITED: EXIT.missing,
  NO_RECEIPT: EXIT.missing,
  ARGUMENTS: EXIT.usage,
  STATE: EXIT.data,
  NOT_ACCEPTED: EXIT.denied,
  SUSPENDED: EXIT.suspended,
  ENGINE_DAMAGED: EXIT.data,
  ENGINE_FORMAT: EXIT.data
}

/** By the error's class, for codes that are not in the table above. */
const BY_NAME: Readonly<Record<string, Exit>> = {
  DagError: EXIT.data,
  CodecError: EXIT.data,
  IpldError: EXIT.data,
  LayoutError: EXIT.data,
  SelectorError: EXIT.usage,
  HostError: EXIT.refused,
  SandboxError: EXIT.refused,
  TaskError: EXIT.refused,
  UcanError: EXIT.denied
}

/** A failure that the command line itself finds. */
export class CliError extends Error {
  override readonly name = 'CliError'

  constructor(
    readonly code:
      | 'USAGE'
      | 'NO_CODEC'
      | 'NO_SUCH_CODEC'
      | 'NO_SUCH_FILE'
      | 'DIRECTORY'
      | 'EMPTY'
      | 'TERMINAL'
      | 'NOT_A_MODULE'
      | 'MISMATCH'
      | 'NOT_VECTORS'
      | 'NOT_FOUND'
      | 'NO_BYTES'
      | 'NO_SUCH_KEY'
      | 'KEY_EXISTS'
      | 'KEY_MODE'
      | 'NO_PROOF'
      | 'NO_TOKEN'
      | 'NOT_JSON'
      | 'NO_RECEIPT'
      | 'NOT_HELD'
      | 'REVOCATION'
      | 'NAME',
    readonly exit: Exit,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options)
  }
}

export function exitOf(error: unknown): Exit {
  if (error instanceof CliError) return error.exit
  if (!(error instanceof Error)) return EXIT.failure
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return BY_CODE[code] ?? BY_NAME[error.name] ?? EXIT.failure
}

/** The worse of two ends, where a command goes on after a failure: invalid data before what could only not be read. */
export function worse(left: Exit, right: Exit): Exit {
  const order: readonly Exit[] = [
    EXIT.ok,
    EXIT.unknown,
    EXIT.missing,
    EXIT.suspended,
    EXIT.error,
    EXIT.refused,
    EXIT.usage,
    EXIT.denied,
    EXIT.failure,
    EXIT.data,
    EXIT.different
  ]
  return order.indexOf(left) < order.indexOf(right) ? right : left
}
