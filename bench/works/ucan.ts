import * as dagCbor from '@ipld/dag-cbor'
import {
  authorise,
  type Delegation,
  decodeToken,
  delegate,
  generateSigner,
  type Invocation,
  invoke,
  issueReceipt,
  matches,
  type Policy,
  taskCid,
  taskOf,
  Verified,
  verifySignature
} from 'autocodec/ucan'
import { EdDSASigner } from 'iso-signatures/signers/eddsa.js'
import { verifier } from 'iso-signatures/verifiers/eddsa.js'
import { Resolver } from 'iso-signatures/verifiers/resolver.js'
import { Delegation as IsoDelegation } from 'iso-ucan/delegation'
import { Invocation as IsoInvocation } from 'iso-ucan/invocation'
import { validate } from 'iso-ucan/policy'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Comparison, Unit } from '../comparison.js'
import type { Call } from '../measure.js'

const ISO = 'iso-ucan'
const policy: Policy = [
  ['==', '.fun', 'count'],
  [
    'all',
    '.params',
    [
      'or',
      [
        ['<', '.', 1000],
        ['like', '.', '*@example.com']
      ]
    ]
  ]
]
const args = { fun: 'count', params: [1, 2, 3, 'alice@example.com'] }

/** Tokens signed and verified with Ed25519, each side by its usual means: ours by WebCrypto, iso-ucan by `@noble/ed25519`. */
export async function ucan(): Promise<Comparison[]> {
  const [alice, bob, carol, dan] = await Promise.all([generateSigner(), generateSigner(), generateSigner(), generateSigner()])
  const iso = await EdDSASigner.generate()
  const expiration = Math.floor(Date.now() / 1000) + 86_400
  const give = (issuer: typeof alice, audience: typeof alice) => delegate({ issuer, audience, subject: alice, command: '/wasm', policy, expiration })
  const proofs = [await give(alice, bob), await give(bob, carol), await give(carol, dan)]
  const call = await invoke({ issuer: dan, subject: alice, command: '/wasm/run', args, proofs, expiration })
  const task = taskOf(call)
  const ran = taskCid(task)
  const verified = new Verified()
  const verifierResolver = new Resolver(verifier)
  const isoProofs = new Map(
    await Promise.all(proofs.map(async (proof) => [proof.cid.toString(), await IsoDelegation.from({ bytes: proof.bytes, verifierResolver } as never)] as const))
  )
  const resolveProof = async (cid: CID) => isoProofs.get(cid.toString())
  const cid = (token: unknown): string => (token as { cid: CID }).cid.toString()
  const sameCid = (ours: unknown, theirs: unknown): string | undefined => (cid(ours) === cid(theirs) ? undefined : `${cid(ours)} is not ${cid(theirs)}`)
  const nothing = (): undefined => undefined

  const row = (name: string, bytes: number, ours: Call, theirs?: Call, differs: Comparison['differs'] = nothing, ref = ISO): Comparison => {
    const unit: Unit = theirs === undefined ? 'ms' : '×'
    return { work: 'ucan', codec: '', case: name, group: undefined, bytes, ref: theirs === undefined ? '' : ref, unit, ours, theirs, differs }
  }
  const [first] = proofs
  return [
    row(
      'sign a delegation',
      first.bytes.length,
      () => give(alice, bob),
      () => IsoDelegation.create({ iss: iso, aud: bob.did, sub: iso.did, cmd: '/wasm', pol: policy, exp: expiration } as never)
    ),
    row(
      'read and verify a delegation',
      first.bytes.length,
      async () => {
        const token = decodeToken(first.bytes)
        await verifySignature(token)
        return token
      },
      () => IsoDelegation.from({ bytes: first.bytes, verifierResolver } as never),
      sameCid
    ),
    row(
      'authorise a chain of three',
      call.bytes.length,
      async () => (await authorise(decodeToken(call.bytes) as Invocation, { proofs: proofs.map(({ bytes }) => decodeToken(bytes) as Delegation) })).invocation,
      // it verifies each delegation once more, as ours does
      () => IsoInvocation.from({ bytes: call.bytes, verifierResolver, resolveProof } as never),
      sameCid
    ),
    row('authorise a chain of three, verified before', call.bytes.length, () => authorise(call, { proofs, verified })),
    row('issue a receipt', 0, () => issueReceipt({ issuer: alice, ran, out: { ok: 42 }, meta: { fuel: 1000, memory: 65_536 } })),
    row('read a token', call.bytes.length, () => decodeToken(call.bytes)),
    row(
      'a policy',
      0,
      () => matches(policy, args),
      () => validate(args, policy as never),
      (ours, theirs) => (ours === theirs ? undefined : `${ours}, expected ${theirs}`)
    ),
    row(
      'the CID of a task',
      dagCbor.encode(task).length,
      () => taskCid(task),
      async () => CID.createV1(dagCbor.code, await sha256.digest(dagCbor.encode(task))),
      (ours, theirs) => (String(ours) === String(theirs) ? undefined : `${ours} is not ${theirs}`),
      'multiformats'
    )
  ]
}
