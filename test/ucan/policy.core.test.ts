import { CID } from 'multiformats/cid'
import { suite, test } from 'uvu'
import * as assert from 'uvu/assert'
import { matches, type Policy, type Statement } from '../../src/ucan/index.js'
import { refusal } from './refusal.js'

const cid = CID.parse('bafyreigyftnzjf4rcu7glp5kfop53vqlopc3zcldauoqdxqlz7t4343gr4')
const same = CID.parse(cid.toString())
const bytes = Uint8Array.of(0xd6, 0xa9, 0xc1, 0x8c, 0xf8, 0xc4)

const data = {
  from: 'alice@example.com',
  to: ['bob@example.com', 'carol@not.example.com', 'dan@example.com'],
  map: { x: 1, y: 2, 'a.b': 3, 'q"': 4, '': 5, ä: 6 },
  nested: [[1, 2], [3]],
  empty: {},
  none: null,
  bytes,
  link: cid,
  large: 2n ** 60n,
  half: 0.5,
  list: []
}

// --- selectors, through equality; `undefined` stands for a selector that leads nowhere ---------------------------------------------------------------------

const selectors: [selector: string, value: unknown][] = [
  ['.', data],
  ['.?', data],
  ['.from', data.from],
  ['.from?', data.from],
  ['.["from"]', data.from],
  ['["from"]', undefined],
  ['.missing', null],
  ['.missing?', null],
  ['.missing???', null],
  ['.missing.x', undefined],
  ['.missing.x?', null],
  ['.missing?.x', undefined],
  ['.missing.x.y?', undefined],
  ['.from.x', undefined],
  ['.map.x', 1],
  ['.map["a.b"]', 3],
  ['.map["q\\""]', 4],
  ['.map["\\u0061.b"]', 3],
  ['.map[""]', 5],
  ['.map.ä', 6],
  ['.map[]', [1, 2, 3, 4, 5, 6]],
  ['.map[][0]', 1],
  ['.map[0]', undefined],
  ['.map[0]?', null],
  ['.constructor', null],
  ['.__proto__', null],
  ['.map.toString', null],
  ['.to[1]', data.to[1]],
  ['.to[-1]', data.to[2]],
  ['.to[-3]', data.to[0]],
  ['.to[-4]', undefined],
  ['.to[99]', undefined],
  ['.to[99]?', null],
  ['.to[]', data.to],
  ['.to.length', undefined],
  ['.to[0:2]', data.to.slice(0, 2)],
  ['.to[1:]', data.to.slice(1)],
  ['.to[:1]', data.to.slice(0, 1)],
  ['.to[0:-2]', data.to.slice(0, -2)],
  ['.to[-2:]', data.to.slice(-2)],
  ['.to[2:1]', []],
  ['.to[5:9]', []],
  ['.nested[0][1]', 2],
  ['.nested[][0]', [1, 2]],
  ['.none[]', undefined],
  ['.none[]?', null],
  ['.from[0]', undefined],
  ['.bytes[3]', 0x8c],
  ['.bytes[-1]', 0xc4],
  ['.bytes[1:3]', Uint8Array.of(0xa9, 0xc1)],
  ['.link', same],
  ['.link.code', undefined]
]

