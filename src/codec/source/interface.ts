import type { CID } from 'multiformats/cid'

/** Where the modules of codecs come from. A source need not be honest: the host verifies what it gives against the CID. */
export interface Source {
  /** for messages: 'embedded', a path, a URL */
  readonly name: string
  /** The block, or undefined if the source does not have it. A rejection counts as not having it, and is named in the error if no source has it. */
  get(cid: CID, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>
}
