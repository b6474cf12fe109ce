/** Selectors over blocks: the cases of the specification told anew, and what else they have to withstand. */
import type { CID } from 'multiformats/cid'
import { CID as Cid } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Place, readSelector, type SelectOptions, select } from '../../src/dag/selector/index.js'
import { createHost } from '../../src/index.js'

const host = await createHost()
const json = await host.codec('dag-json')
const cbor = await host.codec('dag-cbor')
const store = new Map<string, Uint8Array>()

async function put(value: unknown, codec = cbor): Promise<CID> {
  const bytes = codec.encode(value)
  const cid = Cid.createV1(codec.code, await sha256.digest(bytes))
  store.set(cid.toString(), bytes)
  return cid
}

const options: SelectOptions = { get: async (cid) => store.get(cid.toString()), codec: (cid) => host.codec(cid.code) }

/** Lax, since a selector's own order of fields says the order of the visits. */
const selectorOf = (value: unknown) => readSelector(json.node(new TextEncoder().encode(JSON.stringify(value)), { strict: false }))

/** A line for each visit: its path, its kind or value, and a star for a match, with the match's label. */
async function lines(root: CID, selector: unknown, more: Partial<SelectOptions> = {}): Promise<string[]> {
  const found: string[] = []
  for await (const { path, place, matches } of select(root, selectorOf(selector), { ...options, ...more })) {
    const text = place.kind === 'map' || place.kind === 'list' ? place.kind : show(place.node?.value())
    const marks = await Promise.all(matches.map(async (match) => `*${match.label ?? ''}${match.subset === undefined ? '' : `=${show(await match.value())}`}`))
    found.push([path.join('/') || '.', text, ...marks].join(' '))
  }
  return found
}

const show = (value: unknown) => (value instanceof Uint8Array ? Array.from(value).join() : String(value))

async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string; path?: string }> {
  try {
    await work
  } catch (error) {
    return error as { code: string; message: string; path?: string }
  }
  throw new Error('no error')
}

const match = { '.': {} }
const edge = { '@': {} }
const all = (next: unknown) => ({ a: { '>': next } })
const fields = (next: Record<string, unknown>) => ({ f: { 'f>': next } })
const index = (i: number, next: unknown) => ({ i: { i, '>': next } })
const range = (from: number, to: number, next: unknown) => ({ r: { '^': from, $: to, '>': next } })
const union = (...members: unknown[]) => ({ '|': members })
const recursive = (sequence: unknown, depth?: number, stopAt?: unknown) => ({
  R: { l: depth === undefined ? { none: {} } : { depth }, ':>': sequence, ...(stopAt === undefined ? {} : { '!': stopAt }) }
})
const subset = (from: number, to: number) => ({ '.': { subset: { '[': from, ']': to } } })
const everything = recursive(union(match, all(edge)))

// --- one block: the specification's fixtures ---------------------------------------------------------------------------------------------------------------

const deep = [{ one: [{ two: [3] }] }]
const sentence = 'what a long sentence this would be'

