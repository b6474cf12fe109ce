/** Where the command gets codecs and blocks from: gateways, the store, catalogs, CARs. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { catalogValue, createHost } from '../../src/codec/index.js'
import { resealed } from '../codec/resealed.js'
import { gateway, honest } from '../codec/source/server.js'
import { carOf, cbor } from '../dag/sample.js'
import { autocodec, scratch } from './command.js'

const folder = scratch()
const SECRET = await resealed({ name: 'secret', code: 0x300001 })
const HEADER = await resealed({ name: 'stellar-block', code: 0xd0 })
const cborCodec = await (await createHost()).codec('dag-cbor')
const catalogBytes = cborCodec.encode(
  catalogValue(
    new Map([
      [0x300001, SECRET.cid],
      [0xd0, HEADER.cid]
    ])
  )
)
const CATALOG = { cid: CID.createV1(0x71, await sha256.digest(catalogBytes)), bytes: catalogBytes }
const block = join(folder, 'block')
writeFileSync(block, (await cbor({ title: 'hidden' })).bytes)
const JSON_LINE = '{"title":"hidden"}\n'

const { url, asked, close } = await gateway(honest([SECRET, HEADER, CATALOG]))
test.after(close)

let stores = 0
/** A store of its own for a test. */
const fresh = (): string => join(folder, `store-${stores++}`)

test('an unknown codec: the error names the number, its name and a command; the command works; then the codec is known without any option', async () => {
  const env = { AUTOCODEC_STORE: fresh() }
  const unknown = await autocodec(['decode', '--codec', '0xd0', block], '', env)
  assert.is(unknown.exit, 4)
  assert.match(unknown.err, /^autocodec: no codec for multicodec 0xd0 \(stellar-block\); .*"autocodec codec add CID --gateway URL"/)
  assert.is(unknown.err.trimEnd().split('\n').length, 1)

  const added = await autocodec(['codec', 'add', `${HEADER.cid}`, '--gateway', url], '', env)
  assert.is(added.err, '')
  assert.is(added.out, `0xd0\tstellar-block\t${HEADER.cid}\n`)
  for (const codec of ['0xd0', 'stellar-block', `${HEADER.cid}`]) {
    const decoded = await autocodec(['decode', '--codec', codec, block], '', env)
    assert.is(decoded.err, '')
    assert.is(decoded.out, JSON_LINE)
  }
  const listed = await autocodec(['codec', 'ls'], '', env)
  assert.match(listed.out, new RegExp(`^0xd0\tstellar-block\t\\d+\t${HEADER.cid}\t${env.AUTOCODEC_STORE}$`, 'm'))

  assert.is((await autocodec(['codec', 'rm', 'stellar-block'], '', env)).out, `0xd0\tstellar-block\t${HEADER.cid}\n`)
  assert.is((await autocodec(['decode', '--codec', '0xd0', block], '', env)).exit, 4)
  assert.is((await autocodec(['codec', 'rm', 'stellar-block'], '', env)).exit, 5)
})

test('a codec from a file is kept too', async () => {
  const env = { AUTOCODEC_STORE: fresh() }
  const file = join(folder, 'secret.wasm')
  writeFileSync(file, SECRET.bytes)
  assert.is((await autocodec(['codec', 'add', file], '', env)).out, `0x300001\tsecret\t${SECRET.cid}\n`)
  assert.is((await autocodec(['decode', '--codec', 'secret', block], '', env)).out, JSON_LINE)
  assert.is((await autocodec(['--no-store', 'decode', '--codec', 'secret', block], '', env)).exit, 4)
})

test('a file that is not the module its name says, or none, is not kept', async () => {
  const store = fresh()
  const misnamed = join(folder, `${SECRET.cid}.wasm`)
  writeFileSync(misnamed, HEADER.bytes)
  const refused = await autocodec(['--store', store, 'codec', 'add', misnamed])
  assert.is(refused.exit, 3)
  assert.match(refused.err, /its bytes are \w+, expected/)
  const text = join(folder, 'text.wasm')
  writeFileSync(text, 'no module')
  assert.is((await autocodec(['--store', store, 'codec', 'add', text])).exit, 6)
  assert.throws(() => readdirSync(store))
})

