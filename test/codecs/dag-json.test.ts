/** The dag-json codec: rows of blocks and what they mean or why they are refused; agreement with @ipld/dag-json; the public codec fixtures where they are at hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as reference from '@ipld/dag-json'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/codec/index.js'
import { skip } from '../skip.js'

const host = await createHost()
const json = await host.codec('dag-json')
const cbor = await host.codec('dag-cbor')

const utf8 = new TextEncoder()
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const bytes = (data: string | readonly number[]): Uint8Array => (typeof data === 'string' ? utf8.encode(data) : Uint8Array.from(data))

const V0 = CID.parse('QmXg9Pp2ytZ14xgmQjYEiHjVjMFXzCVVEcRTWJBmLgR39V')
const V1 = CID.parse('bafybeidskjjd4zmr7oh6ku6wp72vvbxyibcli2r6if3ocdcy7jjjusvl2u')
const SMALL = CID.parse('bafkqabiaaebagba')

/** Blocks in the one canonical form. */
const valid: readonly { data: string; expected: unknown }[] = [
  { data: 'null', expected: null },
  { data: 'true', expected: true },
  { data: 'false', expected: false },
  { data: '[]', expected: [] },
  { data: '{}', expected: {} },
  { data: '[null,true,false,[],{}]', expected: [null, true, false, [], {}] },
  { data: '0', expected: 0 },
  { data: '-1', expected: -1 },
  { data: '9007199254740991', expected: 9007199254740991 },
  { data: '9007199254740993', expected: 9007199254740993n },
  { data: '18446744073709551615', expected: 18446744073709551615n },
  { data: '-18446744073709551616', expected: -18446744073709551616n },
  { data: '0.5', expected: 0.5 },
  { data: '-0.0', expected: -0 },
  { data: '1.0', expected: 1 },
  { data: '5e-324', expected: 5e-324 },
  { data: '1e-7', expected: 1e-7 },
  { data: '0.000001', expected: 0.000001 },
  { data: '1e+21', expected: 1e21 },
  { data: '100000000000000000000.0', expected: 1e20 },
  { data: '123456789012345680000.0', expected: 123456789012345680000 },
  { data: '1.7976931348623157e+308', expected: Number.MAX_VALUE },
  { data: '2.2250738585072014e-308', expected: 2.2250738585072014e-308 },
  { data: '0.30000000000000004', expected: 0.1 + 0.2 },
  { data: '""', expected: '' },
  { data: '"sixteen bytes!!!"', expected: 'sixteen bytes!!!' },
  { data: '"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f/\u007f"', expected: '\b\t\n\f\r"\\\u0000\u001f/\u007f' },
  { data: '"žluťoučký 水 😀"', expected: 'žluťoučký 水 😀' },
  { data: '"水\\n😀"', expected: '水\n😀' },
  { data: '{"":1,"a":2,"aa":3,"b":4}', expected: { '': 1, a: 2, aa: 3, b: 4 } },
  { data: '{"\uffff":1,"😀":2}', expected: { '\uffff': 1, '😀': 2 } },
  { data: '{"a\\"b":{"a\\"b":1}}', expected: { 'a"b': { 'a"b': 1 } } },
  { data: '[{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"a":6,"b":7,"c":8}]', expected: [{ a: 1, b: 2 }, { a: 3, b: 4 }, { a: 5 }, { a: 6, b: 7, c: 8 }] },
  { data: '[{"a\\"":1},{"a\\"":2}]', expected: [{ 'a"': 1 }, { 'a"': 2 }] },
  { data: `{"/":"${V0}"}`, expected: V0 },
  { data: `{"/":"${V1}"}`, expected: V1 },
  { data: `{"/":"${SMALL}"}`, expected: SMALL },
  { data: '{"/":{"bytes":""}}', expected: Uint8Array.of() },
  { data: '{"/":{"bytes":"/w"}}', expected: Uint8Array.of(255) },
  { data: '{"/":{"bytes":"AAEC+/8"}}', expected: Uint8Array.of(0, 1, 2, 251, 255) },
  // what is not reserved
  { data: '{"/":1}', expected: { '/': 1 } },
  { data: '{"/":{}}', expected: { '/': {} } },
  { data: '{"/":{"bytes":1}}', expected: { '/': { bytes: 1 } } },
  { data: '{"/":{"a":1,"bytes":"AA"}}', expected: { '/': { a: 1, bytes: 'AA' } } },
  { data: `{"/":{"/":"${V1}"}}`, expected: { '/': V1 } },
  { data: '{"/":{"/":{"bytes":"AA"}}}', expected: { '/': Uint8Array.of(0) } },
  { data: `{"rvte${'.'.repeat(14633)}":{"bytes":"AA"}}`, expected: { [`rvte${'.'.repeat(14633)}`]: { bytes: 'AA' } } },
  { data: '{"!":1,"/":"x"}', expected: { '!': 1, '/': 'x' } },
  { data: `[${'['.repeat(1022)}{"/":"${V1}"}${']'.repeat(1022)}]`, expected: undefined }
]

