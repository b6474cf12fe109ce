/** Values of the data model and blocks that were nearly right, for fast-check: leaning to where formats and their codecs have edges. */
import fc, { type Arbitrary } from 'fast-check'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'

const EDGES = [
  0n,
  23n,
  24n,
  255n,
  256n,
  65535n,
  65536n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n
]

/** As JavaScript has it: numbers up to 2^53 − 1, BigInts beyond. */
const narrow = (n: bigint): number | bigint => (n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n)

export const integers: Arbitrary<number | bigint> = fc.oneof(
  fc.nat({ max: 30 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(...EDGES).map(narrow),
  fc.constantFrom(...EDGES).map((n) => narrow(-1n - n)),
  fc.bigInt(-(2n ** 64n), 2n ** 64n - 1n).map(narrow),
  // a BigInt where a number would do
  fc.bigInt(-300n, 300n)
)

export const floats: Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    0.5,
    -0,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    2 ** 53,
    -(2 ** 53),
    1e21,
    1e23,
    123456789012345680000,
    1e-7,
    0.1 + 0.2
  ),
  fc.maxSafeInteger().map((n) => n * 2 ** 60)
)

const CHARACTERS = [
  'a',
  'z',
  ' ',
  '"',
  '\\',
  '/',
  '\0',
  '\n',
  '\u007f',
  '\u0080',
  'é',
  '߿',
  'ࠀ',
  '漢',
  '\ud7ff',
  '\ue000',
  '\ufffd',
  '\ufeff',
  '\uffff',
  '𐀀',
  '🚀',
  '\u{10ffff}'
]

export const strings: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 40 }).map((parts) => parts.join('')) },
  // each length form, and what is left to the host
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...CHARACTERS), fc.constantFrom(15, 16, 17, 23, 24, 255, 256, 600)).map(([part, n]) => part.repeat(n)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'é', '🚀'), fc.constantFrom(2047, 2048, 3000), fc.constantFrom('', '漢'))
      .map(([first, n, last]) => `${first}${'a'.repeat(n)}${last}`)
  }
)

/** Some share their first bytes, their length or their hash with others; some look like numbers, or mean something to JavaScript or to a format. */
const KEYS = 'a b c id aaaaX aaaaY aaaaZ name size link Links Data Hash Name Tsize bytes / 0 1 2 10 constructor toString __proto__ then é漢 🚀'.split(' ')

export const keys: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS, '') },
  { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: strings }
)

export const bytes: Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(255, 256, 511, 512, 513, 700, 2000), fc.nat(255))
      .map(([n, seed]) => Uint8Array.from({ length: n }, (_, i) => i * 7 + seed))
  }
)

const digest = (code: number, length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((hash) => Digest.create(code, hash))
const identity = fc.uint8Array({ maxLength: 60 }).map((hash) => Digest.create(0, hash))
const multicodecs = fc.constantFrom(0x55, 0x70, 0x71, 0x0129, 0x78, 0x300000, Number.MAX_SAFE_INTEGER)

export const cids: Arbitrary<CID> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(multicodecs, digest(0x12, 32)).map(([code, hash]) => CID.createV1(code, hash)) },
  { weight: 2, arbitrary: digest(0x12, 32).map((hash) => CID.createV0(hash as Parameters<typeof CID.createV0>[0])) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(multicodecs, fc.oneof(identity, digest(0x11, 20), digest(0xb220, 32), digest(0x13, 64), digest(0x12, 16)))
      .map(([code, hash]) => CID.createV1(code, hash))
  }
)

/** An object of its entries; the last of a key counts. */
export function record(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  // defined, since assigning __proto__ would do something else
  for (const [key, value] of entries) Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  return object
}

const PLAIN = [
  { weight: 3, arbitrary: integers },
  { weight: 3, arbitrary: strings },
  { weight: 2, arbitrary: floats },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) }
]

/** Records of one kind, some of them with a key more, less or another: what shares keys on a tape, and what then no longer does. */
function similar(values: Arbitrary<unknown>): Arbitrary<unknown[]> {
  const oddity = fc.record({ at: fc.nat(5), key: keys, how: fc.constantFrom('none', 'none', 'more', 'less', 'other') })
  return fc
    .tuple(
      fc.uniqueArray(keys, { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(oddity, fc.array(values, { minLength: 6, maxLength: 6 })), { minLength: 2, maxLength: 8 })
    )
    .map(([shape, rows]) =>
      rows.map(([{ at, key, how }, items]) => {
        const own = [...shape]
        if (how === 'more') own.push(key)
        if (how === 'less') own.splice(at % own.length, 1)
        if (how === 'other') own[at % own.length] = key
        return record(own.map((name, i) => [name, items[i]]))
      })
    )
}

/** Lists and maps of such values, within each other. */
function within(...scalars: { weight: number; arbitrary: Arbitrary<unknown> }[]): Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: fc.oneof(...scalars) },
      { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 5 }) },
      { weight: 3, arbitrary: fc.array(fc.tuple(keys, tie('value')), { maxLength: 6 }).map(record) },
      {
        weight: 1,
        arbitrary: similar(
          fc.oneof({ maxDepth: 3 }, { weight: 3, arbitrary: fc.oneof(fc.nat(30), fc.constantFrom('', 'x', null, 0.5)) }, { weight: 1, arbitrary: tie('value') })
        )
      },
      { weight: 1, arbitrary: fc.tuple(tie('value'), fc.nat(40), fc.boolean()).map(([value, n, list]) => nested(value, n, list)) }
    )
  })).value
}

