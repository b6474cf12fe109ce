/** The data-model values of `fixtures/codecs`: each kind, each form that a codec has for it, and where the forms meet. */
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'

const filled = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255)
const sha = (seed: number) =>
  Digest.create(
    0x12,
    Uint8Array.from({ length: 32 }, (_, i) => (i * 31 + seed) & 255)
  )
const link = (seed: number, code = 0x71): CID => CID.createV1(code, sha(seed))
const v0 = (seed: number): CID => CID.createV0(sha(seed))

function nested(depth: number, list: boolean): unknown {
  let value: unknown = list ? [] : {}
  for (let i = 1; i < depth; i++) value = list ? [value] : { a: value }
  return value
}

const record = (i: number) => ({ id: i, link: link(i), name: `name ${i}`, ratio: i + 0.5, tags: ['a', 'é'] })

/** In dag-cbor and dag-json, and in raw if it is bytes. */
export const values: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  false: false,
  ...Object.fromEntries(
    [0, 1, 10, 23, 24, 25, 100, 255, 256, 1000, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1].flatMap((n) => [
      [`int ${n}`, n],
      [`int ${-1 - n}`, -1 - n]
    ])
  ),
  ...Object.fromEntries(
    [2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n].flatMap((n) => [
      [`int ${n}`, n],
      [`int ${-1n - n}`, -1n - n]
    ])
  ),
  ...Object.fromEntries(
    [0.1, 0.5, -0.5, 1.5, -1.1, 1 / 3, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e-7, 1e21, 1e23, 2 ** 53, -(2 ** 60), Math.PI].map(
      (x) => [`float ${x}`, x]
    )
  ),
  ...Object.fromEntries([1, 15, 16, 17, 23, 24, 255, 256, 2047, 2048].map((n) => [`text ${n}`, 'abcdefghijklmnop'.repeat(128).slice(0, n)])),
  'text empty': '',
  'text two bytes': 'éß߿\u0080',
  'text three bytes': '漢字ࠀ\ud7ff\ue000\uffff',
  'text four bytes': '🚀𐀀\u{10ffff}',
  'text control characters': `${Array.from({ length: 34 }, (_, i) => String.fromCharCode(i)).join('')}\u007f`,
  'text quotation marks': '"\\/\'',
  'text replacement character': '\ufffd',
  'text long other than ASCII': 'aé漢🚀'.repeat(300),
  ...Object.fromEntries([0, 1, 2, 3, 23, 24, 255, 256, 511, 512].map((n) => [`bytes ${n}`, filled(n)])),
  'link v0': v0(1),
  'link dag-cbor': link(2),
  'link raw': link(3, 0x55),
  'link dag-json': link(4, 0x0129),
  'link private codec': link(5, 0x300000),
  'link identity, empty': CID.createV1(0x55, Digest.create(0, filled(0))),
  'link identity': CID.createV1(0x71, Digest.create(0, filled(40))),
  'link identity, long': CID.createV1(0x55, Digest.create(0, filled(300))),
  'link sha1': CID.createV1(0x78, Digest.create(0x11, filled(20))),
  'link sha2-512': CID.createV1(0x71, Digest.create(0x13, filled(64))),
  'link blake2b-256': CID.createV1(0x71, Digest.create(0xb220, filled(32))),
  'list empty': [],
  ...Object.fromEntries([1, 23, 24, 255, 256].map((n) => [`list ${n}`, Array.from({ length: n }, (_, i) => i)])),
  'list mixed': [null, true, 1, -1, 0.5, 'a', filled(2), link(6), [], {}],
  'list depth 1024': nested(1024, true),
  'map empty': {},
  ...Object.fromEntries([1, 23, 24, 256].map((n) => [`map ${n}`, Object.fromEntries(Array.from({ length: n }, (_, i) => [`key ${i}`, i]))])),
  'map depth 1024': nested(1024, false),
  'map key order': { bbb: 1, aa: 2, b: 3, a: 4, '': 5, ab: 6, aaa: 7, B: 8, é: 9, z: 10, 漢: 11 },
  'map keys of JavaScript': JSON.parse('{"__proto__":1,"constructor":2,"toString":3,"then":4,"length":5}'),
  'map keys like numbers': { a: 1, 10: 2, 9: 3, '-1': 4, '01': 5 },
  'map keys long': { ['k'.repeat(64)]: 1, ['k'.repeat(65)]: 2, ['é'.repeat(200)]: 3 },
  'map slash': { '/': 1, bytes: filled(3) },
  'map slash map': { '/': { bytes: 1 }, a: { '/': { other: 'a' } } },
  records: Array.from({ length: 5 }, (_, i) => record(i)),
  'records that part': [
    { a: 1, b: 2, c: 3 },
    { a: 1, b: 2, d: 3 },
    { a: 1, b: 2 },
    { a: { a: 1, b: 2, c: 3 }, b: 2, c: 3 },
    { a: 1, b: 2, c: 3 }
  ],
  // first keys that are alike in their first four bytes and in length
  'records within records': [
    { aaaaX: 1, bbbbb: 2 },
    { aaaaX: { aaaaY: 1, ccccc: 2 }, bbbbb: 2 },
    { aaaaX: 3, bbbbb: 4 }
  ]
}

/** In dag-pb. */
export const nodes: Readonly<Record<string, unknown>> = {
  'pb empty': { Links: [] },
  'pb data empty': { Data: filled(0), Links: [] },
  ...Object.fromEntries([1, 127, 128, 512].map((n) => [`pb data ${n}`, { Data: filled(n), Links: [] }])),
  'pb hash': { Links: [{ Hash: v0(1) }] },
  'pb hashes': { Links: [{ Hash: v0(1) }, { Hash: link(2) }, { Hash: link(3, 0x55) }, { Hash: CID.createV1(0x55, Digest.create(0, filled(300))) }] },
  'pb names': { Links: ['', 'a', 'a', 'ab', 'b', 'é', '漢字', '\uffff', '🚀'].map((Name, i) => ({ Hash: v0(i), Name })) },
  'pb sizes': { Links: [0, 1, 127, 128, 2 ** 14, 2 ** 31, 2 ** 32, 2 ** 53 - 1].map((Tsize, i) => ({ Hash: v0(i), Tsize })) },
  'pb all': {
    Data: filled(4),
    Links: Array.from({ length: 40 }, (_, i) => ({ Hash: i % 3 ? link(i, 0x70) : v0(i), Name: `file ${String(i).padStart(3, '0')}`, Tsize: i * 1000 }))
  },
  'pb mixed': {
    Data: filled(1),
    Links: [{ Hash: v0(1) }, { Hash: v0(2), Tsize: 1 }, { Hash: v0(3), Name: '' }, { Hash: v0(4), Name: 'x'.repeat(200), Tsize: 5 }, { Hash: v0(5), Name: 'y' }]
  }
}
