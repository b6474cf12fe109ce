/** Attacks on chains of delegations, and what `authorise` does for those who may. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  authorise,
  type DelegateOptions,
  type Delegation,
  decodeToken,
  delegate,
  generateSigner,
  type Invocation,
  invoke,
  issueReceipt,
  Replay,
  Revocations,
  revoke,
  type Signer,
  taskCid,
  taskOf,
  Verified,
  verifierOf,
  verifySignature
} from '../../src/ucan/index.js'
import { refusal } from './refusal.js'

const [alice, bob, carol, mallory] = await Promise.all([generateSigner(), generateSigner(), generateSigner(), generateSigner()])
const NOW = 1_700_000_000

function give(issuer: Signer, audience: Signer, more: Partial<DelegateOptions> = {}): Promise<Delegation> {
  return delegate({ issuer, audience, subject: alice, command: '/wasm', expiration: null, ...more })
}

const ab = await give(alice, bob)
const bc = await give(bob, carol)

/** An invocation by Carol with her chain. */
const ask = (more: Partial<Parameters<typeof invoke>[0]> = {}): Promise<Invocation> =>
  invoke({ issuer: carol, subject: alice, command: '/wasm/run', args: { fun: 'count' }, proofs: [ab, bc], expiration: NOW + 60, ...more })

test('who may, may; and it says from when until when', async () => {
  const proofs = [await give(alice, bob, { notBefore: NOW - 10, expiration: NOW + 50 }), bc]
  const { chain, notBefore, expiration } = await authorise(await ask({ proofs }), { proofs, now: NOW, audience: alice })
  assert.equal(chain, proofs)
  assert.is(notBefore, NOW - 10)
  assert.is(expiration, NOW + 50)
})

test('proofs are found by a function too, one after the other, and only by the CID that was asked for', async () => {
  const known = new Map([ab, bc].map((token) => [token.cid.toString(), token]))
  await authorise(await ask(), { proofs: async (cid) => known.get(cid.toString()), now: NOW })
  await refusal(async () => authorise(await ask(), { proofs: () => ab, now: NOW }), 'PROOF_UNAVAILABLE')
})

test('nobody whose signature is wrong has proofs looked up', async () => {
  const bytes = new Uint8Array((await ask()).bytes)
  bytes[10] ^= 1
  let asked = 0
  await refusal(() => authorise(decodeToken(bytes) as Invocation, { proofs: () => void asked++ as undefined, now: NOW }), 'SIGNATURE_INVALID')
  assert.is(asked, 0)
})

test('arguments are changed after signing', async () => {
  const text = new TextEncoder().encode('count')
  const bytes = new Uint8Array((await ask()).bytes)
  const at = bytes.findIndex((_, i) => text.every((byte, j) => bytes[i + j] === byte))
  bytes.set(new TextEncoder().encode('erase'), at)
  await refusal(() => authorise(decodeToken(bytes) as Invocation, { proofs: [ab, bc], now: NOW }), 'SIGNATURE_INVALID')
})

test('the invoker signs in somebody’s name', async () => {
  const forger: Signer = { did: carol.did, type: 'Ed25519', sign: (message) => mallory.sign(message) }
  await refusal(async () => authorise(await ask({ issuer: forger }), { proofs: [ab, bc], now: NOW }), 'SIGNATURE_INVALID')
})

test('a signature with another kind of key than the DID’s', async () => {
  const other = await generateSigner('P-256')
  const forger: Signer = { did: carol.did, type: 'P-256', sign: (message) => other.sign(message) }
  assert.match(
    (await refusal(async () => authorise(await ask({ issuer: forger }), { proofs: [ab, bc], now: NOW }), 'SIGNATURE_INVALID')).message,
    /P-256.*Ed25519/
  )
})

test('a delegation to oneself about somebody else', async () => {
  const own = await give(mallory, mallory)
  await refusal(async () => authorise(await ask({ issuer: mallory, proofs: [own] }), { proofs: [own], now: NOW }), 'ROOT_INVALID')
})

test('a chain of ten thousand is refused at once', async () => {
  const start = performance.now()
  // the CIDs need not lead anywhere: nothing is looked up
  const proofs = Array.from({ length: 10_000 }, (_, i) => taskCid({ sub: alice.did, cmd: '/', args: { i }, nonce: new Uint8Array(0) }))
  const long = await ask({ proofs })
  const made = performance.now()
  await refusal(() => authorise(long, { proofs: () => assert.unreachable() as never, now: NOW }), 'CHAIN_LENGTH')
  assert.ok(performance.now() - made < 100, `${performance.now() - made} ms`)
  assert.ok(made - start < 5000)
})

