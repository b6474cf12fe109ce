/**
 * Blocks of dag-cbor that are to be accepted or refused, written by hand from RFC 8949, the DAG-CBOR specification and the CID specification: what should happen, not what happens.
 */

/** A block, and its value as dag-json. */
export interface Accepted {
  readonly name: string
  readonly hex: string
  readonly json: string
}

/** A block, the error and its byte offset; and what a lax decoder does: the same, another error, or a value as dag-json. */
export interface Refused {
  readonly name: string
  readonly hex: string
  readonly code: string
  readonly offset: number
  readonly lax: 'same' | { readonly code: string; readonly offset: number } | { readonly json: string }
}

const HASH = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
/** CIDv1, raw, sha2-256: and its text. */
const CID = `01551220${HASH}`
const LINK = '{"/":"bafkreiaaaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4"}'
const V0 = '{"/":"QmNLfbof5rLekrACjeuLk9JmGZD2HDBHCU4z16iYKmx5SE"}'

const ff = (n: number): string => 'ff'.repeat(n)
const be = (n: number, bytes: number): string => n.toString(16).padStart(2 * bytes, '0')
/** Tag 42 over the byte string. */
const tag42 = (content: string): string =>
  `d82a${content.length / 2 < 24 ? be(0x40 + content.length / 2, 1) : content.length / 2 < 256 ? `58${be(content.length / 2, 1)}` : `59${be(content.length / 2, 2)}`}${content}`
const a = (n: number): string => '61'.repeat(n)

export const accepted: readonly Accepted[] = (
  [
    ['integer 0', '00', '0'],
    ['integer 23', '17', '23'],
    ['integer 24', '1818', '24'],
    ['integer 255', '18ff', '255'],
    ['integer 256', '190100', '256'],
    ['integer 65535', '19ffff', '65535'],
    ['integer 65536', '1a00010000', '65536'],
    ['integer 2^32 - 1', '1affffffff', '4294967295'],
    ['integer 2^32', '1b0000000100000000', '4294967296'],
    ['integer 2^53 - 1', '1b001fffffffffffff', '9007199254740991'],
    ['integer 2^53', '1b0020000000000000', '9007199254740992'],
    ['integer 2^64 - 1', `1b${ff(8)}`, '18446744073709551615'],
    ['integer -1', '20', '-1'],
    ['integer -24', '37', '-24'],
    ['integer -25', '3818', '-25'],
    ['integer -2^53', '3b001fffffffffffff', '-9007199254740992'],
    ['integer -2^63', `3b7f${ff(7)}`, '-9223372036854775808'],
    ['integer -2^64', `3b${ff(8)}`, '-18446744073709551616'],
    ['float 1.0', 'fb3ff0000000000000', '1.0'],
    ['float 0.0', 'fb0000000000000000', '0.0'],
    ['float -0.0', 'fb8000000000000000', '-0.0'],
    ['float 1.5', 'fb3ff8000000000000', '1.5'],
    ['float smallest', 'fb0000000000000001', '5e-324'],
    ['float greatest', 'fb7fefffffffffffff', '1.7976931348623157e+308'],
    ['false', 'f4', 'false'],
    ['true', 'f5', 'true'],
    ['null', 'f6', 'null'],
    ['text empty', '60', '""'],
    ['text ASCII', '6161', '"a"'],
    ['text of 24 bytes', `7818${a(24)}`, `"${'a'.repeat(24)}"`],
    ['text first and last of two bytes', '64c280dfbf', '"\u0080߿"'],
    ['text edges of three bytes', '6ce0a080ed9fbfee8080efbfbf', '"ࠀ\ud7ff\ue000\uffff"'],
    ['text first and last of four bytes', '68f0908080f48fbfbf', '"𐀀\u{10ffff}"'],
    ['text byte order mark', '64efbbbf61', '"\ufeffa"'],
    ['bytes empty', '40', '{"/":{"bytes":""}}'],
    ['bytes', '43010203', '{"/":{"bytes":"AQID"}}'],
    ['list', '83010203', '[1,2,3]'],
    ['list empty', '80', '[]'],
    ['map', 'a2616101626161f6', '{"a":1,"aa":null}'],
    ['map empty', 'a0', '{}'],
    ['map shorter keys first', 'a3600061620063c3a96100', '{"":0,"b":0,"éa":0}'],
    ['link', tag42(`00${CID}`), LINK],
    ['link v0', tag42(`001220${HASH}`), V0],
    ['link in a list in a map', `a1616181${tag42(`00${CID}`)}`, `{"a":[${LINK}]}`],
    ['link identity, empty', tag42('0001550000'), '{"/":"bafkqaaa"}']
  ] as const
).map(([name, hex, json]) => ({ name, hex, json }))

