/**
 * Where the pieces of a block meet: each kind of token across the edge of the guest's window, at every place; text that goes over several windows; and blocks that are larger than
 * the guest's arenas.
 */
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Codec, createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { nested } from './arbitrary.js'
import { lawOfBlocks } from './laws.js'
import { some } from './some.js'
import { type Subject, subjects } from './subject.js'

const WINDOW = 16_384
/** Lengths of what comes before a token: it begins at each of the last bytes of the window, and at the first after it. */
const BEFORE = Array.from({ length: 80 }, (_, i) => WINDOW - 76 + i)

const sha = (seed: number) =>
  Digest.create(
    0x12,
    Uint8Array.from({ length: 32 }, (_, i) => i * seed)
  )
const v1 = (seed: number) => CID.createV1(0x71, sha(seed))
const v0 = CID.createV0(sha(3))
const identity = (length: number) =>
  CID.createV1(
    0x300000,
    Digest.create(
      0,
      Uint8Array.from({ length }, (_, i) => i)
    )
  )
const filled = (length: number) => Uint8Array.from({ length }, (_, i) => i * 11)

const tokens: Record<string, unknown> = {
  integers: [0, 23, 24, 255, 256, 65_536, 2 ** 32, Number.MAX_SAFE_INTEGER, 2n ** 64n - 1n],
  'negative integers': [-1, -24, -25, -257, -65_537, -(2 ** 33), -(2n ** 64n)],
  floats: [0.5, -1.5e300, 5e-324, 1 / 3],
  words: [null, true, false, null],
  'short text': ['', 'a', 'ab', 'abc', 'x'.repeat(16), 'y'.repeat(17), 'z'.repeat(24)],
  'text of two bytes a character': 'é'.repeat(40),
  'text of three bytes a character': '漢'.repeat(40),
  'text of four bytes a character': '🚀'.repeat(40),
  'text mixed': 'aé漢🚀'.repeat(12),
  'text with escapes': '"\\\n\u0000/é\u001f'.repeat(12),
  'text before what the host decodes': 'a'.repeat(2047),
  'text that the host decodes': `${'a'.repeat(2100)}é🚀`,
  'text over several windows, ASCII': 'abcdefg'.repeat(7_000),
  'text over several windows, two bytes': 'é'.repeat(20_000),
  'text over several windows, three bytes': '漢'.repeat(15_000),
  'text over several windows, four bytes': '🚀'.repeat(11_000),
  'text over several windows, ASCII first': `${'a'.repeat(257)}${'漢'.repeat(15_000)}`,
  'text over several windows, escaped': '"é\n'.repeat(9_000),
  bytes: [filled(0), filled(1), filled(30)],
  'bytes passed through': filled(600),
  'bytes over several windows': filled(50_000),
  links: [v1(1), v0, identity(0), identity(20)],
  'long links': [identity(200), identity(4_000)],
  map: { '': 0, a: 1, bb: [2], ccc: { d: 3 }, éé: 4, 漢字: 5 },
  'long keys': { ['k'.repeat(17)]: 1, ['l'.repeat(65)]: 2, ['é'.repeat(300)]: 3, ['m'.repeat(3_000)]: 4 },
  'key over several windows': { ['n'.repeat(40_000)]: 1, ['漢'.repeat(15_000)]: 2 },
  records: Array.from({ length: 6 }, (_, i) => ({ id: i, link: v1(i), name: `name ${i}`, tag: i % 2 ? 'é' : 'e' })),
  'records that part': [
    { a: 1, b: 2, c: 3 },
    { a: 1, b: 2, d: 3 },
    { a: 1, b: 2, c: 3 },
    { a: { a: 1, b: 2, c: 3 }, b: 2, c: 3 }
  ],
  nested: nested(nested('bottom', 12, false), 20, true)
}

/** Values whose blocks put the token behind so many bytes. */
const places: Record<string, (n: number, token: unknown) => unknown> = {
  'dag-cbor': (n, token) => [filled(n - 4), token, 7],
  'dag-json': (n, token) => ['p'.repeat(n - 4), token, 7],
  json: (n, token) => ['p'.repeat(n - 4), token, 7],
  cbor: (n, token) => [filled(n - 4), token, 7],
  messagepack: (n, token) => [filled(n - 4), token, 7],
  'dag-jose': (n, token) => ({ ciphertext: Buffer.from(filled(n - 50)).toString('base64url'), iv: '', protected: '', tag: '', unprotected: { token } }),
  // the links' names have to be in order
  'dag-pb': (n, token) => ({
    Links: [{ Hash: v0, Name: '!'.repeat(n - 44) }, ...pbLinks(token)],
    Data: filled(3)
  })
}

