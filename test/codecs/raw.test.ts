/** Raw: the block is the value. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CodecError, createHost } from '../../src/index.js'

const host = await createHost()
const codec = await host.codec('raw')

for (const size of [0, 1, 63, 64, 65, 511, 512, 262_144]) {
  test(`${size} bytes`, async () => {
    const block = Uint8Array.from({ length: size }, (_, i) => i * 7)
    for (const strict of [true, false]) assert.equal(codec.decode(block, { strict }), block)
    assert.equal(codec.encode(block), block)
    assert.equal(codec.encodeTape(codec.tape(block)), block)
    assert.equal(codec.links(block), [])
    assert.equal(await host.transcode(await host.transcode(block, 'raw', 'dag-cbor'), 'dag-cbor', 'raw'), block)
  })
}

test('a value is a view of the block, and costs the same however long it is', () => {
  const block = new Uint8Array(2 ** 20)
  assert.is(codec.decode(block).buffer, block.buffer)
  const { fuel } = codec
  codec.decode(new Uint8Array(1))
  assert.is(codec.fuel, fuel)
})

for (const value of [null, 'text', 1, [], {}, true]) {
  test(`does not encode ${JSON.stringify(value)}`, () => {
    try {
      codec.encode(value)
      assert.unreachable()
    } catch (error) {
      assert.equal([(error as CodecError).code, (error as CodecError).path], ['WRONG_KIND', ''])
    }
  })
}

test.run()