test('a codec by its CID from a gateway, kept by the way', async () => {
  const env = { AUTOCODEC_STORE: fresh(), AUTOCODEC_GATEWAY: `${url}, ${url}` }
  assert.is((await autocodec(['decode', '--codec', `${SECRET.cid}`, block], '', env)).out, JSON_LINE)
  const before = asked.length
  assert.is((await autocodec(['decode', '--codec', `${SECRET.cid}`, block], '', { ...env, AUTOCODEC_GATEWAY: '' })).out, JSON_LINE)
  assert.is(asked.length, before)
  const { stdout } = await autocodec(['codec', 'get', `${SECRET.cid}`], '', env)
  assert.equal(new Uint8Array(stdout), SECRET.bytes)
})

test('a catalog by its CID or from a file', async () => {
  const file = join(folder, 'catalog')
  writeFileSync(file, catalogBytes)
  const json = join(folder, 'catalog.json')
  const host = await createHost()
  writeFileSync(json, new TextDecoder().decode(await host.transcode(catalogBytes, 'dag-cbor', 'dag-json')).replace(/,/g, ',\n  '))
  for (const catalog of [`${CATALOG.cid}`, file, json]) {
    const env = { AUTOCODEC_STORE: fresh() }
    for (const codec of ['0x300001', 'stellar-block']) {
      const { out, err } = await autocodec(['--catalog', catalog, '--gateway', url, 'decode', '--codec', codec, block], '', env)
      assert.is(err, '')
      assert.is(out, JSON_LINE)
    }
  }
  const missing = await autocodec(['--catalog', `${CATALOG.cid}`, 'decode', '--codec', 'dag-cbor', block])
  assert.is(missing.exit, 6)
  assert.match(missing.err, /catalog \w+ cannot be read: .*is not in any source/)
})

test('a codec by its CID from a CAR', async () => {
  const car = join(folder, 'codecs.car')
  writeFileSync(car, await carOf([], [SECRET]))
  for (const codec of ['secret', `${SECRET.cid}`]) assert.is((await autocodec(['--car', car, 'decode', '--codec', codec, block])).out, JSON_LINE)
})

test('a gateway that cannot be reached is named', async () => {
  const gone = await gateway(() => {})
  await gone.close()
  const { exit, err } = await autocodec(['--gateway', gone.url, 'decode', '--codec', `${SECRET.cid}`, block])
  assert.is(exit, 5)
  assert.ok(err.includes(`${gone.url}: fetch failed: `), err)
  assert.is((await autocodec(['--gateway', 'nonsense', 'decode', '--codec', 'dag-cbor', block])).exit, 2)
})

test('cache: what is kept, that it is right, and room', async () => {
  const store = fresh()
  const run = (...args: string[]) => autocodec(['--store', store, ...args])
  assert.is((await run('cache', 'ls')).out, '')
  assert.is((await run('cache', 'verify')).out, '0 blocks, 0 B, all verified\n')
  await run('codec', 'add', `${SECRET.cid}`, '--gateway', url)
  await run('codec', 'get', `${HEADER.cid}`, '--gateway', url, '-o', join(folder, 'got.wasm'))
  const lines = (await run('cache', 'ls')).out.trimEnd().split('\n').sort()
  assert.is(lines.length, 2)
  assert.ok(lines.some((line) => new RegExp(`^${SECRET.cid}\t${SECRET.bytes.length}\t\\d{4}-\\d\\d-\\d\\dT\\d\\d:00Z\tsecret$`).test(line)))
  assert.match((await run('cache', 'verify')).out, /^2 blocks, .* all verified\n$/)

  writeFileSync(join(store, 'blocks', `${HEADER.cid}`.slice(-2), `${HEADER.cid}`), 'broken')
  const bad = await run('cache', 'verify')
  assert.is(bad.exit, 3)
  assert.match(bad.err, new RegExp(`^autocodec: ${HEADER.cid} had other bytes and was removed\n$`))
  assert.match((await run('cache', 'verify')).out, /^1 block, .* all verified\n$/)

  await run('codec', 'get', `${HEADER.cid}`, '--gateway', url, '-o', join(folder, 'got.wasm'))
  mkdirSync(join(store, 'tmp'), { recursive: true })
  assert.match((await run('cache', 'gc', '--older', '1')).out, /^0 blocks removed, 0 B\n$/)
  assert.match((await run('cache', 'gc', '--max', '1G')).out, /^0 blocks removed, 0 B\n$/)
  assert.match((await run('cache', 'gc')).out, /^1 block removed, \d/)
  assert.is((await run('decode', '--codec', 'secret', block)).out, JSON_LINE, 'what was added stays')
  assert.is((await autocodec(['--no-store', 'cache', 'ls'])).exit, 2)
})

test.run()
