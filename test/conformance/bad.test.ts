/** That the suite finds what it looks for: codecs that break one law each, and codecs that lie. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conform, type Verdict } from '../../src/conformance/index.js'
import { LIES } from '../codec/lies.js'
import { BAD, VECTORS } from './bad.js'

async function verdicts(module: Uint8Array, runs = 150, limits: { fuel?: number } = {}): Promise<Verdict[]> {
  const all: Verdict[] = []
  for await (const verdict of conform(module, VECTORS, { runs, limits })) all.push(verdict)
  return all
}

const failed = (all: readonly Verdict[]): string[] => all.filter((verdict) => verdict.failed > 0).map(({ law }) => law)
const told = (all: readonly Verdict[]): string =>
  all.flatMap(({ law, faults }) => faults.slice(0, 2).map(({ what, message }) => `${law}: ${what}: ${message}`)).join('\n')

const laws = new Set<string>()

for (const { name, module, breaks } of BAD) {
  test(name, async () => {
    const all = await verdicts(module)
    if (breaks === undefined) {
      assert.equal(failed(all), [], told(all))
      for (const { law, checked, skipped } of all) assert.ok(checked > 0 && skipped === undefined, law)
      for (const { law } of all) laws.add(law)
    } else {
      assert.ok(failed(all).includes(breaks), `${breaks} holds; broken are ${failed(all).join(', ') || 'none'}\n${told(all)}`)
      const { faults } = all.find(({ law }) => law === breaks) as Verdict
      for (const { what, message } of faults) assert.ok(what.length > 0 && message.length > 0)
    }
  })
}

test('every law has a codec that breaks it', () => {
  const broken = new Set(['manifest', ...BAD.map(({ breaks }) => breaks)])
  assert.equal(
    [...laws].filter((law) => !broken.has(law)),
    []
  )
})

/** Of the corpus of codecs that lie: what each must fail at, whatever else it fails at. */
const LIARS: readonly [name: string, law: string][] = [
  ['manifest-abi-2', 'manifest'],
  ['manifest-none', 'manifest'],
  ['abi-no-decode', 'manifest'],
  ['abi-import', 'manifest'],
  ['state-memory', 'determinism'],
  ['error-offset-outside', 'errors'],
  ['loop', 'errors'],
  ['kind-0', 'errors'],
  ['links-in-a-map', 'links'],
  ['trap-unreachable', 'strictness'],
  ['count-2-to-the-32', 'strictness'],
  ['status-reserved', 'vectors']
]

for (const [name, law] of LIARS) {
  test(`hostile: ${name}`, async () => {
    const lie = LIES.find((lie) => lie.name === name)
    assert.ok(lie !== undefined, 'not in the corpus')
    // little fuel: some of these use all of it at each call
    const all = await verdicts(lie.module, 20, { fuel: 200_000 })
    assert.ok(failed(all).includes(law), `${law} holds; broken are ${failed(all).join(', ') || 'none'}\n${told(all)}`)
    if (law === 'manifest') assert.is(all.length, 1)
  })
}

test.run()
