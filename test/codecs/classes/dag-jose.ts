/** Where dag-jose means to differ from the package dag-jose: codecs/dag-jose/README.md says the same in words. */
import * as dagJose from 'dag-jose'
import fc, { type Arbitrary } from 'fast-check'
import { CID } from 'multiformats/cid'
import { text } from '../../engines/text.js'
import { cids, integers, keys, record, strings } from '../arbitrary.js'
import { some } from '../some.js'
import type { Classes, Reference } from '../subject.js'

const MAX_DEPTH = 1024
const MAX_CID = 8192

// --- values ---------------------------------------------------------------------------------------------------------------------------------------------

const base64url = fc.uint8Array({ maxLength: 70 }).map((bytes) => Buffer.from(bytes).toString('base64url'))
const some64 = fc.uint8Array({ minLength: 1, maxLength: 70 }).map((bytes) => Buffer.from(bytes).toString('base64url'))
// the reference's own decoder of DAG-CBOR loses __proto__
const names = keys.filter((key) => key !== '__proto__')
const header = fc.array(fc.tuple(names, fc.oneof(integers, strings, cids, fc.array(strings, { maxLength: 3 }))), { maxLength: 4 }).map(record)
const signature = fc.record({ header, protected: some64, signature: base64url }, { requiredKeys: ['signature'] })
const recipient = fc.record({ header, encrypted_key: some64 }, { requiredKeys: [] })
const payload = cids.map((cid) => Buffer.from(cid.bytes).toString('base64url'))

export const joseValues: Arbitrary<unknown> = fc.oneof(
  fc.record({ payload, signatures: fc.array(signature, { maxLength: 3 }) }),
  fc.record(
    {
      aad: some64,
      ciphertext: base64url,
      iv: base64url,
      protected: base64url,
      recipients: fc.array(recipient, { maxLength: 3 }),
      tag: base64url,
      unprotected: header
    },
    { requiredKeys: ['ciphertext', 'iv', 'protected', 'tag'] }
  )
)

// --- the reference --------------------------------------------------------------------------------------------------------------------------------------

/** The fields of a struct in the order of their block: by length, then by bytes. */
const ordered = (struct: Record<string, unknown>): Record<string, unknown> => {
  const names = Object.keys(struct).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  return record(names.map((name) => [name, Array.isArray(struct[name]) ? struct[name].map((item) => ordered(item as Record<string, unknown>)) : struct[name]]))
}

export const joseReference: Reference = {
  encode: (value) => dagJose.encode(value as never),
  decode(bytes) {
    const { link, ...fields } = dagJose.decode(bytes as never) as unknown as Record<string, unknown>
    return link === undefined ? ordered(fields) : { ...ordered(fields), link }
  }
}

/** A header that is no map. */
const hasOtherHeader = (value: unknown): boolean =>
  value instanceof Object &&
  Object.entries(value).some(([name, item]) => /^(header|unprotected)$/.test(name) && Object.getPrototypeOf(item ?? 0) !== Object.prototype)

const isJson = (value: unknown): boolean => typeof value === 'object' && value !== null && 'pld' in value

export const joseClasses: Classes = {
  refused: [
    { code: 'KEY_ORDER', lax: true, why: 'the reference takes keys in any order', is: ({ canonical }) => !canonical() },
    { code: 'NON_CANONICAL', lax: true, why: 'the reference takes half and single floats in headers', is: ({ canonical }) => !canonical() },
    { code: 'UNSUPPORTED', lax: true, why: 'undefined in headers', is: ({ bytes, offset }) => bytes[offset] === 0xf7 },
    {
      code: 'MALFORMED',
      why: 'the reference leaves out what the schema does not have, and takes what has another type',
      is: ({ canonical, value }) => !canonical() || some(value, hasOtherHeader)
    },
    { code: 'INVALID_CID', lax: true, why: 'the reference takes a payload that is JSON', is: ({ value }) => isJson(value) },
    {
      code: 'INVALID_CID',
      lax: true,
      why: 'the reference takes a CIDv0 that is not a sha2-256 of 32 bytes, codes beyond 2^53 − 1, and bytes after a CID',
      is: ({ value }) => some(value, (item) => item instanceof Object && 'link' in item)
    },
    {
      code: 'INVALID_CID',
      why: 'the same in headers',
      is: ({ value }) =>
        some(
          value,
          (link) => link instanceof CID && (link.version === 0 || link.code > Number.MAX_SAFE_INTEGER || link.multihash.code > Number.MAX_SAFE_INTEGER)
        )
    },
    { code: 'INVALID_UTF8', why: 'the reference puts U+FFFD in place of what is not UTF-8', is: ({ value }) => text(value).includes('\ufffd') },
    {
      code: 'TOO_LARGE',
      why: `CIDs of more than ${MAX_CID} bytes`,
      is: ({ value }) => some(value, (link) => link instanceof CID && link.byteLength > MAX_CID)
    },
    { code: 'DEPTH', why: `the project nests ${MAX_DEPTH} deep, the reference as deep as the engine's stack`, is: ({ offset }) => offset >= MAX_DEPTH }
  ],
  accepted: [
    {
      why: 'the reference wants fields that the schema leaves open',
      is: (_, value) => value instanceof Object && 'ciphertext' in value && !('iv' in value && 'protected' in value && 'tag' in value)
    },
    { why: 'without a byte order mark two keys are the same', is: (_, value) => text(value).includes('"\ufeff') }
  ],
  decoded: [
    { why: 'the reference drops a byte order mark at the start of a string', without: (value) => value.replaceAll(/"\ufeff+/g, '"') },
    { why: 'the reference puts what a payload that is JSON says beside it', without: (value) => value.replace(/,"pld":.*(?=,"payload")/, '') }
  ],
  values: []
}
