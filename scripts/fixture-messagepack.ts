/** `npx tsx scripts/fixture-messagepack.ts` writes the fixtures of messagepack, by hand from its specification. The second source is @msgpack/msgpack. */
import { decode, encode } from '@msgpack/msgpack'
import { canonicalize } from 'json-canonicalize'
import { type AcceptedRow, lax, type RefusedRow, writeFixtures } from './fixture-rows.js'

const a = (n: number): string => '61'.repeat(n)
const text = (n: number): string => `"${'a'.repeat(n)}"`
const nil = (n: number): string => 'c0'.repeat(n)
const be = (n: number, bytes: number): string => n.toString(16).padStart(2 * bytes, '0')
const bytes = (n: number): string => `{"/":{"bytes":"${Buffer.alloc(n, 0x61).toString('base64').replace(/=+$/, '')}"}}`
const keys = (n: number): string => Array.from({ length: n }, (_, i) => `a3${Buffer.from(`k${String(i).padStart(2, '0')}`).toString('hex')}c0`).join('')
const entries = (n: number): string => `{${Array.from({ length: n }, (_, i) => `"k${String(i).padStart(2, '0')}":null`).join()}}`

const accepted: readonly AcceptedRow[] = [
  ['nil', 'c0', 'null'],
  ['false', 'c2', 'false'],
  ['true', 'c3', 'true'],
  ['positive fixint 0', '00', '0'],
  ['positive fixint 127', '7f', '127'],
  ['uint 8, 128', 'cc80', '128'],
  ['uint 8, 255', 'ccff', '255'],
  ['uint 16, 256', 'cd0100', '256'],
  ['uint 16, 65535', 'cdffff', '65535'],
  ['uint 32, 65536', 'ce00010000', '65536'],
  ['uint 32, 2^32 - 1', 'ceffffffff', '4294967295'],
  ['uint 64, 2^32', 'cf0000000100000000', '4294967296'],
  ['uint 64, 2^53 - 1', 'cf001fffffffffffff', '9007199254740991'],
  ['uint 64, 2^53 + 1', 'cf0020000000000001', '9007199254740993'],
  ['uint 64, 2^64 - 1', 'cfffffffffffffffff', '18446744073709551615'],
  ['negative fixint -1', 'ff', '-1'],
  ['negative fixint -32', 'e0', '-32'],
  ['int 8, -33', 'd0df', '-33'],
  ['int 8, -128', 'd080', '-128'],
  ['int 16, -129', 'd1ff7f', '-129'],
  ['int 16, -32768', 'd18000', '-32768'],
  ['int 32, -32769', 'd2ffff7fff', '-32769'],
  ['int 32, -2^31', 'd280000000', '-2147483648'],
  ['int 64, -2^31 - 1', 'd3ffffffff7fffffff', '-2147483649'],
  ['int 64, -2^63', 'd38000000000000000', '-9223372036854775808'],
  ['float 64, 0', 'cb0000000000000000', '0.0'],
  ['float 64, -0', 'cb8000000000000000', '-0.0'],
  ['float 64, 1', 'cb3ff0000000000000', '1.0'],
  ['float 64, 1.5', 'cb3ff8000000000000', '1.5'],
  ['float 64, 0.1', 'cb3fb999999999999a', '0.1'],
  ['float 64, the least', 'cb0000000000000001', '5e-324'],
  ['float 64, the greatest', 'cb7fefffffffffffff', '1.7976931348623157e+308'],
  ['fixstr empty', 'a0', '""'],
  ['fixstr 31', `bf${a(31)}`, text(31)],
  ['str 8, 32', `d920${a(32)}`, text(32)],
  ['str 8, 255', `d9ff${a(255)}`, text(255)],
  ['str 16, 256', `da0100${a(256)}`, text(256)],
  ['str not ASCII', 'a9c3a9e6b0b4f09f9a80', '"é水🚀"'],
  ['bin 8, empty', 'c400', bytes(0)],
  ['bin 8, 255', `c4ff${a(255)}`, bytes(255)],
  ['bin 16, 256', `c50100${a(256)}`, bytes(256)],
  ['fixarray empty', '90', '[]'],
  ['fixarray 15', `9f${nil(15)}`, `[${Array(15).fill('null')}]`],
  ['array 16, 16', `dc0010${nil(16)}`, `[${Array(16).fill('null')}]`],
  ['fixmap empty', '80', '{}'],
  ['fixmap 1', '81a16100', '{"a":0}'],
  ['fixmap 15', `8f${keys(15)}`, entries(15)],
  ['map 16, 16', `de0010${keys(16)}`, entries(16)],
  ['keys in any order', '83a16200a16101a000', '{"":0,"a":1,"b":0}'],
  ['key of 32', `81d920${a(32)}00`, `{${text(32)}:0}`],
  ['records', '9382a16202a1610182a16204a1610383a16206a16105a16307', '[{"a":1,"b":2},{"a":3,"b":4},{"a":5,"b":6,"c":7}]'],
  ['lists 1,024 deep', `${'91'.repeat(1023)}90`, `${'['.repeat(1024)}${']'.repeat(1024)}`],
  ['maps 1,024 deep', `${'81a161'.repeat(1023)}80`, `${'{"a":'.repeat(1023)}{}${'}'.repeat(1023)}`]
]

