/**
 * `npx tsx scripts/fixture-dag-jose.ts` writes the fixtures of dag-jose: blocks by the package dag-jose and, of what the schema has and the package has not, by @ipld/dag-cbor. Nothing
 * in them is signed or encrypted: a codec does not look.
 */
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagJose from 'dag-jose'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { type AcceptedRow, lax, type RefusedRow, writeFixtures } from './fixture-rows.js'

const filled = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 255)
const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const link = CID.createV1(0x71, Digest.create(0x12, filled(32)))
const v0 = CID.createV0(Digest.create(0x12, filled(32, 2)))
const identity = CID.createV1(0x71, Digest.create(0, filled(600)))
const header = { alg: 'ES256K', kid: 'é', n: 1, deep: { list: [1, null, 'x'], link } }
const protectedHeader = url(json({ alg: 'EdDSA' }))

const signature = { protected: protectedHeader, signature: url(filled(64)) }
const jwe = { ciphertext: url(filled(24)), iv: url(filled(12)), protected: url(json({ alg: 'dir', enc: 'A128GCM' })), tag: url(filled(16)) }

const written: readonly (readonly [name: string, jose: object])[] = [
  ['JWS', { payload: url(link.bytes), signatures: [signature] }],
  ['JWS over CIDv0', { payload: url(v0.bytes), signatures: [signature] }],
  ['JWS over an identity CID', { payload: url(identity.bytes), signatures: [signature] }],
  ['JWS with a header', { payload: url(link.bytes), signatures: [{ ...signature, header }] }],
  ['JWS with an empty header', { payload: url(link.bytes), signatures: [{ ...signature, header: {} }] }],
  ['JWS without a protected header', { payload: url(link.bytes), signatures: [{ signature: url(filled(1)) }] }],
  ['JWS with two signatures', { payload: url(link.bytes), signatures: [signature, { ...signature, signature: url(filled(63)) }] }],
  ['JWS without signatures', { payload: url(link.bytes), signatures: [] }],
  ['JWS with an empty signature', { payload: url(link.bytes), signatures: [{ signature: '' }] }],
  ['JWE', jwe],
  ['JWE with additional data', { ...jwe, aad: url(filled(5)) }],
  ['JWE with an unprotected header', { ...jwe, unprotected: header }],
  ['JWE with a recipient', { ...jwe, recipients: [{ encrypted_key: url(filled(32)) }] }],
  ['JWE with recipients', { ...jwe, recipients: [{ encrypted_key: url(filled(32)), header }, { header: { epk: { crv: 'X25519' } } }, {}] }],
  ['JWE without recipients', { ...jwe, recipients: [] }],
  ['JWE with all', { ...jwe, aad: url(filled(1)), unprotected: { a: 1.5 }, recipients: [{ encrypted_key: url(filled(2)), header: {} }] }],
  ['JWE of each remainder', { ciphertext: url(filled(0)), iv: url(filled(1)), protected: url(filled(2)), tag: url(filled(3)) }],
  ['JWE of all characters', { ...jwe, ciphertext: url(Uint8Array.from({ length: 256 }, (_, i) => i)), tag: url(filled(48, 251)) }],
  ['JWE, long', { ...jwe, ciphertext: url(filled(2000)) }]
]

const row = (name: string, block: Uint8Array, value: unknown): AcceptedRow => [name, hex(block), Buffer.from(dagJson.encode(value)).toString()]
const cbor = (value: unknown): string => hex(dagCbor.encode(value))

/** What the schema lets stand alone, and the package does not take. */
const ciphertext = { ciphertext: filled(24) }

const accepted: readonly AcceptedRow[] = [
  ...written.map(([name, jose]) => {
    const block = dagJose.encode(jose as never)
    return row(name, block, dagJose.decode(block as never))
  }),
  row('JWE of a ciphertext alone', dagCbor.encode(ciphertext), { ciphertext: url(filled(24)) }),
  row('JWE without an initialization vector', dagCbor.encode({ ...ciphertext, tag: filled(16) }), { ciphertext: url(filled(24)), tag: url(filled(16)) })
]

const payload = link.bytes
const signatures = [{ signature: filled(4) }]
/** A map from entries as they stand. */
const map = (...entries: readonly (readonly [key: string, value: string])[]): string =>
  `${(0xa0 + entries.length).toString(16)}${entries.map(([key, value]) => `${cbor(key)}${value}`).join('')}`