test('the longest chain that is allowed, and one more', async () => {
  const holders = [alice, ...(await Promise.all(Array.from({ length: 6 }, () => generateSigner())))]
  const proofs = await Promise.all(holders.slice(0, -1).map((holder, i) => give(holder, holders[i + 1])))
  const last = await ask({ issuer: holders[6], proofs })
  assert.is((await authorise(last, { proofs, now: NOW, maxProofs: 6 })).chain.length, 6)
  await refusal(() => authorise(last, { proofs, now: NOW, maxProofs: 5 }), 'CHAIN_LENGTH')
})

test('a circle of principals is a chain like any other, but no delegation counts twice', async () => {
  const ba = await give(bob, alice)
  await authorise(await ask({ issuer: alice, proofs: [ab, ba] }), { proofs: [ab, ba], now: NOW })
  await refusal(async () => authorise(await ask({ issuer: alice, proofs: [ab, ba, ab, ba] }), { proofs: [ab, ba], now: NOW }), 'CHAIN_CYCLE')
})

test('the policies of a chain share their steps', async () => {
  const policy = [['all', '.list', ['>=', '.', 0]]] as never
  const proofs = [await give(alice, bob, { policy }), await give(bob, carol, { policy })]
  const heavy = await ask({ proofs, args: { list: Array.from({ length: 1000 }, (_, i) => i) } })
  await authorise(heavy, { proofs, now: NOW })
  await refusal(() => authorise(heavy, { proofs, now: NOW, maxSteps: 3000 }), 'POLICY_LIMIT')
})

test('policies are held against arguments with their promises fulfilled', async () => {
  const proofs = [await give(alice, bob, { policy: [['==', '.fun', 'count']] }), bc]
  const promised = await ask({ proofs, args: { fun: { 'await/ok': ab.cid } } })
  await refusal(() => authorise(promised, { proofs, now: NOW }), 'POLICY_MISMATCH')
  await authorise(promised, { proofs, now: NOW, args: { fun: 'count' } })
  await refusal(() => authorise(promised, { proofs, now: NOW, args: { fun: 'erase' } }), 'POLICY_MISMATCH')
})

// --- time --------------------------------------------------------------------------------------------------------------------------------------------------

const times: [name: string, delegation: Partial<DelegateOptions>, skew: number | undefined, code: 'EXPIRED' | 'TOO_EARLY' | undefined][] = [
  ['ends now', { expiration: NOW }, 0, undefined],
  ['ended a second ago', { expiration: NOW - 1 }, 0, 'EXPIRED'],
  ['begins now', { notBefore: NOW }, 0, undefined],
  ['begins in a second', { notBefore: NOW + 1 }, 0, 'TOO_EARLY'],
  ['ended a minute ago', { expiration: NOW - 60 }, undefined, undefined],
  ['ended more than a minute ago', { expiration: NOW - 61 }, undefined, 'EXPIRED'],
  ['begins in a minute', { notBefore: NOW + 60 }, undefined, undefined],
  ['begins in more than a minute', { notBefore: NOW + 61 }, undefined, 'TOO_EARLY'],
  ['ended before 1970', { expiration: -1 }, undefined, 'EXPIRED'],
  ['never ends', { expiration: null }, 0, undefined]
]
for (const [name, more, skew, code] of times) {
  test(`a delegation that ${name}: ${code ?? 'allowed'}`, async () => {
    const proofs = [ab, await give(bob, carol, more)]
    const attempt = async () => authorise(await ask({ proofs }), { proofs, now: NOW, skew })
    if (code === undefined) await attempt()
    else await refusal(attempt, code)
  })
}

test('an invocation is good for five minutes if nobody says otherwise; a delegation has to say', async () => {
  const { exp } = (await ask({ expiration: undefined })).payload
  assert.ok(exp !== null && Math.abs(exp - Date.now() / 1000 - 300) < 10)
  await give(alice, bob, { expiration: undefined }).then(
    () => assert.unreachable(),
    (error) => assert.instance(error, TypeError)
  )
})

// --- replay ------------------------------------------------------------------------------------------------------------------------------------------------

