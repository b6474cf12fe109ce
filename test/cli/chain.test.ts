/** Which chain of delegations the command takes, and times as people write them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chainOf } from '../../src/cli/chain.js'
import { CliError } from '../../src/cli/exit.js'
import { dateText, whenOf } from '../../src/cli/when.js'
import { type Delegation, delegate, generateSigner } from '../../src/ucan/index.js'

const [a, b, c, d] = await Promise.all([1, 2, 3, 4].map(() => generateSigner()))
const NOW = 1_800_000_000
type Who = typeof a

const to = (issuer: Who, audience: Who, subject: Who | null, command = '/wasm/run', expiration: number | null = null): Promise<Delegation> =>
  delegate({ issuer, audience, subject, command, expiration })

const [ab, bc, cd, ac] = await Promise.all([to(a, b, a), to(b, c, a), to(c, d, a), to(a, c, a)])
const [powerline, cycle, expired, narrow, wide, ofOther] = await Promise.all([
  to(b, c, null),
  to(c, b, a),
  to(a, b, a, '/wasm/run', NOW - 1),
  to(a, b, a, '/wasm/run/this'),
  to(a, b, a, '/'),
  to(b, c, b)
])

const names = new Map(
  [ab, bc, cd, ac, powerline, cycle, expired, narrow, wide, ofOther].map((each, i) => [
    String(each.cid),
    `ab bc cd ac powerline cycle expired narrow wide ofOther`.split(' ')[i]
  ])
)

const ROWS: readonly (readonly [name: string, by: Who, delegations: readonly Delegation[], chain: string | undefined])[] = [
  ['the subject itself needs none', a, [], ''],
  ['one', b, [ab], 'ab'],
  ['root first, in whatever order they come', d, [cd, ab, bc], 'ab bc cd'],
  ['the shortest', d, [ab, bc, cd, ac], 'ac cd'],
  ['through a powerline', c, [powerline, ab], 'ab powerline'],
  ['a powerline is no root', c, [powerline], undefined],
  ['a cycle ends', d, [cycle, bc, cd], undefined],
  ['a cycle is no part of it', d, [cycle, bc, cd, ab], 'ab bc cd'],
  ['what has expired is no part of it', b, [expired], undefined],
  ['a narrower command does not cover', b, [narrow], undefined],
  ['a wider one does', b, [narrow, wide], 'wide'],
  ['of another subject', c, [ofOther, ab], undefined],
  ['none that leads here', d, [ab, bc], undefined]
]

for (const [name, by, delegations, chain] of ROWS) {
  test(name, () => {
    const found = chainOf(delegations, { subject: a.did, by: by.did, command: '/wasm/run' }, NOW)
    assert.is(found?.map(({ cid }) => names.get(String(cid))).join(' '), chain)
  })
}

test('thousands of delegations in every direction are looked through at once', async () => {
  const people = await Promise.all(Array.from({ length: 30 }, () => generateSigner()))
  const all = await Promise.all(people.flatMap((from) => people.map((other) => to(from, other, a))))
  const start = performance.now()
  assert.is(chainOf(all, { subject: a.did, by: people[0].did, command: '/wasm/run' }, NOW), undefined)
  assert.ok(performance.now() - start < 2000)
})

for (const [text, seconds] of [
  ['never', null],
  ['15m', NOW + 900],
  ['1h', NOW + 3600],
  ['30d', NOW + 2_592_000],
  ['2w', NOW + 1_209_600],
  ['90s', NOW + 90],
  ['2027-01-31', 1_801_353_600],
  ['2027-01-31T12:00:00Z', 1_801_396_800],
  ['2027-01-31T12:00:00+01:00', 1_801_393_200]
] as const) {
  test(`a time: ${text}`, () => {
    assert.is(whenOf(text, '--expires', NOW), seconds)
  })
}

for (const text of ['', 'soon', '1', '1y', '-1h', '1.5h', '2027-13-01', '2027-1-1', '999999999w', '1h ']) {
  test(`no time: "${text}"`, () => {
    assert.throws(
      () => whenOf(text, '--expires', NOW),
      (error: unknown) => error instanceof CliError && error.code === 'USAGE' && error.message.startsWith('--expires: got ')
    )
  })
}

test('times are printed as dates', () => {
  assert.equal(
    [dateText(null), dateText(0), dateText(1_801_353_600), dateText(2 ** 50)],
    ['never', '1970-01-01T00:00:00Z', '2027-01-31T00:00:00Z', `${2 ** 50} s`]
  )
})

test.run()
