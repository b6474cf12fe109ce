/** The checker: that a tape says what docs/abi.md section 5 lets it say, in one pass. For all who read a tape without building its values; the builder checks as it goes. */
import { type CID, cidAt } from './cid.js'
import { IpldError, invalidTape, notCid, tooMuch } from './errors.js'
import { BOOL, DATA, EXTRA, INPUT, KIND, KINDS, LINK, LINK_WEIGHT, LIST, MAP, MAX_DEPTH, RECORD, SOURCE, STRING, TEXT, WIDE, WORD } from './layout.js'
import type { Tape } from './tape.js'
import { cutsPair } from './text.js'

/**
 * @returns the tape
 * @throws IpldError INVALID_TAPE, DEPTH
 */
export function checkTape(tape: Tape): Tape {
  const { words, start, end } = tape
  // of each open list or map: its end, and for maps the entry at which keys begin; entry −1 for lists
  const ends: number[] = []
  const left: number[] = []
  const keyless: number[] = []
  let boundary = end
  // entries still to come, of them without keys, and whether the next record is a key
  let items = 1
  let without = 1
  let w = start
  for (;;) {
    while (items === 0) {
      if (w !== boundary) throw invalidTape(tape.indexOf(w), `after the last item, expected the end at record ${tape.indexOf(boundary)}`)
      if (w === end && ends.length === 0) return tape
      boundary = ends.pop() as number
      items = left.pop() as number
      without = keyless.pop() as number
    }
    if (without > 0) without--
    else {
      if (w >= boundary) throw invalidTape(tape.indexOf(w), 'key outside of its map')
      if ((words[w] & KIND) !== STRING) throw invalidTape(tape.indexOf(w), `kind ${words[w] & KIND}, expected a key`)
      checkRange(tape, w)
      w += RECORD
    }
    if (w >= boundary) throw invalidTape(tape.indexOf(w), 'outside of its list or map')
    items--
    const head = words[w]
    const kind = head & KIND
    if (kind === LIST || kind === MAP) {
      const count = words[w + 1] >>> 0
      const shared = kind === LIST ? count : head >>> EXTRA
      const inner = start + (words[w + 2] >>> 0) * RECORD
      if (shared > count) throw invalidTape(tape.indexOf(w), `shares ${shared} keys of ${count}`)
      if (inner > boundary || inner < w + (1 + 2 * count - shared) * RECORD) {
        throw invalidTape(tape.indexOf(w), `claims ${count} items and ends at record ${tape.indexOf(inner)}, in what ends at ${tape.indexOf(boundary)}`)
      }
      if (kind === MAP) {
        if (shared > 0) checkLike(tape, w, shared)
        else if (words[w + 3] !== 0) throw invalidTape(tape.indexOf(w), `names record ${words[w + 3] >>> 0} and shares no keys with it`)
      }
      if (ends.length >= MAX_DEPTH) throw new IpldError('DEPTH', `nested deeper than ${MAX_DEPTH} lists and maps`, { record: tape.indexOf(w) })
      ends.push(boundary)
      left.push(items)
      keyless.push(without)
      boundary = inner
      items = count
      without = shared
    } else if (kind >= STRING && kind <= LINK) {
      checkRange(tape, w)
    } else if (kind === 0 || kind > MAP) {
      throw invalidTape(tape.indexOf(w), `kind ${kind}, expected 1 to 10`)
    } else if (kind === BOOL && words[w + 1] >>> 0 > 1) {
      throw invalidTape(tape.indexOf(w), `bool ${words[w + 1] >>> 0}, expected 0 or 1`)
    }
    w += RECORD
  }
}

/** The word after the value at `w`, which ends at `bound` at the latest. @throws IpldError INVALID_TAPE */
export function after({ words, start }: Tape, w: number, bound: number): number {
  const kind = words[w] & KIND
  const next = kind < LIST ? w + RECORD : start + (words[w + 2] >>> 0) * RECORD
  if (w < bound && next > w && next <= bound && KINDS[kind] !== undefined) return next
  throw invalidTape(
    (w - start) / RECORD,
    w < bound ? `kind ${kind} and an end at record ${(next - start) / RECORD}, in what ends at ${(bound - start) / RECORD}` : 'outside of its list or map'
  )
}

/**
 * Visits the items of a list, by index, and the entries of a map, by the word of their key, until the visitor answers true.
 *
 * @param visit told the index or key, the value's word, and where the list or map ends
 * @throws IpldError INVALID_TAPE
 */
