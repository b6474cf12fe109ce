/** rlp and the eth codecs on random and damaged values and blocks, beside an implementation of their own over @ethereumjs/rlp. */
import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { test } from 'uvu'
import { createHost } from '../../../src/index.js'
import { note } from '../../note.js'
import { properties } from '../check.js'
import type { Reference, Subject } from '../subject.js'
import { valuesOf } from './arbitrary.js'
import { REFERENCES } from './reference.js'

const RUNS = 1_000
const FUEL_RUNS = 100

const rlp: Reference = {
  encode(value) {
    const onlyBytes = (item: unknown): boolean => item instanceof Uint8Array || (Array.isArray(item) && item.every(onlyBytes))
    if (!onlyBytes(value)) throw new Error('neither bytes nor a list of them')
    return RLP.encode(value as Uint8Array)
  },
  decode(bytes) {
    // nothing is an empty string to it
    if (bytes.length === 0) throw new Error('nothing')
    return RLP.decode(bytes)
  }
}

const subjects: Subject[] = Object.entries({ rlp: { code: 0x60, ...rlp }, ...REFERENCES }).map(([name, reference]) => ({
  name,
  code: reference.code,
  reference,
  values: valuesOf(name),
  classes: { refused: [], accepted: [], decoded: [], values: [] }
}))

const host = await createHost()
const isolated = await createHost({ pinned: false })
for (const subject of subjects) {
  for (const [name, property] of Object.entries(properties(await host.codec(subject.code), await isolated.codec(subject.code), subject))) {
    const numRuns = name === 'fuel' ? FUEL_RUNS : RUNS
    test(`${subject.name}: ${numRuns} ${name}`, () => {
      fc.assert(property, { numRuns, seed: 1, includeErrorInReport: true })
    })
  }
}
note(`${subjects.length} codecs: ${RUNS} of each of values, mutated blocks and random bytes, ${FUEL_RUNS} of fuel`)

test.run()
