/** Formats of plain data: MessagePack, CBOR, JSON and canonical JSON. */
import { decode as decodeMessagepack, encode as encodeMessagepack } from '@msgpack/msgpack'
import * as cborg from 'cborg'
import { canonicalize } from 'json-canonicalize'
import * as json from 'multiformats/codecs/json'
import { difference } from '../agree.js'
import { Random } from '../random.js'
import type { Family, Rival } from './family.js'

const author = (r: Random) => ({ did: `did:plc:${r.code(24)}`, handle: `${r.word()}${r.int(1, 999)}.example.social` })

const CASES: readonly (readonly [name: string, make: (r: Random) => unknown])[] = [
  [
    '200 records',
    (r) =>
      Array.from({ length: 200 }, (_, id) => ({
        author: author(r),
        createdAt: r.timestamp(),
        id,
        langs: [r.pick(['en', 'de', 'ja'])],
        likes: r.int(0, 5000),
        pinned: r.chance(0.05),
        score: r.next() * 100,
        text: r.prose(r.int(30, 200)),
        replyTo: null
      }))
  ],
  ['one small record', (r) => ({ author: author(r), createdAt: r.timestamp(), likes: 12, text: r.prose(90) })],
  ['2,000 integers', (r) => Array.from({ length: 2000 }, () => r.pick([r.int(0, 100), r.int(100, 70_000), r.int(-40_000, -1), r.int(2 ** 32, 2 ** 45)]))]
]

const plain = (a: unknown, b: unknown) => difference(a, b, true)

/** Keys in the order of their bytes, for formats that demand one. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)])
  )
}

export const plainFamily: Family = {
  codecs: ['messagepack', 'cbor', 'json', 'json-jcs'],
  rivals: async () =>
    CASES.flatMap(([name, make], i): Rival[] => {
      const value = sorted(make(new Random(i + 1)))
      const messagepack = Uint8Array.from(encodeMessagepack(value))
      const cbor = Uint8Array.from(cborg.encode(value))
      const text = new TextEncoder().encode(JSON.stringify(value))
      const canonical = canonicalize(value)
      const canonicalBytes = new TextEncoder().encode(canonical)
      const row = (codec: string, ref: string, bytes: Uint8Array, theirs: () => unknown): Rival => ({ codec, case: name, ref, bytes, theirs, differs: plain })
      return [
        row('messagepack', '@msgpack/msgpack', messagepack, () => decodeMessagepack(messagepack)),
        row('cbor', 'cborg', cbor, () => cborg.decode(cbor)),
        row('json', 'multiformats json', text, () => json.decode(text)),
        // to see that a text is canonical takes writing it again
        row('json-jcs', 'json-canonicalize', canonicalBytes, () => {
          const found = new TextDecoder('utf-8', { fatal: true }).decode(canonicalBytes)
          const parsed: unknown = JSON.parse(found)
          if (canonicalize(parsed) !== found) throw new Error('not canonical')
          return parsed
        })
      ]
    })
}
