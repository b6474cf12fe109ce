/** `npx tsx scripts/fixture-plain-cbor.ts` writes the fixtures of cbor: the examples of RFC 8949, appendix A, and what its sections say. The second source is cborg. */
import { decode, encode } from 'cborg'
import { canonicalize } from 'json-canonicalize'
import { type AcceptedRow, lax, type RefusedRow, writeFixtures } from './fixture-rows.js'

const a = (n: number): string => '61'.repeat(n)
const bytes = (base64: string): string => `{"/":{"bytes":"${base64}"}}`

/** Appendix A, those that are in the core deterministic encoding and in the data model. */
const EXAMPLES: readonly (readonly [hex: string, json: string])[] = [
  ['00', '0'],
  ['01', '1'],
  ['0a', '10'],
  ['17', '23'],
  ['1818', '24'],
  ['1819', '25'],
  ['1864', '100'],
  ['1903e8', '1000'],
  ['1a000f4240', '1000000'],
  ['1b000000e8d4a51000', '1000000000000'],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['3bffffffffffffffff', '-18446744073709551616'],
  ['20', '-1'],
  ['29', '-10'],
  ['3863', '-100'],
  ['3903e7', '-1000'],
  ['f90000', '0.0'],
  ['f98000', '-0.0'],
  ['f93c00', '1.0'],
  ['fb3ff199999999999a', '1.1'],
  ['f93e00', '1.5'],
  ['f97bff', '65504.0'],
  ['fa47c35000', '100000.0'],
  ['fa7f7fffff', '3.4028234663852886e+38'],
  ['fb7e37e43c8800759c', '1e+300'],
  ['f90001', '5.960464477539063e-8'],
  ['f90400', '0.00006103515625'],
  ['f9c400', '-4.0'],
  ['fbc010666666666666', '-4.1'],
  ['f4', 'false'],
  ['f5', 'true'],
  ['f6', 'null'],
  ['40', bytes('')],
  ['4401020304', bytes('AQIDBA')],
  ['60', '""'],
  ['6161', '"a"'],
  ['6449455446', '"IETF"'],
  ['62225c', '"\\"\\\\"'],
  ['62c3bc', '"ü"'],
  ['63e6b0b4', '"水"'],
  ['64f0908591', '"𐅑"'],
  ['80', '[]'],
  ['83010203', '[1,2,3]'],
  ['8301820203820405', '[1,[2,3],[4,5]]'],
  ['98190102030405060708090a0b0c0d0e0f101112131415161718181819', `[${Array.from({ length: 25 }, (_, i) => i + 1)}]`],
  ['a0', '{}'],
  ['a26161016162820203', '{"a":1,"b":[2,3]}'],
  ['826161a161626163', '["a",{"b":"c"}]'],
  ['a56161614161626142616361436164614461656145', '{"a":"A","b":"B","c":"C","d":"D","e":"E"}']
]

const accepted: readonly AcceptedRow[] = [
  ...EXAMPLES.map(([hex, json]): AcceptedRow => [`example ${hex.slice(0, 40)}`, hex, json]),
  ['single that is no half: 2^-25', 'fa33000000', '2.9802322387695312e-8'],
  ['half, the least that is not subnormal', 'f90400', '0.00006103515625'],
  ['half, the greatest subnormal', 'f903ff', '0.00006097555160522461'],
  ['single, a bit more than half has', 'fa3f801000', '1.00048828125'],
  ['single 65505', 'fa477fe100', '65505.0'],
  ['single 65520, which half would round', 'fa477ff000', '65520.0'],
  ['single 65536', 'fa47800000', '65536.0'],
  ['single, the least', 'fa00000001', '1.401298464324817e-45'],
  ['double, half of the least single', 'fb3690000000000000', '7.006492321624085e-46'],
  ['double, beyond single', 'fb47f0000000000000', '3.402823669209385e+38'],
  ['double, a bit more than single has', 'fb3ff0000010000000', '1.0000000596046448'],
  ['half -0.5', 'f9b800', '-0.5'],
  ['keys by length, then bytes', 'a3616200617a0162616102', '{"aa":2,"b":0,"z":1}'],
  ['records', '82a2616101616202a2616103616204', '[{"a":1,"b":2},{"a":3,"b":4}]'],
  ['text of 256', `790100${a(256)}`, `"${'a'.repeat(256)}"`],
  ['lists 1,024 deep', `${'81'.repeat(1023)}80`, `${'['.repeat(1024)}${']'.repeat(1024)}`],
  ['maps 1,024 deep', `${'a16161'.repeat(1023)}a0`, `${'{"a":'.repeat(1023)}{}${'}'.repeat(1023)}`]
]

