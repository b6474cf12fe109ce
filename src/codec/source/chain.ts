/** Sources as one: asked in their order, every block verified, askings in flight merged. */
import type { CID } from 'multiformats/cid'
import { HostError } from '../errors.js'
import { Flights } from '../flight.js'
import { verify } from '../verify.js'
import type { GetOptions, Source, Store } from './interface.js'

export interface Fetched {
  readonly bytes: Uint8Array
  /** name of the source */
  readonly source: string
}

/** An identity CID has its block in itself. */
const IDENTITY = 0x00

/**
 * @example
 * ```ts
 * import { CID } from 'multiformats/cid'
 * import { Chain } from 'autocodec/codec'
 * const blocks = new Chain([{ name: 'nothing', get: async () => undefined }])
 * // an identity CID: the two bytes stand in it
 * const bytes = await blocks.get(CID.parse('bafkqaathn4'))
 * if (new TextDecoder().decode(bytes) !== 'go') throw new Error('not the same')
 * ```
 */
export class Chain implements Source {
  readonly name: string
  readonly remote: boolean
  readonly #sources: readonly Source[]
  readonly #flights = new Flights<Fetched>()

  constructor(sources: readonly Source[]) {
    this.name = sources.map(({ name }) => name).join(', ')
    this.remote = sources.some(({ remote }) => remote === true)
    this.#sources = sources
  }

  /** A verified block, or undefined if every source said that it does not have it. @throws what is wrong with the only answer, or HostError MODULE_NOT_FOUND if there were several */
  async get(cid: CID, { signal }: GetOptions = {}): Promise<Uint8Array | undefined> {
    try {
      return (await this.fetch(cid, signal)).bytes
    } catch (error) {
      if (error instanceof HostError && error.code === 'MODULE_NOT_FOUND' && error.cause === undefined) return undefined
      throw error
    }
  }

  /**
   * A block from the first source that has it, verified. Stores that were asked before a remote source keep what it gave; that one cannot is no failure.
   *
   * @throws HostError MODULE_NOT_FOUND with the sources asked, or what is wrong with the only answer
   */
  fetch(cid: CID, signal?: AbortSignal): Promise<Fetched> {
    return this.#flights.join(cid.toString(), (whole) => this.#ask(cid, whole), signal)
  }

  async #ask(cid: CID, signal: AbortSignal): Promise<Fetched> {
    if (cid.multihash.code === IDENTITY) return { bytes: cid.multihash.digest.slice(), source: 'the CID itself' }
    const failures: string[] = []
    let cause: unknown
    for (const [i, source] of this.#sources.entries()) {
      signal.throwIfAborted()
      try {
        const got: unknown = await source.get(cid, { signal })
        if (got === undefined || got === null) continue
        if (!(got instanceof Uint8Array)) throw new TypeError(`gave a ${typeof got}, expected a Uint8Array`)
        // a copy, so that what is verified is what will run, whatever the source does with its buffer
        const bytes = got.slice()
        await verify(cid, bytes, { from: source.name })
        if (source.remote === true) await keep(this.#sources.slice(0, i), cid, bytes)
        return { bytes, source: source.name }
      } catch (error) {
        signal.throwIfAborted()
        cause = error
        failures.push(`${source.name}: ${(error as Error).message}`)
      }
    }
    if (failures.length === 1 && cause instanceof HostError) throw cause
    throw new HostError('MODULE_NOT_FOUND', `${cid} is not in any source (asked: ${this.name})${failures.length > 0 ? `; ${failures.join('; ')}` : ''}`, cause)
  }
}

async function keep(sources: readonly Source[], cid: CID, bytes: Uint8Array): Promise<void> {
  for (const source of sources) {
    // the block is there and verified: a store that is full or read-only takes nothing away from that
    if ('put' in source) await (source as Store).put(cid, bytes).catch(() => {})
  }
}
