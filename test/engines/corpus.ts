/** The blocks on which engines are compared: each kind and each length form, and blocks that a codec must refuse, since a refusal uses fuel too. */
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { createHost } from '../../src/index.js'
import { vectorsOf } from '../conformance/vectors.js'
import type { Row } from './row.js'

/** A link that depends on its number alone. */
function link(number: number, code = 0x55): CID {
  const hash = Uint8Array.from({ length: 32 }, (_, i) => (number * 31 + i * 7) & 0xff)
  return CID.createV1(code, Digest.create(0x12, hash))
}

function nested(depth: number): unknown {
  let value: unknown = 'bottom'
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { in: value }
  return value
}

const post = (number: number) => ({
  id: number,
  link: link(number),
  score: number * 1.25 - 3,
  tags: ['ipld', 'wasm', `tag ${number % 7}`],
  text: `Post ${number}: ${'äöü 漢字 🚀 plain '.repeat(number % 5)}`,
  when: 1_700_000_000_000 + number
})

const values: Record<string, unknown> = {
  empty: {},
  record: post(1),
  records: Array.from({ length: 60 }, (_, i) => post(i)),
  links: Array.from({ length: 200 }, (_, i) => link(i, 0x71)),
  integers: [0, 23, 24, 255, 256, 65535, 65536, 2 ** 32, Number.MAX_SAFE_INTEGER, 2n ** 63n, 2n ** 64n - 1n, -1, -24, -25, -257, -65537, -(2n ** 64n)],
  floats: [0.5, -0.1, 1e300, 5e-324, 1.7976931348623157e308, Math.PI, 1 / 3, 123456.789],
  text: ['', 'a', 'plain '.repeat(500), 'ä漢🚀'.repeat(300), '\u0000\u001f"\\/\u007f'],
  bytes: [new Uint8Array(0), Uint8Array.from({ length: 3000 }, (_, i) => i & 0xff)],
  simple: [true, false, null],
  deep: nested(300),
  wide: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key ${(i * 7919) % 500}`, i]))
}

const directory = {
  Links: Array.from({ length: 40 }, (_, i) => ({ Hash: link(i, 0x70), Name: `file ${String(i).padStart(3, '0')}`, Tsize: i * 1000 })),
  Data: Uint8Array.of(8, 1)
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function rows(codec: string, blocks: Record<string, Uint8Array>): Row[] {
  return Object.entries(blocks).flatMap(([name, bytes]) => [
    { codec, name: name.replaceAll(' ', '-'), base64: base64(bytes) },
    // cut short, and with one bit turned over in its middle: mostly refused, always in the same way
    { codec, name: `${name}/cut`, base64: base64(bytes.subarray(0, bytes.length * 0.7)) },
    { codec, name: `${name}/turned`, base64: base64(bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 4 : byte))) }
  ])
}

const each = (encode: (value: unknown) => Uint8Array) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encode(value)]))

/** The fixtures of every codec that the catalog has: valid ones, which decode, and invalid ones. */
function fixtures(codec: string): Row[] {
  const { valid, invalid } = vectorsOf(codec)
  const names = (kind: string, list: typeof invalid) =>
    list.map(({ name, bytes }, i) => ({ codec, name: `${kind}${i}:${name.replace(/[\s/]+/g, '-')}`, base64: base64(bytes) }))
  return [...names('valid-', valid), ...names('invalid/', invalid)]
}

export const corpus: readonly Row[] = [
  ...(await createHost()).codecs().flatMap(({ manifest }) => fixtures(manifest.name)),
  ...rows('dag-cbor', each(dagCbor.encode)),
  ...rows('dag-json', each(dagJson.encode)),
  ...rows('dag-pb', {
    leaf: dagPb.encode({ Links: [], Data: Uint8Array.from({ length: 5000 }, (_, i) => (i * 13) & 0xff) }),
    directory: dagPb.encode(directory)
  }),
  ...rows('raw', { bytes: Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff) })
]
