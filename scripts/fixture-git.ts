/** Git objects that are to be accepted or refused, written by hand from git's own documentation and sources: what should happen, not what happens. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
export const A = 'a'.repeat(40)
export const B = '0123456789abcdef'.repeat(3).slice(0, 40)
export const link = (hex: string): CID => CID.createV1(0x78, create(0x11, new Uint8Array(Buffer.from(hex, 'hex'))))
export const object = (type: string, body: string): Uint8Array => ascii(`${type} ${body.length}\0${body}`)
export const raw = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1')

export const WHO = 'A U Thor <author@example.com> 1525125994 +0200'
export const PERSON = { name: 'A U Thor', email: 'author@example.com', date: '1525125994', timezone: '+0200' }
const HEAD = `tree ${A}\nauthor ${WHO}\ncommitter ${WHO}\n`
export const commit = (more: string): Uint8Array => object('commit', HEAD + more)
export const COMMIT = { tree: link(A), parents: [], author: PERSON, committer: PERSON, mergetag: [], other: [] }
export const TAG = { object: link(A), type: 'commit', tag: 'v1' }
export const tagOf = (more: string): Uint8Array => object('tag', `object ${A}\ntype commit\ntag v1\n${more}`)
export const entry = (mode: string, name: string, hash = A): string => `${mode} ${name}\0${raw(hash)}`
export const file = { mode: '100644', hash: link(A) }

/** Objects that some tool has made, and what they are. */
export const objects: [what: string, block: Uint8Array, value: unknown][] = [
  ['an empty blob', ascii('blob 0\0'), ascii('blob 0\0')],
  ['a blob', ascii('blob 3\0a\0b'), ascii('blob 3\0a\0b')],
  ['an empty tree', ascii('tree 0\0'), {}],
  [
    'modes',
    object('tree', entry('40000', 'd') + entry('160000', 'm', B) + entry('100755', 'run') + entry('120000', 's') + entry('0100644', 'z')),
    {
      d: { mode: '40000', hash: link(A) },
      m: { mode: '160000', hash: link(B) },
      run: { mode: '100755', hash: link(A) },
      s: { mode: '120000', hash: link(A) },
      z: { mode: '0100644', hash: link(A) }
    }
  ],
  [
    'a directory sorts as if it ended in a slash',
    object('tree', entry('100644', 'a-') + entry('40000', 'a') + entry('100644', 'a0')),
    {
      'a-': file,
      a: { mode: '40000', hash: link(A) },
      a0: file
    }
  ],
  ['a zero before a directory’s mode', object('tree', entry('100644', 'a-') + entry('040000', 'a')), { 'a-': file, a: { mode: '040000', hash: link(A) } }],
  ['names in UTF-8', object('tree', entry('100644', raw('c3a9')) + entry('100644', raw('f09f9a80'))), { é: file, '🚀': file }],
  ['names in Latin-1', object('tree', entry('100644', `caf${raw('e9')}.txt`) + entry('100644', raw('c3'))), { 'caf\0é.txt': file, '\0Ã': file }],
  ['names like fields', object('tree', entry('100644', 'hash') + entry('40000', 'tree')), { hash: file, tree: { mode: '40000', hash: link(A) } }],
  ['a commit', commit('\nText\n'), { ...COMMIT, message: 'Text\n' }],
  ['no message', commit(''), COMMIT],
  ['an empty message', commit('\n'), { ...COMMIT, message: '' }],
  ['no line feed at the end', commit('\nText'), { ...COMMIT, message: 'Text' }],
  [
    'a message in Latin-1',
    commit(`encoding ISO-8859-1\n\ncaf${raw('e9')}`),
    {
      ...COMMIT,
      encoding: 'ISO-8859-1',
      message: ascii(`caf${raw('e9')}`)
    }
  ],
  ['parents', object('commit', `tree ${A}\nparent ${B}\nparent ${A}\n${HEAD.slice(46)}\n`), { ...COMMIT, parents: [link(B), link(A)], message: '' }],
  [
    'a signature',
    commit('gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n \n -----END SSH SIGNATURE-----\n\nText'),
    {
      ...COMMIT,
      signature: '-----BEGIN SSH SIGNATURE-----\nAAAA\n\n-----END SSH SIGNATURE-----',
      message: 'Text'
    }
  ],
  [
    'other headers',
    commit('encoding x\nHG:extra branch:default\nempty \nodd\nlong a\n b\n  c\n\n'),
    {
      ...COMMIT,
      encoding: 'x',
      other: ['HG:extra branch:default', 'empty ', 'odd', 'long a\nb\n c'],
      message: ''
    }
  ],
  [
    'a signature before the encoding, as JGit has it',
    commit('gpgsig s\nencoding x\n\n'),
    {
      ...COMMIT,
      encoding: 'x',
      signature: 's',
      order: ['signature', 'encoding'],
      message: ''
    }
  ],
  ['a header twice', commit('encoding x\nencoding y\ngpgsig s\n\n'), { ...COMMIT, encoding: 'x', other: ['encoding y'], signature: 's', message: '' }],
  [
    'a mergetag',
    commit(`mergetag object ${B}\n type commit\n tag v1\n tagger ${WHO}\n \n Text\n more\n\nMerge`),
    {
      ...COMMIT,
      mergetag: [{ ...TAG, object: link(B), tagger: PERSON, message: 'Text\nmore\n' }],
      message: 'Merge'
    }
  ],
  [
    'mergetags that differ',
    commit(`mergetag object ${B}\n type commit\n tag v1\nmergetag object ${A}\n type commit\n tag v1\n x y\n \n \n\n`),
    {
      ...COMMIT,
      mergetag: [
        { ...TAG, object: link(B) },
        { ...TAG, other: ['x y'], message: '\n' }
      ],
      message: ''
    }
  ],
  ['no author', object('commit', `tree ${A}\ncommitter ${WHO}\n\n`), { tree: link(A), parents: [], committer: PERSON, mergetag: [], other: [], message: '' }],
  ['neither', object('commit', `tree ${A}\n`), { tree: link(A), parents: [], mergetag: [], other: [] }],
  ['a late author', object('commit', `tree ${A}\nx y\nauthor ${WHO}\n`), { tree: link(A), parents: [], mergetag: [], other: ['x y', `author ${WHO}`] }],
  ['a tag', tagOf(`tagger ${WHO}\n\nText\n`), { ...TAG, tagger: PERSON, message: 'Text\n' }],
  ['a tag without tagger', tagOf('\nText\n'), { ...TAG, message: 'Text\n' }],
  ['a tag without message', tagOf(''), TAG],
  ['a tag with other headers', tagOf('gpgsig-sha256 a\n b\n\n'), { ...TAG, other: ['gpgsig-sha256 a\nb'], message: '' }],
  ['a tag in Latin-1', object('tag', `object ${A}\ntype tag\ntag ${raw('e9')}\n`), { object: link(A), type: 'tag', tag: Uint8Array.of(0xe9) }]
]

