/**
 * A guest that runs operations (docs/layout.md): called again and again with what it asks for until it is done. Everything here is synchronous; who waits for blocks is above.
 * Within an operation the guest's memory and globals are as it left them, between operations they are as at instantiation.
 */
import { MAX_ROOM, type Material, Tape, UNIT, Writer } from '../ipld/index.js'
import { type GuestState, guestState, type Instance, type Prepared, type Program, restoreGuest, SandboxError } from '../sandbox/index.js'
import { policyOf } from './abi.js'
import { CONTROL, DATA, DETAIL, END, ERROR, ERROR_OFFSET, FILLED, RECORDS, SIZE, TAPE, TEXT, WIDE } from './control.js'
import { CodecError, GUEST_ERRORS } from './errors.js'
import { GuestError } from './guest.js'
import type { Limits } from './limits.js'
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

/** What is to be known of a module that runs operations: of its manifest, whatever kind it is. */
interface Runnable {
  readonly name: string
  readonly kind: string
  /** bytes of the input window, and how much of it is filled if the input is larger */
  readonly window: number
  readonly head?: number
}

/** What the input is: the bytes outside of the tape of the arguments, a block, or the bytes outside of the tape of an answer. */
type InputKind = 'arguments' | 'block' | 'answer'

/** An operation between two calls, to be gone on with by another runner of the same module and limits: its guest, and the account of its fuel. */
export interface RunnerState {
  readonly guest: GuestState
  /** what `run` answered last */
  readonly answer: typeof ASKS | typeof MORE
  /** fuel that the operation may still use, and that it has used */
  readonly left: number
  readonly spent: number
  /** bytes by which the fuel of its next call is measured, if that brings no others */
  readonly paid: number
  /** what the input is, and its size in bytes. The bytes are not in the state: they are given to `restore` */
  readonly input: InputKind
  readonly size: number
}

export class Runner {
  readonly name: string
  /** fuel of the operations that begin from now on, beside that for their input: `limits.fuel`, unless somebody sets another */
  fuelLimit: number
  readonly #instance: Instance
  readonly #prepared: Prepared
  readonly #manifest: Runnable
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
  /** the operation began in memory as at instantiation */
  #clean = true
  /** what the last call answered; `DONE` if no operation is under way */
  #answer: Answer = DONE
  #kind: InputKind = 'arguments'
  /** source 0 of the guest's tapes: the input, if that is not the arguments; undefined until it is wanted */
  #source: Uint8Array | undefined = NONE
  /** fuel that the operation may still use, and that it has used */
  #left = 0
  #spent = 0
  #given = 0
  /** bytes of the input, and of the tape that came with it, by which a call's fuel is measured */
  #paid = 0

  /**
   * @param module prepared as `resumablePolicyOf` says, with the exports of a layout or function: see `checkRunnerAbi`
   * @param pinned an operation finds in memory what earlier ones have left, and cannot be saved then
   * @throws SandboxError
   */
  constructor(module: Program, manifest: Runnable, limits: Limits, pinned: boolean) {
    this.name = manifest.name
    this.#control = (module.prepared.exports.get('control') as { value: number }).value >>> 0
    this.#prepared = module.prepared
    this.#manifest = manifest
    this.#limits = limits
    this.fuelLimit = limits.fuel
    this.#pinned = pinned
    this.#tape.room = Math.min(Math.floor(limits.value / UNIT), MAX_ROOM)
    this.#instance = module.instantiate({ autocodec: { read: (to, length, offset) => this.#read(to, length, offset) } })
    this.#views()
  }

  /** Fuel that the operation has used: the same for the same module, arguments and blocks on every machine. */
  get fuel(): number {
    return this.#spent
  }

  /** Pages of 64 KiB that the operation has had at most: memory does not shrink. */
  get peakPages(): number {
    return this.#instance.pages()
  }

  /** The input's bytes, which `restore` wants besides the state. */
  get input(): Uint8Array {
    return this.#kind === 'arguments' ? this.#joined() : (this.#source ??= this.#joined())
  }

