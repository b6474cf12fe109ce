/** Blocks in, decoded blocks out: in order, each verified, as fast as the reader asks for them. */
import type { CID } from 'multiformats/cid'
import { type Codec, CodecError, HostError } from '../codec/index.js'
import { SandboxError } from '../sandbox/errors.js'
import { type Block, type BlockSource, batchesOf } from './batch.js'
import type { Check } from './check.js'
import type { DagError } from './errors.js'
import { flat } from './flat.js'
import type { OnProgress } from './progress.js'
import { faultOf } from './verify.js'
import type { Workers } from './workers/interface.js'

/** Bytes that the CID names, with what their codec says of them. */
export interface DecodedBlock {
  readonly cid: CID
  readonly bytes: Uint8Array
  /** where the bytes begin in the CAR that they come from */
  readonly offset?: number
  /** undefined after a fault, or if no values were asked for */
  // biome-ignore lint/suspicious/noExplicitAny: a block of any shape, as `Codec.decode` gives it
  readonly value?: any
  /** the CIDs in the block, in its order; undefined after a fault, or if no links were asked for */
  readonly links?: readonly CID[]
  /** why it could not be read, where faults are reported */
  readonly fault?: BlockFault
}

/** DagError `HASH_MISMATCH` or `UNKNOWN_HASH`, HostError if there is no codec, CodecError or SandboxError if it refuses the block. */
export type BlockFault = DagError | HostError | CodecError | SandboxError

/** The codec for a multicodec, at once if it has been loaded: `host.loader`. */
export type Codecs = (code: number) => Codec | Promise<Codec>

export interface DecodeStreamOptions {
  /** not asked if neither values nor links are wanted: then blocks are only verified */
  readonly codecs?: Codecs
  /** give each block's value; default true */
  readonly values?: boolean
  /** give each block's links; default true */
  readonly links?: boolean
  /** how hashes are checked; false if whoever gives the blocks has done that */
  readonly check?: Check | false
  /** `throw`, the default: the stream ends with the first fault, after all blocks before it. `report`: a block that cannot be read has its `fault`, and the stream goes on */
  readonly faults?: 'throw' | 'report'
  /** as for `Codec.decode`; default true */
  readonly strict?: boolean
  /**
   * Verify and decode in other threads: `nodeWorkers` of `autocodec/dag/node`, `webWorkers` of `autocodec/dag`. See `Workers` for when that pays. Blocks come in order all the same;
   * read ahead, and held, are at most two batches a worker. Their limits are those of the workers.
   */
  readonly workers?: Workers
  /** ends the stream with the signal's reason */
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}

/** Single blocks by iteration, or many at a time; once only. */
export interface DecodedBlocks extends AsyncIterable<DecodedBlock> {
  batches(): AsyncGenerator<readonly DecodedBlock[], void, undefined>
}

/**
 * Verifies and decodes a stream of blocks. What the reader has not asked for is not taken from the source, but for the rest of a batch.
 *
 * @example
 * ```ts
 * import { createHost, CID } from 'autocodec'
 * import { decodeBlocks } from 'autocodec/dag'
 * const host = await createHost()
 * const cid = CID.parse('bafyreidykglsfhoixmivffc5uwhcgshx4j465xwqntbmu43nb2dzqwfvae')
 * const blocks = [{ cid, bytes: (await host.codec('dag-cbor')).encode({ hello: 'world' }) }]
 * for await (const { value } of decodeBlocks(blocks, { codecs: host.loader })) if (value.hello !== 'world') throw new Error('not the same')
 * ```
 * @throws what the source throws; a `BlockFault`, unless faults are reported
 */
export function decodeBlocks(source: BlockSource, options: DecodeStreamOptions): DecodedBlocks {
  const { codecs, values, links } = options
  if (codecs === undefined && !(values === false && links === false)) throw new TypeError('codecs: got none, expected host.loader or its like')
  const batches = () => (options.workers === undefined ? decodeBatches(source, options) : decodeElsewhere(source, options, options.workers))
  return { batches, [Symbol.asyncIterator]: () => flat(batches(), options.signal) }
}

async function* decodeElsewhere(source: BlockSource, options: DecodeStreamOptions, workers: Workers): AsyncGenerator<readonly DecodedBlock[], void, undefined> {
  const { decodeByWorkers } = await import('./workers/decode.js')
  yield* decodeByWorkers(source, options, workers)
}

