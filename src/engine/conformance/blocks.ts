/** What `Blocks` promises. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { MAX_KEY } from '../interface.js'
import { bytesOf, cidOf, type EngineTrial, ensure, failure, mistakes, rejects, same, sameBytes, trial } from './trial.js'

const cid = cidOf(0)
const MIB = 1024 * 1024

/** A CID whose multihash has so many bytes. */
const cidOfLength = (length: number): CID => CID.createV1(0x55, create(0x12, new Uint8Array(length - 2 - (length > 129 ? 1 : 0)).fill(length)))

export const blocks: readonly EngineTrial[] = [
  trial('blocks: what nobody put is not there', async ({ engine: { blocks } }) => {
    same(await blocks.get(cid), undefined, 'get')
    same(await blocks.has(cid), false, 'has')
    same(await blocks.delete(cid), undefined, 'delete')
  }),

  ...[false, true].map((sync) =>
    trial(`blocks: blocks of every length come back${sync ? ', sync' : ''}`, async ({ engine: { blocks } }) => {
      const lengths = [0, 1, 100, 65_535, 65_536, 65_537, MIB, 5 * MIB + 1]
      for (const [i, length] of lengths.entries()) {
        await blocks.put(cidOf(i), bytesOf(i, length), { sync })
        sameBytes(await blocks.get(cidOf(i)), bytesOf(i, length), `${length} bytes`)
        same(await blocks.has(cidOf(i)), true, 'has')
      }
      // shorter than what was there
      await blocks.put(cidOf(6), bytesOf(9, 10), { sync })
      sameBytes(await blocks.get(cidOf(6)), bytesOf(9, 10), 'replaced')
      for (const i of lengths.keys()) await blocks.delete(cidOf(i))
      for (const i of lengths.keys()) same(await blocks.has(cidOf(i)), false, 'has, after delete')
    })
  ),

  trial('blocks: by multihash alone', async ({ engine: { blocks } }) => {
    const v0 = CID.createV0(create(0x12, cid.multihash.digest))
    await blocks.put(v0, bytesOf(1))
    for (const other of [cid, cidOf(0, 0x55), cidOf(0, 0x300001), v0]) {
      sameBytes(await blocks.get(other), bytesOf(1), `${other}`)
      same(await blocks.has(other), true, `has ${other}`)
    }
    for (const other of [CID.createV1(0x71, create(0x16, cid.multihash.digest)), CID.createV1(0x71, create(0x12, cid.multihash.digest.subarray(1)))]) {
      same(await blocks.get(other), undefined, `${other}`)
      same(await blocks.has(other), false, `has ${other}`)
    }
    await blocks.delete(cidOf(0, 0x70))
    same(await blocks.has(v0), false, 'after delete by another CID')
  }),

  trial('blocks: those that stand in their CID', async ({ engine: { blocks } }) => {
    for (const digest of [new Uint8Array(0), bytesOf(1, 10), bytesOf(2, 5000)]) {
      const identity = CID.createV1(0x55, create(0x00, digest))
      same(await blocks.has(identity), true, 'has')
      const found = await blocks.get(identity)
      sameBytes(found, digest, 'get')
      found?.fill(0)
      await blocks.put(identity, digest)
      await blocks.delete(identity)
      sameBytes(await blocks.get(identity), digest, 'get, after put and delete')
    }
  }),

  trial('blocks: what is too long is not there, and cannot be put', async ({ engine: { blocks } }) => {
    for (const length of [20, 66, MAX_KEY]) {
      await blocks.put(cidOfLength(length), bytesOf(length))
      sameBytes(await blocks.get(cidOfLength(length)), bytesOf(length), `a multihash of ${length} bytes`)
    }
    for (const length of [MAX_KEY + 1, 300, 5000]) {
      const long = cidOfLength(length)
      await rejects(() => blocks.put(long, bytesOf(1)), 'ENGINE_KEY', `a multihash of ${length} bytes`)
      same(await blocks.get(long), undefined, 'get')
      same(await blocks.has(long), false, 'has')
      await blocks.delete(long)
    }
  }),

  trial('blocks: nobody’s later writing to arrays shows', async ({ engine: { blocks } }) => {
    const bytes = bytesOf(1, MIB)
    const writing = blocks.put(cid, bytes)
    bytes.fill(0)
    await writing
    const found = await blocks.get(cid)
    sameBytes(found, bytesOf(1, MIB), 'after writing to what was put')
    found?.fill(0)
    sameBytes(await blocks.get(cid), bytesOf(1, MIB), 'after writing to what was got')
    await blocks.put(cid, bytesOf(2, 300).subarray(100, 200))
    sameBytes(await blocks.get(cid), bytesOf(2, 300).slice(100, 200), 'a view')
  }),

  trial('blocks: readers beside many writers of one block see a whole one', async ({ engine: { blocks } }) => {
    const expected = bytesOf(3, 200_000)
    let writing = true
    const reads = (async () => {
      while (writing) {
        const found = await blocks.get(cid)
        if (found !== undefined) sameBytes(found, expected, 'while it was written')
        await new Promise((resolve) => setTimeout(resolve, 0))
      }
    })()
    const writes = (async () => {
      for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10 }, (_, n) => blocks.put(cidOf(0, n + 1), expected, { sync: n === 0 })))
    })().finally(() => {
      writing = false
    })
    await Promise.all([reads, writes])
    sameBytes(await blocks.get(cid), expected, 'at the end')
  }),

  trial('blocks: 500 at once', async ({ engine: { blocks } }) => {
    await Promise.all(Array.from({ length: 500 }, (_, i) => blocks.put(cidOf(i), bytesOf(i, i))))
    const found = await Promise.all(Array.from({ length: 500 }, (_, i) => blocks.get(cidOf(i))))
    for (const [i, bytes] of found.entries()) sameBytes(bytes, bytesOf(i, i), `block ${i}`)
  }),

  trial('blocks: a signal that is aborted, and arguments that are none', async ({ engine: { blocks } }) => {
    await blocks.put(cid, bytesOf(1))
    const reason = new Error('enough')
    same(await failure(() => blocks.get(cid, { signal: AbortSignal.abort(reason) }), 'get'), reason, 'get')
    ensure((await blocks.get(cid, { signal: new AbortController().signal })) !== undefined, 'get with a signal that is not aborted: got nothing')
    for (const none of [undefined, null, 'bafkqaaa', {}] as unknown as CID[]) {
      for (const work of [() => blocks.get(none), () => blocks.has(none), () => blocks.delete(none), () => blocks.put(none, bytesOf(1))]) {
        await mistakes(work, 'cid', String(none))
      }
    }
    await mistakes(() => blocks.put(cid, 'text' as unknown as Uint8Array), 'bytes', 'text')
  })
]
