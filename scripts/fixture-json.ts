/** `npx tsx scripts/fixture-json.ts` writes the fixtures of json. The second source is the engine: JSON.parse, and JSON.stringify of what that gives. */
import { canonicalize } from 'json-canonicalize'
import * as json from 'multiformats/codecs/json'
import { type AcceptedRow, lax, type RefusedRow, utf8, writeFixtures } from './fixture-rows.js'

/** The same text in both, but for the order of keys. */
const same = (text: string): AcceptedRow => [text.slice(0, 60), utf8(text), text]
const row = (text: string, value: string): AcceptedRow => [text.slice(0, 60), utf8(text), value]

export const plain: readonly AcceptedRow[] = [
  ...['null', 'true', 'false', '""', '[]', '{}', '[null,true,false,[],{}]'].map(same),
  ...['0', '1', '-1', '9007199254740991', '-9007199254740991'].map(same),
  ...['0.5', '-0.5', '1.5', '0.000001', '1e-7', '5e-324', '1e+21', '-1e+21', '1.7976931348623157e+308', '2.2250738585072014e-308', '0.30000000000000004'].map(
    same
  ),
  row('100000000000000000000', '100000000000000000000.0'),
  row('-100000000000000000000', '-100000000000000000000.0'),
  row('123456789012345680000', '123456789012345680000.0'),
  row('18446744073709552000', '18446744073709552000.0'),
  row('-18446744073709552000', '-18446744073709552000.0'),
  row('999999999999999900000', '999999999999999900000.0'),
  ...['"sixteen bytes!!!"', '"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f/\u007f"', '"\u2028\u2029"', '"é漢🚀\ufeff"', `"${'x'.repeat(600)}"`].map(same),
  ...['{"":1,"a":2}', '{"a":{"b":{}},"c":[{}]}', '[{"a":1,"b":2},{"a":3,"b":4},{"a":5}]', '{"a\\"b":{"a\\"b":1}}', '{"é":1,"漢":2}'].map(same),
  row('{"__proto__":1,"constructor":2,"then":3}', '{"__proto__":1,"constructor":2,"then":3}'),
  [`lists ${1024} deep`, utf8(`${'['.repeat(1024)}${']'.repeat(1024)}`), `${'['.repeat(1024)}${']'.repeat(1024)}`],
  [`maps ${1024} deep`, utf8(`${'{"a":'.repeat(1023)}{}${'}'.repeat(1023)}`), `${'{"a":'.repeat(1023)}{}${'}'.repeat(1023)}`]
]

/** What is no JSON, or no data model, whatever the form. */
export const neither: readonly RefusedRow[] = (
  [
    ['', 'UNEXPECTED_END', 0],
    ['[', 'UNEXPECTED_END', 1],
    ['[1', 'UNEXPECTED_END', 2],
    ['[1,', 'UNEXPECTED_END', 3],
    ['{', 'UNEXPECTED_END', 1],
    ['{"a"', 'UNEXPECTED_END', 4],
    ['{"a":', 'UNEXPECTED_END', 5],
    ['"abc', 'UNEXPECTED_END', 4],
    ['"ab\\', 'UNEXPECTED_END', 4],
    ['"\\u00', 'UNEXPECTED_END', 5],
    ['tru', 'UNEXPECTED_END', 3],
    ['-', 'UNEXPECTED_END', 1],
    ['1.', 'UNEXPECTED_END', 2],
    ['1e', 'UNEXPECTED_END', 2],
    ['1e+', 'UNEXPECTED_END', 3],
    ['nullx', 'TRAILING_BYTES', 4],
    ['{}{}', 'TRAILING_BYTES', 2],
    ['1]', 'TRAILING_BYTES', 1],
    ['[1,]', 'MALFORMED', 3],
    ['[,]', 'MALFORMED', 1],
    ['[1 2]', 'NON_CANONICAL', 2, { code: 'MALFORMED', offset: 3 }],
    ['{"a":1,}', 'MALFORMED', 7],
    ['{a:1}', 'MALFORMED', 1],
    ["{'a':1}", 'MALFORMED', 1],
    ['{"a" 1}', 'NON_CANONICAL', 4, { code: 'MALFORMED', offset: 5 }],
    ['{"a":1;"b":2}', 'MALFORMED', 6],
    ['nul1', 'MALFORMED', 3],
    ['NaN', 'MALFORMED', 0],
    ['Infinity', 'MALFORMED', 0],
    ['undefined', 'MALFORMED', 0],
    ['[+1]', 'MALFORMED', 1],
    ['[01]', 'MALFORMED', 1],
    ['[-01]', 'MALFORMED', 2],
    ['[.5]', 'MALFORMED', 1],
    ['[1.]', 'MALFORMED', 3],
    ['[1.e5]', 'MALFORMED', 3],
    ['[1e]', 'MALFORMED', 3],
    ['[0x1]', 'MALFORMED', 2],
    ['[1,/**/2]', 'MALFORMED', 3],
    ['"\\x"', 'MALFORMED', 2],
    ['"\\u00g0"', 'MALFORMED', 5],
    ['"a\nb"', 'MALFORMED', 2],
    ['"\t"', 'MALFORMED', 1],
    ['"\\ud800"', 'INVALID_UTF8', 1],
    ['"\\udc00\\ud800"', 'INVALID_UTF8', 1],
    ['"\\ud800\\u0041"', 'INVALID_UTF8', 1],
    ['{"\\ud800":1}', 'INVALID_UTF8', 2],
    ['1e309', 'NUMBER_RANGE', 0],
    ['[-1e400]', 'NUMBER_RANGE', 1],
    [`1${'0'.repeat(400)}`, 'NUMBER_RANGE', 0],
    ['{"a":1,"a":2}', 'DUPLICATE_KEY', 7],
    ['{"a":1,"\\u0061":2}', 'NON_CANONICAL', 8, { code: 'DUPLICATE_KEY', offset: 7 }],
    ['['.repeat(1025), 'DEPTH', 1024],
    ['{"a":'.repeat(1025), 'DEPTH', 5120],
    ['[{"a":'.repeat(513), 'DEPTH', 3072]
  ] as const
).map(([text, code, offset, other]) => [text.slice(0, 60) || 'nothing', utf8(text), code, offset, other] as const)

