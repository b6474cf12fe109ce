import type { CID } from 'multiformats/cid'

export interface GetOptions {
  /** ends the asking; the rejection is then the signal's reason */
  readonly signal?: AbortSignal
}

/**
 * Where blocks come from: the modules of codecs, catalogs, and the data itself. A source need not be honest: whoever asks through a `Chain` gets nothing that has not been
 * verified against its CID.
 */
export interface Source {
  /** for messages: 'embedded', a path, a URL */
  readonly name: string
  /** what it gives comes from afar, so that stores before it keep a copy */
  readonly remote?: boolean
  /** The block, or undefined if the source does not have it. A rejection counts as not having it, and is named in the error if no source has it. */
  get(cid: CID, options?: GetOptions): Promise<Uint8Array | undefined>
}

/** A source that keeps what it is given. */
export interface Store extends Source {
  /** Keeps a block. @throws HostError HASH_MISMATCH, UNKNOWN_HASH if the bytes are not those that the CID names: it then keeps nothing */
  put(cid: CID, bytes: Uint8Array): Promise<void>
}