const refused: readonly RefusedRow[] = [
  // the shortest format (Serialization: type to format conversion)
  ['127 as uint 8', 'cc7f', 'NON_CANONICAL', 0, lax('127')],
  ['255 as uint 16', 'cd00ff', 'NON_CANONICAL', 0, lax('255')],
  ['65535 as uint 32', 'ce0000ffff', 'NON_CANONICAL', 0, lax('65535')],
  ['2^32 - 1 as uint 64', 'cf00000000ffffffff', 'NON_CANONICAL', 0, lax('4294967295')],
  ['5 as int 8', 'd005', 'NON_CANONICAL', 0, lax('5')],
  ['128 as int 16', 'd10080', 'NON_CANONICAL', 0, lax('128')],
  ['2^31 - 1 as int 32', 'd27fffffff', 'NON_CANONICAL', 0, lax('2147483647')],
  ['2^63 - 1 as int 64', 'd37fffffffffffffff', 'NON_CANONICAL', 0, lax('9223372036854775807')],
  ['-1 as int 8', 'd0ff', 'NON_CANONICAL', 0, lax('-1')],
  ['-32 as int 8', 'd0e0', 'NON_CANONICAL', 0, lax('-32')],
  ['-128 as int 16', 'd1ff80', 'NON_CANONICAL', 0, lax('-128')],
  ['-32768 as int 32', 'd2ffff8000', 'NON_CANONICAL', 0, lax('-32768')],
  ['-2^31 as int 64', 'd3ffffffff80000000', 'NON_CANONICAL', 0, lax('-2147483648')],
  ['float 32, 1.5', 'ca3fc00000', 'NON_CANONICAL', 0, lax('1.5')],
  ['float 32, 0.1', 'ca3dcccccd', 'NON_CANONICAL', 0, lax('0.10000000149011612')],
  ['str 8 of 31', `d91f${a(31)}`, 'NON_CANONICAL', 0, lax(text(31))],
  ['str 16 of 255', `da00ff${a(255)}`, 'NON_CANONICAL', 0, lax(text(255))],
  ['str 32 of 1', 'db0000000161', 'NON_CANONICAL', 0, lax('"a"')],
  ['bin 16 of 255', `c500ff${a(255)}`, 'NON_CANONICAL', 0, lax(bytes(255))],
  ['bin 32 of 0', 'c600000000', 'NON_CANONICAL', 0, lax(bytes(0))],
  ['array 16 of 15', `dc000f${nil(15)}`, 'NON_CANONICAL', 0, lax(`[${Array(15).fill('null')}]`)],
  ['array 32 of 1', 'dd00000001c0', 'NON_CANONICAL', 0, lax('[null]')],
  ['map 16 of 1', 'de0001a16100', 'NON_CANONICAL', 0, lax('{"a":0}')],
  ['map 32 of 0', 'df00000000', 'NON_CANONICAL', 0, lax('{}')],
  ['key as str 8', '81d9016100', 'NON_CANONICAL', 1, lax('{"a":0}')],
  // what the data model does not have
  ['never used', 'c1', 'MALFORMED', 0],
  ['never used, in a list', '91c1', 'MALFORMED', 1],
  ['float 64, infinity', 'cb7ff0000000000000', 'UNSUPPORTED', 0],
  ['float 64, NaN', 'cb7ff8000000000000', 'UNSUPPORTED', 0],
  ['float 32, infinity', 'ca7f800000', 'NON_CANONICAL', 0, { code: 'UNSUPPORTED', offset: 0 }],
  ['timestamp 32', 'd6ff00000000', 'UNSUPPORTED', 0],
  ['timestamp 64', 'd7ff0000000000000000', 'UNSUPPORTED', 0],
  ['timestamp 96', 'c70cff000000000000000000000000', 'UNSUPPORTED', 0],
  ['fixext 1', 'd40500', 'UNSUPPORTED', 0],
  ['fixext 16', `d805${'00'.repeat(16)}`, 'UNSUPPORTED', 0],
  ['ext 8', 'c70005', 'UNSUPPORTED', 0],
  ['ext 16', 'c8000005', 'UNSUPPORTED', 0],
  ['ext 32', 'c90000000005', 'UNSUPPORTED', 0],
  ['key that is an integer', '810000', 'UNSUPPORTED', 1],
  ['key that is bin', '81c4016100', 'UNSUPPORTED', 1],
  ['key that is nil', '81c000', 'UNSUPPORTED', 1],
  ['a key twice', '82a16100a16101', 'DUPLICATE_KEY', 4],
  ['a key twice, with another between', '83a16200a16100a16201', 'DUPLICATE_KEY', 0],
  ['a key twice, where others are shared', '9282a16200a1610083a16200a16100a16201', 'DUPLICATE_KEY', 8],
  ['text that is not UTF-8', 'a1ff', 'INVALID_UTF8', 1],
  ['text that is a surrogate', 'a3eda080', 'INVALID_UTF8', 1],
  ['key that is not UTF-8', '81a1ff00', 'INVALID_UTF8', 2],
  // ends
  ['nothing', '', 'UNEXPECTED_END', 0],
  ['a value after the value', 'c0c0', 'TRAILING_BYTES', 1],
  ['uint 16 cut', 'cd01', 'UNEXPECTED_END', 2],
  ['float 64 cut', 'cb3ff800', 'UNEXPECTED_END', 4],
  ['fixstr cut', 'a361', 'UNEXPECTED_END', 2],
  ['bin cut', 'c40261', 'UNEXPECTED_END', 3],
  ['ext cut before its type', 'c700', 'UNEXPECTED_END', 2],
  ['list cut', '92c0', 'UNEXPECTED_END', 2],
  ['map cut after a key', '81a161', 'UNEXPECTED_END', 3],
  ['str of 2^32 - 1', 'dbffffffff', 'UNEXPECTED_END', 5],
  ['bin of 2^32 - 1', 'c6ffffffff', 'UNEXPECTED_END', 5],
  ['list of 2^32 - 1', 'ddffffffff', 'UNEXPECTED_END', 5],
  ['map of 2^32 - 1', 'dfffffffff', 'UNEXPECTED_END', 5],
  ['key of 2^32 - 1', '81dbffffffff', 'UNEXPECTED_END', 6],
  ['lists 1,025 deep', `${'91'.repeat(1024)}90`, 'DEPTH', 1024],
  ['maps 1,025 deep', `${'81a161'.repeat(1024)}80`, 'DEPTH', 3072],
  ['lists and maps 1,025 deep', `${'9181a161'.repeat(512)}90`, 'DEPTH', 2048],
  ['lists of 2^31 within each other', `dd${be(2 ** 31, 4)}`.repeat(3), 'UNEXPECTED_END', 15]
]

/** The same block comes back, and the value is what the dag-json says, as far as JavaScript tells values apart. */
function agrees(block: Uint8Array, json: string): boolean {
  const value = decode(block)
  const plain = JSON.stringify(value, (_, item) =>
    item instanceof Uint8Array ? { '/': { bytes: Buffer.from(item).toString('base64').replace(/=+$/, '') } } : item
  )
  return Buffer.compare(encode(value, { maxDepth: 1024 }), block) === 0 && canonicalize(JSON.parse(plain)) === canonicalize(JSON.parse(json))
}

// whole floats are integers to JavaScript, and its numbers have 53 bits
const alone = ['float 64, 0', 'float 64, -0', 'float 64, 1', 'uint 64, 2^53 + 1', 'uint 64, 2^64 - 1', 'int 64, -2^63']
writeFixtures('messagepack', accepted, refused, agrees, alone)