/** Refused, or accepted if lax. `lax` is the value then, or the code of a refusal; without it the code is that of strict. */
const invalid: readonly { data: string | readonly number[]; code: string; offset: number; lax?: unknown; laxCode?: string }[] = [
  { data: '', code: 'UNEXPECTED_END', offset: 0 },
  { data: '[', code: 'UNEXPECTED_END', offset: 1 },
  { data: '[1', code: 'UNEXPECTED_END', offset: 2 },
  { data: '{"a"', code: 'UNEXPECTED_END', offset: 4 },
  { data: '"abc', code: 'UNEXPECTED_END', offset: 4 },
  { data: '"ab\\', code: 'UNEXPECTED_END', offset: 4 },
  { data: '"\\u00', code: 'UNEXPECTED_END', offset: 5 },
  { data: 'tru', code: 'UNEXPECTED_END', offset: 3 },
  { data: '-', code: 'UNEXPECTED_END', offset: 1 },
  { data: '1.', code: 'UNEXPECTED_END', offset: 2 },
  { data: '1e', code: 'UNEXPECTED_END', offset: 2 },
  { data: '{"/":"bafk', code: 'UNEXPECTED_END', offset: 10 },
  { data: '{"/":{"bytes":"AA', code: 'UNEXPECTED_END', offset: 17 },
  { data: '1 1', code: 'NON_CANONICAL', offset: 1, laxCode: 'TRAILING_BYTES' },
  { data: 'nullx', code: 'TRAILING_BYTES', offset: 4 },
  { data: ' 1', code: 'NON_CANONICAL', offset: 0, lax: 1 },
  { data: '1\n', code: 'NON_CANONICAL', offset: 1, lax: 1 },
  { data: '[1, 2]', code: 'NON_CANONICAL', offset: 3, lax: [1, 2] },
  { data: '{ "a" : 1 , "b":2 }', code: 'NON_CANONICAL', offset: 1, lax: { a: 1, b: 2 } },
  { data: '[ ]', code: 'NON_CANONICAL', offset: 1, lax: [] },
  { data: '{ }', code: 'NON_CANONICAL', offset: 1, lax: {} },
  { data: '[1,]', code: 'MALFORMED', offset: 3 },
  { data: '{"a":1,}', code: 'MALFORMED', offset: 7 },
  { data: '{a:1}', code: 'MALFORMED', offset: 1 },
  { data: 'nul1', code: 'MALFORMED', offset: 3 },
  { data: 'NaN', code: 'MALFORMED', offset: 0 },
  { data: '[+1]', code: 'MALFORMED', offset: 1 },
  { data: '[01]', code: 'MALFORMED', offset: 1 },
  { data: '[.5]', code: 'MALFORMED', offset: 1 },
  { data: '[1.]', code: 'MALFORMED', offset: 3 },
  { data: '[1.e5]', code: 'MALFORMED', offset: 3 },
  { data: '-0', code: 'NON_CANONICAL', offset: 0, lax: 0 },
  { data: '0.50', code: 'NON_CANONICAL', offset: 0, lax: 0.5 },
  { data: '1e5', code: 'NON_CANONICAL', offset: 0, lax: 100000 },
  { data: '1E+21', code: 'NON_CANONICAL', offset: 0, lax: 1e21 },
  { data: '1e21', code: 'NON_CANONICAL', offset: 0, lax: 1e21 },
  { data: '0.0000001', code: 'NON_CANONICAL', offset: 0, lax: 1e-7 },
  { data: '1000000000000000000000.0', code: 'NON_CANONICAL', offset: 0, lax: 1e21 },
  { data: '0.1000000000000000055511151231257827', code: 'NON_CANONICAL', offset: 0, lax: 0.1 },
  { data: '0.10000000000000001', code: 'NON_CANONICAL', offset: 0, lax: 0.1 },
  { data: '9007199254740993.0', code: 'NON_CANONICAL', offset: 0, lax: 9007199254740992 },
  { data: '0e5', code: 'NON_CANONICAL', offset: 0, lax: 0 },
  { data: '1e-400', code: 'NON_CANONICAL', offset: 0, lax: 0 },
  { data: '1e400', code: 'NUMBER_RANGE', offset: 0 },
  { data: '[18446744073709551616]', code: 'NUMBER_RANGE', offset: 1 },
  { data: '-18446744073709551617', code: 'NUMBER_RANGE', offset: 0 },
  { data: '{"b":1,"a":2}', code: 'KEY_ORDER', offset: 7, lax: { b: 1, a: 2 } },
  { data: '{"aa":1,"a":2}', code: 'KEY_ORDER', offset: 8, lax: { aa: 1, a: 2 } },
  { data: '{"a":1,"a":2}', code: 'DUPLICATE_KEY', offset: 7 },
  { data: '{"b":1,"a":2,"b":3}', code: 'KEY_ORDER', offset: 7, laxCode: 'DUPLICATE_KEY' },
  { data: '"\\/"', code: 'NON_CANONICAL', offset: 1, lax: '/' },
  { data: '"\\u0041"', code: 'NON_CANONICAL', offset: 1, lax: 'A' },
  { data: '"\\u000a"', code: 'NON_CANONICAL', offset: 1, lax: '\n' },
  { data: '"\\u001F"', code: 'NON_CANONICAL', offset: 1, lax: '\u001f' },
  { data: '"\\ud83d\\ude00"', code: 'NON_CANONICAL', offset: 1, lax: '😀' },
  { data: '"\\ud800"', code: 'INVALID_UTF8', offset: 1 },
  { data: '"\\udc00\\ud800"', code: 'INVALID_UTF8', offset: 1 },
  { data: '"\\x"', code: 'MALFORMED', offset: 2 },
  { data: '"\\u00g0"', code: 'MALFORMED', offset: 5 },
  { data: '"a\nb"', code: 'MALFORMED', offset: 2 },
  { data: [0x22, 0x61, 0xff, 0x22], code: 'INVALID_UTF8', offset: 2 },
  { data: [0x22, 0xed, 0xa0, 0x80, 0x22], code: 'INVALID_UTF8', offset: 1 },
  { data: '{"/":"x"}', code: 'INVALID_CID', offset: 6 },
  { data: '{"/":""}', code: 'INVALID_CID', offset: 6 },
  { data: '{"/":"bafkqabiaaebagbaa"}', code: 'INVALID_CID', offset: 6 },
  { data: '{"/":"bafkqabiaaebagbb"}', code: 'INVALID_CID', offset: 6 },
  { data: '{"/":"zdj7Wd8AMwqnhJGQCbFxBVodGSBG84TM7Hs1rcJuQMwTyfEDS"}', code: 'INVALID_CID', offset: 6 },
  { data: `{"/":"z${V0}"}`, code: 'INVALID_CID', offset: 6 },
  { data: `{"/":"b${SMALL.toString().slice(1).toUpperCase()}"}`, code: 'INVALID_CID', offset: 6 },
  { data: `{"/":"${V1}","a":1}`, code: 'MALFORMED', offset: 66 },
  { data: `{"\\u002f":"${V1}"}`, code: 'NON_CANONICAL', offset: 2, lax: V1 },
  { data: `{ "/" : "${V1}" }`, code: 'NON_CANONICAL', offset: 1, lax: V1 },
  { data: '{"/":{"bytes":"AA=="}}', code: 'NON_CANONICAL', offset: 17, lax: Uint8Array.of(0) },
  { data: '{"/":{"bytes":"\\/w"}}', code: 'NON_CANONICAL', offset: 15, lax: Uint8Array.of(255) },
  { data: '{ "/": { "bytes": "AA" } }', code: 'NON_CANONICAL', offset: 1, lax: Uint8Array.of(0) },
  { data: '{"/":{"bytes":"AB"}}', code: 'MALFORMED', offset: 15 },
  { data: '{"/":{"bytes":"A"}}', code: 'MALFORMED', offset: 15 },
  { data: '{"/":{"bytes":"A-_A"}}', code: 'MALFORMED', offset: 16, laxCode: 'MALFORMED' },
  { data: '{"/":{"bytes":"AA","x":1}}', code: 'MALFORMED', offset: 18 },
  { data: '{"/":{"bytes":"AA"},"x":1}', code: 'MALFORMED', offset: 19 },
  { data: '['.repeat(1025), code: 'DEPTH', offset: 1024 },
  { data: '{"a":'.repeat(1025), code: 'DEPTH', offset: 5120 },
  { data: '{"/":'.repeat(3000), code: 'DEPTH', offset: 5125 }
]