/** Lines of authors, and what they are. */
const people: [line: string, value: unknown][] = [
  ['A <a@b> 1 +0000', { name: 'A', email: 'a@b', date: '1', timezone: '+0000' }],
  [' <a@b> 1 +0000', { name: '', email: 'a@b', date: '1', timezone: '+0000' }],
  ['<a@b> 1 +0000', { email: 'a@b', date: '1', timezone: '+0000' }],
  ['A <> 1 +0000', { name: 'A', email: '', date: '1', timezone: '+0000' }],
  ['A <a@b>', { name: 'A', email: 'a@b' }],
  ['A <a@b> ', { name: 'A', email: 'a@b', date: '' }],
  ['A <a@b> 1', { name: 'A', email: 'a@b', date: '1' }],
  ['A <a@b> 1 ', { name: 'A', email: 'a@b', date: '1', timezone: '' }],
  ['A <a@b>  +0000', { name: 'A', email: 'a@b', date: '', timezone: '+0000' }],
  ['A  B  <a@b> 1 -7', { name: 'A  B ', email: 'a@b', date: '1', timezone: '-7' }],
  ['A <a@b> 1 +051800 x', { name: 'A', email: 'a@b', date: '1', timezone: '+051800 x' }],
  ['A <<a> <b>> 99999999999999999999 +0000', { name: 'A', email: '<a> <b>', date: '99999999999999999999', timezone: '+0000' }],
  [`J${raw('f6')}rg <a@b> 1 +0000`, { name: ascii(`J${raw('f6')}rg`), email: 'a@b', date: '1', timezone: '+0000' }],
  ['A 1 +0000', 'A 1 +0000'],
  ['A<a@b> 1 +0000', 'A<a@b> 1 +0000'],
  ['A <a@b>1 +0000', 'A <a@b>1 +0000'],
  ['A <a@b', 'A <a@b'],
  ['', '']
]
for (const [line, value] of people) {
  objects.push([`person "${line}"`, object('commit', `tree ${A}\nauthor ${line}\n`), { tree: link(A), parents: [], author: value, mergetag: [], other: [] }])
}

