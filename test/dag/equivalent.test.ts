/** Native codecs against the project's own fixtures: which are equivalents of the modules, and what keeps the others from it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as nativeCbor from '@ipld/dag-cbor'
import * as raw from 'multiformats/codecs/raw'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/codec/index.js'
import { DagError, type EquivalenceRow, proveEquivalent } from '../../src/dag/index.js'
import { note } from '../note.js'

interface Fixture {
  readonly name: string
  readonly hex: string
}

const fixtures = (file: string): EquivalenceRow[] =>
  (JSON.parse(readFileSync(join(root, 'fixtures/codecs', file), 'utf8')) as Fixture[]).map(({ name, hex }) => ({
    name,
    bytes: new Uint8Array(Buffer.from(hex, 'hex'))
  }))

const rows = [...fixtures('dag-cbor.valid.json'), ...fixtures('dag-cbor.invalid.json')]
const host = await createHost()

test('raw of multiformats is an equivalent', async () => {
  const { accepted, refused } = proveEquivalent(await host.codec('raw'), raw, rows)
  assert.equal([accepted, refused], [rows.length, 0])
})

test('@ipld/dag-cbor is none: row by row, what is different', async () => {
  const module = await host.codec('dag-cbor')
  let same = 0
  const differences: string[] = []
  for (const row of rows) {
    try {
      // a row that both refuse proves nothing by itself
      proveEquivalent(module, nativeCbor as never, [row, rows[0]])
      same++
    } catch (error) {
      assert.instance(error, DagError)
      assert.is((error as DagError).code, 'NOT_EQUIVALENT')
      differences.push((error as Error).message.replace(/^.*? baf\w+: /, ''))
    }
  }
  assert.ok(same > 0 && differences.length > 0)
  assert.throws(() => proveEquivalent(module, nativeCbor as never, rows), /is no equivalent of dag-cbor/)
  note(`@ipld/dag-cbor agrees on ${same} of ${rows.length} fixtures; the first difference: ${differences[0]}`)
})

test('the module is its own equivalent', async () => {
  const module = await host.codec('dag-cbor')
  const { accepted, refused } = proveEquivalent(module, module, rows)
  assert.is(accepted + refused, rows.length)
})

test.run()
