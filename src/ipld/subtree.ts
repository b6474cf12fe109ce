/** A part of a tape as a tape of its own. */
import { type CID, cidAt } from './cid.js'
import { DATA, EXTRA, KIND, LINK, LIST, MAP, RECORD, SOURCE, STRING, TEXT } from './layout.js'
import { type Extent, Tape } from './tape.js'
import { utf8Text } from './text.js'
import type { Material } from './write.js'

/** What a path leads to in a node. */
type Found =
  | { readonly kind: 'node'; readonly record: number }
  /** a link, and how many segments have been gone */
  | { readonly kind: 'link'; readonly cid: Uint8Array; readonly gone: number }
  | undefined

/** The node at a path: up to the first link on the way, undefined if nothing is there. A last link is the node itself. */
export function find(material: Material, path: readonly (string | number)[]): Found {
  const { words } = material
  let w = 0
  for (let gone = 0; gone < path.length; gone++) {
    if ((words[w] & KIND) === LINK) {
      const at = words[w + 2] >>> 0
      return { kind: 'link', cid: material.data.subarray(at, at + (words[w + 1] >>> 0)), gone }
    }
    const next = child(material, w, path[gone])
    if (next === undefined) return undefined
    w = next
  }
  return { kind: 'node', record: w / RECORD }
}

/** The node of a record, and all in it: shared keys stand in their place again, since the map that they were shared with may be outside. */
export function subtree(material: Material, record: number): Material {
  const { words } = material
  const out: number[] = []
  const copy = (w: number): number => {
    const kind = words[w] & KIND
    const at = out.length
    out.push(words[w], words[w + 1], words[w + 2], words[w + 3])
    if (kind < LIST) return w + RECORD
    const count = words[w + 1] >>> 0
    const shared = kind === MAP ? words[w] >>> EXTRA : 0
    let other = ((words[w + 3] >>> 0) + 1) * RECORD
    let next = w + RECORD
    for (let i = 0; i < count; i++) {
      if (kind === MAP) {
        const key = i < shared ? other : next
        out.push(words[key], words[key + 1], words[key + 2], words[key + 3])
        if (i < shared) other = after(words, other + RECORD)
        else next += RECORD
      }
      next = copy(next)
    }
    out[at] = kind
    out[at + 2] = out.length / RECORD
    out[at + 3] = 0
    return next
  }
  copy(record * RECORD)
  return { ...material, words: Int32Array.from(out), records: out.length / RECORD }
}

/** The links of what a writer has written, or `relocate` has made ready, in document order. */
export function linksOfMaterial({ words, records, data }: Material): CID[] {
  const links: CID[] = []
  for (let w = 0; w < records * RECORD; w += RECORD) {
    if ((words[w] & KIND) !== LINK) continue
    const at = words[w + 2] >>> 0
    // a copy: the writer's arena is written over
    const bytes = data.slice(at, at + (words[w + 1] >>> 0))
    links.push(cidAt(bytes, 0, bytes.length))
  }
  return links
}

/** As a tape that can be read, of its own memory. */
export function tapeOf({ words, records, text, textLength, data, dataLength, outside, outsideLength }: Material): Tape {
  const textAt = records * RECORD * 4
  const dataAt = textAt + textLength
  const memory = new Uint8Array((dataAt + dataLength + 7) & ~7)
  const view = new Int32Array(memory.buffer)
  view.set(words.subarray(0, records * RECORD))
  memory.set(text.subarray(0, textLength), textAt)
  memory.set(data.subarray(0, dataLength), dataAt)
  const extent: Extent = { tape: 0, records, text: textAt, textLength, wide: 0, wideLength: 0, data: dataAt, dataLength }
  return new Tape().place(memory, view, new Float64Array(memory.buffer), extent, joined(outside, outsideLength))
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function after(words: Int32Array, w: number): number {
  return (words[w] & KIND) < LIST ? w + RECORD : (words[w + 2] >>> 0) * RECORD
}

/** The word of a child. A segment of digits is an index in lists, as in paths of text. */
function child(material: Material, w: number, segment: string | number): number | undefined {
  const { words } = material
  const kind = words[w] & KIND
  const count = words[w + 1] >>> 0
  if (kind !== LIST && kind !== MAP) return undefined
  if (kind === LIST) {
    const index = typeof segment === 'number' ? segment : /^(0|[1-9][0-9]*)$/.test(segment) ? Number(segment) : -1
    if (index < 0 || index >= count) return undefined
    let at = w + RECORD
    for (let i = 0; i < index; i++) at = after(words, at)
    return at
  }
  const name = String(segment)
  const shared = words[w] >>> EXTRA
  let other = ((words[w + 3] >>> 0) + 1) * RECORD
  let at = w + RECORD
  for (let i = 0; i < count; i++) {
    const key = i < shared ? other : at
    if (i < shared) other = after(words, other + RECORD)
    else at += RECORD
    if (stringAt(material, key) === name) return at
    at = after(words, at)
  }
  return undefined
}

function stringAt({ words, text, data }: Material, w: number): string | undefined {
  if ((words[w] & KIND) !== STRING) return undefined
  const source = words[w] & SOURCE
  const at = words[w + 2] >>> 0
  // keys are never outside
  return source === TEXT || source === DATA ? utf8Text(source === TEXT ? text : data, at, words[w + 1] >>> 0) : undefined
}
