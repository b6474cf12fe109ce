/** How large a node is that goes into a receipt, which is a block that everybody must be able to read (docs/functions.md section 5). */
import { DEFAULT_LIMITS } from '../codec/limits.js'
import { CID, checkTape, type Tape } from '../ipld/index.js'
import { EXTRA, FLOAT, KIND, LINK, LIST, MAP, MAX_DEPTH, RECORD, STRING } from '../ipld/layout.js'
import { TaskError } from './errors.js'
import { MAX_DEEP } from './limits.js'

/** Bytes of parameters and inputs together, as `sizeOf` counts them. */
export const MAX_INPUT = DEFAULT_LIMITS.input

/** Of each value and key: what a record takes. */
const RECORD_BYTES = 16
/** The bits of a double's upper word that are all set in an infinity or NaN. */
const EXPONENT = 0x7ff00000

/**
 * The size of a node in bytes: 16 for each value and key, and the bytes of strings, byte strings and links, as often as they are named. It is the same however a tape shares keys and bytes, and is
 * known before anything is made of the tape.
 *
 * @throws TaskError INVALID_ANSWER for what DAG-CBOR has not; IpldError for what is no tape
 */
export function measure(given: Tape, what: string): number {
  const tape = checkTape(given)
  const { words, start, end } = tape
  // a tape of more than 100 million records does not fit into a guest: the sum is exact
  let size = 0
  const ends: number[] = []
  for (let w = start; w < end; w += RECORD) {
    while (ends.length > 0 && ends[ends.length - 1] <= w) ends.pop()
    const kind = words[w] & KIND
    size += RECORD_BYTES
    if (kind >= STRING && kind <= LINK) size += words[w + 1] >>> 0
    else if (kind === FLOAT && (words[w + 3] & EXPONENT) === EXPONENT)
      throw new TaskError('INVALID_ANSWER', `${what}: got an infinity or NaN in record ${tape.indexOf(w)}, which DAG-CBOR has not`)
    else if (kind >= LIST) {
      ends.push(start + (words[w + 2] >>> 0) * RECORD)
      if (ends.length > MAX_DEEP) throw new TaskError('INVALID_ANSWER', `${what}: nested deeper than ${MAX_DEEP}`)
      if (kind === MAP) size += sharedSize(tape, w)
    }
  }
  return size
}

/**
 * The same of a JavaScript value that is to go onto a tape, as far as `most`: the walk ends there, since a value may name the same part any number of times, and is then far larger than it looks.
 * What the data model has not, and what is nested too deep, is left to whoever writes the tape, who comes to it in the same order.
 */
export function sizeOf(value: unknown, most: number): number {
  let size = 0
  let left = false
  const text = (given: string): void => {
    size += RECORD_BYTES + (size + given.length > most ? given.length : utf8Length(given))
  }
  const walk = (each: unknown, depth: number): void => {
    left ||= depth > MAX_DEPTH
    if (left || size > most) return
    if (typeof each === 'string') return text(each)
    size += RECORD_BYTES
    if (typeof each !== 'object' || each === null) return
    const link = CID.asCID(each)
    if (link !== null) size += link.bytes.length
    else if (ArrayBuffer.isView(each) || each instanceof ArrayBuffer) size += each.byteLength
    else if (Array.isArray(each)) for (let i = 0; i < each.length && size <= most && !left; i++) walk(each[i], depth + 1)
    else {
      for (const [key, item] of each instanceof Map ? each : Object.entries(each)) {
        if (left || size > most) return
        text(String(key))
        walk(item, depth + 1)
      }
    }
  }
  walk(value, 0)
  return size
}

/** Bytes in UTF-8. Half of a surrogate pair counts as what it is written as. */
function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    length += unit < 0x800 ? 1 : 2
    // two of them are four bytes
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++
  }
  return length
}

/** Keys that stand in another map. */
function sharedSize({ words, start }: Tape, map: number): number {
  let size = 0
  let key = start + ((words[map + 3] >>> 0) + 1) * RECORD
  for (let left = words[map] >>> EXTRA; left > 0; left--) {
    size += RECORD_BYTES + (words[key + 1] >>> 0)
    const value = key + RECORD
    key = (words[value] & KIND) < LIST ? value + RECORD : start + (words[value + 2] >>> 0) * RECORD
  }
  return size
}