const inOneBlock: [name: string, data: unknown, selector: unknown, expected: string[]][] = [
  ['a single node', 'basic', match, ['. basic *']],
  ['a small map', { foo: true, other: {} }, match, ['. map *']],
  ['fields, in the selector’s order', { bar: false, foo: true, more: {} }, fields({ foo: match, bar: match }), ['. map', 'foo true *', 'bar false *']],
  ['fields that are not there', { a: 1 }, fields({ b: match }), ['. map']],
  [
    'fields within fields',
    { bar: 5, foo: true, nested: { newt: 8 } },
    fields({ foo: match, nested: fields({ newt: match }) }),
    ['. map', 'foo true *', 'nested map', 'nested/newt 8 *']
  ],
  ['fields of a list', ['a', 'b'], fields({ 1: match, '01': match, x: match }), ['. list', '1 b *']],
  ['fields of what has none', 7, fields({ a: match }), ['. 7']],
  ['an index', ['0', '1', '2'], index(1, match), ['. list', '1 1 *']],
  ['an index beyond the end', ['0'], index(1, match), ['. list']],
  ['an index of a map', { 1: true }, index(1, match), ['. map']],
  ['a range', [0, null, 's', {}], range(1, 3, match), ['. list', '1 null *', '2 s *']],
  ['a range beyond the end', ['a', 'b'], range(1, 2 ** 53, match), ['. list', '1 b *']],
  ['a range of nothing', ['a', 'b'], range(1, 1, match), ['. list']],
  ['all of a map', { a: 1, b: 2 }, all(match), ['. map', 'a 1 *', 'b 2 *']],
  ['all of a string', 'abc', all(match), ['. abc']],
  ['a part of a string', sentence, subset(7, 20), [`. ${sentence} *=long sentence`]],
  ['the end of a string', sentence, subset(-8, Number.MAX_SAFE_INTEGER), [`. ${sentence} *=would be`]],
  ['a part that ends before it begins', 'abc', subset(2, 1), ['. abc']],
  ['a part before the beginning', 'abc', subset(-10, 1), ['. abc *=a']],
  ['a part after the end', 'abc', subset(4, 9), ['. abc']],
  ['nothing of a string', 'abc', subset(3, 3), ['. abc *=']],
  ['a part of bytes', Uint8Array.of(1, 2, 3, 4), subset(1, -1), ['. 1,2,3,4 *=2,3']],
  ['a part of a number', 7, subset(0, 1), ['. 7']],
  ['a label', { a: 1 }, fields({ a: { '.': { label: 'it' } } }), ['. map', 'a 1 *it']],
  ['several matchers', 1, union(match, { '.': { label: 'x' } }), ['. 1 * *x']],
  ['recursion with a limit', deep, recursive(all(edge), 4), ['. list', '0 map', '0/one list', '0/one/0 map']],
  ['recursion without one', deep, recursive(all(edge)), ['. list', '0 map', '0/one list', '0/one/0 map', '0/one/0/two list', '0/one/0/two/0 3']],
  ['recursion of depth 1', [[1]], recursive(union(match, all(edge)), 1), ['. list *']],
  ['recursion of depth 0', [[1]], recursive(union(match, all(edge)), 0), ['. list']],
  ['recursion with an immediate edge', [0], recursive(edge), ['. list']],
  ['an immediate edge beside others', [[0]], recursive(union(edge, all(edge))), ['. list', '0 list', '0/0 0']],
  [
    'a sequence of two steps',
    { a: { b: { a: { b: 1 } } } },
    recursive(union(match, fields({ a: fields({ b: edge }) }))),
    ['. map *', 'a map', 'a/b map *', 'a/b/a map', 'a/b/a/b 1 *']
  ],
  [
    'the edge is of the nearest recursion',
    { x: [[1]], y: { x: [2] } },
    recursive(union(fields({ x: recursive(union(match, all(edge))) }), fields({ y: edge }))),
    ['. map', 'x list *', 'x/0 list *', 'x/0/0 1 *', 'y map', 'y/x list *', 'y/x/0 2 *']
  ],
  ['what is left of a limit goes down each way', [[0, [1]], 2], recursive(union(match, all(edge)), 2), ['. list *', '0 list *', '1 2 *']],
  [
    'many fields of a map',
    Object.fromEntries(Array.from('abcdefghijkl', (c, i) => [c, i])),
    fields(Object.fromEntries(Array.from('lkjihgfedz', (c) => [c, match]))),
    ['. map', ...Array.from('lkjihgfed', (c) => `${c} ${c.charCodeAt(0) - 97} *`)]
  ],
  [
    'a union of lists’ parts, in the data’s order',
    ['a', 'b', 'c', 'd'],
    union(index(3, match), range(0, 2, match), index(1, { '.': { label: 'i' } })),
    ['. list', '0 a *', '1 b * *i', '3 d *']
  ],
  ['in an envelope', { a: 1 }, { selector: all(match) }, ['. map', 'a 1 *']]
]

// before the first suite: uvu forgets what has failed before an `await` between two
const leaf = await put('leaf')

const one = suite('selectors in one block')
for (const [name, data, selector, expected] of inOneBlock) one(name, async () => assert.equal(await lines(await put(data), selector), expected))
one.run()

// --- conditions ------------------------------------------------------------------------------------------------------------------------------------------

const people = { list: [{ name: 'Ann', age: 31, tags: ['x'] }, { name: 'Bob', age: 12 }, { name: 'Cy', link: leaf }, 4.5, 2n ** 63n, -1, null] }
const whose = (condition: unknown) => fields({ list: all({ '.': { onlyIf: condition } }) })

