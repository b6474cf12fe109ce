/** `autocodec key`: private keys in files. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { autocodec, rows, scratch } from './command.js'

const folder = scratch()
let keyrings = 0
/** A folder of keys of its own for a test, which is not there yet. */
const fresh = (): { AUTOCODEC_KEYS: string } => ({ AUTOCODEC_KEYS: join(folder, 'keys', String(keyrings++)) })
const mode = (path: string): number => statSync(path).mode & 0o777

test('the default key is made at first need, said so once, and no other can read it', async () => {
  const env = fresh()
  const first = await autocodec(['key', 'show'], '', env)
  assert.is(first.exit, 0)
  assert.match(first.out, /^did:key:z6Mk\w{44}\n$/)
  assert.is(first.err, `autocodec: made a key, ${first.out.trim()}, in ${join(env.AUTOCODEC_KEYS, 'default.key')}\n`)
  const second = await autocodec(['key', 'show'], '', env)
  assert.is(second.out, first.out)
  assert.is(second.err, '')
  assert.equal(readdirSync(env.AUTOCODEC_KEYS), ['default.key'])
  if (process.platform === 'win32') return
  assert.is(mode(env.AUTOCODEC_KEYS), 0o700)
  assert.is(mode(join(env.AUTOCODEC_KEYS, 'default.key')), 0o600)

  chmodSync(join(env.AUTOCODEC_KEYS, 'default.key'), 0o640)
  const open = await autocodec(['key', 'show'], '', env)
  assert.is(open.exit, 1)
  assert.is(open.out, '')
  assert.match(open.err, /default\.key has mode 0640, so others may have read it; expected 0600/)
  const other = await autocodec(['key', 'new', 'other'], '', env)
  const listed = await autocodec(['key', 'ls'], '', env)
  assert.equal([listed.exit, listed.out], [1, `other\tEd25519\t${other.out}`])
  assert.match(listed.err, /^autocodec: default: .* has mode 0640/)
})

test('keys of every kind are made, listed, taken elsewhere and deleted; a name is taken once', async () => {
  const [env, other] = [fresh(), fresh()]
  const dids = new Map<string, string>()
  for (const [name, type, prefix] of [
    ['ed', 'Ed25519', 'z6Mk'],
    ['p', 'P-256', 'zDn'],
    ['k', 'secp256k1', 'zQ3s']
  ]) {
    const { out, err } = await autocodec(['key', 'new', name, '--type', type.toLowerCase()], '', env)
    assert.is(err, '')
    assert.ok(out.startsWith(`did:key:${prefix}`), out)
    dids.set(name, out.trim())
  }
  const listed = await autocodec(['key', 'ls'], '', env)
  assert.is(listed.out, `ed\tEd25519\t${dids.get('ed')}\nk\tsecp256k1\t${dids.get('k')}\np\tP-256\t${dids.get('p')}\n`)

  const twice = await autocodec(['key', 'new', 'ed'], '', env)
  assert.is(twice.exit, 2)
  assert.match(twice.err, /there is a key ed already/)
  assert.is((await autocodec(['key', 'show', 'ed'], '', env)).out.trim(), dids.get('ed'))

  const file = join(folder, 'exported')
  const exported = await autocodec(['key', 'export', 'p', '-o', file], '', env)
  assert.is(exported.out + exported.err, '')
  if (process.platform !== 'win32') assert.is(mode(file), 0o600)
  assert.is((await autocodec(['key', 'import', 'mine', file], '', other)).out.trim(), dids.get('p'))
  const piped = await autocodec(['key', 'import', 'again', '-'], (await autocodec(['key', 'export', 'k'], '', env)).stdout, other)
  assert.is(piped.out.trim(), dids.get('k'))

  const kept = await autocodec(['key', 'rm', 'ed'], '', env)
  assert.is(kept.exit, 2)
  assert.match(kept.err, /ed was not deleted: --force/)
  assert.is((await autocodec(['key', 'rm', 'ed', '--force'], '', env)).out, `ed\t${dids.get('ed')}\n`)
  assert.equal(readdirSync(env.AUTOCODEC_KEYS).sort(), ['k.key', 'p.key'])
})

test('nothing but export prints a private key', async () => {
  const env = fresh()
  await autocodec(['key', 'new', 'a'], '', env)
  const secret = readFileSync(join(env.AUTOCODEC_KEYS, 'a.key'), 'utf8').trim()
  const damaged = fresh()
  const lines = [
    await autocodec(['key', 'show', 'a'], '', env),
    await autocodec(['key', 'ls'], '', env),
    await autocodec(['key', 'import', 'b', '-'], `${secret.slice(0, -1)}!`, damaged),
    await autocodec(['key', 'import', 'b', '-'], secret.slice(0, -4), damaged)
  ]
  for (const { out, err } of lines) assert.not.match(out + err, new RegExp(secret.slice(4, 16)))
  assert.equal(
    lines.map(({ exit }) => exit),
    [0, 0, 3, 3]
  )
})

writeFileSync(join(folder, 'none.key'), 'z\n')
rows([
  { name: 'no such key', args: ['key', 'show', 'nobody'], exit: 5, err: /no key nobody in .*; (there are none|here are)/ },
  { name: 'a name that leads elsewhere', args: ['key', 'new', '../x'], exit: 2, err: /\.\.\/x is no name of a key/ },
  {
    name: 'a kind of key that is none',
    args: ['key', 'new', 'x', '--type', 'rsa'],
    exit: 2,
    err: /--type: got rsa, expected one of Ed25519, P-256, secp256k1/
  },
  { name: 'a file that is no key', args: ['key', 'import', 'x', join(folder, 'none.key')], exit: 3, err: /private keys begin with the multicodec/ },
  { name: 'a file that is not there', args: ['key', 'import', 'x', join(folder, 'absent')], exit: 5, err: /no such file/ },
  { name: 'no such command', args: ['key', 'make'], exit: 2, err: /unknown command 'make'; expected one of new, ls, show, export, import, rm/ }
])

test.run()
