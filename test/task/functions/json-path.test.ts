/** functions/json-path: the tables in json-path.rows.ts; nodes of other codecs, exact values, links; bounds. */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../../src/index.js'
import { loadFunction, type Outcome, runFunction } from '../../../src/task/index.js'
import { invalid, rows } from './json-path.rows.js'

const host = await createHost()
const module = await loadFunction(host, 'json-path')

const store = new Map<string, Uint8Array>()

async function put(value: unknown): Promise<CID> {
  const bytes = dagCbor.encode(value)
  const cid = CID.createV1(dagCbor.code, await sha256.digest(bytes))
  store.set(String(cid), bytes)
  return cid
}

interface Params {
  readonly root: unknown
  readonly path: string
  readonly paths?: boolean
  readonly limit?: number
  readonly follow?: boolean
}

interface Answer {
  readonly values: unknown[]
  readonly paths?: string[]
}

const run = (params: unknown, limits = {}): Promise<Outcome> => runFunction(module, { fun: 'query', params, limits, get: (cid) => store.get(String(cid)) })

async function query(params: Params): Promise<Answer> {
  const { result } = await run(params)
  if ('error' in result) throw new Error(`${params.path}: ${result.error.code}: ${result.error.message}`)
  return result.ok as Answer
}

async function refused(params: unknown, limits = {}): Promise<{ code: string; message: string; offset?: number }> {
  const { result } = await run(params, limits)
  if ('ok' in result) throw new Error(`expected an error, got ${JSON.stringify(result.ok)}`)
  return result.error
}

/** Maps have the order of their codec here: it is that of DAG-CBOR, by length and then by bytes. Values are compared as what they are, not in the order in which they came. */
const tables = suite('rows')

tables('there are enough of them', () => assert.ok(rows.length + invalid.length >= 120, `${rows.length} and ${invalid.length}`))

for (const [path, root, values, paths] of rows) {
  tables(path, async () => {
    assert.equal((await query({ root, path })).values, values)
    const all = await query({ root, path, paths: true })
    assert.equal(all.values, values)
    assert.is(all.paths?.length, values.length)
    if (paths !== undefined) assert.equal(all.paths, paths)
    // a normalized path is a query for its value
    for (const [i, normalized] of (all.paths ?? []).entries())
      assert.equal((await query({ root, path: normalized, paths: true })) as unknown, { paths: [normalized], values: [values[i]] })
  })
}

for (const [path, code, offset] of invalid) {
  tables(`${path}: ${code}`, async () => {
    const error = await refused({ root: [], path })
    assert.is(error.code, code, error.message)
    assert.is(error.offset, offset, error.message)
  })
}

tables('every beginning of a query is a query or is refused', async () => {
  const path = "$..a[?@.b[0] == 'x' && (count(@.*) > 1.5e0 || !length(@) >= 2), -1, 1:2:3].c"
  for (let n = 0; n <= path.length; n++) {
    const { result } = await run({ root: { a: [1] }, path: path.slice(0, n) })
    if ('error' in result) assert.ok(['MALFORMED', 'UNEXPECTED_END', 'UNSUPPORTED', 'WRONG_KIND'].includes(result.error.code), `${n}: ${result.error.code}`)
  }
})

tables('every query of the tables with a character left out, or another in its place', async () => {
  const codes = new Set<string>()
  for (const [path, root] of rows) {
    for (let i = 0; i < path.length; i++) {
      for (const other of ['', '[(?@$.*"\\'[i % 9]]) {
        const { result } = await run({ root, path: path.slice(0, i) + other + path.slice(i + 1), paths: true })
        if ('error' in result) codes.add(result.error.code)
      }
    }
  }
  assert.equal([...codes].sort(), ['MALFORMED', 'NUMBER_RANGE', 'UNEXPECTED_END', 'UNSUPPORTED', 'WRONG_KIND'])
})

tables.run()

const nodes = suite('nodes')

