import { Guest } from './instance.js'
import type { HostFunctions, Instance, Prepared } from './interface.js'

/** Fuel for a start function, if `instantiate` is not told. */
const START_FUEL = 10_000_000

/** A prepared module, compiled. It may have been prepared elsewhere: see `SandboxModule` for modules as they come. */
export class Program {
  /** @param module - compiled from the bytes of `prepared` */
  constructor(
    readonly prepared: Prepared,
    readonly module: WebAssembly.Module
  ) {}

  /**
   * Compiles at once what this library has prepared, now or when it was built. Nothing is checked here: bytes from elsewhere go through `prepare`.
   *
   * @throws RangeError in browsers that refuse large modules on their main thread
   */
  static trusted(prepared: Prepared): Program {
    return new Program(prepared, new WebAssembly.Module(prepared.bytes as Uint8Array<ArrayBuffer>))
  }

  /**
   * An instance, its start function run.
   *
   * @param startFuel - what the start function may use. Default 10,000,000
   * @throws SandboxError if the engine cannot make it, or the start function fails
   */
  instantiate(hostFunctions: HostFunctions = {}, startFuel = START_FUEL): Instance {
    return new Guest(this.module, hostFunctions, startFuel)
  }
}
