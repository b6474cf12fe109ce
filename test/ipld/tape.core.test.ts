/** Builder, checker, node view and relocation over tapes made by hand: right ones give the same value in each, wrong ones the same error. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fieldsAgree } from '../../src/ipld/cid.js'
import { Builder, CID, checkTape, IpldError, linksOf, MAX_DEPTH, Node, pathOf, relocate } from '../../src/ipld/index.js'
import { DATA } from '../../src/ipld/layout.js'
import { type Arenas, assemble, type Row, row } from './assemble.js'
import { tapeOf } from './material.js'

const cid = CID.parse('bafyreihxt7ixl73wm6oem4jkk53od4z5cabuuj3vfcucux5nwrrqwqzlyq')
const old = CID.parse('QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N')
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const same = (a: unknown, b: unknown): void => {
  if (a instanceof CID || b instanceof CID) assert.is(String(a), String(b))
  else assert.equal(a, b)
}

const NESTED: Row[] = [
  row.map(3, 11),
  row.ascii(0, 1),
  row.list(2, 5),
  row.uint(1),
  row.link(0, 36),
  row.ascii(1, 1),
  row.map(1, 9),
  row.ascii(2, 1),
  row.link(36, 34),
  row.ascii(3, 1),
  row.bool(1)
]
const NESTED_ARENAS: Arenas = { text: 'abcd', input: Uint8Array.from([...cid.bytes, ...old.bytes]) }
/** the second map has both keys of the first, the third has one, and two of its own */
const LIKE: Row[] = [
  row.list(3, 16),
  row.map(2, 6),
  row.ascii(0, 1),
  row.uint(1),
  row.ascii(1, 1),
  row.bool(1),
  row.like(1, 2, 2, 9),
  row.uint(2),
  row.bool(0),
  row.like(1, 1, 3, 16),
  row.list(1, 12),
  row.uint(3),
  row.ascii(2, 1),
  row.null,
  row.ascii(3, 1),
  row.map(0, 16)
]