/** The value with numbers in place of BigInts. */
export function withoutBigInts(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(withoutBigInts)
  if (typeof value !== 'object' || value === null) return value
  return record(Object.entries(value).map(([key, item]) => [key, withoutBigInts(item)]))
}

/** Values of the kinds that JSON has. */
export const plainValues = within(...PLAIN)
/** Of all kinds but links. */
export const unlinkedValues = within(...PLAIN, { weight: 1, arbitrary: bytes })
/** Any value of the data model. */
export const values = within(...PLAIN, { weight: 1, arbitrary: bytes }, { weight: 1, arbitrary: cids })

const links = fc.record({ Hash: cids, Name: strings, Tsize: fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs)) }, { requiredKeys: ['Hash'] })
const encoder = new TextEncoder()

/** Directories and leaves of dag-pb: links sorted, as its encoders demand, but for a few. */
export const nodes: Arbitrary<unknown> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.tuple(fc.array(links, { maxLength: 8 }), fc.option(bytes, { nil: undefined }), fc.nat(9)).map(([list, Data, chance]) => {
      const Links = chance === 0 ? list : list.sort((a, b) => compareBytes(encoder.encode(a.Name ?? ''), encoder.encode(b.Name ?? '')))
      return Data === undefined ? { Links } : { Data, Links }
    })
  },
  { weight: 1, arbitrary: values }
)

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

/** Lists, or maps of one key, within each other. */
export function nested(value: unknown, depth: number, list: boolean): unknown {
  for (let i = 0; i < depth; i++) value = list ? [value] : { in: value }
  return value
}

/** Bytes at which formats turn: heads, lengths, breaks, brackets, field tags, varints. */
const TURNS = [
  0, 1, 0x08, 0x0a, 0x12, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x22, 0x2a, 0x2c, 0x2f, 0x38, 0x3a, 0x3b, 0x40, 0x58, 0x5b, 0x5c, 0x5d, 0x5f, 0x60, 0x78, 0x7b,
  0x7d, 0x7f, 0x80, 0x9f, 0xa1
]
TURNS.push(0xbf, 0xc2, 0xd8, 0xed, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xff)

/** What happens to a block: `at` and `length` are fractions of it, so that they shrink and fit whatever its length. */
export interface Mutation {
  readonly kind: 'flip' | 'set' | 'insert' | 'remove' | 'cut' | 'double' | 'swap' | 'splice'
  readonly at: number
  readonly length: number
  readonly byte: number
}

const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

export const mutations: Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Mutation['kind']>('flip', 'flip', 'set', 'set', 'insert', 'remove', 'cut', 'double', 'swap', 'splice'),
    at: fractions,
    length: fractions,
    byte: fc.oneof(fc.constantFrom(...TURNS), fc.nat(255))
  }),
  { minLength: 1, maxLength: 3 }
)

/** @param other where a splice takes from */
export function mutate(block: Uint8Array, list: readonly Mutation[], other: Uint8Array): Uint8Array {
  let parts = Array.from(block)
  for (const { kind, at, length, byte } of list) {
    const p = Math.floor(at * (parts.length + (kind === 'insert' ? 1 : 0)))
    const n = 1 + Math.floor(length * length * Math.min(64, parts.length - p))
    if (kind === 'flip' && p < parts.length) parts[p] ^= 1 << (byte & 7)
    else if (kind === 'set' && p < parts.length) parts[p] = byte
    else if (kind === 'insert') parts.splice(p, 0, byte)
    else if (kind === 'remove') parts.splice(p, n)
    else if (kind === 'cut') parts = parts.slice(0, p)
    else if (kind === 'double') parts.splice(p, 0, ...parts.slice(p, p + n))
    else if (kind === 'swap') parts.push(...parts.splice(p, n))
    else if (kind === 'splice') parts.splice(p, n, ...other.slice(Math.floor(length * other.length)))
  }
  return Uint8Array.from(parts)
}

/** Bytes of no block, rich in turns. */
export const noise: Arbitrary<Uint8Array> = fc
  .array(fc.oneof(fc.constantFrom(...TURNS), fc.nat(255), fc.constantFrom(0x61, 0x62, 0x63)), { maxLength: 40 })
  .map((list) => Uint8Array.from(list))
