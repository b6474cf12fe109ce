import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import { Decoder } from 'cbor-x'
import type { CodecName } from './subject.js'

/** A native JavaScript codec that ours is compared with. */
export interface ReferenceCodec {
  readonly name: string
  readonly code: number
  readonly package: string
  decode(bytes: Uint8Array): unknown
  encode(value: unknown): Uint8Array
}

const reference = (codec: { name: string; code: number; decode(bytes: Uint8Array): unknown; encode(value: never): Uint8Array }): ReferenceCodec => ({
  name: codec.name,
  code: codec.code,
  package: `@ipld/${codec.name}`,
  decode: codec.decode,
  encode: codec.encode as (value: unknown) => Uint8Array
})

export const references: Readonly<Record<CodecName, ReferenceCodec>> = {
  'dag-cbor': reference(dagCbor),
  'dag-json': reference(dagJson),
  'dag-pb': reference(dagPb)
}

const decoder = new Decoder({ mapsAsObjects: true, useRecords: false, tagUint8Array: false })

/** cbor-x checks neither canonical form nor links: a link is a `Tag` for it. */
export const cborX = (bytes: Uint8Array): unknown => decoder.decode(bytes)
