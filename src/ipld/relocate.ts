/** A decoded tape made ready for an encoder (docs/abi.md section 6): checked to the last byte, and with what is short brought into the arenas. */
import { linkAt } from './check.js'
import { notUtf8, tooMuch } from './errors.js'
import { BYTES, DATA, INPUT, KIND, LINK, MAP, RECORD, SOURCE, STRING, TEXT, WIDE, WORD } from './layout.js'
import type { Tape } from './tape.js'
import { utf8Text } from './text.js'
import { LONG, type Material } from './write.js'

/**
 * @param tape checked by `checkTape`
 * @throws IpldError INVALID_UTF8, INVALID_CID, INVALID_TAPE, VALUE_SIZE
 */
export function relocate(tape: Tape): Material {
  const { words, start, end, memory } = tape
  // the text arena is read here only to see that it is ASCII
  const textLength = tape.ascii.length
  let moved = 0
  const keys = keyWords(tape)
  // what is moved or read again: any number of records may name the same long bytes
  let { room } = tape
  for (let w = start; w < end; w += RECORD) {
    const kind = words[w] & KIND
    if (kind < STRING || kind > LINK) continue
    const length = words[w + 1] >>> 0
    const moves = short(words, w, keys)
    if (moves) moved += length
    if (moves || kind !== BYTES) room -= length >>> 4
    if (room < 0) throw tooMuch(tape.indexOf(w), tape.room)
  }
  const to = words.slice(start, end)
  const text = memory.slice(tape.text, tape.text + textLength)
  const data = new Uint8Array(tape.dataLength + moved)
  data.set(memory.subarray(tape.data, tape.data + tape.dataLength))
  let at = tape.dataLength
  for (let w = start; w < end; w += RECORD) {
    const head = words[w]
    const kind = head & KIND
    if (kind < STRING || kind > LINK) continue
    if (kind === LINK) linkAt(tape, w)
    const source = head & SOURCE
    const length = words[w + 1] >>> 0
    const offset = (words[w + 2] >>> 0) + (head & WIDE ? 0 : (words[w + 3] >>> 0) * WORD)
    if (kind === STRING && source !== TEXT) {
      const valid = source === INPUT ? utf8Text(tape.input, offset, length) : utf8Text(memory, tape.data + offset, length)
      if (valid === undefined) throw notUtf8(tape, w)
    }
    const t = w - start
    if (head & WIDE) {
      to[t] = kind | source
      to[t + 3] = 0
    }
    if (short(words, w, keys)) {
      data.set(tape.input.subarray(offset, offset + length), at)
      to[t] = kind | DATA
      to[t + 2] = at
      to[t + 3] = 0
      at += length
    }
  }
  const { input } = tape
  return { words: to, records: tape.records, text, textLength, data, dataLength: data.length, outside: [input], outsideLength: input.length }
}

/** Whether a record's bytes are in the input and have to come into an arena: short ones, links and keys. */
function short(words: Int32Array, w: number, keys: ReadonlySet<number>): boolean {
  const head = words[w]
  const kind = head & KIND
  return kind >= STRING && kind <= LINK && (head & SOURCE) === INPUT && (words[w + 1] >>> 0 < LONG || kind === LINK || keys.has(w))
}

/** Words of the keys that are long and in the input: none in nearly every block. */
function keyWords(tape: Tape): ReadonlySet<number> {
  const { words, start, end } = tape
  const keys = new Set<number>()
  let any = false
  for (let w = start; w < end && !any; w += RECORD) any = (words[w] & (KIND | SOURCE)) === STRING && words[w + 1] >>> 0 >= LONG
  if (!any) return keys
  for (let w = start; w < end; w += RECORD) {
    if ((words[w] & KIND) !== MAP) continue
    const count = words[w + 1] >>> 0
    const shared = words[w] >>> 8
    for (let i = 0, p = w + RECORD; i < count; i++) {
      if (i >= shared) {
        keys.add(p)
        p += RECORD
      }
      p = (words[p] & KIND) < MAP - 1 ? p + RECORD : start + (words[p + 2] >>> 0) * RECORD
    }
  }
  return keys
}
