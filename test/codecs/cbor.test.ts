/** cbor: its rows; every half; and heads, beside cborg. */
import { decode, encode } from 'cborg'
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/index.js'
import { refusal, rowsOf } from './rows.js'

const host = await createHost()
const codec = await host.codec('cbor')

// whole floats are integers to JavaScript
rowsOf(host, 'cbor', ({ json }) => !/^-?\d+\.0$/.test(json))

const floats = suite('cbor, floats')

floats('every half, from block to value and back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const block = Uint8Array.of(0xf9, bits >> 8, bits & 255)
    const expected = decode(block) as number
    if (!Number.isFinite(expected)) {
      assert.is(
        refusal(() => codec.decode(block)),
        'UNSUPPORTED 0'
      )
      continue
    }
    const got = codec.decode(block)
    if (!Object.is(got, expected)) throw new Error(`${bits.toString(16)}: got ${got}, expected ${expected}`)
    if (Buffer.compare(codec.encodeTape(codec.tape(block)), block) !== 0) throw new Error(`${bits.toString(16)} comes back as another`)
  }
})

floats('the shortest that keeps the value', () => {
  const view = new DataView(new ArrayBuffer(9))
  for (let e = -1074; e < 1024; e++) {
    for (const x of [2 ** e, 2 ** e * 1.5, 2 ** e * (1 + 2 ** -10), 2 ** e * (1 + 2 ** -11), 2 ** e * (1 + 2 ** -23), 2 ** e * (1 + 2 ** -24), -(2 ** e)]) {
      if (Number.isInteger(x) || x === 0) continue
      const block = codec.encode(x)
      assert.is(codec.decode(block), x)
      // a single is a half if its lower 13 bits are zero and its exponent is one of a half, or if it is a multiple of 2^-24
      const single = Math.fround(x) === x
      view.setFloat32(0, x)
      const half = single && Math.abs(x) < 65_536 && (Math.abs(x) >= 2 ** -14 ? (view.getUint32(0) & 0x1fff) === 0 : Number.isInteger(x * 2 ** 24))
      assert.is(block.length, half ? 3 : single ? 5 : 9, String(x))
      view.setUint8(0, 0xfb)
      view.setFloat64(1, x)
      if (single) {
        assert.is(
          refusal(() => codec.decode(new Uint8Array(view.buffer.slice(0)))),
          'NON_CANONICAL 0'
        )
      }
      assert.is(codec.decode(new Uint8Array(view.buffer.slice(0)), { strict: false }), x)
    }
  }
})
floats.run()

const kinds = suite('cbor, kinds')
kinds('no links; bytes and maps that look like them', () => {
  assert.match(
    refusal(() => codec.encode([CID.parse('bafkqaaa')])),
    /^WRONG_KIND/
  )
  const value = { '/': 'bafkqaaa', b: Uint8Array.of(1) }
  assert.equal(codec.encode(value), encode(value))
  assert.equal(codec.links(encode(value)), [])
})

kinds('the number of a tag that is not known is the detail', () => {
  assert.throws(() => codec.decode(Uint8Array.of(0xd8, 42, 0x41, 0)), /\(0x2a\)/)
})

kinds('strings of indefinite length over several windows', () => {
  const chunk = (head: number, n: number): Uint8Array => Uint8Array.of(head | 25, n >> 8, n & 255, ...new Uint8Array(n).fill(0x61))
  for (const [open, head] of [
    [0x7f, 0x60],
    [0x5f, 0x40]
  ]) {
    const block = Uint8Array.of(open, ...chunk(head, 10_000), ...chunk(head, 300), ...chunk(head, 20_000), 0xff)
    const value = codec.decode(block, { strict: false })
    assert.is(value.length, 30_300)
    assert.equal(codec.encode(value), encode(value))
  }
})
kinds.run()
