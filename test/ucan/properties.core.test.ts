/** What must hold of all tokens and policies, tried on some that chance makes. */
import * as dagCbor from '@ipld/dag-cbor'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  awaitsIn,
  covers,
  decodeToken,
  delegate,
  fulfil,
  generateSigner,
  invoke,
  issueReceipt,
  matches,
  Receipt,
  type Statement,
  taskCid,
  taskOf,
  UcanError,
  verifySignature
} from '../../src/ucan/index.js'

const signers = [await generateSigner(), await generateSigner('P-256'), await generateSigner('secp256k1')]
const cid = CID.parse('bafyreigyftnzjf4rcu7glp5kfop53vqlopc3zcldauoqdxqlz7t4343gr4')

/** Values of the data model; of numbers without -0, which is written as 0. */
const key = fc.oneof({ weight: 9, arbitrary: fc.string({ maxLength: 6 }) }, { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString') })
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.uint8Array({ maxLength: 12 }),
  fc.constant(cid)
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }))
}))
const args = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true })
const segment = fc.stringMatching(/^[a-z0-9]{1,4}$/)
const command = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
const times = fc.option(fc.maxSafeInteger(), { nil: null })
const signer = fc.constantFrom(...signers)
const selector = fc.constantFrom('.', '.a', '.b?', '.a[0]', '.[]', '.a.b', '.[0]', '.a[1:]', '.["x"]?')

const { statement } = fc.letrec<{ statement: Statement }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom('==', '!='), selector, value) as fc.Arbitrary<Statement>,
    fc.tuple(fc.constantFrom('<', '<=', '>', '>='), selector, fc.integer()) as fc.Arbitrary<Statement>,
    fc.tuple(fc.constant('like'), selector, fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\') })) as fc.Arbitrary<Statement>,
    fc.tuple(fc.constant('not'), tie('statement')) as fc.Arbitrary<Statement>,
    fc.tuple(fc.constantFrom('and', 'or'), fc.array(tie('statement'), { maxLength: 3 })) as fc.Arbitrary<Statement>,
    fc.tuple(fc.constantFrom('all', 'any'), selector, tie('statement')) as fc.Arbitrary<Statement>
  )
}))
const subject = fc.oneof(
  fc.record({ a: value, b: value }),
  fc.record({ a: fc.array(fc.integer({ min: -3, max: 3 })), b: fc.string({ unit: fc.constantFrom('a', 'b') }) }),
  fc.array(fc.integer())
)

const RUNS = { numRuns: 200 }

test('a token that is written can be read, verifies, and says what was said', async () => {
  await fc.assert(
    fc.asyncProperty(
      signer,
      command,
      args,
      fc.array(statement, { maxLength: 3 }),
      times,
      fc.uint8Array({ maxLength: 20 }),
      async (issuer, command, args, policy, expiration, nonce) => {
        const dlg = await delegate({ issuer, audience: signers[0], subject: issuer, command, policy, expiration, nonce, meta: args })
        const inv = await invoke({ issuer, subject: issuer, command, args, expiration, nonce, proofs: [dlg] })
        for (const token of [dlg, inv]) {
          const again = decodeToken(token.bytes)
          assert.ok(again.cid.equals(token.cid))
          assert.equal(dagCbor.encode(again.payload), dagCbor.encode(token.payload))
          await verifySignature(again)
        }
        assert.equal(dagCbor.encode(dlg.payload.pol), dagCbor.encode(policy))
        assert.equal(dagCbor.encode(inv.payload.args), dagCbor.encode(args))
        assert.is(inv.payload.exp, expiration)
      }
    ),
    { numRuns: 60 }
  )
})

test('a receipt says what came of a task', async () => {
  await fc.assert(
    fc.asyncProperty(args, value, fc.boolean(), async (args, result, ok) => {
      const inv = await invoke({ issuer: signers[0], subject: signers[0], command: '/x', args })
      const receipt = await issueReceipt({ issuer: signers[0], ran: taskCid(taskOf(inv)), out: ok ? { ok: result } : { error: result } })
      const read = decodeToken(receipt.bytes) as Receipt
      assert.instance(read, Receipt)
      assert.equal(dagCbor.encode(read.out), dagCbor.encode(ok ? { ok: result } : { error: result }))
      assert.ok(read.ran.equals(taskCid(taskOf(decodeToken(inv.bytes) as typeof inv))))
    }),
    { numRuns: 60 }
  )
})

