/** Where dag-pb means to differ from @ipld/dag-pb: codecs/dag-pb/README.md says the same in words. */
import { CID } from 'multiformats/cid'
import { text } from '../../engines/text.js'
import { some } from '../some.js'
import type { Classes } from '../subject.js'

export const dagPbClasses: Classes = {
  refused: [
    { code: 'KEY_ORDER', lax: true, why: 'the reference takes links in any order, and Data before them', is: ({ canonical }) => !canonical() },
    { code: 'NON_CANONICAL', lax: true, why: 'the reference takes varints that are longer than they need be', is: ({ canonical }) => !canonical() },
    { code: 'INVALID_UTF8', why: 'the reference puts U+FFFD in place of what is not UTF-8', is: ({ value }) => text(value).includes('\ufffd') }
  ],
  accepted: [],
  decoded: [{ why: 'the reference drops a byte order mark at the start of a name', without: (value) => value.replaceAll(/"\ufeff+/g, '"') }],
  values: []
}
void CID
void some