const select = suite('selectors')
for (const [selector, value] of selectors) {
  if (!selector.startsWith('.'))
    select(`${selector} is none`, async () => void (await refusal(() => matches([['==', selector, null]], data), 'POLICY_MALFORMED')))
  else if (value === undefined) {
    select(`${selector} leads nowhere`, () => {
      for (const test of [null, [], data]) {
        assert.not.ok(matches([['==', selector, test]], data))
        assert.not.ok(matches([['!=', selector, test]], data), 'a statement whose selector leads nowhere does not hold')
      }
      assert.not.ok(matches([['all', selector, ['!=', '.', 'no such']]], data))
    })
  } else {
    select(selector, () => {
      assert.ok(matches([['==', selector, value]], data))
      assert.not.ok(matches([['!=', selector, value]], data))
      assert.not.ok(matches([['==', selector, 'something else']], data))
    })
  }
}
select('a selector at the beginning of a list', () => assert.ok(matches([['==', '.[0]', 7]], [7] as never)))
for (const selector of [
  '',
  'a',
  '..',
  '.a..b',
  '.a.',
  '.a.[0]',
  '.[',
  '.[a]',
  '.[1',
  '.[1.5]',
  '.[:]',
  '.["a]',
  '.["\\x"]',
  '.1',
  '.a b',
  '.a|.b',
  `.${'a'.repeat(5000)}`,
  7,
  null
]) {
  select(`refused: ${String(selector).slice(0, 20)}`, async () => {
    await refusal(() => matches([['==', selector, 1]] as never, data), 'POLICY_MALFORMED')
  })
}
select.run()

// --- statements --------------------------------------------------------------------------------------------------------------------------------------------

const holds: [statement: Statement, expected: boolean][] = [
  [['==', '.large', 2n ** 60n], true],
  [['==', '.large', 2 ** 60], true],
  [['!=', '.large', 2n ** 60n + 1n], true],
  [['>', '.large', 5], true],
  [['<', '.large', 5n], false],
  [['<=', '.half', 0.5], true],
  [['>=', '.half', 1], false],
  [['<', '.half', 1], true],
  [['>', '.from', 1], false],
  [['<', '.none', 1], false],
  [['>=', '.none', 0], false],
  [['==', '.bytes', Uint8Array.of(0xd6, 0xa9, 0xc1, 0x8c, 0xf8, 0xc4)], true],
  [['==', '.bytes', [0xd6, 0xa9, 0xc1, 0x8c, 0xf8, 0xc4]], false],
  [['==', '.link', { '/': cid.toString() }], false],
  [['==', '.empty', {}], true],
  [['==', '.empty', []], false],
  [['==', '.list', {}], false],
  [['==', '.none', false], false],
  [['==', '.map', { y: 2, x: 1, 'a.b': 3, '': 5, 'q"': 4, ä: 6 }], true],
  [['==', '.map', { y: 2, x: 1, 'a.b': 3, '': 5, 'q"': 4, o: 6 }], false],
  [['and', []], true],
  [['or', []], true],
  [
    [
      'or',
      [
        ['==', '.none', 1],
        ['==', '.half', 0.5]
      ]
    ],
    true
  ],
  [
    [
      'or',
      [
        ['==', '.none', 1],
        ['==', '.half', 1]
      ]
    ],
    false
  ],
  [
    [
      'and',
      [
        ['==', '.none', null],
        ['==', '.half', 1]
      ]
    ],
    false
  ],
  [['not', ['==', '.to[99]', 1]], true],
  [['not', ['not', ['==', '.half', 0.5]]], true],
  [['all', '.to', ['like', '.', '*example.com']], true],
  [['all', '.to', ['like', '.', '*@example.com']], false],
  [['any', '.to', ['like', '.', '*@not.*']], true],
  [['any', '.map', ['==', '.', 3]], true],
  [['all', '.map', ['>', '.', 0]], true],
  [['all', '.list', ['==', '.', 1]], true],
  [['any', '.list', ['==', '.', 1]], false],
  [['any', '.from', ['==', '.', 'a']], false],
  [['all', '.from', ['==', '.', 'a']], false],
  [['all', '.bytes', ['>=', '.', 0]], false],
  [['any', '.nested', ['any', '.', ['==', '.', 3]]], true],
  [['all', '.nested', ['any', '.', ['==', '.', 3]]], false],
  [['like', '.none', '*'], false],
  [['like', '.half', '*'], false]
]

const statements = suite('statements')
for (const [statement, expected] of holds) {
  statements(`${JSON.stringify(statement, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))}: ${expected}`, () => {
    assert.is(matches([statement], data), expected)
    assert.is(matches([['not', statement]], data), !expected)
  })
}