test('what comes twice is refused, until it has expired; what has no nonce may come again', async () => {
  const replay = new Replay()
  const once = await ask()
  const options = { proofs: [ab, bc], now: NOW, replay }
  await authorise(once, options)
  await refusal(() => authorise(once, options), 'REPLAYED')
  // signed again, with the same nonce
  await refusal(async () => authorise(await ask({ nonce: once.payload.nonce, expiration: NOW + 90 }), options), 'REPLAYED')
  await authorise(await ask(), options)
  await refusal(() => authorise(once, { ...options, now: NOW + 121 }), 'EXPIRED')
  const pure = await ask({ nonce: new Uint8Array(0) })
  await authorise(pure, options)
  await authorise(pure, options)
  assert.is(replay.size, 2)
})

test('what is refused is not remembered', async () => {
  const replay = new Replay()
  const late = await ask({ expiration: NOW - 100 })
  await refusal(() => authorise(late, { proofs: [ab, bc], now: NOW, replay }), 'EXPIRED')
  await refusal(async () => authorise(await ask(), { now: NOW, replay }), 'PROOF_UNAVAILABLE')
  assert.is(replay.size, 0)
})

test('a guard without room forgets what has expired, and refuses before it forgets anything else', async () => {
  const replay = new Replay(2)
  const options = { proofs: [ab, bc], replay }
  await authorise(await ask({ expiration: NOW + 10 }), { ...options, now: NOW })
  await authorise(await ask({ expiration: NOW + 500 }), { ...options, now: NOW })
  await refusal(async () => authorise(await ask({ expiration: NOW + 500 }), { ...options, now: NOW }), 'STORE_FULL')
  await authorise(await ask({ expiration: NOW + 500 }), { ...options, now: NOW + 100 })
  assert.is(replay.size, 2)
})

// --- revocation ----------------------------------------------------------------------------------------------------------------------------------------------

const revokers: [name: string, by: Signer, of: Delegation, takes: boolean][] = [
  ['the issuer of the delegation', bob, bc, true],
  ['the issuer of the one before', alice, bc, true],
  ['the subject, of its own', alice, ab, true],
  ['its audience', carol, bc, false],
  ['the issuer of a later one', bob, ab, false],
  ['a stranger', mallory, bc, false]
]
for (const [name, by, of, takes] of revokers) {
  test(`revoked by ${name}: ${takes ? 'it holds no more' : 'nothing changes'}`, async () => {
    const revocations = new Revocations()
    await revocations.add(await revoke({ issuer: by, delegation: of }))
    const attempt = async () => authorise(await ask(), { proofs: [ab, bc], now: NOW, isRevoked: revocations.isRevoked })
    if (takes) assert.ok((await refusal(attempt, 'REVOKED')).cid?.equals(of.cid))
    else await attempt()
    // with the chain it is known at once
    const adding = async () => new Revocations().add(await revoke({ issuer: by, delegation: of, path: [ab, bc] }), { chain: [ab, bc] })
    if (takes) assert.is((await adding()).path.length, 2)
    else await refusal(adding, 'REVOCATION_INVALID')
  })
}

test('the right to revoke is delegated', async () => {
  const right = await delegate({ issuer: bob, audience: mallory, subject: bob, command: '/ucan/revoke', expiration: null, policy: [['==', '.revoke', bc.cid]] })
  const revocations = new Revocations()
  await revocations.add(await revoke({ issuer: mallory, subject: bob, delegation: bc, proofs: [right] }), { proofs: [right] })
  assert.ok(revocations.isRevoked(bc.cid, [ab, bc]))
  await refusal(
    async () => revocations.add(await revoke({ issuer: mallory, subject: bob, delegation: ab, proofs: [right] }), { proofs: [right] }),
    'POLICY_MISMATCH'
  )
  await refusal(async () => revocations.add(await revoke({ issuer: mallory, subject: bob, delegation: ab })), 'PROOF_MISSING')
})

test('a store of revocations has an end, and counts none twice', async () => {
  const revocations = new Revocations(1)
  await revocations.add(await revoke({ issuer: bob, delegation: bc }))
  await revocations.add(await revoke({ issuer: bob, delegation: bc, meta: { again: true } }))
  assert.is(revocations.size, 1)
  await refusal(async () => revocations.add(await revoke({ issuer: alice, delegation: ab })), 'STORE_FULL')
  await refusal(async () => revocations.add(await ask()), 'REVOCATION_INVALID')
})

