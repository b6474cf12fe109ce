/** Bencode and torrents that are to be accepted or refused, written by hand from BEP 3 and BEP 52: what should happen, not what happens. Data are in Latin-1. */

/** Binary strings that hashes are. */
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

export const valid: [data: string, value: unknown][] = [
  ['i0e', 0],
  ['i-1e', -1],
  ['i9007199254740993e', 9007199254740993n],
  ['i18446744073709551615e', 2n ** 64n - 1n],
  ['i-18446744073709551615e', 1n - 2n ** 64n],
  ['i-18446744073709551616e', -(2n ** 64n)],
  ['0:', ''],
  ['4:spam', 'spam'],
  ['10:0123456789', '0123456789'],
  ['2:\xc3\xa9', 'é'],
  ['1:\xe9', Uint8Array.of(0xe9)],
  ['3:\xed\xa0\x80', Uint8Array.of(0xed, 0xa0, 0x80)],
  ['1:\0', '\0'],
  ['le', []],
  ['l4:spami3elee', ['spam', 3, []]],
  ['de', {}],
  ['d3:cow3:moo4:spaml1:a1:bee', { cow: 'moo', spam: ['a', 'b'] }],
  ['d0:0:1:a0:2:aa0:1:b0:e', { '': '', a: '', aa: '', b: '' }],
  // keys: bytes in the block, text in the value
  ['d1:\0i0e1:\x80i1e1:\xffi2e2:\xff\x80i3ee', { '\0\0': 0, '\0\u0080': 1, '\0ÿ': 2, '\0ÿ\0\u0080': 3 }],
  ['d2:\xc2\x801:a2:\xc3\xa91:b1:\xe91:ce', { '\u0080': 'a', é: 'b', '\0é': 'c' }],
  ['ld1:ai1e1:bi2eed1:ai3e1:bi4eed1:ai5eed1:ai6e1:bi7e1:ci8eee', [{ a: 1, b: 2 }, { a: 3, b: 4 }, { a: 5 }, { a: 6, b: 7, c: 8 }]]
]

export const invalid: [data: string, expected: string, lax?: unknown][] = [
  ['', 'UNEXPECTED_END 0'],
  ['i', 'UNEXPECTED_END 1'],
  ['i1', 'UNEXPECTED_END 2'],
  ['i-', 'UNEXPECTED_END 2'],
  ['ie', 'MALFORMED 1'],
  ['i-e', 'MALFORMED 2'],
  ['i-0e', 'MALFORMED 0'],
  ['i00e', 'MALFORMED 0'],
  ['i03e', 'MALFORMED 0'],
  ['i-03e', 'MALFORMED 0'],
  ['i+1e', 'MALFORMED 1'],
  ['i1.5e', 'MALFORMED 2'],
  ['i18446744073709551616e', 'NUMBER_RANGE 0'],
  ['i-18446744073709551617e', 'NUMBER_RANGE 0'],
  ['i184467440737095516150e', 'NUMBER_RANGE 0'],
  ['i-184467440737095516160e', 'NUMBER_RANGE 0'],
  [`i${'1'.repeat(300)}e`, 'NUMBER_RANGE 0'],
  ['1', 'UNEXPECTED_END 1'],
  ['1:', 'UNEXPECTED_END 2'],
  ['2:a', 'UNEXPECTED_END 3'],
  ['1a', 'MALFORMED 1'],
  [':a', 'MALFORMED 0'],
  ['-1:a', 'MALFORMED 0'],
  ['4294967296:a', 'UNEXPECTED_END 0'],
  ['4294967295:a', 'UNEXPECTED_END 12'],
  [`${'9'.repeat(300)}:a`, 'UNEXPECTED_END 0'],
  [`${'0'.repeat(300)}:a`, 'MALFORMED 0'],
  ['01:a', 'NON_CANONICAL 0', 'a'],
  ['00:', 'NON_CANONICAL 0', ''],
  ['i1ei2e', 'TRAILING_BYTES 3'],
  ['i1e\n', 'TRAILING_BYTES 3'],
  ['l', 'UNEXPECTED_END 1'],
  ['li1e', 'UNEXPECTED_END 4'],
  ['e', 'MALFORMED 0'],
  ['x', 'MALFORMED 0'],
  ['d', 'UNEXPECTED_END 1'],
  ['d1:a', 'UNEXPECTED_END 4'],
  ['d1:ae', 'MALFORMED 4'],
  ['di1ei2ee', 'MALFORMED 1'],
  ['d1:bi1e1:ai2ee', 'KEY_ORDER 7', { b: 1, a: 2 }],
  ['d2:aai1e1:ai2ee', 'KEY_ORDER 8', { aa: 1, a: 2 }],
  ['d1:\xffi1e1:\x80i2ee', 'KEY_ORDER 7', { '\0ÿ': 1, '\0\u0080': 2 }],
  ['d1:\xe9i1e2:\xc3\xa9i2ee', 'KEY_ORDER 7', { '\0é': 1, é: 2 }],
  ['d1:ai1e1:ai2ee', 'DUPLICATE_KEY 7'],
  ['d1:\xffi1e1:\xffi2ee', 'DUPLICATE_KEY 7'],
  ['l'.repeat(1025), 'DEPTH 1024'],
  ['d1:a'.repeat(1025), 'DEPTH 4096'],
  ['d1:a'.repeat(100_000), 'DEPTH 4096']
]

