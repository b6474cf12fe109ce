/** The suite as a library, in browsers too: verdicts, options, rows. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conform, invalidRows, VectorError, type Verdict, validRows } from '../../src/conformance/index.js'
import { createHost } from '../../src/index.js'

const host = await createHost()
const vectors = {
  valid: validRows([
    { name: 'a map', hex: 'a1616101', json: '{ "a": 1 }', links: [] },
    { hex: 'fb3ff0000000000000', json: '1.0' }
  ]),
  invalid: invalidRows([{ name: 'a length in two bytes', hex: '1801', code: 'NON_CANONICAL', offset: 0, lax: { json: '1' } }])
}

async function verdicts(options: Parameters<typeof conform>[2]): Promise<Verdict[]> {
  const all: Verdict[] = []
  for await (const verdict of conform(await host.module('dag-cbor'), vectors, options)) all.push(verdict)
  return all
}

test('dag-cbor keeps all laws, and the same seed makes the same trial', async () => {
  const first = await verdicts({ runs: 60, seed: 5 })
  for (const { law, failed, faults } of first) assert.is(failed, 0, `${law}: ${faults.map(({ what, message }) => `${what}: ${message}`).join('; ')}`)
  assert.is(first.length, 13)
  const checked = (all: readonly Verdict[]) => all.map(({ law, checked }) => `${law} ${checked}`)
  assert.equal(checked(await verdicts({ runs: 60, seed: 5 })), checked(first))
})

test('a vector that is wrong is a fault of the law that it belongs to', async () => {
  const wrong = { valid: [{ ...vectors.valid[0], json: '{"a":2}', links: ['bafkqaaa'] }], invalid: [{ ...vectors.invalid[0], offset: 1 }] }
  const failed: string[] = []
  for await (const { law, faults } of conform(await host.module('dag-cbor'), wrong, { runs: 0 }))
    failed.push(...faults.map(({ message }) => `${law}: ${message}`))
  assert.match(failed.join('\n'), /vectors: decodes to \{"a":1\}, expected \{"a":2\}; at "a": 1, and 2\n/)
  assert.match(failed.join('\n'), /vectors: refused as NON_CANONICAL at byte 0.*expected NON_CANONICAL at byte 1/)
  assert.match(failed.join('\n'), /links: links: none; the vector says bafkqaaa/)
})

test('a signal ends it', async () => {
  const reason = await verdicts({ signal: AbortSignal.abort() }).then(
    () => undefined,
    (error) => error.name
  )
  assert.is(reason, 'AbortError')
})

test('options that are none', async () => {
  const error = await verdicts({ runs: -1 }).then(
    () => undefined,
    (error) => error
  )
  assert.ok(error instanceof TypeError)
  assert.match(error.message, /runs: got -1/)
})

const bad: readonly [rows: unknown, message: RegExp][] = [
  [{}, /got a map, expected a list/],
  [[1], /row 0: got a number, expected a map/],
  [[{ name: 'x', hex: 'abc' }], /row 0 \(x\): hex is a string, expected pairs/],
  [[{ hex: '00', code: 7 }], /row 0: code is a number, expected a string/],
  [[{ hex: '00', lax: { code: 'X' } }], /row 0: lax is a map, expected "same"/]
]
for (const [rows, message] of bad) {
  test(`rows that are none: ${JSON.stringify(rows)}`, () => {
    assert.throws(
      () => invalidRows(rows),
      (error: unknown) => error instanceof VectorError && error.code === 'VECTORS' && message.test(error.message)
    )
  })
}

test('links that are none', () => {
  assert.throws(() => validRows([{ hex: '00', links: [1] }]), /links is a list, expected a list of CIDs as text/)
})

test.run()
