/**
 * Content archives, versions 1 and 2: a header with roots, then blocks, each behind its CID.
 * The parsing of headers and CIDs is `@ipld/car`'s; the bounds, the offsets and the errors are ours.
 */
import { readBlockHead, readHeader } from '@ipld/car/decoder'
import { varint } from 'multiformats'
import type { CID } from 'multiformats/cid'
import { DagError } from './errors.js'
import { ByteStream } from './stream.js'

/** A block as a CAR holds it. Nothing has checked yet that the bytes are those that the CID names: see `verifyBlock`. */
export interface CarBlock {
  readonly cid: CID
  readonly bytes: Uint8Array
  /** where the block's bytes begin, counted from the start of the CAR */
  readonly offset: number
}

export interface Car {
  readonly version: 1 | 2
  readonly roots: readonly CID[]
  /** The blocks in the order of the file, each read when it is asked for; once only. An error comes after everything that stood before it. */
  blocks(): AsyncGenerator<CarBlock, void, undefined>
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
 * Reads a CAR from bytes or from a stream of chunks of any size. Holds one block at a time.
 *
 * @throws DagError `NOT_A_CAR`, `CAR_TRUNCATED`, `CAR_MALFORMED`, `CAR_TOO_LARGE`, each with the byte offset; from here for the header, from `blocks()` for the rest
 */
export async function readCar(input: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: CarOptions = {}): Promise<Car> {
  const stream = new ByteStream(input instanceof Uint8Array ? [input] : input, MAX_HEADER)
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
    return { version: header.version as 1 | 2, roots: header.roots, blocks: () => readBlocks(stream, maxBlock, signal) }
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

async function* readBlocks(stream: ByteStream, maxBlock: number, signal: AbortSignal | undefined): AsyncGenerator<CarBlock, void, undefined> {
  const end = stream.end
  stream.what = 'block'
  stream.longest = maxBlock
  try {
    while (!(await stream.ended())) {
      signal?.throwIfAborted()
      yield await readBlock(stream)
      stream.end = end
    }
    // a version 2 header says how much there is; version 1 just ends
    if (end !== Number.POSITIVE_INFINITY && stream.pos < end) throw stream.truncated(end - stream.pos)
  } finally {
    await stream.close()
  }
}

async function readBlock(stream: ByteStream): Promise<CarBlock> {
  const start = stream.pos
  const head = await stream.upTo(9)
  const length = lengthAt(head)
  if (length === undefined) {
    if (head.length < 9 && head.every((byte) => byte >= 0x80)) throw stream.truncated()
    throw new DagError('CAR_MALFORMED', `byte ${start}: a block should begin with its length, a varint`, { offset: start })
  }
  if (length.value === 0) throw new DagError('CAR_MALFORMED', `byte ${start}: a block of length 0, which has no room for a CID`, { offset: start })
  const end = start + length.bytes + length.value
  if (end > stream.end) {
    throw new DagError('CAR_MALFORMED', `byte ${start}: a block of ${length.value} bytes reaches beyond the end of the data at byte ${stream.end}`, {
      offset: start
    })
  }
  stream.end = end
  const { cid, blockLength } = await readBlockHead(stream).catch(async (error: unknown) => {
    if (error instanceof DagError) throw error
    if ((await stream.upTo(10)).length < Math.min(10, end - stream.pos)) throw stream.truncated()
    throw new DagError('CAR_MALFORMED', `byte ${stream.pos}: no CID in front of the block: ${(error as Error).message}`, { offset: stream.pos, cause: error })
  })
  const offset = stream.pos
  return { cid, offset, bytes: await stream.exactly(blockLength, true) }
}

/** A varint and its own length; undefined if there is none or it exceeds 53 bits. */
function lengthAt(bytes: Uint8Array): { value: number; bytes: number } | undefined {
  try {
    const [value, length] = varint.decode(bytes)
    return Number.isSafeInteger(value) ? { value, bytes: length } : undefined
  } catch {
    return undefined
  }
}
