import { prepare } from '@ipld/dag-pb'
import { Random } from './random.js'

export type Group = 'many records' | 'one record' | 'links' | 'numbers' | 'text' | 'bytes' | 'shape' | 'directory' | 'file'

/** One data set: a value, always the same. */
export interface DataSet {
  readonly name: string
  readonly group: Group
  /** dag-pb for the values of its own two shapes; all others are measured in dag-cbor and dag-json */
  readonly form: 'any' | 'dag-pb'
  /** JSON.parse gives the same values: no bytes, no integers beyond 2^53 */
  readonly plain: boolean
  readonly make: () => unknown
}

const scripts = [
  '今日 は 良い 天気 です 分散 ネットワーク 内容 識別子 データ ブロック 人工 言語 未来 東京'.split(' '),
  'déjà café naïve garçon élève forêt noël où Größe Straße über schön Ärger señor mañana corazón'.split(' '),
  'привет мир сегодня новые данные сеть блок ссылка хорошо'.split(' '),
  '🎉 🚀 👍🏽 👩‍💻 great nice 🌍 ❤️ wow 🔥 look'.split(' ')
]

const author = (r: Random) => ({ did: `did:plc:${r.code(24)}`, handle: `${r.word()}${r.int(1, 999)}.example.social` })

const post = (r: Random, text: (r: Random) => string) => ({
  text: text(r),
  author: author(r),
  createdAt: r.timestamp(),
  langs: [r.pick(['en', 'de', 'ja', 'pt'])],
  likes: r.int(0, 5000),
  ...(r.chance(0.35) ? { reply: { root: r.cid(), parent: r.cid() } } : {}),
  ...(r.chance(0.25) ? { embed: { image: r.cid(0x55), alt: r.prose(r.int(10, 60)), size: r.int(10_000, 900_000) } } : {}),
  ...(r.chance(0.3) ? { tags: Array.from({ length: r.int(1, 3) }, () => r.word()) } : {})
})

const english = (r: Random) => r.prose(r.int(50, 206))
const anyLanguage = (r: Random) => {
  const words = r.pick(scripts)
  return r.chance(0.4) ? english(r) : r.fill(r.int(20, 90), () => r.pick(words))
}
const feed = (r: Random, text: (r: Random) => string) => ({ cursor: r.code(16), feed: Array.from({ length: 200 }, () => post(r, text)) })

/** So many posts. */
export const feedOf = (r: Random, count: number) => Array.from({ length: count }, () => post(r, english))

const sameKeys = (r: Random) =>
  Array.from({ length: 200 }, (_, id) => ({
    id,
    uri: `at://did:plc:${r.code(24)}/post/${r.code(13)}`,
    cid: r.cid(),
    text: r.prose(r.int(30, 120)),
    author: author(r),
    createdAt: r.timestamp(),
    likes: r.int(0, 5000),
    pinned: r.chance(0.05),
    replyTo: null
  }))

const events: readonly ((r: Random) => object)[] = [
  (r) => ({
    kind: 'commit',
    repo: `did:plc:${r.code(24)}`,
    rev: r.code(13),
    ops: Array.from({ length: r.int(1, 4) }, () => ({ action: 'create', path: `post/${r.code(13)}`, cid: r.cid() }))
  }),
  (r) => ({ kind: 'identity', did: `did:plc:${r.code(24)}`, handle: `${r.word()}.example.social`, time: r.timestamp() }),
  (r) => ({ kind: 'account', active: r.chance(0.9), seq: r.int(1, 2 ** 40), status: r.chance(0.5) ? null : r.word() }),
  (r) => ({
    kind: 'receipt',
    task: r.cid(),
    out: { ok: { [r.word()]: r.int(-1000, 1000), [r.code(6)]: r.prose(40) } },
    fuel: r.int(1, 2 ** 34),
    ms: r.next() * 100
  }),
  (r) => ({
    kind: 'place',
    lat: r.next() * 180 - 90,
    lon: r.next() * 360 - 180,
    [r.code(8)]: [r.word(), r.int(0, 9), { [r.code(5)]: true }],
    note: r.prose(r.int(0, 200))
  }),
  (r) =>
    Object.fromEntries([
      ['kind', 'free'],
      ...Array.from({ length: r.int(1, 12) }, () => [r.code(r.int(2, 12)), r.pick([r.int(0, 300), r.word(), r.chance(0.5), r.prose(25)])])
    ])
]

const numbers = (r: Random) =>
  Array.from({ length: 5000 }, () => {
    const n = r.pick([
      () => r.int(0, 23),
      () => r.int(24, 255),
      () => r.int(256, 65_535),
      () => r.int(65_536, 2 ** 32 - 1),
      () => r.int(2 ** 32, Number.MAX_SAFE_INTEGER)
    ])()
    return r.chance(0.4) ? -1 - n + (n === Number.MAX_SAFE_INTEGER ? 1 : 0) : n
  })

const bigNumbers = (r: Random) =>
  Array.from({ length: 5000 }, () => {
    const n = (1n << 54n) + (BigInt(r.int(0, 2 ** 31)) << 32n) + BigInt(r.int(0, 2 ** 32 - 1))
    return r.chance(0.4) ? -1n - n : n
  })

