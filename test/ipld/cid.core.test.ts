/** CIDs from their binary form: the short way there and that of multiformats come to the same. */
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cidAt } from '../../src/ipld/index.js'

const filled = (length: number): number[] => Array.from({ length }, (_, i) => (i * 7 + 1) & 255)

const valid: Record<string, number[]> = {
  'version 0': [0x12, 32, ...filled(32)],
  'dag-cbor, sha2-256': [1, 0x71, 0x12, 32, ...filled(32)],
  'raw, identity of nothing': [1, 0x55, 0, 0],
  'raw, identity': [1, 0x55, 0, 5, ...filled(5)],
  'git-raw, sha1': [1, 0x78, 0x11, 20, ...filled(20)],
  'bitcoin-tx, dbl-sha2-256': [1, 0xb1, 1, 0x56, 32, ...filled(32)],
  'dag-json, sha2-512': [1, 0xa9, 2, 0x13, 64, ...filled(64)],
  'the greatest codec of two bytes': [1, 0xff, 0x7f, 0x12, 32, ...filled(32)],
  'a codec of three bytes': [1, 0x80, 0x80, 0x01, 0x12, 32, ...filled(32)],
  'a hash of two bytes': [1, 0x71, 0xa0, 0xe4, 2, 32, ...filled(32)],
  'a digest of 127 bytes': [1, 0x71, 0, 127, ...filled(127)],
  'a digest of 128 bytes': [1, 0x71, 0, 0x80, 1, ...filled(128)]
}

const invalid: Record<string, number[]> = {
  nothing: [],
  'a version alone': [1],
  'version 2': [2, 0x71, 0x12, 32, ...filled(32)],
  'it ends in the codec': [1, 0xb1],
  'it ends in the size': [1, 0xb1, 1, 0x56],
  'a digest too short': [1, 0x71, 0x12, 32, ...filled(31)],
  'a digest too long': [1, 0x71, 0x12, 32, ...filled(33)],
  'a digest too short after two bytes of codec': [1, 0xb1, 1, 0x56, 32, ...filled(31)]
}

const cids = suite('CIDs')

/** The CID within other bytes. */
function within(bytes: number[]): CID {
  const all = Uint8Array.of(1, 2, 3, ...bytes, 1, 1, 1, 1, 1)
  return cidAt(all.subarray(1), 2, bytes.length)
}

for (const [name, bytes] of Object.entries(valid)) {
  cids(name, () => {
    const expected = CID.decode(Uint8Array.from(bytes))
    const cid = within(bytes)
    assert.ok(cid instanceof CID && cid.equals(expected) && expected.equals(cid))
    assert.is(String(cid), String(expected))
    assert.equal(Reflect.ownKeys(cid), Reflect.ownKeys(expected))
    assert.equal(
      [cid.version, cid.code, cid.multihash.code, cid.multihash.size],
      [expected.version, expected.code, expected.multihash.code, expected.multihash.size]
    )
    assert.equal(
      [...cid.bytes, ...cid.multihash.bytes, ...cid.multihash.digest],
      [...expected.bytes, ...expected.multihash.bytes, ...expected.multihash.digest]
    )
    assert.equal(Reflect.ownKeys(cid.multihash), Reflect.ownKeys(expected.multihash))
  })
}

for (const [name, bytes] of Object.entries(invalid)) {
  cids(`refused: ${name}`, () => {
    assert.throws(() => CID.decode(Uint8Array.from(bytes)))
    assert.throws(() => within(bytes))
  })
}

cids.run()