  /** As one that has not been used: what goes wrong before an operation begins is not told with the fuel and the memory of the one before. */
  renew(): void {
    if (this.#used) this.#reset()
    this.#used = false
    this.#failed = false
    this.#answer = DONE
    this.#spent = 0
    this.#left = this.fuelLimit
    this.#source = NONE
  }

  /** Begins an operation. @param argument a value of the data model @throws CodecError, SandboxError */
  start(argument: unknown, flags = 0): Answer {
    return this.startTape(this.#writer.write(argument).material, flags)
  }

  /** As `start`, with what has been written already. @throws CodecError, SandboxError */
  startTape(material: Material, flags = 0): Answer {
    if (this.#used && (!this.#pinned || this.#failed)) this.#reset()
    else this.#clean = !this.#used
    this.#used = true
    this.#failed = false
    this.#open = true
    this.#spent = 0
    this.#left = this.fuelLimit
    this.#source = NONE
    this.#check('arguments', material)
    return this.#hand('arguments', '$start', material, flags)
  }

  /**
   * Goes on, after `ASKS` with the block that was asked for, the first if there are several.
   *
   * @param beside a tape that comes with the block, all of it in its arenas
   * @throws CodecError, SandboxError
   */
  resume(block?: Uint8Array, flags = 0, beside?: Material): Answer {
    if (block === undefined) {
      this.#clear(TAPE)
      return this.#run(flags)
    }
    const size = block.length
    if (size > this.#limits.input) throw this.#tooLarge('block', size)
    this.#pay(size)
    this.#source = block
    this.#kind = 'block'
    this.#input.placeOne(block, size)
    const { window, head = window } = this.#manifest
    const filled = size <= window ? size : head
    const words = this.#clear(0)
    copy(block, this.#memory, this.#control + CONTROL, filled)
    words[(this.#control >>> 2) + FILLED] = filled
    this.#say(size)
    if (beside !== undefined) this.#put('$resume', beside)
    return this.#run(flags)
  }

  /** Goes on with a value, handed over as arguments are: its long strings and bytes are the input. @throws IpldError, CodecError, SandboxError */
  answer(value: unknown, flags = 0): Answer {
    return this.answerTape(this.#writer.write(value).material, flags)
  }

  /** As `answer`, with what a codec has decoded: see `relocate`. @throws CodecError, SandboxError */
  answerTape(material: Material, flags = 0): Answer {
    this.#check('answer', material)
    this.#source = material.outside.length === 1 ? material.outside[0] : undefined
    return this.#hand('answer', '$resume', material, flags)
  }

  /**
   * The operation as it is, between two calls: this runner or another can go on from there. Only of an operation that began in memory as at instantiation, since its state would not be
   * the same everywhere otherwise.
   *
   * @throws SandboxError STATE
   */
  save(): RunnerState {
    const why = this.#answer === DONE ? 'no operation that waits' : this.#clean ? undefined : 'one that began in memory in which an earlier one has been'
    if (why !== undefined) throw new SandboxError('STATE', `${this.name}: got ${why}, expected one to save`)
    return {
      guest: guestState(this.#instance),
      answer: this.#answer as RunnerState['answer'],
      left: this.#left,
      spent: this.#spent,
      paid: this.#paid,
      input: this.#kind,
      size: this.#input.size
    }
  }

  /**
   * Takes an operation over, in place of any other: then `resume` or `answer`; `tape` is what the last call put there. Its fuel is believed: whoever takes states from elsewhere looks at
   * `left` and `spent` first.
   *
   * @param input the bytes that were the input when the state was saved
   * @returns what `run` answered last
   * @throws SandboxError STATE, MEMORY
   */
  restore(state: RunnerState, input: Uint8Array = NONE): Answer {
    const { guest, answer, left, spent, paid, input: kind, size } = state
    const wrong = (got: string, expected: string) => new SandboxError('STATE', `${this.name}: got ${got}, expected ${expected}`)
    if (answer !== ASKS && answer !== MORE) throw wrong(`answer ${answer}`, `${ASKS} or ${MORE}`)
    for (const [name, value] of Object.entries({ left, spent, paid }))
      if (!(Number.isSafeInteger(value) && value >= 0)) throw wrong(`${value} as ${name}`, '0 to 2^53 − 1')
    if (!KINDS.includes(kind)) throw wrong(`${kind} as input`, KINDS.join(', '))
    if (input.length !== size) throw wrong(`an input of ${input.length} bytes`, `${size}`)
    if (size > this.#limits.input) throw wrong(`an input of ${size} bytes`, `at most ${this.#limits.input}`)
    this.#answer = DONE
    // a start function may run again, and has no input
    this.#open = false
    this.#used = true
    this.#failed = true
    try {
      restoreGuest(this.#instance, guest, this.#prepared)
    } finally {
      this.#views()
    }
    this.#open = true
    this.#failed = false
    this.#clean = true
    this.#answer = answer
    this.#left = left
    this.#spent = spent
    this.#paid = paid
    this.#kind = kind
    this.#input.placeOne(input, size)
    this.#source = kind === 'arguments' ? NONE : input
    return answer
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
    return this.#tape.place(this.#memory, words, this.#doubles, extent, (this.#source ??= this.#joined()))
  }

  /** Takes fuel for what the host does for the guest between two calls. @throws SandboxError FUEL */
  charge(fuel: number): void {
    this.#left -= fuel
    this.#spent += fuel
    if (this.#left < 0) throw this.#named(new SandboxError('FUEL', ''), undefined)
  }

  /** More fuel for the operation, for so many bytes. Its sum stays exact as a number. */
  #pay(bytes: number): void {
    this.#paid = bytes
    this.#left = Math.min(this.#left + bytes * this.#limits.fuelPerByte, Number.MAX_SAFE_INTEGER)
  }

  #clear(from: number): Int32Array {
    this.#words.fill(0, (this.#control >>> 2) + from, (this.#control >>> 2) + END)
    return this.#words
  }

  /** Memory as at instantiation. */
  #reset(): void {
    this.#open = false
    this.#instance.reset()
    this.#views()
    this.#clean = true
  }

  #check(what: string, material: Material): void {
    const size = roomFor(material) + material.outsideLength
    if (size > this.#limits.input) throw this.#tooLarge(what, size)
  }

  /** Hands a tape over and calls. */
  #hand(kind: InputKind, before: '$start' | '$resume', material: Material, flags: number): Answer {
    const total = roomFor(material)
    const size = material.outsideLength
    this.#pay(total + size)
    this.#kind = kind
    this.#input.place(material.outside, size)
    this.#clear(0)
    this.#say(size)
    this.#put(before, material)
    return this.#run(flags)
  }

  /** Puts a tape where the guest wants it. */
  #put(before: '$start' | '$resume', material: Material): void {
    const address = this.#call(before, 'reserve', roomFor(material)) >>> 0
    const lie = hand(material, address, this.#memory, this.#words, this.#control, this.#manifest.window)
    if (lie !== undefined) throw this.#lie(lie)
  }

  #joined(): Uint8Array {
    const bytes = new Uint8Array(this.#input.size)
    this.#input.copy(0, bytes, 0, bytes.length)
    return bytes
  }

  /** Puts the input's size into the control block. */
  #say(size: number): void {
    const c = this.#control >>> 2
    this.#words[c + SIZE] = size
    this.#words[c + SIZE + 1] = (size / WORD) | 0
  }

  #run(flags: number): Answer {
    const answer = this.#call('$resume', 'run', flags)
    const number = answer > 0 || answer < MORE ? answer : this.#words[(this.#control >>> 2) + ERROR]
    if (number !== 0) {
      this.#failed = true
      throw this.#guestError(number)
    }
    this.#answer = answer as Answer
    return this.#answer
  }

  #call(before: '$start' | '$resume', name: 'run' | 'reserve', argument: number): number {
    // a call may not use what blocks have paid for that it has not been given yet, nor all that they have paid for at once
    this.#answer = DONE
    this.#given = Math.max(Math.min(this.#left, this.fuelLimit + this.#paid * this.#limits.fuelPerByte), 0)
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
    const [code, phrase] = GUEST_ERRORS[number] ??
      RUN_ERRORS[number] ?? [this.#manifest.kind === 'function' ? 'FUNCTION_ERROR' : 'CODEC_ERROR', `error ${number >>> 0} of the module's own`]
    const detail = words[c + DETAIL] >>> 0
    const text = (shown: string): string => (detail === 0 ? phrase : `${phrase} (${shown})`)
    // where a function says that something is may be in a stream, of which the input is a chunk, and its detail the number of a line
    if (this.#manifest.kind === 'function') {
      const own = code === 'FUNCTION_ERROR' ? number >>> 0 : undefined
      return new FunctionFailure(code, this.name, text(`${detail}`), where, { number: own, detail })
    }
    return new GuestError(code, this.name, text(`0x${detail.toString(16)}`), where, this.#input.size)
  }

  #lie(what: string): CodecError {
    this.#failed = true
    return new CodecError('INVALID_TAPE', this.name, what)
  }

  #tooLarge(what: string, got: number): CodecError {
    this.#failed = true
    this.#answer = DONE
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

/** What a function reports: a number of its own too. */
export class FunctionFailure extends GuestError {
  readonly number?: number
  /** the function's to say: what it found there, the number of a line */
  readonly detail?: number

  constructor(code: string, name: string, phrase: string, where: number, { number, detail }: { readonly number?: number; readonly detail: number }) {
    super(code, name, phrase, where, Number.MAX_SAFE_INTEGER)
    if (number !== undefined) this.number = number
    if (detail !== 0) this.detail = detail
  }
}

const KINDS: readonly string[] = ['arguments', 'block', 'answer'] satisfies InputKind[]

/** Errors that only operations over several blocks have (docs/layout.md section 6). */
const RUN_ERRORS: Readonly<Record<number, readonly [code: string, phrase: string]>> = {
  17: ['SIZE_MISMATCH', 'a size that is not the one that another block says'],
  18: ['UNSUPPORTED_CODEC', 'a link to a block of a codec that the layout does not read']
}
