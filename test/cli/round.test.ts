/** Two people and their machines: a key each, a delegation, an invocation, a run, a receipt that is checked; and all that is refused on the way. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readFunctionManifest, sealManifest } from '../../src/codec/manifest.js'
import { functionNamed } from '../../src/task/index.js'
import { shippedModule } from '../../src/task/shipped/shipped.js'
import { delegate, generateSigner, issueReceipt, readReceipt, writeContainer } from '../../src/ucan/index.js'
import { autocodec, type Ended, scratch } from './command.js'

const folder = scratch()
const at = (name: string): string => join(folder, name)

/** A person: keys and state of their own. */
const person = (name: string) => {
  const env = { AUTOCODEC_KEYS: at(`${name}/keys`), AUTOCODEC_STATE: at(`${name}/state`) }
  mkdirSync(at(name), { recursive: true })
  return (...args: string[]): Promise<Ended> => autocodec(args, '', env)
}
const [alice, bob, carol] = [person('alice'), person('bob'), person('carol')]
const [ALICE, BOB, CAROL] = await Promise.all([alice, bob, carol].map(async (who) => (await who('key', 'new')).out.trim()))
writeFileSync(at('text'), 'four words in all\n')
const ANSWER = '{"bytes":18,"lines":1,"words":4}\n'

const good = (ended: Ended, exit = 0): Ended => {
  assert.is(ended.exit, exit, ended.out + ended.err)
  return ended
}

test('key, delegate, invoke, run, verify, rerun', async () => {
  const delegated = good(
    await alice('delegate', '--to', BOB, '--command', '/wasm/run', '--policy', '[["==",".fun","count"]]', '--expires', '30d', '-o', at('bob.ucan'))
  )
  assert.match(delegated.out, /^bafyrei\w+\n$/)
  assert.match(delegated.err, new RegExp(`${BOB} may ask ${ALICE} for /wasm/run until \\d{4}-`))

  const invoked = good(
    await bob(
      'invoke',
      'word-count',
      '--on',
      ALICE,
      '--proof',
      at('bob.ucan'),
      '--file',
      `file=${at('text')}`,
      '--fuel',
      '1000000',
      '--car-out',
      at('bob.car'),
      '-o',
      at('ask.ucan')
    )
  )
  const task = invoked.out.trim()
  const ran = good(await alice('run', '--invocation', at('ask.ucan'), '--car', at('bob.car'), '--receipt', at('receipt')))
  assert.is(ran.out, ANSWER)
  assert.match(ran.err, new RegExp(`task {5}${task}\n`))
  assert.match(good(await alice('run', '--invocation', at('ask.ucan'))).err, /from the receipt, nothing was run/)

  // bob trusts alice, or nobody
  assert.match(
    good(await bob('receipt', 'verify', at('receipt'), '--issuer', ALICE, '--task', task)).out,
    /^signature {2}right, Ed25519, .*\nexecutor {3}trusted\ntask {7}\w+, \/wasm\/run count\n$/
  )
  assert.match(good(await bob('receipt', 'rerun', at('receipt'))).out, /^same {7}result, [\d,]+ fuel, .* of memory\n$/)
  assert.match(good(await bob('receipt', 'show', at('receipt'))).out, new RegExp(`^task {9}${task}\nexecutor {5}${ALICE}\n`, 'm'))

  const shown = good(await carol('token', 'show', at('ask.ucan'))).out
  for (const line of [
    `issuer       ${BOB}`,
    `audience     ${BOB}`,
    'policy       [["==",".fun","count"]]',
    'signature    right, Ed25519',
    'allowed      yes, by a chain of 1, until'
  ])
    assert.ok(shown.includes(line), line)
  const values = good(await carol('token', 'show', '--json', at('ask.ucan')))
    .out.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(values.map(({ kind, signed }) => [kind, signed]).sort(), [
    ['delegation', true],
    ['invocation', true]
  ])
})

