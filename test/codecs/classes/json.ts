/** Where json and json-jcs mean to differ from JSON.parse, JSON.stringify and json-canonicalize: their READMEs say the same in words. */
import { canonicalize } from 'json-canonicalize'
import { some } from '../some.js'
import type { Classes, Reference } from '../subject.js'

const MAX_DEPTH = 1024

const utf8 = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const loose = new TextDecoder()

/** JSON.stringify, which has no BigInt, with BigInts as the integers that they are. */
function stringify(value: unknown): string {
  const marked = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `\0BigInt${item}` : item))
  return marked.replace(/"\\u0000BigInt(-?\d+)"/g, '$1')
}

export const jsonReference: Reference = {
  encode: (value) => utf8.encode(stringify(value)),
  decode: (bytes) => JSON.parse(loose.decode(bytes))
}

export const jcsReference: Reference = {
  encode: (value) => utf8.encode(canonicalize(value)),
  decode: (bytes) => JSON.parse(loose.decode(bytes))
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Whether there is an escape of a surrogate alone, which no text in UTF-8 has. */
const hasLoneSurrogate = (value: unknown): boolean =>
  some(value, (item) =>
    typeof item === 'string'
      ? /\p{Surrogate}/u.test(item)
      : typeof item === 'object' && item !== null && Object.keys(item).some((key) => /\p{Surrogate}/u.test(key))
  )

/** Integers beyond 2^53 as the engine rounds them, and −0 as 0. */
const asNumbers = (text: string): string => text.replace(/(-?\d+)n/g, (_, digits) => String(Number(digits))).replace(/(?<![\w.])-0(?![\d.])/g, '0')

const beginsWithMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

export const jsonClasses: Classes = {
  refused: [
    {
      code: 'NON_CANONICAL',
      lax: true,
      why: 'the engine takes white space, any escape, and numbers in other forms than its own',
      is: ({ canonical }) => !canonical()
    },
    { code: 'MALFORMED', lax: true, why: 'the decoder drops a byte order mark before the text', is: ({ bytes }) => beginsWithMark(bytes) },
    { code: 'NUMBER_RANGE', why: 'the engine takes floats that are infinite, and rounds integers beyond 64 bits', is: ({ canonical }) => !canonical() },
    { code: 'DUPLICATE_KEY', why: 'the engine keeps the last of two values', is: ({ canonical }) => !canonical() },
    {
      code: 'INVALID_UTF8',
      why: 'the engine puts U+FFFD in place of what is not UTF-8, and takes lone surrogates',
      is: ({ bytes, value }) => !isUtf8(bytes) || hasLoneSurrogate(value)
    },
    { code: 'DEPTH', why: `the project nests ${MAX_DEPTH} deep, the engine as deep as its stack`, is: ({ offset }) => offset >= MAX_DEPTH }
  ],
  accepted: [],
  decoded: [{ why: 'the engine rounds integers beyond 2^53, and has −0 for an integer', without: asNumbers }],
  values: []
}

export const jcsClasses: Classes = {
  ...jsonClasses,
  refused: [{ code: 'KEY_ORDER', lax: true, why: 'the engine takes keys in any order', is: ({ canonical }) => !canonical() }, ...jsonClasses.refused]
}
