import { SandboxError } from './errors.js'
import type { Policy } from './interface.js'
import { prepare } from './prepare.js'
import { Program } from './program.js'

/** A module that has passed all checks, compiled. */
export class SandboxModule extends Program {
  /**
   * Prepares and compiles, off the thread where the engine can.
   *
   * @throws SandboxError if the module is refused
   */
  static async compile(bytes: Uint8Array, policy: Policy): Promise<SandboxModule> {
    const prepared = prepare(bytes, policy)
    return new SandboxModule(prepared, await WebAssembly.compile(source(prepared.bytes)).catch((cause) => explain(bytes, cause)))
  }

  /** As `compile`, at once. Browsers refuse large modules here on their main thread. */
  static compileSync(bytes: Uint8Array, policy: Policy): SandboxModule {
    const prepared = prepare(bytes, policy)
    try {
      return new SandboxModule(prepared, new WebAssembly.Module(source(prepared.bytes)))
    } catch (cause) {
      return explain(bytes, cause)
    }
  }
}

/**
 * The engine checks types, and names offsets of the instrumented code. The host's code is neutral to types, so the original fails as well, with the offset that the
 * author knows; if the original passes (a function may have grown beyond the
 * engine's limits), the module is refused all the same.
 */
function explain(bytes: Uint8Array, cause: unknown): never {
  const { message } = cause as Error
  try {
    new WebAssembly.Module(source(bytes))
  } catch (original) {
    const [position, offset] = /(?:@\+|offset |byte )(\d+)/.exec((original as Error).message) ?? []
    throw new SandboxError('INVALID', (original as Error).message.replace(` ${position}`, ''), offset === undefined ? offset : Number(offset), {
      cause: original
    })
  }
  throw new SandboxError('LIMIT', `the engine refuses the module with the host's checks in it: ${message}`, undefined, { cause })
}

/** TypeScript's engine types want to know that the buffer is not shared. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
