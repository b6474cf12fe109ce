/** Bencode, and the torrents that are written in it: rows, the public torrents, agreement with `bencode` and `parse-torrent`, damaged ones. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import bencode from 'bencode'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { ascii, hexOf, keepsBlock, mutated, outcomeOf, RUNS } from './blocks.js'

const host = await createHost()
const plain = await host.codec('bencode')
const info = await host.codec('torrent-info')
const file = await host.codec('torrent-file')
const cbor = await host.codec('dag-cbor')

const valid: [data: string, value: unknown][] = [
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
for (const [data, value] of valid) {
  test(`bencode ${JSON.stringify(data)}`, () => {
    const block = ascii(data)
    assert.equal(plain.decode(block), value)
    assert.ok(keepsBlock(plain, cbor, block))
  })
}

const invalid: [data: string, expected: string, lax?: unknown][] = [
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
for (const [data, expected, lax] of invalid) {
  test(`bencode refuses ${JSON.stringify(data).slice(0, 60)}`, () => {
    const block = ascii(data)
    assert.is(
      outcomeOf(() => plain.decode(block)),
      expected
    )
    if (lax === undefined) {
      assert.is(
        outcomeOf(() => plain.decode(block, { strict: false })),
        expected
      )
    } else {
      assert.equal(plain.decode(block, { strict: false }), lax)
      assert.ok(keepsBlock(plain, cbor, plain.encodeTape(plain.tape(block, { strict: false }))))
    }
  })
}
test('bencode refuses a key for the second time, apart, even if lax', () => {
  assert.is(
    outcomeOf(() => plain.decode(ascii('d1:bi1e1:ai2e1:bi3ee'), { strict: false })),
    'DUPLICATE_KEY 0'
  )
})
for (const [value, code] of [
  [null, 'WRONG_KIND'],
  [[true], 'WRONG_KIND'],
  [0.5, 'WRONG_KIND'],
  [{ a: CID.parse('bafkqaaa') }, 'WRONG_KIND'],
  [{ '\0': 1 }, 'MALFORMED'],
  [{ '\0Ã\0©': 1 }, 'MALFORMED']
] as const) {
  test(`bencode does not write ${text(value)}`, () => assert.is(outcomeOf(() => plain.encode(value)).split(' ')[0], code))
}
test('bytes that are UTF-8 are written, and come back as a string', () => assert.equal(plain.decode(plain.encode([ascii('a')])), ['a']))

// --- beside the bencode package --------------------------------------------------------------------------------------------------------------------------

const keys = fc.oneof(fc.constantFrom('a', 'b', 'ab', 'length', 'path', 'é', '水'), fc.string({ unit: 'binary', maxLength: 8 }))
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom('x'.repeat(3000), 'é'.repeat(20_000), new Uint8Array(20_000).fill(0xff)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 5 })
  )
})).value

/** As the bencode package says it: text that it may be as bytes. */
function theirs(value: unknown): unknown {
  if (typeof value === 'string') return new TextEncoder().encode(value)
  if (Array.isArray(value)) return value.map(theirs)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, theirs(item)]))
}

test('bencode agrees with the bencode package', () => {
  fc.assert(
    fc.property(values, (value) => {
      // it sorts keys as JavaScript does, and cannot hold all of them
      fc.pre(!JSON.stringify(value, (key, item) => (/[\0\ud800-\udfff\uffff]|__proto__/u.test(key) ? '\0' : item)).includes('\\u0000"'))
      const block = plain.encode(value)
      assert.ok(keepsBlock(plain, cbor, block))
      assert.is(text(theirs(plain.decode(block))), text(bencode.decode(Buffer.from(block))))
      const sorted = plain.decode(new Uint8Array(bencode.encode(theirs(value))), { strict: false })
      assert.is(hexOf(plain.encode(sorted)), hexOf(block))
    }),
    { numRuns: RUNS }
  )
})

// --- torrents --------------------------------------------------------------------------------------------------------------------------------------------

const ONE = `d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:${'\xff'.repeat(20)}e`
const ROOT = 'r'.repeat(32)
const LEAVES = `d9:file treed3:dird5:b.txtd0:d6:lengthi16384e11:pieces root32:${ROOT}eee5:emptyd0:d6:lengthi0eee5:larged0:d6:lengthi16385e11:pieces root32:${ROOT}eee12:meta versioni2e4:name1:a12:piece lengthi16384ee`
const raw = (code: number, digest: Uint8Array) => CID.createV1(0x55, create(code, digest)).toString()

test('torrent-info: a file', () => {
  const block = ascii(ONE)
  assert.equal(info.decode(block), { length: 5, name: 'a', 'piece length': 16384, pieces: new Uint8Array(20).fill(255) })
  assert.ok(keepsBlock(info, cbor, block))
  assert.equal(info.links(block).map(String), [raw(0x11, new Uint8Array(20).fill(255))])
})

test('torrent-info: pieces are bytes even if they are text', () => {
  const block = ascii(ONE.replace('\xff'.repeat(20), 'abcdefghij0123456789'))
  assert.equal((info.decode(block) as any).pieces, ascii('abcdefghij0123456789'))
  assert.ok(keepsBlock(info, cbor, block))
})