type Row = readonly [name: string, hex: string, code: string, offset: number, lax?: Refused['lax']]

const json = (text: string): Refused['lax'] => ({ json: text })

/** 3: the head. */
const heads: Row[] = [
  ['integer 23 in 1 byte', '1817', 'NON_CANONICAL', 0, json('23')],
  ['integer 0 in 2 bytes', '190000', 'NON_CANONICAL', 0, json('0')],
  ['integer 255 in 2 bytes', '1900ff', 'NON_CANONICAL', 0, json('255')],
  ['integer 65535 in 4 bytes', '1a0000ffff', 'NON_CANONICAL', 0, json('65535')],
  ['integer 2^32 - 1 in 8 bytes', '1b00000000ffffffff', 'NON_CANONICAL', 0, json('4294967295')],
  ['integer -24 in 1 byte', '3817', 'NON_CANONICAL', 0, json('-24')],
  ['integer -256 in 2 bytes', '3900ff', 'NON_CANONICAL', 0, json('-256')],
  ['bytes with a long length', '580161', 'NON_CANONICAL', 0, json('{"/":{"bytes":"YQ"}}')],
  ['text with a long length', '79000161', 'NON_CANONICAL', 0, json('"a"')],
  ['list with a long length', '9a0000000100', 'NON_CANONICAL', 0, json('[0]')],
  ['map with a long length', 'bb0000000000000001616100', 'NON_CANONICAL', 0, json('{"a":0}')],
  ['key with a long length', 'a178016100', 'NON_CANONICAL', 1, json('{"a":0}')],
  ['tag 42 in 2 bytes', `d9002a5825${'00'}${CID}`, 'NON_CANONICAL', 0, json(LINK)],
  ['link with a long length', `d82a590025${'00'}${CID}`, 'NON_CANONICAL', 2, json(LINK)],
  ['long integer in a list', '8201190001', 'NON_CANONICAL', 2, json('[1,1]')],
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((major) =>
    [28, 29, 30].map((info): Row => [`major type ${major}, reserved ${info}`, be((major << 5) | info, 1), 'MALFORMED', 0])
  ),
  ['indefinite integer', '1f', 'MALFORMED', 0],
  ['indefinite negative integer', '3f', 'MALFORMED', 0],
  ['indefinite tag', 'df', 'MALFORMED', 0],
  ['indefinite bytes', '5f4161ff', 'UNSUPPORTED', 0],
  ['indefinite text', '7f6161ff', 'UNSUPPORTED', 0],
  ['indefinite list', '9f01ff', 'UNSUPPORTED', 0],
  ['indefinite map', 'bf616101ff', 'UNSUPPORTED', 0],
  ['indefinite key', 'a17f6161ff00', 'UNSUPPORTED', 1],
  ['break', 'ff', 'MALFORMED', 0],
  ['break in a list', '81ff', 'MALFORMED', 1],
  ['break as a key', 'a1ff00', 'UNSUPPORTED', 1]
]

const tags: Row[] = [
  ['tag 0', 'c06161', 'UNSUPPORTED', 0],
  ['tag 2, bignum', 'c249010000000000000000', 'UNSUPPORTED', 0],
  ['tag 41', 'd82980', 'UNSUPPORTED', 0],
  ['tag 43', 'd82b4100', 'UNSUPPORTED', 0],
  ['tag 55799', 'd9d9f7f6', 'UNSUPPORTED', 0],
  ['tag 2^64 - 1', `db${ff(8)}00`, 'UNSUPPORTED', 0],
  ['tag in a list', '8200c100', 'UNSUPPORTED', 2]
]

const simple: Row[] = [
  ['undefined', 'f7', 'UNSUPPORTED', 0, json('null')],
  ['undefined in a list', '82f6f7', 'UNSUPPORTED', 2, json('[null,null]')],
  ...[0xe0, 0xe1, 0xef, 0xf0, 0xf3].map((byte): Row => [`simple value ${byte & 31}`, be(byte, 1), 'UNSUPPORTED', 0]),
  ['simple value 32', 'f820', 'UNSUPPORTED', 0],
  ['simple value 255', 'f8ff', 'UNSUPPORTED', 0],
  ['simple value 20 in two bytes', 'f814', 'MALFORMED', 0],
  ['simple value 31 in two bytes', 'f81f', 'MALFORMED', 0]
]