export const bytes: readonly RefusedRow[] = [
  ['byte FF in text', '2261ff22', 'INVALID_UTF8', 2],
  ['overlong in text', '22c08022', 'INVALID_UTF8', 1],
  ['surrogate in text', '22eda08022', 'INVALID_UTF8', 1],
  ['key that is not UTF-8', '7b22ff223a317d', 'INVALID_UTF8', 2],
  ['byte order mark', `efbbbf${utf8('[1]')}`, 'MALFORMED', 0, lax('[1]')]
]

/** JSON that is not written so: text, what lax makes of it, and where strict stops. */
export const otherForms: readonly RefusedRow[] = (
  [
    [' 1', '1', 0],
    ['1\n', '1', 1],
    ['[1, 2]', '[1,2]', 3],
    ['{ "a" : 1 , "b":\t2 }\r\n', '{"a":1,"b":2}', 1],
    ['[ ]', '[]', 1],
    ['{ }', '{}', 1],
    ['"\\/"', '"/"', 1],
    ['"\\u0041"', '"A"', 1],
    ['"\\u000a"', '"\\n"', 1],
    ['"\\u001F"', '"\\u001f"', 1],
    ['"\\ud83d\\ude00"', '"😀"', 1],
    ['{"\\u0061":1}', '{"a":1}', 2],
    ['-0', '0', 0],
    ['-0.0', '-0.0', 0],
    ['0.0', '0.0', 0],
    ['1.0', '1.0', 0],
    ['0.50', '0.5', 0],
    ['1e5', '100000.0', 0],
    ['0e5', '0.0', 0],
    ['1E+21', '1e+21', 0],
    ['1e21', '1e+21', 0],
    ['1e-6', '0.000001', 0],
    ['0.0000001', '1e-7', 0],
    ['100000000000000000000.0', '100000000000000000000.0', 0],
    ['0.10000000000000001', '0.1', 0],
    ['0.1000000000000000055511151231257827', '0.1', 0],
    ['1e-400', '0.0', 0]
  ] as const
).map(([text, value, offset]) => [JSON.stringify(text), utf8(text), 'NON_CANONICAL', offset, lax(value)] as const)

const accepted: readonly AcceptedRow[] = [
  ...plain,
  ...['18446744073709551615', '-18446744073709551616', '9007199254740993', '9223372036854775808', '10000000000000000000'].map(same),
  row('9007199254740992', '9007199254740992'),
  row('{"b":1,"a":2}', '{"a":2,"b":1}'),
  row('[{"b":1,"a":2},{"b":3,"a":4},{"b":5,"a":6,"0":7}]', '[{"a":2,"b":1},{"a":4,"b":3},{"0":7,"a":6,"b":5}]')
]

const refused: readonly RefusedRow[] = [
  ...neither,
  ...bytes,
  ...otherForms,
  ['18446744073709551616', utf8('18446744073709551616'), 'NUMBER_RANGE', 0, lax('18446744073709552000.0')],
  ['-18446744073709551617', utf8('-18446744073709551617'), 'NUMBER_RANGE', 0, lax('-18446744073709552000.0')],
  ['1000000000000000000000', utf8('1000000000000000000000'), 'NUMBER_RANGE', 0, lax('1e+21')],
  ['123456789012345678901', utf8('123456789012345678901'), 'NUMBER_RANGE', 0, lax('123456789012345680000.0')],
  ['a key twice, with another between', utf8('{"b":1,"a":2,"b":3}'), 'DUPLICATE_KEY', 18],
  ['a key twice, where others are shared', utf8('[{"b":1,"a":2},{"b":1,"a":2,"b":3}]'), 'DUPLICATE_KEY', 33]
]

/** The same text comes back, and the value is what the engine takes the dag-json for. */
function agrees(block: Uint8Array, value: string): boolean {
  const parsed = json.decode(block as never)
  return Buffer.compare(json.encode(parsed), block) === 0 && canonicalize(parsed) === canonicalize(JSON.parse(value))
}

// integers that a JavaScript number does not hold, and keys that an object puts first
const alone = ['18446744073709551615', '-18446744073709551616', '9007199254740993', '9223372036854775808', '[{"b":1,"a":2},{"b":3,"a":4},{"b":5,"a":6,"0":7}]']
if (process.argv[1].endsWith('fixture-json.ts')) writeFixtures('json', accepted, refused, agrees, alone)
