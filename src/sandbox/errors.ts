/** Why a module was refused or a call ended. Stable; docs/sandbox.md explains each. */
export type SandboxCode =
  // refusals of `prepare` and `compile`, with the byte offset in the original module
  | 'NOT_WASM' // no Wasm magic, or another version than 1
  | 'TRUNCATED' // ends inside a section, function or number
  | 'MALFORMED' // not in the binary format
  | 'INVALID' // in the format, but an index out of range or a type error
  | 'FEATURE' // a Wasm feature outside the allow-list
  | 'IMPORT' // an import that the policy does not have, or with another signature
  | 'EXPORT' // no memory export, a mutable global, a reserved name, an import exported again
  | 'LIMIT' // more or larger than a limit
  // of `instantiate` and of calls
  | 'INSTANTIATION' // the engine could not make an instance
  | 'FUEL' // the call used up its fuel
  | 'STACK' // the call recursed beyond the stack limit
  | 'ENGINE_STACK' // the engine's own stack ended first, because the call came from deep within it
  | 'MEMORY' // the engine had no memory left for a growth that the limit allows
  | 'STATE' // a guest's state that is to be restored, and is none of its module's
  | 'TRAP' // any other trap; the message has the engine's words

/** Every failure of the sandbox, except a caller's mistake, which is a `TypeError`. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'

  /** @param offset - byte offset in the original module, for refusals */
  constructor(
    readonly code: SandboxCode,
    message: string,
    readonly offset?: number,
    options?: ErrorOptions
  ) {
    super(offset === undefined ? message : `${message}, at byte ${offset}`, options)
  }
}