const right: [name: string, rows: Row[], value: unknown, arenas?: Arenas][] = [
  ['null', [row.null], null],
  ['false', [row.bool(0)], false],
  ['true', [row.bool(1)], true],
  ['0', [row.uint(0)], 0],
  ['2^31', [row.uint(0x80000000)], 2 ** 31],
  ['2^32 − 1', [row.uint(-1)], 2 ** 32 - 1],
  ['2^32', [row.uint(0, 1)], 2 ** 32],
  ['2^53 − 1', [row.uint(-1, 0x1fffff)], 2 ** 53 - 1],
  ['2^53', [row.uint(0, 0x200000)], 2n ** 53n],
  ['2^64 − 1', [row.uint(-1, -1)], 2n ** 64n - 1n],
  ['−1', [row.nint(0)], -1],
  ['−2^32', [row.nint(-1)], -(2 ** 32)],
  ['−2^53 + 1', [row.nint(-2, 0x1fffff)], -(2 ** 53) + 1],
  ['−2^53', [row.nint(-1, 0x1fffff)], -(2n ** 53n)],
  ['−2^64', [row.nint(-1, -1)], -(2n ** 64n)],
  ['1.5', [row.float(1.5)], 1.5],
  ['a whole float', [row.float(3)], 3],
  ['−0', [row.float(-0)], -0],
  ['NaN', [row.float(Number.NaN)], Number.NaN],
  ['Infinity', [row.float(Number.POSITIVE_INFINITY)], Number.POSITIVE_INFINITY],
  ['an ASCII string', [row.ascii(2, 3)], 'cde', { text: 'abcdef' }],
  ['an empty ASCII string', [row.ascii(0, 0)], ''],
  ['an empty string at the end', [row.ascii(3, 0)], '', { text: 'abc' }],
  ['a zero byte', [row.ascii(0, 3)], 'a\0b', { text: 'a\0b' }],
  ['a raw string', [row.raw(1, 5)], 'é€', { input: utf8('xé€y') }],
  ['a raw string of the data arena', [row.raw(1, 5, DATA)], 'é€', { data: utf8('xé€y') }],
  ['a raw string with U+FFFD', [row.raw(0, 5)], 'a\ufffdb', { input: utf8('a\ufffdb') }],
  ['a raw string with a byte order mark', [row.raw(0, 4)], '\ufeffa', { input: utf8('\ufeffa') }],
  ['a long raw string', [row.raw(0, 6000)], 'é'.repeat(3000), { input: utf8('é'.repeat(3000)) }],
  ['a wide string', [row.wide(0, 6, 1, 3)], 'a€é', { wide: 'xa€é', input: utf8('a€é') }],
  ['a wide string with a pair', [row.wide(0, 4, 0, 2)], '😀', { wide: '😀', input: utf8('😀') }],
  ['an empty wide string', [row.wide(0, 0, 2, 0)], '', { wide: '😀' }],
  ['a wide string that has the mark first', [row.wide(0, 4, 0, 2)], '\ufeffa', { wide: '\ufeffa', input: utf8('\ufeffa') }],
  ['bytes', [row.bytes(1, 2)], Uint8Array.of(2, 3), { input: Uint8Array.of(1, 2, 3, 4) }],
  ['bytes of the data arena', [row.bytes(1, 2, DATA)], Uint8Array.of(2, 3), { data: Uint8Array.of(1, 2, 3, 4) }],
  ['no bytes', [row.bytes(4, 0)], new Uint8Array(0), { input: Uint8Array.of(1, 2, 3, 4) }],
  ['a link', [row.link(0, 36)], cid, { input: cid.bytes }],
  ['a link of version 0', [row.link(0, 34, DATA)], old, { data: old.bytes }],
  ['an empty list', [row.list(0, 1)], []],
  ['an empty map', [row.map(0, 1)], {}],
  ['a list', [row.list(2, 3), row.uint(1), row.null], [1, null]],
  ['lists within lists', [row.list(2, 5), row.list(1, 3), row.uint(1), row.list(1, 5), row.uint(2)], [[1], [2]]],
  [
    'keys with the names of Object',
    [row.map(3, 7), row.ascii(0, 9), row.uint(1), row.ascii(9, 11), row.uint(2), row.ascii(20, 8), row.uint(3)],
    JSON.parse('{"__proto__":1,"constructor":2,"toString":3}'),
    { text: '__proto__constructortoString' }
  ],
  ['an empty key', [row.map(1, 3), row.ascii(0, 0), row.uint(1)], { '': 1 }],
  ['a raw key', [row.map(1, 3), row.raw(0, 2), row.uint(1)], { é: 1 }, { input: utf8('é') }],
  ['a wide key', [row.map(1, 3), row.wide(0, 2, 0, 1), row.uint(1)], { é: 1 }, { input: utf8('é'), wide: 'é' }],
  ['a key twice: the last counts', [row.map(2, 5), row.ascii(0, 1), row.uint(1), row.ascii(0, 1), row.uint(2)], { a: 2 }, { text: 'a' }],
  ['nested', NESTED, { a: [1, cid], b: { c: old }, d: true }, NESTED_ARENAS],
  [
    'shared keys',
    LIKE,
    [
      { a: 1, b: true },
      { a: 2, b: false },
      { a: [3], c: null, d: {} }
    ],
    { text: 'abcd' }
  ],
  ['keys shared with an empty rest', [row.list(2, 5), row.map(1, 4), row.ascii(0, 1), row.uint(1), row.map(0, 5)], [{ a: 1 }, {}], { text: 'a' }]
]

for (const [name, rows, value, arenas] of right) {
  test(`right: ${name}`, () => {
    const tape = assemble(rows, arenas)
    const builder = new Builder()
    // often enough that shapes have functions of their own
    for (let i = 0; i < 60; i++) same(builder.build(tape), value)
    assert.is(checkTape(tape), tape)
    same(new Node(tape).value(), value)
    const copy = tape.copy()
    same(new Node(copy).value(), value)
    // and as an encoder gets it; there keys that stand twice are no matter of the tape
    const moved = tapeOf(relocate(tape))
    same(new Builder().build(checkTape(moved)), value)
  })
}