const malformed: [policy: unknown, place: RegExp][] = [
  [{}, /^policy: a map/],
  [['=='], /statement 0: "=="/],
  [[['==', '.a']], /statement 0: "==" in a list of 2, expected 3/],
  [[['==', '.a', 1, 2]], /list of 4/],
  [[['>', '.a', '1']], /">" with "1", expected a number/],
  [[['like', '.a', 1]], /expected a pattern/],
  [[['not', '.a', 1]], /"not" in a list of 3/],
  [[['and', ['==', '.a', 1]]], /statement 0\/1\/0: "=="/],
  [[['or', [['nor', []]]]], /statement 0\/1\/0: "nor", expected one of/],
  [[['all', '.a', [['==', '.', 1]]]], /statement 0\/2: a list of 3, expected one of/],
  [
    [
      ['==', '.', 1],
      ['any', 'a', ['==', '.', 1]]
    ],
    /statement 1: selector "a"/
  ]
]
for (const [policy, message] of malformed) {
  statements(`refused: ${JSON.stringify(policy)}`, async () =>
    assert.match((await refusal(() => matches(policy as Policy, data), 'POLICY_MALFORMED')).message, message)
  )
}
statements.run()

// --- patterns ------------------------------------------------------------------------------------------------------------------------------------------------

const patterns: [pattern: string, text: string, expected: boolean][] = [
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['**', 'a', true],
  ['a*', 'a', true],
  ['*a', 'ba', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['ab*ba', 'aba', false],
  ['*ab*ab*', 'abab', true],
  ['*ab*ab*', 'aab', false],
  ['a*b*c', 'a-b-b-c-c', true],
  ['a*b*c', 'acb', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['\\\\*', '\\*', true],
  ['a\\b', 'a\\b', true],
  ['\\', '\\', true],
  ['.*', 'a', false],
  ['a?c', 'abc', false],
  ['(a|b)*', '(a|b)x', true],
  ['*\n*', 'a\nb', true],
  ['*€', '😀€', true]
]
for (const [pattern, text, expected] of patterns) {
  test(`like ${JSON.stringify(pattern)}, ${JSON.stringify(text)}: ${expected}`, () => assert.is(matches([['like', '.', pattern]], text), expected))
}

// --- work --------------------------------------------------------------------------------------------------------------------------------------------------

const nested = (levels: number, inner: Statement): Statement => (levels === 0 ? inner : ['any', '.', nested(levels - 1, inner)])
const many = Array.from({ length: 1000 }, (_, i) => i)
const costly: [name: string, policy: Policy, value: unknown][] = [
  ['a pattern that nearly matches everywhere', [['like', '.', `*${'a'.repeat(5000)}b*`]], 'a'.repeat(100_000)],
  ['quantifiers within each other', [['all', '.[]', ['not', nested(2, ['==', '.', -1])]]], many.map(() => many.map(() => many))],
  ['a large value compared many times', [['all', '.', ['not', ['==', '.', [...many.slice(0, -1), -1]]]]], Array.from({ length: 2000 }, () => many)],
  ['slices', [['all', '.', ['not', ['==', '.[0:]', 1]]]], many.map(() => Array(2000).fill(0))]
]
for (const [name, policy, value] of costly) {
  test(`bounded: ${name}`, async () => {
    const start = performance.now()
    await refusal(() => matches(policy, value), 'POLICY_LIMIT')
    assert.ok(performance.now() - start < 2000)
  })
}
test('a limit of one’s own, and what fits it', async () => {
  const policy: Policy = [['all', '.', ['>=', '.', 0]]]
  assert.ok(matches(policy, many, { maxSteps: 10_000 }))
  await refusal(() => matches(policy, many, { maxSteps: 100 }), 'POLICY_LIMIT')
})
test('statements nested without end', async () => {
  let statement: Statement = ['==', '.', 1]
  for (let i = 0; i < 2000; i++) statement = ['not', statement]
  await refusal(() => matches([statement], 1), 'POLICY_MALFORMED')
})

test.run()
