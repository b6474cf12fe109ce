/** The index that a CAR of version 2 may have behind its data: IndexSorted and MultihashIndexSorted (ipld.io/specs/transport/car/carv2). */
import type { RandomAccess } from './car-blocks.js'
import { DigestTable } from './digest-table.js'
import { varint, varintAt } from './varint.js'

const PRAGMA = 11
const HEADER = 40
/** First bit of the header's characteristics: the index has every block, identity CIDs too. */
const FULLY_INDEXED = 0x80

const INDEX_SORTED = 0x0400
const MULTIHASH_INDEX_SORTED = 0x0401
const SHA2_256 = 0x12

interface FoundIndex {
  readonly table: DigestTable
  /** what is not in it is not in the CAR, says the CAR */
  readonly complete: boolean
}

/**
 * ```
 *  pragma 11   header 40: characteristics 16, data offset 8, data size 8, index offset 8   …   index
 *
 *  index       varint codec
 *              MultihashIndexSorted: u32 count of { u64 hash function, IndexSorted }
 *              IndexSorted:          u32 count of { u32 width, u64 bytes of { digest (width − 8), u64 offset of the section in the data } }
 * ```
 * All numbers are little-endian. Undefined if there is no index or anything is wrong with it: then the blocks themselves are the index.
 */
export async function readIndex(access: RandomAccess, signal?: AbortSignal): Promise<FoundIndex | undefined> {
  const header = await access.read(PRAGMA, HEADER, { signal })
  if (header.length < HEADER) return undefined
  const view = new DataView(header.buffer, header.byteOffset, HEADER)
  const [data, size, at] = [16, 24, 32].map((field) => Number(view.getBigUint64(field, true)))
  if (at === 0 || at < data + size || at >= access.size) return undefined
  const reader = new IndexReader(access, at, { data, size }, signal)
  const complete = (header[0] & FULLY_INDEXED) !== 0
  // an index that does not name hash functions lacks what has another one than the usual
  return (await reader.read()) ? { table: reader.table, complete: complete && reader.named } : undefined
}

/** Hash functions, and lengths of digests of each: more are no index. */
const MOST = 256
/** Entries that are read at a time, in bytes. */
const CHUNK = 1 << 20

class IndexReader {
  readonly table = new DigestTable()
  /** whether it says of what hash function each digest is */
  named = true

  constructor(
    readonly access: RandomAccess,
    public at: number,
    readonly payload: { readonly data: number; readonly size: number },
    readonly signal: AbortSignal | undefined
  ) {}

  /** False for what is no index. */
  async read(): Promise<boolean> {
    const start = await this.access.read(this.at, 9, { signal: this.signal })
    const codec = varintAt(start, 0, start.length)
    if (codec !== INDEX_SORTED && codec !== MULTIHASH_INDEX_SORTED) return false
    this.at += varint.length
    this.named = codec === MULTIHASH_INDEX_SORTED
    if (!this.named) return this.#sorted(SHA2_256)
    const count = await this.#u32()
    if (!(count > 0 && count <= MOST)) return false
    for (let i = 0; i < count; i++) {
      const code = await this.#u64()
      if (Number.isNaN(code) || !(await this.#sorted(code))) return false
    }
    return true
  }

  /** Digests of one hash function, by their length. IndexSorted itself does not name the function: it is the usual one, or the block is found to be another. */
  async #sorted(code: number): Promise<boolean> {
    const count = await this.#u32()
    if (!(count <= MOST)) return false
    for (let i = 0; i < count; i++) {
      const width = await this.#u32()
      const bytes = await this.#u64()
      if (!(width > 8 && width <= CHUNK && bytes % width === 0 && this.at + bytes <= this.access.size)) return false
      if (!(await this.#entries(code, width, bytes))) return false
    }
    return true
  }

  async #entries(code: number, width: number, bytes: number): Promise<boolean> {
    const { data, size } = this.payload
    const head = multihashHead(code, width - 8)
    const multihash = new Uint8Array(head.length + width - 8)
    multihash.set(head)
    const step = Math.floor(CHUNK / width) * width
    for (let left = bytes; left > 0; left -= step) {
      const chunk = await this.#next(Math.min(step, left))
      if (chunk === undefined) return false
      const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length)
      for (let at = 0; at < chunk.length; at += width) {
        const offset = Number(view.getBigUint64(at + width - 8, true))
        if (offset >= size) return false
        multihash.set(chunk.subarray(at, at + width - 8), head.length)
        this.table.add(multihash, data + offset, 0)
      }
    }
    return true
  }

  async #u32(): Promise<number> {
    const bytes = await this.#next(4)
    return bytes === undefined ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
  }

  async #u64(): Promise<number> {
    const bytes = await this.#next(8)
    return bytes === undefined ? Number.NaN : Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
  }

  async #next(length: number): Promise<Uint8Array | undefined> {
    const bytes = await this.access.read(this.at, length, { signal: this.signal })
    if (bytes.length < length) return undefined
    this.at += length
    return bytes
  }
}

/** What stands before the digest in a multihash. */
function multihashHead(code: number, size: number): Uint8Array {
  const bytes: number[] = []
  for (const value of [code, size]) {
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
    bytes.push(rest)
  }
  return Uint8Array.from(bytes)
}
