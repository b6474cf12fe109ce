/** The writer: a tape from JavaScript values, for encoders. It shares keys as decoders do: the many objects of one shape carry their keys once. */
import { CID } from './cid.js'
import { IpldError } from './errors.js'
import { BOOL, BYTES, DATA, EXTRA, FLOAT, LINK, LIST, MAP, MAX_DEPTH, NINT, NULL, RECORD, STRING, TEXT, UINT, WORD } from './layout.js'
import { pathOf } from './path.js'
import { type RecordShape, RecordShapes, type ValueWriter } from './record.js'
import { writeUtf8 } from './text.js'

/** Byte strings from this length on are not copied: the guest is told where they are. */
export const LONG = 512

/** What an encoder is handed (docs/abi.md section 6). */
export interface Material {
  /** the tape, from its start; what comes after `records` records means nothing */
  readonly words: Int32Array
  readonly records: number
  /** source 1, its first `textLength` bytes */
  readonly text: Uint8Array
  readonly textLength: number
  /** source 2, its first `dataLength` bytes */
  readonly data: Uint8Array
  readonly dataLength: number
  /** source 0, in parts that follow each other, and how long they are together */
  readonly outside: readonly Uint8Array[]
  readonly outsideLength: number
}

type Fields = Record<string, unknown>

/** Objects with more keys are taken to be alone of their kind: a dictionary, not a record. */
const MAX_SHAPE = 64

export class Writer implements ValueWriter {
  /** the tape */
  #buffer = new ArrayBuffer(16 * 1024)
  #words = new Int32Array(this.#buffer)
  #doubles = new Float64Array(this.#buffer)
  #w = 0
  /** strings, which are encoded all at once at the end: one native call costs as much as twenty characters written here */
  #texts: string[] = []
  #units = 0
  #text = new Uint8Array(0)
  #wasAscii = true
  #textLength = 0
  /** keys of shapes, short byte strings, links */
  #arena = new Uint8Array(4 * 1024)
  #at = 0
  #parts: Uint8Array[] = []
  #outside = 0
  #depth = 0
  /** shapes are remembered from call to call, the records that have them are not */
  readonly #shapes = new RecordShapes()
  #call = 0

  /** Writes a value. @throws IpldError UNSUPPORTED_VALUE, DEPTH with the path to what is wrong */
  write(value: unknown): this {
    this.#w = 0
    this.#at = 0
    this.#texts = []
    this.#units = 0
    this.#depth = 0
    this.#parts = []
    this.#outside = 0
    this.#call++
    this.#shapes.begin()
    try {
      this.value(value)
    } catch (error) {
      throw error instanceof IpldError ? this.#placed(error) : error
    }
    this.#encodeTexts()
    return this
  }

  /** The error with the path to where the writer has come. */
  #placed({ code, message }: IpldError): IpldError {
    this.#encodeTexts()
    const path = pathOf(this.material, this.#w / RECORD)
    return new IpldError(code, `${message}, at ${path === '' ? 'the root' : `"${path}"`}`, { path })
  }