/** Refused, at an offset; and the value if lax takes it. */
export const refused: [what: string, block: Uint8Array, expected: string, lax?: unknown][] = [
  ['nothing', ascii(''), 'UNEXPECTED_END 0'],
  ['part of a type', ascii('com'), 'UNEXPECTED_END 3'],
  ['another type', ascii('bolb 0\0'), 'MALFORMED 0'],
  ['no size', ascii('blob \0'), 'MALFORMED 5'],
  ['a zero before the size', ascii('blob 01\0a'), 'MALFORMED 5'],
  ['a sign', ascii('blob +1\0a'), 'MALFORMED 5'],
  ['no end of the size', ascii('blob 1'), 'UNEXPECTED_END 6'],
  ['a size of 2^53', ascii('blob 9007199254740992\0'), 'NUMBER_RANGE 5'],
  ['less than the size', ascii('blob 2\0a'), 'UNEXPECTED_END 8'],
  ['more than the size', ascii('blob 1\0ab'), 'TRAILING_BYTES 8'],
  ['a tree of less than an entry', object('tree', '100'), 'UNEXPECTED_END 10'],
  ['a mode of no octal digits', object('tree', entry('100648', 'a')), 'MALFORMED 8'],
  ['a mode of four digits', object('tree', entry('1006', 'a')), 'MALFORMED 8'],
  ['no name', object('tree', entry('100644', '')), 'MALFORMED 8'],
  ['no end of the name', object('tree', '100644 abc'), 'UNEXPECTED_END 18'],
  ['a hash too short', object('tree', entry('100644', 'a').slice(0, -1)), 'UNEXPECTED_END 36'],
  ['names out of order', object('tree', entry('100644', 'b') + entry('100644', 'a')), 'KEY_ORDER 37', { b: file, a: file }],
  [
    'a directory out of order',
    object('tree', entry('40000', 'a') + entry('100644', 'a-')),
    'KEY_ORDER 36',
    { a: { mode: '40000', hash: link(A) }, 'a-': file }
  ],
  ['a name twice', object('tree', entry('100644', 'a') + entry('100755', 'a')), 'DUPLICATE_KEY 37'],
  ['a file and a directory of one name', object('tree', entry('100644', 'a') + entry('40000', 'a')), 'DUPLICATE_KEY 37'],
  ['the same, apart', object('tree', entry('100644', 'a') + entry('100644', 'a-') + entry('100644', 'a-b') + entry('40000', 'a')), 'DUPLICATE_KEY 99'],
  ['a tree of sha2-256', object('commit', `tree ${'a'.repeat(64)}\nauthor ${WHO}\ncommitter ${WHO}\n`), 'UNSUPPORTED 16'],
  ['no tree', object('commit', `author ${WHO}\ncommitter ${WHO}\n`), 'MALFORMED 11'],
  ['a hash of 39', object('commit', `tree ${A.slice(1)}\n${HEAD.slice(46)}`), 'MALFORMED 16'],
  ['a hash with another letter', object('commit', `tree ${A.slice(1)}g\n${HEAD.slice(46)}`), 'MALFORMED 55'],
  ['a hash in upper case', object('commit', `tree ${A.toUpperCase()}\n${HEAD.slice(46)}`), 'NON_CANONICAL 16', COMMIT],
  ['a header that does not end', object('commit', HEAD.slice(0, -1)), `UNEXPECTED_END ${11 + HEAD.length - 1}`],
  ['a continuation of nothing', object('commit', `tree ${A}\n b\n`), 'MALFORMED 56'],
  ['a mergetag that is no tag', commit('mergetag x\n\n'), `MALFORMED ${11 + HEAD.length}`],
  ['a tag of no object', object('tag', `type commit\ntag v1\n`), 'MALFORMED 7'],
  ['a tag of no name', object('tag', `object ${A}\ntype commit\n\n`), 'MALFORMED 67']
]
