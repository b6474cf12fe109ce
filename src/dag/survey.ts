/** One pass over a CAR that verifies everything and remembers where each block is, so that a second pass can go along the links without holding the blocks. */
import { CID } from 'multiformats/cid'
import type { Car } from './car.js'
import { DagError } from './errors.js'
import { ModuleShelf } from './modules.js'
import { verifyBlock } from './verify.js'
import { digestKey } from './key.js'

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

/** @param at told the byte offset that the pass has come to */
export async function survey(car: Car, name: string, at?: (offset: number) => void): Promise<Survey> {
  const shelf = new ModuleShelf(name)
  const entries: Entry[] = []
  const byDigest = new Map<string, Entry>()
  let fault: DagError | undefined
  try {
    for await (const { cid: view, bytes, offset } of car.blocks()) {
      // the CID as it was read is a view of the chunk, and would keep the whole file in memory
      const cid = CID.decode(view.bytes.slice())
      const entry = { cid, offset, length: bytes.length, fault: await faultOf(cid, bytes) }
      entries.push(entry)
      const key = digestKey(cid)
      const other = byDigest.get(key)
      if (other === undefined || other.fault !== undefined) byDigest.set(key, entry)
      if (entry.fault === undefined) shelf.offer(cid, bytes)
      at?.(offset + bytes.length)
    }
  } catch (error) {
    if (!(error instanceof DagError)) throw error
    fault = error
  }
  return { entries, shelf, fault, find: (cid) => byDigest.get(digestKey(cid)) }
}

async function faultOf(cid: CID, bytes: Uint8Array): Promise<DagError | undefined> {
  try {
    await verifyBlock(cid, bytes)
    return undefined
  } catch (error) {
    if (error instanceof DagError) return error
    throw error
  }
}
