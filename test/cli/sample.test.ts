/** `fixtures/sample.car`, which `npm start` shows: five codecs, one of them in the CAR itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/codec/index.js'
import { readCar, survey } from '../../src/dag/index.js'
import { skip } from '../skip.js'
import { autocodec } from './command.js'

const SAMPLE = 'fixtures/sample.car'
const found = await survey(await readCar(readFileSync(join(root, SAMPLE))), 'the sample')
const known = new Set((await createHost()).codecs().map(({ manifest }) => manifest.code))
const codes = new Set(found.entries.map(({ cid }) => cid.code))
const missing = [...codes].filter((code) => code < 0x300000 && !known.has(code)).map((code) => `0x${code.toString(16)}`)
const [module] = found.shelf.modules()

test('every block is what its CID says, and the codec of the private range lies with them', async () => {
  assert.equal(
    [...codes].sort((a, b) => a - b),
    [0x55, 0x70, 0x71, 0x129, 0x300001]
  )
  assert.is(module.manifest.code, 0x300001)
  const { exit, out } = await autocodec(['car', 'verify', SAMPLE])
  assert.is(exit, 0)
  assert.match(out, '15 blocks')
})

const why =
  missing.length > 0
    ? `no codec yet for ${missing.join(', ')}`
    : module.bytes.length < 200
      ? 'its csv-rows module has no code: build the example, then npm run sample'
      : undefined

if (why !== undefined) skip('the sample as a tree', why)
else {
  test('as a tree', async () => {
    const { exit, out, err } = await autocodec(['car', 'inspect', '--pretty', SAMPLE])
    assert.equal([exit, err], [0, ''], out)
    assert.match(out, 'a Wasm module: the codec csv-rows, 0x300001')
    assert.match(out, /15 blocks, .*, all verified, fuel [\d,]+, decoded in .* with csv-rows, dag-cbor, dag-json, dag-pb, raw\n$/)
    assert.not.match(out, 'that the roots do not lead to')
  })

  test('as lines of DAG-JSON', async () => {
    const { exit, out } = await autocodec(['car', 'inspect', SAMPLE])
    assert.is(exit, 0)
    const lines = out.trimEnd().split('\n')
    assert.is(lines.length, 15)
    for (const line of lines) assert.equal(Object.keys(JSON.parse(line)), ['cid', 'codec', 'fuel', 'size', 'value'])
  })
}

test.run()
