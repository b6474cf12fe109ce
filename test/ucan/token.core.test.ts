/** Reading tokens: what fixtures/ucan/malformed.json does not have. */
import * as dagCbor from '@ipld/dag-cbor'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  Delegation,
  decodeToken,
  delegate,
  generateSigner,
  Invocation,
  invoke,
  issueReceipt,
  Receipt,
  readDelegation,
  readInvocation,
  readReceipt,
  readRevocation,
  revoke,
  taskCid,
  taskOf
} from '../../src/ucan/index.js'
import { fromHex, toHex } from './hex.js'
import { refusal } from './refusal.js'

const alice = await generateSigner()
const delegation = await delegate({ issuer: alice, audience: alice, subject: null, command: '/', expiration: null, nonce: new Uint8Array(0) })
const invocation = await invoke({ issuer: alice, subject: alice, command: '/x', args: { n: 1 } })
const receipt = await issueReceipt({ issuer: alice, ran: taskCid(taskOf(invocation)), out: { ok: 1 } })

test('each kind is read as what it is, and refused where another is wanted', async () => {
  assert.instance(decodeToken(delegation.bytes), Delegation)
  assert.instance(decodeToken(invocation.bytes), Invocation)
  assert.not.instance(decodeToken(invocation.bytes), Receipt)
  assert.instance(decodeToken(receipt.bytes), Receipt)
  assert.instance(decodeToken(receipt.bytes), Invocation)
  for (const read of [readInvocation, readReceipt]) await refusal(() => read(delegation.bytes), 'TOKEN_KIND')
  await refusal(() => readDelegation(invocation.bytes), 'TOKEN_KIND')
  await refusal(() => readReceipt(invocation.bytes), 'RECEIPT_MALFORMED')
})

test('an assertion that is no receipt is an invocation', async () => {
  const assertion = await invoke({ issuer: alice, subject: alice, command: '/ucan/assert', args: { about: delegation.cid, facts: { weather: 'fine' } } })
  assert.not.instance(decodeToken(assertion.bytes), Receipt)
})

test('the limit of size', async () => {
  const size = delegation.bytes.length
  decodeToken(delegation.bytes, { maxBytes: size })
  assert.match(
    (await refusal(() => decodeToken(delegation.bytes, { maxBytes: size - 1 }), 'TOKEN_SIZE')).message,
    new RegExp(`${size} bytes, expected at most ${size - 1}`)
  )
  await refusal(() => decodeToken(new Uint8Array((2 << 20) + 1)), 'TOKEN_SIZE')
})

test('a whole float is not the encoding of what it says', async () => {
  const made = await delegate({ issuer: alice, audience: alice, subject: alice, command: '/', expiration: null, policy: [['<', '.', 2.5]] })
  const hex = toHex(made.bytes)
  const whole = hex.replace('fb4004000000000000', 'fb4000000000000000')
  assert.not.equal(whole, hex)
  const error = await refusal(() => decodeToken(fromHex(whole)), 'TOKEN_NOT_CANONICAL')
  assert.is(error.offset, hex.indexOf('fb4004') / 2)
  assert.match(error.message, /got 0xfb, expected 0x02/)
})

test('keys that objects have by themselves are keys like others', async () => {
  const meta = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "toString": null}') as Record<string, unknown>
  const made = await delegate({ issuer: alice, audience: alice, subject: alice, command: '/', expiration: null, meta })
  const read = (decodeToken(made.bytes) as Delegation).payload.meta!
  assert.equal(Object.keys(read).sort(), ['__proto__', 'constructor', 'toString'])
  assert.is((read as { admin?: unknown }).admin, undefined)
  // a payload whose fields are only on a prototype has none
  const sp = { h: fromHex('3401ed01ed011371'), 'ucan/dlg@1.0.0': JSON.parse('{"__proto__": {"iss": "did:key:z"}}') as object }
  assert.match((await refusal(() => decodeToken(dagCbor.encode([new Uint8Array(64), sp])), 'TOKEN_MALFORMED')).message, /iss is nothing/)
})

test('what cannot be written is the caller’s mistake, and what would be refused is not written', async () => {
  for (const args of [{ a: undefined }, { a: Number.NaN }, { a: () => 1 }]) {
    await invoke({ issuer: alice, subject: alice, command: '/x', args }).then(
      () => assert.unreachable(),
      (error) => assert.instance(error, TypeError)
    )
  }
  await refusal(() => invoke({ issuer: alice, subject: 'alice', command: '/x' }), 'TOKEN_MALFORMED')
  await refusal(() => invoke({ issuer: alice, subject: alice, command: 'x' }), 'COMMAND_MALFORMED')
  await refusal(() => invoke({ issuer: alice, subject: alice, command: '/x', expiration: 1.5 }), 'TOKEN_MALFORMED')
  await refusal(
    () => delegate({ issuer: alice, audience: alice, subject: null, command: '/x', expiration: null, policy: [['=', '.', 1]] as never }),
    'POLICY_MALFORMED'
  )
})

test('a revocation says what it revokes', async () => {
  const revocation = await revoke({ issuer: alice, delegation, path: [delegation] })
  const { revoke: cid, revoker, path } = readRevocation(revocation)
  assert.ok(cid.equals(delegation.cid))
  assert.is(revoker, alice.did)
  assert.is(path.length, 1)
  // twice is the same as once
  assert.ok(taskCid(taskOf(revocation)).equals(taskCid(taskOf(await revoke({ issuer: alice, delegation: delegation.cid, path: [delegation.cid] })))))
  for (const args of [{}, { revoke: 'x' }, { revoke: delegation.cid, path: 'x' }, { revoke: delegation.cid, path: [1] }]) {
    const wrong = await invoke({ issuer: alice, subject: alice, command: '/ucan/revoke', args })
    await refusal(() => readRevocation(wrong), 'REVOCATION_INVALID')
  }
})

test.run()