async function* decodeBatches(source: BlockSource, options: DecodeStreamOptions): AsyncGenerator<readonly DecodedBlock[], void, undefined> {
  const { signal } = options
  const decoder = new BatchDecoder(options)
  const tally = new Tally(options)
  for await (const batch of batchesOf(source)) {
    signal?.throwIfAborted()
    const faults = await decoder.prepare(batch)
    signal?.throwIfAborted()
    yield* tally.given(batch.length, (i) => decoder.decode(batch[i], faults[i]))
  }
}

/** What becomes of a batch that has been decoded: its faults thrown or told, and all of it counted. */
export class Tally {
  readonly #options: DecodeStreamOptions
  #blocks = 0
  #bytes = 0

  constructor(options: DecodeStreamOptions) {
    this.#options = options
  }

  *given(length: number, decode: (at: number) => DecodedBlock): Generator<readonly DecodedBlock[], void, undefined> {
    const { onProgress, faults = 'throw' } = this.#options
    const decoded: DecodedBlock[] = []
    for (let i = 0; i < length; i++) {
      const made = decode(i)
      if (made.fault !== undefined) {
        if (faults === 'throw') {
          if (decoded.length > 0) yield decoded
          throw made.fault
        }
        onProgress?.({ type: 'autocodec:dag:fault', detail: { cid: made.cid, fault: made.fault } })
      }
      decoded.push(made)
      this.#bytes += made.bytes.length
    }
    this.#blocks += decoded.length
    onProgress?.({ type: 'autocodec:dag:blocks', detail: { blocks: this.#blocks, bytes: this.#bytes } })
    yield decoded
  }
}

export class BatchDecoder {
  readonly #options: DecodeStreamOptions
  readonly #codecs = new Map<number, Codec | BlockFault>()

  constructor(options: DecodeStreamOptions) {
    this.#options = options
  }

  /** Hashes, and codecs that have not been met: what may have to be waited for, at most once a batch. Answers the faults of blocks that have one. */
  async prepare(batch: readonly Block[]): Promise<(DagError | undefined)[]> {
    const faults = await this.verify(batch)
    await this.meet(batch, faults)
    return faults
  }

  async verify(batch: readonly Block[]): Promise<(DagError | undefined)[]> {
    const { check } = this.#options
    const faults: (DagError | undefined)[] = []
    if (check === false) return faults
    const waiting: Promise<void>[] = []
    for (let i = 0; i < batch.length; i++) {
      const fault = faultOf(batch[i].cid, batch[i].bytes, { check })
      if (fault instanceof Promise) waiting.push(fault.then((found) => void (faults[i] = found)))
      else if (fault !== undefined) faults[i] = fault
    }
    if (waiting.length > 0) await Promise.all(waiting)
    return faults
  }

  async meet(batch: readonly Block[], faults: readonly (DagError | undefined)[]): Promise<void> {
    const { values, links } = this.#options
    if (values === false && links === false) return
    for (let i = 0; i < batch.length; i++) {
      const { code } = batch[i].cid
      if (!this.#codecs.has(code) && faults[i] === undefined) this.#codecs.set(code, await this.#codec(code))
    }
  }

  /** The codecs met so far, by multicodec, or why there is none. */
  get codecs(): ReadonlyMap<number, Codec | BlockFault> {
    return this.#codecs
  }

  async #codec(code: number): Promise<Codec | BlockFault> {
    try {
      return await (this.#options.codecs as Codecs)(code)
    } catch (error) {
      return faultFrom(error)
    }
  }

  /** @param found what `prepare` has found wrong with it */
  decode({ cid, bytes, offset }: Block, found: BlockFault | undefined): DecodedBlock {
    const { values = true, links: wanted = true, strict } = this.#options
    if (found !== undefined) return { cid, bytes, offset, value: undefined, links: undefined, fault: found }
    if (!values && !wanted) return { cid, bytes, offset, value: undefined, links: undefined, fault: undefined }
    const codec = this.#codecs.get(cid.code) as Codec | BlockFault
    if (codec instanceof Error) return { cid, bytes, offset, value: undefined, links: undefined, fault: codec }
    try {
      if (!values) return { cid, bytes, offset, value: undefined, links: codec.links(bytes, { strict }), fault: undefined }
      const links: CID[] | undefined = wanted ? [] : undefined
      return { cid, bytes, offset, value: codec.decode(bytes, { strict, links }), links, fault: undefined }
    } catch (error) {
      return { cid, bytes, offset, value: undefined, links: undefined, fault: faultFrom(error) }
    }
  }
}

/** What is wrong with the block or its codec; anything else is thrown. */
export function faultFrom(error: unknown): BlockFault {
  if (error instanceof CodecError || error instanceof SandboxError || error instanceof HostError) return error
  throw error
}
