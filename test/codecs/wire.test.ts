/** Protobuf without schema, keys of libp2p, hash sequences and CARs: rows, agreement with @ipld/car, damaged ones. */
import { CarReader, CarWriter } from '@ipld/car'
import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ED25519, f, HASH, HEADER, ID, id, invalid, ROOT, VERSION, valid } from '../../scripts/fixture-wire.js'
import { createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { bytes, cids } from './arbitrary.js'
import { bytesOf, keepsBlock, mutated, outcomeOf, RUNS } from './blocks.js'

const host = await createHost()
const protobuf = await host.codec('protobuf')
const key = await host.codec('libp2p-key')
const hashes = await host.codec('blake3-hashseq')
const car = await host.codec('car')
const cbor = await host.codec('dag-cbor')

for (const [name, what, hex, value] of valid) {
  const codec = await host.codec(name)
  test(`${codec.name}: ${what}`, () => {
    const block = bytesOf(hex)
    assert.is(text(codec.decode(block)), text(value))
    assert.ok(keepsBlock(codec, cbor, block))
  })
}

for (const [name, what, hex, expected, lax] of invalid) {
  const codec = await host.codec(name)
  test(`${codec.name} refuses ${what}`, () => {
    const block = bytesOf(hex)
    assert.is(
      outcomeOf(() => codec.decode(block)),
      expected
    )
    if (lax === undefined) return
    assert.is(text(codec.decode(block, { strict: false })), text(lax))
    assert.ok(keepsBlock(codec, cbor, codec.encodeTape(codec.tape(block, { strict: false }))))
  })
}

for (const [codec, value, code] of [
  [protobuf, {}, 'WRONG_KIND'],
  [protobuf, [f(0, 0, 0)], 'NUMBER_RANGE'],
  [protobuf, [f(2 ** 29, 0, 0)], 'NUMBER_RANGE'],
  [protobuf, [f(1, 4, 0)], 'MALFORMED'],
  [protobuf, [f(1, 0, -1)], 'NUMBER_RANGE'],
  [protobuf, [f(1, 5, 2 ** 32)], 'NUMBER_RANGE'],
  [protobuf, [f(1, 2, 'text')], 'WRONG_KIND'],
  [protobuf, [{ number: 1, wire: 0 }], 'MISSING_FIELD'],
  [key, { Type: 4, Data: new Uint8Array() }, 'UNSUPPORTED'],
  [key, { Type: 1 }, 'MISSING_FIELD'],
  [key, { Type: 1, Data: new Uint8Array(), more: 1 }, 'UNKNOWN_FIELD'],
  [hashes, [id], 'INVALID_CID'],
  [hashes, [bytesOf(HASH)], 'WRONG_KIND'],
  [car, { version: 3, roots: [], blocks: [] }, 'UNSUPPORTED'],
  [car, { version: 1, roots: [], blocks: [], index: new Uint8Array(1) }, 'UNKNOWN_FIELD'],
  [car, { version: 2, roots: [], blocks: [] }, 'MISSING_FIELD'],
  [car, { version: 2, characteristics: new Uint8Array(16), roots: [], blocks: [], indexPadding: new Uint8Array(1) }, 'MISSING_FIELD'],
  [car, { version: 1, roots: [1], blocks: [] }, 'WRONG_KIND'],
  [car, { version: 1, roots: [], blocks: [{ cid: id }] }, 'MISSING_FIELD']
] as const) {
  test(`${codec.name} does not write ${text(value)}`, () => assert.is(outcomeOf(() => codec.encode(value)).split(' ')[0], code))
}

test('links: of a hash sequence its hashes, of a CAR its roots and its blocks’ CIDs', () => {
  const hash = blake3(new Uint8Array(3))
  assert.equal(hashes.links(hash).map(String), [CID.createV1(0x55, create(0x1e, hash)).toString()])
  assert.equal(car.links(bytesOf(`1b${HEADER}81${ROOT}${VERSION}09${ID}616263`)).map(String), [String(id), String(id)])
  assert.equal(key.links(bytesOf(`08011220${ED25519}`)), [])
})

test('a CAR as @ipld/car writes and reads it', async () => {
  const blocks = fc.array(fc.record({ cid: cids, bytes }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(cids, { maxLength: 30, selector: String }), blocks, async (roots, list) => {
      const { writer, out } = CarWriter.create(roots)
      const parts: Uint8Array[] = []
      const reading = (async () => {
        for await (const part of out) parts.push(part)
      })()
      for (const block of list) await writer.put(block)
      await writer.close()
      await reading
      const file = new Uint8Array(Buffer.concat(parts))
      assert.is(text(car.decode(file)), text({ version: 1, roots, blocks: list }))
      assert.ok(keepsBlock(car, cbor, file))
      const reader = await CarReader.fromBytes(car.encode({ version: 1, roots, blocks: list }))
      assert.equal((await reader.getRoots()).map(String), roots.map(String))
    }),
    { numRuns: Math.ceil(RUNS / 3) }
  )
})

test('a large CAR costs its headers, and a long hash sequence comes back', () => {
  const large = new Uint8Array(3_000_000)
  const block = car.encode({
    version: 1,
    roots: [],
    blocks: [
      { cid: id, bytes: large },
      { cid: id, bytes: large }
    ]
  })
  const value = car.decode(block) as { blocks: { bytes: Uint8Array }[] }
  assert.is(value.blocks[1].bytes.length, large.length)
  assert.ok(car.fuel < 30_000, `${car.fuel}`)
  const sequence = Uint8Array.from({ length: 32 * 200_000 }, (_, i) => i * 7 + (i >> 9))
  assert.is(hashes.links(sequence).length, 200_000)
  assert.is(Buffer.compare(hashes.encodeTape(hashes.tape(sequence)), sequence), 0)
})

test('whatever stands across the end of the window', () => {
  const item = [f(1, 0, 2n ** 63n), f(2, 2, new Uint8Array(3)), f(3, 3, [f(4, 1, 2n ** 64n - 1n), f(5, 5, 7)])]
  const cid = CID.decode(bytesOf(`0155001e${'07'.repeat(30)}`))
  for (let before = 16384 - 80; before < 16384 + 4; before++) {
    const fields = [f(1, 2, new Uint8Array(before)), ...item, ...item]
    const block = protobuf.encode(fields)
    assert.is(text(protobuf.decode(block)), text(fields))
    assert.ok(keepsBlock(protobuf, cbor, block))
    const roots = [cid, id]
    const file = car.encode({
      version: 1,
      roots: [],
      blocks: [
        { cid: id, bytes: new Uint8Array(before) },
        { cid, bytes: new Uint8Array(2) },
        { cid, bytes: new Uint8Array(0) }
      ]
    })
    assert.ok(keepsBlock(car, cbor, file))
    const padded = { version: 2, characteristics: new Uint8Array(16), padding: new Uint8Array(before), roots, blocks: [{ cid, bytes: new Uint8Array(1) }] }
    assert.is(text(car.decode(car.encode(padded))), text(padded))
  }
})

test('damaged blocks', async () => {
  for (const codec of [protobuf, key, hashes, car]) {
    const blocks = valid.filter(([of]) => of === codec.name).map(([, , hex]) => bytesOf(hex))
    note(`${await mutated(host, codec.name, blocks)} damaged blocks of ${codec.name} still decode`)
  }
})

test.run()
