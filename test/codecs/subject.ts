/** The codecs under test beside those they must agree with: a row a codec. */
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import type { Arbitrary } from 'fast-check'
import type { BlockCodec, ByteView } from 'multiformats'
import { createUnsafe } from 'multiformats/block'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { bytes, nodes, plainValues, unlinkedValues, values, withoutBigInts } from './arbitrary.js'
import { cborClasses, cborReference } from './classes/cbor.js'
import { dagCborClasses } from './classes/dag-cbor.js'
import { joseClasses, joseReference, joseValues } from './classes/dag-jose.js'
import { dagJsonClasses } from './classes/dag-json.js'
import { dagPbClasses } from './classes/dag-pb.js'
import { jcsClasses, jcsReference, jsonClasses, jsonReference } from './classes/json.js'
import { messagepackClasses, messagepackReference } from './classes/messagepack.js'

/** A block that ours refuses at an offset, and what the reference makes of it. */
export interface Refused {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly value: unknown
  /** whether the reference encodes its value to this block */
  canonical(): boolean
}

/** The blocks and values on which the project and the reference mean to differ. Each class is told of in the codec's README. */
export interface Classes {
  /** blocks that ours refuses and the reference takes. @param lax ours takes it too where it is not strict */
  readonly refused: readonly { readonly code: string; readonly lax?: boolean; readonly why: string; is(refused: Refused): boolean }[]
  /** blocks that ours takes and the reference refuses */
  readonly accepted: readonly { readonly why: string; is(bytes: Uint8Array, value: unknown): boolean }[]
  /** blocks that both take as other values: what the difference is, out of the value's text */
  readonly decoded: readonly { readonly why: string; without(text: string): string }[]
  /** values that encode to other bytes, or that one of the two refuses */
  readonly values: readonly { readonly why: string; is(value: unknown): boolean }[]
}

export interface Subject {
  readonly name: string
  readonly code: number
  readonly reference: Reference
  /** the values that it may be asked to encode */
  readonly values: Arbitrary<unknown>
  readonly classes: Classes
}

export interface Reference {
  encode(value: unknown): Uint8Array
  decode(bytes: Uint8Array): unknown
}

interface Native {
  readonly name: string
  readonly code: number
  encode(value: any): Uint8Array
  decode(bytes: any): unknown
}

const row = (codec: Native, values: Arbitrary<unknown>, classes: Classes): Subject => ({
  name: codec.name,
  code: codec.code,
  reference: codec,
  values,
  classes
})

const NONE: Classes = { refused: [], accepted: [], decoded: [], values: [] }

/** What nearly all traffic is in. */
export const FIRST: readonly Subject[] = [
  row(dagCbor, values, dagCborClasses),
  row(dagJson, values, dagJsonClasses),
  row(dagPb, nodes, dagPbClasses),
  row(raw, bytes, NONE)
]

/** JSON, CBOR and their like. */
export const TEXT: readonly Subject[] = [
  { name: 'json', code: 0x0200, reference: jsonReference, values: plainValues, classes: jsonClasses },
  { name: 'json-jcs', code: 0xb601, reference: jcsReference, values: plainValues.map(withoutBigInts), classes: jcsClasses },
  { name: 'cbor', code: 0x51, reference: cborReference, values: unlinkedValues, classes: cborClasses },
  { name: 'messagepack', code: 0x0201, reference: messagepackReference, values: unlinkedValues, classes: messagepackClasses },
  { name: 'dag-jose', code: 0x85, reference: joseReference, values: joseValues, classes: joseClasses }
]

interface Known {
  codecs(): readonly { manifest: { code: number } }[]
}

/** The rows whose codec the host has, and the names of the others. */
export function subjects(host: Known, of: readonly Subject[] = [...FIRST, ...TEXT]): { there: readonly Subject[]; absent: readonly string[] } {
  const known = new Set(host.codecs().map(({ manifest }) => manifest.code))
  return { there: of.filter(({ code }) => known.has(code)), absent: of.filter(({ code }) => !known.has(code)).map(({ name }) => name) }
}

/** The links that multiformats finds in what the reference decodes. */
export function linksByReference({ reference, code, name }: Subject, bytes: Uint8Array): string[] {
  const codec = { name, code, encode: reference.encode as (value: unknown) => ByteView<unknown>, decode: reference.decode } as BlockCodec<number, unknown>
  const block = createUnsafe({ bytes: bytes as ByteView<unknown>, cid: CID.createV1(code, identity.digest(new Uint8Array(0))), codec })
  return Array.from(block.links(), ([, cid]) => cid.toString())
}

/** What a call answered, or how it failed. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error & { code?: string } }

export function outcome<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() }
  } catch (error) {
    return { ok: false, error: error as Error }
  }
}
