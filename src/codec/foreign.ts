/** What only modules from elsewhere need: their manifests, their hashes, and preparing them. Loaded on demand, since it is as large as everything else together. */
import { type Policy, type Program, SandboxError, SandboxModule } from '../sandbox/index.js'

export { checkAbi, checkLayoutAbi } from './abi.js'
export { Flights } from './flight.js'
export { readLayoutManifest, readManifest } from './manifest.js'
export { codecOfData } from './policy.js'
export { search } from './search.js'
export { Chain } from './source/chain.js'
export { cidOf } from './verify.js'

/**
 * @param bytes the module, verified against the CID
 * @throws SandboxError if it is refused
 */
export async function compile(bytes: Uint8Array, policy: Policy): Promise<Program> {
  if (bytes.length > SMALL) return SandboxModule.compile(bytes, policy)
  try {
    return SandboxModule.compileSync(bytes, policy)
  } catch (error) {
    // a browser that does not compile at once on its main thread
    if (error instanceof SandboxError && error.cause instanceof RangeError) return SandboxModule.compile(bytes, policy)
    throw error
  }
}

/** Engines compile small modules function by function as they are called when they may do so at once, and all of it before the first call otherwise: many times longer. */
const SMALL = 128 * 1024
