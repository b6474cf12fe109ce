/** The builder: JavaScript values from a tape. It checks each record as it comes to it, since a guest may have written anything. */
import { type CID, cidAt } from './cid.js'
import { IpldError, invalidTape, notCid, notUtf8, tooMuch } from './errors.js'
import {
  BOOL,
  BYTES,
  BYTES_WEIGHT,
  DATA,
  EXTRA,
  FLOAT,
  INPUT,
  KIND,
  LINK,
  LINK_WEIGHT,
  LIST,
  MAP,
  MAX_DEPTH,
  NINT,
  NULL,
  RECORD,
  SOURCE,
  STRING,
  TEXT,
  UINT,
  WIDE,
  WORD
} from './layout.js'
import { MAX_KEYS, type Shape, ShapeCache, type ValueReader } from './shape.js'
import { Tape } from './tape.js'
import { cutsPair, utf8Text } from './text.js'

/** Numbers up to 2^53 − 1 are numbers, what is beyond is a BigInt. */
const MAX_SAFE_HIGH = 0x200000
/** Below this −1 − n is a number too. */
const ALL_SAFE_HIGH = 0x1fffff
/** A place to make one BigInt of two words. */
const turned = new Int32Array(2)
const signed = new BigInt64Array(turned.buffer)

export class Builder implements ValueReader {
  /** Where the links of what is built go, in their order, if anywhere. */
  links: CID[] | undefined
  readonly #cache = new ShapeCache()
  /** shapes of the maps that others on this tape share the keys of, by word */
  readonly #learned = new Map<number, LearnedKeys>()
  /** the last of them */
  #like = -1
  #last: LearnedKeys = { keys: [], shape: undefined }
  #tape = new Tape()
  #words: Int32Array = new Int32Array(0)
  #ascii: string | undefined
  #start = 0
  /** the next record, and the end of the list or map that it is in, as word indices */
  #p = 0
  #end = 0
  #depth = 0
  /** of `Tape.room`: records are bounded by the guest's memory, but all of them may name the same long bytes */
  #room = 0

