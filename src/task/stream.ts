/** Streams of chunks that a function draws from (docs/functions.md section 4). What comes is a function of the blocks alone. */
import type { Codec } from '../codec/codec.js'
import type { Host } from '../codec/host.js'
import type { Blocks } from '../dag/blocks.js'
import { digestKey } from '../dag/key.js'
import { type Layout, layoutFor, loadLayout } from '../dag/layout/layout.js'
import { openLayout } from '../dag/layout/open.js'
import { walkBlocks } from '../dag/walk-blocks.js'
import type { CID } from '../ipld/index.js'
import type { Account } from './account.js'
import { TaskError } from './errors.js'

export const STREAM_KINDS = ['file', 'blocks', 'dag', 'bytes'] as const
export type StreamKind = (typeof STREAM_KINDS)[number]

/** What a stream is of: all that is needed to open it again. */
export interface StreamSource {
  readonly kind: StreamKind
  readonly source: readonly CID[]
  readonly offset: number
  readonly length: number | undefined
  /** of a root that is the function's own: how many links had been shown when it was opened. Undefined for all others, which may lead anywhere */
  readonly since?: number
}

interface Chunk {
  readonly bytes: Uint8Array
  /** of a block */
  readonly cid?: CID
  /** what stands in it are the function's own words */
  readonly own: boolean
}

/** What streams need of the run. */
export interface StreamContext {
  readonly host: Host
  /** verified */
  readonly blocks: Blocks
  readonly signal: AbortSignal | undefined
  /** codecs by multicodec */
  codec(code: number): Promise<Codec>
  /** what has been shown */
  readonly account: Account
}

/** Blocks of a list that are asked for before their turn. */
const AHEAD = 4

export class Stream {
  /** bytes in all, if that is known before they are read */
  readonly size: number | undefined
  readonly of: StreamSource
  /** chunks and bytes that have been given */
  chunks = 0
  bytes = 0
  readonly #chunks: AsyncIterator<Chunk>

  private constructor(of: StreamSource, size: number | undefined, chunks: AsyncIterable<Chunk>) {
    this.of = of
    this.size = size
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  static async open(of: StreamSource, context: StreamContext): Promise<Stream> {
    const { kind, source, offset, length, since } = of
    const guard = since === undefined ? undefined : new Guard(context, since)
    if (kind === 'file') return Stream.#file(of, context, guard)
    if (kind === 'dag') return new Stream(of, undefined, dag(source[0], context, guard))
    return new Stream(of, undefined, kind === 'bytes' ? part(list(source, context), offset, length) : list(source, context))
  }

  static async #file(of: StreamSource, { host, blocks: unguarded, signal }: StreamContext, guard: Guard | undefined): Promise<Stream> {
    const blocks = guard ?? unguarded
    const [root] = of.source
    const get = async (cid: CID): Promise<Uint8Array> => {
      const bytes = await blocks.get(cid, { signal })
      if (bytes === undefined) throw missing(cid)
      return bytes
    }
    const layout = layoutOf(root.code, host)
    const file = await openLayout(host, { root, layout: layout && (await layout), get, verify: false, signal })
    if (file.kind !== 'file') throw new TaskError('UNREADABLE', `${root} is a ${file.kind}, expected a file`)
    const all = file.size ?? 0
    const offset = Math.min(of.offset, all)
    const length = Math.min(of.length ?? all, all - offset)
    return new Stream(of, length, whole(length === 0 ? none() : file.bytes({ offset, length }), guard !== undefined))
  }

  async next(): Promise<Chunk | undefined> {
    const { done, value } = await this.#chunks.next()
    if (done === true) return undefined
    this.chunks++
    this.bytes += value.bytes.length
    return value
  }

