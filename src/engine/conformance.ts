/**
 * What every engine owes, as a suite for any test framework: each trial makes places of its own and throws at what is not as the port says. It branches on `supports` and on nothing else.
 *
 * ```ts
 * for (const { name, run } of engineSuite()) test(name, () => run(async () => place()))
 * ```
 *
 * @packageDocumentation
 */
import { blocks } from './conformance/blocks.js'
import { entries } from './conformance/entries.js'
import { leases } from './conformance/leases.js'
import { life } from './conformance/life.js'
import { records } from './conformance/records.js'
import type { EngineTrial } from './conformance/trial.js'

export type { EngineTrial, Place } from './conformance/trial.js'

export function engineSuite(): readonly EngineTrial[] {
  return [...records, ...entries, ...blocks, ...leases, ...life]
}
