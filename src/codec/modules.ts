/** Modules compiled, by CID: shared by all hosts of a process, since a CID says all that compiling depends on but the policy. */
import type { Program } from '../sandbox/index.js'
import type { Limits } from './limits.js'

const MAX_MODULES = 128
const modules = new Map<string, Promise<Program>>()

/** @param cid of the module @param make compiles it, if that has not been done; failures are not kept */
export function compiled(cid: string, limits: Limits, metered: boolean, make: () => Promise<Program>): Promise<Program> {
  const key = `${cid} ${limits.memory} ${limits.stack} ${limits.module} ${metered}`
  const known = modules.get(key)
  if (known !== undefined) {
    // to the end, so that the first is the one not used for longest
    modules.delete(key)
    modules.set(key, known)
    return known
  }
  const module = make()
  modules.set(key, module)
  module.catch(() => modules.delete(key))
  if (modules.size > MAX_MODULES) modules.delete(modules.keys().next().value as string)
  return module
}
