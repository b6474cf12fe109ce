/** What only modules from elsewhere need: their manifests, their hashes, and preparing them. Loaded on demand, since it is as large as everything else together. */
import type { CID } from 'multiformats/cid'
import { type Policy, type Program, SandboxError, SandboxModule } from '../sandbox/index.js'
import { checkAbi, policyOf } from './abi.js'
import type { Limits } from './limits.js'
import { type Manifest, readManifest } from './manifest.js'
import { compiled } from './modules.js'
import type { Chain } from './source/chain.js'
import { cidOf } from './verify.js'

export { checkRunnerAbi } from './abi.js'
export { Flights } from './flight.js'
export { readFunctionManifest, readLayoutManifest } from './manifest.js'
export { codecOfData } from './policy.js'
export { search } from './search.js'
export { Chain } from './source/chain.js'
export { cidOf } from './verify.js'

/** What a module's bytes are. @throws TypeError; HostError MANIFEST */
export async function identify(module: unknown): Promise<{ cid: CID; manifest: Manifest }> {
  if (!(module instanceof Uint8Array)) throw new TypeError(`module: got ${module === null ? 'null' : typeof module}, expected a Uint8Array`)
  const manifest = readManifest(module)
  return { cid: await cidOf(module), manifest }
}

/** A codec's module from the chain, verified, compiled and found to be one. @throws HostError, SandboxError */
export async function load(
  chain: Chain,
  cid: CID,
  limits: Limits,
  metered: boolean,
  signal: AbortSignal
): Promise<{ program: Program; manifest: Manifest; size: number; source: string }> {
  const { bytes, source } = await chain.fetch(cid, signal)
  const manifest = readManifest(bytes)
  const program = await compiled(cid.toString(), limits, metered, () => compile(bytes, policyOf(limits, metered)))
  checkAbi(program.prepared, manifest)
  return { program, manifest, size: bytes.length, source }
}

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
