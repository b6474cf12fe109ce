/** `npx tsx scripts/fixture-json-jcs.ts` writes the fixtures of json-jcs. The second source is json-canonicalize; the numbers are those of RFC 8785, appendix B, and 3.2.4 its example. */
import { canonicalize } from 'json-canonicalize'
import { bytes, neither, otherForms, plain } from './fixture-json.js'
import { type AcceptedRow, lax, type RefusedRow, utf8, writeFixtures } from './fixture-rows.js'

const row = (text: string, value: string = text): AcceptedRow => [text.slice(0, 60), utf8(text), value]

/** RFC 8785, appendix B: a float's bits, its text, and that text as dag-json, where it is another one. */
const NUMBERS: readonly (readonly [bits: string, text: string, json?: string])[] = [
  ['0000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992', '9007199254740992.0'],
  ['c340000000000000', '-9007199254740992', '-9007199254740992.0'],
  ['4430000000000000', '295147905179352830000', '295147905179352830000.0'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000', '999999999999999700000.0'],
  ['444b1ae4d6e2ef4f', '999999999999999900000', '999999999999999900000.0'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2']
]
for (const [bits, text] of NUMBERS) {
  if (Buffer.from(bits, 'hex').readDoubleBE() !== Number(text)) throw new Error(`${bits} is not ${text}`)
}

const accepted: readonly AcceptedRow[] = [
  ...plain,
  ...NUMBERS.filter(([, text]) => !plain.some(([name]) => name === text)).map(([, text, json]) => row(text, json)),
  // 3.2.3, where the order by UTF-16 is not that by code points
  row(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","\ufb33":"Hebrew Letter Dalet With Dagesh","😀":"Emoji: Grinning Face"}'
  ),
  // 3.2.4
  row('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'),
  row('{"\u{10000}":1,"\ue000":2}', '{"\ue000":2,"\u{10000}":1}'),
  row('{"aaaaaaaa\u{10ffff}":1,"aaaaaaaa\uffff":2,"b":3}', '{"aaaaaaaa\uffff":2,"aaaaaaaa\u{10ffff}":1,"b":3}'),
  row('{"1":1,"10":2,"9":3}')
]

const refused: readonly RefusedRow[] = [
  ...neither,
  ...bytes,
  ...otherForms,
  // integers that binary64 does not hold, and what they come to
  ['9007199254740993', utf8('9007199254740993'), 'NUMBER_RANGE', 0, lax('9007199254740992.0')],
  ['18446744073709551615', utf8('18446744073709551615'), 'NUMBER_RANGE', 0, lax('18446744073709552000.0')],
  ['[-18446744073709551616]', utf8('[-18446744073709551616]'), 'NUMBER_RANGE', 1, lax('[-18446744073709552000.0]')],
  ['333333333.33333329', utf8('333333333.33333329'), 'NON_CANONICAL', 0, lax('333333333.3333333')],
  ['{"b":1,"a":2}', utf8('{"b":1,"a":2}'), 'KEY_ORDER', 7, lax('{"a":2,"b":1}')],
  ['{"aa":1,"a":2}', utf8('{"aa":1,"a":2}'), 'KEY_ORDER', 8, lax('{"a":2,"aa":1}')],
  ['keys by code points', utf8('{"\uffff":1,"\u{10000}":2}'), 'KEY_ORDER', 9, lax('{"\uffff":1,"\u{10000}":2}')],
  ['a key twice, with another between', utf8('{"b":1,"a":2,"b":3}'), 'KEY_ORDER', 7, { code: 'DUPLICATE_KEY', offset: 18 }]
]

/** The same text comes back, and the value is what the engine takes the dag-json for. */
function agrees(block: Uint8Array, value: string): boolean {
  const text = Buffer.from(block).toString()
  return canonicalize(JSON.parse(text)) === text && canonicalize(JSON.parse(value)) === text
}

writeFixtures('json-jcs', accepted, refused, agrees)
