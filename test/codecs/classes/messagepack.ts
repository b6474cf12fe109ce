/** Where messagepack means to differ from @msgpack/msgpack: codecs/messagepack/README.md says the same in words. */
import { decode, encode } from '@msgpack/msgpack'
import { text } from '../../engines/text.js'
import { looksLikeCid, some } from '../some.js'
import type { Classes, Reference } from '../subject.js'

const MAX_DEPTH = 1024

/** Integers as the reference wants them if it is to keep 64 bits: BigInts beyond 32 bits, numbers else; or the other way round. */
function integers(value: unknown, each: (item: number | bigint) => number | bigint): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return each(value)
  if (Array.isArray(value)) return value.map((item) => integers(item, each))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const object = {}
  for (const [key, item] of Object.entries(value)) Object.defineProperty(object, key, { value: integers(item, each), enumerable: true })
  return object
}

function wide(item: number | bigint): number | bigint {
  if (typeof item === 'number' && !Number.isSafeInteger(item)) return item
  if (item < -(2n ** 63n)) throw new RangeError(`${item} is below int 64`)
  return item >= -(2 ** 31) && item < 2 ** 32 ? Number(item) : BigInt(item)
}

const narrow = (item: number | bigint): number | bigint => (Number.isSafeInteger(Number(item)) ? Number(item) : item)

export const messagepackReference: Reference = {
  encode: (value) => encode(integers(value, wide), { useBigInt64: true, maxDepth: 2 * MAX_DEPTH }),
  decode: (bytes) => integers(decode(bytes, { useBigInt64: true }), narrow)
}

const isExtension = (byte: number): boolean => (byte >= 0xc7 && byte <= 0xc9) || (byte >= 0xd4 && byte <= 0xd8)
const isFloat = (byte: number): boolean => byte === 0xca || byte === 0xcb
const isText = (byte: number): boolean => (byte >= 0xa0 && byte < 0xc0) || (byte >= 0xd9 && byte <= 0xdb)

export const messagepackClasses: Classes = {
  refused: [
    {
      code: 'NON_CANONICAL',
      lax: true,
      why: 'the reference takes longer formats than need be, and float 32',
      is: ({ canonical }) => !canonical()
    },
    { code: 'UNSUPPORTED', why: 'extensions, which are no values of the data model', is: ({ bytes, offset }) => isExtension(bytes[offset]) },
    { code: 'UNSUPPORTED', why: 'NaN and infinities, which are no values of the data model', is: ({ bytes, offset }) => isFloat(bytes[offset]) },
    { code: 'UNSUPPORTED', why: 'the reference takes integers as keys', is: ({ bytes, offset }) => !isText(bytes[offset]) },
    { code: 'DUPLICATE_KEY', why: 'the reference keeps the last of two values', is: ({ canonical }) => !canonical() },
    {
      code: 'INVALID_UTF8',
      why: 'the reference makes something of what is not UTF-8',
      is: ({ canonical, value }) => !canonical() || /\ufffd|\\ud[89a-f]/.test(text(value))
    },
    { code: 'DEPTH', why: `the project nests ${MAX_DEPTH} deep, the reference as deep as memory`, is: ({ offset }) => offset >= MAX_DEPTH }
  ],
  accepted: [{ why: 'the reference refuses the key __proto__', is: (_, value) => text(value).includes('"__proto__"') }],
  decoded: [{ why: 'the reference drops a byte order mark at the start of a long string', without: (value) => value.replaceAll(/"\ufeff+/g, '"') }],
  values: [
    { why: 'the reference writes −0 as the integer 0', is: (value) => some(value, (item) => Object.is(item, -0)) },
    { why: 'a map whose "/" and "bytes" are the same string is taken for a CID', is: (value) => some(value, looksLikeCid) }
  ]
}
