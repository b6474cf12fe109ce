/**
 * A codec's guest: the host's side of the ABI (docs/abi.md). It places input, calls, and takes what comes back, none of which it believes before a check.
 */
import { allocate, type Extent, MAX_ROOM, type Material, Tape, UNIT } from '../ipld/index.js'
import { SandboxError } from '../sandbox/errors.js'
import type { Instance, Program } from '../sandbox/index.js'
import { CONTROL, DATA, DETAIL, END, ERROR, ERROR_OFFSET, FILLED, OUTPUT, PIECES, RECORDS, SIZE, TAPE, TEXT, WIDE } from './control.js'
import { CodecError, GUEST_ERRORS } from './errors.js'
import type { Limits } from './limits.js'
import type { Manifest } from './manifest.js'
import { COPIED_HERE, copy, hand, roomFor } from './material.js'
import { Parts } from './parts.js'

const WORD = 0x100000000

const LAX = 1

type Call = (...args: number[]) => number

export class Guest {
  readonly manifest: Manifest
  readonly #instance: Instance
  readonly #limits: Limits
  readonly #pinned: boolean
  readonly #control: number
  readonly #tape = new Tape()
  readonly #extent: Extent = { tape: 0, records: 0, text: 0, textLength: 0, wide: 0, wideLength: 0, data: 0, dataLength: 0 }
  #memory: Uint8Array = new Uint8Array(0)
  #words: Int32Array = new Int32Array(0)
  #doubles: Float64Array = new Float64Array(0)
  #decode!: Call
  #links: Call | undefined
  #encode: Call | undefined
  #reserve: Call | undefined
  /** what `read` reads from; during a start function it is closed */
  readonly #input = new Parts()
  #open = false
  #given = 0
  /** something of an earlier call may be in memory */
  #used = false
  #failed = false

  /**
   * @param module whose exports are those of a codec: see `checkAbi`
   * @param pinned leave memory as it is between calls; otherwise it is as at instantiation before each
   * @throws SandboxError
   */
  constructor(module: Program, manifest: Manifest, limits: Limits, pinned: boolean) {
    const control = module.prepared.exports.get('control') as { value: number }
    this.#control = control.value >>> 0
    this.manifest = manifest
    this.#limits = limits
    this.#pinned = pinned
    this.#tape.room = Math.min(Math.floor(limits.value / UNIT), MAX_ROOM)
    this.#instance = module.instantiate({ autocodec: { read: (to, length, offset) => this.#read(to, length, offset) } })
    this.#take()
  }

  get canEncode(): boolean {
    return this.#encode !== undefined
  }

  /** Whether it finds links by itself, rather than by decoding the whole block. */
  get hasLinks(): boolean {
    return this.#links !== undefined
  }

  /** Fuel that the last call used. */
  get fuel(): number {
    return this.#used ? this.#given - this.#instance.fuelLeft() : 0
  }

  /** Bytes of memory that the last call had. */
  get memory(): number {
    return this.#instance.pages() * 65536
  }

  /** Decodes a block. The tape is good until the next call. @throws CodecError, SandboxError */
  decode(block: Uint8Array, lax: boolean): Tape {
    this.#placeBlock(block)
    this.#call(this.#decode, lax ? LAX : 0)
    return this.#tape.place(this.#memory, this.#words, this.#doubles, this.#readExtent(), block)
  }

  /** The block's links: on a tape that is good until the next call. Falls back to `decode`. */
  links(block: Uint8Array, lax: boolean): Tape {
    this.#placeBlock(block)
    this.#call(this.#links ?? this.#decode, lax ? LAX : 0)
    return this.#tape.place(this.#memory, this.#words, this.#doubles, this.#readExtent(), block)
  }

  /** Begins a call on a block. What it calls must be looked up after this, since a reset may have swapped the instance. */
  #placeBlock(block: Uint8Array): void {
    const size = block.length
    if (size > this.#limits.input) throw this.#tooLarge('INPUT_SIZE', 'block', size, this.#limits.input)
    this.#begin(size)
    this.#input.placeOne(block, size)
    const { window, head = window } = this.manifest
    const filled = size <= window ? size : head
    const memory = this.#memory
    const at = this.#control + CONTROL
    copy(block, memory, at, filled)
    const words = this.#words
    const c = this.#control >>> 2
    words[c + FILLED] = filled
    words[c + SIZE] = size
  }

