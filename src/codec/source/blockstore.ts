/** Any interface-blockstore as a source. */
import type { CID } from 'multiformats/cid'
import type { Source } from './interface.js'

/** The part of interface-blockstore that is needed, in the forms of its versions: a block, a promise of one, or (since version 6) chunks of one. */
export interface Blockstore {
  get(cid: CID, options?: { signal?: AbortSignal }): Uint8Array | Promise<Uint8Array> | Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** Larger blocks are no modules. */
const MAX_BLOCK = 64 * 1024 * 1024
/** More chunks are a store that does not end. */
const MAX_CHUNKS = 65_536

export function blockstoreSource(store: Blockstore, name = 'block store'): Source {
  return {
    name,
    async get(cid, options) {
      let got: Awaited<ReturnType<Blockstore['get']>>
      try {
        got = await store.get(cid, options)
        if (got === undefined || got === null) return undefined
        return got instanceof Uint8Array ? got : await join(got, options?.signal)
      } catch (error) {
        if ((error as { name?: string }).name === 'NotFoundError' || (error as { code?: string }).code === 'ERR_NOT_FOUND') return undefined
        throw error
      }
    }
  }
}

async function join(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of chunks) {
    signal?.throwIfAborted()
    length += part.length
    if (parts.length === MAX_CHUNKS) throw new RangeError(`a block of more than ${MAX_CHUNKS} chunks`)
    if (length > MAX_BLOCK) throw new RangeError(`a block of more than ${MAX_BLOCK} bytes`)
    parts.push(part)
  }
  if (parts.length === 1) return parts[0]
  const block = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    block.set(part, at)
    at += part.length
  }
  return block
}
