/** Every codec of the embedded catalog keeps what every codec owes. A codec that is added is found by itself; `AUTOCODEC_RUNS` sets how many damaged blocks are tried. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { conform } from '../../src/conformance/index.js'
import { createHost } from '../../src/index.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { vectorsOf } from './vectors.js'

const runs = Number(process.env.AUTOCODEC_RUNS ?? 200)
const host = await createHost()

for (const { cid, manifest } of host.codecs()) {
  const laws = suite(manifest.name)
  const vectors = vectorsOf(manifest.name)
  if (vectors.valid.length === 0) skip(`conformance of ${manifest.name}`, `there is no fixtures/codecs/${manifest.name}.valid.json`)
  else
    laws(`${manifest.name}, all laws`, async () => {
      let checked = 0
      const faults: string[] = []
      for await (const verdict of conform(await host.module(cid), vectors, { runs })) {
        checked += verdict.checked
        for (const { what, message, bytes } of verdict.faults.slice(0, 3)) {
          faults.push(`${verdict.law}: ${what}: ${message}${bytes === undefined ? '' : ` [${Buffer.from(bytes.subarray(0, 64)).toString('hex')}]`}`)
        }
      }
      assert.is(faults.join('\n'), '')
      assert.ok(checked > runs * 5)
      note(`${manifest.name}: ${vectors.valid.length} valid and ${vectors.invalid.length} invalid vectors, ${checked} checks`)
    })
  laws.run()
}
