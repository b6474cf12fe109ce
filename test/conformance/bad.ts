/** The codecs of fixtures/bad-codecs as modules with manifests, and vectors of their format. */
import { readdirSync, readFileSync } from 'node:fs'
import { sealManifest } from '../../src/codec/index.js'
import type { Vectors } from '../../src/conformance/index.js'
import { assemble } from '../codec/lies.js'

const FOLDER = new URL('../../fixtures/bad-codecs/', import.meta.url)
const MANIFEST = { abi: 1, kind: 'codec', name: 'tagged', code: 0x300000, window: 64 }
const CALLS = ['decode', 'encode', 'reserve'] as const

export interface Bad {
  readonly name: string
  readonly module: Uint8Array
  /** the law that it does not keep; undefined for the honest one */
  readonly breaks?: string
}

const prelude = readFileSync(new URL('prelude.watf', FOLDER), 'utf8')

export const BAD: readonly Bad[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.wat'))
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8')
    const [, breaks] = /^;; breaks: (.+)\n/.exec(text) ?? []
    if (breaks === undefined) throw new Error(`${file}: no line ";; breaks: LAW"`)
    const honest = CALLS.filter((name) => !text.includes(`(export "${name}")`)).map((name) => `(export "${name}" (func $${name}))`)
    const module = sealManifest(assemble(`(module\n${prelude}\n${text}\n${honest.join('\n')})`, file), MANIFEST)
    return { name: file.slice(0, -'.wat'.length), module, ...(breaks === 'nothing' ? {} : { breaks }) }
  })

const bytes = (...parts: (number | string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)))
const CID = [1, 0x55, 0x12, 32, ...Array.from({ length: 32 }, (_, i) => i)]

/** It as text. */
const LINK = 'bafkreiaaaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4'

export const VECTORS: Vectors = {
  valid: [
    { name: 'no bytes', bytes: bytes(1), json: '{"/":{"bytes":""}}' },
    { name: 'bytes', bytes: bytes(1, 255, 254), json: '{"/":{"bytes":"//4"}}' },
    {
      name: 'many bytes',
      bytes: bytes(
        1,
        Array.from({ length: 700 }, (_, i) => i & 255)
      )
    },
    { name: 'a link', bytes: bytes(2, CID), links: [LINK] },
    { name: 'bytes, no link', bytes: bytes(1, CID), links: [] },
    { name: 'text', bytes: bytes(3, 'é!'), json: '"é!"' },
    { name: 'a letter', bytes: bytes(3, 'a'), json: '"a"' },
    { name: 'much text', bytes: bytes(3, 'text '.repeat(200)) }
  ],
  invalid: [
    { name: 'nothing', bytes: bytes(), code: 'UNEXPECTED_END', offset: 0, lax: 'same' },
    { name: 'no tag, 4', bytes: bytes(4), code: 'MALFORMED', offset: 0, lax: 'same' },
    { name: 'no tag, 5', bytes: bytes(5), code: 'MALFORMED', offset: 0, lax: 'same' },
    { name: 'no tag', bytes: bytes(9), code: 'MALFORMED', offset: 0, lax: 'same' },
    { name: 'no UTF-8', bytes: bytes(3, 97, 255), code: 'INVALID_UTF8', offset: 1, lax: 'same' },
    { name: 'no CID', bytes: bytes(2, 7, 7), code: 'INVALID_CID', offset: 1, lax: 'same' },
    { name: 'a tag with bit 7', bytes: bytes(0x83, 'a'), code: 'MALFORMED', offset: 0, lax: { json: '"a"' } },
    { name: 'a tag with bit 7, of nothing', bytes: bytes(0x89), code: 'MALFORMED', offset: 0, lax: 'same' }
  ]
}
