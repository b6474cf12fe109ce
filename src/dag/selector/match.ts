/** What a matcher selects of a node. */
import type { CID } from 'multiformats/cid'
import { holds } from './condition.js'
import { SelectorError } from './errors.js'
import type { Place } from './place.js'
import type { Matcher } from './selector.js'

export interface Match {
  readonly label?: string
  /** the bytes of the node that are selected, where not all are: from the first to the one after the last */
  readonly subset?: Range
  /** What is selected, as a JavaScript value; of a data layout's file, its bytes in one. @throws SelectorError SELECTOR_SUBSET, SELECTOR_SIZE */
  value(): Promise<unknown>
  /** What is selected of a string or of bytes, in pieces; nothing for other kinds. */
  bytes(): AsyncIterable<Uint8Array>
}

interface Range {
  readonly from: number
  readonly to: number
}

/** @returns undefined if the node does not match */
export async function matchOf({ onlyIf, label, subset }: Matcher, place: Place): Promise<Match | undefined> {
  if (onlyIf !== undefined && !(await holds(onlyIf, place))) return undefined
  const { kind, length } = place
  const long = kind === 'string' || kind === 'bytes'
  if (subset === undefined) return new Matched(place, label, long ? { from: 0, to: length } : undefined, false)
  if (!long) return undefined
  const from = Math.max(subset.from < 0 ? length + subset.from : subset.from, 0)
  const to = Math.min(subset.to < 0 ? length + subset.to : subset.to, length)
  return from > to ? undefined : new Matched(place, label, { from, to }, true)
}

class Matched implements Match {
  readonly label?: string
  readonly subset?: Range
  readonly #place: Place
  readonly #range?: Range

  constructor(place: Place, label: string | undefined, range: Range | undefined, part: boolean) {
    this.#place = place
    this.#range = range
    if (label !== undefined) this.label = label
    if (part) this.subset = range
  }

  async value(): Promise<unknown> {
    const { node, kind, cid } = this.#place
    if (node !== undefined && this.subset === undefined) return node.value()
    if (this.#range === undefined) return undefined
    const { from, to } = this.#range
    const bytes = await joined(this.bytes(), cid)
    if (kind !== 'string') return bytes
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch (cause) {
      throw new SelectorError('SELECTOR_SUBSET', `bytes ${from} to ${to} of a string in ${cid} cut a character; ask for them as bytes`, undefined, cause)
    }
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#range !== undefined) yield* this.#place.bytes(this.#range.from, this.#range.to)
  }
}

/** Bytes of a value that is made in one; `bytes` has no limit. */
const MAX_VALUE = 512 << 20

/** The length of what a layout has made is only said so far, so room is made for what has come. */
async function joined(pieces: AsyncIterable<Uint8Array>, cid: CID): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces) {
    length += piece.length
    if (length > MAX_VALUE) throw new SelectorError('SELECTOR_SIZE', `a value of more than ${MAX_VALUE} bytes in ${cid}; read it with bytes()`)
    parts.push(piece)
  }
  if (parts.length === 1) return parts[0]
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