test("a module of one's own goes with the blocks", async () => {
  const wordCount = (await shippedModule(functionNamed('word-count') as CID)) as Uint8Array
  writeFileSync(at('own.wasm'), sealManifest(wordCount, { ...readFunctionManifest(wordCount), name: 'my-count' }))
  const ask = ['invoke', at('own.wasm'), '--on', ALICE, '--proof', at('bob.ucan'), '--file', `file=${at('text')}`, '-o', at('own.ucan')]
  assert.match(good(await bob(...ask)).err, /the executor needs the module and the blocks of --file: --car-out FILE\.car writes them\n$/)
  good(await bob(...ask, '--car-out', at('own.car')))
  const absent = good(await carol('function', 'info', (await cidIn('own.ucan')) as string), 5)
  assert.match(absent.err, /is not there; nothing says where blocks are/)
  assert.match(good(await carol('function', 'info', await cidIn('own.ucan'), '--car', at('own.car'))).out, /^name {9}my-count$/m)
  assert.is(good(await alice('run', '--invocation', at('own.ucan'), '--car', at('own.car'), '--receipt', at('own-receipt'))).out, ANSWER)
  // where blocks are not, nothing is said against the receipt
  for (const who of [alice, carol]) {
    const absent = good(await who('receipt', 'rerun', at('own-receipt')), 5)
    assert.is(absent.out, '')
    assert.match(absent.err, /was not compared: \w+_NOT_FOUND: .*; nothing says where blocks are: give --car FILE/)
  }
  good(await carol('receipt', 'rerun', at('own-receipt'), '--car', at('own.car'), '--state', 'memory'))
})

/** The module that an invocation names. */
async function cidIn(file: string): Promise<string> {
  const { out } = good(await bob('token', 'show', '--json', at(file)))
  const invocation = out.split('\n').find((line) => line.includes('"invocation"')) as string
  return JSON.parse(invocation).payload.args.mod['/']
}

test('what a delegation does not allow is refused where it is asked for, and where it would be done', async () => {
  // carol has nothing; what bob has is not hers
  const nothing = good(await carol('invoke', 'word-count', '--on', ALICE, '--file', `file=${at('text')}`), 8)
  assert.match(nothing.err, /no chain of delegations leads from .*; no delegation was given: --proof FILE gives some\n$/)
  const stolen = good(await carol('invoke', 'word-count', '--on', ALICE, '--proof', at('bob.ucan'), '--file', `file=${at('text')}`), 8)
  assert.match(stolen.err, new RegExp(`there is /wasm/run of ${ALICE} from ${ALICE} to ${BOB}`))
  // bob hands on what he has, and a policy of his own holds too
  good(
    await bob(
      'delegate',
      '--to',
      CAROL,
      '--subject',
      ALICE,
      '--command',
      '/wasm/run',
      '--policy',
      '[["==",".params.a",1]]',
      '--proof',
      at('bob.ucan'),
      '-o',
      at('carol.ucan')
    )
  )
  const policy = good(await carol('invoke', 'word-count', '--on', ALICE, '--proof', at('carol.ucan'), '--args', '{"a":2}'), 8)
  assert.match(policy.err, /policy|allow/)
  // by right of a chain of two, a task that ends in an error
  good(await carol('invoke', 'word-count', '--on', ALICE, '--proof', at('carol.ucan'), '--args', '{"a":1}', '-o', at('carol-ask.ucan')))
  assert.is(JSON.parse(good(await alice('run', '--invocation', at('carol-ask.ucan')), 7).out).code, 'MISSING_FIELD')
  // for somebody else's executor
  const elsewhere = good(await bob('run', '--invocation', at('carol-ask.ucan')), 8)
  assert.match(elsewhere.err, new RegExp(ALICE))
  // more than one has cannot be handed on
  good(await bob('delegate', '--to', CAROL, '--subject', ALICE, '--command', '/', '--proof', at('bob.ucan')), 8)
  // of another subject, which alice has to be told of
  good(await bob('delegate', '--to', CAROL, '--command', '/wasm/run', '-o', at('of-bob.ucan')))
  good(
    await carol(
      'invoke',
      'word-count',
      '--on',
      ALICE,
      '--subject',
      BOB,
      '--proof',
      at('of-bob.ucan'),
      '--file',
      `file=${at('text')}`,
      '--car-out',
      at('text.car'),
      '-o',
      at('of-bob-ask.ucan')
    )
  )
  const subject = good(await alice('run', '--invocation', at('of-bob-ask.ucan'), '--car', at('text.car')), 8)
  assert.match(subject.err, /does nothing for .*, which is --subject DID here\n$/)
  assert.is(good(await alice('run', '--invocation', at('of-bob-ask.ucan'), '--car', at('text.car'), '--subject', BOB)).out, ANSWER)
})