  /**
   * The value at a record, by default the root.
   * Strings may be slices of the text of the whole block, bytes and CIDs are views of it.
   * @param at word index of the record
   * @throws IpldError INVALID_TAPE, INVALID_UTF8, INVALID_CID, DEPTH
   */
  build(tape: Tape, at: number = tape.start, end: number = tape.end): unknown {
    this.#tape = tape
    this.#words = tape.words
    this.#ascii = undefined
    this.#start = tape.start
    this.#p = at
    this.#end = end
    this.#depth = 0
    this.#like = -1
    this.#room = tape.room
    if (this.#learned.size > 0) this.#learned.clear()
    const value = this.next()
    if (this.#p !== end) throw invalidTape(tape.indexOf(this.#p), 'after the end of the root')
    return value
  }

  next(): unknown {
    const w = this.#p
    if (w >= this.#end) throw this.#lie(w, 'outside of its list or map')
    const words = this.#words
    const head = words[w]
    this.#p = w + RECORD
    switch (head & KIND) {
      case STRING:
        return this.#string(w, head)
      case UINT:
        return words[w + 3] === 0 ? words[w + 2] >>> 0 : this.#unsigned(w)
      case MAP:
        return this.#map(w, head)
      case LIST:
        return this.#list(w)
      case LINK:
        return this.#link(w, head)
      case BYTES:
        return this.#bytes(w, head)
      case NULL:
        return null
      case BOOL:
        return this.#bool(w)
      case FLOAT:
        return this.#tape.doubles[(w + 2) >>> 1]
      case NINT:
        return words[w + 3] === 0 ? -1 - (words[w + 2] >>> 0) : this.#negative(w)
      default:
        throw this.#lie(w, `kind ${head & KIND}, expected 1 to 10`)
    }
  }

  #bool(w: number): boolean {
    const value = this.#words[w + 1]
    if (value >>> 0 > 1) throw this.#lie(w, `bool ${value >>> 0}, expected 0 or 1`)
    return value === 1
  }

  nextAfterKey(): unknown {
    this.#p += RECORD
    return this.next()
  }

  /** The integer n at a record, of more than 32 bits. */
  #unsigned(w: number): number | bigint {
    const hi = this.#words[w + 3] >>> 0
    return hi < MAX_SAFE_HIGH ? hi * WORD + (this.#words[w + 2] >>> 0) : this.#tape.integers[(w + 2) >>> 1]
  }

  /** −1 − n */
  #negative(w: number): number | bigint {
    const hi = this.#words[w + 3]
    // −1 − n is n with all bits turned
    if (hi >= MAX_SAFE_HIGH) {
      turned[0] = ~this.#words[w + 2]
      turned[1] = ~hi
      return signed[0]
    }
    const n = this.#unsigned(w)
    return typeof n === 'number' && n < Number.MAX_SAFE_INTEGER ? -1 - n : -1n - BigInt(n)
  }

  #lie(w: number, message: string): IpldError {
    return invalidTape(this.#tape.indexOf(w), message)
  }

  #string(w: number, head: number): string {
    const words = this.#words
    if ((head & (SOURCE | WIDE)) === TEXT) {
      const length = words[w + 1]
      const offset = words[w + 2]
      const text = (this.#ascii ??= this.#tape.ascii)
      if (length < 0 || offset < 0 || words[w + 3] !== 0 || offset + length > text.length) throw this.#lie(w, 'string outside the text arena')
      return text.substring(offset, offset + length)
    }
    return this.#otherString(w, head)
  }

  #otherString(w: number, head: number): string {
    const words = this.#words
    const length = words[w + 1] >>> 0
    if (head & WIDE) {
      const units = length - (head >>> EXTRA)
      const offset = words[w + 3] >>> 0
      const text = this.#tape.utf16
      if (units < 0 || offset + units > text.length) throw this.#lie(w, 'string outside the wide arena')
      const bytes = words[w + 2] >>> 0
      if (head & TEXT || bytes + length > ((head & SOURCE) === INPUT ? this.#tape.input.length : this.#tape.dataLength))
        throw this.#lie(w, 'wide string whose UTF-8 is outside of its source')
      if (units > 0 && cutsPair(text, offset, offset + units)) throw this.#lie(w, 'wide string that begins or ends within a character')
      return text.substring(offset, offset + units)
    }
    const bytes = this.#range(w, head)
    // two bytes a character if one of them is not Latin-1
    if ((this.#room -= length >>> 3) < 0) throw this.#tooMuch(w)
    const text = utf8Text(bytes, 0, length)
    if (text === undefined) {
      throw notUtf8(this.#tape, w)
    }
    return text
  }

  /** The bytes of a string, bytes or link: a view of the input or of a copy of the data arena. */
  #range(w: number, head: number): Uint8Array {
    const words = this.#words
    const tape = this.#tape
    const length = words[w + 1] >>> 0
    const offset = (words[w + 2] >>> 0) + (words[w + 3] >>> 0) * WORD
    if (head & WIDE) throw this.#lie(w, 'wide, but not a string')
    switch (head & SOURCE) {
      case INPUT: {
        const { input } = tape
        if (offset + length > input.length) throw this.#lie(w, `bytes ${offset} to ${offset + length} of an input of ${input.length}`)
        return new Uint8Array(input.buffer, input.byteOffset + offset, length)
      }
      case DATA:
        if (offset + length > tape.dataLength) throw this.#lie(w, `bytes ${offset} to ${offset + length} of a data arena of ${tape.dataLength}`)
        return new Uint8Array(tape.kept.buffer, offset, length)
      default:
        throw this.#lie(w, `source ${(head & SOURCE) >> 4}`)
    }
  }

  #bytes(w: number, head: number): Uint8Array {
    if ((this.#room -= BYTES_WEIGHT) < 0) throw this.#tooMuch(w)
    return this.#range(w, head)
  }

  #tooMuch(w: number): IpldError {
    return tooMuch(this.#tape.indexOf(w), this.#tape.room)
  }

  #link(w: number, head: number): CID {
    if ((this.#room -= LINK_WEIGHT) < 0) throw this.#tooMuch(w)
    const words = this.#words
    const { input } = this.#tape
    const length = words[w + 1] >>> 0
    const offset = (words[w + 2] >>> 0) + (words[w + 3] >>> 0) * WORD
    const here = (head & (SOURCE | WIDE)) === INPUT && offset + length <= input.length
    // most often in the input, where it needs no view of its own
    const bytes = here ? input : this.#range(w, head)
    try {
      const cid = cidAt(bytes, here ? offset : 0, length)
      this.links?.push(cid)
      return cid
    } catch (cause) {
      throw notCid(this.#tape, w, cause)
    }
  }

  /** Enters a list or map: answers its end. @param least records that its contents take at least */
  #enter(w: number, least: number): number {
    const end = this.#start + (this.#words[w + 2] >>> 0) * RECORD
    if (end > this.#end) throw this.#lie(w, `ends at record ${this.#tape.indexOf(end)}, after what it is in, which ends at ${this.#tape.indexOf(this.#end)}`)
    if (end < this.#p + least * RECORD) throw this.#lie(w, `claims ${this.#words[w + 1] >>> 0} items and ends at record ${this.#tape.indexOf(end)}`)
    if (++this.#depth > MAX_DEPTH) throw new IpldError('DEPTH', `nested deeper than ${MAX_DEPTH} lists and maps`, { record: this.#tape.indexOf(w) })
    return end
  }

  #leave(w: number, end: number, outer: number): void {
    if (this.#p !== end) throw this.#lie(w, `its items end at record ${this.#tape.indexOf(this.#p)}, expected ${this.#tape.indexOf(end)}`)
    this.#end = outer
    this.#depth--
  }

  #list(w: number): unknown[] {
    const words = this.#words
    const count = words[w + 1] >>> 0
    // nothing to enter: a file's leaf has such a list
    if (count === 0 && this.#depth < MAX_DEPTH && this.#start + words[w + 2] * RECORD === this.#p) return []
    const outer = this.#end
    const end = (this.#end = this.#enter(w, count))
    const list = this.#numbers(count) ?? this.#values(count)
    this.#leave(w, end, outer)
    return list
  }

  /** The next `count` values. */
  #values(count: number): unknown[] {
    // of its full length at once, which growing would cost more than the values do
    const list = new Array<unknown>(count)
    for (let i = 0; i < count; i++) list[i] = this.next()
    return list
  }

  /** The same if all are numbers: without a call for each, which would put them on the heap, and in an array of which the engine learns that it holds nothing else. */
  #numbers(count: number): number[] | undefined {
    const words = this.#words
    const from = this.#p
    for (let i = 0, p = from; i < count; i++, p += RECORD) {
      const head = words[p]
      if (head !== FLOAT && ((head !== UINT && head !== NINT) || words[p + 3] >>> 0 >= ALL_SAFE_HIGH)) return undefined
    }
    const { doubles } = this.#tape
    const list = new Array<number>(count)
    for (let i = 0, p = from; i < count; i++, p += RECORD) {
      const head = words[p]
      if (head === FLOAT) list[i] = doubles[(p + 2) >>> 1]
      else {
        const hi = words[p + 3]
        const n = hi === 0 ? words[p + 2] >>> 0 : hi * WORD + (words[p + 2] >>> 0)
        list[i] = head === UINT ? n : -1 - n
      }
    }
    this.#p = from + count * RECORD
    return list
  }

  #map(w: number, head: number): object {
    const words = this.#words
    const count = words[w + 1] >>> 0
    const shared = head >>> EXTRA
    if (shared > count) throw this.#lie(w, `shares ${shared} keys of ${count}`)
    if (shared === 0 && words[w + 3] !== 0) throw this.#lie(w, `names record ${words[w + 3] >>> 0} and shares no keys with it`)
    const outer = this.#end
    const end = (this.#end = this.#enter(w, 2 * count - shared))
    const map = shared > 0 ? this.#sharedMap(w, count, shared) : count === 0 ? {} : this.#plainMap(count, end)
    this.#leave(w, end, outer)
    return map
  }

  /** A map with all its keys on the tape. */
  #plainMap(count: number, end: number): object {
    if (count <= MAX_KEYS) {
      const shape = this.#cache.find(this.#tape, this.#p, count, end)
      if (shape !== undefined) {
        if (shape.plain !== undefined) return shape.plain(this)
        shape.used()
      }
    }
    const map = count > MANY_KEYS ? dictionary() : {}
    for (let i = 0; i < count; i++) set(map, this.#key(), this.next())
    return map
  }

  /** A map whose first `shared` keys stand in another one. */
  #sharedMap(w: number, count: number, shared: number): object {
    const like = this.#words[w + 3] >>> 0
    const known = like === this.#like ? this.#last : (this.#learned.get(like) ?? this.#learn(like, w))
    this.#like = like
    this.#last = known
    const { keys, shape } = known
    if (shared > keys.length) throw this.#lie(w, `shares ${shared} keys with record ${like}, which has ${keys.length}`)
    if (shape !== undefined && count === shared && count === keys.length) {
      if (shape.shared !== undefined) return shape.shared(this)
      shape.used()
    }
    const map = {}
    for (let i = 0; i < shared; i++) set(map, keys[i], this.next())
    for (let i = shared; i < count; i++) set(map, this.#key(), this.next())
    return map
  }

  /** The keys of the map at record `like`, for the map at word `w`. */
  #learn(like: number, w: number): LearnedKeys {
    const words = this.#words
    const at = this.#start + like * RECORD
    if (at >= w || words[at] !== MAP) throw this.#lie(w, `shares keys with record ${like}, expected an earlier map that has its own`)
    const count = words[at + 1] >>> 0
    const end = this.#start + (words[at + 2] >>> 0) * RECORD
    if (end > w || end < at + RECORD + 2 * count * RECORD) throw this.#lie(w, `shares keys with record ${like}, which does not end before it`)
    const p = this.#p
    const keys: string[] = []
    this.#p = at + RECORD
    for (let i = 0; i < count; i++) {
      keys.push(this.#key())
      const value = this.#p
      this.#p = (words[value] & KIND) < LIST ? value + RECORD : this.#start + (words[value + 2] >>> 0) * RECORD
      if (this.#p <= value || this.#p > end) throw this.#lie(value, 'does not end in its map')
    }
    this.#p = p
    let shape: Shape | undefined
    if (count <= MAX_KEYS && count > 0) {
      // twice: the first time the cache only takes note
      shape = this.#cache.find(this.#tape, at + RECORD, count, end) ?? this.#cache.find(this.#tape, at + RECORD, count, end)
    }
    const learned = { keys: shape?.keys ?? keys, shape }
    this.#learned.set(like, learned)
    return learned
  }

  #key(): string {
    const w = this.#p
    const head = this.#words[w]
    if (w >= this.#tape.end || (head & KIND) !== STRING) throw this.#lie(w, `kind ${head & KIND}, expected a key`)
    this.#p = w + RECORD
    return this.#string(w, head)
  }
}

interface LearnedKeys {
  readonly keys: readonly string[]
  readonly shape: Shape | undefined
}

/** From this number of keys on an object is a dictionary in the engine sooner or later. */
const MANY_KEYS = 128

/** An empty object that is a dictionary from the start: what is deleted from the middle makes it one. Otherwise the engine makes a hidden class for each of its first keys. */
function dictionary(): Record<string, unknown> {
  const map: Record<string, unknown> = { a: 0, b: 0 }
  delete map.a
  delete map.b
  return map
}

function set(map: Record<string, unknown>, key: string, value: unknown): void {
  // assigned, this one would set the prototype
  if (key === '__proto__') return define(map, key, value)
  try {
    map[key] = value
  } catch {
    // where Object.prototype is frozen, `toString` and its like cannot be assigned
    define(map, key, value)
  }
}

function define(map: object, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
}
