/** Random values and blocks: the codecs agree with the reference codecs, or differ in a class that is listed. `npm run fuzz` runs the same for longer. */
import fc from 'fast-check'
import { test } from 'uvu'
import { createHost } from '../../src/index.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { properties } from './check.js'
import { FIRST, subjects } from './subject.js'

const RUNS = 10_000
/** An isolated call costs more, and says the same of most blocks. */
const FUEL_RUNS = 2_000

const host = await createHost()
const isolated = await createHost({ pinned: false })
const { there, absent } = subjects(host, FIRST)

for (const name of absent) skip(`random values and blocks of ${name}`, 'the host has no such codec')
for (const subject of there) {
  for (const [name, property] of Object.entries(properties(await host.codec(subject.code), await isolated.codec(subject.code), subject))) {
    const numRuns = name === 'fuel' ? FUEL_RUNS : RUNS
    test(`${subject.name}: ${numRuns} ${name}`, () => {
      // a failure prints the seed and path with which it comes again
      fc.assert(property, { numRuns, seed: 1, includeErrorInReport: true })
    })
  }
  note(`${subject.name}: ${RUNS} of each of values, mutated blocks and random bytes, ${FUEL_RUNS} of fuel`)
}

test.run()