nodes('values are exact: integers of 64 bits, floats, bytes, links, in maps and lists', async () => {
  const link = CID.createV1(0x55, await sha256.digest(Uint8Array.of(1)))
  const root = {
    a: [0, -1, 2 ** 53 - 1, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 64n), 1.5, -0.25, 5e-324, 1e300],
    b: [new Uint8Array(0), Uint8Array.from({ length: 5000 }, (_, i) => i), link, 'x'.repeat(3000), '☃'.repeat(400), true, false, null],
    c: { d: { e: [{}, [], [[{ f: 'g' }]]] } }
  }
  for (const at of [root, await put(root)]) {
    assert.equal((await query({ root: at, path: '$' })).values, [root])
    assert.equal((await query({ root: at, path: '$.a[*]' })).values, root.a)
    assert.equal((await query({ root: at, path: '$.b[*]' })).values, root.b)
    assert.equal((await query({ root: at, path: '$..e', follow: false })).values, [root.c.d.e])
    assert.equal((await query({ root: at, path: '$.a[?@ == 18446744073709551615]' })).values, [2n ** 64n - 1n])
    assert.equal((await query({ root: at, path: '$.a[?@ < -1]' })).values, [-(2n ** 64n)])
    assert.equal((await query({ root: at, path: '$.b[?length(@) == 5000]' })).values, [root.b[1]])
    assert.equal((await query({ root: at, path: '$.b[?@ == $.b[1] || @ == $.b[2]]' })).values, [root.b[1], link])
  }
})

nodes('records of a kind, whose keys a decoder shares', async () => {
  const root = Array.from({ length: 50 }, (_, i) => ({ id: i, name: `n${i}`, inner: { x: i, y: [i, { z: -i }] }, ...(i % 7 === 0 ? { odd: true } : {}) }))
  const at = await put(root)
  assert.equal((await query({ root: at, path: '$[*]' })).values, root)
  assert.equal((await query({ root: at, path: '$[?@.odd].id' })).values, [0, 7, 14, 21, 28, 35, 42, 49])
  assert.equal((await query({ root: at, path: '$[-1].inner.y[1].z', paths: true })) as unknown, { values: [-49], paths: ["$[49]['inner']['y'][1]['z']"] })
  assert.is((await query({ root: at, path: '$..z' })).values.length, 50)
})

nodes.run()

const links = suite('links')

const leaf = { name: 'leaf', size: 3, tags: ['a', 'b'] }
const leafLink = await put(leaf)
const other = { name: 'other', size: 5, next: leafLink }
const otherLink = await put(other)
const tree = await put({ title: 'top', list: [leafLink, otherLink, { name: 'here', size: 4 }], only: leafLink })

for (const [path, values, paths] of [
  ['$.title', ['top']],
  ['$.only.name', ['leaf'], ["$['only']['name']"]],
  ['$.only', [leafLink], ["$['only']"]],
  ['$.list[*].name', ['leaf', 'other', 'here']],
  ['$.list[1].next.tags[1]', ['b'], ["$['list'][1]['next']['tags'][1]"]],
  ['$.list[?@.size > 3].name', ['other', 'here']],
  ['$.list[?@.next.size == 3].size', [5]],
  ['$.list[?@ == $.only].name', ['leaf']],
  [
    '$..name',
    ['leaf', 'other', 'leaf', 'here', 'leaf'],
    ["$['list'][0]['name']", "$['list'][1]['name']", "$['list'][1]['next']['name']", "$['list'][2]['name']", "$['only']['name']"]
  ],
  ['$.list[?count(@..tags[*]) == 2].name', ['leaf', 'other']],
  ['$.list[?value(@.tags) == $.only.tags].name', ['leaf']],
  ['$.list[?@.tags == $.only.tags].name', ['leaf']],
  ["$[?match(@.name, 'l.*f')].size", [3]]
] as const) {
  links(path, async () => {
    assert.equal((await query({ root: tree, path })).values, values)
    if (paths !== undefined) assert.equal((await query({ root: tree, path, paths: true })).paths, paths)
  })
}

