/** What fixtures/ucan/promises.json does not have: places, limits and selectors that are none. */
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { awaitsIn, fulfil } from '../../src/ucan/index.js'
import { refusal } from './refusal.js'

const task = CID.parse('bafyreigyftnzjf4rcu7glp5kfop53vqlopc3zcldauoqdxqlz7t4343gr4')
const receipt = CID.parse('bafyreifoz4zpj4eg2da6xbldcuhvaor3wrvbezjrktu5wkrwrab2idpaiq')

test('promises are found in order, with their places', () => {
  const args = { a: [0, { 'await/ok': task }], b: { c: { 'await/*': task } }, d: { 'ucan/await': ['.out.error.why', task] } }
  assert.equal(
    awaitsIn(args).map(({ branch, selector, path }) => ({ branch, selector, path })),
    [
      { branch: 'ok', selector: '.', path: ['a', 1] },
      { branch: '*', selector: '.', path: ['b', 'c'] },
      { branch: 'error', selector: '.why', path: ['d'] }
    ]
  )
  assert.ok(awaitsIn(args).every((promise) => promise.task.equals(task)))
})

test('what has no promise is the same object; what has one shares the rest', () => {
  const plain = { a: { b: [1, new Uint8Array(2), task] } }
  const kept = fulfil(plain, () => assert.unreachable() as never)
  assert.ok('args' in kept && kept.args === plain)
  const mixed = { ...plain, p: { 'await/ok': task } }
  const filled = fulfil(mixed, () => ({ out: { ok: 1 } }))
  assert.ok('args' in filled && filled.args.a === plain.a && filled.args !== mixed)
  assert.equal(mixed.p, { 'await/ok': task })
})

const selectors: [selector: string, out: { ok: unknown } | { error: unknown }, expected: unknown][] = [
  ['ok', { ok: 1 }, { args: 1 }],
  ['*', { error: 1 }, { args: { error: 1 } }],
  ['.out', { ok: 1 }, { args: { ok: 1 } }],
  ['.out.ok', { ok: [1] }, { args: [1] }],
  ['.ok', { ok: [1] }, { args: [1] }],
  ['.out.ok.a.b', { ok: { a: { b: 2 } } }, { args: 2 }],
  ['.out.ok["a b"]', { ok: { 'a b': 2 } }, { args: 2 }],
  ['.out.ok[1:]', { ok: [1, 2, 3] }, { args: [2, 3] }],
  ['.out.ok.missing', { ok: {} }, { args: null }],
  ['.out.ok.a.b?', { ok: {} }, { args: null }],
  ['.out.ok.a', { error: 1 }, { error: { reason: 'branch mismatch', expected: 'ok', got: 'error', from: receipt } }],
  ['.out.error[0]', { error: 'text' }, { error: { reason: 'nothing selected', expected: '.[0]', got: 'error', from: receipt } }]
]
for (const [selector, out, expected] of selectors) {
  test(`ucan/await ${selector} of ${JSON.stringify(out)}`, () => {
    const got = fulfil({ 'ucan/await': [selector, task] } as unknown, () => ({ out, from: receipt }))
    assert.equal(got, expected)
  })
}

test('without a receipt’s CID it is the task that a fault is from', () => {
  const got = fulfil({ x: { 'await/ok': task } }, () => ({ out: { error: 1 } }))
  assert.ok('error' in got && got.error.from === task)
})

for (const selector of ['', 'okay', '.out.okay', '.out.ok..a', '.args', '.out.ok.1', '.out.ok]']) {
  test(`refused: the selector "${selector}"`, async () => {
    await refusal(() => awaitsIn({ 'ucan/await': [selector, task] }), 'POLICY_MALFORMED')
  })
}

test('limits', async () => {
  const many = Array.from({ length: 1001 }, () => ({ 'await/ok': task }))
  await refusal(() => awaitsIn(many), 'AWAIT_LIMIT')
  await refusal(() => fulfil(many, () => ({ out: { ok: 1 } })), 'AWAIT_LIMIT')
  assert.is(awaitsIn(many.slice(1)).length, 1000)
  await refusal(() => awaitsIn(many.slice(0, 3), { maxPromises: 2 }), 'AWAIT_LIMIT')
  let deep: unknown = 1
  for (let i = 0; i < 5000; i++) deep = [deep]
  await refusal(() => awaitsIn(deep), 'AWAIT_LIMIT')
})

test('wide arguments deep down take no longer than they are', () => {
  let deep: unknown = Array.from({ length: 200_000 }, (_, i) => i)
  for (let i = 0; i < 900; i++) deep = [deep]
  const start = performance.now()
  assert.equal(awaitsIn(deep), [])
  assert.ok(performance.now() - start < 1000)
})

test.run()