test('whatever bytes there are, they are a token or a typed error', async () => {
  const token = (await invoke({ issuer: signers[0], subject: signers[0], command: '/x', args: { list: [1, { a: cid }] } })).bytes
  const some = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    value.map((value) => dagCbor.encode(value)),
    fc
      .tuple(fc.nat(token.length), fc.uint8Array({ maxLength: 8 }), fc.nat(4))
      .map(([at, put, drop]) => Uint8Array.of(...token.subarray(0, at), ...put, ...token.subarray(at + drop)))
  )
  fc.assert(
    fc.property(some, (bytes) => {
      try {
        decodeToken(bytes)
      } catch (error) {
        assert.instance(error, UcanError, String(error))
      }
    }),
    { numRuns: 2000 }
  )
})

test('commands: what covers is the same or above; it passes on; it is never both ways', () => {
  fc.assert(
    fc.property(command, command, command, (a, b, c) => {
      assert.ok(covers('/', a))
      assert.ok(covers(a, a))
      assert.ok(covers(a, a === '/' ? '/more' : `${a}/more`))
      if (a !== '/') assert.not.ok(covers(a, `${a}more`))
      if (covers(a, b) && covers(b, a)) assert.is(a, b)
      if (covers(a, b) && covers(b, c)) assert.ok(covers(a, c))
      assert.is(covers(a, b), a === '/' || `${b}/`.startsWith(`${a}/`))
    }),
    RUNS
  )
})

test('policies: not turns around; and, or and De Morgan; more statements never allow more', () => {
  fc.assert(
    fc.property(statement, statement, subject, (a, b, value) => {
      const [isA, isB] = [matches([a], value), matches([b], value)]
      assert.is(matches([['not', a]], value), !isA)
      assert.is(matches([['not', ['not', a]]], value), isA)
      assert.is(matches([['and', [a, b]]], value), isA && isB)
      assert.is(matches([['or', [a, b]]], value), isA || isB)
      assert.is(
        matches([['not', ['and', [a, b]]]], value),
        matches(
          [
            [
              'or',
              [
                ['not', a],
                ['not', b]
              ]
            ]
          ],
          value
        )
      )
      assert.is(matches([a, b], value), isA && isB)
      assert.ok(matches([], value))
    }),
    { numRuns: 500 }
  )
})

test('policies: all is and of the elements, any is or; numbers are in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 }), fc.integer({ min: -5, max: 5 }), (list, limit) => {
      assert.is(
        matches([['all', '.', ['<', '.', limit]]], list),
        list.every((item) => item < limit)
      )
      assert.is(
        matches([['any', '.', ['<', '.', limit]]], list),
        list.some((item) => item < limit)
      )
      assert.is(matches([['<', '.', limit]], list[0]), !matches([['>=', '.', limit]], list[0]))
      assert.is(matches([['==', '.', limit]], BigInt(list[0])), list[0] === limit)
      assert.is(matches([['==', `.[${limit}]`, limit < 0 ? list.at(limit) : list[limit]]], list), list.at(limit) !== undefined)
      assert.ok(matches([['==', `.[${limit}:]`, list.slice(limit)]], list))
    }),
    RUNS
  )
})

test('policies: like is a regular expression of the same meaning', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '\\*', '\\', '.'), { maxLength: 8 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '.'), maxLength: 12 }), (pattern, text) => {
      const source = pattern.replace(/\\\*|[\s\S]/g, (part) => (part === '*' ? '.*' : part === '\\*' ? '\\*' : part.replace(/[\\.]/g, '\\$&')))
      assert.is(matches([['like', '.', pattern]], text), new RegExp(`^${source}$`, 's').test(text), `${pattern} ${text}`)
    }),
    { numRuns: 2000 }
  )
})

test('promises: what is put in is found where they were, and nothing else is changed', () => {
  const promise = fc.constantFrom('await/ok', 'await/*').map((branch) => ({ [branch]: cid }))
  const { withPromises } = fc.letrec((tie) => ({
    withPromises: fc.oneof(
      { maxDepth: 4 },
      leaf,
      promise,
      fc.array(tie('withPromises'), { maxLength: 4 }),
      fc.dictionary(key, tie('withPromises'), { maxKeys: 4, noNullPrototype: true })
    )
  }))
  fc.assert(
    fc.property(withPromises, value, (args, result) => {
      const before = dagCbor.encode(args)
      const found = awaitsIn(args)
      const fulfilled = fulfil(args, () => ({ out: { ok: result } }))
      assert.equal(dagCbor.encode(args), before)
      assert.ok('args' in fulfilled)
      if (!('args' in fulfilled)) return
      for (const { path, branch } of found) {
        const at = path.reduce((value: any, key) => value[key], fulfilled.args)
        assert.equal(dagCbor.encode(at), dagCbor.encode(branch === '*' ? { ok: result } : result))
      }
      if (found.length === 0) assert.is(fulfilled.args, args)
      else
        assert.equal(
          fulfil(args, () => undefined),
          { pending: [cid] }
        )
    }),
    RUNS
  )
})

test.run()
