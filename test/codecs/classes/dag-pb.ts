/** Where dag-pb means to differ from @ipld/dag-pb: codecs/dag-pb/README.md says the same in words. */
import { CID } from 'multiformats/cid'
import { text } from '../../engines/text.js'
import { some } from '../some.js'
import type { Classes } from '../subject.js'

const MAX_CID = 8192

export const dagPbClasses: Classes = {
  refused: [
    { code: 'KEY_ORDER', lax: true, why: 'the reference takes links in any order, and Data before them', is: ({ canonical }) => !canonical() },
    { code: 'NON_CANONICAL', lax: true, why: 'the reference takes varints that are longer than they need be', is: ({ canonical }) => !canonical() },
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
      code: 'NUMBER_RANGE',
      why: 'the reference takes sizes beyond 2^64 − 1',
      is: ({ value }) => some(value, (item) => typeof item === 'number' && item >= 2 ** 64)
    },
    { code: 'TOO_LARGE', why: `CIDs of more than ${MAX_CID} bytes`, is: ({ value }) => some(value, (link) => link instanceof CID && link.byteLength > MAX_CID) }
  ],
  accepted: [],
  decoded: [
    { why: 'the reference drops a byte order mark at the start of a name', without: (value) => value.replaceAll(/"\ufeff+/g, '"') },
    {
      why: 'the reference reads a Tsize beyond 2^53 − 1 as a number, and so another one',
      without: (value) => value.replaceAll(/"Tsize":(\d{16,}n?|\d[\d.]*e\+\d+)/g, '"Tsize"')
    }
  ],
  values: []
}
