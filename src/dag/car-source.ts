/** A CAR as a source of blocks: indexed by one pass over it, then read where the blocks are. */
import { CID } from 'multiformats/cid'
import { isWasm } from '../codec/manifest.js'
import type { GetOptions, Source } from '../codec/source/interface.js'
import { readCar } from './car.js'
import { digestKey } from './key.js'
import { type ModuleBlock, ModuleShelf } from './modules.js'
import { verifyBlock } from './verify.js'

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

interface Index {
  readonly places: ReadonlyMap<string, readonly Place[]>
  readonly shelf: ModuleShelf
  readonly roots: readonly CID[]
  /** why the pass ended before the CAR did */
  readonly fault?: unknown
}

/**
 * The index is made when it is first needed, and takes some hundred bytes a block. Blocks are found by their hash, whatever codec they are asked for with; of several copies the
 * first sound one is given. A CAR that is cut short gives what stands before the cut, and fails for everything else.
 */
export class CarSource implements Source {
  readonly name: string
  readonly #car: CarBytes
  #index: Promise<Index> | undefined

  /** @param name for messages: the file */
  constructor(car: Uint8Array | CarBytes, name = 'CAR') {
    this.name = name
    this.#car = car instanceof Uint8Array ? { chunks: () => [car], bytes: async (offset, length) => car.subarray(offset, offset + length) } : car
  }

  async get(cid: CID, options?: GetOptions): Promise<Uint8Array | undefined> {
    options?.signal?.throwIfAborted()
    const { places, fault } = await this.#read()
    const copies = places.get(digestKey(cid)) ?? []
    for (const [i, { offset, length }] of copies.entries()) {
      const bytes = await this.#car.bytes(offset, length)
      // who asks verifies what is given, so only a choice needs a look
      if (i === copies.length - 1 || (await sound(cid, bytes))) return bytes
    }
    if (fault !== undefined) throw fault
    return undefined
  }

  /** What the CAR names as its roots. @throws DagError if it ends too early or is none */
  async roots(): Promise<readonly CID[]> {
    return (await this.#whole()).roots
  }

  /** The codecs among the blocks, verified. @throws DagError if it ends too early or is none */
  async modules(): Promise<ModuleBlock[]> {
    return (await this.#whole()).shelf.modules()
  }

  async #whole(): Promise<Index> {
    const index = await this.#read()
    if (index.fault !== undefined) throw index.fault
    return index
  }

  #read(): Promise<Index> {
    return (this.#index ??= indexOf(this.#car, this.name))
  }
}

const RAW = 0x55

async function indexOf(car: CarBytes, name: string): Promise<Index> {
  const places = new Map<string, Place[]>()
  const shelf = new ModuleShelf(name)
  let roots: readonly CID[] = []
  let fault: unknown
  try {
    const reading = await readCar(car.chunks())
    roots = reading.roots
    for await (const { cid, bytes, offset } of reading.blocks()) {
      const key = digestKey(cid)
      const place = { offset, length: bytes.length }
      const copies = places.get(key)
      if (copies === undefined) places.set(key, [place])
      else copies.push(place)
      // the CID as it was read is a view of the chunk, and would keep it in memory
      if (cid.code === RAW && isWasm(bytes) && (await sound(cid, bytes))) shelf.offer(CID.decode(cid.bytes.slice()), bytes)
    }
  } catch (error) {
    fault = error
  }
  return { places, shelf, roots, fault }
}

async function sound(cid: CID, bytes: Uint8Array): Promise<boolean> {
  return verifyBlock(cid, bytes).then(
    () => true,
    () => false
  )
}