const wrong: [name: string, rows: Row[], code: string, message: RegExp, arenas?: Arenas][] = [
  ['kind 0', [[0]], 'INVALID_TAPE', /record 0: kind 0, expected 1 to 10/],
  ['kind 11', [[11]], 'INVALID_TAPE', /kind 11/],
  ['kind 15', [[15]], 'INVALID_TAPE', /kind 15/],
  ['kind 0 within', [row.list(1, 2), [0]], 'INVALID_TAPE', /record 1: kind 0/],
  ['bool 2', [row.bool(2)], 'INVALID_TAPE', /bool 2/],
  ['bool −1', [row.bool(-1)], 'INVALID_TAPE', /bool 4294967295/],
  ['a record after the root', [row.null, row.null], 'INVALID_TAPE', /record 1: after/],
  ['a list that ends late', [row.list(1, 9), row.null], 'INVALID_TAPE', /record 0: /],
  ['a list that ends early', [row.list(2, 2), row.null, row.null], 'INVALID_TAPE', /record 0: claims 2 items/],
  ['a list with too few items', [row.list(2, 4), row.list(2, 4), row.null, row.null], 'INVALID_TAPE', /record [04]: /],
  ['a list with too many items', [row.list(1, 3), row.null, row.null], 'INVALID_TAPE', /record [02]: /],
  ['2^32 − 1 items', [row.list(-1, 2), row.null], 'INVALID_TAPE', /4294967295/],
  ['a map without a value', [row.map(1, 2), row.ascii(0, 0)], 'INVALID_TAPE', /claims 1 items/],
  ['a key that is no string', [row.map(1, 3), row.null, row.null], 'INVALID_TAPE', /record 1: kind 1, expected a key/],
  ['a string after the text arena', [row.ascii(1, 3)], 'INVALID_TAPE', /record 0: /, { text: 'abc' }],
  ['a string with a negative length', [row.ascii(0, -1)], 'INVALID_TAPE', /record 0: /, { text: 'abc' }],
  ['a string with a negative offset', [row.ascii(-1, 1)], 'INVALID_TAPE', /record 0: /, { text: 'abc' }],
  ['bytes after the input', [row.bytes(3, 2)], 'INVALID_TAPE', /bytes 3 to 5/, { input: new Uint8Array(4) }],
  ['bytes after the data arena', [row.bytes(3, 2, DATA)], 'INVALID_TAPE', /bytes 3 to 5/, { data: new Uint8Array(4) }],
  ['bytes of the text arena', [[0x17, 1]], 'INVALID_TAPE', /source 1/, { text: 'abc' }],
  ['a link of the text arena', [[0x18, 1]], 'INVALID_TAPE', /source 1/, { text: 'abc' }],
  ['source 3', [[0x36, 1]], 'INVALID_TAPE', /source 3/, { text: 'abc' }],
  ['wide bytes', [[0x47, 1]], 'INVALID_TAPE', /record 0: /, { input: utf8('a'), wide: 'a' }],
  ['a wide string of the text arena', [[0x56, 1]], 'INVALID_TAPE', /record 0: /, { text: 'a', wide: 'a' }],
  ['a wide string after its arena', [row.wide(0, 2, 1, 2)], 'INVALID_TAPE', /wide arena/, { input: utf8('ab'), wide: 'ab' }],
  ['a wide string shorter than nothing', [row.wide(0, 1, 0, 1), [0]], 'INVALID_TAPE', /./, { input: utf8('ab'), wide: 'ab' }],
  ['a wide string with extra beyond its length', [[0x46 | (3 << 8), 2]], 'INVALID_TAPE', /wide arena/, { input: utf8('ab'), wide: 'ab' }],
  ['a wide string that cuts a pair', [row.wide(0, 4, 0, 1)], 'INVALID_TAPE', /within a character/, { input: utf8('😀'), wide: '😀' }],
  ['a wide arena with half a pair', [row.wide(0, 3, 0, 1)], 'INVALID_TAPE', /not well-formed/, { input: utf8('€'), wide: [0xd83d] }],
  [
    'shared beyond count',
    [row.list(2, 6), row.map(1, 4), row.ascii(0, 1), row.null, row.like(1, 2, 1, 6), row.null],
    'INVALID_TAPE',
    /shares 2 keys of 1/,
    { text: 'a' }
  ],
  [
    'like itself',
    [row.list(2, 6), row.map(1, 4), row.ascii(0, 1), row.null, row.like(4, 1, 1, 6), row.null],
    'INVALID_TAPE',
    /record 4: shares/,
    { text: 'a' }
  ],
  ['like a list', [row.list(2, 5), row.list(1, 3), row.null, row.like(1, 1, 1, 5), row.null], 'INVALID_TAPE', /record 3: shares/],
  [
    'like one with fewer keys',
    [row.list(2, 7), row.map(1, 4), row.ascii(0, 1), row.null, row.like(1, 2, 2, 7), row.null, row.null],
    'INVALID_TAPE',
    /record 4: shares/,
    { text: 'a' }
  ],
  ['like the map that it is in', [row.map(1, 4), row.ascii(0, 1), row.like(0, 1, 1, 4), row.null], 'INVALID_TAPE', /record 2: shares/, { text: 'a' }],
  ['too deep', [...Array.from({ length: MAX_DEPTH + 1 }, () => row.list(1, MAX_DEPTH + 2)), row.null], 'DEPTH', /deeper than 1024/]
]

