import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { identity } from 'multiformats/hashes/identity'
import { sha512 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DagError } from '../../src/dag/errors.js'
import { verifyBlock } from '../../src/dag/verify.js'
import { threeBlocks } from './sample.js'

const { root } = await threeBlocks()

const right: [string, CID][] = [
  ['sha2-256', root.cid],
  ['sha2-512', CID.createV1(0x71, await sha512.digest(root.bytes))],
  ['identity', CID.createV1(0x71, identity.digest(root.bytes))]
]

for (const [name, cid] of right) {
  test(`${name}: any flipped bit shows`, async () => {
    await verifyBlock(cid, root.bytes)
    for (let at = 0; at < root.bytes.length; at += 3) {
      const changed = root.bytes.slice()
      changed[at] ^= 1 << (at % 8)
      await verifyBlock(cid, changed).then(
        () => assert.unreachable(),
        (error: DagError) => {
          assert.is(error.code, 'HASH_MISMATCH')
          assert.is(error.cid, cid)
        }
      )
    }
    await verifyBlock(cid, root.bytes.subarray(1)).then(
      () => assert.unreachable(),
      (error: DagError) => assert.is(error.code, 'HASH_MISMATCH')
    )
  })
}

test('a hash function that is not built in is named', async () => {
  const cid = CID.createV1(0x90, create(0x1b, new Uint8Array(32)))
  await verifyBlock(cid, root.bytes).then(
    () => assert.unreachable(),
    (error: DagError) => {
      assert.is(error.code, 'UNKNOWN_HASH')
      assert.match(error.message, /0x1b.*sha2-256/)
    }
  )
})

test.run()