const conditions: [name: string, condition: unknown, matching: number[]][] = [
  ['kind', { '%': 'map' }, [0, 1, 2]],
  ['kind, by its short name', { '%': 'int' }, [4, 5]],
  ['value', { '=': null }, [6]],
  ['value, a map', { '=': { name: 'Bob', age: 12 } }, [1]],
  ['value, with a link', { '=': { name: 'Cy', link: { '/': leaf.toString() } } }, [2]],
  ['a field', { hasField: 'age' }, [0, 1]],
  ['fields of a kind', { hasField: { name: { '=': 'Ann' }, tags: { '%': 'list' } } }, [0]],
  ['greater, integers and floats alike', { greaterThan: 4 }, [3, 4]],
  ['less', { lessThan: 4.5 }, [5]],
  ['greater than a field', { hasField: { age: { greaterThan: 12 } } }, [0]],
  ['and', { and: [{ '%': 'map' }, { hasField: { age: { lessThan: 20 } } }] }, [1]],
  ['or', { or: [{ '=': -1 }, { '=': 4.5 }] }, [3, 5]],
  ['no and is true, no or is false', { or: [{ and: [] }, { or: [] }] }, [0, 1, 2, 3, 4, 5, 6]],
  ['a link within', { hasField: { link: { '/': leaf.toString() } } }, [2]]
]

const conditional = suite('conditions of selectors')
for (const [name, condition, matching] of conditions) {
  conditional(name, async () => {
    const root = await put(people)
    const found = (await lines(root, whose(condition))).filter((line) => line.endsWith('*')).map((line) => Number(line.split(/[/ ]/)[1]))
    assert.equal(found, matching)
  })
}
conditional('go on only where it holds', async () => {
  const root = await put({ a: { type: 'dir', in: [1] }, b: { type: 'file', in: [2] } })
  const selector = all({ '&': { '&': { hasField: { type: { '=': 'dir' } } }, '>': fields({ in: all(match) }) } })
  assert.equal(await lines(root, selector), ['. map', 'a map', 'a/in list', 'a/in/0 1 *', 'b map'])
})
conditional.run()

// --- across blocks ---------------------------------------------------------------------------------------------------------------------------------------

const many = suite('selectors across blocks')

async function chain(length: number): Promise<CID[]> {
  const cids: CID[] = []
  for (let i = 0; i < length; i++) cids.push(await put({ i, parent: i === 0 ? null : cids[i - 1] }, i % 2 === 0 ? cbor : json))
  return cids
}

many('links are followed, whatever their codecs, and the path goes on', async () => {
  const cids = await chain(4)
  assert.equal(await lines(cids[3], fields({ parent: fields({ parent: fields({ i: match }) }) })), [
    '. map',
    'parent map',
    'parent/parent map',
    'parent/parent/i 1 *'
  ])
})

many('recursion stops at a link', async () => {
  const cids = await chain(6)
  const ancestors = recursive(union(fields({ i: match }), fields({ parent: edge })), 100, { '/': cids[2].toString() })
  assert.equal(await lines(cids[5], ancestors), ['. map', 'i 5 *', 'parent map', 'parent/i 4 *', 'parent/parent map', 'parent/parent/i 3 *'])
})

many('recursion stops at what a link leads to', async () => {
  const cids = await chain(6)
  const ancestors = recursive(union(fields({ i: match }), fields({ parent: edge })), undefined, { hasField: { i: { lessThan: 4 } } })
  assert.equal(await lines(cids[5], ancestors), ['. map', 'i 5 *', 'parent map', 'parent/i 4 *'])
})

many('a chain of 20,000 blocks, in time that grows with its length', async () => {
  const cids = await chain(20_000)
  let visits = 0
  let last = 0
  for await (const { matches, place } of select(cids[19_999], selectorOf(recursive(union(match, fields({ parent: edge })))), options)) {
    visits++
    if (matches.length > 0) last = (place.node?.get('i')?.value() as number) ?? last
  }
  assert.equal([visits, last], [20_001, 0])
})

many('a missing block ends the walk, or is told of', async () => {
  const gone = Cid.createV1(0x71, await sha256.digest(new TextEncoder().encode('nowhere')))
  const root = await put({ a: gone, b: 1 })
  const error = await refusal(lines(root, everything))
  assert.is(error.code, 'BLOCK_NOT_FOUND')
  assert.match(error.message, /linked at "a"/)
  const dead: string[] = []
  assert.equal(await lines(root, everything, { dead: ({ path, cid }) => dead.push(`${path} ${cid}`) }), ['. map *', 'b 1 *'])
  assert.equal(dead, [`a ${gone}`])
})

