/**
 * Shapes: the sets of keys that maps have. Records of one kind share a shape, so its keys are made strings once, and its objects by a constructor of their own, which is several times
 * faster than setting one property after the other (see RATIONALE.md). Shapes are remembered from call to call, a bounded number of them.
 */
import { canCompile, compile } from './compile.js'
import { LIST, RECORD, STRING, TEXT } from './layout.js'
import type { Tape } from './tape.js'

/** What a generated constructor reads from. */
export interface ValueReader {
  /** the next value */
  next(): unknown
  /** the value after the next key */
  nextAfterKey(): unknown
}

type Construct = (reader: ValueReader) => object

/** Maps with more keys than this are built key by key. */
export const MAX_KEYS = 32
/** A constructor is compiled after so many objects: it costs as much as building about a hundred. */
const WORTH_COMPILING = 24
const SLOTS = 256

export class Shape {
  readonly keys: readonly string[]
  /** the keys' bytes, ASCII, one after the other */
  readonly bytes: Uint8Array
  /** constructs an object whose values follow each other on the tape, or whose keys stand between them; undefined until it is worth while */
  shared: Construct | undefined
  plain: Construct | undefined
  #uses = 0

  constructor(keys: readonly string[], bytes: Uint8Array) {
    this.keys = keys
    this.bytes = bytes
  }

  /** Counts an object that was built without a constructor. */
  used(): void {
    if (++this.#uses !== WORTH_COMPILING || !canCompile()) return
    this.shared = this.#construct('next')
    this.plain = this.#construct('nextAfterKey')
  }

  #construct(method: keyof ValueReader): Construct | undefined {
    // the keys are string literals here, and `__proto__`, the one key that a literal would not make a property, makes no shape
    return compile<Construct>(['r'], `return{${this.keys.map((key) => `${JSON.stringify(key)}:r.${method}()`).join()}}`)
  }
}

/** Finds the shape of a map on a tape by the bytes of its keys. */
export class ShapeCache {
  readonly #slots: (Shape | undefined)[] = new Array(SLOTS).fill(undefined)
  /** hash last seen at a slot: a shape is made when its hash comes for the second time, so that maps that never come again cost none */
  readonly #seen = new Int32Array(SLOTS)

  /** The shape of the map whose first key is at word `p`, with `count` keys, before word `end`; undefined if it is unknown or anything is unusual: then build key by key. */
  find(tape: Tape, p: number, count: number, end: number): Shape | undefined {
    const { words, memory } = tape
    if ((words[p] & 0x7f) !== (STRING | TEXT)) return undefined
    const length = words[p + 1]
    const at = tape.text + words[p + 2]
    const hash = (Math.imul(count, 31) + length) * 131 + memory[at] * 7 + memory[at + length - 1]
    const slot = hash & (SLOTS - 1)
    const shape = this.#slots[slot]
    if (shape !== undefined && shape.keys.length === count && matches(shape, tape, p, end)) return shape
    if (this.#seen[slot] !== hash) {
      this.#seen[slot] = hash
      return undefined
    }
    const made = makeShape(tape, p, count, end)
    if (made !== undefined) this.#slots[slot] = made
    return made
  }
}

/** Whether the map's keys are those of the shape. What is out of order on the tape makes it false; the builder then meets it and says so. */
function matches(shape: Shape, tape: Tape, p: number, end: number): boolean {
  const { words, memory, text, textLength } = tape
  const { keys, bytes } = shape
  let b = 0
  for (let i = 0; i < keys.length; i++) {
    if (p + 2 * RECORD > end || (words[p] & 0x7f) !== (STRING | TEXT)) return false
    const length = keys[i].length
    const offset = words[p + 2]
    if (words[p + 1] !== length || words[p + 3] !== 0 || offset < 0 || offset + length > textLength) return false
    for (let at = text + offset, last = at + length; at < last; at++) if (memory[at] !== bytes[b++]) return false
    p = afterValue(tape, p + RECORD, end)
    if (p < 0) return false
  }
  return p === end
}

function makeShape(tape: Tape, p: number, count: number, end: number): Shape | undefined {
  const { words, text, textLength, memory } = tape
  const keys: string[] = []
  const bytes: number[] = []
  for (let i = 0; i < count; i++) {
    if (p + 2 * RECORD > end || (words[p] & 0x7f) !== (STRING | TEXT)) return undefined
    const length = words[p + 1]
    const offset = words[p + 2]
    if (words[p + 3] !== 0 || offset < 0 || length < 0 || length > 64 || offset + length > textLength) return undefined
    const key = tape.ascii.slice(offset, offset + length)
    if (key === '__proto__') return undefined
    keys.push(key)
    for (let j = 0; j < length; j++) bytes.push(memory[text + offset + j])
    p = afterValue(tape, p + RECORD, end)
    if (p < 0) return undefined
  }
  return p === end ? new Shape(keys, Uint8Array.from(bytes)) : undefined
}

/** The word after the value at `p`, or −1 if the tape does not say one. */
function afterValue(tape: Tape, p: number, end: number): number {
  if ((tape.words[p] & 15) < LIST) return p + RECORD
  const next = tape.start + (tape.words[p + 2] >>> 0) * RECORD
  return next > p && next <= end ? next : -1
}
