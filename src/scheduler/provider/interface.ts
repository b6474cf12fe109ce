/** The port of effects: what the world is asked, before a run, and told, after it. */
import type { CID } from 'multiformats/cid'

export interface ProviderContext {
  /** CID of the effect's own task: the same for the same effect of the same task, so a key for idempotence */
  readonly task: CID
  readonly subject: string
  /** a block; undefined if nobody has it */
  get(cid: CID): Promise<Uint8Array | undefined>
  /** keeps a new raw block */
  put(bytes: Uint8Array): Promise<CID>
  readonly signal: AbortSignal
}

/**
 * Does one command. Arguments come from a guest: they are checked by whoever provides.
 *
 * `query` asks: it may be asked again if a crash came between, and its answer is recorded. `destructive` changes something and is begun at most once for a task. `idempotent` changes
 * something too, but doing it again does the same: it is done again if a crash left open whether it was.
 */
export interface Provider {
  /** such as `/http/get` */
  readonly command: string
  readonly kind: 'query' | 'destructive' | 'idempotent'
  /** milliseconds that it may take; default 30,000 */
  readonly timeout?: number
  /** @returns a value of the data model @throws what its `message` then says in the receipt; a `code` is taken over too */
  perform(args: Readonly<Record<string, unknown>>, context: ProviderContext): unknown
}

/** An effect's arguments that are not as its provider wants them, or that it refuses. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  /** stands in the receipt */
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