const range = { code: 'NUMBER_RANGE', offset: 0 } as const
const floats: Row[] = [
  ['half 1.0', 'f93c00', 'NON_CANONICAL', 0, json('1.0')],
  ['half -0.0', 'f98000', 'NON_CANONICAL', 0, json('-0.0')],
  ['half smallest', 'f90001', 'NON_CANONICAL', 0, json('5.960464477539063e-8')],
  ['half greatest subnormal', 'f903ff', 'NON_CANONICAL', 0, json('0.00006097555160522461')],
  ['half smallest normal', 'f90400', 'NON_CANONICAL', 0, json('0.00006103515625')],
  ['half greatest', 'f97bff', 'NON_CANONICAL', 0, json('65504.0')],
  ['half -1.5', 'f9be00', 'NON_CANONICAL', 0, json('-1.5')],
  ['single 1.0', 'fa3f800000', 'NON_CANONICAL', 0, json('1.0')],
  ['single smallest', 'fa00000001', 'NON_CANONICAL', 0, json('1.401298464324817e-45')],
  ['single greatest', 'fa7f7fffff', 'NON_CANONICAL', 0, json('3.4028234663852886e+38')],
  ['single in a list', '81fa3fc00000', 'NON_CANONICAL', 1, json('[1.5]')],
  ...['f97c00', 'f9fc00', 'f97e00', 'f97c01', 'fa7f800000', 'faff800000', 'fa7fc00000'].map(
    (hex): Row => [`short NaN or infinity ${hex}`, hex, 'NON_CANONICAL', 0, range]
  ),
  ...['fb7ff0000000000000', 'fbfff0000000000000', 'fb7ff8000000000000', 'fb7ff0000000000001', `fb${ff(8)}`].map(
    (hex): Row => [`NaN or infinity ${hex}`, hex, 'NUMBER_RANGE', 0]
  )
]

const maps: Row[] = [
  ['keys out of order', 'a2616200616101', 'KEY_ORDER', 4, json('{"a":1,"b":0}')],
  ['longer key first', 'a262616100616201', 'KEY_ORDER', 5, json('{"aa":0,"b":1}')],
  ['keys out of order as bytes', 'a262c3a900627a7a01', 'KEY_ORDER', 5, json('{"zz":1,"é":0}')],
  ['keys out of order in the second record', '82a2616100616200a2616200616101', 'KEY_ORDER', 12, json('[{"a":0,"b":0},{"a":1,"b":0}]')],
  ['key twice', 'a2616100616101', 'DUPLICATE_KEY', 4],
  ['empty key twice', 'a260006001', 'DUPLICATE_KEY', 3],
  ['key twice, apart', 'a3616100616201616102', 'KEY_ORDER', 7, { code: 'DUPLICATE_KEY', offset: 0 }],
  ['key twice in the second record', '82a2616100616200a2616100616101', 'DUPLICATE_KEY', 12],
  ['integer key', 'a10000', 'UNSUPPORTED', 1],
  ['bytes key', 'a1416100', 'UNSUPPORTED', 1],
  ['null key', 'a1f600', 'UNSUPPORTED', 1],
  ['list key', 'a18000', 'UNSUPPORTED', 1],
  ['link key', `a1${tag42(`00${CID}`)}00`, 'UNSUPPORTED', 1],
  ['integer key after text', 'a26161000101', 'UNSUPPORTED', 4]
]

/** Not UTF-8 (Unicode standard, table 3-7), and where in the sequence it begins to be none. */
const SEQUENCES = [
  '80',
  'bf',
  'ff',
  'fe',
  'c080',
  'c1bf',
  'c3',
  'c328',
  'e08080',
  'e09fbf',
  'eda080',
  'edbfbf',
  'e6bc',
  'e628bc',
  'f0808080',
  'f08fbfbf',
  'f4908080',
  'f5808080',
  'f09f9a',
  'f09f289a',
  'f8888080'
]
const utf8: Row[] = [
  ...SEQUENCES.map((bytes): Row => [`text ${bytes}`, `${be(0x60 + bytes.length / 2, 1)}${bytes}`, 'INVALID_UTF8', 1]),
  ...SEQUENCES.map((bytes): Row => [`text a ${bytes} b`, `${be(0x62 + bytes.length / 2, 1)}61${bytes}62`, 'INVALID_UTF8', 2]),
  ...SEQUENCES.map((bytes): Row => [`key ${bytes}`, `a1${be(0x60 + bytes.length / 2, 1)}${bytes}00`, 'INVALID_UTF8', 2]),
  ['text cut before what would end it', '8261c361a9', 'INVALID_UTF8', 2],
  // what the host decodes has the offset of the whole text
  ['long text', `790900${a(2303)}ff`, 'INVALID_UTF8', 3],
  ['long text, not ASCII first', `790900c3a9${a(2301)}ff`, 'INVALID_UTF8', 2306]
]