function failure(work: () => unknown): IpldError {
  try {
    work()
  } catch (error) {
    assert.instance(error, IpldError, (error as Error).stack)
    return error as IpldError
  }
  throw new Error('no error')
}

for (const [name, rows, code, message, arenas] of wrong) {
  test(`wrong: ${name}`, () => {
    const tape = assemble(rows, arenas)
    const builder = new Builder()
    const build = failure(() => builder.build(tape))
    assert.is(build.code, code, build.message)
    assert.match(build.message, message)
    assert.is(failure(() => builder.build(tape)).message, build.message)
    const check = failure(() => checkTape(tape))
    assert.is(check.code, code, check.message)
    // a node takes one step at a time, and none of them is too deep
    if (code !== 'DEPTH') assert.is(failure(() => lookAt(new Node(tape))).code, code)
    // an honest tape with the same builder
    assert.equal(builder.build(assemble([row.list(1, 2), row.ascii(0, 1)], { text: 'a' })), ['a'])
  })
}

/** Asks a node for all that it has, to the bottom. */
function lookAt(node: Node): void {
  const { kind } = node
  node.links()
  for (const [key, child] of node.entries()) {
    node.get(key)
    lookAt(child)
  }
  if (kind !== 'list' && kind !== 'map') node.value()
  else if (node.length === 0) node.get('a')
}

const misplaced: [name: string, extent: Record<string, number>, message: RegExp][] = [
  ['no records', { records: 0 }, /no record, expected a root/],
  ['2^32 − 1 records', { records: 2 ** 32 - 1 }, /of 68719476720 bytes at 64,/],
  ['a tape after the memory', { tape: 2 ** 32 - 8 }, /at 4294967288,/],
  ['a tape at a multiple of 4', { tape: 68 }, /at 68,/],
  ['text after the memory', { text: 2 ** 32 - 1, textLength: 2 ** 32 - 1 }, /text arena/],
  ['wide at an odd address', { wide: 65 }, /wide arena/],
  ['wide after the memory', { wideLength: 2 ** 31 }, /wide arena/],
  ['data after the memory', { data: 64, dataLength: 2 ** 32 - 64 }, /data arena/]
]

for (const [name, extent, message] of misplaced) {
  test(`misplaced: ${name}`, () => {
    const error = failure(() => assemble([row.null], { extent }))
    assert.is(error.code, 'INVALID_TAPE')
    assert.match(error.message, message)
  })
}

const ofContent: [name: string, rows: Row[], code: string, offset: number | undefined, arenas: Arenas][] = [
  ['text that is not ASCII', [row.ascii(0, 1)], 'INVALID_TAPE', undefined, { text: 'aé' }],
  ['text that is not UTF-8', [row.ascii(0, 1)], 'INVALID_TAPE', undefined, { text: Uint8Array.of(0x61, 0xff) }],
  ['a raw string that is not UTF-8', [row.raw(1, 1)], 'INVALID_UTF8', 1, { input: Uint8Array.of(0x61, 0xff) }],
  ['a surrogate in UTF-8', [row.raw(0, 3, DATA)], 'INVALID_UTF8', undefined, { data: Uint8Array.of(0xed, 0xa0, 0x80) }],
  ['a character cut off', [row.raw(0, 1)], 'INVALID_UTF8', 0, { input: utf8('é') }],
  ['an overlong character', [row.raw(0, 2)], 'INVALID_UTF8', 0, { input: Uint8Array.of(0xc0, 0xaf) }],
  ['a link that is no CID', [row.link(2, 2)], 'INVALID_CID', 2, { input: new Uint8Array(4).fill(9) }],
  ['a link with a byte too many', [row.link(0, 37)], 'INVALID_CID', 0, { input: Uint8Array.from([...cid.bytes, 0]) }],
  ['an empty link', [row.link(0, 0)], 'INVALID_CID', 0, {}]
]

for (const [name, rows, code, offset, arenas] of ofContent) {
  test(`content: ${name}`, () => {
    const tape = assemble(rows, arenas)
    for (const work of [() => new Builder().build(tape), () => new Node(checkTape(tape)).value(), () => relocate(checkTape(tape))]) {
      const error = failure(work)
      assert.is(error.code, code)
      assert.is(error.offset, offset)
    }
    if (code === 'INVALID_CID') assert.is(failure(() => linksOf(checkTape(tape))).code, code)
  })
}

