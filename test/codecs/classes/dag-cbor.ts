/** Where dag-cbor means to differ from @ipld/dag-cbor: codecs/dag-cbor/README.md says the same in words. */
import { CID } from 'multiformats/cid'
import { text } from '../../engines/text.js'
import { looksLikeCid, some } from '../some.js'
import type { Classes } from '../subject.js'

const MAX_DEPTH = 1024
const MAX_CID = 8192

export const dagCborClasses: Classes = {
  refused: [
    {
      code: 'KEY_ORDER',
      lax: true,
      why: 'the reference takes keys in any order, so that other bytes come back',
      is: ({ bytes, offset, canonical }) => bytes[offset] >> 5 === 3 && !canonical()
    },
    {
      code: 'NON_CANONICAL',
      lax: true,
      why: 'the reference takes half and single floats, which come back as doubles',
      is: ({ bytes, offset }) => bytes[offset] === 0xf9 || bytes[offset] === 0xfa
    },
    { code: 'UNSUPPORTED', lax: true, why: 'the reference takes undefined, which comes back as null', is: ({ bytes, offset }) => bytes[offset] === 0xf7 },
    { code: 'INVALID_UTF8', why: 'the reference puts U+FFFD in place of what is not UTF-8', is: ({ value }) => text(value).includes('\ufffd') },
    {
      code: 'INVALID_CID',
      why: 'the reference takes a CIDv0 that is not a sha2-256 of 32 bytes, and codes beyond 2^53 − 1, which come back as others',
      is: ({ value }) =>
        some(
          value,
          (link) => link instanceof CID && (link.version === 0 || link.code > Number.MAX_SAFE_INTEGER || link.multihash.code > Number.MAX_SAFE_INTEGER)
        )
    },
    {
      code: 'TOO_LARGE',
      why: `CIDs of more than ${MAX_CID} bytes`,
      is: ({ value }) => some(value, (link) => link instanceof CID && link.byteLength > MAX_CID)
    },
    { code: 'DEPTH', why: `the project nests ${MAX_DEPTH} deep, the reference as deep as the engine's stack`, is: ({ offset }) => offset >= MAX_DEPTH }
  ],
  accepted: [{ why: 'without a byte order mark two keys are the same', is: (_, value) => text(value).includes('"\ufeff') }],
  decoded: [{ why: 'the reference drops a byte order mark at the start of a string', without: (value) => value.replaceAll(/"\ufeff+/g, '"') }],
  values: [
    { why: 'the reference writes −0 as the integer 0', is: (value) => some(value, (item) => Object.is(item, -0)) },
    { why: 'the reference takes a map for a CID if its "/" and its "bytes" are the same string', is: (value) => some(value, looksLikeCid) }
  ]
}
