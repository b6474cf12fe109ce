/**
 * Record shapes of JavaScript objects, for the writer: objects with the same keys in the same order. What is known of a shape from one object serves for the next: its keys as
 * bytes, and functions of its own that read its properties, which an engine makes several times faster than reading them by name in a loop (see RATIONALE.md).
 */
import { canCompile, compile } from './compile.js'

/** What the functions of a shape write to. */
export interface ValueWriter {
  value(value: unknown): void
  /** a key whose bytes are in the arena */
  key(at: number, length: number): void
}

type Fields = Record<string, unknown>

/** Functions are made after so many objects. */
const WORTH_COMPILING = 24
/** Shapes with more keys have no functions. */
const MAX_KEYS = 32
/** Shapes with one first key that are shared in a call; twice as many are remembered. */
const MAX_SHARED = 8
/** First keys that are remembered. */
const MAX_FIRST_KEYS = 512

export class RecordShape {
  readonly keys: readonly string[]
  /** the keys in UTF-8, one after the other */
  readonly bytes: Uint8Array
  readonly lengths: readonly number[]
  /** whether a key makes the object need a second look: it may be a CID, or hide what it is */
  readonly special: boolean
  /** the record of the first map of this shape in the call of that number */
  record = 0
  call = 0
  /** whether an object of this shape is a plain one; undefined until it is worth while, and then so are the others */
  isPlain: ((object: Fields) => boolean) | undefined
  /** writes the values */
  writeShared!: (writer: ValueWriter, object: Fields) => void
  /** writes keys, whose bytes begin at `at` in the arena, and values */
  writePlain!: (writer: ValueWriter, object: Fields, at: number) => void
  #uses = 0

  constructor(keys: readonly string[]) {
    this.keys = keys
    const encoder = new TextEncoder()
    const parts = keys.map((key) => encoder.encode(key))
    this.lengths = parts.map((part) => part.length)
    this.bytes = new Uint8Array(this.lengths.reduce((a, b) => a + b, 0))
    let at = 0
    for (const part of parts) {
      this.bytes.set(part, at)
      at += part.length
    }
    this.special = keys.some((key) => key === '/' || key === 'constructor' || key === '__proto__')
  }

  /** Counts an object that was written without the shape's functions. */
  used(): void {
    if (++this.#uses !== WORTH_COMPILING || this.keys.length > MAX_KEYS || this.special || !canCompile()) return
    const names = this.keys.map((key) => JSON.stringify(key))
    let at = 0
    const shared = names.map((name) => `w.value(o[${name}])`)
    const plain = names.map((name, i) => {
      const key = `w.key(at+${at},${this.lengths[i]});w.value(o[${name}])`
      at += this.lengths[i]
      return key
    })
    const writeShared = compile<RecordShape['writeShared']>(['w', 'o'], shared.join(';'))
    const writePlain = compile<RecordShape['writePlain']>(['w', 'o', 'at'], plain.join(';'))
    const isPlain = compile<(object: Fields) => boolean>(['o'], 'return o.constructor===Object')
    if (writeShared === undefined || writePlain === undefined) return
    this.writeShared = writeShared
    this.writePlain = writePlain
    this.isPlain = isPlain
  }
}

/** The shapes that begin with one key. */
class Family {
  readonly shapes: RecordShape[] = []
  #call = 0
  #met = 0

  /** Whether a shape may be shared in this call. What is on a tape depends on the value alone, not on what was written before: so the first that come are, and no others. */
  admits(call: number): boolean {
    if (this.#call !== call) {
      this.#call = call
      this.#met = 0
    }
    return ++this.#met <= MAX_SHARED
  }

  make(keys: readonly string[], call: number): RecordShape {
    const shape = new RecordShape(keys)
    // at most half of them are of this call
    const place = this.shapes.length < 2 * MAX_SHARED ? this.shapes.length : this.shapes.findIndex((other) => other.call !== call)
    this.shapes[Math.max(place, 0)] = shape
    return shape
  }
}

/** Finds the shape of an object by its keys. */
export class RecordShapes {
  readonly #families = new Map<string, Family>()

  /** Before each call: forgets everything if it has become too much. */
  begin(): void {
    if (this.#families.size > MAX_FIRST_KEYS) this.#families.clear()
  }

  /** The shape of these keys, known or made; undefined if it is not to be shared in this call. */
  find(keys: readonly string[], call: number): RecordShape | undefined {
    let family = this.#families.get(keys[0])
    if (family === undefined) {
      family = new Family()
      this.#families.set(keys[0], family)
    }
    const { shapes } = family
    next: for (let s = 0; s < shapes.length; s++) {
      const shape = shapes[s]
      const other = shape.keys
      if (other.length !== keys.length) continue
      for (let i = 1; i < keys.length; i++) if (keys[i] !== other[i]) continue next
      return shape.call === call || family.admits(call) ? shape : undefined
    }
    return family.admits(call) ? family.make(keys, call) : undefined
  }
}