test('CIDs are made without their constructors', () => assert.ok(fieldsAgree, 'this version of multiformats has other fields, and links are slower for it'))

test('depth 1,024 is deep enough', () => {
  const tape = assemble([...Array.from({ length: MAX_DEPTH }, () => row.list(1, MAX_DEPTH + 1)), row.null])
  let value = new Builder().build(checkTape(tape))
  let depth = 0
  for (; Array.isArray(value); depth++) [value] = value
  assert.is(depth, MAX_DEPTH)
  assert.is(value, null)
})

test('bytes and links are views of the input, and copies of the data arena', () => {
  const input = Uint8Array.from([...cid.bytes, 7, 8])
  const data = Uint8Array.of(1, 2, 3)
  const tape = assemble([row.list(3, 4), row.link(0, 36), row.bytes(36, 2), row.bytes(0, 3, DATA)], { input, data })
  const [link, view, kept] = new Builder().build(tape) as [CID, Uint8Array, Uint8Array]
  assert.is(link.bytes.buffer, input.buffer)
  assert.is(view.buffer, input.buffer)
  tape.memory.fill(0)
  assert.equal(kept, Uint8Array.of(1, 2, 3))
})

const node = new Node(checkTape(assemble(NESTED, NESTED_ARENAS)))

test('node: kinds and lengths', () => {
  const rows: [path: string, kind: string, length: number][] = [
    ['', 'map', 3],
    ['a', 'list', 2],
    ['a/0', 'integer', 0],
    ['a/1', 'link', 36],
    ['b', 'map', 1],
    ['d', 'boolean', 0]
  ]
  for (const [path, kind, length] of rows) {
    assert.is(node.path(path).kind, kind, path)
    assert.is(node.path(path).length, length, path)
  }
  for (const [row_, kind] of [
    [row.null, 'null'],
    [row.nint(0), 'integer'],
    [row.float(1), 'float'],
    [row.ascii(0, 0), 'string'],
    [row.bytes(0, 0), 'bytes']
  ] as const)
    assert.is(new Node(assemble([row_])).kind, kind)
})

test('node: get', () => {
  assert.is(node.get('a')?.get(0)?.value(), 1)
  assert.is(node.get('a')?.get('0')?.value(), 1)
  for (const key of [-1, 2, 0.5, Number.NaN, '00', '-0', '1e0', ' 0', '', '2', 'length']) assert.is(node.get('a')?.get(key), undefined, String(key))
  for (const key of ['', 'z', 'aa', '__proto__', 'constructor']) assert.is(node.get(key), undefined, key)
  assert.is(node.get('d')?.get('x'), undefined)
})

const notFound: [path: string, message: RegExp][] = [
  ['z', /^no "z" in the root, which is a map of 3$/],
  ['a/7', /^no "7" in "a", which is a list of 2$/],
  ['b/c/d', /^no "d" in "b\/c", which is a link$/],
  ['a/0/x', /^no "x" in "a\/0", which is an integer$/]
]

for (const [path, message] of notFound) {
  test(`node: no ${path}`, () => {
    const error = failure(() => node.path(path))
    assert.is(error.code, 'NOT_FOUND')
    assert.match(error.message, message)
  })
}

test('node: paths with slashes at the ends and doubled', () => {
  for (const path of ['a/0', '/a/0', 'a//0/', '//a/0']) assert.is(node.path(path).value(), 1)
  assert.is(node.path('').kind, 'map')
  assert.is(node.path('/').kind, 'map')
})

test('node: entries, links and values of parts', () => {
  assert.equal(
    [...node.entries()].map(([key, { kind }]) => [key, kind]),
    [
      ['a', 'list'],
      ['b', 'map'],
      ['d', 'boolean']
    ]
  )
  assert.equal(
    [...node.path('a').entries()].map(([key]) => key),
    [0, 1]
  )
  assert.equal([...node.path('d').entries()], [])
  assert.equal(node.links().map(String), [`${cid}`, `${old}`])
  assert.equal(node.path('b').links().map(String), [`${old}`])
  assert.equal(node.path('d').links(), [])
  assert.equal(`${(node.path('b').value() as { c: CID }).c}`, `${old}`)
})

