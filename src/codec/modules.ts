/** Modules compiled, by CID: shared by all hosts of a process, since a CID says all that compiling depends on but the policy. */
import type { CID } from 'multiformats/cid'
import { type Policy, SandboxError, SandboxModule } from '../sandbox/index.js'
import { policyOf } from './guest.js'
import type { Limits } from './limits.js'

const MAX_MODULES = 128
const modules = new Map<string, Promise<SandboxModule>>()

/**
 * @param bytes the module, verified against the CID
 * @throws SandboxError if it is refused
 */
export function compiled(cid: CID, bytes: Uint8Array, limits: Limits, metered: boolean): Promise<SandboxModule> {
  const key = `${cid} ${limits.memory} ${limits.stack} ${limits.module} ${metered}`
  const known = modules.get(key)
  if (known !== undefined) {
    // to the end, so that the first is the one not used for longest
    modules.delete(key)
    modules.set(key, known)
    return known
  }
  const module = compile(bytes, policyOf(limits, metered))
  modules.set(key, module)
  module.catch(() => modules.delete(key))
  if (modules.size > MAX_MODULES) modules.delete(modules.keys().next().value as string)
  return module
}

/** Engines compile small modules function by function as they are called when they may do so at once, and all of it before the first call otherwise: many times longer. */
const SMALL = 128 * 1024

async function compile(bytes: Uint8Array, policy: Policy): Promise<SandboxModule> {
  if (bytes.length > SMALL) return SandboxModule.compile(bytes, policy)
  try {
    return SandboxModule.compileSync(bytes, policy)
  } catch (error) {
    // a browser that does not compile at once on its main thread
    if (error instanceof SandboxError && error.code === 'INSTANTIATION') return SandboxModule.compile(bytes, policy)
    throw error
  }
}