test('limits are those of the invocation, and never more than the executor says', async () => {
  good(
    await bob(
      'invoke',
      'word-count',
      '--on',
      ALICE,
      '--proof',
      at('bob.ucan'),
      '--file',
      `file=${at('text')}`,
      '--nonce',
      '01',
      '--fuel',
      '4000',
      '-o',
      at('little.ucan')
    )
  )
  assert.is(JSON.parse(good(await alice('run', '--invocation', at('little.ucan'), '--fuel', '2000'), 7).out).code, 'FUEL')
  assert.is(
    JSON.parse(
      good(await bob('token', 'show', '--json', at('little.ucan')))
        .out.split('\n')
        .find((line) => line.includes('"invocation"')) as string
    ).payload.meta.limits.fuel,
    4000
  )
})

test('rerun finds a forged receipt, whoever has signed it', async () => {
  const receipt = readReceipt(readFileSync(at('receipt')))
  const mallory = await generateSigner()
  const meta = receipt.payload.meta as Record<string, unknown>
  const { ran } = receipt
  const forged = async (name: string, out: unknown, changed: Record<string, unknown> = meta): Promise<string> => {
    writeFileSync(at(name), (await issueReceipt({ issuer: mallory, ran, out: { ok: out }, meta: changed })).bytes)
    return at(name)
  }
  const lie = await forged('lie', { bytes: 18, lines: 1, words: 5 })
  good(await bob('receipt', 'verify', lie))
  assert.match(good(await bob('receipt', 'verify', lie, '--issuer', ALICE), 9).err, /does not hold: it is by did:key:/)
  const found = good(await bob('receipt', 'rerun', lie), 9)
  assert.is(found.out, 'out        receipt  {"ok":{"bytes":18,"lines":1,"words":5}}\n           rerun    {"ok":{"bytes":18,"lines":1,"words":4}}\n')
  assert.match(found.err, /does not say what the task comes to\n$/)
  const { same, differences } = JSON.parse(good(await bob('receipt', 'rerun', '--json', lie), 9).out)
  assert.equal([same, differences.length, differences[0].what], [false, 1, 'out'])

  const fuel = await forged('fuel', { bytes: 18, lines: 1, words: 4 }, { ...meta, fuel: 1 })
  assert.match(good(await bob('receipt', 'rerun', fuel), 9).out, /^fuel {7}receipt {2}1\n/)
  // facts that are none
  for (const [name, changed] of [
    ['effects', { ...meta, effects: { a: 1 } }],
    ['inputs', { ...meta, inputs: { a: null } }],
    ['task', { ...meta, task: { ...(meta.task as object), nonce: new Uint8Array(1) } }]
  ] as const) {
    const file = await forged(name, null, changed)
    assert.match(good(await bob('receipt', 'rerun', file), 9).err, /does not hold/)
    assert.match(good(await bob('receipt', 'show', file)).out, /^meta {9}\{/m)
  }
  // a signature over something else
  const bytes = new Uint8Array(receipt.bytes)
  bytes[10] ^= 1
  writeFileSync(at('flipped'), bytes)
  assert.match(good(await bob('receipt', 'verify', at('flipped')), 9).err, /the signature is not that of/)
  assert.match(good(await bob('token', 'show', at('flipped')), 3).out, /^signature {4}WRONG/m)
})

test('what is revoked holds no longer, here and where the revocation is taken to', async () => {
  good(await alice('delegate', '--to', BOB, '--command', '/wasm', '--expires', 'never', '-o', at('wide.ucan')))
  good(await bob('invoke', 'word-count', '--on', ALICE, '--proof', at('wide.ucan'), '--file', `file=${at('text')}`, '--nonce', 'aa', '-o', at('late.ucan')))
  assert.match(good(await bob('revoke', at('wide.ucan')), 8).err, /nothing in the file is signed by/)
  const revoked = good(await alice('revoke', at('wide.ucan'), '-o', at('revoked.ucan')))
  assert.match(good(await alice('run', '--invocation', at('late.ucan'), '--car', at('bob.car')), 8).err, /has been revoked\n$/)
  // what stands on another delegation still holds
  assert.is(good(await alice('run', '--invocation', at('ask.ucan'))).out, ANSWER)
  assert.is(good(await carol('revoke', at('revoked.ucan'))).out, revoked.out)
  good(await alice('revoke', at('wide.ucan'), '--state', 'memory'), 2)
})

test('files of tokens: text that was pasted, too many, none, expired', async () => {
  const pasted = good(await alice('delegate', '--to', BOB, '--command', '/wasm/run', '--subject', 'any'))
  assert.match(pasted.out, /^P[\w-]+\n$/)
  writeFileSync(at('pasted'), pasted.out)
  assert.match(good(await bob('token', 'show', at('pasted'))).out, /^subject {6}any that the issuer has been given$/m)
  writeFileSync(at('container'), await writeContainer([readReceipt(readFileSync(at('receipt')))], { form: 'base64' }))
  good(await bob('receipt', 'verify', at('container')))
  assert.match(good(await bob('run', '--invocation', at('container')), 3).err, /has 0 invocations, 0 delegations and 1 receipts, expected one invocation/)
  assert.match(good(await bob('receipt', 'show', at('bob.ucan')), 3).err, /has 0 receipts, expected one/)
  const dora = await generateSigner()
  const past = await delegate({ issuer: dora, audience: BOB, subject: dora, command: '/wasm/run', expiration: 1_577_836_800 })
  writeFileSync(at('past.ucan'), past.bytes)
  const late = good(await bob('invoke', 'word-count', '--on', dora.did, '--proof', at('past.ucan'), '--file', `file=${at('text')}`), 8)
  assert.match(late.err, /there is \/wasm\/run of .* until 2020-01-01T00:00:00Z\n$/)
  for (const [args, err] of [
    [['--to', 'bob', '--command', '/x'], /--to: got bob, expected a DID, or the name of a key of yours/],
    [['--to', 'did:key', '--command', '/x'], /--to: did:key is no DID/],
    [['--to', 'did:key:zzz', '--command', '/x'], /--to: .*did:key:zzz/],
    [['--to', ALICE.slice(0, -1), '--command', '/x'], /--to: .*did:key:z6Mk/],
    [['--to', BOB, '--command', 'x'], /expected a slash/],
    [['--to', BOB, '--command', '/x', '--expires', 'soon'], /--expires: got soon, expected a span/],
    [['--to', BOB, '--command', '/x', '--expires', '2020-01-01'], /--expires: got 2020-01-01T00:00:00Z, which has passed/],
    [['--to', BOB, '--command', '/x', '--not-before', '2d'], /--not-before: got .*, expected a time before it expires/],
    [['--to', BOB, '--command', '/x', '--policy', '[["~",".a",1]]'], /policy, statement 0: "~", expected one of/],
    [['--to', BOB, '--command', '/x', '--policy', '[['], /--policy: not DAG-JSON/]
  ] as const)
    assert.match(good(await alice('delegate', ...args), 2).err, err)
})

test.run()