const cid = (name: string, content: string): Row => [name, tag42(`00${content}`), 'INVALID_CID', content.length / 2 < 23 ? 4 : content.length / 2 < 255 ? 5 : 6]
const links: Row[] = [
  ['tag 42 over text', 'd82a6161', 'INVALID_CID', 2],
  ['tag 42 over an integer', 'd82a00', 'INVALID_CID', 2],
  ['tag 42 over a list', 'd82a8100', 'INVALID_CID', 2],
  ['tag 42 over a tag', `d82a${tag42(`00${CID}`)}`, 'INVALID_CID', 2],
  ['link empty', 'd82a40', 'INVALID_CID', 3],
  ['link of the prefix alone', 'd82a4100', 'INVALID_CID', 3],
  ['link with another prefix', tag42(`01${CID}`), 'INVALID_CID', 4],
  ['link without the prefix', tag42(CID), 'INVALID_CID', 4],
  cid('CID of the version alone', '01'),
  cid('CID version 2', `02551220${HASH}`),
  cid('CID version 0, explicit', `00551220${HASH}`),
  cid('CID version 18 of another length', `1210${HASH.slice(0, 32)}`),
  cid('CID version 0 of another hash', `1120${HASH}`),
  cid('CID version 0 with a byte more', `1220${HASH}00`),
  cid('CID version 0 with a byte less', `1220${HASH.slice(2)}`),
  cid('CID with a byte more', `${CID}00`),
  cid('CID with a byte less', CID.slice(0, -2)),
  cid('CID with a hash longer than it says', `0155121f${HASH}`),
  cid('CID with a hash shorter than it says', `01551221${HASH}`),
  cid('CID with a hash of 2^32 bytes', `0155128080808010${HASH}`),
  cid('CID with a version of two bytes', `8100551220${HASH}`),
  cid('CID with a codec longer than need be', `01d5001220${HASH}`),
  cid('CID with a codec beyond 2^53 - 1', `0180808080808080101220${HASH}`),
  cid('CID with a codec of ten bytes', `0180808080808080808001 1220${HASH}`.replace(' ', '')),
  cid('CID with a codec that does not end', '018080808080'),
  cid('CID without a hash', '0155'),
  cid('CID without a digest', '015512'),
  ['CID longer than 8,192 bytes', tag42(`00015500ff3f${'00'.repeat(8191)}`), 'TOO_LARGE', 5],
  ['CID of 2^32 - 1 bytes', 'd82a5affffffff00', 'TOO_LARGE', 7]
]

const ends: Row[] = [
  ['nothing', '', 'UNEXPECTED_END', 0],
  ['a value after the value', '0000', 'TRAILING_BYTES', 1],
  ['a value after a map', 'a0a0', 'TRAILING_BYTES', 1],
  ['a break after the value', '80ff', 'TRAILING_BYTES', 1],
  ['bytes of 2^32 - 1', '5affffffff', 'UNEXPECTED_END', 5],
  ['text of 2^32 - 1', '7affffffff', 'UNEXPECTED_END', 5],
  ['list of 2^32 - 1', '9affffffff', 'UNEXPECTED_END', 5],
  ['map of 2^32 - 1', 'baffffffff', 'UNEXPECTED_END', 5],
  ['key of 2^32 - 1', 'a17affffffff', 'UNEXPECTED_END', 6],
  // longer than any block: the head itself is what is wrong
  ['bytes of 2^64 - 1', `5b${ff(8)}`, 'UNEXPECTED_END', 0],
  ['text of 2^64 - 1', `7b${ff(8)}`, 'UNEXPECTED_END', 0],
  ['list of 2^64 - 1', `9b${ff(8)}`, 'UNEXPECTED_END', 0],
  ['map of 2^64 - 1', `bb${ff(8)}`, 'UNEXPECTED_END', 0],
  ['key of 2^32', 'a17b000000010000000000', 'UNEXPECTED_END', 1],
  ['lists of 2^31 within each other', '9a7fffffff9a7fffffff9a7fffffff', 'UNEXPECTED_END', 15],
  ...accepted.flatMap(({ name, hex }) =>
    Array.from({ length: hex.length / 2 }, (_, n): Row => [`${name}, cut after ${n}`, hex.slice(0, 2 * n), 'UNEXPECTED_END', n])
  )
]

const depth: Row[] = [
  ['lists 1,025 deep', `${'81'.repeat(1024)}80`, 'DEPTH', 1024],
  ['maps 1,025 deep', `${'a16161'.repeat(1024)}a0`, 'DEPTH', 3072],
  ['lists and maps 1,025 deep', `${'81a16161'.repeat(512)}80`, 'DEPTH', 2048],
  ['lists without end', '81'.repeat(5000), 'DEPTH', 1024]
]

export const refused: readonly Refused[] = [...heads, ...tags, ...simple, ...floats, ...maps, ...utf8, ...links, ...ends, ...depth].map(
  ([name, hex, code, offset, lax = 'same']) => ({ name, hex, code, offset, lax })
)
