/**
 * A guest that runs operations (docs/layout.md): called again and again with what it asks for until it is done. Everything here is synchronous; who waits for blocks is above.
 * Within an operation the guest's memory and globals are as it left them, between operations they are as at instantiation.
 */
import { MAX_ROOM, Tape, UNIT, Writer } from '../ipld/index.js'
import { type Instance, type Program, SandboxError } from '../sandbox/index.js'
import { policyOf } from './abi.js'
import { CONTROL, DATA, DETAIL, END, ERROR, ERROR_OFFSET, FILLED, RECORDS, SIZE, TAPE, TEXT, WIDE } from './control.js'
import { CodecError, GUEST_ERRORS } from './errors.js'
import { GuestError } from './guest.js'
import type { Limits } from './limits.js'
import type { LayoutManifest } from './manifest.js'
import { copy, hand, roomFor } from './material.js'
import { Parts } from './parts.js'

/** What `run` answers. */
export const DONE = 0
export const ASKS = -1
export const MORE = -2
export type Answer = typeof DONE | typeof ASKS | typeof MORE

const WORD = 0x100000000
const NONE = new Uint8Array(0)

/** How a module must be prepared to run operations. */
export function resumablePolicyOf(limits: Limits): ReturnType<typeof policyOf> {
  return { ...policyOf(limits, true), resumable: true }
}

type Call = (...args: number[]) => number

export class Runner {
  readonly name: string
  readonly #instance: Instance
  readonly #manifest: LayoutManifest
  readonly #limits: Limits
  readonly #pinned: boolean
  readonly #control: number
  readonly #tape = new Tape()
  readonly #writer = new Writer()
  readonly #input = new Parts()
  #memory: Uint8Array = NONE
  #words: Int32Array = new Int32Array(0)
  #doubles: Float64Array = new Float64Array(0)
  #open = false
  #used = false
  #failed = false
  /** the block that is the input; empty before the first */
  #block: Uint8Array = NONE
  /** fuel that the operation may still use, and that it has used */
  #left = 0
  #spent = 0
  #given = 0

  /** @param module whose exports are those of a layout: see `checkLayoutAbi` @throws SandboxError */
  constructor(module: Program, manifest: LayoutManifest, limits: Limits, pinned: boolean) {
    this.name = manifest.name
    this.#control = (module.prepared.exports.get('control') as { value: number }).value >>> 0
    this.#manifest = manifest
    this.#limits = limits
    this.#pinned = pinned
    this.#tape.room = Math.min(Math.floor(limits.value / UNIT), MAX_ROOM)
    this.#instance = module.instantiate({ autocodec: { read: (to, length, offset) => this.#read(to, length, offset) } })
    this.#views()
  }

  /** Fuel that the operation has used: the same for the same module, arguments and blocks on every machine. */
  get fuel(): number {
    return this.#spent
  }

