/** Where blocks are found by CID: the port that walks and paths read through, and what can be said of all its drivers. */
import type { CID } from 'multiformats/cid'
import { blockstoreSource } from '../codec/source/blockstore.js'
import type { Check } from './check.js'
import { DagError, type DagErrorCode } from './errors.js'
import { digestKey } from './key.js'
import { faultOf, isFault } from './verify.js'

/**
 * A store of blocks. It need not be honest: whoever reads verifies, see `verified`. The bytes belong to the reader, who does not write to them.
 *
 * Drivers: `carBlocks`, `memoryBlocks`, `storeBlocks` (any interface-blockstore), and `directoryBlocks` of autocodec/dag/node. Sources of modules are such stores too.
 */
export interface Blocks {
  /** for messages: a path, a URL */
  readonly name: string
  /** The block, or undefined if the store does not have it. The CID's hash decides, not its version or codec. Rejects where it cannot be known, and with the signal's reason. */
  get(cid: CID, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array | undefined>
}

const IDENTITY = 0x00

/**
 * The stores one after the other as one that gives verified blocks only; blocks that are in their CID need no store.
 *
 * `Chain` does more, for modules and for what comes from afar: it merges askings of the same block, keeps what a gateway gave, and copies each block before it looks at it, since what it
 * gives will run. A walk over a local archive asks once for each block and would pay for all of that with every one of a million: so this neither copies nor waits where it need not. A
 * `Chain` is a store like any other, and comes last here.
 */
export function verified(stores: readonly Blocks[], check?: Check): Blocks {
  return {
    name: stores.map(({ name }) => name).join(', '),
    /** @throws if none has the right block: what the last store throws that does not know whether it has it; else DagError `HASH_MISMATCH`, `UNKNOWN_HASH` of the last that has another */
    async get(cid, options) {
      if (cid.multihash.code === IDENTITY) return cid.multihash.digest
      let fault: DagError | undefined
      let failure: { readonly error: unknown } | undefined
      for (const store of stores) {
        try {
          const bytes = await store.get(cid, options)
          if (bytes === undefined) continue
          const found = faultOf(cid, bytes, { check })
          const wrong = found instanceof Promise ? await found : found
          if (wrong === undefined) return bytes
          fault = new DagError(wrong.code, `${store.name}: ${wrong.message}`, { cid, cause: wrong })
        } catch (error) {
          options?.signal?.throwIfAborted()
          // a source of modules verifies by itself
          if (isFault(error)) fault = new DagError(error.code as DagErrorCode, error.message, { cid, cause: error })
          else failure = { error }
        }
      }
      if (failure !== undefined) throw failure.error
      if (fault !== undefined) throw fault
      return undefined
    }
  }
}

/** Blocks that are held in memory. */
export function memoryBlocks(blocks: Iterable<{ readonly cid: CID; readonly bytes: Uint8Array }>, name = 'memory'): Blocks {
  const held = new Map<string, Uint8Array>()
  for (const { cid, bytes } of blocks) held.set(digestKey(cid), bytes)
  return {
    name,
    async get(cid, options) {
      options?.signal?.throwIfAborted()
      return held.get(digestKey(cid))
    }
  }
}

/** Any interface-blockstore, of any version. */
export function storeBlocks(store: Parameters<typeof blockstoreSource>[0], name?: string): Blocks {
  const source = blockstoreSource(store, name)
  return {
    name: source.name,
    async get(cid, options) {
      const bytes = await source.get(cid, options)
      // some say that a block is not found when they were told to stop looking
      options?.signal?.throwIfAborted()
      return bytes
    }
  }
}
