/** Random values and blocks of json, cbor and their like, as properties.test.ts has them of the first codecs. */
import fc from 'fast-check'
import { test } from 'uvu'
import { createHost } from '../../src/index.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { properties } from './check.js'
import { subjects, TEXT } from './subject.js'

/** Of each property: those that take long have fewer. */
const RUNS: Readonly<Record<string, number>> = { values: 3_000, 'mutated blocks': 10_000, fuel: 1_000, 'random bytes': 10_000 }

const host = await createHost()
const isolated = await createHost({ pinned: false })
const { there, absent } = subjects(host, TEXT)

for (const name of absent) skip(`random values and blocks of ${name}`, 'the host has no such codec')
for (const subject of there) {
  for (const [name, property] of Object.entries(properties(await host.codec(subject.code), await isolated.codec(subject.code), subject))) {
    const numRuns = RUNS[name]
    test(`${subject.name}: ${numRuns} ${name}`, () => {
      // a failure prints the seed and path with which it comes again
      fc.assert(property, { numRuns, seed: 1, includeErrorInReport: true })
    })
  }
}

test.after(() =>
  note(
    `${there.length} codecs, of each ${Object.entries(RUNS)
      .map(([name, runs]) => `${runs} ${name}`)
      .join(', ')}`
  )
)
test.run()
