/** iso-ucan reads and verifies what is signed here, and what it signs is read and verified here. It writes the release candidate's tags, and reads any. */
import { ECDSASigner } from 'iso-signatures/signers/ecdsa.js'
import { EdDSASigner } from 'iso-signatures/signers/eddsa.js'
import { ES256KSigner } from 'iso-signatures/signers/es256k.js'
import { verifier as ecdsa } from 'iso-signatures/verifiers/ecdsa.js'
import { verifier as eddsa } from 'iso-signatures/verifiers/eddsa.js'
import { Resolver } from 'iso-signatures/verifiers/resolver.js'
import { Delegation as IsoDelegation } from 'iso-ucan/delegation'
import { Invocation as IsoInvocation } from 'iso-ucan/invocation'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  authorise,
  type Delegation,
  decodeToken,
  delegate,
  exportSigner,
  generateSigner,
  type Invocation,
  invoke,
  verifySignature
} from '../../src/ucan/index.js'

const verifierResolver = new Resolver({ ...eddsa, ...ecdsa })
const TYPES = ['Ed25519', 'P-256', 'secp256k1'] as const
const later = Math.floor(Date.now() / 1000) + 600

for (const type of TYPES) {
  test(`${type}: iso-ucan reads our delegations and invocations`, async () => {
    const [alice, bob] = [await generateSigner(type), await generateSigner(type)]
    const ours = await delegate({
      issuer: alice,
      audience: bob,
      subject: alice,
      command: '/msg',
      policy: [['==', '.to', 'carol']],
      expiration: later,
      meta: { a: 1 }
    })
    const theirs = await IsoDelegation.from({ bytes: ours.bytes, verifierResolver } as never)
    assert.is(theirs.cid.toString(), ours.cid.toString())
    assert.is(theirs.iss, alice.did)
    assert.equal(theirs.pol, ours.payload.pol)

    const call = await invoke({ issuer: bob, subject: alice, command: '/msg/send', args: { to: 'carol', n: 1 }, proofs: [ours], expiration: later })
    const read = await IsoInvocation.from({ bytes: call.bytes, verifierResolver, resolveProof: async () => theirs } as never)
    assert.is(read.cid.toString(), call.cid.toString())
    assert.equal(read.payload.args, { to: 'carol', n: 1 })
  })
}

const makers = {
  Ed25519: async () => EdDSASigner.generate(),
  'P-256': async () => ECDSASigner.generate('P-256'),
  secp256k1: async () => ES256KSigner.generate()
}
for (const type of TYPES) {
  test(`${type}: we read what iso-ucan signs`, async () => {
    const [alice, bob] = [await makers[type](), await makers[type]()]
    const theirs = await IsoDelegation.create({ iss: alice, aud: bob.did, sub: alice.did, cmd: '/msg', pol: [['==', '.to', 'carol']], exp: later } as never)
    const delegation = decodeToken(theirs.bytes) as Delegation
    assert.is(delegation.version, '1.0.0-rc.1')
    assert.is(delegation.cid.toString(), theirs.cid.toString())
    assert.is(delegation.type, type)
    await verifySignature(delegation)

    const call = await IsoInvocation.create({
      iss: bob,
      sub: alice.did,
      cmd: '/msg/send',
      args: { to: 'carol' },
      prf: [theirs],
      exp: later,
      verifierResolver
    } as never)
    const invocation = decodeToken(call.bytes) as Invocation
    assert.is(invocation.cid.toString(), call.cid.toString())
    const { chain } = await authorise(invocation, { proofs: [delegation], audience: alice.did })
    assert.is(chain[0], delegation)
  })
}

test('keys go over', async () => {
  const ours = await generateSigner()
  const theirs = await EdDSASigner.import(Buffer.from(exportSigner(ours)).toString('base64'))
  assert.is(theirs.did, ours.did)
})

test.run()
