/** The one suite for engines, on the one on a disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import { engineSuite, type Place } from '../../src/engine/conformance.js'
import { diskEngine } from '../../src/engine/disk.js'

async function place(): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), 'autocodec-engine-'))
  let now = Date.now()
  return {
    open: () => diskEngine(path, { clock: () => now }),
    pass: async (ms) => {
      now += ms
    },
    remove: () => rm(path, { recursive: true })
  }
}

for (const { name, run } of engineSuite()) test(name, () => run(place))

test.run()
