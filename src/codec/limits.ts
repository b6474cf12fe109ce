/** What a call of a codec may use. Every limit has an error of its own. */
export interface Limits {
  /** fuel of a call, beside that for its input (docs/sandbox.md). Default 50,000,000. SandboxError FUEL */
  readonly fuel: number
  /** fuel for each byte of input. Default 2,000 */
  readonly fuelPerByte: number
  /** memory of a guest, in bytes. Default 128 MiB. A growth beyond it fails in the guest */
  readonly memory: number
  /** stack of a guest, in slots. Default 73,728: the codecs of the project nest 1,024 deep on it. SandboxError STACK */
  readonly stack: number
  /** a block or value that goes in, in bytes. Default 64 MiB. CodecError INPUT_SIZE */
  readonly input: number
  /** a block that comes out, in bytes. Default 64 MiB. CodecError OUTPUT_SIZE */
  readonly output: number
  /**
   * what a decoded value may take in JavaScript beyond a few words a record, in bytes: byte strings, CIDs, and strings that are not cut from a longer one. A tape can name the same
   * bytes any number of times. Default 512 MiB. CodecError VALUE_SIZE
   */
  readonly value: number
  /** a module, in bytes. Default 4 MiB. SandboxError LIMIT */
  readonly module: number
}

export const DEFAULT_LIMITS: Limits = {
  fuel: 50_000_000,
  fuelPerByte: 2_000,
  memory: 128 * 1024 * 1024,
  stack: 73_728,
  input: 64 * 1024 * 1024,
  output: 64 * 1024 * 1024,
  value: 512 * 1024 * 1024,
  module: 4 * 1024 * 1024
}

/** @throws TypeError naming the option that is not a positive number */
export function withDefaults(limits: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) throw new TypeError(`limits.${name}: no such limit`)
    if (!(Number.isSafeInteger(value) && value >= 0)) throw new TypeError(`limits.${name}: got ${value}, expected 0 to 2^53 − 1`)
  }
  return { ...DEFAULT_LIMITS, ...limits }
}
