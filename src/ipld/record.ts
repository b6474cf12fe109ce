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
/** Shapes that are remembered for one first key, and first keys that are remembered. */
const MAX_CANDIDATES = 8
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

/** Finds the shape of an object by its keys; makes it if there is room. */
export class RecordShapes {
  readonly #shapes = new Map<string, RecordShape[]>()

  find(keys: readonly string[]): RecordShape | undefined {
    const candidates = this.#shapes.get(keys[0])
    if (candidates !== undefined) {
      next: for (let c = 0; c < candidates.length; c++) {
        const other = candidates[c].keys
        if (other.length !== keys.length) continue
        for (let i = 1; i < keys.length; i++) if (keys[i] !== other[i]) continue next
        return candidates[c]
      }
      return candidates.length < MAX_CANDIDATES ? this.#make(keys, candidates) : undefined
    }
    if (this.#shapes.size >= MAX_FIRST_KEYS) this.#shapes.clear()
    const made: RecordShape[] = []
    this.#shapes.set(keys[0], made)
    return this.#make(keys, made)
  }

  #make(keys: readonly string[], candidates: RecordShape[]): RecordShape {
    const shape = new RecordShape(keys)
    candidates.push(shape)
    return shape
  }
}
