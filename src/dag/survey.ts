/** One pass over a CAR that verifies everything and remembers where each block is, so that a second pass can go along the links without holding the blocks. */
import type { CID } from 'multiformats/cid'
import { cidAt } from '../ipld/index.js'
import type { Car } from './car.js'
import { DagError } from './errors.js'
import { digestKey } from './key.js'
import { ModuleShelf } from './modules.js'
import { faultOf, type VerifyBlockOptions } from './verify.js'

/** A block of a CAR, without its bytes. */
export interface Entry {
  readonly cid: CID
  readonly offset: number
  readonly length: number
  /** why the block must not be used */
  readonly fault?: DagError
}

export interface Survey {
  /** all blocks, in the order of the file */
  readonly entries: readonly Entry[]
  /** the codecs that the CAR brings along */
  readonly shelf: ModuleShelf
  /** why the pass ended before the CAR did; all that stood before is in `entries` */
  readonly fault?: DagError
  /** Where to find a block; a sound copy before a faulty one. */
  find(cid: CID): Entry | undefined
}

/** @param at told the byte offset that the pass has come to @param options how blocks are verified */
export async function survey(car: Car, name: string, at?: (offset: number) => void, options?: VerifyBlockOptions): Promise<Survey> {
  const shelf = new ModuleShelf(name)
  const entries: Entry[] = []
  const byDigest = new Map<string, Entry>()
  let fault: DagError | undefined
  try {
    for await (const batch of car.batches()) {
      for (const { cid: view, bytes, offset } of batch) {
        // the CID as it was read is a view of the chunk, and would keep the whole file in memory
        const cid = cidAt(view.bytes.slice(), 0, view.bytes.length)
        const found = faultOf(cid, bytes, options)
        const entry = { cid, offset, length: bytes.length, fault: found instanceof Promise ? await found : found }
        entries.push(entry)
        const key = digestKey(cid)
        const other = byDigest.get(key)
        if (other === undefined || other.fault !== undefined) byDigest.set(key, entry)
        if (entry.fault === undefined) shelf.offer(cid, bytes)
        at?.(offset + bytes.length)
      }
    }
  } catch (error) {
    if (!(error instanceof DagError)) throw error
    fault = error
  }
  return { entries, shelf, fault, find: (cid) => byDigest.get(digestKey(cid)) }
}