interface Refusal {
  code: string
  offset: number
}

function refusal(f: () => unknown): Refusal {
  try {
    f()
  } catch (error) {
    return error as Refusal
  }
  throw new Error('it was accepted')
}

for (const { data, expected } of valid) {
  test(`valid: ${data.slice(0, 60)}`, () => {
    const block = bytes(data)
    const value = json.decode(block)
    if (expected !== undefined) assert.equal(value, expected)
    assert.equal(json.decode(block, { strict: false }), value, 'lax')
    assert.is(text.decode(json.encodeTape(json.tape(block))), data)
  })
}

for (const { data, code, offset, lax, laxCode } of invalid) {
  test(`invalid: ${typeof data === 'string' ? data.slice(0, 60) : data.join(' ')}`, () => {
    const block = bytes(data)
    const strict = refusal(() => json.decode(block))
    assert.is(strict.code, code)
    if (code !== 'DEPTH' || !(data as string).startsWith('{"/"')) assert.is(strict.offset, offset)
    if (lax !== undefined) assert.equal(json.decode(block, { strict: false }), lax)
    else assert.is(refusal(() => json.decode(block, { strict: false })).code, laxCode ?? code)
  })
}

for (const value of [{ '/': 'text' }, { '/': 'text', a: 1 }, { '/': { bytes: 'AA' } }, { a: [{ z: 1, '/': 'text' }] }]) {
  test(`no form of its own: ${JSON.stringify(value)}`, () => {
    assert.is(refusal(() => json.encode(value)).code, 'UNSUPPORTED')
  })
}

