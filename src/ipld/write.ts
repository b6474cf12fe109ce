/** The writer: a tape from JavaScript values, for encoders. It shares keys as decoders do: the many objects of one shape carry their keys once. */
import { CID } from './cid.js'
import { IpldError } from './errors.js'
import { BOOL, BYTES, EXTRA, FLOAT, LINK, LIST, MAP, MAX_DEPTH, NINT, NULL, RECORD, STRING, TEXT, UINT, WORD } from './layout.js'
import { writeUtf8 } from './text.js'

/** Byte strings from this length on are not copied: the guest is told where they are. */
export const LONG = 512

/** What an encoder is handed (docs/abi.md section 6). */
export interface Material {
  readonly tape: Uint8Array
  /** source 1 */
  readonly text: Uint8Array
  /** source 2 */
  readonly data: Uint8Array
  /** source 0, in parts that follow each other */
  readonly outside: readonly Uint8Array[]
}

const EMPTY = new Uint8Array(0)

/** Most shapes that are compared with for one first key. */
const MAX_CANDIDATES = 8

interface Known {
  readonly keys: readonly string[]
  readonly record: number
}

export class Writer {
  /** the tape */
  #buffer = new ArrayBuffer(16 * 1024)
  #words = new Int32Array(this.#buffer)
  #doubles = new Float64Array(this.#buffer)
  #w = 0
  /** text and data arena in one: everything is in source 1 */
  #arena = new Uint8Array(16 * 1024)
  #at = 0
  #parts: Uint8Array[] = []
  #outside = 0
  #depth = 0
  readonly #known = new Map<string, Known[]>()

  /** Writes a value. @throws IpldError UNSUPPORTED_VALUE, DEPTH with the path to what is wrong */
  write(value: unknown): this {
    this.#w = 0
    this.#at = 0
    this.#depth = 0
    this.#parts = []
    this.#outside = 0
    if (this.#known.size > 0) this.#known.clear()
    this.#value(value)
    return this
  }

  /** What has been written, until the next `write`. */
  get material(): Material {
    const arena = this.#arena.subarray(0, this.#at)
    return { tape: new Uint8Array(this.#buffer, 0, this.#w * 4), text: arena, data: EMPTY, outside: this.#parts }
  }

  /** Makes the next record and answers its word index. */
  #record(head: number, aux: number, lo: number, hi: number): number {
    const w = this.#w
    if (w + RECORD > this.#words.length) this.#grow()
    const words = this.#words
    words[w] = head
    words[w + 1] = aux
    words[w + 2] = lo
    words[w + 3] = hi
    this.#w = w + RECORD
    return w
  }

  #grow(): void {
    const buffer = new ArrayBuffer(this.#buffer.byteLength * 2)
    const words = new Int32Array(buffer)
    words.set(this.#words)
    this.#buffer = buffer
    this.#words = words
    this.#doubles = new Float64Array(buffer)
  }

  /** Room for `n` bytes in the arena. */
  #room(n: number): void {
    if (this.#at + n <= this.#arena.length) return
    const arena = new Uint8Array(Math.max(this.#arena.length * 2, this.#at + n))
    arena.set(this.#arena.subarray(0, this.#at))
    this.#arena = arena
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        return this.#number(value)
      case 'object':
        if (value === null) this.#record(NULL, 0, 0, 0)
        else this.#object(value)
        return
      case 'boolean':
        this.#record(BOOL, value ? 1 : 0, 0, 0)
        return
      case 'bigint':
        return this.#bigint(value)
      default:
        throw unsupported(value)
    }
  }

  #string(text: string): void {
    this.#room(3 * text.length)
    const at = this.#at
    const length = writeUtf8(text, this.#arena, at)
    this.#at = at + length
    this.#record(STRING | TEXT, length, at, 0)
  }

  #number(value: number): void {
    if ((value | 0) === value && value >= 0 && (value !== 0 || 1 / value > 0)) {
      this.#record(UINT, 0, value, 0)
    } else if (Number.isSafeInteger(value) && (value !== 0 || 1 / value > 0)) {
      const n = value < 0 ? -1 - value : value
      this.#record(value < 0 ? NINT : UINT, 0, n | 0, (n / WORD) | 0)
    } else {
      const w = this.#record(FLOAT, 0, 0, 0)
      this.#doubles[(w + 2) >>> 1] = value
    }
  }

  #bigint(value: bigint): void {
    const n = value < 0n ? -1n - value : value
    if (n >> 64n) throw new IpldError('UNSUPPORTED_VALUE', `integer ${value}, expected −2^64 to 2^64 − 1`)
    this.#record(value < 0n ? NINT : UINT, 0, Number(n & 0xffffffffn) | 0, Number(n >> 32n) | 0)
  }

  #object(value: object): void {
    const prototype = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) this.#plain(value as Record<string, unknown>)
    else if (Array.isArray(value)) this.#list(value)
    else if (value instanceof Uint8Array) this.#bytes(value)
    else this.#other(value)
  }

  #other(value: object): void {
    const cid = CID.asCID(value)
    if (cid !== null) {
      this.#inArena(LINK, cid.bytes)
    } else if (value instanceof ArrayBuffer) {
      this.#bytes(new Uint8Array(value))
    } else if (ArrayBuffer.isView(value)) {
      this.#bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    } else if (value instanceof Map) {
      this.#entries([...value.keys()], value)
    } else if (Object.prototype.toString.call(value) === '[object Object]') {
      this.#plain(value as Record<string, unknown>)
    } else {
      throw unsupported(value)
    }
  }

  #bytes(bytes: Uint8Array): void {
    if (bytes.length < LONG) return this.#inArena(BYTES, bytes)
    this.#record(BYTES, bytes.length, this.#outside | 0, (this.#outside / WORD) | 0)
    this.#parts.push(bytes)
    this.#outside += bytes.length
  }

