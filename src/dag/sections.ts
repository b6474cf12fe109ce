/** The sections of a CAR, parsed from chunks as they come: all that a chunk holds at once, with no promise between. */
import type { CID } from 'multiformats/cid'
import { CID as Cid, cidAt, makeCid } from '../ipld/index.js'
import type { CarBlock } from './car.js'
import { DagError } from './errors.js'
import { SHORT, varint, varintAt } from './varint.js'

const SHA2_256 = 0x12
/** A CID of version 0: sha2-256 with 32 bytes, and nothing in front of it. */
const CID_0 = 34

/** What a CID of version 1 begins with. */
const FIELDS = ['version', 'codec', 'hash function', 'length of the digest']

/** A section whose CID has been read: where its block begins, counted from the section's first byte, and what it would take to go on. */
interface Head {
  readonly block: number
  readonly end: number
  readonly cid: CID | undefined
}

/**
 * ```
 *  section   varint  length of what follows
 *            CID
 *            block
 * ```
 * Blocks are views of the chunk that they stand in; only those that lie across chunks are put together.
 */
export class Sections {
  /** why nothing follows what has been read */
  fault: DagError | undefined
  readonly #end: number
  readonly #maxBlock: number
  /** the chunk being read, where the next section begins in it, and where its first byte stands in the CAR */
  #chunk: Uint8Array = new Uint8Array(0)
  #at = 0
  #base: number
  /** a section that lies across chunks: what there is of it, how much that is, and with how much one can go on */
  #parts: Uint8Array[] = []
  #have = 0
  #need = 0

  /** @param pos where the first section begins @param end where the last one must end; Infinity if only the end of the chunks says it */
  constructor(pos: number, end: number, maxBlock: number) {
    this.#base = pos
    this.#end = end
    this.#maxBlock = maxBlock
  }

  /** The byte that comes next: all before it is in blocks that have been given, or in the section that waits for more. */
  get pos(): number {
    return this.#base + this.#at
  }

  /** Nothing more is wanted: the end that the header names has come, or a fault. */
  get done(): boolean {
    return this.fault !== undefined || this.pos >= this.#end
  }

  /** The next chunk; the one before must have been read to its end. */
  push(chunk: Uint8Array): void {
    this.#base = this.pos
    const left = this.#end - this.#base
    this.#chunk = left < chunk.length ? chunk.subarray(0, left) : chunk
    this.#at = 0
  }