export const ONE = `d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:${'\xff'.repeat(20)}e`
export const ROOT = 'r'.repeat(32)
export const LEAVES = `d9:file treed3:dird5:b.txtd0:d6:lengthi16384e11:pieces root32:${ROOT}eee5:emptyd0:d6:lengthi0eee5:larged0:d6:lengthi16385e11:pieces root32:${ROOT}eee12:meta versioni2e4:name1:a12:piece lengthi16384ee`

/** Info dictionaries that are bencode and yet none. */
export const bad: [what: string, data: string][] = [
  ['a list', 'le'],
  ['nothing', 'de'],
  ['no name', ONE.replace('4:name1:a', '')],
  ['no piece length', ONE.replace('12:piece lengthi16384e', '')],
  ['a piece length of zero', ONE.replace('i16384e', 'i0e')],
  ['no pieces', `${ONE.slice(0, ONE.indexOf('6:pieces'))}e`],
  ['pieces of 19 bytes', ONE.replace(`20:${'\xff'.repeat(20)}`, `19:${'\xff'.repeat(19)}`)],
  ['neither length nor files', ONE.replace('6:lengthi5e', '')],
  ['both', ONE.replace('6:length', '5:filesle6:length')],
  ['a negative length', ONE.replace('i5e', 'i-5e')],
  ['a file without path', ONE.replace('6:lengthi5e', '5:filesld6:lengthi5eee')],
  ['a file of an empty path', ONE.replace('6:lengthi5e', '5:filesld6:lengthi5e4:pathleee')],
  ['version 2 without files', LEAVES.replace('d9:file tree', 'd9:file trex')]
]

/** Info dictionaries. */
export const infos: [what: string, data: string, value: unknown][] = [
  ['a file', ONE, { length: 5, name: 'a', 'piece length': 16384, pieces: new Uint8Array(20).fill(255) }],
  [
    'pieces that are text',
    ONE.replace('\xff'.repeat(20), 'abcdefghij0123456789'),
    { length: 5, name: 'a', 'piece length': 16384, pieces: ascii('abcdefghij0123456789') }
  ],
  [
    'files',
    `d5:filesld6:lengthi5490455272e4:pathl3:dir5:a.mkveed6:lengthi1e4:pathl1:\xe9eee4:name1:a12:piece lengthi1e6:pieces40:${'\0'.repeat(40)}e`,
    {
      files: [
        { length: 5490455272, path: ['dir', 'a.mkv'] },
        { length: 1, path: [Uint8Array.of(0xe9)] }
      ],
      name: 'a',
      'piece length': 1,
      pieces: new Uint8Array(40)
    }
  ],
  [
    'version 2',
    LEAVES,
    {
      'file tree': {
        dir: { 'b.txt': { '': { length: 16384, 'pieces root': ascii(ROOT) } } },
        empty: { '': { length: 0 } },
        large: { '': { length: 16385, 'pieces root': ascii(ROOT) } }
      },
      'meta version': 2,
      name: 'a',
      'piece length': 16384
    }
  ]
]
