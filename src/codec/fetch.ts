/** Modules from sources. */
import type { CID } from 'multiformats/cid'
import { HostError } from './errors.js'
import type { Source } from './source/interface.js'
import { verify } from './verify.js'

export interface Fetched {
  readonly bytes: Uint8Array
  /** name of the source */
  readonly source: string
}

/**
 * A block from the first source that has it, verified.
 *
 * @throws HostError MODULE_NOT_FOUND, or what is wrong with the only answer
 */
export async function fetchFrom(sources: readonly Source[], cid: CID, signal?: AbortSignal): Promise<Fetched> {
  const failures: string[] = []
  let cause: unknown
  for (const source of sources) {
    signal?.throwIfAborted()
    try {
      const got: unknown = await source.get(cid, { signal })
      if (got === undefined || got === null) continue
      if (!(got instanceof Uint8Array)) throw new TypeError(`gave a ${typeof got}, expected a Uint8Array`)
      // a copy, so that what is verified is what will run, whatever the source does with its buffer
      const bytes = got.slice()
      await verify(cid, bytes, { from: source.name })
      return { bytes, source: source.name }
    } catch (error) {
      signal?.throwIfAborted()
      cause = error
      failures.push(`${source.name}: ${(error as Error).message}`)
    }
  }
  if (failures.length === 1 && cause instanceof HostError) throw cause
  const asked = sources.map(({ name }) => name).join(', ')
  throw new HostError('MODULE_NOT_FOUND', `${cid} is not in any source (asked: ${asked})${failures.length > 0 ? `; ${failures.join('; ')}` : ''}`, cause)
}
