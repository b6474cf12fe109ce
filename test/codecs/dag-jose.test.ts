/** dag-jose: its rows; what may be encoded besides the decoded representation; links; and depth. */
import * as dagCbor from '@ipld/dag-cbor'
import * as reference from 'dag-jose'
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/index.js'
import { nested } from './arbitrary.js'
import { refusal, rowsOf } from './rows.js'

const host = await createHost()
const codec = await host.codec('dag-jose')
rowsOf(host, 'dag-jose')

const link = CID.parse('bafyreidykglsfhoixmivffc5uwhcgshx4j465xwqntbmu43nb2dzqwfvae')
const other = CID.parse('bafkqaaa')
const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const payload = url(link.bytes)

const forms = suite('dag-jose, forms')

forms('compact serialization, as the reference', () => {
  for (const text of [
    `eyJh.${payload}.AAAA`,
    `.${payload}.`,
    `${'A'.repeat(30_000)}.${payload}.${'B'.repeat(40_000)}`,
    'AAAA..BBBB.CCCC.DDDD',
    `AAAA.EEEE.BBBB.${'C'.repeat(50_000)}.DDDD`
  ]) {
    assert.equal(codec.encode(text), reference.encode(text), text.slice(0, 40))
  }
  for (const [text, expected] of [
    ['', 'MALFORMED'],
    ['a.b', 'MALFORMED'],
    ['a.b.c.d', 'MALFORMED'],
    ['a.b.c.d.e.f', 'MALFORMED'],
    [`!.${payload}.AAAA`, 'MALFORMED'],
    [`AAAA.${payload}.A`, 'MALFORMED'],
    ['AAAA.BBBB.CCCC', 'INVALID_CID']
  ]) {
    assert.is(refusal(() => codec.encode(text)).split(' ')[0], expected, text)
  }
})

forms('flattened serialization, and bytes in place of base64url', () => {
  const general = codec.encode({ payload, signatures: [{ header: { a: 1 }, protected: 'AAAA', signature: 'BBBB' }] })
  assert.equal(codec.encode({ payload, header: { a: 1 }, protected: 'AAAA', signature: 'BBBB' }), general)
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
  assert.equal(codec.encode({ payload: link.bytes, signatures: [{ header: { a: 1 }, protected: bytes('AAAA'), signature: bytes('BBBB') }], link }), general)
  const encrypted = codec.encode({ ciphertext: 'AAAA', recipients: [{ encrypted_key: 'BBBB', header: {} }] })
  assert.equal(codec.encode({ ciphertext: 'AAAA', encrypted_key: 'BBBB', header: {} }), encrypted)
  const long = new Uint8Array(5_000).map((_, i) => i)
  assert.equal(codec.encode({ ciphertext: long }), codec.encode({ ciphertext: url(long) }))
})

forms('values that are none', () => {
  const signature = { signature: 'AAAA' }
  for (const [value, expected] of [
    [{}, 'MISSING_FIELD'],
    [{ payload }, 'MISSING_FIELD'],
    [{ signatures: [] }, 'UNKNOWN_FIELD'],
    [{ payload, signatures: [{ protected: 'AAAA' }] }, 'MISSING_FIELD'],
    [{ payload, signatures: [], ciphertext: 'AAAA' }, 'UNKNOWN_FIELD'],
    [{ payload, signatures: [signature], pld: {} }, 'UNKNOWN_FIELD'],
    [{ payload, signatures: [{ ...signature, tag: 'AAAA' }] }, 'UNKNOWN_FIELD'],
    [{ payload, signatures: [signature], signature: 'AAAA' }, 'UNKNOWN_FIELD'],
    [{ payload, signatures: [signature], link: other }, 'INVALID_CID'],
    [{ payload, signatures: [signature], link: 'AAAA' }, 'WRONG_KIND'],
    [{ payload: 'AAAA', signatures: [signature] }, 'INVALID_CID'],
    [{ payload, signatures: signature }, 'WRONG_KIND'],
    [{ payload, signatures: [signature.signature] }, 'WRONG_KIND'],
    [{ payload, signatures: [{ ...signature, header: [] }] }, 'WRONG_KIND'],
    [{ ciphertext: 1 }, 'WRONG_KIND'],
    [{ ciphertext: 'A' }, 'MALFORMED'],
    [{ ciphertext: 'AB' }, 'MALFORMED'],
    [{ ciphertext: 'AA==' }, 'MALFORMED'],
    [{ ciphertext: 'A+/A' }, 'MALFORMED'],
    [{ ciphertext: `${'A'.repeat(15)}+` }, 'MALFORMED'],
    [[], 'WRONG_KIND'],
    [null, 'WRONG_KIND']
  ] as const) {
    assert.is(refusal(() => codec.encode(value)).split(' ')[0], expected, JSON.stringify(value))
  }
})
forms.run()

const blocks = suite('dag-jose, blocks')

blocks('links: the payload and those in headers', () => {
  const block = reference.encode({ payload, signatures: [{ signature: 'AAAA', header: { other } }] } as never)
  assert.equal(codec.links(block).map(String).sort(), [link, other].map(String).sort())
})

blocks('headers to the greatest depth', () => {
  for (const list of [true, false]) {
    const unprotected = { a: nested(list ? [] : {}, 1021, list) }
    const block = dagCbor.encode({ ciphertext: new Uint8Array(1), unprotected })
    assert.equal(codec.encodeTape(codec.tape(block)), block)
    assert.is(refusal(() => codec.decode(dagCbor.encode({ ciphertext: new Uint8Array(1), unprotected: { a: unprotected } }))).split(' ')[0], 'DEPTH')
  }
})

blocks('bytes over several windows', () => {
  for (const n of [12_287, 12_288, 12_289, 16_384, 100_000, 5_000_000]) {
    const ciphertext = new Uint8Array(n).map((_, i) => (i * 31) ^ (i >> 7))
    const block = dagCbor.encode({ ciphertext })
    assert.ok(codec.decode(block).ciphertext === url(ciphertext))
    assert.ok(Buffer.compare(codec.encodeTape(codec.tape(block)), block) === 0)
  }
})
blocks.run()
