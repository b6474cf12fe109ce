/** The suite: one codec, all laws. */
import type { Limits } from '../codec/index.js'
import { deterministic, isolated } from './law/deterministic.js'
import { encode } from './law/encode.js'
import { fuel } from './law/fuel.js'
import { lax } from './law/lax.js'
import { links } from './law/links.js'
import { manifestHolds } from './law/manifest.js'
import { canonical, roundTrip } from './law/roundtrip.js'
import { errors, strict } from './law/strict.js'
import { tape } from './law/tape.js'
import { vectors } from './law/vectors.js'
import { openSubject } from './subject.js'
import { Enough, type Fault, type Law, Trial } from './trial.js'
import type { Vectors } from './vectors.js'

const LAWS: readonly Law[] = [vectors, roundTrip, strict, errors, canonical, lax, tape, links, encode, deterministic, isolated, fuel]

export interface ConformOptions {
  /** damaged blocks that are tried. Default 1,000 */
  readonly runs?: number
  /** the same seed gives the same trial. Default 1 */
  readonly seed?: number
  /** limits of a call, see `Limits` */
  readonly limits?: Partial<Limits>
  readonly signal?: AbortSignal
}

/** How a codec stands to one law. */
export interface Verdict {
  readonly law: string
  /** the property, in a line */
  readonly says: string
  /** checks that were made */
  readonly checked: number
  /** checks that failed */
  readonly failed: number
  /** the first of them */
  readonly faults: readonly Fault[]
  /** why nothing was checked */
  readonly skipped?: string
  /** so much was wrong that not all was checked */
  readonly stopped?: boolean
}

/**
 * Tries a codec: a verdict a law, as they come. A module that the host does not take has one verdict, `manifest`, and no others.
 *
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * import { conform } from 'autocodec/conformance'
 * const host = await createHost()
 * const vectors = { valid: [{ name: 'one byte', bytes: Uint8Array.of(7), json: '{"/":{"bytes":"Bw"}}' }], invalid: [] }
 * for await (const { law, failed } of conform(await host.module('raw'), vectors, { runs: 20 })) {
 *   if (failed > 0) throw new Error(`raw is not as the law of ${law} says`)
 * }
 * ```
 * @param module the codec's module, with its manifest
 * @throws whatever is the suite's own fault, and the signal's reason; what is wrong with the codec is in the verdicts
 */
export async function* conform(module: Uint8Array, vectors: Vectors, options: ConformOptions = {}): AsyncGenerator<Verdict, void, undefined> {
  const { runs = 1000, seed = 1, limits = {}, signal } = options
  for (const [name, value] of Object.entries({ runs, seed })) {
    if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${name}: got ${value}, expected a whole number`)
  }
  const says = 'the manifest is right, and the host takes the module: its format, its imports and exports, its size'
  try {
    await manifestHolds(module)
  } catch (error) {
    yield { law: 'manifest', says, checked: 1, failed: 1, faults: [{ what: 'the module', message: (error as Error).message }] }
    return
  }
  yield { law: 'manifest', says, checked: 1, failed: 0, faults: [] }

  const trial = new Trial(await openSubject(module, limits), vectors, runs, seed)
  for (const law of LAWS) {
    signal?.throwIfAborted()
    const skipped = law.without?.(trial)
    trial.clear()
    let stopped = false
    try {
      if (skipped === undefined) await law.check(trial)
    } catch (error) {
      if (!(error instanceof Enough)) throw error
      stopped = true
    }
    const { checked, failed, faults } = trial
    yield { law: law.name, says: law.says, checked, failed, faults, ...(skipped === undefined ? {} : { skipped }), ...(stopped ? { stopped } : {}) }
  }
}
