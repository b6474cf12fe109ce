/** How the command ends. One table: the program, `--help` and docs/cli.md say the same. */

export const EXIT = { ok: 0, failure: 1, usage: 2, data: 3, unknown: 4, missing: 5, refused: 6 } as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]

export const MEANINGS: Readonly<Record<Exit, string>> = {
  0: 'all went well',
  1: 'something else failed: a disk, a defect',
  2: 'the command line is wrong: an unknown option, a directory for a file, bytes to a terminal',
  3: 'the data is invalid: it does not decode, its hash is not that of its CID, the CAR is cut short',
  4: 'unknown codec or hash function: the data may be right, but nothing here can read or verify it',
  5: 'not found: a file, a block, or a path inside a value',
  6: 'a module was refused or stopped: fuel, memory or stack used up, a forbidden feature, a false answer, a law of the conformance suite broken'
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
  INVALID_TAPE: EXIT.refused
}

/** By the error's class, for codes that are not in the table above. */
const BY_NAME: Readonly<Record<string, Exit>> = {
  DagError: EXIT.data,
  CodecError: EXIT.data,
  IpldError: EXIT.data,
  LayoutError: EXIT.data,
  SelectorError: EXIT.usage,
  HostError: EXIT.refused,
  SandboxError: EXIT.refused
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
      | 'NO_BYTES',
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
  const order: readonly Exit[] = [EXIT.ok, EXIT.unknown, EXIT.missing, EXIT.refused, EXIT.usage, EXIT.failure, EXIT.data]
  return order.indexOf(left) < order.indexOf(right) ? right : left
}