const refused: readonly RefusedRow[] = [
  ['nothing', '', 'UNEXPECTED_END', 0],
  ['a list', '80', 'MALFORMED', 0],
  ['null', 'f6', 'MALFORMED', 0],
  ['an empty map', 'a0', 'MALFORMED', 0],
  ['bytes after the block', `${cbor(ciphertext)}00`, 'TRAILING_BYTES', 38],
  ['a map of indefinite length', 'bfff', 'UNSUPPORTED', 0],
  ['payload alone', cbor({ payload }), 'MALFORMED', 0],
  ['signatures alone', cbor({ signatures }), 'MALFORMED', 0],
  ['payload and ciphertext', cbor({ payload, signatures, ciphertext: filled(1) }), 'MALFORMED', 0],
  ['signatures and ciphertext', cbor({ signatures, ciphertext: filled(1) }), 'MALFORMED', 0],
  ['JWE without a ciphertext', cbor({ iv: filled(1), tag: filled(1) }), 'MALFORMED', 0],
  ['another field', cbor({ payload, signatures, pld: 1 }), 'MALFORMED', 1],
  ['a link of its own', cbor({ payload, signatures, link }), 'MALFORMED', 1],
  ['another field of a signature', map(['payload', cbor(payload)], ['signatures', `81${map(['signature', '40'], ['encrypted_key', '40'])}`]), 'MALFORMED', 71],
  ['another field of a recipient', map(['ciphertext', '40'], ['recipients', `81${map(['tag', '40'])}`]), 'MALFORMED', 26],
  ['a key that is bytes', 'a14100 40'.replace(' ', ''), 'MALFORMED', 1],
  ['a key that is not UTF-8', 'a161ff40', 'MALFORMED', 1],
  ['a long key', map(['x'.repeat(30), '40']), 'MALFORMED', 1],
  ['a signature without its signature', cbor({ payload, signatures: [{ protected: filled(1) }] }), 'MALFORMED', 59],
  ['payload as text', map(['payload', cbor('x')], ['signatures', '80']), 'MALFORMED', 9],
  ['signatures as a map', map(['payload', cbor(payload)], ['signatures', 'a0']), 'MALFORMED', 58],
  ['a signature that is a list', map(['payload', cbor(payload)], ['signatures', '8180']), 'MALFORMED', 59],
  ['a header that is a list', map(['payload', cbor(payload)], ['signatures', `81${map(['header', '80'], ['signature', '40'])}`]), 'MALFORMED', 67],
  ['unprotected as bytes', map(['ciphertext', '40'], ['unprotected', '40']), 'MALFORMED', 25],
  ['a field twice', map(['ciphertext', '40'], ['ciphertext', '40']), 'DUPLICATE_KEY', 13],
  ['a key of a header twice', map(['ciphertext', '40'], ['unprotected', map(['a', '00'], ['a', '00'])]), 'DUPLICATE_KEY', 29],
  ['fields in another order', map(['tag', '4100'], ['iv', '4100'], ['ciphertext', '40']), 'KEY_ORDER', 7, lax('{"ciphertext":"","iv":"AA","tag":"AA"}')],
  [
    'keys of a header in another order',
    map(['ciphertext', '40'], ['unprotected', map(['b', '00'], ['a', '00'])]),
    'KEY_ORDER',
    29,
    lax('{"ciphertext":"","unprotected":{"a":0,"b":0}}')
  ],
  ['a long head', map(['ciphertext', '580100']), 'NON_CANONICAL', 12, lax('{"ciphertext":"AA"}')],
  [
    'a half in a header',
    map(['ciphertext', '40'], ['unprotected', map(['a', 'f93e00'])]),
    'NON_CANONICAL',
    28,
    lax('{"ciphertext":"","unprotected":{"a":1.5}}')
  ],
  ['a payload that is not a CID', map(['payload', '43010203'], ['signatures', '80']), 'INVALID_CID', 10, lax('{"payload":"AQID","signatures":[]}')],
  ['an empty payload', map(['payload', '40'], ['signatures', '80']), 'INVALID_CID', 10, lax('{"payload":"","signatures":[]}')],
  ['a payload that is JSON', map(['payload', cbor(json({ a: 1 }))], ['signatures', '80']), 'INVALID_CID', 10, lax('{"payload":"eyJhIjoxfQ","signatures":[]}')],
  [
    'a payload with a byte more',
    map(['payload', cbor(Uint8Array.of(...payload, 0))], ['signatures', '80']),
    'INVALID_CID',
    11,
    lax(`{"payload":"${url(Uint8Array.of(...payload, 0))}","signatures":[]}`)
  ],
  ['a payload cut', `a1${cbor('payload')}5824${hex(payload).slice(2)}`, 'UNEXPECTED_END', 46],
  ['a ciphertext of 2^32 - 1', `a1${cbor('ciphertext')}5affffffff`, 'UNEXPECTED_END', 17],
  ['signatures of 2^32 - 1', `a2${cbor('payload')}${cbor(payload)}${cbor('signatures')}9affffffff`, 'UNEXPECTED_END', 63],
  ['maps of 2^32 - 1', 'baffffffff', 'UNEXPECTED_END', 5],
  ['a header too deep', map(['ciphertext', '40'], ['unprotected', `${'a16161'.repeat(1023)}a0`]), 'DEPTH', 25 + 3 * 1023]
]

/** The same block comes back from the package, and its value as dag-json. */
function agrees(block: Uint8Array, json: string): boolean {
  try {
    const value = dagJose.decode(block as never)
    return Buffer.compare(dagJose.encode(value as never), block) === 0 && Buffer.from(dagJson.encode(value)).toString() === json
  } catch {
    return false
  }
}

writeFixtures('dag-jose', accepted, refused, agrees, ['JWE of a ciphertext alone', 'JWE without an initialization vector'])
