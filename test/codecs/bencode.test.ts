/** Bencode, and the torrents that are written in it: rows, the public torrents, agreement with `bencode` and `parse-torrent`, damaged ones. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bad, infos, invalid, LEAVES, ONE, ROOT, valid } from '../../scripts/fixture-bencode.js'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { ascii, hexOf, keepsBlock, mutated, outcomeOf, RUNS } from './blocks.js'

// it has no types
const bencode = (await import('bencode' as string)).default as { decode(data: Uint8Array): unknown; encode(value: unknown): Uint8Array }

const host = await createHost()
const plain = await host.codec('bencode')
const info = await host.codec('torrent-info')
const file = await host.codec('torrent-file')
const cbor = await host.codec('dag-cbor')

for (const [data, value] of valid) {
  test(`bencode ${JSON.stringify(data)}`, () => {
    const block = ascii(data)
    assert.equal(plain.decode(block), value)
    assert.ok(keepsBlock(plain, cbor, block))
  })
}

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

test('whatever stands across the end of the window', () => {
  const item = 'd3:k\xc3\xa94:\xc3\xa9\xc3\xa96:piecesl3:\xff\xff\xff20:01234567890123456789e5:zzzzzi18446744073709551615e1:\xe9i-12345ee'
  for (let before = 16384 - item.length - 10; before < 16384 + 4; before++) {
    const block = ascii(`l${before}:${'x'.repeat(before)}${item}${item}e`)
    assert.ok(keepsBlock(plain, cbor, block))
  }
})

test('text that is longer than the window, and bytes that only end as such', () => {
  for (const length of [16384, 16385, 40_000]) {
    for (const data of [
      'x'.repeat(length),
      '\xc3\xa9'.repeat(length),
      `${'x'.repeat(length)}\xc3`,
      `\xff${'x'.repeat(length)}`,
      `${'\xe6\xb0\xb4'.repeat(length)}\xe6\xb0`
    ]) {
      const block = ascii(`l${data.length}:${data}i1ee`)
      const [value] = plain.decode(block) as [string | Uint8Array]
      assert.is(typeof value === 'string', !/\xff|\xc3$|\xb0$/.test(data))
      assert.ok(keepsBlock(plain, cbor, block))
    }
  }
})

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

const raw = (code: number, digest: Uint8Array) => CID.createV1(0x55, create(code, digest)).toString()

for (const [what, data, value] of infos) {
  test(`torrent-info: ${what}`, () => {
    const block = ascii(data)
    assert.equal(info.decode(block), value)
    assert.ok(keepsBlock(info, cbor, block))
    assert.equal(file.decode(ascii(`d4:info${data}e`)), { info: value })
  })
}

test('torrent-info: pieces are links', () => {
  assert.equal(info.links(ascii(ONE)).map(String), [raw(0x11, new Uint8Array(20).fill(255))])
  assert.is(info.links(ascii(infos[2][1])).length, 2)
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