  /** Goes to where another was after so many chunks. @throws TaskError CHECKPOINT */
  async skip(chunks: number): Promise<void> {
    while (this.chunks < chunks)
      if ((await this.next()) === undefined) throw new TaskError('CHECKPOINT', `a stream of ${this.chunks} chunks, expected ${chunks} at least`)
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

/** The usual layouts, loaded once for a host: those that are shipped, under the default limits. */
const layouts = new WeakMap<object, Map<number, Promise<Layout>>>()

function layoutOf(code: number, host: Host): Promise<Layout> | undefined {
  const entry = layoutFor(code)
  if (entry === undefined) return undefined
  const known = layouts.get(host) ?? new Map<number, Promise<Layout>>()
  layouts.set(host, known)
  const loading = known.get(code) ?? loadLayout(host, entry.cid)
  known.set(code, loading)
  loading.catch(() => known.delete(code))
  return loading
}

export function missing(cid: CID): TaskError {
  return new TaskError('BLOCK_NOT_FOUND', `nobody has block ${cid}`)
}

async function* none(): AsyncGenerator<Uint8Array> {}

async function* whole(chunks: AsyncIterable<Uint8Array>, own: boolean): AsyncGenerator<Chunk> {
  for await (const bytes of chunks) yield { bytes, own }
}

/** A few are asked for ahead; which of them come sooner makes no difference. */
async function* list(cids: readonly CID[], { blocks, signal, account }: StreamContext): AsyncGenerator<Chunk> {
  const coming: Promise<Uint8Array | undefined>[] = []
  let asked = 0
  for (const cid of cids) {
    for (; asked < cids.length && coming.length < AHEAD; asked++) {
      const got = blocks.get(cids[asked], { signal })
      // it is waited for later
      got.catch(() => {})
      coming.push(got)
    }
    const bytes = await coming.shift()
    if (bytes === undefined) throw missing(cid)
    yield { bytes, cid, own: account.isOwn(cid) }
  }
}

async function* dag(root: CID, { blocks, signal, codec }: StreamContext, guard: Guard | undefined): AsyncGenerator<Chunk> {
  for await (const { state, cid, bytes } of walkBlocks([root], { blocks: guard ?? blocks, codecs: codec, signal })) {
    if (state === 'block' && bytes !== undefined) yield { bytes, cid, own: guard?.isOwn(cid) ?? false }
  }
}

/**
 * The blocks that a stream may read whose root is the function's own: what had been shown when it was opened, and what blocks that are not the function's own link to. Not what has been
 * shown since: blocks are asked for ahead of their turn, and again when a run goes on from a checkpoint.
 */
class Guard implements Blocks {
  readonly name = 'blocks that were shown'
  readonly #context: StreamContext
  readonly #since: number
  /** of blocks that are not the function's own, by key */
  readonly #linked = new Set<string>()

  constructor(context: StreamContext, since: number) {
    this.#context = context
    this.#since = since
  }

  isOwn(cid: CID): boolean {
    return !this.#linked.has(digestKey(cid)) && this.#context.account.isOwn(cid, this.#since)
  }

  async get(cid: CID): Promise<Uint8Array | undefined> {
    const { account, blocks, signal, codec } = this.#context
    const linked = this.#linked.has(digestKey(cid))
    if (!linked) account.checkShown(cid, this.#since)
    const bytes = await blocks.get(cid, { signal })
    if (bytes === undefined || (!linked && this.isOwn(cid))) return bytes
    for (const link of (await codec(cid.code)).links(bytes)) this.#linked.add(digestKey(link))
    return bytes
  }
}

/** The bytes of the blocks from `offset` on, as many as `length` says. */
async function* part(chunks: AsyncIterable<Chunk>, offset: number, length = Number.MAX_SAFE_INTEGER): AsyncGenerator<Chunk> {
  let at = 0
  const end = Math.min(offset + length, Number.MAX_SAFE_INTEGER)
  for await (const { bytes, cid, own } of chunks) {
    const from = Math.max(offset - at, 0)
    const to = Math.min(end - at, bytes.length)
    at += bytes.length
    if (from < to) yield { bytes: bytes.subarray(from, to), cid, own }
    if (at >= end) return
  }
}
