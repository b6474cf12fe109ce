/**
 * Writes `fixtures/ucan`: tokens, chains, receipts, tasks, promises and containers, each with what must come of it. They are made here from the specification, by `@ipld/dag-cbor` and
 * `@noble/curves` and without the project's own code. The same bytes come out each time: keys, nonces and times are fixed, and signatures deterministic.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { root } from './run.js'

const FOLDER = join(root, 'fixtures/ucan')
/** 2026-01-01T00:00:00Z, when chains are looked at */
const NOW = 1767225600

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const json = (value: unknown): string => new TextDecoder().decode(dagJson.encode(value))
const cidOf = async (bytes: Uint8Array): Promise<CID> => CID.createV1(0x71, await sha256.digest(bytes))

/** A row a line, so that a diff shows which. */
function write(file: string, rows: readonly unknown[]): void {
  writeFileSync(join(FOLDER, file), `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  console.log(`${file.padEnd(24)} ${rows.length} rows`)
}

// --- keys --------------------------------------------------------------------------------------------------------------------------------------------------

interface Key {
  readonly name: string
  readonly type: string
  readonly did: string
  readonly header: string
  readonly exported: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

const KINDS = {
  Ed25519: { code: [0xed, 0x01], secretCode: [0x80, 0x26], header: '3401ed01ed011371', curve: ed25519 },
  'P-256': { code: [0x80, 0x24], secretCode: [0x86, 0x26], header: '3401ec0180241271', curve: p256 },
  secp256k1: { code: [0xe7, 0x01], secretCode: [0x81, 0x26], header: '3401ec01e7011271', curve: secp256k1 }
} as const

async function key(name: string, type: keyof typeof KINDS): Promise<Key> {
  const { code, secretCode, header, curve } = KINDS[type]
  const secret = (await sha256.digest(new TextEncoder().encode(`autocodec fixture ${name}`))).digest
  const publicKey = curve.getPublicKey(secret)
  const did = `did:key:${base58btc.encode(Uint8Array.of(...code, ...publicKey))}`
  return { name, type, did, header, exported: Uint8Array.of(...secretCode, ...secret), sign: (message) => curve.sign(message, secret) }
}

const alice = await key('alice', 'Ed25519')
const bob = await key('bob', 'P-256')
const carol = await key('carol', 'secp256k1')
const dan = await key('dan', 'Ed25519')
const erin = await key('erin', 'Ed25519')

// --- tokens ------------------------------------------------------------------------------------------------------------------------------------------------

interface Made {
  readonly bytes: Uint8Array
  readonly cid: CID
  readonly payload: Record<string, unknown>
  readonly type: string
}

const defined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

async function token(signer: Key, tag: string, fields: Record<string, unknown>): Promise<Made> {
  const payload = defined(fields)
  const sp = { h: new Uint8Array(Buffer.from(signer.header, 'hex')), [tag]: payload }
  const bytes = dagCbor.encode([signer.sign(dagCbor.encode(sp)), sp])
  return { bytes, cid: await cidOf(bytes), payload, type: signer.type }
}

const nonce = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A delegation about the first, unless `more` says otherwise. */
function delegation(iss: Key, aud: Key, more: Record<string, unknown> = {}, tag = 'ucan/dlg@1.0.0'): Promise<Made> {
  return token(iss, tag, { iss: iss.did, aud: aud.did, sub: alice.did, cmd: '/wasm', pol: [], nonce: nonce('delegation'), exp: null, ...more })
}

function invocation(iss: Key, proofs: readonly Made[], more: Record<string, unknown> = {}, tag = 'ucan/inv@1.0.0'): Promise<Made> {
  const args = { fun: 'count', params: [1, 2] }
  const prf = proofs.map(({ cid }) => cid)
  return token(iss, tag, { iss: iss.did, sub: alice.did, cmd: '/wasm/run', args, prf, nonce: nonce('invocation'), exp: NOW + 300, iat: NOW, ...more })
}

const someCid = await cidOf(dagCbor.encode('something'))
const tokens: [name: string, kind: string, made: Made][] = [
  ['a delegation', 'delegation', await delegation(alice, bob)],
  ['a delegation by P-256', 'delegation', await delegation(bob, carol)],
  ['a delegation by secp256k1', 'delegation', await delegation(carol, dan)],
  ['a powerline', 'delegation', await delegation(alice, bob, { sub: null, cmd: '/' })],
  [
    'all fields',
    'delegation',
    await delegation(alice, bob, { pol: [['==', '.fun', 'count']], meta: { note: 'ä€😀', deep: [{ x: null }] }, nbf: 0, exp: NOW, nonce: nonce('') })
  ],
  ['the release candidate', 'delegation', await delegation(alice, bob, {}, 'ucan/dlg@1.0.0-rc.1')],
  ['an invocation', 'invocation', await invocation(alice, [])],
  [
    'an invocation by P-256, with CIDs',
    'invocation',
    await invocation(bob, [await delegation(alice, bob)], { args: { mod: someCid, list: [someCid, 2n ** 60n, -1, 1.5] }, aud: carol.did })
  ],
  ['an invocation by secp256k1', 'invocation', await invocation(carol, [], { sub: carol.did, exp: null, cause: someCid, meta: { fuel: 1000 } })],
  ['the release candidate', 'invocation', await invocation(alice, [], { nbf: 1 }, 'ucan/inv@1.0.0-rc.1')]
]

// --- what is no token ----------------------------------------------------------------------------------------------------------------------------------------

const good = tokens[0][2]
const GOOD_SP = 67
const changed = (at: number, ...bytes: number[]): Uint8Array => {
  const copy = new Uint8Array(good.bytes)
  copy.set(bytes, at)
  return copy
}
const find = (text: string): number => Buffer.from(good.bytes).indexOf(text)
const sealed = async (fields: Record<string, unknown>, tag = 'ucan/dlg@1.0.0'): Promise<Uint8Array> =>
  (await token(alice, tag, { ...(tag.startsWith('ucan/inv') ? (await invocation(alice, [])).payload : good.payload), ...fields })).bytes
const raw = (value: unknown): Uint8Array => dagCbor.encode(value)
const headless = (header: Uint8Array): Uint8Array => raw([new Uint8Array(64), { h: header, 'ucan/dlg@1.0.0': good.payload }])
const header = Buffer.from(alice.header, 'hex')

const malformed: [name: string, token: Uint8Array, code: string, offset?: number][] = [
  ['nothing', new Uint8Array(0), 'TOKEN_MALFORMED'],
  ['no CBOR', Uint8Array.of(0xff), 'TOKEN_MALFORMED'],
  ['cut short', good.bytes.subarray(0, -1), 'TOKEN_MALFORMED'],
  ['a byte too many', Uint8Array.of(...good.bytes, 0), 'TOKEN_MALFORMED'],
  ['null as undefined', changed(find('cexp') + 4, 0xf7), 'TOKEN_NOT_CANONICAL', find('cexp') + 4],
  ['a key that is not in its place', changed(find('ciss'), ...nonce('caaa')), 'TOKEN_NOT_CANONICAL'],
  ['a length in more bytes than it takes', Uint8Array.of(0x98, 2, ...good.bytes.subarray(1)), 'TOKEN_MALFORMED'],
  ['nested too deep', Uint8Array.of(0x82, ...new Uint8Array(3000).fill(0x81), 0), 'TOKEN_MALFORMED', 1024],
  ['a map', raw({ sig: 1 }), 'TOKEN_MALFORMED'],
  ['a list of three', raw([new Uint8Array(64), {}, 1]), 'TOKEN_MALFORMED'],
  ['a signature as text', raw(['x', { h: header, 'ucan/dlg@1.0.0': good.payload }]), 'TOKEN_MALFORMED', 1],
  ['no payload', raw([new Uint8Array(64), { h: header }]), 'TOKEN_MALFORMED', GOOD_SP],
  ['two payloads', raw([new Uint8Array(64), { h: header, 'ucan/dlg@1.0.0': {}, 'ucan/inv@1.0.0': {} }]), 'TOKEN_MALFORMED', GOOD_SP],
  ['a header that is not known', headless(Buffer.from('3401ed01ed011355', 'hex')), 'TOKEN_VERSION', GOOD_SP],
  ['a header of varsig before its versions', headless(Buffer.from('34ed011371', 'hex')), 'TOKEN_VERSION', GOOD_SP],
  ['a version to come', await sealed({}, 'ucan/dlg@2.0.0'), 'TOKEN_VERSION', GOOD_SP],
  ['another kind', await sealed({}, 'ucan/xyz@1.0.0'), 'TOKEN_VERSION', GOOD_SP],
  ['no tag', await sealed({}, 'something'), 'TOKEN_MALFORMED', GOOD_SP],
  ['a payload that is a list', raw([new Uint8Array(64), { h: header, 'ucan/dlg@1.0.0': [] }]), 'TOKEN_MALFORMED', GOOD_SP],
  ['no issuer', await sealed({ iss: undefined }), 'TOKEN_MALFORMED'],
  ['an issuer that is no DID', await sealed({ iss: 'alice' }), 'TOKEN_MALFORMED'],
  ['a subject that is missing, not null', await sealed({ sub: undefined }), 'TOKEN_MALFORMED'],
  ['an expiration that is missing, not null', await sealed({ exp: undefined }), 'TOKEN_MALFORMED'],
  ['an expiration of 54 bits', await sealed({ exp: 2n ** 53n }), 'TOKEN_MALFORMED'],
  ['an expiration with a fraction', await sealed({ exp: 1.5 }), 'TOKEN_MALFORMED'],
  ['a nonce that is text', await sealed({ nonce: 'x' }), 'TOKEN_MALFORMED'],
  ['a field that is not known', await sealed({ aux: 1 }), 'TOKEN_MALFORMED'],
  ['metadata that is a CID', await sealed({ meta: someCid }), 'TOKEN_MALFORMED'],
  ['a command without a slash', await sealed({ cmd: 'wasm' }), 'COMMAND_MALFORMED'],
  ['a command that ends in a slash', await sealed({ cmd: '/wasm/' }), 'COMMAND_MALFORMED'],
  ['a command with an empty segment', await sealed({ cmd: '/wasm//run' }), 'COMMAND_MALFORMED'],
  ['a command in capitals', await sealed({ cmd: '/Wasm' }), 'COMMAND_MALFORMED'],
  ['a policy that is a map', await sealed({ pol: {} }), 'POLICY_MALFORMED'],
  ['an operator that is not known', await sealed({ pol: [['<>', '.', 1]] }), 'POLICY_MALFORMED'],
  ['arguments that are a list', await sealed({ args: [] }, 'ucan/inv@1.0.0'), 'TOKEN_MALFORMED'],
  ['proofs that are text', await sealed({ prf: ['x'] }, 'ucan/inv@1.0.0'), 'TOKEN_MALFORMED'],
  ['a receipt without a task', await sealed({ cmd: '/ucan/assert/receipt', args: { out: { ok: 1 } } }, 'ucan/inv@1.0.0'), 'RECEIPT_MALFORMED'],
  [
    'a receipt with two results',
    await sealed({ cmd: '/ucan/assert/receipt', args: { ran: someCid, out: { ok: 1, error: 2 } } }, 'ucan/inv@1.0.0'),
    'RECEIPT_MALFORMED'
  ],
  [
    'a receipt with effects that are none',
    await sealed({ cmd: '/ucan/assert/receipt', args: { ran: someCid, out: { ok: 1 }, run: [1] } }, 'ucan/inv@1.0.0'),
    'RECEIPT_MALFORMED'
  ]
]

// --- chains ------------------------------------------------------------------------------------------------------------------------------------------------

interface Chain {
  readonly name: string
  readonly proofs: readonly Made[]
  readonly by: Key
  readonly more?: Record<string, unknown>
  readonly code?: string
  readonly claim?: string
  /** proofs that cannot be had */
  readonly withheld?: boolean
  readonly audience?: Key
}

const ab = await delegation(alice, bob)
const bc = await delegation(bob, carol)
const cd = await delegation(carol, dan)
const abPower = await delegation(alice, bob, { sub: null, cmd: '/' })
const bcPower = await delegation(bob, carol, { sub: null, cmd: '/' })
const forged: Made = await (async () => {
  const sp = (dagCbor.decode(ab.bytes) as [Uint8Array, object])[1]
  const bytes = dagCbor.encode([dan.sign(dagCbor.encode(sp)), sp])
  return { ...ab, bytes, cid: await cidOf(bytes) }
})()
const only = (cmd: string, pol: unknown[] = []): Promise<Made> => delegation(alice, bob, { cmd, pol })

const chains: Chain[] = [
  { name: 'by the subject itself', by: alice, proofs: [] },
  { name: 'one delegation', by: bob, proofs: [ab] },
  { name: 'three delegations, by three kinds of keys', by: dan, proofs: [ab, bc, cd] },
  { name: 'the command above', by: bob, proofs: [await only('/')] },
  { name: 'the command itself', by: bob, proofs: [await only('/wasm/run')] },
  { name: 'a powerline after the root', by: carol, proofs: [ab, bcPower] },
  {
    name: 'a policy that holds',
    by: bob,
    proofs: [
      await only('/wasm', [
        ['==', '.fun', 'count'],
        ['all', '.params', ['>', '.', 0]]
      ])
    ]
  },
  { name: 'within a minute after the end', by: bob, proofs: [await delegation(alice, bob, { exp: NOW - 60 })] },
  { name: 'within a minute before the beginning', by: bob, proofs: [await delegation(alice, bob, { nbf: NOW + 60 })] },
  { name: 'for the executor', by: alice, proofs: [], more: { aud: erin.did }, audience: erin },
  { name: 'for the subject', by: alice, proofs: [], audience: alice },
  { name: 'without a proof', by: bob, proofs: [], code: 'PROOF_MISSING', claim: 'InvalidClaim' },
  { name: 'a proof that cannot be had', by: bob, proofs: [ab], withheld: true, code: 'PROOF_UNAVAILABLE', claim: 'UnavailableProof' },
  { name: 'a command of which the delegated is a prefix', by: bob, proofs: [await only('/was')], code: 'COMMAND_MISMATCH', claim: 'InvalidClaim' },
  { name: 'a command below', by: bob, proofs: [await only('/wasm/run/fast')], code: 'COMMAND_MISMATCH', claim: 'InvalidClaim' },
  {
    name: 'a command widened on the way',
    by: carol,
    proofs: [await only('/wasm/stop'), await delegation(bob, carol, { cmd: '/' })],
    code: 'COMMAND_MISMATCH',
    claim: 'InvalidClaim'
  },
  { name: 'a policy that does not hold', by: bob, proofs: [await only('/wasm', [['==', '.fun', 'erase']])], code: 'POLICY_MISMATCH', claim: 'MatchError' },
  {
    name: 'a policy widened on the way',
    by: carol,
    proofs: [await only('/wasm', [['==', '.fun', 'erase']]), bc],
    code: 'POLICY_MISMATCH',
    claim: 'MatchError'
  },
  { name: 'another subject', by: bob, proofs: [await delegation(alice, bob, { sub: erin.did })], code: 'SUBJECT_MISMATCH', claim: 'InvalidSubject' },
  {
    name: 'another subject on the way',
    by: carol,
    proofs: [ab, await delegation(bob, carol, { sub: erin.did })],
    code: 'SUBJECT_MISMATCH',
    claim: 'InvalidSubject'
  },
  { name: 'a root by somebody else', by: carol, proofs: [bc], code: 'ROOT_INVALID', claim: 'InvalidClaim' },
  { name: 'a root without a subject', by: bob, proofs: [abPower], code: 'ROOT_INVALID', claim: 'InvalidClaim' },
  { name: 'a link that is missing', by: dan, proofs: [ab, cd], code: 'AUDIENCE_MISMATCH', claim: 'InvalidAudience' },
  { name: 'leaf first', by: dan, proofs: [cd, bc, ab], code: 'ROOT_INVALID', claim: 'InvalidClaim' },
  { name: 'by somebody else than the last', by: dan, proofs: [ab, bc], code: 'AUDIENCE_MISMATCH', claim: 'InvalidAudience' },
  { name: 'a delegation that has expired', by: bob, proofs: [await delegation(alice, bob, { exp: NOW - 61 })], code: 'EXPIRED', claim: 'Expired' },
  { name: 'an invocation that has expired', by: alice, proofs: [], more: { exp: NOW - 61 }, code: 'EXPIRED', claim: 'Expired' },
  { name: 'a delegation that is yet to begin', by: bob, proofs: [await delegation(alice, bob, { nbf: NOW + 61 })], code: 'TOO_EARLY', claim: 'TooEarly' },
  { name: 'one delegation twice', by: bob, proofs: [ab, ab], code: 'CHAIN_CYCLE', claim: 'InvalidClaim' },
  { name: 'a delegation signed by somebody else', by: bob, proofs: [forged], code: 'SIGNATURE_INVALID', claim: 'InvalidSignature' },
  { name: 'for another executor', by: alice, proofs: [], more: { aud: dan.did }, audience: erin, code: 'AUDIENCE_MISMATCH', claim: 'InvalidAudience' },
  { name: 'for the subject, which the executor is not', by: alice, proofs: [], audience: erin, code: 'AUDIENCE_MISMATCH', claim: 'InvalidAudience' }
]

// --- receipts, tasks, promises, containers -------------------------------------------------------------------------------------------------------------------

const taskOf = ({ payload: { sub, cmd, args, nonce } }: Made): Record<string, unknown> => ({ sub, cmd, args, nonce })
const ran = await cidOf(dagCbor.encode(taskOf(await invocation(alice, []))))
const effect = { cmd: '/name/publish', sub: alice.did, args: { name: 'x', value: someCid }, nonce: nonce('effect') }
const receipt = (args: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Made> =>
  token(alice, 'ucan/inv@1.0.0', { iss: alice.did, sub: alice.did, cmd: '/ucan/assert/receipt', args, prf: [], nonce: nonce(''), exp: null, iat: NOW, ...more })

const receipts: [name: string, made: Made, ran: CID, out: unknown, run: unknown[]][] = [
  ['a result', await receipt({ ran, out: { ok: 42 } }, { meta: { fuel: 1234, memory: 65536, abi: 2 } }), ran, { ok: 42 }, []],
  ['an error', await receipt({ ran, out: { error: { reason: 'trap', code: 'FUEL' } } }), ran, { error: { reason: 'trap', code: 'FUEL' } }, []],
  ['effects', await receipt({ ran, out: { ok: null }, run: [effect] }, { cause: someCid }), ran, { ok: null }, [effect]],
  ['the older form', await receipt({ about: ran, facts: { out: { ok: 1 }, run: [] } }, { cmd: '/ucan/assert', aud: alice.did }), ran, { ok: 1 }, []],
  [
    'a result as a list, and a nonce as text',
    await receipt({ ran, out: ['ok', 1], run: [{ ...effect, nonce: 'x' }] }),
    ran,
    { ok: 1 },
    [{ ...effect, nonce: nonce('x') }]
  ]
]

const tasks = [
  taskOf(await invocation(alice, [])),
  { sub: bob.did, cmd: '/', args: {}, nonce: nonce('') },
  { sub: bob.did, cmd: '/wasm/run', args: { mod: someCid, params: [{ 'await/ok': ran }] }, nonce: nonce('1') }
]

const other = await cidOf(dagCbor.encode('another task'))
type Promised = [name: string, args: unknown, settled: [task: CID, out: unknown, receipt: CID][], expected: unknown]
const promises: Promised[] = [
  ['no promise', { a: [1, { b: 2 }] }, [], { args: { a: [1, { b: 2 }] } }],
  ['the ok of a result', { a: { 'await/ok': ran } }, [[ran, { ok: { x: 1 } }, someCid]], { args: { a: { x: 1 } } }],
  ['the error of a result', { a: [{ 'await/error': ran }] }, [[ran, { error: 'why' }, someCid]], { args: { a: ['why'] } }],
  ['a result as it is', { a: { 'await/*': ran } }, [[ran, { error: 'why' }, someCid]], { args: { a: { error: 'why' } } }],
  ['the whole of the arguments', { 'await/ok': ran }, [[ran, { ok: { x: 1 } }, someCid]], { args: { x: 1 } }],
  ['the same task twice', { a: { 'await/ok': ran }, b: { 'await/ok': ran } }, [[ran, { ok: 1 }, someCid]], { args: { a: 1, b: 1 } }],
  ['a promise in a result stays', { a: { 'await/ok': ran } }, [[ran, { ok: { 'await/ok': other } }, someCid]], { args: { a: { 'await/ok': other } } }],
  [
    'a branch that does not come',
    { a: { 'await/ok': ran } },
    [[ran, { error: 1 }, someCid]],
    { error: { reason: 'branch mismatch', expected: 'ok', got: 'error', from: someCid } }
  ],
  [
    'an error that does not come',
    { a: { 'await/error': ran } },
    [[ran, { ok: 1 }, someCid]],
    { error: { reason: 'branch mismatch', expected: 'error', got: 'ok', from: someCid } }
  ],
  ['what is not known yet', { a: { 'await/ok': ran }, b: { 'await/ok': other } }, [[other, { ok: 1 }, someCid]], { pending: [ran] }],
  [
    'the first in the order of the arguments decides',
    { a: { 'await/ok': ran }, b: { 'await/ok': other } },
    [[other, { error: 1 }, someCid]],
    { pending: [ran] }
  ],
  ['a selector', { a: { 'ucan/await': ['.out.ok.list[-1]', ran] } }, [[ran, { ok: { list: [1, 2] } }, someCid]], { args: { a: 2 } }],
  ['a selector of a branch', { a: { 'ucan/await': ['error', ran] } }, [[ran, { error: 7 }, someCid]], { args: { a: 7 } }],
  [
    'a selector that leads nowhere',
    { a: { 'ucan/await': ['.out.ok[3]', ran] } },
    [[ran, { ok: [1] }, someCid]],
    { error: { reason: 'nothing selected', expected: '.[3]', got: 'ok', from: someCid } }
  ],
  [
    'what only looks like a promise',
    { a: { 'await/ok': 'text' }, b: { 'await/ok': ran, c: 1 }, d: { 'ucan/await': [ran] } },
    [],
    { args: { a: { 'await/ok': 'text' }, b: { 'await/ok': ran, c: 1 }, d: { 'ucan/await': [ran] } } }
  ]
]

const order = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b)
const inner = dagCbor.encode({ 'ctn-v1': [ab.bytes, bc.bytes, receipts[0][1].bytes].sort(order) })
const backwards = dagCbor.encode({ 'ctn-v1': [ab.bytes, bc.bytes, receipts[0][1].bytes].sort((a, b) => order(b, a)) })
const twice = dagCbor.encode({ 'ctn-v1': [ab.bytes, ab.bytes, bc.bytes, receipts[0][1].bytes] })
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const base64 = (bytes: Uint8Array, kind: 'base64' | 'base64url'): Uint8Array => ascii(Buffer.from(bytes).toString(kind))
const zipped = gzipSync(inner, { level: 9 })
const containers: [name: string, container: Uint8Array, writes?: Record<string, unknown>][] = [
  ['bytes', Uint8Array.of(0x40, ...inner), {}],
  ['base64', Uint8Array.of(0x42, ...base64(inner, 'base64')), { form: 'base64' }],
  ['base64url', Uint8Array.of(0x43, ...base64(inner, 'base64url')), { form: 'base64url' }],
  ['compressed', Uint8Array.of(0x4d, ...zipped)],
  ['compressed base64', Uint8Array.of(0x4f, ...base64(zipped, 'base64'))],
  ['compressed base64url', Uint8Array.of(0x50, ...base64(zipped, 'base64url'))],
  ['a block', inner, { bare: true }],
  ['in another order', Uint8Array.of(0x40, ...backwards)],
  ['one token twice', Uint8Array.of(0x40, ...twice)]
]
const contents = [ab.cid, bc.cid, receipts[0][1].cid].map(String)

// --- to files ----------------------------------------------------------------------------------------------------------------------------------------------

mkdirSync(FOLDER, { recursive: true })
write(
  'keys.json',
  [alice, bob, carol, dan, erin].map(({ name, type, did, exported }) => ({ name, type, did, exported: hex(exported) }))
)
write(
  'tokens.json',
  tokens.map(([name, kind, { bytes, cid, payload, type }]) => ({ name, kind, type, cid: cid.toString(), payload: json(payload), token: hex(bytes) }))
)
write(
  'malformed.json',
  malformed.map(([name, bytes, code, offset]) => ({ name, code, offset, token: hex(bytes) }))
)
write(
  'chains.json',
  await Promise.all(
    chains.map(async ({ name, proofs, by, more, code, claim, withheld, audience }) => ({
      name,
      time: NOW,
      audience: audience?.did,
      code,
      claim,
      invocation: hex((await invocation(by, proofs, more)).bytes),
      proofs: withheld ? [] : proofs.map(({ bytes }) => hex(bytes))
    }))
  )
)
write(
  'receipts.json',
  receipts.map(([name, { bytes, cid }, ran, out, run]) => ({
    name,
    cid: cid.toString(),
    ran: ran.toString(),
    out: json(out),
    run: json(run),
    token: hex(bytes)
  }))
)
write('tasks.json', await Promise.all(tasks.map(async (task) => ({ cid: (await cidOf(dagCbor.encode(task))).toString(), task: json(task) }))))
write(
  'promises.json',
  promises.map(([name, args, settled, expected]) => ({
    name,
    args: json(args),
    settled: settled.map(([task, out, receipt]) => [task.toString(), json(out), receipt.toString()]),
    expected: json(expected)
  }))
)
write(
  'containers.json',
  containers.map(([name, container, writes]) => ({ name, writes, tokens: contents, container: hex(container) }))
)