links('are values where they are not followed; the root always is', async () => {
  assert.equal((await query({ root: tree, path: '$..name', follow: false })).values, ['here'])
  assert.equal((await query({ root: tree, path: '$.only.name', follow: false })).values, [])
  assert.equal((await query({ root: tree, path: '$.only', follow: false })).values, [leafLink])
})

links('a block that is a link', async () => {
  const root = await put(await put(leafLink))
  assert.equal((await query({ root, path: '$.name' })).values, ['leaf'])
  assert.equal((await query({ root: { x: root }, path: '$.x.name', paths: true })) as unknown, { values: ['leaf'], paths: ["$['x']['name']"] })
})

links('a block that nobody has', async () => {
  const missing = CID.createV1(dagCbor.code, await sha256.digest(Uint8Array.of(9)))
  assert.equal((await query({ root: { missing }, path: '$.missing' })).values, [missing])
  assert.is((await refused({ root: { missing }, path: '$.missing.a' })).code, 'BLOCK_NOT_FOUND')
})

links('two thousand blocks, one after the other, and beside each other in memory that is used again', async () => {
  let chain = await put({ end: true })
  for (let i = 0; i < 2000; i++) chain = await put({ next: chain })
  assert.equal((await query({ root: chain, path: '$..end' })).values, [true])
  const many: CID[] = []
  for (let i = 0; i < 300; i++) many.push(await put({ i, text: `${i}`.repeat(20_000) }))
  const { result, memory } = await run({ root: many, path: '$[?@.i >= 298].i' })
  assert.equal(result, { ok: { values: [298, 299] } })
  assert.ok(memory < 4 * 2 ** 20, `${memory} bytes of memory for ${300 * 60_000} in blocks`)
})

links.run()

const bounds = suite('bounds')

bounds('limit', async () => {
  const root = Array.from({ length: 100 }, (_, i) => i)
  assert.equal((await query({ root, path: '$[*]', limit: 3 })).values, [0, 1, 2])
  assert.equal((await query({ root, path: '$[*]', limit: 0 })).values, [])
  assert.equal((await query({ root, path: '$..*', limit: 1, paths: true })) as unknown, { values: [0], paths: ['$[0]'] })
  assert.is((await query({ root, path: '$[*]', limit: 1000 })).values.length, 100)
})

for (const [what, params, code] of [
  ['no parameters', null, 'WRONG_KIND'],
  ['no root', { path: '$' }, 'MISSING_FIELD'],
  ['no path', { root: 1 }, 'MISSING_FIELD'],
  ['a path that is none', { root: 1, path: 5 }, 'WRONG_KIND'],
  ['a limit below zero', { root: 1, path: '$', limit: -1 }, 'WRONG_KIND'],
  ['paths that is no truth', { root: 1, path: '$', paths: 1 }, 'WRONG_KIND'],
  ['filters deep within each other', { root: 1, path: `$${'[?@'.repeat(200)}${']'.repeat(200)}` }, 'DEPTH'],
  ['parentheses deep within each other', { root: 1, path: `$[?${'('.repeat(5000)}@${')'.repeat(5000)}]` }, 'DEPTH'],
  ['an expression of too many states', { root: ['a'], path: "$[?match(@, '((a{1,99}){1,99}){1,99}')]" }, 'TOO_LARGE']
] as const) {
  bounds(`${what}: ${code}`, async () => {
    assert.is((await refused(params)).code, code)
  })
}

bounds('an expression that backtracking would never end with', async () => {
  const text = `${'a'.repeat(3000)}b`
  const { result, fuel } = await run({ root: [text], path: "$[?match(@, '(a*)*(a|aa)*c')]" })
  assert.equal(result, { ok: { values: [] } })
  assert.ok(fuel < 10_000_000, `${fuel} of fuel`)
})

bounds('a query that multiplies ends at a limit', async () => {
  const deep = { a: Array.from({ length: 60 }, (_, i) => i) }
  const path = `$.a[?${'count($.a[?'.repeat(8)}@${'] ) > 0'.repeat(8)}]`
  assert.is((await refused({ root: deep, path }, { fuel: 50_000_000 })).code, 'FUEL')
})

bounds.run()
