/** Where dag-json means to differ from @ipld/dag-json: codecs/dag-json/README.md says the same in words. */
import { CID } from 'multiformats/cid'
import { text } from '../../engines/text.js'
import { looksLikeCid, some } from '../some.js'
import type { Classes } from '../subject.js'

const MAX_DEPTH = 1024
const MAX_CID = 8192
const LIMIT = 2n ** 64n

/** Whether the block is JSON, by the engine's own parser. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes))
    return true
  } catch {
    return false
  }
}

/** What the form for a link or bytes is reserved for. */
function isReserved(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '/')) return false
  const inner = (value as Record<string, unknown>)['/']
  if (typeof inner === 'string') return true
  return typeof inner === 'object' && inner !== null && typeof (inner as Record<string, unknown>).bytes === 'string'
}

const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13

/** A map with a key beyond U+FFFF and one from U+E000 to U+FFFF: in UTF-16 the former come first, since surrogates do. */
function sortsOtherwise(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof CID || value instanceof Uint8Array) return false
  const keys = Object.keys(value)
  return keys.some((key) => /[\u{10000}-\u{10ffff}]/u.test(key)) && keys.some((key) => /[\ue000-\uffff]/u.test(key))
}

const beyond = (item: unknown): boolean => item === Infinity || item === -Infinity || (typeof item === 'bigint' && (item >= LIMIT || item < -LIMIT))

export const dagJsonClasses: Classes = {
  refused: [
    {
      code: 'KEY_ORDER',
      lax: true,
      why: 'the reference takes keys in any order, so that other bytes come back',
      is: ({ canonical, value }) => !canonical() || some(value, sortsOtherwise)
    },
    {
      code: 'TRAILING_BYTES',
      lax: true,
      why: 'the reference takes white space, here after the value',
      is: ({ bytes, offset, canonical }) => bytes.subarray(offset).every(isSpace) && !canonical()
    },
    {
      code: 'NON_CANONICAL',
      lax: true,
      why: 'the reference takes white space, any escape, and numbers in other forms than its own',
      is: ({ canonical }) => !canonical()
    },
    { code: 'INVALID_CID', why: 'the reference takes CIDv1 in other bases than base32, and in upper case', is: ({ canonical }) => !canonical() },
    { code: 'MALFORMED', why: 'the reference takes what is not JSON', is: ({ bytes }) => !isJson(bytes) },
    { code: 'UNEXPECTED_END', why: 'the reference takes numbers that end in a point or an exponent without digits', is: ({ bytes }) => !isJson(bytes) },
    {
      code: 'INVALID_UTF8',
      why: 'the reference puts U+FFFD in place of what is not UTF-8, and takes lone surrogates',
      is: ({ value }) => /\ufffd|\\ud[89a-f]/.test(text(value))
    },
    { code: 'NUMBER_RANGE', why: 'the reference takes floats that are infinite and integers beyond 64 bits', is: ({ value }) => some(value, beyond) },
    {
      code: 'TOO_LARGE',
      why: `CIDs of more than ${MAX_CID} bytes`,
      is: ({ value }) => some(value, (link) => link instanceof CID && link.byteLength > MAX_CID)
    },
    { code: 'DEPTH', why: `the project nests ${MAX_DEPTH} deep, the reference as deep as the engine's stack`, is: ({ offset }) => offset >= MAX_DEPTH }
  ],
  accepted: [],
  decoded: [],
  values: [
    { why: 'the reference sorts keys as UTF-16, the specification as bytes', is: (value) => some(value, sortsOtherwise) },
    { why: 'the reference writes −0 as the integer 0', is: (value) => some(value, (item) => Object.is(item, -0)) },
    { why: 'the reference writes maps that would be read as links or bytes, or not at all', is: (value) => some(value, isReserved) },
    { why: 'the reference takes a map for a CID if its "/" and its "bytes" are the same string', is: (value) => some(value, looksLikeCid) }
  ]
}
