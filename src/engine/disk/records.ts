import type { CID } from 'multiformats/cid'
import {
  checkKey,
  checkRevision,
  checkValue,
  type DeleteOptions,
  EngineError,
  type EntriesOptions,
  type Entry,
  keyText,
  MAX_KEY,
  type PutOptions,
  type ReadOptions,
  type Records,
  textKey
} from '../interface.js'
import { frameOf } from './frame.js'
import { type Level, whole } from './level.js'

/** The records of one letter. */
export class DiskRecords implements Records {
  readonly #level: Level
  readonly #letter: string

  constructor(level: Level, letter: string) {
    this.#level = level
    this.#letter = letter
  }

  async get(key: CID, options?: ReadOptions): Promise<Entry | undefined> {
    this.#level.gate.check(options?.signal)
    const text = keyText(key)
    return text.length > MAX_KEY ? undefined : this.#level.read(this.#place(text), key)
  }

  async put(key: CID, value: Uint8Array, { revision, sync, signal }: PutOptions = {}): Promise<number | undefined> {
    this.#level.gate.check(signal)
    const text = keyText(key)
    checkKey(text, key)
    checkValue(value, key)
    checkRevision(revision, [undefined, null])
    // both are copies: the caller may write to its own while this waits for its turn
    const at = this.#place(text)
    const frame = frameOf(value)
    const own = textKey(text)
    return this.#turn(text, async () => {
      signal?.throwIfAborted()
      if (revision !== undefined && (this.#level.read(at, own)?.revision ?? null) !== revision) return undefined
      return this.#level.write(at, frame, sync, own)
    })
  }

  async delete(key: CID, { revision, sync, signal }: DeleteOptions = {}): Promise<boolean> {
    this.#level.gate.check(signal)
    const text = keyText(key)
    checkRevision(revision, [undefined])
    if (text.length > MAX_KEY) return false
    const at = this.#place(text)
    const own = textKey(text)
    return this.#turn(text, async () => {
      signal?.throwIfAborted()
      // what is damaged can be deleted, but not by its revision
      const there = revision === undefined ? this.#level.has(at) : this.#level.read(at, own)?.revision === revision
      if (there) await this.#level.remove(at, sync, own)
      return there
    })
  }

  async *entries({ after, signal }: EntriesOptions = {}): AsyncGenerator<[CID, Entry]> {
    this.#level.gate.check(signal)
    const from = this.#place(after === undefined ? '' : keyText(after, 'after'))
    const end = Uint8Array.of(this.#letter.charCodeAt(0) + 1)
    for await (const [at, frame] of this.#level.range(from, end, signal)) {
      const key = keyAt(at)
      yield [key, whole(frame, at, key)]
    }
  }

  #turn<T>(text: string, work: () => Promise<T>): Promise<T> {
    return this.#level.gate.pass(() => this.#level.turns.take(this.#letter + text, work))
  }

  #place(text: string): Uint8Array {
    const at = new Uint8Array(1 + text.length)
    at[0] = this.#letter.charCodeAt(0)
    for (let i = 0; i < text.length; i++) at[i + 1] = text.charCodeAt(i)
    return at
  }
}

function keyAt(at: Uint8Array): CID {
  try {
    return textKey(String.fromCharCode(...at.subarray(1)))
  } catch (cause) {
    throw new EngineError('ENGINE_DAMAGED', `a key of ${at.length - 1} bytes that is not a CID`, { cause })
  }
}
