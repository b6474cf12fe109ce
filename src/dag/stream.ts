/** Chunks as one sequence of bytes with a position, as `@ipld/car`'s decoder wants to read them. */
import { orAbort } from './abort.js'
import { DagError } from './errors.js'

const NONE = new Uint8Array(0)

/** Bytes in one piece or in many: a file, a generator, the body of a response. */
export type Chunks = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>

/**
 * Reads forward through chunks. It reads no further than `end`, whatever lengths the data claims, so a false length is found where it stands and not after
 * all that follows has been collected in memory.
 */
export class ByteStream {
  /** bytes before the next one to read */
  pos = 0
  /** the position that no read may pass; what lies there is not part of the value being read */
  end = Number.POSITIVE_INFINITY
  /** the longest read in one piece */
  longest: number
  /** what is being read, for messages */
  what = 'header'

  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>
  #chunk: Uint8Array = NONE
  /** bytes to pass over before the next read, beyond those at hand */
  #skip = 0
  #done = false
  readonly #signal: AbortSignal | undefined

  constructor(chunks: Chunks, longest: number, signal?: AbortSignal) {
    this.longest = longest
    this.#signal = signal
    this.#chunks = iteratorOf(chunks)
  }

  /** The next bytes without passing them: `length` of them, or as many as there are before `end`. */
  async upTo(length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.end - this.pos))
    if (this.#chunk.length < wanted || this.#skip > 0) await this.#fill(wanted)
    return this.#chunk.subarray(0, Math.min(wanted, this.#chunk.length))
  }

  /** The next bytes, exactly `length`; passes them if `seek`. */
  async exactly(length: number, seek = false): Promise<Uint8Array> {
    if (length > this.end - this.pos) {
      throw new DagError('CAR_MALFORMED', `byte ${this.pos}: ${length} bytes of the ${this.what} do not fit before its end at byte ${this.end}`, {
        offset: this.pos
      })
    }
    if (length > this.longest) {
      throw new DagError('CAR_TOO_LARGE', `byte ${this.pos}: a ${this.what} of ${length} bytes, the limit is ${this.longest}`, { offset: this.pos })
    }
    const bytes = await this.upTo(length)
    if (bytes.length < length) throw this.truncated(length - bytes.length)
    if (seek) this.seek(length)
    return bytes
  }

  seek(length: number): void {
    if (length < 0) throw new DagError('CAR_MALFORMED', `byte ${this.pos}: the ${this.what} points ${-length} bytes back`, { offset: this.pos })
    this.pos += length
    const here = Math.min(length, this.#chunk.length)
    this.#chunk = this.#chunk.subarray(here)
    this.#skip += length - here
  }

  /** Whether all has been read. */
  async ended(): Promise<boolean> {
    return (await this.upTo(1)).length === 0
  }

  /** The error for data that stops too early: where it stops, and what was being read. */
  truncated(missing?: number): DagError {
    const offset = this.pos - this.#skip + this.#chunk.length
    const rest = missing === undefined ? '' : `, at least ${missing} bytes too early`
    return new DagError('CAR_TRUNCATED', `the CAR ends at byte ${offset}, inside a ${this.what} that goes on from byte ${this.pos}${rest}`, { offset })
  }

  /** What has come and not been read, for another reader; it goes on with `next`. */
  take(): Uint8Array {
    const chunk = this.#chunk
    this.#chunk = NONE
    return chunk
  }

  /** The chunk that comes next, as it is; undefined at the end. Only after `take`. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#done) return undefined
    const next = await orAbort(Promise.resolve(this.#chunks.next()), this.#signal)
    if (next.done) this.#done = true
    return next.value || undefined
  }

  async close(): Promise<void> {
    this.#chunk = NONE
    this.#done = true
    const closing = Promise.resolve(this.#chunks.return?.())
    // a source that is waiting for more answers only when that comes
    if (this.#signal?.aborted) closing.catch(() => {})
    else await closing
  }

  async #fill(wanted: number): Promise<void> {
    const parts = this.#chunk.length > 0 ? [this.#chunk] : []
    let have = this.#chunk.length
    while (have < wanted && !this.#done) {
      let chunk = await this.next()
      if (chunk === undefined) break
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, chunk.length)
        this.#skip -= passed
        chunk = chunk.subarray(passed)
      }
      if (chunk.length === 0) continue
      parts.push(chunk)
      have += chunk.length
    }
    this.#chunk = parts.length === 1 ? parts[0] : join(parts, have)
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (length === 0) return NONE
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function iteratorOf(chunks: Chunks): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  if (chunks instanceof Uint8Array) return [chunks].values()
  if (Symbol.asyncIterator in chunks) return chunks[Symbol.asyncIterator]()
  if (Symbol.iterator in chunks) return chunks[Symbol.iterator]()
  return readerOf(chunks)
}

/** Streams of the web cannot be iterated everywhere. */
async function* readerOf(stream: { getReader(): ReadableStreamDefaultReader<Uint8Array> }): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let whole = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      yield value
    }
    whole = true
  } finally {
    if (!whole) await reader.cancel().catch(() => {})
    reader.releaseLock()
  }
}
