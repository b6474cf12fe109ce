/**
 * A node tape where it lies: in a guest's memory or in a copy of its own. It gives words and texts; what the words mean is for the builder, the node view and the checker.
 */
import { invalidTape } from './errors.js'
import { MAX_ROOM, RECORD } from './layout.js'
import { asciiText, wideText } from './text.js'

/** Where the parts of a tape lie in memory, in bytes. Nothing here is believed before `Tape` has checked it. */
export interface Extent {
  tape: number
  records: number
  text: number
  textLength: number
  wide: number
  /** UTF-16 code units */
  wideLength: number
  data: number
  dataLength: number
}

/** Who has a tape, or can get it again. */
export interface TapeHolder {
  readonly tape: Tape
}

export class Tape implements TapeHolder {
  /** the whole memory, as bytes, words and doubles */
  memory: Uint8Array = new Uint8Array(0)
  words: Int32Array = new Int32Array(0)
  doubles: Float64Array = new Float64Array(0)
  /** word index of record 0, and of the end of the tape */
  start = 0
  end = 0
  text = 0
  textLength = 0
  data = 0
  dataLength = 0
  /** what its strings, byte strings and links may take as JavaScript values where they cannot be cut from one text, in units of `UNIT` bytes: a small integer, which is counted fast */
  room = MAX_ROOM
  /** of the guest's calls, the one that wrote this */
  call = 0
  /** source 0 */
  input: Uint8Array = new Uint8Array(0)
  #integers: BigUint64Array = new BigUint64Array(0)
  #wide = 0
  #wideLength = 0
  #ascii: string | undefined
  #utf16: string | undefined
  #kept: Uint8Array | undefined

  /** Takes a tape in a memory. Reused from call to call, so that small blocks cost no objects. */
  place(memory: Uint8Array, words: Int32Array, doubles: Float64Array, extent: Extent, input: Uint8Array): this {
    const { tape, records, text, textLength, wide, wideLength, data, dataLength } = extent
    const size = memory.length
    if (records < 1) throw invalidTape(0, 'no record, expected a root')
    inside('tape', tape, records * 16, size, 8)
    inside('text arena', text, textLength, size, 1)
    inside('wide arena', wide, 2 * wideLength, size, 2)
    inside('data arena', data, dataLength, size, 1)
    this.memory = memory
    this.words = words
    this.doubles = doubles
    this.start = tape >>> 2
    this.end = this.start + records * RECORD
    this.text = text
    this.textLength = textLength
    this.#wide = wide
    this.#wideLength = wideLength
    this.data = data
    this.dataLength = dataLength
    this.input = input
    this.#ascii = undefined
    this.#utf16 = undefined
    this.#kept = undefined
    return this
  }

  get tape(): this {
    return this
  }

  /** The memory as 64-bit integers: wanted rarely, so made when it is. */
  get integers(): BigUint64Array {
    if (this.#integers.buffer !== this.words.buffer) this.#integers = new BigUint64Array(this.words.buffer)
    return this.#integers
  }

  get records(): number {
    return (this.end - this.start) / RECORD
  }

  /** The text arena as a string; fails if it is not ASCII. */
  get ascii(): string {
    return (this.#ascii ??= asciiText(this.memory, this.text, this.textLength))
  }

  /** The wide arena as a string; fails if it is not well-formed. */
  get utf16(): string {
    return (this.#utf16 ??= wideText(this.memory, this.#wide, this.#wideLength))
  }

  /** A copy of the data arena, made when it is first wanted: values are views of it, since the next call writes over the guest's memory. */
  get kept(): Uint8Array {
    return (this.#kept ??= this.memory.slice(this.data, this.data + this.dataLength))
  }

  /** Record index of a word index, for messages. */
  indexOf(word: number): number {
    return (word - this.start) / RECORD
  }

  /** A copy that stays when the guest is called again; the input is shared. */
  copy(): Tape {
    const memory = new Uint8Array(this.size)
    const extent = this.copyTo(memory, 0)
    const copy = new Tape().place(memory, new Int32Array(memory.buffer), new Float64Array(memory.buffer), extent, this.input)
    copy.room = this.room
    return copy
  }

  /** Bytes of a copy, a multiple of 8: its arenas one after the other. */
  get size(): number {
    // not `& ~7`: a memory may have 4 GiB
    return even(even((this.end - this.start) * 4 + this.textLength, 2) + 2 * this.#wideLength + this.dataLength, 8)
  }

  /** Copies it, without the input, to a place that is a multiple of 8; answers where its parts are then. */
  copyTo(memory: Uint8Array, at: number): Extent {
    const { records, textLength, dataLength } = this
    const wideLength = this.#wideLength
    const text = at + records * 16
    const wide = even(text + textLength, 2)
    const data = wide + 2 * wideLength
    memory.set(this.memory.subarray(this.start * 4, this.end * 4), at)
    if (textLength > 0) memory.set(this.memory.subarray(this.text, this.text + textLength), text)
    if (wideLength > 0) memory.set(this.memory.subarray(this.#wide, this.#wide + 2 * wideLength), wide)
    if (dataLength > 0) memory.set(this.memory.subarray(this.data, this.data + dataLength), data)
    return { tape: at, records, text, textLength, wide, wideLength, data, dataLength }
  }
}

/** The next multiple of 2 or 8. */
function even(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit
}

function inside(what: string, at: number, length: number, size: number, unit: number): void {
  if (at % unit > 0 || at + length > size)
    throw invalidTape(0, `${what} of ${length} bytes at ${at}, expected a multiple of ${unit} inside of the memory of ${size} bytes`)
}
