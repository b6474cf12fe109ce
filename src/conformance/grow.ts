/**
 * Inputs of growing size, in families: what a codec uses for them shows how its work grows. They are made from blocks, since nothing else is known of the format: a piece over and over, a
 * beginning and then one byte over and over (lengths that promise more than comes, nesting, numbers without an end), and values made larger and encoded.
 */
import { CID } from 'multiformats/cid'
import { outcome } from './outcome.js'
import type { Subject } from './subject.js'
import type { Named } from './vectors.js'

export interface Family {
  readonly name: string
  /** A member of about so many bytes; undefined if there is none. */
  make(size: number): Uint8Array | undefined
}

/** Bytes that open, promise or go on in many formats. */
const FILLERS = [0x00, 0x01, 0x0a, 0x20, 0x22, 0x30, 0x5b, 0x5c, 0x61, 0x64, 0x6c, 0x7b, 0x7f, 0x80, 0x81, 0x9f, 0xa1, 0xbf, 0xc1, 0xd8, 0xf7, 0xff]

/** Lengths of the pieces that are repeated. */
const PIECES = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 40, 72]

/** Families of bytes. @param random which of the many are taken, 0 to n − 1 */
export function* grownBytes({ name, bytes }: Named, below: (n: number) => number): Generator<Family> {
  yield { name: `${name}, over and over`, make: (size) => (bytes.length === 0 ? undefined : repeated([], bytes, size, [])) }
  for (const length of PIECES) {
    if (length > bytes.length) break
    const at = below(bytes.length - length + 1)
    const piece = bytes.subarray(at, at + length)
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at + length)]
    yield { name: `${name}, bytes ${at} to ${at + length} over and over`, make: (size) => repeated(head, piece, size, tail) }
  }
  for (let i = 0; i < 3; i++) {
    const at = below(bytes.length + 1)
    const filler = FILLERS[below(FILLERS.length)]
    yield { name: `${name} to byte ${at}, then 0x${filler.toString(16).padStart(2, '0')}`, make: (size) => repeated(bytes.subarray(0, at), [filler], size, []) }
  }
}

/** One byte over and over. */
export function* plainBytes(): Generator<Family> {
  for (const filler of FILLERS) yield { name: `0x${filler.toString(16).padStart(2, '0')} over and over`, make: (size) => repeated([], [filler], size, []) }
}

/** Families of values: each list, map, text and byte string of a block made larger. */
export function* grownValues({ name, bytes }: Named, { pinned, encodes }: Subject): Generator<Family> {
  const value = outcome(() => pinned.decode(bytes))
  if (!encodes || !value.ok) return
  for (const { path, grow } of growable(value.value)) {
    yield {
      name: `${name}, more at ${path === '' ? 'the root' : `"${path}"`}`,
      make: (size) => {
        const block = outcome(() => pinned.encode(grow(size)))
        return block.ok ? block.value : undefined
      }
    }
  }
}

function repeated(head: ArrayLike<number>, piece: ArrayLike<number>, size: number, tail: ArrayLike<number>): Uint8Array {
  const times = Math.max(1, Math.floor((size - head.length - tail.length) / piece.length))
  const bytes = new Uint8Array(head.length + times * piece.length + tail.length)
  bytes.set(head)
  for (let i = 0; i < times; i++) bytes.set(piece, head.length + i * piece.length)
  bytes.set(tail, bytes.length - tail.length)
  return bytes
}

interface Growable {
  readonly path: string
  grow(size: number): unknown
}

/** Places that are tried in one value. */
const PLACES = 6

/** Where a value can be made larger: about so many bytes, taking a few for each item. */
function growable(value: unknown): Growable[] {
  const found: Growable[] = []
  const visit = (at: unknown, path: string, put: (value: unknown) => unknown, depth: number): void => {
    if (found.length >= PLACES || depth > 6) return
    const grows = (grow: (size: number) => unknown) => found.push({ path, grow: (size) => put(grow(size)) })
    if (typeof at === 'string') grows((size) => (at === '' ? 'x' : at).repeat(Math.ceil(size / Math.max(1, at.length))))
    else if (at instanceof Uint8Array) grows((size) => new Uint8Array(size).fill(at[0] ?? 7))
    else if (Array.isArray(at)) {
      if (at.length > 0) grows((size) => Array.from({ length: Math.ceil(size / (16 * at.length)) }, () => at).flat())
      for (const [i, item] of at.slice(0, 2).entries()) visit(item, join(path, i), (item) => put(at.map((other, n) => (n === i ? item : other))), depth + 1)
    } else if (typeof at === 'object' && at !== null && CID.asCID(at) === null) {
      const [first] = Object.values(at)
      grows((size) => ({
        ...at,
        ...Object.fromEntries(Array.from({ length: Math.ceil(size / 16) }, (_, i) => [`key ${(i * 7919) % 1_000_003}`, first ?? null]))
      }))
      for (const [key, item] of Object.entries(at).slice(0, 8)) visit(item, join(path, key), (item) => put({ ...at, [key]: item }), depth + 1)
    }
  }
  visit(value, '', (value) => value, 0)
  return found
}

function join(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}/${key}`
}
