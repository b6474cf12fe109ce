/** messagepack: its rows, and lengths and integers at every edge beside @msgpack/msgpack. */
import { decode, encode } from '@msgpack/msgpack'
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/index.js'
import { refusal, rowsOf } from './rows.js'

const host = await createHost()
const codec = await host.codec('messagepack')

// whole floats are integers to JavaScript
rowsOf(host, 'messagepack', ({ json }) => !/^-?\d+\.0$/.test(json))

const edges = suite('messagepack, edges')

edges('integers', () => {
  for (let e = 0; e < 53; e++) {
    for (const n of [2 ** e - 1, 2 ** e, 2 ** e + 1, 1 - 2 ** e, -(2 ** e), -1 - 2 ** e]) {
      const block = encode(n === 0 ? 0 : n)
      assert.equal(codec.encode(n === 0 ? 0 : n), block, String(n))
      assert.is(codec.decode(block), n === 0 ? 0 : n)
    }
  }
  for (const n of [2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 63n)]) {
    assert.equal(codec.encode(n), encode(n, { useBigInt64: true }))
    assert.is(codec.decode(codec.encode(n)), n)
  }
  assert.match(
    refusal(() => codec.encode(-(2n ** 63n) - 1n)),
    /^NUMBER_RANGE/
  )
})

edges('lengths', () => {
  for (const n of [15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
    const map = Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, null]))
    for (const value of ['a'.repeat(n), 'é'.repeat(n), new Uint8Array(n).fill(7), Array(n).fill(null), map, { ['k'.repeat(n)]: 1 }]) {
      const block = encode(value)
      assert.equal(codec.encode(value), block)
      assert.equal(codec.decode(block), decode(block))
      assert.equal(codec.encodeTape(codec.tape(block)), block)
    }
  }
})

edges('no links', () => {
  assert.match(
    refusal(() => codec.encode([CID.parse('bafkqaaa')])),
    /^WRONG_KIND/
  )
})

edges('the type of an extension is the detail', () => {
  for (const [block, type] of [
    [[0xd6, 0xff, 0, 0, 0, 0], '0xff'],
    [[0xc7, 0, 5], '0x5']
  ] as const) {
    assert.throws(() => codec.decode(Uint8Array.from(block)), new RegExp(`\\(${type}\\)`))
  }
})
edges.run()
