/**
 * Content archives, versions 1 and 2: a header with roots, then blocks, each behind its CID.
 * The parsing of headers is `@ipld/car`'s; that of the blocks is ours, since it is done once a chunk and not once a block.
 */
import { readHeader } from '@ipld/car/decoder'
import type { CID } from 'multiformats/cid'
import { DagError } from './errors.js'
import { flat } from './flat.js'
import { Sections } from './sections.js'
import { ByteStream, type Chunks } from './stream.js'
import { varint, varintAt } from './varint.js'

/**
 * A block as a CAR holds it. Nothing has checked yet that the bytes are those that the CID names: see `verifyBlock`.
 * Both are views of the chunk that the block came in: whoever keeps few of many blocks should copy them.
 */
export interface CarBlock {
  readonly cid: CID
  readonly bytes: Uint8Array
  /** where the block's bytes begin, counted from the start of the CAR */
  readonly offset: number
}

export interface Car {
  readonly version: 1 | 2
  readonly roots: readonly CID[]
  /** The blocks in the order of the file; once only. An error comes after everything that stood before it. */
  blocks(): AsyncIterableIterator<CarBlock, void, undefined>
  /** The same, many at a time: all that has come so far, at least one and at most 64. For those who read small blocks by the million. Once only too. */
  batches(): AsyncGenerator<CarBlock[], void, undefined>
}

export interface CarOptions {
  /** longest block, in bytes; default 128 MiB */
  readonly maxBlock?: number
  /** ends the reading with the signal's reason */
  readonly signal?: AbortSignal
}

const MAX_HEADER = 8 << 20
const MAX_BLOCK = 128 << 20
/** version 1: a map of `roots` and `version`; version 2: a map of `version` */
const MAP_OF_ONE = 0xa1
const MAP_OF_TWO = 0xa2

/**
 * Reads a CAR from bytes or from a stream of chunks of any size. Holds one chunk at a time, and a block that is longer than that.
 *
 * @throws DagError `NOT_A_CAR`, `CAR_TRUNCATED`, `CAR_MALFORMED`, `CAR_TOO_LARGE`, each with the byte offset; from here for the header, from `blocks()` for the rest
 */
export async function readCar(input: Chunks, options: CarOptions = {}): Promise<Car> {
  const stream = new ByteStream(input, MAX_HEADER, options.signal)
  const { maxBlock = MAX_BLOCK, signal } = options
  try {
    signal?.throwIfAborted()
    await expectHeader(stream)
    const header = await readHeader(stream).catch(async (error: unknown) => {
      if (error instanceof DagError) throw error
      // version 2 has its second header at an offset, which may lie beyond the end
      if (stream.pos > 0 && (await stream.ended()) && (error instanceof RangeError || (error as Error).message === 'Unexpected end of data'))
        throw stream.truncated()
      throw new DagError('NOT_A_CAR', `not a CAR: its header is invalid: ${(error as Error).message}`, { offset: 0, cause: error })
    })
    if (header.version === 2) {
      stream.end = header.dataOffset + header.dataSize
      if (stream.end < stream.pos) {
        throw new DagError('CAR_MALFORMED', `byte ${stream.pos}: the header says that the data ends at byte ${stream.end}`, { offset: stream.pos })
      }
    }
    const batches = () => readBatches(stream, maxBlock, signal)
    return { version: header.version as 1 | 2, roots: header.roots, blocks: () => flat(batches(), signal), batches }
  } catch (error) {
    await stream.close()
    throw error
  }
}

/** Tells what is no CAR from what is one cut short, which the length alone does not. */
async function expectHeader(stream: ByteStream): Promise<void> {
  const start = await stream.upTo(10)
  if (start.length === 0) throw new DagError('NOT_A_CAR', 'not a CAR: there are 0 bytes', { offset: 0 })
  const size = lengthAt(start)
  const first = size === undefined ? undefined : start[size.bytes]
  if (
    size === undefined
      ? start.length >= 9 || start.some((byte) => byte < 0x80)
      : size.value === 0 || (first !== undefined && first !== MAP_OF_ONE && first !== MAP_OF_TWO)
  ) {
    throw new DagError('NOT_A_CAR', `not a CAR: it begins with ${Array.from(start.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`, {
      offset: 0
    })
  }
  if (size === undefined) throw stream.truncated()
}

/** Blocks that are given at once: enough that the promise between does not count, and few enough that whoever stops early has not waited for much. */
const BATCH = 64

async function* readBatches(stream: ByteStream, maxBlock: number, signal: AbortSignal | undefined): AsyncGenerator<CarBlock[], void, undefined> {
  const sections = new Sections(stream.pos, stream.end, maxBlock)
  try {
    let chunk: Uint8Array | undefined = stream.take()
    do {
      signal?.throwIfAborted()
      sections.push(chunk)
      for (;;) {
        const batch: CarBlock[] = []
        sections.read(batch, BATCH)
        if (batch.length === 0) break
        yield batch
        signal?.throwIfAborted()
      }
      chunk = sections.done ? undefined : await stream.next()
    } while (chunk !== undefined)
    sections.finish()
    if (sections.fault !== undefined) throw sections.fault
  } finally {
    await stream.close()
  }
}

/** A varint and its own length; undefined if there is none or it exceeds 53 bits. */
function lengthAt(bytes: Uint8Array): { value: number; bytes: number } | undefined {
  const value = varintAt(bytes, 0, bytes.length)
  return value < 0 ? undefined : { value, bytes: varint.length }
}