/** Appendix A, those that have another encoding. */
const otherForms: readonly RefusedRow[] = (
  [
    ['fa7f800000', 'UNSUPPORTED'],
    ['f97c00', 'UNSUPPORTED'],
    ['f97e00', 'UNSUPPORTED'],
    ['f9fc00', 'UNSUPPORTED'],
    ['fa7fc00000', 'UNSUPPORTED'],
    ['faff800000', 'UNSUPPORTED'],
    ['fb7ff0000000000000', 'UNSUPPORTED'],
    ['fb7ff8000000000000', 'UNSUPPORTED'],
    ['fbfff0000000000000', 'UNSUPPORTED'],
    ['f7', 'UNSUPPORTED', 'null'],
    ['f0', 'UNSUPPORTED'],
    ['f8ff', 'UNSUPPORTED'],
    ['c249010000000000000000', 'NUMBER_RANGE'],
    ['c349010000000000000000', 'NUMBER_RANGE'],
    ['c074323031332d30332d32315432303a30343a30305a', 'UNSUPPORTED'],
    ['c11a514b67b0', 'UNSUPPORTED'],
    ['c1fb41d452d9ec200000', 'UNSUPPORTED'],
    ['d74401020304', 'UNSUPPORTED'],
    ['d818456449455446', 'UNSUPPORTED'],
    ['d82076687474703a2f2f7777772e6578616d706c652e636f6d', 'UNSUPPORTED'],
    ['a201020304', 'UNSUPPORTED', undefined, 1],
    ['5f42010243030405ff', 'NON_CANONICAL', bytes('AQIDBAU')],
    ['7f657374726561646d696e67ff', 'NON_CANONICAL', '"streaming"'],
    ['9fff', 'NON_CANONICAL', '[]'],
    ['9f018202039f0405ffff', 'NON_CANONICAL', '[1,[2,3],[4,5]]'],
    ['9f01820203820405ff', 'NON_CANONICAL', '[1,[2,3],[4,5]]'],
    ['83018202039f0405ff', 'NON_CANONICAL', '[1,[2,3],[4,5]]', 5],
    ['83019f0203ff820405', 'NON_CANONICAL', '[1,[2,3],[4,5]]', 2],
    ['9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff', 'NON_CANONICAL', `[${Array.from({ length: 25 }, (_, i) => i + 1)}]`],
    ['bf61610161629f0203ffff', 'NON_CANONICAL', '{"a":1,"b":[2,3]}'],
    ['826161bf61626163ff', 'NON_CANONICAL', '["a",{"b":"c"}]', 3],
    ['bf6346756ef563416d7421ff', 'NON_CANONICAL', '{"Amt":-2,"Fun":true}']
  ] as const
).map(([hex, code, json, offset = 0]) => [`example ${hex.slice(0, 40)}`, hex, code, offset, json === undefined ? undefined : lax(json)] as const)

