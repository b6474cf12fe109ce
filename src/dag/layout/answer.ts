/** What a layout's guest puts on its tape (docs/layout.md sections 4 and 5), checked: links that it asks for, pieces, entries, and what a node is. */
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { Builder, checkTape, invalidTape, linkAt, type Tape } from '../../ipld/index.js'
import { BYTES, DATA, INPUT, KIND, LINK, LIST, NINT, NULL, RECORD, SOURCE, STRING, UINT, WORD } from '../../ipld/layout.js'

/** A link as the guest gives it. */
export interface Reference {
  readonly cid: CID
  /** it stands in the block that is the guest's input */
  readonly shown: boolean
}

/** Bytes of a block that the guest need not see. */
export interface Passage extends Reference {
  /** bytes that the whole block must have */
  readonly size: number
  readonly offset: number
  readonly length: number
}

export type Piece = Uint8Array | Passage

const KINDS = [undefined, 'file', 'directory', 'symlink'] as const
export type LayoutKind = 'file' | 'directory' | 'symlink'

export interface RawEntry {
  readonly name: string
  /** undefined: the entry is in the same block as the directory */
  readonly link?: Reference
  readonly inner?: Uint8Array
  readonly size?: number
  readonly kind?: LayoutKind
}

interface Info {
  readonly kind: LayoutKind
  readonly size?: number
  readonly mode?: number
  /** seconds, and nanoseconds beyond them */
  readonly mtime?: { readonly secs: number; readonly nsecs: number }
  readonly target?: string
}

const builder = new Builder()
const ENTRY = 5
const INFO = 6
/** Longest `inner`. */
const MAX_INNER = 65_536

/** The links that a guest asks for; the first is the one that it waits for. */
export function readAsk(tape: Tape): Reference[] {
  const links: Reference[] = []
  for (const w of items(tape)) links.push(reference(tape, w))
  if (links.length === 0) throw invalidTape(0, 'an empty list, expected the links wanted')
  return links
}

export function readPieces(tape: Tape): Piece[] {
  const pieces: Piece[] = []
  for (const w of items(tape)) {
    const piece = (tape.words[w] & KIND) === BYTES ? bytesAt(tape, w) : passage(tape, w)
    if (piece.length === 0) throw invalidTape(tape.indexOf(w), 'a piece of no bytes')
    pieces.push(piece)
  }
  return pieces
}

export function readEntries(tape: Tape): RawEntry[] {
  const entries: RawEntry[] = []
  for (const w of items(tape)) entries.push(entry(tape, w))
  return entries
}

/** The entry that `get` has found; undefined for none. */
export function readEntry(tape: Tape): RawEntry | undefined {
  checkTape(tape)
  return kindAt(tape, tape.start) === NULL ? undefined : entry(tape, tape.start)
}

export function readInfo(tape: Tape): Info {
  checkTape(tape)
  const w = fields(tape, tape.start, INFO)
  const secs = optional(tape, w + 3 * RECORD, (at) => number(tape, at, Number.MIN_SAFE_INTEGER))
  const nsecs = optional(tape, w + 4 * RECORD, (at) => number(tape, at, 0, 999_999_999))
  const info: { -readonly [K in keyof Info]: Info[K] } = { kind: KINDS[number(tape, w, 1, 3)] as LayoutKind }
  const size = optional(tape, w + RECORD, (at) => number(tape, at))
  const mode = optional(tape, w + 2 * RECORD, (at) => number(tape, at, 0, 0xffffffff))
  const target = optional(tape, w + 5 * RECORD, (at) => text(tape, at))
  if (size !== undefined) info.size = size
  if (mode !== undefined) info.mode = mode
  if (secs !== undefined) info.mtime = { secs, nsecs: nsecs ?? 0 }
  if (target !== undefined) info.target = target
  if ((info.kind === 'symlink') !== (target !== undefined)) throw invalidTape(0, `a ${info.kind} ${target === undefined ? 'without' : 'with'} a target`)
  if (info.kind === 'file' && size === undefined) throw invalidTape(0, 'a file without a size')
  return info
}

function entry(tape: Tape, list: number): RawEntry {
  const w = fields(tape, list, ENTRY)
  const result: { -readonly [K in keyof RawEntry]: RawEntry[K] } = { name: text(tape, w) }
  if (kindAt(tape, w + RECORD) !== NULL) result.link = link(tape, w + RECORD)
  const inner = optional(tape, w + 2 * RECORD, (at) => bytesAt(tape, at))
  const size = optional(tape, w + 3 * RECORD, (at) => number(tape, at))
  const kind = optional(tape, w + 4 * RECORD, (at) => number(tape, at, 1, 3))
  if (inner !== undefined && inner.length > MAX_INNER) throw invalidTape(tape.indexOf(w), `inner address of ${inner.length} bytes, the limit is ${MAX_INNER}`)
  if (inner === undefined && result.link === undefined) throw invalidTape(tape.indexOf(w), 'an entry without a link and without an inner address')
  if (inner !== undefined) result.inner = inner.slice()
  if (size !== undefined) result.size = size
  if (kind !== undefined) result.kind = KINDS[kind]
  return result
}