many('an unknown codec ends the walk, or is told of', async () => {
  const strange = Cid.createV1(0x3fffff, await sha256.digest(cbor.encode(1)))
  store.set(strange.toString(), cbor.encode(1))
  const root = await put([strange, 2])
  assert.is((await refusal(lines(root, everything))).code, 'UNKNOWN_CODEC')
  const reasons: unknown[] = []
  assert.equal(await lines(root, everything, { dead: ({ reason }) => reasons.push((reason as { code: string }).code) }), ['. list *', '1 2 *'])
  assert.equal(reasons, ['UNKNOWN_CODEC'])
})

many('a link once, if that is wanted', async () => {
  const root = await put([leaf, leaf, { again: leaf }])
  assert.is((await lines(root, everything)).filter((line) => line.includes('leaf')).length, 3)
  assert.is((await lines(root, everything, { once: true })).filter((line) => line.includes('leaf')).length, 1)
})

many('a node survives what is visited below it', async () => {
  const root = await put({ a: await put([1, 2]), b: await put({ c: [3] }), d: 4 })
  const visits = []
  for await (const visit of select(root, selectorOf(everything), options)) visits.push(visit)
  assert.equal(
    visits.map(({ path }) => path.join('/')),
    ['', 'a', 'a/0', 'a/1', 'b', 'b/c', 'b/c/0', 'd']
  )
  assert.equal(visits[5].place.node?.value(), [3])
  assert.equal(Object.keys(visits[0].place.node?.value() as object), ['a', 'b', 'd'])
})

many('bytes come as they lie, a cut character not as text', async () => {
  const root = await put({ text: 'aé', bytes: Uint8Array.of(1, 2, 3) })
  const found: unknown[] = []
  for await (const { matches } of select(root, selectorOf(fields({ text: subset(0, 2), bytes: subset(1, 3) })), options)) {
    for (const one of matches) {
      const pieces: number[] = []
      for await (const piece of one.bytes()) pieces.push(...piece)
      found.push(pieces, await one.value().catch((error: { code: string }) => error.code))
    }
  }
  assert.equal(found, [[0x61, 0xc3], 'SELECTOR_SUBSET', [2, 3], Uint8Array.of(2, 3)])
})

many('an interpretation needs somebody to interpret, and a whole block', async () => {
  const root = await put({ a: 1 })
  const as = { '~': { as: 'unixfs', '>': match } }
  assert.match((await refusal(lines(root, as))).message, /nothing is there to interpret a node as "unixfs" at the root/)
  const within = await refusal(lines(root, fields({ a: as }), { interpret: async () => assert.unreachable() as never }))
  assert.is(within.code, 'SELECTOR_INTERPRETATION')
  assert.is(within.path, 'a')
})

const adl = (next: unknown) => ({ '~': { as: 'unixfs', '>': next } })
/** Bytes that a layout might make, of any length that it says, in pieces. */
const file = (cid: CID, length: number, pieces: Uint8Array[]): Place => ({
  kind: 'bytes',
  length,
  cid,
  root: false,
  get: () => undefined,
  entries: () => [],
  bytes: () => pieces
})

many('what is interpreted is not interpreted once more, with no step between', async () => {
  const root = await put({ a: 1 })
  let asked = 0
  const interpret: SelectOptions['interpret'] = async (_, cid) => ({ ...file(cid, 0, []), root: ++asked > 0 })
  for (const selector of [recursive(adl(edge)), recursive(union(match, adl(edge))), adl(adl(match))]) {
    const error = await refusal(lines(root, selector, { interpret }))
    assert.is(error.code, 'SELECTOR_INTERPRETATION')
    assert.match(error.message, /interpreted again, as "unixfs" at the root/)
  }
  assert.is(asked, 3)
  const list = await put([root, root, root])
  const error = await refusal(lines(list, all(adl(match)), { interpret, maxBlocks: 4 }))
  assert.is(error.code, 'WALK_LIMIT')
})

