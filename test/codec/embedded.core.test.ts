/** What is embedded ready to run is what the modules in the embedded CAR give, and the catalog there names them. */
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { embedded, preparedAtBuild } from '../../src/codec/embedded/embedded.js'
import { policyOf } from '../../src/codec/guest.js'
import { createHost, DEFAULT_LIMITS, readCatalog, readManifest, verify } from '../../src/codec/index.js'
import { prepare } from '../../src/sandbox/index.js'

/** A value with 3,000 bytes for the codecs that do not have bytes alone. */
const VALUES: Readonly<Record<string, unknown>> = {
  'dag-pb': { Links: [], Data: new Uint8Array(3000) },
  'dag-jose': { ciphertext: new Uint8Array(3000) },
  json: 'a'.repeat(3000),
  'json-jcs': 'a'.repeat(3000)
}

const shipped = await embedded()
const host = await createHost()

for (const codec of shipped.codecs.values()) {
  test(`${codec.manifest.name}: the module is in the CAR, and prepares to what is embedded`, async () => {
    const cid = CID.parse(codec.cid)
    const module = (await shipped.get(cid)) as Uint8Array
    await verify(cid, module)
    assert.is(module.length, codec.size)
    assert.equal(readManifest(module), codec.manifest)
    const again = prepare(module, policyOf(DEFAULT_LIMITS, true))
    const built = await preparedAtBuild(codec)
    assert.equal(built.bytes, again.bytes)
    assert.equal([...built.exports], [...again.exports])
    assert.equal(built.memory, again.memory)
  })

  test(`${codec.manifest.name}: the same fuel and bytes when the module is prepared here`, async () => {
    // any limit that shapes the code makes the host prepare it
    const other = await (await createHost({ limits: { module: 1_000_000 } })).codec(codec.cid)
    const own = await host.codec(codec.cid)
    const block = own.encode(VALUES[codec.manifest.name] ?? new Uint8Array(3000))
    assert.equal(other.decode(block), own.decode(block))
    assert.is(other.fuel, own.fuel)
    assert.equal(other.encode(own.decode(block)), block)
  })
}

test('the catalog is the block of its CID, and names these codecs', async () => {
  const block = (await shipped.get(host.catalog)) as Uint8Array
  await verify(host.catalog, block)
  const catalog = readCatalog((await host.codec(host.catalog.code)).decode(block))
  assert.equal(
    [...catalog].map(([code, cid]) => [code, String(cid)]),
    [...shipped.codecs.values()].map(({ manifest, cid }) => [manifest.code, cid]).sort(([a], [b]) => Number(a) - Number(b))
  )
})

test.run()