export function eachChild(tape: Tape, node: number, visit: (at: number, value: number, end: number) => unknown): void {
  const { words, start } = tape
  const head = words[node]
  const kind = head & KIND
  if (kind < LIST) return
  const end = after(tape, node, tape.end)
  const count = words[node + 1] >>> 0
  const shared = kind === MAP ? head >>> EXTRA : 0
  if (shared > count) throw invalidTape(tape.indexOf(node), `shares ${shared} keys of ${count}`)
  if (shared > 0) checkLike(tape, node, shared)
  else if (words[node + 3] !== 0) throw invalidTape(tape.indexOf(node), `names record ${words[node + 3] >>> 0} and shares no keys with it`)
  let other = start + (words[node + 3] >>> 0) * RECORD + RECORD
  let w = node + RECORD
  for (let i = 0; i < count; i++) {
    let at = i
    if (kind === MAP) {
      if (i < shared) {
        at = other
        other = after(tape, other + RECORD, node)
      } else {
        at = w
        w += RECORD
      }
      if (at >= end || (words[at] & KIND) !== STRING) throw invalidTape(tape.indexOf(at), `kind ${words[at] & KIND}, expected a key`)
      checkRange(tape, at)
    }
    const next = after(tape, w, end)
    if (visit(at, w, end) === true) return
    w = next
  }
  if (w !== end) throw invalidTape(tape.indexOf(w), `after the last item, expected the end at record ${tape.indexOf(end)}`)
}

/** That the map at `w` may share keys with the one that it names. */
function checkLike(tape: Tape, w: number, shared: number): void {
  const { words, start } = tape
  const like = words[w + 3] >>> 0
  const at = start + like * RECORD
  if (at >= w || words[at] !== MAP || start + (words[at + 2] >>> 0) * RECORD > w || words[at + 1] >>> 0 < shared) {
    throw invalidTape(tape.indexOf(w), `shares ${shared} keys with record ${like}, expected an earlier map that has at least these`)
  }
}

/** That a string, bytes or link lies in its source. */
function checkRange(tape: Tape, w: number): void {
  const { words } = tape
  const head = words[w]
  const length = words[w + 1] >>> 0
  const wide = (head & WIDE) !== 0
  const offset = (words[w + 2] >>> 0) + (wide ? 0 : (words[w + 3] >>> 0) * WORD)
  const source = head & SOURCE
  const size = source === INPUT ? tape.input.length : source === TEXT ? tape.textLength : source === DATA ? tape.dataLength : -1
  if (offset + length > size || (source === TEXT && (wide || (head & KIND) !== STRING))) {
    throw invalidTape(tape.indexOf(w), `bytes ${offset} to ${offset + length} of source ${source >> 4}, which has ${size}`)
  }
  if (!wide) return
  const units = length - (head >>> EXTRA)
  const first = words[w + 3] >>> 0
  const text = tape.utf16
  if ((head & KIND) !== STRING || units < 0 || first + units > text.length) throw invalidTape(tape.indexOf(w), 'string outside the wide arena')
  if (units > 0 && cutsPair(text, first, first + units)) throw invalidTape(tape.indexOf(w), 'wide string that begins or ends within a character')
}

/** The CID at a link record. @throws IpldError INVALID_CID, INVALID_TAPE */
export function linkAt(tape: Tape, w: number): CID {
  const { words } = tape
  checkRange(tape, w)
  const length = words[w + 1] >>> 0
  const offset = (words[w + 2] >>> 0) + (words[w + 3] >>> 0) * WORD
  try {
    if ((words[w] & SOURCE) === INPUT) return cidAt(tape.input, offset, length)
    return cidAt(tape.kept, offset, length)
  } catch (cause) {
    throw notCid(tape, w, cause)
  }
}

/** The links between two words of a tape, in document order. */
export function linksOf(tape: Tape, from: number = tape.start, to: number = tape.end): CID[] {
  const { words } = tape
  const links: CID[] = []
  let { room } = tape
  for (let w = from; w < to; w += RECORD) {
    if ((words[w] & KIND) !== LINK) continue
    room -= LINK_WEIGHT
    if (room < 0) throw tooMuch(tape.indexOf(w), tape.room)
    links.push(linkAt(tape, w))
  }
  return links
}

/** The links of a tape that should be one list of them and nothing else. @throws IpldError INVALID_TAPE, INVALID_CID */
export function linkList(tape: Tape): CID[] {
  const { words, start, records } = tape
  const links = linksOf(tape)
  if ((words[start] & KIND) !== LIST || words[start + 1] !== links.length || words[start + 2] !== records || links.length !== records - 1)
    throw invalidTape(0, `links answered ${links.length} links on ${records} records, expected one list of links`)
  return links
}
