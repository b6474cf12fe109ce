/** The blocks of a CAR by CID, wherever in it they are. */
import type { CID } from 'multiformats/cid'
import { orAbort } from './abort.js'
import type { Blocks } from './blocks.js'
import { type CarBlock, type CarOptions, readCar } from './car.js'
import { readIndex } from './car-index.js'
import { DigestTable } from './digest-table.js'
import { DagError } from './errors.js'
import { digestKey } from './key.js'
import type { OnProgress } from './progress.js'
import { Sections } from './sections.js'
import { faultOf } from './verify.js'

/** Bytes that can be read anywhere: a file, a Blob, an object that answers ranges. */
export interface RandomAccess {
  /** for messages */
  readonly name: string
  readonly size: number
  /** So many bytes from an offset, fewer only at the end; in memory of their own. */
  read(offset: number, length: number, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array>
}

export interface CarBlocksOptions extends CarOptions {
  /** `auto`, the default: the index that a CAR of version 2 brings along, and a pass over the blocks only if it has none or a false one; `pass`: always a pass */
  readonly index?: 'auto' | 'pass'
  /** sees every block of the pass, not verified, in views of a chunk; what it throws ends the pass */
  readonly each?: (block: CarBlock) => void | Promise<void>
  readonly onProgress?: OnProgress
}

/** A CAR as a store of blocks. */
export interface CarBlocks extends Blocks {
  readonly version: 1 | 2
  readonly roots: readonly CID[]
  /** Blocks whose place is known; of those with the same hash, one. */
  readonly count: number
  /** why the CAR could not be read to its end; all blocks before that are there */
  readonly fault?: DagError
}

interface Place {
  readonly offset: number
  readonly length: number
}

/** Bytes of a chunk of the pass over all blocks. */
const CHUNK = 1 << 20

/**
 * Finds where each block is, and then reads single ones. Nothing is verified: see `verified`; only of several copies of a block the first sound one is chosen. An index in the CAR is not believed: what it leads to must be a block with the CID that is
 * looked for, and what it does not have is looked for in the CAR itself, unless the CAR says that it has all.
 *
 * @throws as `readCar`, for the header; an error after it is in `fault`
 */
export async function carBlocks(access: RandomAccess, options: CarBlocksOptions = {}): Promise<CarBlocks> {
  const store = new IndexedCar(access, options)
  await store.open()
  return store
}

class IndexedCar implements CarBlocks {
  readonly name: string
  version: 1 | 2 = 1
  roots: readonly CID[] = []
  fault: DagError | undefined
  readonly #access: RandomAccess
  readonly #options: CarBlocksOptions
  #table = new DigestTable()
  /** where else blocks of a multihash stand: a first copy that is false must not hide a sound one */
  #copies = new Map<string, Place[]>()
  /** the table is from the CAR's own index, and whether that says of itself that it has every block */
  #foreign = false
  #complete = true
  /** the one pass, when it is needed */
  #passing: Promise<void> | undefined

  constructor(access: RandomAccess, options: CarBlocksOptions) {
    this.name = access.name
    this.#access = access
    this.#options = options
  }

  get count(): number {
    return this.#table.size
  }