many('a value takes the room of what comes, whatever length is said', async () => {
  const root = await put({ a: 1 })
  const valueAt = async (length: number, pieces: Uint8Array[]): Promise<unknown> => {
    for await (const { matches } of select(root, selectorOf(adl(match)), { ...options, interpret: async (_, cid) => file(cid, length, pieces) })) {
      for (const found of matches) return found.value()
    }
    return undefined
  }
  assert.equal(await valueAt(2 ** 50, [Uint8Array.of(1), Uint8Array.of(2, 3)]), Uint8Array.of(1, 2, 3))
  const error = await refusal(valueAt(2 ** 50, new Array<Uint8Array>(1025).fill(new Uint8Array(1 << 19))))
  assert.is(error.code, 'SELECTOR_SIZE')
})

many('who leaves early leaves nothing open', async () => {
  const root = await put({ a: 1 })
  let open = 0
  const interpret: SelectOptions['interpret'] = async (_, cid) => ({
    ...file(cid, 0, []),
    kind: 'map',
    async *entries() {
      open++
      try {
        for (let i = 0; ; i++) yield [`f${i}`, file(cid, 0, [])] as const
      } finally {
        open--
      }
    }
  })
  for await (const { path } of select(root, selectorOf(adl(all(match))), { ...options, interpret })) {
    if (path.length === 0) continue
    assert.is(open, 1)
    break
  }
  assert.is(open, 0)
  const error = await refusal(lines(root, adl(all(match)), { interpret, maxNodes: 10 }))
  assert.is(error.code, 'WALK_LIMIT')
  assert.is(open, 0)
})

many('what is interpreted is visited as what it becomes', async () => {
  const root = await put({ f: await put({ parts: ['ab', 'cd'] }), g: 1 })
  const interpret: SelectOptions['interpret'] = async (as, cid) => ({
    kind: 'bytes',
    length: 4,
    cid,
    root: false,
    get: () => undefined,
    entries: () => [],
    bytes: (from, to) => [new TextEncoder().encode(`${as}!abcd`.slice(-4)).subarray(from, to)]
  })
  const as = (next: unknown) => ({ '~': { as: 'joined', '>': next } })
  const found = await lines(root, fields({ f: union(match, as(subset(1, 3))) }), { interpret })
  assert.equal(found, ['. map', 'f map *', 'f undefined *=98,99'])
  assert.equal(await lines(root, fields({ f: as(match) }), { interpret }), ['. map', 'f undefined *'])
})
many.run()

// --- limits ----------------------------------------------------------------------------------------------------------------------------------------------

const limited = suite('selectors, limits')
const binary = async (depth: number): Promise<CID> => {
  let cid = await put('bottom')
  for (let i = 0; i < depth; i++) cid = await put([cid, cid])
  return cid
}

limited('a DAG whose paths are 2^40 ends at a limit', async () => {
  const root = await binary(40)
  const error = await refusal(lines(root, everything, { maxNodes: 10_000 }))
  assert.is(error.code, 'WALK_LIMIT')
  assert.match(error.message, /more than 10000 nodes/)
  assert.match((await refusal(lines(root, everything, { maxBlocks: 1000 }))).message, /more than 1000 blocks/)
  assert.is((await lines(root, everything, { once: true })).length, 41)
})

limited('a path too long', async () => assert.match((await refusal(lines(await binary(20), everything, { maxDepth: 10 }))).message, /more than 10 segments/))

limited('a selector that would double with each step stays one', async () => {
  let data: unknown = 'bottom'
  for (let i = 0; i < 500; i++) data = [data]
  const doubling = recursive(union(all(edge), all(edge), all(union(edge, edge)), match))
  const found = await lines(await put(data), doubling)
  assert.is(found.length, 501)
  assert.is(found[500].split(' ').length, 3)
})

limited('limits that make the states of a selector many are a limit, too', async () => {
  let data: unknown = 'bottom'
  for (let i = 0; i < 400; i++) data = [data]
  // one or two steps a run, in three recursions within each other
  const steps = (sequence: unknown) => recursive(union(all(edge), all(all(edge)), sequence), 1_000_000)
  const error = await refusal(lines(await put(data), steps(steps(steps(match)))))
  assert.is(error.code, 'WALK_LIMIT')
  assert.match(error.message, /parts of the selector at one node/)
})

limited('a signal ends it', async () => {
  const controller = new AbortController()
  const root = await binary(30)
  const seen: string[] = []
  const error = await refusal(
    (async () => {
      for await (const { path } of select(root, selectorOf(everything), { ...options, signal: controller.signal })) {
        seen.push(path.join('/'))
        if (seen.length === 5) controller.abort(new Error('enough'))
      }
    })()
  )
  assert.is(error.message, 'enough')
  assert.is(seen.length, 5)
})
limited.run()