  /** Begins an operation. @param argument a value of the data model @throws CodecError, SandboxError */
  start(argument: unknown): Answer {
    const { material } = this.#writer.write(argument)
    const total = roomFor(material)
    const size = material.outsideLength
    if (total + size > this.#limits.input) throw this.#tooLarge('arguments', total + size)
    if (this.#used && (!this.#pinned || this.#failed)) {
      this.#open = false
      this.#instance.reset()
      this.#views()
    }
    this.#used = true
    this.#failed = false
    this.#open = true
    this.#block = NONE
    this.#input.place(material.outside, size)
    this.#spent = 0
    this.#left = 0
    this.#allow(this.#limits.fuel + (total + size) * this.#limits.fuelPerByte)
    const words = this.#clear(0)
    words[(this.#control >>> 2) + SIZE] = size
    const address = this.#call('$start', 'reserve', total) >>> 0
    const lie = hand(material, address, this.#memory, this.#words, this.#control, this.#manifest.window)
    if (lie !== undefined) throw this.#lie(lie)
    return this.#run()
  }

  /** Goes on, after `ASKS` with the first block that was asked for. @throws CodecError, SandboxError */
  resume(block?: Uint8Array): Answer {
    if (block === undefined) {
      this.#clear(TAPE)
      return this.#run()
    }
    const size = block.length
    if (size > this.#limits.input) throw this.#tooLarge('block', size)
    this.#allow(size * this.#limits.fuelPerByte)
    this.#block = block
    this.#input.placeOne(block, size)
    const { window, head = window } = this.#manifest
    const filled = size <= window ? size : head
    const words = this.#clear(0)
    copy(block, this.#memory, this.#control + CONTROL, filled)
    const c = this.#control >>> 2
    words[c + FILLED] = filled
    words[c + SIZE] = size
    return this.#run()
  }

  /** What the last call put there, good until the next one; undefined if it put nothing. Not checked. @throws IpldError INVALID_TAPE */
  tape(): Tape | undefined {
    const words = this.#words
    const c = this.#control >>> 2
    const at = (word: number): number => words[c + word] >>> 0
    if (at(RECORDS) === 0) return undefined
    const extent = {
      tape: at(TAPE),
      records: at(RECORDS),
      text: at(TEXT),
      textLength: at(TEXT + 1),
      wide: at(WIDE),
      wideLength: at(WIDE + 1),
      data: at(DATA),
      dataLength: at(DATA + 1)
    }
    return this.#tape.place(this.#memory, words, this.#doubles, extent, this.#block)
  }

  /** More fuel for the operation. Its sum stays exact as a number. */
  #allow(fuel: number): void {
    this.#left = Math.min(this.#left + fuel, Number.MAX_SAFE_INTEGER)
  }

  #clear(from: number): Int32Array {
    this.#words.fill(0, (this.#control >>> 2) + from, (this.#control >>> 2) + END)
    return this.#words
  }

  #run(): Answer {
    const answer = this.#call('$resume', 'run', 0)
    const number = answer > 0 || answer < MORE ? answer : this.#words[(this.#control >>> 2) + ERROR]
    if (number === 0) return answer as Answer
    this.#failed = true
    throw this.#guestError(number)
  }

  #call(before: '$start' | '$resume', name: 'run' | 'reserve', argument: number): number {
    // a call may not use what blocks have paid for that it has not been given yet, nor all that they have paid for at once
    this.#given = Math.min(this.#left, this.#limits.fuel + Math.max(this.#input.size, argument) * this.#limits.fuelPerByte)
    const instance = this.#instance
    ;(instance.func(before) as Call)(this.#given)
    try {
      return (instance.func(name) as Call)(argument)
    } catch (thrown) {
      this.#failed = true
      const failure = instance.failure(thrown)
      this.#views()
      const number = this.#words[(this.#control >>> 2) + ERROR]
      if (number !== 0 && failure instanceof SandboxError && failure.code === 'TRAP') throw this.#guestError(number)
      throw failure instanceof SandboxError ? this.#named(failure, thrown) : failure
    } finally {
      const used = this.#given - instance.fuelLeft()
      this.#left -= used
      this.#spent += used
      this.#views()
    }
  }

  #named({ code, message }: SandboxError, cause: unknown): SandboxError {
    const text = code === 'FUEL' ? `the call needs more than its ${this.#given} of fuel, see limits.fuel and limits.fuelPerByte` : message
    return new SandboxError(code, `${this.name}: ${text}`, undefined, { cause })
  }

  #guestError(number: number): GuestError {
    const words = this.#words
    const c = this.#control >>> 2
    const where = (words[c + ERROR_OFFSET] >>> 0) + (words[c + ERROR_OFFSET + 1] >>> 0) * WORD
    const [code, phrase] = GUEST_ERRORS[number] ?? RUN_ERRORS[number] ?? ['CODEC_ERROR', `error ${number >>> 0} of the module's own`]
    const detail = words[c + DETAIL] >>> 0
    return new GuestError(code, this.name, detail === 0 ? phrase : `${phrase} (0x${detail.toString(16)})`, where, this.#input.size)
  }

  #lie(what: string): CodecError {
    this.#failed = true
    return new CodecError('INVALID_TAPE', this.name, what)
  }

  #tooLarge(what: string, got: number): CodecError {
    this.#failed = true
    return new CodecError('INPUT_SIZE', this.name, `${what} of ${got} bytes, the limit is ${this.#limits.input}`)
  }

  /** The import: copies input into the guest's memory. */
  #read(to: number, length: number, offset: bigint): number {
    if (!this.#open) throw new WebAssembly.RuntimeError('read by a start function, which has no input')
    this.#views()
    const n = length >>> 0
    if ((to >>> 0) + n > this.#memory.length)
      throw new WebAssembly.RuntimeError(`read of ${n} bytes to ${to >>> 0}, outside the memory of ${this.#memory.length}`)
    return this.#input.copy(Number(offset), this.#memory, to >>> 0, n)
  }

  /** Growth and a swapped instance take views away. */
  #views(): void {
    const { buffer } = this.#instance.memory
    if (this.#memory.buffer === buffer) return
    this.#memory = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#doubles = new Float64Array(buffer)
  }
}

/** Errors that only operations over several blocks have (docs/layout.md section 6). */
const RUN_ERRORS: Readonly<Record<number, readonly [code: string, phrase: string]>> = {
  17: ['SIZE_MISMATCH', 'a size that is not the one that another block says'],
  18: ['UNSUPPORTED_CODEC', 'a link to a block of a codec that the layout does not read']
}