  async open(): Promise<void> {
    const { index = 'auto', signal } = this.#options
    const car = await readCar(chunksOf(this.#access, 0, signal), this.#options)
    this.version = car.version
    this.roots = car.roots
    const found = index === 'auto' && car.version === 2 ? await readIndex(this.#access, signal) : undefined
    if (found?.table !== undefined) this.#table = found.table
    else await this.#index(car.batches())
    if (found === undefined) return
    this.#foreign = true
    this.#complete = found.complete
  }

  async get(cid: CID, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array | undefined> {
    options?.signal?.throwIfAborted()
    const place = this.#table.get(cid.multihash.bytes)
    if (!this.#foreign) return place && this.#copy(cid, place, options?.signal)
    if (place !== undefined) {
      const block = await this.#section(place.offset, options?.signal)
      // the CID may be right and the length in front of it not
      if (block !== undefined && digestKey(block.cid) === digestKey(cid) && (await faultOf(cid, block.bytes)) === undefined) return block.bytes
    } else if (this.#complete) return undefined
    this.#passing ??= this.#pass()
    await orAbort(this.#passing, options?.signal)
    return this.get(cid, options)
  }

  async #copy(cid: CID, place: Place, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const copies = this.#copies.size === 0 ? undefined : this.#copies.get(digestKey(cid))
    let bytes = await this.#block(place, signal)
    for (const copy of copies ?? []) {
      if ((await faultOf(cid, bytes)) === undefined) break
      bytes = await this.#block(copy, signal)
    }
    return bytes
  }

  /** In place of the CAR's own index, which is gone by until the pass has come to its end. */
  async #pass(): Promise<void> {
    const { signal } = this.#options
    try {
      const car = await readCar(chunksOf(this.#access, 0, signal), this.#options)
      await this.#index(car.batches())
      this.#foreign = false
    } catch (error) {
      // what could not be read once may be read the next time
      this.#passing = undefined
      throw error
    }
  }

  async #index(batches: AsyncIterable<readonly CarBlock[]>): Promise<void> {
    const { onProgress, each } = this.#options
    const table = new DigestTable()
    const copies = new Map<string, Place[]>()
    let blocks = 0
    let total = 0
    try {
      for await (const batch of batches) {
        for (const block of batch) {
          const { cid, offset, bytes } = block
          if (!table.add(cid.multihash.bytes, offset, bytes.length)) again(copies, cid, offset, bytes.length)
          total += bytes.length
          const seeing = each?.(block)
          if (seeing !== undefined) await seeing
        }
        blocks += batch.length
        onProgress?.({ type: 'autocodec:dag:blocks', detail: { blocks, bytes: total } })
      }
    } catch (error) {
      if (!(error instanceof DagError)) throw error
      this.fault = error
    }
    this.#table = table
    this.#copies = copies
  }

  async #block({ offset, length }: Place, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const bytes = await this.#access.read(offset, length, { signal })
    if (bytes.length < length) throw this.#shorter(offset + bytes.length)
    return bytes
  }

  /** The section at an offset that the CAR's index names; undefined if there is none. */
  async #section(offset: number, signal: AbortSignal | undefined): Promise<CarBlock | undefined> {
    const { maxBlock = DEFAULT_MAX_BLOCK } = this.#options
    const sections = new Sections(offset, this.#access.size, maxBlock)
    const to: CarBlock[] = []
    for (let length = FIRST_READ; !sections.done; length = CHUNK) {
      const chunk = await this.#access.read(sections.pos, length, { signal })
      if (chunk.length === 0) return undefined
      sections.push(chunk)
      sections.read(to, 1)
      if (to.length > 0) return to[0]
    }
    return undefined
  }

  #shorter(offset: number): DagError {
    return new DagError('CAR_TRUNCATED', `${this.name} has become shorter: it ends at byte ${offset}`, { offset })
  }
}

const DEFAULT_MAX_BLOCK = 128 << 20
/** Copies of one block that are remembered: more are of no use to anybody but who wants to waste time. */
const MOST_COPIES = 16
/** Most blocks that an index names are read at once with so much. */
const FIRST_READ = 1 << 16

async function* chunksOf(access: RandomAccess, start: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < access.size; ) {
    const chunk = await access.read(at, CHUNK, { signal })
    if (chunk.length === 0) return
    at += chunk.length
    yield chunk
  }
}

/** Bytes in memory, as what can be read anywhere. */
export function bytesAccess(bytes: Uint8Array, name = 'memory'): RandomAccess {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length)
  }
}

/** A Blob or File, as browsers give it. */
export function blobAccess(blob: Blob, name = 'blob'): RandomAccess {
  return {
    name,
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
  }
}

/** A block that the CAR has once more. */
function again(all: Map<string, Place[]>, cid: CID, offset: number, length: number): void {
  const key = digestKey(cid)
  const copies = all.get(key)
  if (copies === undefined) all.set(key, [{ offset, length }])
  else if (copies.length < MOST_COPIES) copies.push({ offset, length })
}
