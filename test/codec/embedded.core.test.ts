/** What is embedded ready to run is what the modules in the embedded CAR give, and the catalog there names them. */
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { policyOf } from '../../src/codec/abi.js'
import { embedded, preparedAtBuild } from '../../src/codec/embedded/embedded.js'
import { LAYOUTS } from '../../src/codec/embedded/layouts.generated.js'
import { createHost, DEFAULT_LIMITS, readCatalog, readLayoutManifest, readLayouts, readManifest, verify } from '../../src/codec/index.js'
import { resumablePolicyOf } from '../../src/codec/runner.js'
import { prepare } from '../../src/sandbox/index.js'

const shipped = await embedded()
const host = await createHost()

/** Blocks of all kinds of formats, and of none: zeros, texts, and bytes that begin as many formats do. */
const BLOCKS: readonly Uint8Array[] = [
  ...[0, 1, 32, 33, 64, 80, 141].map((length) => new Uint8Array(length)),
  ...['null', '[1,"a"]', '{"a":true}', 'i1e', 'd1:ai1ee', 'blob 3\0abc', 'tree 0\0'].map((text) => new TextEncoder().encode(text)),
  ...Array.from({ length: 256 }, (_, first) => Uint8Array.from({ length: 40 }, (_, i) => (i === 0 ? first : (i * 37 + first) & (first < 128 ? 15 : 127))))
]

const attempt = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return (error as Error).message
  }
}

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
    for (const block of BLOCKS) {
      assert.equal(
        attempt(() => other.encodeTape(other.tape(block))),
        attempt(() => own.encodeTape(own.tape(block)))
      )
      assert.is(other.fuel, own.fuel)
    }
  })
}

for (const layout of LAYOUTS) {
  test(`${layout.manifest.name}: the layout is in the CAR, and prepares to what is embedded`, async () => {
    const cid = CID.parse(layout.cid)
    const module = (await shipped.get(cid)) as Uint8Array
    await verify(cid, module)
    assert.is(module.length, layout.size)
    assert.equal(readLayoutManifest(module), layout.manifest)
    const again = prepare(module, resumablePolicyOf(DEFAULT_LIMITS))
    const built = await preparedAtBuild(layout)
    assert.equal(built.bytes, again.bytes)
    assert.equal([...built.exports], [...again.exports])
    assert.equal(built.memory, again.memory)
  })
}

test('the catalog is the block of its CID, and names these codecs and layouts', async () => {
  const block = (await shipped.get(host.catalog)) as Uint8Array
  await verify(host.catalog, block)
  const value = (await host.codec(host.catalog.code)).decode(block)
  const catalog = readCatalog(value)
  assert.equal(
    [...catalog].map(([code, cid]) => [code, String(cid)]).sort(([a], [b]) => Number(a) - Number(b)),
    [...shipped.codecs.values()].map(({ manifest, cid }) => [manifest.code, cid]).sort(([a], [b]) => Number(a) - Number(b))
  )
  assert.equal([...readLayouts(value)].map(([name, cid]) => [name, String(cid)]).sort(), LAYOUTS.map(({ manifest, cid }) => [manifest.name, cid]).sort())
})

test.run()