  #inArena(kind: number, bytes: Uint8Array): void {
    const n = bytes.length
    this.#room(n)
    this.#arena.set(bytes, this.#at)
    this.#record(kind | TEXT, n, this.#at, 0)
    this.#at += n
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new IpldError('DEPTH', `nested deeper than ${MAX_DEPTH} lists and maps, or in itself`)
  }

  #list(list: readonly unknown[]): void {
    this.#enter()
    const w = this.#record(LIST, list.length, 0, 0)
    for (let i = 0; i < list.length; i++) this.#value(list[i])
    this.#words[w + 2] = this.#w / RECORD
    this.#depth--
  }

  #plain(value: Record<string, unknown>): void {
    // another copy of multiformats makes CIDs with another prototype, but no own properties differ
    if (value['/'] !== undefined && value['/'] === value.bytes) {
      const cid = CID.asCID(value)
      if (cid !== null) return this.#inArena(LINK, cid.bytes)
    }
    this.#enter()
    const keys = Object.keys(value)
    const count = keys.length
    const like = this.#find(keys)
    const w = this.#record(MAP, count, 0, 0)
    if (like >= 0) {
      this.#words[w] = MAP | (count << EXTRA)
      this.#words[w + 3] = like
      for (let i = 0; i < count; i++) this.#value(value[keys[i]])
    } else {
      for (let i = 0; i < count; i++) {
        this.#string(keys[i])
        this.#value(value[keys[i]])
      }
      this.#remember(keys, w)
    }
    this.#words[w + 2] = this.#w / RECORD
    this.#depth--
  }

  #entries(keys: readonly unknown[], map: ReadonlyMap<unknown, unknown>): void {
    this.#enter()
    const w = this.#record(MAP, keys.length, 0, 0)
    for (const key of keys) {
      if (typeof key !== 'string') throw unsupported(key, 'map key')
      this.#string(key)
      this.#value(map.get(key))
    }
    this.#words[w + 2] = this.#w / RECORD
    this.#depth--
  }

  /** The record of an earlier map with the same keys in the same order, or −1. */
  #find(keys: readonly string[]): number {
    if (keys.length === 0) return -1
    const candidates = this.#known.get(keys[0])
    if (candidates === undefined) return -1
    next: for (let c = 0; c < candidates.length; c++) {
      const other = candidates[c].keys
      if (other.length !== keys.length) continue
      for (let i = 1; i < keys.length; i++) if (keys[i] !== other[i]) continue next
      return candidates[c].record
    }
    return -1
  }

  #remember(keys: readonly string[], w: number): void {
    // the number of keys that a record can share is 24 bits
    if (keys.length === 0 || keys.length > 0xffff) return
    const known = { keys, record: w / RECORD }
    const candidates = this.#known.get(keys[0])
    if (candidates === undefined) this.#known.set(keys[0], [known])
    else if (candidates.length < MAX_CANDIDATES) candidates.push(known)
  }
}

function unsupported(value: unknown, what = 'value'): IpldError {
  const type = typeof value === 'object' && value !== null ? Object.prototype.toString.call(value).slice(8, -1) : typeof value
  return new IpldError('UNSUPPORTED_VALUE', `${what} of type ${type}, expected null, boolean, number, bigint, string, Uint8Array, CID, array or object`)
}
