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

tables.run()