test('revocations are looked up with the chain, and may take their time', async () => {
  const asked: string[] = []
  const isRevoked = async (cid: { toString(): string }, chain: readonly Delegation[]) => {
    asked.push(cid.toString())
    assert.equal(chain, [ab, bc])
    return false
  }
  await authorise(await ask(), { proofs: [ab, bc], now: NOW, isRevoked })
  assert.equal(asked, [ab.cid.toString(), bc.cid.toString()])
})

// --- signatures ----------------------------------------------------------------------------------------------------------------------------------------------

test('what has been verified is not verified again', async () => {
  const verified = new Verified()
  const first = await ask()
  await authorise(first, { proofs: [ab, bc], now: NOW, verified })
  for (const token of [first, ab, bc]) assert.ok(verified.has(token))
  // what is remembered are tokens, not keys
  assert.not.ok(verified.has(await ask()))
  // other bytes are another token
  const bytes = new Uint8Array(first.bytes)
  bytes[20] ^= 1
  await refusal(() => authorise(decodeToken(bytes) as Invocation, { proofs: [ab, bc], now: NOW, verified }), 'SIGNATURE_INVALID')
  const small = new Verified(2)
  await authorise(first, { proofs: [ab, bc], now: NOW, verified: small })
  assert.is([first, ab, bc].filter((token) => small.has(token)).length, 2)
})

test('bytes that are changed after reading change nothing', async () => {
  const bytes = new Uint8Array((await ask()).bytes)
  const token = decodeToken(bytes) as Invocation
  bytes.fill(0)
  await authorise(token, { proofs: [ab, bc], now: NOW })
})

test('other DIDs are resolved by whoever can, each time', async () => {
  const did = 'did:web:example.com'
  const web: Signer = { did: `${did}#key-1`, type: 'Ed25519', sign: (message) => bob.sign(message) }
  const proofs = [await delegate({ issuer: alice, audience: did, subject: alice, command: '/wasm', expiration: null })]
  const asked = await ask({ issuer: web, proofs })
  await refusal(() => authorise(asked, { proofs, now: NOW }), 'DID_UNSUPPORTED')
  const verifier = await verifierOf(bob.did)
  const seen: string[] = []
  const resolve = async (did: string) => {
    seen.push(did)
    return verifier
  }
  const options = { proofs, now: NOW, verified: new Verified(), resolve }
  await authorise(asked, options)
  await authorise(asked, options)
  assert.equal(seen, [web.did, web.did])
})

test('a signal ends it', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const attempt = authorise(await ask(), {
    proofs: async () => {
      controller.abort(reason)
      return ab
    },
    now: NOW,
    signal: controller.signal
  })
  await attempt.then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
})

// --- receipts ----------------------------------------------------------------------------------------------------------------------------------------------

test('a receipt is the executor’s word on a task, and verifies by itself', async () => {
  const asked = await ask()
  const ran = taskCid(taskOf(asked))
  const options = { issuer: alice, ran, out: { ok: { count: 3 } }, meta: { fuel: 100, memory: 65536 }, issuedAt: NOW }
  const receipt = await issueReceipt(options)
  assert.is(receipt.executor, alice.did)
  assert.ok(receipt.ran.equals(ran))
  assert.equal(receipt.out, { ok: { count: 3 } })
  assert.equal(receipt.run, [])
  assert.not.ok('run' in receipt.payload.args)
  assert.is(receipt.payload.exp, null)
  assert.is(receipt.payload.aud, undefined)
  assert.ok((await issueReceipt(options)).cid.equals(receipt.cid))
  await authorise(receipt)
  await verifySignature(receipt)
  // signed by somebody else in the executor's name
  const forged = await issueReceipt({ ...options, issuer: { did: alice.did, type: 'Ed25519', sign: (message) => mallory.sign(message) } })
  await refusal(() => authorise(forged), 'SIGNATURE_INVALID')
  await issueReceipt({ ...options, out: { ok: undefined } }).then(
    () => assert.unreachable(),
    (error) => assert.instance(error, TypeError)
  )
})

test('a task is the same whoever asks, until when, and by which right', async () => {
  const nonce = new Uint8Array(0)
  const [one, two] = [await ask({ nonce }), await ask({ nonce, issuer: bob, proofs: [ab], expiration: null, meta: { fuel: 1 }, audience: bob })]
  assert.not.ok(one.cid.equals(two.cid))
  assert.ok(taskCid(taskOf(one)).equals(taskCid(taskOf(two))))
  assert.not.ok(taskCid(taskOf(one)).equals(taskCid(taskOf(await ask()))))
})

test.run()