/** Whether the format has values of the token's kinds. */
function has(codec: Codec, token: unknown): boolean {
  if (codec.name === 'dag-pb') return pbLinks(token).length > 0
  if (codec.name === 'messagepack' && some(token, (item) => typeof item === 'bigint' && item < -(2n ** 63n))) return false
  const links = codec.name.startsWith('dag-')
  return !some(token, (item) => (!links && item instanceof CID) || (codec.name.startsWith('json') && item instanceof Uint8Array))
}

function pbLinks(token: unknown): unknown[] {
  if (typeof token === 'string')
    return [
      { Hash: v1(1), Name: `a${token}`, Tsize: 5 },
      { Hash: v0, Name: 'é', Tsize: 0 }
    ]
  if (Array.isArray(token) && token.every((item) => item instanceof CID)) return token.map((Hash, i) => ({ Hash, Name: `a${i}`, Tsize: 2 ** (7 * i) }))
  if (Array.isArray(token) && token.every((item) => Number.isSafeInteger(item) && item >= 0))
    return token.map((Tsize, i) => ({ Hash: v1(i), Name: `a${i}`, Tsize }))
  return []
}

const host = await createHost()
const { there, absent } = subjects(host)
for (const name of absent) skip(`window edges of ${name}`, 'the host has no such codec')
let blocks = 0

/** The law lets a listed class be refused; this block must not be. */
function holds(codec: Codec, subject: Subject, bytes: Uint8Array): void {
  codec.decode(bytes)
  lawOfBlocks(codec, subject, bytes)
  blocks++
}

for (const subject of there.filter(({ name }) => name in places)) {
  const codec = await host.codec(subject.code)
  for (const [name, token] of Object.entries(tokens)) {
    if (!has(codec, token)) continue
    test(`${subject.name}: ${name} across the window's edge`, () => {
      for (const n of BEFORE) {
        if (name.includes('several windows') && n % 5 !== 0) continue
        const bytes = subject.reference.encode(places[subject.name](n, token))
        try {
          holds(codec, subject, bytes)
          // cut within the token
          if (n % 8 === 0) lawOfBlocks(codec, subject, bytes.subarray(0, n + ((bytes.length - n) >> 1)))
        } catch (error) {
          throw new Error(`after ${n} bytes: ${(error as Error).message.slice(0, 300)}`)
        }
      }
    })
  }
}

// --- arenas: 4 MiB of text and of what is decoded; what finds no room is still right -----------------------------------------------------------------------

const many = (n: number, item: (i: number) => unknown) => Array.from({ length: n }, (_, i) => item(i))
const digits = (i: number, n: number) => String(i).padStart(n, '0')

const large: Record<string, unknown> = {
  'ASCII text': [...many(90_000, (i) => digits(i, 60)), { key: 'after', é: '漢字' }, { key: 'again', é: '' }],
  'other text': [...many(60_000, (i) => '漢字é🚀'.repeat(6) + i), { key: 'after', é: '漢字' }, { key: 'again', é: '' }, 'ASCII', 'é'],
  both: [...many(60_000, (i) => digits(i, 60)), ...many(60_000, (i) => '漢字é🚀'.repeat(6) + i), { key: 'after', é: '漢字' }, { key: 'again', é: '' }],
  records: many(60_000, (i) => ({ id: i, name: digits(i, 40), text: 'é'.repeat(i % 40) })),
  keys: Object.fromEntries(many(60_000, (i) => [digits(i, 80), i]) as [string, number][]),
  'other keys': Object.fromEntries(many(60_000, (i) => [`é${digits(i, 66)}`, i]) as [string, number][])
}

for (const subject of there.filter(({ name }) => ['dag-cbor', 'dag-json', 'json', 'cbor', 'messagepack'].includes(name))) {
  for (const [name, value] of Object.entries(large)) {
    test(`${subject.name}: more than 4 MiB of ${name}`, async () => {
      const codec = await host.codec(subject.code)
      const bytes = subject.reference.encode(value)
      assert.ok(bytes.length > 4 << 20)
      assert.ok(text(codec.decode(bytes)) === text(subject.reference.decode(bytes)), 'decode')
      assert.ok(Buffer.compare(codec.encode(value), bytes) === 0, 'encode')
      assert.ok(Buffer.compare(codec.encodeTape(codec.tape(bytes)), bytes) === 0, 'transcode to itself')
      blocks++
    })
  }
}

test('dag-cbor: keys that the arenas cannot hold are refused as such', async () => {
  const codec = await host.codec('dag-cbor')
  const keys = Object.fromEntries(many(60_000, (i) => [`é${digits(i, 80)}`, i]) as [string, number][])
  try {
    codec.decode(codec.encode(keys))
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code?: string }).code, 'TOO_LARGE')
  }
})

test.after(() => note(`${blocks} blocks across edges`))
test.run()
