/** Revocations that are kept: what was right when it came stays in force, and what cannot be read gives nobody anything. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CliError } from '../../src/cli/exit.js'
import { keepRevocation, revokedIn } from '../../src/cli/revoked.js'
import { delegate, generateSigner, importSigner, invoke, type Revocation, revoke, UcanError, writeContainer } from '../../src/ucan/index.js'
import { autocodec, scratch } from './command.js'

const folder = scratch()
let states = 0
const state = (): string => join(folder, `state-${states++}`)
/** long ago, so that what expires an hour later has */
const THEN = 1_700_000_000
const [alice, bob, carol] = await Promise.all([1, 2, 3].map(() => generateSigner()))
const toBob = await delegate({ issuer: alice, audience: bob, subject: alice, command: '/wasm', expiration: null })
const toCarol = await delegate({ issuer: bob, audience: carol, subject: alice, command: '/wasm', expiration: null })
/** carol may revoke in alice's name, for an hour */
const proxy = await delegate({ issuer: alice, audience: carol, subject: alice, command: '/ucan/revoke', expiration: THEN + 3600 })

const code = (expected: string) => (error: unknown) => (error instanceof UcanError || error instanceof CliError) && error.code === expected

test('one that expires, and one whose proofs expire, stay in force; a second time changes nothing', async () => {
  const rows = [
    { name: 'expires itself', revocation: await revoke({ issuer: alice, delegation: toBob, expiration: THEN + 3600 }), given: [] },
    { name: 'by right of a proof', revocation: await revoke({ issuer: carol, subject: alice, delegation: toBob, proofs: [proxy] }), given: [proxy] }
  ]
  for (const { name, revocation, given } of rows) {
    const here = state()
    assert.is(await revokedIn(here)(toBob.cid, [toBob]), false, name)
    const said: Revocation = await keepRevocation(here, revocation, given, THEN)
    assert.ok(said.revoke.equals(toBob.cid), name)
    assert.is(await revokedIn(here)(toBob.cid, [toBob]), true, name)
    // everything that stands on it, and nothing else
    assert.is(await revokedIn(here)(toCarol.cid, [toBob, toCarol]), false, name)
    const [file] = readdirSync(join(here, 'revocations', String(toBob.cid)))
    const bytes = readFileSync(join(here, 'revocations', String(toBob.cid), file))
    await keepRevocation(here, revocation, given)
    assert.equal(readFileSync(join(here, 'revocations', String(toBob.cid), file)), bytes, name)
    await keepRevocation(state(), revocation, given).then(
      () => assert.unreachable(`${name}: now it comes too late`),
      (error) => assert.ok(code('EXPIRED')(error), name)
    )
  }
})

test('what nobody may revoke is not kept: without its proofs, of another, or by a stranger to the chain', async () => {
  const rows = [
    { wrong: 'PROOF_UNAVAILABLE', revocation: await revoke({ issuer: carol, subject: alice, delegation: toBob, proofs: [proxy] }), given: [toBob] },
    { wrong: 'PROOF_MISSING', revocation: await revoke({ issuer: carol, subject: alice, delegation: toBob }), given: [toBob] },
    { wrong: 'REVOCATION_INVALID', revocation: await revoke({ issuer: carol, delegation: toBob, path: [toBob] }), given: [toBob] }
  ]
  for (const { wrong, revocation, given } of rows) {
    const here = state()
    await keepRevocation(here, revocation, given, THEN).then(
      () => assert.unreachable(wrong),
      (error) => assert.ok(code(wrong)(error), `${wrong}: ${error}`)
    )
    assert.not.ok(existsSync(join(here, 'revocations')), wrong)
  }
  // the chain is not there: it is kept, and decided with the chain
  const here = state()
  await keepRevocation(here, await revoke({ issuer: carol, delegation: toBob, path: [toBob] }))
  assert.is(await revokedIn(here)(toBob.cid, [toBob]), false)
})