const refused: readonly RefusedRow[] = [
  ...otherForms,
  ['23 in 2 bytes', '1817', 'NON_CANONICAL', 0, lax('23')],
  ['-1 in 9 bytes', '3b0000000000000000', 'NON_CANONICAL', 0, lax('-1')],
  ['list with a long length', '980100', 'NON_CANONICAL', 0, lax('[0]')],
  ['1.5 in 5 bytes', 'fa3fc00000', 'NON_CANONICAL', 0, lax('1.5')],
  ['1.5 in 9 bytes', 'fb3ff8000000000000', 'NON_CANONICAL', 0, lax('1.5')],
  ['-0 in 9 bytes', 'fb8000000000000000', 'NON_CANONICAL', 0, lax('-0.0')],
  ['100000 in 9 bytes', 'fb40f86a0000000000', 'NON_CANONICAL', 0, lax('100000.0')],
  ['the least half in 5 bytes', 'fa33800000', 'NON_CANONICAL', 0, lax('5.960464477539063e-8')],
  ['the least single in 9 bytes', 'fb36a0000000000000', 'NON_CANONICAL', 0, lax('1.401298464324817e-45')],
  ['half NaN in a list', '81f97e01', 'UNSUPPORTED', 1],
  // tags (3.4)
  ['bignum 0', 'c240', 'NON_CANONICAL', 0, lax('0')],
  ['bignum 1', 'c24101', 'NON_CANONICAL', 0, lax('1')],
  ['bignum 2^64 - 1', `c248${'ff'.repeat(8)}`, 'NON_CANONICAL', 0, lax('18446744073709551615')],
  ['bignum 2^64 - 1 with zeros', `c24a0000${'ff'.repeat(8)}`, 'NON_CANONICAL', 0, lax('18446744073709551615')],
  ['bignum -2^64', `c348${'ff'.repeat(8)}`, 'NON_CANONICAL', 0, lax('-18446744073709551616')],
  ['bignum -1', 'c340', 'NON_CANONICAL', 0, lax('-1')],
  ['bignum of a text', 'c26131', 'MALFORMED', 1],
  ['bignum of an integer', 'c201', 'MALFORMED', 1],
  ['bignum of 2^32 bytes', 'c25b0000000100000000', 'UNEXPECTED_END', 1],
  ['bignum without its bytes', 'c2', 'UNEXPECTED_END', 1],
  ['tag 42', 'd82a4100', 'UNSUPPORTED', 0],
  ['tag 2^64 - 1', `db${'ff'.repeat(8)}00`, 'UNSUPPORTED', 0],
  ['tag 2 in 2 bytes', 'd8024101', 'NON_CANONICAL', 0, lax('1')],
  ['self-described', 'd9d9f78101', 'NON_CANONICAL', 0, lax('[1]')],
  ['self-described twice', 'd9d9f7d9d9f700', 'NON_CANONICAL', 0, lax('0')],
  ['self-described bignum', 'd9d9f7c24105', 'NON_CANONICAL', 0, lax('5')],
  ['self-described date', 'd9d9f7c100', 'UNSUPPORTED', 3],
  ['self-described in a map', 'a16161d9d9f7a0', 'NON_CANONICAL', 3, lax('{"a":{}}')],
  ['self-described nothing', 'd9d9f7', 'UNEXPECTED_END', 3],
  // indefinite lengths (3.2)
  ['text in no chunks', '7fff', 'NON_CANONICAL', 0, lax('""')],
  ['text in empty chunks', '7f60616160ff', 'NON_CANONICAL', 0, lax('"a"')],
  ['text in chunks, not ASCII', '7f62c3a96161ff', 'NON_CANONICAL', 0, lax('"éa"')],
  ['text cut within a character', '7f61c361a9ff', 'NON_CANONICAL', 0, { code: 'INVALID_UTF8', offset: 3 }],
  ['text with a chunk of bytes', '7f4161ff', 'NON_CANONICAL', 0, { code: 'MALFORMED', offset: 1 }],
  ['bytes with a chunk of text', '5f6161ff', 'NON_CANONICAL', 0, { code: 'MALFORMED', offset: 1 }],
  ['chunks within chunks', '5f5f4100ffff', 'NON_CANONICAL', 0, { code: 'MALFORMED', offset: 1 }],
  ['text without a break', '7f6161', 'NON_CANONICAL', 0, { code: 'UNEXPECTED_END', offset: 3 }],
  ['a chunk longer than the block', '5f5affffffff', 'NON_CANONICAL', 0, { code: 'UNEXPECTED_END', offset: 6 }],
  ['list without a break', '9f01', 'NON_CANONICAL', 0, { code: 'UNEXPECTED_END', offset: 2 }],
  ['map without a value', 'bf6161ff', 'NON_CANONICAL', 0, { code: 'MALFORMED', offset: 3 }],
  ['key in chunks', 'a17f61616162ff00', 'NON_CANONICAL', 1, lax('{"ab":0}')],
  ['keys in chunks, twice', 'a27f6161ff00616101', 'NON_CANONICAL', 1, { code: 'DUPLICATE_KEY', offset: 6 }],
  ['keys in chunks, shared', '82a1616100a17f6161ff01', 'NON_CANONICAL', 6, lax('[{"a":0},{"a":1}]')],
  ['integer of indefinite length', '1f', 'MALFORMED', 0],
  ['tag of indefinite length', 'df00', 'MALFORMED', 0],
  ['break', 'ff', 'MALFORMED', 0],
  ['break in a list', '81ff', 'MALFORMED', 1],
  ['reserved head', '1c', 'MALFORMED', 0],
  ['simple value 20 in 2 bytes', 'f814', 'MALFORMED', 0],
  // maps
  ['keys in another order', 'a2616200616101', 'KEY_ORDER', 4, lax('{"a":1,"b":0}')],
  ['keys by bytes, not by length first', 'a262616100616201', 'KEY_ORDER', 5, lax('{"aa":0,"b":1}')],
  ['a key twice', 'a2616100616101', 'DUPLICATE_KEY', 4],
  ['a key twice, with another between', 'a3616200616100616201', 'KEY_ORDER', 4, { code: 'DUPLICATE_KEY', offset: 0 }],
  ['a key twice, of indefinite length', 'bf616200616100616201ff', 'NON_CANONICAL', 0, { code: 'DUPLICATE_KEY', offset: 0 }],
  ['key that is bytes', 'a1416100', 'UNSUPPORTED', 1],
  ['key that is bytes, of indefinite length', 'bf416100ff', 'NON_CANONICAL', 0, { code: 'UNSUPPORTED', offset: 1 }],
  // ends
  ['nothing', '', 'UNEXPECTED_END', 0],
  ['a value after the value', '0000', 'TRAILING_BYTES', 1],
  ['half cut', 'f900', 'UNEXPECTED_END', 2],
  ['list of 2^64 - 1', `9b${'ff'.repeat(8)}`, 'UNEXPECTED_END', 0],
  ['map of 2^32 - 1', 'baffffffff', 'UNEXPECTED_END', 5],
  ['text that is not UTF-8', '61ff', 'INVALID_UTF8', 1],
  ['lists 1,025 deep', `${'81'.repeat(1024)}80`, 'DEPTH', 1024],
  ['lists of indefinite length 1,025 deep', '9f'.repeat(1025), 'NON_CANONICAL', 0, { code: 'DEPTH', offset: 1024 }],
  ['maps of indefinite length 1,025 deep', 'bf6161'.repeat(1025), 'NON_CANONICAL', 0, { code: 'DEPTH', offset: 3072 }],
  ['self-described lists 1,025 deep', 'd9d9f781'.repeat(1025), 'NON_CANONICAL', 0, { code: 'DEPTH', offset: 4099 }]
]

/** The same block comes back, and the value is what the dag-json says, as far as JavaScript tells values apart. */
function agrees(block: Uint8Array, json: string): boolean {
  const value = decode(block, { strict: true, rejectDuplicateMapKeys: true })
  const plain = JSON.stringify(value, (_, item) =>
    typeof item === 'bigint' ? Number(item) : item instanceof Uint8Array ? { '/': { bytes: Buffer.from(item).toString('base64').replace(/=+$/, '') } } : item
  )
  return Buffer.compare(encode(value), block) === 0 && canonicalize(JSON.parse(plain)) === canonicalize(JSON.parse(json))
}

// whole floats are integers to JavaScript
const whole = accepted.filter(([, hex]) => /^f9(0000|8000|3c00|7bff|c400)|^fa(47c35000|477fe100|477ff000|47800000)/.test(hex)).map(([name]) => name)
// cborg writes most subnormal halves as singles
writeFixtures('cbor', accepted, refused, agrees, [...whole, 'half, the greatest subnormal'])
