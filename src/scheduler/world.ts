/** The executor's side of effects: which provider does a command, and how long it may take. */

import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { orAbort } from '../dag/abort.js'
import type { Engine } from '../engine/interface.js'
import { type GetBlock, MAX_DEEP } from '../task/index.js'
import type { Args } from '../ucan/index.js'
import { tooDeepAt } from '../ucan/nesting.js'
import { type Provider, ProviderError } from './provider/interface.js'

const TIMEOUT = 30_000
/** Bytes of what a provider answers: a receipt has up to 64 of each, and is a token that others read. */
export const MAX_OBSERVED = 128 * 1024
const MAX_OUT = 2 * 1024
const RAW = 0x55

interface WorldOptions {
  readonly providers: readonly Provider[]
  readonly engine: Engine
  readonly get: GetBlock
  /** the executor's own subject, for which all is done */
  readonly own: string
  /** by subject: what is done for others besides `ANYBODY` */
  readonly commands: Readonly<Record<string, readonly string[]>>
  /** commands that functions may have queued */
  readonly enqueue: readonly string[]
}

/** Commands that give nobody anything of the executor's owner's. */
const ANYBODY = ['/clock/now', '/random/bytes']

export class World {
  readonly #providers = new Map<string, Provider>()
  readonly #options: WorldOptions

  /** @throws TypeError for two providers of one command */
  constructor(options: WorldOptions) {
    const { providers } = options
    this.#options = options
    for (const provider of providers) {
      if (this.#providers.has(provider.command)) throw new TypeError(`providers: got two of ${provider.command}, expected one`)
      this.#providers.set(provider.command, provider)
    }
  }

  /** Who does a command for a subject. */
  provider(command: string, subject: string): Provider | undefined {
    const { own, commands } = this.#options
    const allowed = subject === own || ANYBODY.includes(command) || (Object.hasOwn(commands, subject) && commands[subject].includes(command))
    return allowed ? this.#providers.get(command) : undefined
  }

  /** Whether functions may have a command queued. */
  enqueues(command: string): boolean {
    return this.#options.enqueue.includes(command)
  }

  /** Has a command done; never more than once by this call. What goes wrong is an outcome. */
  async perform(
    provider: Provider,
    args: Args,
    task: CID,
    subject: string,
    signal: AbortSignal | undefined
  ): Promise<{ ok: unknown } | { error: { code: string; message: string } }> {
    // not AbortSignal.timeout, which lets a process end that has nothing else to wait for
    const clock = new AbortController()
    const timer = setTimeout(() => clock.abort(), provider.timeout ?? TIMEOUT)
    const limit = clock.signal
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit])
    try {
      const work = Promise.resolve(
        provider.perform(args, {
          task,
          subject,
          get: async (cid) => this.#options.get(cid, { signal: both }),
          put: (bytes) => this.put(RAW, bytes),
          signal: both
        })
      )
      // what cannot be in a receipt is found here, where it is the provider's failure; and what the function is given is what the receipt says
      const bytes = dagCbor.encode((await orAbort(work, both)) ?? null)
      const most = provider.kind === 'query' ? MAX_OBSERVED : MAX_OUT
      if (bytes.length > most || tooDeepAt(bytes, MAX_DEEP) !== -1)
        return {
          error: { code: 'PROVIDER', message: `${provider.command} answers ${bytes.length} bytes, expected at most ${most}, nested at most ${MAX_DEEP} deep` }
        }
      return { ok: dagCbor.decode(bytes) }
    } catch (error) {
      if (error instanceof ProviderError) return { error: { code: error.code, message: error.message } }
      if (limit.aborted) return { error: { code: 'TIME', message: `${provider.command} takes longer than ${provider.timeout ?? TIMEOUT} ms` } }
      return { error: { code: 'PROVIDER', message: error instanceof Error ? error.message : String(error) } }
    } finally {
      clearTimeout(timer)
    }
  }

  async put(codec: number, bytes: Uint8Array): Promise<CID> {
    const cid = CID.createV1(codec, await sha256.digest(bytes))
    // receipts that say so are synced, too
    await this.#options.engine.blocks.put(cid, bytes, { sync: true })
    return cid
  }
}
