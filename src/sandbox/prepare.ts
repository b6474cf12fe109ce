import { SandboxError } from './errors.js'
import { analyse } from './graph.js'
import { instrument } from './instrument.js'
import type { Policy, Prepared } from './interface.js'
import { DEFAULTS } from './limits.js'
import { parse } from './sections.js'

/**
 * Holds a module against the policy and the allow-list, and writes it anew with the host's checks in it. The types of its code have not been checked yet: that is the
 * engine's part, see `SandboxModule`.
 *
 * @throws SandboxError with the offset in `bytes`
 * @throws TypeError if the policy is not one
 */
export function prepare(bytes: Uint8Array, policy: Policy): Prepared {
  for (const { module, name, params, results, bytes } of policy.imports) {
    if (results.some((type) => type[0] === 'f')) throw new TypeError(`imports: got "${module}" "${name}" with a float result, expected integers only`)
    if (bytes !== undefined && params[bytes] !== 'i32')
      throw new TypeError(`imports: got bytes ${bytes} for "${module}" "${name}", expected the index of an i32 parameter`)
  }
  const maxStack = policy.maxStack ?? DEFAULTS.maxStack
  const module = parse(bytes, policy)
  const graph = analyse(module)
  if (graph.stack > maxStack) throw new SandboxError('LIMIT', `got calls that need ${graph.stack} stack slots, expected at most ${maxStack}`)
  return {
    bytes: instrument(module, graph, maxStack, policy.metered ?? true, policy.resumable ?? false),
    exports: module.exports,
    memory: module.memory!
  }
}