const nested = (depth: number): unknown => {
  let value: unknown = 'bottom'
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { next: value }
  return value
}

const wide = (r: Random) => Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${r.word()}-${i}`, r.chance(0.5) ? i : r.word()]))

const packageTree = (r: Random) => ({
  name: 'example',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: Object.fromEntries(
    Array.from({ length: 180 }, () => {
      const name = `${r.word()}-${r.word()}-${r.code(2)}`
      const version = () => `${r.int(0, 20)}.${r.int(0, 30)}.${r.int(0, 9)}`
      const v = version()
      return [
        `node_modules/${name}`,
        {
          version: v,
          resolved: `https://registry.example.org/${name}/-/${name}-${v}.tgz`,
          integrity: `sha512-${r.code(86, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')}==`,
          ...(r.chance(0.4) ? { dev: true } : {}),
          license: r.pick(['MIT', 'Apache-2.0', 'ISC', 'Apache-2.0 OR MIT']),
          ...(r.chance(0.5)
            ? { dependencies: Object.fromEntries(Array.from({ length: r.int(1, 6) }, () => [`${r.word()}-${r.code(3)}`, `^${version()}`])) }
            : {}),
          ...(r.chance(0.6) ? { engines: { node: `>=${r.int(10, 20)}` } } : {})
        }
      ]
    })
  )
})

/** The UnixFS message of a directory: type 1 */
const unixfsDirectory = Uint8Array.of(0x08, 0x01)

/** The UnixFS message of a file's leaf: type 2, data, size */
export const unixfsFile = (data: Uint8Array): Uint8Array => {
  const size: number[] = []
  for (let n = data.length; n > 0; n = Math.floor(n / 128)) size.push(n >= 128 ? (n % 128) + 128 : n)
  return Uint8Array.from([0x08, 0x02, 0x12, ...size, ...Array.from(data), 0x18, ...size])
}

const directory = (r: Random, count: number) =>
  prepare({
    Data: unixfsDirectory,
    Links: Array.from({ length: count }, (_, i) => ({
      Name: `${r.word()}-${r.word()}-${i}.${r.pick(['md', 'png', 'json', 'ts'])}`,
      Hash: r.cid(r.chance(0.5) ? 0x55 : 0x70),
      Tsize: r.int(100, 5_000_000)
    }))
  })

const any = (group: Group, name: string, make: (r: Random) => unknown, plain = true): DataSet => ({
  name,
  group,
  form: 'any',
  plain,
  make: () => make(new Random(seed(name)))
})
const pb = (group: Group, name: string, make: (r: Random) => unknown): DataSet => ({ ...any(group, name, make, false), form: 'dag-pb' })

/** All data sets. Each has its own seed, so that adding one changes no other. */
export const dataSets: readonly DataSet[] = [
  any('many records', '200 posts', (r) => feed(r, english)),
  any('many records', '200 posts, many languages', (r) => feed(r, anyLanguage)),
  any('many records', '200 records, same keys', sameKeys),
  any('many records', '200 records, mixed shapes', (r) => Array.from({ length: 200 }, () => r.pick(events)(r))),
  any('one record', 'one small record', (r) => ({
    text: r.prose(90),
    author: author(r),
    createdAt: r.timestamp(),
    langs: ['en'],
    likes: 12,
    reply: { root: r.cid(), parent: r.cid() }
  })),
  any('one record', 'tiny map with a link', (r) => ({ link: r.cid(), name: 'hello.txt' })),
  any('links', '1,000 links', (r) => Array.from({ length: 1000 }, () => r.cid())),
  any('numbers', '5,000 integers', numbers),
  any('numbers', '5,000 integers beyond 2^53', bigNumbers, false),
  any('numbers', '5,000 floats', (r) => Array.from({ length: 5000 }, () => (r.next() - 0.5) * 10 ** r.int(-6, 12))),
  any('text', 'one ASCII string', (r) => r.prose(66_000)),
  any('text', '500 ASCII strings', (r) => Array.from({ length: 500 }, () => r.prose(130))),
  any('text', '500 strings, no ASCII', (r) =>
    Array.from({ length: 500 }, () => {
      const words = r.pick(scripts)
      return r.fill(60, () => r.pick(words))
    })
  ),
  any('text', 'one string, no ASCII', (r) => r.fill(30_000, () => r.pick(r.pick(scripts)))),
  any('bytes', '64 byte strings of 1 KiB', (r) => Array.from({ length: 64 }, () => r.bytes(1024)), false),
  any('bytes', 'one byte string of 256 KiB', (r) => r.bytes(262_144), false),
  any('shape', '500 levels', () => nested(500)),
  any('shape', 'map of 5,000 keys', wide),
  any('shape', 'package tree', packageTree),
  pb('directory', 'directory of 174 links', (r) => directory(r, 174)),
  pb('directory', 'directory of 3 links', (r) => directory(r, 3)),
  pb('file', '256 KiB leaf', (r) => prepare({ Data: unixfsFile(r.bytes(262_144)) }))
]

function seed(name: string): number {
  let hash = 17
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0
  return hash
}
