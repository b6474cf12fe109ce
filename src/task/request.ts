/** What a function asks for (docs/functions.md section 3), read from its tape and checked. */
import { Builder, type CID, linkAt, type Tape } from '../ipld/index.js'
import { INPUT, KIND, LINK, RECORD, SOURCE } from '../ipld/layout.js'
import { TaskError } from './errors.js'
import { STREAM_KINDS, type StreamKind } from './stream.js'

type PathSegment = string | number

export type Request =
  | { readonly op: 'open'; readonly cid: CID }
  | { readonly op: 'node'; readonly cid: CID; readonly path: readonly PathSegment[] }
  | { readonly op: 'create'; readonly codec: number; readonly bytes: Uint8Array }
  /** the node is record 3 of the tape: it goes to the encoder as it is */
  | { readonly op: 'encode'; readonly codec: number }
  | {
      readonly op: 'stream'
      readonly number: number
      readonly kind: StreamKind
      readonly source: readonly CID[]
      readonly offset: number
      readonly length: number | undefined
    }
  | { readonly op: 'next'; readonly number: number }
  | { readonly op: 'effect'; readonly cmd: string; readonly args: unknown }
  | { readonly op: 'keep' }

const MAX_STREAMS = 16

const builder = new Builder()

/** @throws TaskError INVALID_REQUEST; IpldError for what is no tape */
export function readRequest(tape: Tape | undefined): Request {
  if (tape === undefined) throw wrong('nothing', 'a list that begins with a number')
  // most requests are these, a million times
  builder.links = undefined
  const request = builder.build(tape) as unknown
  if (!Array.isArray(request)) throw wrong(typeof request, 'a list that begins with a number')
  const [op, ...rest] = request as unknown[]
  const size = (expected: number): void => {
    if (rest.length !== expected) throw wrong(`${rest.length} items after ${op}`, `${expected}`)
  }
  switch (op) {
    case 1:
      size(1)
      return { op: 'open', cid: link(rest[0]) }
    case 2:
      size(2)
      return { op: 'node', cid: link(rest[0]), path: path(rest[1]) }
    case 3:
      size(2)
      if (!(rest[1] instanceof Uint8Array)) throw wrong(kindOf(rest[1]), 'bytes of a block')
      return { op: 'create', codec: integer(rest[0], 'a codec'), bytes: rest[1] }
    case 4:
      size(2)
      return { op: 'encode', codec: integer(rest[0], 'a codec') }
    case 5:
      size(5)
      return readStream(rest)
    case 6:
      size(1)
      return { op: 'next', number: streamNumber(rest[0]) }
    case 7:
      size(2)
      if (typeof rest[0] !== 'string') throw wrong(kindOf(rest[0]), 'a command')
      return { op: 'effect', cmd: rest[0], args: rest[1] }
    case 8:
      for (const item of rest) link(item)
      return { op: 'keep' }
    default:
      throw wrong(String(op), 'request 1 to 8')
  }
}

/** The links of a request that are ranges of the input, and so shown by it. */
export function linksOfInput(tape: Tape): CID[] {
  const { words, start, end } = tape
  const links: CID[] = []
  for (let w = start; w < end; w += RECORD) if ((words[w] & KIND) === LINK && (words[w] & SOURCE) === INPUT) links.push(linkAt(tape, w))
  return links
}

function readStream([number, source, kind, offset, length]: unknown[]): Request {
  if (typeof kind !== 'string' || !(STREAM_KINDS as readonly string[]).includes(kind)) throw wrong(String(kind), `a kind of stream: ${STREAM_KINDS.join(', ')}`)
  const many = kind === 'blocks' || kind === 'bytes'
  const links = many ? source : [source]
  if (!Array.isArray(links)) throw wrong(kindOf(source), 'a list of links')
  if ((kind === 'blocks' || kind === 'dag') && (offset !== 0 || length !== null)) throw wrong('a range', `none for a stream of kind ${kind}`)
  return {
    op: 'stream',
    number: streamNumber(number),
    kind: kind as StreamKind,
    source: links.map(link),
    offset: integer(offset, 'an offset'),
    length: length === null ? undefined : integer(length, 'a length')
  }
}

function streamNumber(value: unknown): number {
  const number = integer(value, 'the number of a stream')
  if (number >= MAX_STREAMS) throw wrong(String(number), `the number of a stream, 0 to ${MAX_STREAMS - 1}`)
  return number
}

function path(value: unknown): readonly PathSegment[] {
  if (!Array.isArray(value) || !value.every((segment) => typeof segment === 'string' || (Number.isSafeInteger(segment) && segment >= 0)))
    throw wrong(kindOf(value), 'a path: a list of keys and indices')
  return value
}

function link(value: unknown): CID {
  // nothing else that a builder makes has one
  if (typeof value === 'object' && value !== null && 'multihash' in value && 'code' in value) return value as CID
  throw wrong(kindOf(value), 'a link')
}

function integer(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(String(value), what)
  return value
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : value instanceof Uint8Array ? 'bytes' : typeof value
}

function wrong(got: string, expected: string): TaskError {
  return new TaskError('INVALID_REQUEST', `request: got ${got}, expected ${expected}`)
}
