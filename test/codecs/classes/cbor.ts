/** Where cbor means to differ from cborg: codecs/cbor/README.md says the same in words. */
import { decode, encode } from 'cborg'
import { text } from '../../engines/text.js'
import { looksLikeCid, some } from '../some.js'
import type { Classes, Reference } from '../subject.js'

const MAX_DEPTH = 1024

export const cborReference: Reference = {
  encode: (value) => encode(value),
  decode: (bytes) => decode(bytes, { coerceUndefinedToNull: true, rejectDuplicateMapKeys: true })
}

/** Whether a float is a multiple of 2^-24 below the least normal half. */
const isSubnormalHalf = (item: unknown): boolean => typeof item === 'number' && item !== 0 && Math.abs(item) < 2 ** -14 && Number.isInteger(item * 2 ** 24)

export const cborClasses: Classes = {
  refused: [
    { code: 'KEY_ORDER', lax: true, why: 'the reference takes keys in any order', is: ({ canonical }) => !canonical() },
    {
      code: 'NON_CANONICAL',
      lax: true,
      why: 'the reference takes long heads, indefinite lengths and long floats; it writes most subnormal halves as singles',
      is: ({ canonical, value }) => !canonical() || some(value, isSubnormalHalf)
    },
    { code: 'UNSUPPORTED', lax: true, why: 'undefined, which is no value of the data model', is: ({ bytes, offset }) => bytes[offset] === 0xf7 },
    {
      code: 'UNSUPPORTED',
      why: 'NaN and infinities, which are no values of the data model',
      is: ({ bytes, offset }) => bytes[offset] >= 0xf9 && bytes[offset] <= 0xfb
    },
    { code: 'INVALID_UTF8', why: 'the reference puts U+FFFD in place of what is not UTF-8', is: ({ value }) => text(value).includes('\ufffd') },
    { code: 'DEPTH', why: `the project nests ${MAX_DEPTH} deep, the reference as deep as the engine's stack`, is: ({ offset }) => offset >= MAX_DEPTH }
  ],
  accepted: [{ why: 'without a byte order mark two keys are the same', is: (_, value) => text(value).includes('"\ufeff') }],
  decoded: [{ why: 'the reference drops a byte order mark at the start of a string', without: (value) => value.replaceAll(/"\ufeff+/g, '"') }],
  values: [
    { why: 'the reference writes −0 as the integer 0', is: (value) => some(value, (item) => Object.is(item, -0)) },
    { why: 'the reference writes most subnormal halves as singles', is: (value) => some(value, isSubnormalHalf) },
    { why: 'a map whose "/" and "bytes" are the same string is taken for a CID', is: (value) => some(value, looksLikeCid) }
  ]
}
