/** A CAR as a source of blocks and of the codecs among them: `carBlocks`, by one pass over all of it. */
import { CID } from 'multiformats/cid'
import { isWasm } from '../codec/manifest.js'
import type { GetOptions, Source } from '../codec/source/interface.js'
import type { CarBlock } from './car.js'
import { bytesAccess, type CarBlocks, type CarBlocksOptions, carBlocks, type RandomAccess } from './car-blocks.js'
import type { DagError } from './errors.js'
import { type ModuleBlock, ModuleShelf } from './modules.js'
import { faultOf } from './verify.js'

/** The rest is for the one pass that is made, see `carBlocks`. */
export type CarSourceOptions = Omit<CarBlocksOptions, 'index' | 'each'>

interface Opened {
  readonly blocks: CarBlocks
  readonly shelf: ModuleShelf
}

const RAW = 0x55

/**
 * Indexed when it is first needed, always by a pass: an index in the CAR does not say which blocks are codecs. A CAR that is cut short gives what stands before the cut, and `fault` says
 * so.
 */
export class CarSource implements Source {
  readonly name: string
  readonly #access: RandomAccess
  readonly #options: CarSourceOptions
  #opened: Promise<Opened> | undefined

  constructor(car: Uint8Array | RandomAccess, options: CarSourceOptions = {}) {
    this.#access = car instanceof Uint8Array ? bytesAccess(car, 'CAR') : car
    this.name = this.#access.name
    this.#options = options
  }

  /** Not verified, as from any source. @throws DagError as `carBlocks` */
  async get(cid: CID, options?: GetOptions): Promise<Uint8Array | undefined> {
    options?.signal?.throwIfAborted()
    return (await this.#open()).blocks.get(cid, options)
  }

  /** What the CAR names as its roots. @throws DagError as `carBlocks` */
  async roots(): Promise<readonly CID[]> {
    return (await this.#open()).blocks.roots
  }

  /** The codecs among the blocks, verified. @throws DagError as `carBlocks` */
  async modules(): Promise<readonly ModuleBlock[]> {
    return (await this.#open()).shelf.modules()
  }

  /** Why the CAR could not be read to its end, and how many blocks stand before that. @throws DagError as `carBlocks` */
  async fault(): Promise<{ readonly error: DagError; readonly count: number } | undefined> {
    const { fault, count } = (await this.#open()).blocks
    return fault && { error: fault, count }
  }

  #open(): Promise<Opened> {
    return (this.#opened ??= this.#pass())
  }

  async #pass(): Promise<Opened> {
    const shelf = new ModuleShelf(this.name)
    const each = ({ cid, bytes }: CarBlock): void | Promise<void> => (cid.code === RAW && isWasm(bytes) ? keep(shelf, cid, bytes) : undefined)
    return { blocks: await carBlocks(this.#access, { ...this.#options, index: 'pass', each }), shelf }
  }
}

async function keep(shelf: ModuleShelf, cid: CID, bytes: Uint8Array): Promise<void> {
  // the CID as it was read is a view of the chunk, and would keep it in memory
  if ((await faultOf(cid, bytes)) === undefined) shelf.offer(CID.decode(cid.bytes.slice()), bytes)
}