test('values of any kind encode as @ipld/dag-json does', () => {
  for (const value of [
    { b: 1, a: [V0, V1, Uint8Array.of(1, 2, 3)] },
    [0.1, 1e300, -5e-324, 123456.75],
    'a"\\\n\u0001☺',
    { '/': 1, a: { '/': V1 } },
    { '!': 1, '/': 'x' },
    { '/': { bytes: { bytes: 'x' } } }
  ]) {
    assert.is(text.decode(json.encode(value)), text.decode(reference.encode(value)))
  }
})

test('whatever stands across the end of the window', () => {
  const items = [
    `"${'x'.repeat(40)}"`,
    '"ab\\ncd"',
    '"žluťoučký"',
    '1234567.125',
    '-18446744073709551616',
    `{"/":"${V1}"}`,
    `{"/":"${V0}"}`,
    `{"/":{"bytes":"${'AQID'.repeat(12)}"}}`,
    '{"key":{"other":null}}',
    'false',
    '[[],{}]'
  ]
  for (const item of items) {
    for (let before = 16384 - item.length - 20; before < 16384 + 4; before++) {
      const data = `["${'-'.repeat(before)}",${item},${item}]`
      const block = bytes(data)
      assert.is(text.decode(json.encodeTape(json.tape(block))), data)
      assert.equal(json.decode(block), reference.decode(block))
    }
  }
})

