/** The fixtures of ucan-wg/spec 1.0.0: a delegation, invocations that are to be allowed or refused with a name, and policies. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagJson from '@ipld/dag-json'
import { base64pad } from 'multiformats/bases/base64'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import {
  type Args,
  authorise,
  Delegation,
  decodeToken,
  delegate,
  Invocation,
  importSigner,
  matches,
  type Policy,
  UcanError,
  verifySignature
} from '../../src/ucan/index.js'
import { skip } from '../skip.js'

/** `AUTOCODEC_VECTORS` names another place for all vectors. */
const FOLDER = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'ucan')

interface Row {
  readonly name: string
  readonly invocation: Uint8Array
  readonly proofs: readonly Uint8Array[]
  readonly time: number
  readonly error?: { readonly name: string }
}

const read = <T>(file: string): T => dagJson.decode<T>(readFileSync(join(FOLDER, file)))
const unpadded = (text: string): Uint8Array => base64pad.baseDecode(text)

if (!existsSync(FOLDER)) skip('vectors of UCAN', `${FOLDER} is not there; tokens.core.test.ts covers the same ground`)
else {
  const invocations = read<{ valid: Row[]; invalid: Row[] }>('invocation.json')
  for (const { name, invocation, proofs, time } of invocations.valid) {
    test(`allowed: ${name}`, async () => {
      const token = decodeToken(invocation)
      assert.instance(token, Invocation)
      const { chain } = await authorise(token as Invocation, { proofs: proofs.map((bytes) => decodeToken(bytes) as Delegation), now: time })
      assert.is(chain.length, proofs.length)
    })
  }
  for (const { name, invocation, proofs, time, error } of invocations.invalid) {
    test(`refused: ${name}: ${error?.name}`, async () => {
      try {
        await authorise(decodeToken(invocation) as Invocation, { proofs: proofs.map((bytes) => decodeToken(bytes) as Delegation), now: time })
        assert.unreachable()
      } catch (fault) {
        assert.instance(fault, UcanError)
        assert.is((fault as UcanError).claim, error?.name, (fault as UcanError).message)
      }
    })
  }

  const delegations = JSON.parse(readFileSync(join(FOLDER, 'delegation.json'), 'utf8')) as {
    principals: Record<string, string>
    valid: { name: string; token: string; cid: string; envelope: { payload: Record<string, any>; signature: string; alg: string } }[]
  }
  for (const { name, token, cid, envelope } of delegations.valid) {
    test(name, async () => {
      const read = decodeToken(unpadded(token)) as Delegation
      assert.instance(read, Delegation)
      assert.is(read.cid.toString(), cid)
      assert.equal(read.payload, { ...envelope.payload, nonce: unpadded(envelope.payload.nonce) })
      assert.equal(read.signature, unpadded(envelope.signature))
      assert.is(read.type, envelope.alg)
      await verifySignature(read)

      // the same bytes when we write it
      const issuer = await importSigner(unpadded(delegations.principals.bob))
      const carol = await importSigner(unpadded(delegations.principals.carol))
      const { cmd, exp, nonce } = read.payload
      const made = await delegate({ issuer, audience: carol, subject: issuer, command: cmd, expiration: exp, nonce })
      assert.is(made.cid.toString(), cid)
    })
  }

  const policies = read<Record<'valid' | 'invalid', { args: Args; policies: Policy[] }[]>>('policy.json')
  for (const kind of ['valid', 'invalid'] as const) {
    for (const { args, policies: each } of policies[kind]) {
      for (const policy of each) test(`${kind}: ${JSON.stringify(policy)}`, () => assert.is(matches(policy, args), kind === 'valid'))
    }
  }
}

test.run()