  /** What has been written, until the next `write`. */
  get material(): Material {
    return {
      words: this.#words,
      records: this.#w / RECORD,
      text: this.#text,
      textLength: this.#textLength,
      data: this.#arena,
      dataLength: this.#at,
      outside: this.#parts,
      outsideLength: this.#outside
    }
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

  /** Writes a value at the end. For shapes; use `write`. */
  value(value: unknown): void {
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

  /** Takes it to be ASCII: `#encodeTexts` sees whether that is so. */
  #string(text: string): void {
    this.#texts.push(text)
    this.#record(STRING | TEXT, text.length, this.#units, 0)
    this.#units += text.length
  }

  #encodeTexts(): void {
    const units = this.#units
    if (this.#text.length < 3 * units) this.#text = new Uint8Array(Math.max(2 * this.#text.length, 3 * units))
    // data in a script beyond ASCII goes on in it: do not try at once what fails
    if (this.#wasAscii) {
      this.#textLength = units === 0 ? 0 : writeUtf8(this.#texts.join(''), this.#text, 0)
      if (this.#textLength === units) return
    }
    this.#wasAscii = this.#encodeOneByOne() === units
  }

  /** The records of texts follow each other as the texts do. Answers the bytes of all. */
  #encodeOneByOne(): number {
    const words = this.#words
    let i = 0
    let at = 0
    for (let w = 0; i < this.#texts.length; w += RECORD) {
      if (words[w] !== (STRING | TEXT)) continue
      words[w + 1] = writeUtf8(this.#texts[i++], this.#text, at)
      words[w + 2] = at
      at += words[w + 1]
    }
    this.#textLength = at
    return at
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

  key(at: number, length: number): void {
    this.#record(STRING | DATA, length, at, 0)
  }

  #object(value: object): void {
    if (Array.isArray(value)) return this.#list(value)
    if (ArrayBuffer.isView(value)) return this.#view(value)
    if (value instanceof CID) return this.#inArena(LINK, value.bytes)
    const keys = Object.keys(value)
    if (keys.length > 0 && keys.length <= MAX_SHAPE) {
      const shape = this.#shapes.find(keys, this.#call)
      if (shape !== undefined) {
        if (shape.isPlain?.(value as Fields)) return this.#shaped(value as Fields, shape)
        if (shape.special && isCid(value)) return this.#inArena(LINK, value.bytes)
        if (!shape.special && isPlain(value)) {
          shape.used()
          return this.#shaped(value as Fields, shape)
        }
      }
    }
    if (isPlain(value)) this.#plain(value as Fields, keys)
    else this.#other(value, keys)
  }

  #view(value: ArrayBufferView): void {
    this.#bytes(value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  }

  /** What is neither a plain object nor one of the usual kinds. */
  #other(value: object, keys: readonly string[]): void {
    if (isCid(value)) {
      this.#inArena(LINK, value.bytes)
    } else if (value instanceof ArrayBuffer) {
      this.#bytes(new Uint8Array(value))
    } else if (value instanceof Map) {
      this.#entries([...value.keys()], (key) => value.get(key))
    } else if (Object.prototype.toString.call(value) === '[object Object]') {
      this.#entries(keys, (key) => (value as Fields)[key as string])
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
    this.#record(kind | DATA, n, this.#at, 0)
    this.#at += n
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new IpldError('DEPTH', `nested deeper than ${MAX_DEPTH} lists and maps, or in itself`)
  }

  #list(list: readonly unknown[]): void {
    this.#enter()
    const count = list.length
    const w = this.#record(LIST, count, 0, 0)
    // not `list.length`: a getter may change it on the way
    for (let i = 0; i < count; i++) this.value(list[i])
    this.#words[w + 2] = this.#w / RECORD
    this.#depth--
  }

  /** A plain object of a shape: with its keys if it is the first of this call, otherwise with those of the first. */
  #shaped(value: Fields, shape: RecordShape): void {
    this.#enter()
    const { keys } = shape
    const count = keys.length
    if (shape.call === this.#call) {
      const w = this.#record(MAP | (count << EXTRA), count, 0, shape.record)
      if (shape.isPlain !== undefined) shape.writeShared(this, value)
      else for (let i = 0; i < count; i++) this.value(value[keys[i]])
      this.#words[w + 2] = this.#w / RECORD
    } else {
      const { bytes, lengths } = shape
      let at = this.#at
      this.#room(bytes.length)
      this.#arena.set(bytes, at)
      this.#at = at + bytes.length
      const w = this.#record(MAP, count, 0, 0)
      if (shape.isPlain !== undefined) shape.writePlain(this, value, at)
      else {
        for (let i = 0; i < count; i++) {
          this.key(at, lengths[i])
          at += lengths[i]
          this.value(value[keys[i]])
        }
      }
      this.#words[w + 2] = this.#w / RECORD
      // not before it is closed: what is inside of it cannot share its keys
      shape.call = this.#call
      shape.record = w / RECORD
    }
    this.#depth--
  }

  #plain(value: Fields, keys: readonly string[]): void {
    if (isCid(value)) this.#inArena(LINK, value.bytes)
    else this.#entries(keys, (key) => value[key as string])
  }

  #entries(keys: readonly unknown[], get: (key: unknown) => unknown): void {
    this.#enter()
    const w = this.#record(MAP, keys.length, 0, 0)
    for (const key of keys) {
      if (typeof key !== 'string') throw unsupported(key, 'map key')
      this.#string(key)
      this.value(get(key))
    }
    this.#words[w + 2] = this.#w / RECORD
    this.#depth--
  }
}

/** Whether it is a CID of another copy of multiformats, as `CID.asCID` sees it. */
function isCid(value: object): value is CID {
  const { '/': slash, bytes } = value as Fields
  return slash !== undefined && slash === bytes && bytes instanceof Uint8Array && Object.hasOwn(value, '/')
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function unsupported(value: unknown, what = 'value'): IpldError {
  const type = typeof value === 'object' && value !== null ? Object.prototype.toString.call(value).slice(8, -1) : typeof value
  return new IpldError('UNSUPPORTED_VALUE', `${what} of type ${type}, expected null, boolean, number, bigint, string, Uint8Array, CID, array or object`)
}
