/** A CAR as a source of blocks: indexed by one pass over it, then read where the blocks are. */
import type { CID } from 'multiformats/cid'
import type { Source } from '../codec/source/interface.js'
import { readCar } from './car.js'
import { verifyBlock } from './verify.js'
import { digestKey } from './walk.js'

/** Something that holds a CAR and can be read more than once, in any place. */
export interface CarBytes {
  /** all of it, from the start */
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** a part of it */
  bytes(offset: number, length: number): Promise<Uint8Array>
}

/** Where a copy of a block lies. */
interface Place {
  readonly offset: number
  readonly length: number
}

/**
 * The index is made when the first block is asked for, and takes some hundred bytes a block. Blocks are found by their hash, whatever codec they are asked for with; of several
 * copies the first sound one is given. A CAR that is cut short gives what stands before the cut, and fails for everything else.
 *
 * @param name for messages: the file
 */
export function carSource(car: Uint8Array | CarBytes, name = 'CAR'): Source {
  const held: CarBytes = car instanceof Uint8Array ? { chunks: () => [car], bytes: async (offset, length) => car.subarray(offset, offset + length) } : car
  let made: Promise<Index> | undefined
  return {
    name,
    async get(cid, options) {
      options?.signal?.throwIfAborted()
      made ??= indexOf(held)
      // a disk may come back
      made.catch(() => {
        made = undefined
      })
      const { places, fault } = await made
      const copies = places.get(digestKey(cid)) ?? []
      for (const [i, { offset, length }] of copies.entries()) {
        const bytes = await held.bytes(offset, length)
        // who asks verifies what is given, so only a choice needs a look
        if (i === copies.length - 1 || (await sound(cid, bytes))) return bytes
      }
      if (fault !== undefined) throw fault
      return undefined
    }
  }
}

interface Index {
  readonly places: ReadonlyMap<string, readonly Place[]>
  /** why the pass ended before the CAR did */
  readonly fault?: unknown
}

async function indexOf(car: CarBytes): Promise<Index> {
  const places = new Map<string, Place[]>()
  try {
    for await (const { cid, bytes, offset } of (await readCar(car.chunks())).blocks()) {
      const key = digestKey(cid)
      const place = { offset, length: bytes.length }
      const copies = places.get(key)
      if (copies === undefined) places.set(key, [place])
      else copies.push(place)
    }
  } catch (fault) {
    return { places, fault }
  }
  return { places }
}

async function sound(cid: CID, bytes: Uint8Array): Promise<boolean> {
  return verifyBlock(cid, bytes).then(
    () => true,
    () => false
  )
}
