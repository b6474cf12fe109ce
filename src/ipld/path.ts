/** Paths to records, for messages about a tape that was made from a value. */
import { EXTRA, KIND, LIST, MAP, RECORD } from './layout.js'
import type { Material } from './write.js'

/** The path to the value at record `target`, as 'a/0/b'; '' is the root. The tape may end before the target, within open lists and maps. Slow: for error messages. */
export function pathOf({ words, records: end, text, data }: Material, target: number): string {
  const path: (string | number)[] = []
  let record = 0
  // beyond the target if that is the key of this record
  while (record < target && record < end) {
    const child = childWith(words, record, target)
    if (child === undefined || (child.key ?? 0) >= end) break
    path.push(child.key === undefined ? child.index : keyAt(words, child.key, text, data))
    record = child.record
  }
  return path.join('/')
}

interface Child {
  readonly index: number
  /** record of its key, in maps */
  readonly key?: number
  readonly record: number
}

/** The item or entry of a list or map in which the target is: it, or something inside of it, or its key. */
function childWith(words: Int32Array, record: number, target: number): Child | undefined {
  const w = record * RECORD
  const kind = words[w] & KIND
  if (kind < LIST) return undefined
  const count = words[w + 1] >>> 0
  const shared = kind === MAP ? words[w] >>> EXTRA : 0
  const like = words[w + 3] >>> 0
  let at = record + 1
  let other = like + 1
  for (let index = 0; index < count; index++) {
    let key: number | undefined
    if (kind === MAP) {
      key = index < shared ? other : at++
      if (index < shared) other = after(words, other + 1)
    }
    const next = after(words, at)
    if (target < next) return { index, key, record: at }
    at = next
  }
  return undefined
}

function after(words: Int32Array, record: number): number {
  const w = record * RECORD
  // an open list or map has no end yet
  return (words[w] & KIND) < LIST ? record + 1 : words[w + 2] >>> 0 || Infinity
}

function keyAt(words: Int32Array, record: number, text: Uint8Array, data: Uint8Array): string {
  const w = record * RECORD
  const arena = (words[w] & 0x30) === 0x10 ? text : data
  return new TextDecoder().decode(arena.subarray(words[w + 2], words[w + 2] + words[w + 1]))
}