  /** Encodes a tape. @returns a block of its own memory @throws CodecError, SandboxError; its `record` says where on the tape */
  encode(material: Material): Uint8Array {
    if (this.#encode === undefined || this.#reserve === undefined) throw new CodecError('UNSUPPORTED', this.manifest.name, 'the codec does not encode')
    const total = roomFor(material)
    const size = material.outsideLength
    if (total + size > this.#limits.input) throw this.#tooLarge('INPUT_SIZE', 'value', total + size, this.#limits.input)
    this.#begin(total + size)
    this.#input.place(material.outside, size)
    const address = this.#call(this.#reserve, total, false) >>> 0
    const lie = hand(material, address, this.#memory, this.#words, this.#control, this.manifest.window)
    if (lie !== undefined) throw new CodecError('INVALID_TAPE', this.manifest.name, lie)
    const words = this.#words
    const c = this.#control >>> 2
    words[c + SIZE] = size
    words[c + SIZE + 1] = (size / WORD) | 0
    this.#call(this.#encode, 0)
    return this.#takeOutput()
  }

  /** Fuel, globals and, where that is wanted, memory as for the first call. */
  #begin(size: number): void {
    this.#tape.call++
    if (this.#used && (!this.#pinned || this.#failed)) {
      this.#open = false
      if (this.#instance.reset()) this.#take()
    }
    this.#open = true
    this.#used = true
    this.#failed = false
    this.#given = Math.min(this.#limits.fuel + size * this.#limits.fuelPerByte, Number.MAX_SAFE_INTEGER)
    this.#instance.start(this.#given)
    const doubles = this.#doubles
    for (let i = this.#control >>> 3, end = i + END / 2; i < end; i++) doubles[i] = 0
  }

  /** @param status whether the result is one of the ABI's error numbers */
  #call(call: Call, argument: number, status = true): number {
    let result: number
    try {
      result = call(argument)
    } catch (thrown) {
      this.#failed = true
      this.#views()
      throw this.#guestError(this.#words[(this.#control >>> 2) + ERROR], thrown) ?? this.#failure(thrown)
    }
    if (this.#memory.length === 0) this.#views()
    if (status) {
      const number = result || this.#words[(this.#control >>> 2) + ERROR]
      if (number !== 0) {
        this.#failed = true
        throw this.#guestError(number, undefined)
      }
    }
    return result
  }

  /** What the guest says of its failure; undefined if it says nothing, or if a limit ended it. */
  #guestError(number: number, thrown: unknown): CodecError | undefined {
    if (thrown !== undefined && (number === 0 || !(thrown instanceof WebAssembly.RuntimeError) || this.#limitReached(thrown))) return undefined
    const c = this.#control >>> 2
    const words = this.#words
    const where = (words[c + ERROR_OFFSET] >>> 0) + (words[c + ERROR_OFFSET + 1] >>> 0) * WORD
    const [code, phrase] = GUEST_ERRORS[number] ?? ['CODEC_ERROR', `error ${number >>> 0} of the codec's own`]
    const detail = words[c + DETAIL] >>> 0
    return new GuestError(code, this.manifest.name, detail === 0 ? phrase : `${phrase} (0x${detail.toString(16)})`, where, this.#input.size)
  }

  /** A limit or a trap, in words that say whose and how much. */
  #failure(thrown: unknown): unknown {
    const failure = this.#instance.failure(thrown)
    if (!(failure instanceof SandboxError)) return failure
    const { code, message } = failure
    const text =
      code === 'FUEL'
        ? `the call needs more than its ${this.#given} of fuel, see limits.fuel and limits.fuelPerByte`
        : code === 'STACK'
          ? `${message} of ${this.#limits.stack} slots`
          : message
    return new SandboxError(code, `${this.manifest.name}: ${text}`, undefined, { cause: thrown })
  }

  #limitReached(thrown: unknown): boolean {
    const failure = this.#instance.failure(thrown) as { code?: string }
    return failure.code !== 'TRAP'
  }

  /** What the control block says of the tape: into the same object each time, since small blocks come by the million. */
  #readExtent(): Extent {
    const words = this.#words
    const c = this.#control >>> 2
    const extent = this.#extent
    extent.tape = words[c + TAPE] >>> 0
    extent.records = words[c + RECORDS] >>> 0
    extent.text = words[c + TEXT] >>> 0
    extent.textLength = words[c + TEXT + 1] >>> 0
    extent.wide = words[c + WIDE] >>> 0
    extent.wideLength = words[c + WIDE + 1] >>> 0
    extent.data = words[c + DATA] >>> 0
    extent.dataLength = words[c + DATA + 1] >>> 0
    return extent
  }

  #takeOutput(): Uint8Array {
    const words = this.#words
    const memory = this.#memory
    const c = this.#control >>> 2
    const at = words[c + OUTPUT] >>> 0
    const length = words[c + OUTPUT + 1] >>> 0
    const pieces = words[c + PIECES] >>> 0
    const count = words[c + PIECES + 1] >>> 0
    const lie = (what: string): CodecError => new CodecError('INVALID_TAPE', this.manifest.name, `encode: ${what}`)
    if (at + length > memory.length) throw lie(`an output of ${length} bytes at ${at} in a memory of ${memory.length}`)
    if (length > this.#limits.output) throw this.#tooLarge('OUTPUT_SIZE', 'output', length, this.#limits.output)
    if (count === 0) {
      const block = allocate(length)
      if (length <= COPIED_HERE) for (let i = 0; i < length; i++) block[i] = memory[at + i]
      else block.set(memory.subarray(at, at + length))
      return block
    }
    if (pieces % 8 !== 0 || pieces + count * 16 > memory.length) throw lie(`${count} pieces at ${pieces} in a memory of ${memory.length}`)
    let total = length
    let last = 0
    const { size } = this.#input
    for (let i = 0, p = pieces >>> 2; i < count; i++, p += 4) {
      const before = words[p] >>> 0
      const offset = (words[p + 2] >>> 0) + (words[p + 3] >>> 0) * WORD
      if (before < last || before > length || offset + (words[p + 1] >>> 0) > size)
        throw lie(`a piece of ${words[p + 1] >>> 0} bytes of the input's ${size} from ${offset}, after ${before} bytes of ${length}`)
      last = before
      total += words[p + 1] >>> 0
      if (total > this.#limits.output) throw this.#tooLarge('OUTPUT_SIZE', 'output', total, this.#limits.output)
    }
    const block = allocate(total)
    let from = 0
    let to = 0
    for (let i = 0, p = pieces >>> 2; i < count; i++, p += 4) {
      const before = words[p] >>> 0
      block.set(memory.subarray(at + from, at + before), to)
      to += before - from
      from = before
      const n = words[p + 1] >>> 0
      this.#input.copy((words[p + 2] >>> 0) + (words[p + 3] >>> 0) * WORD, block, to, n)
      to += n
    }
    block.set(memory.subarray(at + from, at + length), to)
    return block
  }

  /** The import: copies input into the guest's memory. */
  #read(to: number, length: number, offset: bigint): number {
    if (!this.#open) throw new WebAssembly.RuntimeError('read by a start function, which has no input')
    if (this.#memory.length === 0) this.#views()
    const memory = this.#memory
    const n = length >>> 0
    if ((to >>> 0) + n > memory.length) throw new WebAssembly.RuntimeError(`read of ${n} bytes to ${to >>> 0}, outside the memory of ${memory.length}`)
    return this.#input.copy(Number(offset), memory, to >>> 0, n)
  }

  /** After an instance is made or swapped. */
  #take(): void {
    const instance = this.#instance
    this.#decode = instance.func('decode') as Call
    this.#links = instance.func('links')
    this.#encode = instance.func('encode')
    this.#reserve = instance.func('reserve')
    this.#views()
  }

  /** Growth detaches views. */
  #views(): void {
    const { buffer } = this.#instance.memory
    if (this.#memory.buffer === buffer) return
    this.#memory = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#doubles = new Float64Array(buffer)
  }

  #tooLarge(code: string, what: string, got: number, limit: number): CodecError {
    return new CodecError(code, this.manifest.name, `${what} of ${got} bytes, the limit is ${limit}`)
  }
}

/** A failure that the guest has reported: `where` is a byte offset or, for encode, a record. */
export class GuestError extends CodecError {
  readonly where: number
  readonly phrase: string

  constructor(code: string, codec: string, phrase: string, where: number, size: number) {
    super(code, codec, phrase, { offset: Math.min(where, size) })
    this.where = where
    this.phrase = phrase
  }
}
