/** A guest's whole state between two calls, as data: taken out of one instance and put into another, in another process and another engine (docs/sandbox.md, Suspend). */
import { SandboxError } from './errors.js'
import type { GuestState, Instance, Prepared } from './interface.js'
import { PAGE } from './limits.js'

/** Runs of zeros that end a part of the memory: whole pieces of this many bytes, at multiples of it. */
const PIECE = 4096

/** The host's exports of a resumable module. */
interface Slots {
  readonly count: number
  get(slot: number): bigint
  set(slot: number, value: bigint): void
}

/**
 * The state of a guest whose last call has returned. The same state gives the same value on every machine, if the guest's first call was in a new or reset instance: in the memory of one
 * that has run before may be what earlier calls have left.
 *
 * @throws TypeError if the module was not prepared as resumable
 */
export function guestState(instance: Instance): GuestState {
  const { count, get } = slotsOf(instance)
  const pages = instance.pages()
  // the last slot is `pages`
  const globals = Array.from({ length: count - 1 }, (_, slot) => BigInt.asUintN(64, get(slot)))
  return { pages, globals, memory: partsOf(new Uint8Array(instance.memory.buffer, 0, pages * PAGE)) }
}

/**
 * Puts a state into an instance of the same module, whatever that has done before: call `$resume` and go on. Afterwards read `memory` and `func` of the instance again. If it fails, the
 * instance is as at instantiation.
 *
 * @param prepared of the instance's module
 * @throws SandboxError STATE if it is no state of such a guest, MEMORY if the engine has no memory for it; TypeError if the module was not prepared as resumable
 */
export function restoreGuest(instance: Instance, state: GuestState, prepared: Prepared): void {
  const { count } = slotsOf(instance)
  try {
    check(state, prepared, count - 1)
    // what lies beyond the guest's pages must not be there: an access to it traps
    if (instance.memory.buffer.byteLength > state.pages * PAGE) instance.reset()
    place(instance, state)
  } catch (thrown) {
    instance.reset()
    throw thrown
  }
}

function check(state: GuestState, { memory: { initial, maximum } }: Prepared, slots: number): void {
  if (typeof state !== 'object' || state === null) throw wrong(`${state === null ? 'null' : typeof state} as state`, 'an object')
  const { pages, globals, memory } = state
  if (!Number.isInteger(pages) || pages < initial || pages > maximum) throw wrong(`${pages} pages of memory`, `${initial} to ${maximum}`)
  if (!Array.isArray(globals) || globals.length !== slots) throw wrong(`${globals?.length} slots of globals`, `${slots}`)
  checkParts(memory, pages * PAGE)
}

function place(instance: Instance, { pages, globals, memory }: GuestState): void {
  const { get, set } = slotsOf(instance)
  // stack and trap reason
  instance.start(0)
  if (pages < instance.pages()) throw wrong(`${pages} pages of memory`, `at least the ${instance.pages()} that the start function leaves`)
  const more = pages - instance.memory.buffer.byteLength / PAGE
  if (more > 0) {
    try {
      instance.memory.grow(more)
    } catch (cause) {
      throw new SandboxError('MEMORY', `the engine has no memory left for the ${pages} pages of the state`, undefined, { cause })
    }
  }
  const bytes = new Uint8Array(instance.memory.buffer)
  bytes.fill(0)
  for (const part of memory) bytes.set(part.bytes, part.at)
  for (const [slot, value] of globals.entries()) {
    if (typeof value !== 'bigint') throw wrong(`${typeof value} in slot ${slot} of the globals`, 'a bigint')
    set(slot, value)
    if (BigInt.asUintN(64, get(slot)) !== value) throw wrong(`0x${value.toString(16)} in slot ${slot} of the globals`, 'the bits of a value of its type')
  }
  set(globals.length, BigInt(pages))
}

function slotsOf(instance: Instance): Slots {
  const [slots, get, set] = ['$slots', '$get', '$set'].map((name) => instance.func(name) as unknown)
  if (slots === undefined) throw new TypeError('instance: its module was not prepared as resumable, and has no state that could be read')
  return { count: (slots as () => number)(), get: get as Slots['get'], set: set as Slots['set'] }
}

/** What is not zero, in order. A part ends before the first piece of zeros; at its ends there are no words of zero. */
function partsOf(memory: Uint8Array): GuestState['memory'] {
  const words = new Int32Array(memory.buffer, 0, memory.length / 4)
  const parts: { at: number; bytes: Uint8Array }[] = []
  const step = PIECE / 4
  let first = -1
  let last = -1
  const end = () => {
    if (first >= 0) parts.push({ at: first * 4, bytes: memory.slice(first * 4, last * 4 + 4) })
    first = -1
  }
  for (let piece = 0; piece < words.length; piece += step) {
    if (isZero(words, piece, step)) {
      end()
      continue
    }
    let from = piece
    let to = piece + step - 1
    while (words[from] === 0) from++
    while (words[to] === 0) to--
    if (first < 0) first = from
    last = to
  }
  end()
  return parts
}

/** Eight words at a time: most of a large memory is zeros, and all of it is looked at. */
function isZero(words: Int32Array, from: number, count: number): boolean {
  for (let i = from; i < from + count; i += 8) {
    const some = words[i] | words[i + 1] | words[i + 2] | words[i + 3] | words[i + 4] | words[i + 5] | words[i + 6] | words[i + 7]
    if (some !== 0) return false
  }
  return true
}

function checkParts(parts: GuestState['memory'], size: number): void {
  if (!Array.isArray(parts)) throw wrong(`${typeof parts} as memory`, 'a list of parts')
  let end = 0
  for (const [i, part] of parts.entries()) {
    const { at, bytes } = part ?? {}
    if (!(bytes instanceof Uint8Array)) throw wrong(`${typeof bytes} in part ${i} of the memory`, 'a Uint8Array')
    if (!Number.isInteger(at) || at < end || at + bytes.length > size)
      throw wrong(`part ${i} of the memory with ${bytes.length} bytes at ${at}`, `parts in order between ${end} and ${size}`)
    end = at + bytes.length
  }
}

function wrong(got: string, expected: string): SandboxError {
  return new SandboxError('STATE', `got ${got}, expected ${expected}`)
}
