/** JavaScript values and what they are after a way over the tape; and values of the data model for fast-check. */
import fc from 'fast-check'
import { CID } from '../../src/ipld/index.js'

export const cid = CID.parse('bafyreihxt7ixl73wm6oem4jkk53od4z5cabuuj3vfcucux5nwrrqwqzlyq')
const old = CID.parse('QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N')

/** As the CID of another copy of multiformats: of no class that this one knows. */
export const foreign = (() => {
  const { bytes } = cid
  return { code: cid.code, version: cid.version, multihash: cid.multihash, bytes, '/': bytes }
})()

class Point {
  x = 1
  readonly #hidden = 2
  get sum(): number {
    return this.x + this.#hidden
  }
}

const hidden = Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false })

export const VALUES: readonly (readonly [name: string, value: unknown, expected?: unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['0', 0],
  ['−0', -0],
  ['1', 1],
  ['−1', -1],
  ['2^31 − 1', 2 ** 31 - 1],
  ['2^31', 2 ** 31],
  ['−2^31', -(2 ** 31)],
  ['−2^31 − 1', -(2 ** 31) - 1],
  ['2^32 − 1', 2 ** 32 - 1],
  ['2^32', 2 ** 32],
  ['−2^32', -(2 ** 32)],
  ['−2^32 − 1', -(2 ** 32) - 1],
  ['2^53 − 1', 2 ** 53 - 1],
  ['−2^53 + 1', -(2 ** 53) + 1],
  ['2^53, a float', 2 ** 53],
  ['−2^53, a float', -(2 ** 53)],
  ['1e300', 1e300],
  ['0.1', 0.1],
  ['the least float', Number.MIN_VALUE],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['−Infinity', Number.NEGATIVE_INFINITY],
  ['0n', 0n, 0],
  ['−1n', -1n, -1],
  ['2n^53 − 1n', 2n ** 53n - 1n, 2 ** 53 - 1],
  ['2n^53', 2n ** 53n],
  ['−2n^53 + 1n', -(2n ** 53n) + 1n, -(2 ** 53) + 1],
  ['−2n^53', -(2n ** 53n)],
  ['2n^64 − 1n', 2n ** 64n - 1n],
  ['−2n^64', -(2n ** 64n)],
  ['an empty string', ''],
  ['ASCII', 'hello'],
  ['long ASCII', 'hello'.repeat(2000)],
  ['Latin-1', 'größe'],
  ['Greek, long', 'αβγ'.repeat(2000)],
  ['a pair', '😀'],
  ['U+FFFD', '\ufffd'],
  ['a byte order mark', '\ufeffa'],
  ['a zero', 'a\0b'],
  ['half a pair, short', 'a\ud83db', 'a\ufffdb'],
  ['half a pair, long', `${'a'.repeat(40)}\ude00b`, `${'a'.repeat(40)}\ufffdb`],
  ['non-ASCII at the end of 23', `${'a'.repeat(22)}é`],
  ['bytes', Uint8Array.of(1, 2, 3)],
  ['no bytes', new Uint8Array(0)],
  ['511 bytes', new Uint8Array(511).fill(7)],
  ['512 bytes', new Uint8Array(512).fill(7)],
  ['long bytes among others', [new Uint8Array(600).fill(1), new Uint8Array(3).fill(2), new Uint8Array(700).fill(3)]],
  ['a part of an array', Uint8Array.of(1, 2, 3, 4).subarray(1, 3), Uint8Array.of(2, 3)],
  ['an ArrayBuffer', Uint8Array.of(1, 2).buffer, Uint8Array.of(1, 2)],
  ['an Int16Array', Int16Array.of(1, 2), Uint8Array.of(1, 0, 2, 0)],
  ['a Float64Array', Float64Array.of(1.5), new Uint8Array(Float64Array.of(1.5).buffer)],
  ['a DataView', new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 2), Uint8Array.of(2, 3)],
  ['a CID', cid],
  ['a CID of version 0', old],
  ['a CID of another copy', foreign, cid],
  ['the same, with a prototype of its own', Object.assign(Object.create({ toString: () => '' }), foreign), cid],
  ['no CID: another /', { '/': 'bafy', a: 1 }],
  ['no CID: / is a copy of bytes', { bytes: cid.bytes, '/': cid.bytes.slice() }],
  ['no CID: / and bytes are text', { bytes: 'a', '/': 'a' }],
  ['an empty list', []],
  ['an empty map', {}],
  ['lists', [1, [2, [3, []]], {}]],
  ['maps', { a: { b: { c: {} } }, d: [] }],
  ['an empty key', { '': 1 }],
  ['keys in the order of JavaScript', { b: 1, a: 2, 10: 3, 9: 4 }],
  ['keys that are not ASCII', { é: 1, '😀': 2, '\u2028': 3 }],
  ['__proto__', JSON.parse('{"__proto__":{"x":1},"a":2}')],
  ['constructor', { constructor: 1, a: 2 }],
  ['toString and valueOf', { toString: 1, valueOf: 2, hasOwnProperty: 3 }],
  ['a null prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ['an object of a class', new Point(), { x: 1 }],
  ['what is inherited is not there', Object.assign(Object.create({ inherited: 1 }), { own: 2 }), { own: 2 }],
  ['what is not enumerable is not there', hidden, { a: 1 }],
  ['symbols as keys are not there', { a: 1, [Symbol('s')]: 2 }, { a: 1 }],
  [
    'a getter',
    {
      get a() {
        return 1
      }
    },
    { a: 1 }
  ],
  [
    'a Map',
    new Map<string, unknown>([
      ['b', 1],
      ['a', [2]]
    ]),
    { b: 1, a: [2] }
  ],
  ['an empty Map', new Map(), {}],
  ['more keys than a shape has', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, i]))],
  [
    'the keys of a shape in another order',
    [
      { a: 1, b: 2 },
      { b: 3, a: 4 }
    ]
  ],
  ['a map in a map of its own keys', { a: { a: { a: 1 } } }],
  ['1,024 deep', deep(1024)]
]