// --- what is no selector -----------------------------------------------------------------------------------------------------------------------------------

const malformed: [name: string, selector: unknown, path: string, message: RegExp][] = [
  ['not a map', [], '', /got list, expected map/],
  ['an empty map', {}, '', /a map of 0, expected a selector/],
  ['two keys', { '.': {}, a: {} }, '', /a map of 2/],
  ['an unknown key', { x: {} }, '', /got "x", expected one of \. a f i r R @ \| & ~/],
  ['within others', all(fields({ b: index(0, { y: {} }) })), 'a/>/f/f>/b/i/>', /got "y"/],
  ['in an envelope', { selector: { x: {} } }, 'selector', /got "x"/],
  ['no next', { a: {} }, 'a', /no field ">"/],
  ['a field too many', { a: { '>': match, b: 1 } }, 'a', /a field "b", expected only >/],
  ['a matcher’s field too many', { '.': { only: 1 } }, '.', /a field "only", expected only onlyIf label subset/],
  ['an edge with fields', recursive(all({ '@': { x: 1 } })), 'R/:>/a/>/@', /a field "x", expected none/],
  ['an edge without recursion', all(edge), 'a/>/@', /an edge without a recursion/],
  ['recursion without an edge', recursive(all(match)), 'R/:>', /without an edge/],
  ['recursion whose only edge is another’s', recursive(all(recursive(all(edge)))), 'R/:>', /without an edge/],
  ['recursion without a limit', { R: { ':>': all(edge) } }, 'R', /no field "l"/],
  ['an unknown limit', { R: { l: { times: 1 }, ':>': all(edge) } }, 'R/l', /got "times", expected none or depth/],
  ['a negative limit', recursive(all(edge), -1), 'R/l/depth', /got -1, expected 0 or more/],
  ['a limit that is a string', { R: { l: { depth: '1' }, ':>': all(edge) } }, 'R/l/depth', /got string, expected integer/],
  ['an index that is a float', index(1.5, match), 'i/i', /got float, expected integer/],
  ['a negative index', index(-1, match), 'i/i', /got -1/],
  ['a range backwards', range(3, 2, match), 'r/$', /ends at 2, expected 3 or more/],
  ['a union that is a map', { '|': {} }, '|', /got map, expected list/],
  ['a union’s member', union(match, 1), '|/1', /got integer, expected map/],
  ['a label that is a number', { '.': { label: 1 } }, './label', /got integer, expected string/],
  ['half a subset', { '.': { subset: { '[': 1 } } }, './subset', /no field "]"/],
  ['an unknown condition', whose({ is: 1 }), 'f/f>/list/a/>/./onlyIf', /got "is", expected one of/],
  ['an unknown kind', whose({ '%': 'set' }), 'f/f>/list/a/>/./onlyIf/%', /got "set", expected one of null, boolean/],
  ['a bound that is a string', whose({ lessThan: 'a' }), 'f/f>/list/a/>/./onlyIf/lessThan', /got string, expected integer or float/],
  ['conditions that are no list', whose({ and: {} }), 'f/f>/list/a/>/./onlyIf/and', /got map, expected list/],
  ['an interpretation without a name', { '~': { '>': match } }, '~', /no field "as"/]
]

const refused = suite('what is no selector')
for (const [name, selector, path, message] of malformed) {
  refused(name, () => {
    try {
      selectorOf(selector)
    } catch (error) {
      const { code, path: where, message: text } = error as { code: string; path: string; message: string }
      assert.equal([code, where], ['SELECTOR_INVALID', path], text)
      assert.match(text, message)
      return
    }
    assert.unreachable('no error')
  })
}
refused('too deep', () => {
  let selector: unknown = match
  for (let i = 0; i < 300; i++) selector = all(selector)
  assert.throws(() => selectorOf(selector), /deeper than 256/)
})
refused('too many parts', () => assert.throws(() => selectorOf(union(...Array.from({ length: 70_000 }, () => match))), /more than 65536 parts/))
refused('as DAG-CBOR it reads the same', async () => {
  const root = await put({ a: [1, 2] })
  const read = readSelector(cbor.node(cbor.encode(fields({ a: all(match) }))))
  const paths: string[] = []
  for await (const { path } of select(root, read, options)) paths.push(path.join('/'))
  assert.equal(paths, ['', 'a', 'a/0', 'a/1'])
})
refused.run()