  /** Up to `max` blocks that the chunks so far hold, at the end of `to`; none if another chunk is needed, or after a fault. */
  read(to: CarBlock[], max: number): void {
    if (this.fault !== undefined) return
    if (this.#have > 0 && !this.#gather(to)) return
    const chunk = this.#chunk
    for (let left = max - to.length; left > 0 && this.#at < chunk.length; left--) {
      const head = this.#head(chunk, this.#at, chunk.length, this.#base + this.#at)
      if (head === undefined) return
      if (head.cid === undefined || head.end > chunk.length) {
        this.#keep(chunk.subarray(this.#at), head.end - this.#at)
        return
      }
      const { cid, block, end } = head
      to.push({ cid, bytes: chunk.subarray(block, end), offset: this.#base + block })
      this.#at = end
    }
  }

  /** That the chunks end here. Sets `fault` if that is inside a section, or before the end that the header names. */
  finish(): void {
    if (this.fault !== undefined) return
    const { pos } = this
    if (this.#have > 0 || (this.#end !== Number.POSITIVE_INFINITY && pos < this.#end)) {
      const from = pos - this.#have
      const missing = this.#have > 0 ? Math.max(1, this.#need - this.#have) : this.#end - pos
      this.fault = new DagError(
        'CAR_TRUNCATED',
        `the CAR ends at byte ${pos}, inside a block that goes on from byte ${from}, at least ${missing} bytes too early`,
        {
          offset: pos
        }
      )
    }
  }

  /** Goes on with the section that lies across chunks. False if there is still not enough of it. */
  #gather(to: CarBlock[]): boolean {
    while (this.#at < this.#chunk.length) {
      const from = this.pos - this.#have
      const part = this.#chunk.subarray(this.#at, this.#at + this.#need - this.#have)
      this.#keep(part, this.#need)
      if (this.#have < this.#need) return false
      const section = join(this.#parts, this.#have)
      const head = this.#head(section, 0, section.length, from)
      if (head === undefined) return false
      if (head.cid !== undefined && head.end <= section.length) {
        to.push({ cid: head.cid, bytes: section.subarray(head.block, head.end), offset: from + head.block })
        this.#parts = []
        this.#have = 0
        return true
      }
      this.#parts = [section]
      this.#need = head.end
    }
    return false
  }

  #keep(part: Uint8Array, need: number): void {
    this.#parts.push(part)
    this.#have += part.length
    this.#at += part.length
    this.#need = need
  }

  /**
   * Reads what stands before a block. Without a CID the bytes end before the CID does, and `end` is how far they must go to tell more. Undefined after a fault.
   *
   * @param pos of the section's first byte in the CAR
   */
  #head(bytes: Uint8Array, at: number, limit: number, pos: number): Head | undefined {
    const length = varintAt(bytes, at, limit)
    if (length < 0) {
      if (length === SHORT && pos + limit - at < this.#end) return { block: 0, end: limit + 1, cid: undefined }
      return this.#malformed(pos, 'a block should begin with its length, a varint')
    }
    if (length === 0) return this.#malformed(pos, 'a block of length 0, which has no room for a CID')
    const start = at + varint.length
    const end = start + length
    if (pos + end - at > this.#end) return this.#malformed(pos, `a block of ${length} bytes reaches beyond the end of the data at byte ${this.#end}`)
    const stop = Math.min(end, limit)

    // nearly every CID: version 1, a codec of one byte or two, sha2-256 with 32 bytes
    const size = bytes[start + 1] < 0x80 ? 36 : 37
    const hash = start + size - CID_0
    if (start + size <= stop && bytes[start] === 1 && bytes[hash] === SHA2_256 && bytes[hash + 1] === 32 && (size === 36 || isSecond(bytes[start + 2]))) {
      return this.#sized(pos + start + size - at, { block: start + size, end, cid: end <= limit ? this.#common(bytes, start, size) : undefined })
    }
    return this.#anyCid(bytes, { start, stop, end, pos: pos + start - at })
  }

  #common(bytes: Uint8Array, start: number, size: number): CID {
    if (size === 36) return cidAt(bytes, start, size)
    const { buffer } = bytes as Uint8Array<ArrayBuffer>
    const at = bytes.byteOffset + start
    const code = (bytes[start + 1] & 0x7f) + bytes[start + 2] * 0x80
    return makeCid(code, new Uint8Array(buffer, at, size), new Uint8Array(buffer, at + 3, CID_0), new Uint8Array(buffer, at + 5, 32))
  }

  /** A CID of any other form. `pos` is where it begins in the CAR. */
  #anyCid(bytes: Uint8Array, { start, stop, end, pos }: { start: number; stop: number; end: number; pos: number }): Head | undefined {
    const more: Head = { block: 0, end: stop + 1, cid: undefined }
    let size = CID_0
    if (!(bytes[start] === SHA2_256 && (stop - start < 2 || bytes[start + 1] === 32))) {
      let at = start
      for (let i = 0; i < FIELDS.length; i++) {
        const value = varintAt(bytes, at, stop)
        if (value === SHORT && stop < end) return more
        if (value < 0) return this.#malformed(pos + at - start, `no CID in front of the block: no varint for its ${FIELDS[i]}`)
        if (i === 0 && value !== 1) return this.#malformed(pos, `no CID in front of the block: its version is ${value}, expected 1`)
        at += varint.length
        size = at - start + value
      }
    }
    if (start + size > end) return this.#malformed(pos, `no CID in front of the block: it has ${size} bytes, in a section of ${end - start}`)
    if (size > this.#maxBlock) return this.#tooLarge(pos, 'CID', size)
    if (start + size > stop) return { block: 0, end: start + size, cid: undefined }
    try {
      const cid = Cid.decode(bytes.subarray(start, start + size))
      return this.#sized(pos + size, { block: start + size, end, cid })
    } catch (error) {
      return this.#malformed(pos, `no CID in front of the block: ${(error as Error).message}`, error)
    }
  }

  #sized(pos: number, head: Head): Head | undefined {
    return head.end - head.block > this.#maxBlock ? this.#tooLarge(pos, 'block', head.end - head.block) : head
  }

  #tooLarge(pos: number, what: string, size: number): undefined {
    this.fault = new DagError('CAR_TOO_LARGE', `byte ${pos}: a ${what} of ${size} bytes, the limit is ${this.#maxBlock}`, { offset: pos })
  }

  #malformed(pos: number, what: string, cause?: unknown): undefined {
    this.fault = new DagError('CAR_MALFORMED', `byte ${pos}: ${what}`, { offset: pos, cause })
  }
}

/** The last of the two bytes of a varint. */
function isSecond(byte: number): boolean {
  return byte > 0 && byte < 0x80
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