test('a file that cannot be read refuses what it is about and nothing else, with its path; the same revocation mends it', async () => {
  const revocation = await revoke({ issuer: alice, delegation: toBob })
  const other = await revoke({ issuer: alice, delegation: toBob, meta: { why: 'once more' } })
  for (const [name, damage] of [
    ['cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 100))],
    ['empty', (file) => writeFileSync(file, '')],
    ['something else', (file) => writeFileSync(file, Uint8Array.of(0xa0))],
    ['under the name of another', (file) => renameSync(file, join(file, '..', `${other.cid}.cbor`))]
  ] as const satisfies readonly (readonly [string, (file: string) => void])[]) {
    const here = state()
    await keepRevocation(here, revocation)
    const file = join(here, 'revocations', String(toBob.cid), `${revocation.cid}.cbor`)
    damage(file)
    await revokedIn(here)(toBob.cid, [toBob]).then(
      () => assert.unreachable(name),
      (error) => {
        assert.ok(code('REVOCATION')(error), name)
        assert.ok(error.message.startsWith(join(here, 'revocations', String(toBob.cid))), error.message)
      }
    )
    assert.is(await revokedIn(here)(toCarol.cid, [toBob, toCarol]), false, name)
    if (!existsSync(file)) continue
    await keepRevocation(here, revocation)
    assert.is(await revokedIn(here)(toBob.cid, [toBob]), true, name)
  }
})

test('through the command: an expired one still refuses, and hinders nobody else; one by right of proofs is imported with them', async () => {
  const keys = join(folder, 'keys')
  const env = { AUTOCODEC_KEYS: keys, AUTOCODEC_STATE: state() }
  const did = (await autocodec(['key', 'new'], '', env)).out.trim()
  const secret = (await autocodec(['key', 'export', 'default'], '', env)).out.trim()
  mkdirSync(folder, { recursive: true })
  const text = join(folder, 'text')
  writeFileSync(text, 'one two\n')
  const mine = ['run', 'word-count', '--file', `file=${text}`]
  assert.is((await autocodec(mine, '', env)).exit, 0)
  const owner = await signerOf(secret)
  assert.is(owner.did, did)
  const given = await delegate({ issuer: owner, audience: bob, subject: owner, command: '/wasm', expiration: null })
  const args = { mod: 'word-count', fun: 'count', params: null }
  const asked = await invoke({ issuer: bob, subject: owner, command: '/wasm/run', args, proofs: [given] })
  const ask = join(folder, 'ask.ucan')
  writeFileSync(ask, await writeContainer([asked, given]))
  assert.not.match((await autocodec(['run', '--invocation', ask], '', env)).err, /revoked/)

  await keepRevocation(env.AUTOCODEC_STATE, await revoke({ issuer: owner, delegation: given, expiration: THEN + 3600 }), [], THEN)
  const refused = await autocodec(['run', '--invocation', ask], '', env)
  assert.is(refused.exit, 8, refused.err)
  assert.match(refused.err, /has been revoked\n$/)
  assert.is((await autocodec([...mine, '--nonce', '01'], '', env)).exit, 0)

  const place = join(env.AUTOCODEC_STATE, 'revocations', String(given.cid))
  const [file] = readdirSync(place)
  writeFileSync(join(place, file), 'x')
  const damaged = await autocodec(['run', '--invocation', ask], '', env)
  assert.is(damaged.exit, 3, damaged.err)
  assert.ok(damaged.err.startsWith(`autocodec: ${join(place, file)}: a revocation of ${given.cid} that cannot be read: `), damaged.err)
  assert.is((await autocodec([...mine, '--nonce', '02'], '', env)).exit, 0)

  const elsewhere = { ...env, AUTOCODEC_STATE: state() }
  const lasting = await delegate({ issuer: owner, audience: carol, subject: owner, command: '/ucan/revoke', expiration: null })
  const proxied = await revoke({ issuer: carol, subject: owner, delegation: given, proofs: [lasting] })
  const taken = join(folder, 'taken.ucan')
  writeFileSync(taken, await writeContainer([proxied, lasting]))
  const imported = await autocodec(['revoke', taken], '', elsewhere)
  assert.is(imported.exit, 0, imported.err)
  assert.is(imported.out, `${given.cid}\n`)
  assert.match((await autocodec(['run', '--invocation', ask], '', elsewhere)).err, /has been revoked\n$/)
})

/** A key as `key export` writes it. */
async function signerOf(line: string): ReturnType<typeof importSigner> {
  const { base58btc } = await import('multiformats/bases/base58')
  return importSigner(base58btc.decode(line))
}

test.run()