/** so many lists within each other */
export function deep(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

const cycle: Record<string, unknown> = { a: 1 }
cycle.self = cycle
const list: unknown[] = []
list.push(list)

export const REFUSED: readonly (readonly [name: string, value: unknown, code: string, message: RegExp])[] = [
  ['undefined', undefined, 'UNSUPPORTED_VALUE', /^value of type undefined, expected null, .* at the root$/],
  ['undefined in a map', { a: [{ b: undefined }] }, 'UNSUPPORTED_VALUE', /type undefined.* at "a\/0\/b"$/],
  ['a hole', Object.assign(new Array(3), { 0: 1, 2: 2 }), 'UNSUPPORTED_VALUE', /type undefined.* at "1"$/],
  ['a function', { f() {} }, 'UNSUPPORTED_VALUE', /type function.* at "f"$/],
  ['a symbol', [Symbol('s')], 'UNSUPPORTED_VALUE', /type symbol.* at "0"$/],
  ['a Date', { at: new Date(0) }, 'UNSUPPORTED_VALUE', /type Date/],
  ['a RegExp', /x/, 'UNSUPPORTED_VALUE', /type RegExp/],
  ['a Set', new Set([1]), 'UNSUPPORTED_VALUE', /type Set/],
  ['a WeakMap', new WeakMap(), 'UNSUPPORTED_VALUE', /type WeakMap/],
  ['a promise', Promise.resolve(1), 'UNSUPPORTED_VALUE', /type Promise/],
  ['an error', new Error('x'), 'UNSUPPORTED_VALUE', /type Error/],
  ['a String', new String('x'), 'UNSUPPORTED_VALUE', /type String/],
  ['a Number', new Number(1), 'UNSUPPORTED_VALUE', /type Number/],
  ['a Map with a key that is a number', { m: new Map([[1, 2]]) }, 'UNSUPPORTED_VALUE', /map key of type number.* at "m"$/],
  ['2n^64', [0, 2n ** 64n], 'UNSUPPORTED_VALUE', /integer 18446744073709551616, expected .* at "1"$/],
  ['−2n^64 − 1n', -(2n ** 64n) - 1n, 'UNSUPPORTED_VALUE', /integer -18446744073709551617/],
  ['1,025 deep', deep(1025), 'DEPTH', /nested deeper than 1024/],
  ['a map in itself', cycle, 'DEPTH', /nested deeper than 1024 lists and maps, or in itself/],
  ['a list in itself', list, 'DEPTH', /in itself/],
  [
    'the 40th of its kind',
    Array.from({ length: 40 }, (_, i) => ({ id: i, value: i === 39 ? () => {} : i })),
    'UNSUPPORTED_VALUE',
    /type function.* at "39\/value"$/
  ],
  ['in the first of its kind, twice', [{ a: { b: 1 } }, { a: { b: undefined } }], 'UNSUPPORTED_VALUE', /at "1\/a\/b"$/]
]

const key = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
  fc.constantFrom('a', 'b', 'id', '', '__proto__', 'constructor', 'toString', '/', '0', '7')
)