test('node: shared keys', () => {
  const shared = new Node(checkTape(assemble(LIKE, { text: 'abcd' })))
  assert.is(shared.path('1/b').value(), false)
  assert.equal(shared.path('2/a').value(), [3])
  assert.is(shared.path('2/c').value(), null)
  assert.is(shared.path('2').get('b'), undefined)
  assert.equal(
    [...shared.path('2').entries()].map(([key]) => key),
    ['a', 'c', 'd']
  )
  // a part whose keys stand outside of it
  assert.equal(shared.path('1').value(), { a: 2, b: false })
})

test('node: keys of all forms are found by their UTF-8', () => {
  const tape = assemble([row.map(3, 7), row.ascii(0, 1), row.uint(1), row.raw(0, 2), row.uint(2), row.wide(2, 3, 0, 1), row.uint(3)], {
    text: 'a',
    input: utf8('é€'),
    wide: '€'
  })
  const all = new Node(checkTape(tape))
  assert.equal(
    [...all.entries()].map(([key]) => key),
    ['a', 'é', '€']
  )
  for (const [key, value] of [
    ['a', 1],
    ['é', 2],
    ['€', 3]
  ] as const)
    assert.is(all.get(key)?.value(), value)
})

test('node: a text arena that is not ASCII gives no keys', () => {
  const tape = checkTape(assemble([row.map(1, 3), row.ascii(0, 2), row.uint(1)], { text: 'é' }))
  assert.is(failure(() => [...new Node(tape).entries()]).code, 'INVALID_TAPE')
})

test('room: what a value takes is bounded', () => {
  const bytes = assemble([row.list(4, 5), ...Array.from({ length: 4 }, () => row.bytes(0, 1))], { input: Uint8Array.of(1) })
  const text = assemble([row.list(4, 5), ...Array.from({ length: 4 }, () => row.raw(0, 1000))], { input: new Uint8Array(1000).fill(0x61) })
  const links = assemble([row.list(4, 5), ...Array.from({ length: 4 }, () => row.link(0, 36))], { input: cid.bytes })
  for (const tape of [bytes, text, links]) {
    assert.is((new Builder().build(tape) as unknown[]).length, 4)
    tape.room = 30
    assert.is(failure(() => new Builder().build(tape)).code, 'VALUE_SIZE')
    assert.is(failure(() => new Node(tape.copy()).value()).code, 'VALUE_SIZE')
  }
  assert.is(failure(() => linksOf(links)).code, 'VALUE_SIZE')
  assert.is(failure(() => relocate(text)).code, 'VALUE_SIZE')
})

test('relocate: what is short, a link or a key comes into the arenas, what is long stays', () => {
  const long = 'x'.repeat(600)
  const input = Uint8Array.from([...utf8(long), ...cid.bytes])
  const tape = checkTape(
    assemble([row.map(1, 8), row.raw(0, 600), row.list(5, 8), row.raw(0, 600), row.raw(0, 511), row.bytes(0, 512), row.bytes(1, 5), row.link(600, 36)], {
      input
    })
  )
  const material = relocate(tape)
  const words = material.words.slice(0, material.records * 4)
  const sources = Array.from({ length: 8 }, (_, record) => (words[4 * record] >> 4) & 3)
  assert.equal(sources, [0, 2, 0, 0, 2, 0, 2, 2])
  assert.is(material.outside.length, 1)
  assert.is(material.outside[0], tape.input)
  assert.is(material.dataLength, 600 + 511 + 5 + 36)
})

test('pathOf: every record of a tape', () => {
  const material = relocate(checkTape(assemble(NESTED, NESTED_ARENAS)))
  const paths = Array.from({ length: NESTED.length }, (_, record) => pathOf(material, record))
  assert.equal(paths, ['', 'a', 'a', 'a/0', 'a/1', 'b', 'b', 'b/c', 'b/c', 'd', 'd'])
  for (const record of [11, 1e6, 2 ** 32, 2 ** 64, Number.POSITIVE_INFINITY]) assert.type(pathOf(material, record), 'string')
  const shared = relocate(checkTape(assemble(LIKE, { text: 'abcd' })))
  assert.equal(
    Array.from({ length: LIKE.length }, (_, record) => pathOf(shared, record)),
    ['', '0', '0/a', '0/a', '0/b', '0/b', '1', '1/a', '1/b', '2', '2/a', '2/a/0', '2/c', '2/c', '2/d', '2/d']
  )
})

test.run()