test('torrent-info: files of more than 4 GiB, in folders', () => {
  const block = ascii(
    `d5:filesld6:lengthi5490455272e4:pathl3:dir5:a.mkveed6:lengthi1e4:pathl1:\xe9eee4:name1:a12:piece lengthi1e6:pieces40:${'\0'.repeat(40)}e`
  )
  const value = info.decode(block) as any
  assert.equal(value.files, [
    { length: 5490455272, path: ['dir', 'a.mkv'] },
    { length: 1, path: [Uint8Array.of(0xe9)] }
  ])
  assert.ok(keepsBlock(info, cbor, block))
  assert.is(info.links(block).length, 2)
})

test('torrent-info: version 2, whose small files are links', () => {
  const block = ascii(LEAVES)
  const value = info.decode(block) as any
  assert.equal(value['file tree'].dir['b.txt'], { '': { length: 16384, 'pieces root': ascii(ROOT) } })
  assert.ok(keepsBlock(info, cbor, block))
  assert.equal(info.links(block).map(String), [raw(0x12, ascii(ROOT))])
})

test('torrent-file: version 2 and 1, with piece layers by hash', () => {
  const hybrid = `${LEAVES.slice(0, -1).replace('12:meta version', '6:lengthi5e12:meta version')}6:pieces20:${'\xfe'.repeat(20)}e`
  const key = `${'\x80'.repeat(31)}\0`
  const block = ascii(`d8:announce3:url4:info${hybrid}12:piece layersd32:${key}64:${'l'.repeat(64)}ee`)
  const value = file.decode(block) as any
  assert.equal(value['piece layers'], { [`${'\0\u0080'.repeat(31)}\0\0`]: ascii('l'.repeat(64)) })
  assert.ok(keepsBlock(file, cbor, block))
  assert.equal(info.links(ascii(hybrid)).map(String), [raw(0x11, new Uint8Array(20).fill(0xfe)), raw(0x12, ascii(ROOT))])
})

const bad: [what: string, data: string][] = [
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
for (const [what, data] of bad) {
  test(`torrents refused: ${what}`, () => {
    assert.is(
      outcomeOf(() => info.decode(ascii(data))),
      'MALFORMED 0'
    )
    assert.is(
      outcomeOf(() => info.links(ascii(data))),
      'MALFORMED 0'
    )
    assert.is(
      outcomeOf(() => file.decode(ascii(`d4:info${data}e`))),
      'MALFORMED 7'
    )
    const value = plain.decode(ascii(data))
    assert.is(outcomeOf(() => info.encode(value)).split(' ')[0], 'MALFORMED')
  })
}
test('torrents refused: no info, and another version', () => {
  assert.is(
    outcomeOf(() => file.decode(ascii('d8:announce3:urle'))),
    'MALFORMED 0'
  )
  assert.is(
    outcomeOf(() => info.decode(ascii(LEAVES.replace('versioni2e', 'versioni3e')))),
    'UNSUPPORTED 0'
  )
  assert.is(outcomeOf(() => file.encode({})).split(' ')[0], 'MISSING_FIELD')
})

const VECTORS = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'torrent')
const torrents: Uint8Array[] = [ascii(`d4:info${ONE}e`), ascii(`d4:info${LEAVES}e`)]
if (!existsSync(VECTORS)) skip('torrents of webtorrent-fixtures', `${VECTORS} is not there`)
else {
  const parse = (await import('parse-torrent' as string)).default as (bytes: Uint8Array) => Promise<any>
  for (const name of readdirSync(VECTORS)) {
    const block = new Uint8Array(readFileSync(join(VECTORS, name)))
    if (name === 'corrupt.torrent') {
      test(name, () => {
        assert.is(
          outcomeOf(() => file.decode(block)),
          `MALFORMED ${Buffer.from(block).indexOf('4:info') + 6}`
        )
      })
      continue
    }
    torrents.push(block)
    test(name, async () => {
      assert.ok(keepsBlock(file, cbor, block))
      const value = file.decode(block) as any
      assert.is(text(theirs(value)), text(bencode.decode(Buffer.from(block))))
      const parsed = await parse(block)
      const [link] = file.links(block)
      assert.is(`${link}`, CID.createV1(0x7b, create(0x11, new Uint8Array(Buffer.from(parsed.infoHash, 'hex')))).toString())
      assert.is(value.info.name, parsed.name)
      // the info dictionary as a block: its sha1 is that of the link, and it links to the pieces
      const dictionary = info.encode(value.info)
      assert.is(createHash('sha1').update(dictionary).digest('hex'), parsed.infoHash)
      assert.ok(keepsBlock(info, cbor, dictionary))
      assert.equal(
        info.links(dictionary).map(String),
        parsed.pieces.map((piece: string) => raw(0x11, new Uint8Array(Buffer.from(piece, 'hex'))))
      )
    })
  }
}

test('damaged torrents', async () => {
  const small = torrents.filter((block) => block.length < 2000)
  const infos = small.map((block) => info.encode((file.decode(block) as any).info))
  const some = valid.map(([data]) => ascii(data)).filter((block) => block.length > 4)
  note(`${await mutated(host, 'torrent-file', small)} damaged torrents still decode`)
  note(`${await mutated(host, 'torrent-info', infos)} damaged info dictionaries still decode`)
  note(`${await mutated(host, 'bencode', [...small, ...some])} damaged values still decode`)
})

test.run()