const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, -0, cid, old, foreign),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
  fc.string({ maxLength: 50 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ minLength: 500, maxLength: 530 })
)

const { tree } = fc.letrec<{ tree: unknown; list: unknown; map: unknown; records: unknown }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('map'), tie('records')),
  list: fc.array(tie('tree'), { maxLength: 6 }),
  map: fc.array(fc.tuple(key, tie('tree')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  // of one shape, now and then with a key more
  records: fc
    .tuple(fc.uniqueArray(key, { minLength: 1, maxLength: 4 }), fc.array(fc.array(tie('tree'), { minLength: 5, maxLength: 5 }), { maxLength: 5 }))
    .map(([keys, rows]) =>
      rows.map((values, i) =>
        Object.fromEntries([...keys.map((name, j) => [name, values[j]] as const), ...(i % 3 === 2 ? [['more', values[4]] as const] : [])])
      )
    )
}))

/** Any value of the data model. */
export const anyValue: fc.Arbitrary<unknown> = tree

/** What a value is when it comes back: small BigInts are numbers, foreign CIDs are CIDs. */
export function canonical(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
  if (value === foreign) return cid
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof CID) return value
  if (Array.isArray(value)) return value.map(canonical)
  const map = {}
  for (const name of Object.keys(value))
    Object.defineProperty(map, name, { value: canonical((value as Record<string, unknown>)[name]), enumerable: true, configurable: true, writable: true })
  return map
}

/** Why two values are not the same, with −0 and NaN told apart and prototypes seen; undefined if they are. */
export function difference(got: unknown, expected: unknown, path = ''): string | undefined {
  if (Object.is(got, expected)) return undefined
  const wrong = (): string => `at "${path}": got ${show(got)}, expected ${show(expected)}`
  if (typeof got !== 'object' || typeof expected !== 'object' || got === null || expected === null) return wrong()
  if (expected instanceof CID) return got instanceof CID && got.equals(expected) ? undefined : wrong()
  if (expected instanceof Uint8Array)
    return got instanceof Uint8Array && got.length === expected.length && got.every((byte, i) => byte === expected[i]) ? undefined : wrong()
  if (Array.isArray(got) !== Array.isArray(expected)) return wrong()
  if (!Array.isArray(got) && Object.getPrototypeOf(got) !== Object.prototype) return `at "${path}": not a plain object`
  const keys = Object.keys(expected)
  if (Object.keys(got).join('\n') !== keys.join('\n')) return `at "${path}": got keys ${show(Object.keys(got))}, expected ${show(keys)}`
  for (const name of keys) {
    const inner = difference((got as Record<string, unknown>)[name], (expected as Record<string, unknown>)[name], `${path}/${name}`)
    if (inner !== undefined) return inner
  }
  return undefined
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `${Object.prototype.toString.call(value)} of ${Object.keys(value).slice(0, 10)}`
  return typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : String(value).slice(0, 100)
}