/** The words of the items of the root, which is a list. */
function* items(tape: Tape): Generator<number> {
  checkTape(tape)
  const { words, start, end } = tape
  if (kindAt(tape, start) !== LIST) throw invalidTape(0, `kind ${kindAt(tape, start)}, expected a list`)
  for (let w = start + RECORD; w < end; ) {
    yield w
    w = (words[w] & KIND) >= LIST ? start + (words[w + 2] >>> 0) * RECORD : w + RECORD
  }
}

/** The first item of a list of so many, none of them lists or maps. */
function fields(tape: Tape, w: number, count: number): number {
  const { words } = tape
  if (kindAt(tape, w) !== LIST || words[w + 1] !== count || tape.indexOf(w) + count + 1 !== words[w + 2] >>> 0)
    throw invalidTape(tape.indexOf(w), `expected a list of ${count} fields`)
  return w + RECORD
}

function passage(tape: Tape, list: number): Passage {
  const { words } = tape
  if (kindAt(tape, list) !== LIST || words[list + 1] !== 4) throw invalidTape(tape.indexOf(list), 'expected bytes, or a list of link, size, offset and length')
  const composed = kindAt(tape, list + RECORD) === LIST
  const w = list + (composed ? 5 : 2) * RECORD
  // a composed link is four records: then the numbers follow it
  if (tape.indexOf(w) + 3 !== words[list + 2] >>> 0) throw invalidTape(tape.indexOf(list), 'expected a link and three numbers')
  const { cid, shown } = reference(tape, list + RECORD)
  const size = number(tape, w)
  const offset = number(tape, w + RECORD)
  const length = number(tape, w + 2 * RECORD)
  if (offset + length > size) throw invalidTape(tape.indexOf(list), `bytes ${offset} to ${offset + length} of a block of ${size}`)
  return { cid, shown, size, offset, length }
}

/** A link, or one composed of codec, hash function and digest. */
function reference(tape: Tape, w: number): Reference {
  if (kindAt(tape, w) === LINK) return link(tape, w)
  const at = fields(tape, w, 3)
  const digest = at + 2 * RECORD
  if (kindAt(tape, digest) !== BYTES || (tape.words[digest] & SOURCE) !== INPUT) throw invalidTape(tape.indexOf(digest), 'expected a digest in the input')
  return { cid: CID.createV1(number(tape, at), Digest.create(number(tape, at + RECORD), bytesAt(tape, digest))), shown: true }
}

function link(tape: Tape, w: number): Reference {
  if (kindAt(tape, w) !== LINK) throw invalidTape(tape.indexOf(w), `kind ${kindAt(tape, w)}, expected a link`)
  return { cid: linkAt(tape, w), shown: (tape.words[w] & SOURCE) === INPUT }
}

function kindAt(tape: Tape, w: number): number {
  return tape.words[w] & KIND
}

function optional<T>(tape: Tape, w: number, read: (w: number) => T): T | undefined {
  return kindAt(tape, w) === NULL ? undefined : read(w)
}

function text(tape: Tape, w: number): string {
  if (kindAt(tape, w) !== STRING) throw invalidTape(tape.indexOf(w), `kind ${kindAt(tape, w)}, expected a string`)
  return builder.build(tape, w, w + RECORD) as string
}

function number(tape: Tape, w: number, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const { words } = tape
  const n = (words[w + 2] >>> 0) + (words[w + 3] >>> 0) * WORD
  const value = kindAt(tape, w) === UINT ? n : kindAt(tape, w) === NINT ? -1 - n : Number.NaN
  if (!(value >= least && value <= most)) throw invalidTape(tape.indexOf(w), `expected an integer from ${least} to ${most}`)
  return value
}

/** Bytes of the input are passed on as a view, the guest's own are copied. */
function bytesAt(tape: Tape, w: number): Uint8Array {
  const { words } = tape
  if (kindAt(tape, w) !== BYTES) throw invalidTape(tape.indexOf(w), `kind ${kindAt(tape, w)}, expected bytes`)
  const offset = (words[w + 2] >>> 0) + (words[w + 3] >>> 0) * WORD
  const from = (words[w] & SOURCE) === DATA ? tape.kept : tape.input
  return from.subarray(offset, offset + (words[w + 1] >>> 0))
}
