/** What is embedded ready to run is what the modules in the embedded CAR give, and the catalog there names them. */
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { embedded, preparedAtBuild } from '../../src/codec/embedded/embedded.js'
import { policyOf } from '../../src/codec/guest.js'
import { createHost, DEFAULT_LIMITS, readCatalog, readManifest, verify } from '../../src/codec/index.js'
import { prepare } from '../../src/sandbox/index.js'

const shipped = await embedded()
const host = await createHost()

/** Codecs that do not have bytes as a value: a list of RLP that they have, by the lengths of its items, which are zeros. */
const LISTS: Record<string, number[]> = {
  'eth-block': [32, 32, 20, 32, 32, 32, 256, 0, 0, 0, 0, 0, 0, 32, 8],
  'eth-block-list': [],
  'eth-tx-trie': new Array(17).fill(0),
  'eth-tx': new Array(9).fill(0),
  'eth-tx-receipt-trie': new Array(17).fill(0),
  'eth-tx-receipt': [32, 0, 256, -1],
  'eth-state-trie': new Array(17).fill(0),
  'eth-account-snapshot': [0, 0, 32, 32],
  'eth-storage-trie': new Array(17).fill(0),
  'eth-receipt-log-trie': new Array(17).fill(0),
  'eth-receipt-log': [20, -1, 0]
}

/** −1 is an empty list. */
function listOf(lengths: readonly number[]): Uint8Array {
  const items = lengths.flatMap((n) => (n < 0 ? [0xc0] : [...(n < 56 ? [0x80 + n] : [0xb9, n >> 8, n & 255]), ...new Array<number>(n).fill(0)]))
  const n = items.length
  return Uint8Array.from([...(n < 56 ? [0xc0 + n] : n < 256 ? [0xf8, n] : [0xf9, n >> 8, n & 255]), ...items])
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
    const { name } = codec.manifest
    const bytes = new Uint8Array(3000)
    const block = name in LISTS ? listOf(LISTS[name]) : own.encode(name === 'dag-pb' ? { Links: [], Data: bytes } : bytes)
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