test('strings and bytes longer than the window', () => {
  for (const length of [16380, 16384, 20000, 100001]) {
    const binary = Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 7))
    for (const value of [
      'x'.repeat(length),
      '☺'.repeat(length),
      '\n"\\'.repeat(length),
      `${'x'.repeat(length)}☺`,
      binary,
      [binary, 'y'.repeat(length), binary]
    ]) {
      const block = reference.encode(value)
      assert.equal(json.decode(block), value)
      assert.equal(json.decode(block, { strict: false }), value)
      assert.equal(json.encode(value), block)
      assert.equal(json.encodeTape(json.tape(block)), block)
    }
  }
})

test('maps to the greatest depth', () => {
  const block = bytes(`${'{"a":'.repeat(1023)}{"/":1}${'}'.repeat(1023)}`)
  assert.equal(json.encodeTape(json.tape(block)), block)
  assert.equal(json.encodeTape(json.tape(block, { strict: false })), block)
})

test('floats with more digits than any has, at the middle between two', () => {
  const lax = (data: string): unknown => json.decode(bytes(data), { strict: false })
  for (const [a, digits] of [
    ['9007199254740993.', '0'.repeat(700)],
    ['2.4703282292062327208299439377', ''],
    ['0.500000000000000055511151231257827021181583404541015625', '0'.repeat(40)]
  ] as const) {
    for (const last of ['', '0', '1']) {
      const data = `${a}${digits}${last}`
      assert.is(lax(data), Number(data), data)
    }
  }
})

test('floats: as many as JavaScript has, near enough', () => {
  // xorshift, so that a failure comes again
  const state = BigUint64Array.of(0x9e3779b97f4a7c15n)
  const values: number[] = []
  for (let i = 0; i < 60000; i++) {
    state[0] ^= state[0] << 13n
    state[0] ^= state[0] >> 7n
    state[0] ^= state[0] << 17n
    const any = new Float64Array(state.buffer)[0]
    values.push(Number.isFinite(any) ? any : 0.5, Number(state[0] >> 11n) / 2 ** 53, Number(state[0] % 100000n) / 64 + 0.015625)
  }
  const data = `[${values.map((x) => (Number.isInteger(x) && !String(x).includes('e') ? `${x}.0` : String(x))).join()}]`
  const block = bytes(data)
  assert.equal(json.decode(block), values)
  assert.is(text.decode(json.encodeTape(json.tape(block))), data)
})

const VECTORS = join(root, '../shared/vectors/codec-fixtures')
if (!existsSync(VECTORS)) {
  skip('codec-fixtures', `${VECTORS} is not there`)
} else {
  for (const name of readdirSync(VECTORS).filter((name) => !name.startsWith('.'))) {
    test(`codec-fixtures ${name}`, () => {
      const files = new Map(readdirSync(join(VECTORS, name)).map((file) => [file.split('.')[1], readFileSync(join(VECTORS, name, file))]))
      const block = new Uint8Array(files.get('dag-json') as Buffer)
      const other = new Uint8Array(files.get('dag-cbor') as Buffer)
      assert.equal(json.decode(block), reference.decode(block))
      assert.equal(json.encodeTape(json.tape(block)), block)
      assert.equal(json.encodeTape(cbor.tape(other)), block)
      assert.equal(cbor.encodeTape(json.tape(block)), other)
    })
  }
}

test.run()
