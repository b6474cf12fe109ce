/** A codec that came with its data: the one in fixtures/sample.car, tried on the blocks of the same CAR. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conform, type Valid } from '../../src/conformance/index.js'
import { readCar } from '../../src/dag/index.js'
import { ModuleShelf } from '../../src/dag/modules.js'

const FILE = new URL('../../fixtures/sample.car', import.meta.url)

test('csv-rows', async () => {
  const shelf = new ModuleShelf('sample.car')
  const valid: Valid[] = []
  const car = await readCar([new Uint8Array(readFileSync(FILE))])
  for await (const { cid, bytes } of car.blocks()) {
    shelf.offer(cid, bytes)
    if (cid.code === 0x300001) valid.push({ name: String(cid), bytes, cid })
  }
  const [module] = shelf.modules()
  assert.is(valid.length, 1)
  const faults: string[] = []
  for await (const { law, faults: found } of conform(module.bytes, { valid, invalid: [] }, { runs: 400 })) {
    for (const { what, message } of found.slice(0, 3)) faults.push(`${law}: ${what}: ${message}`)
  }
  assert.is(faults.join('\n'), '')
})

test.run()
