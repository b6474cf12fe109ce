/** One suite for the drivers of the block port, and what is particular to some of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBlockstore } from 'blockstore-core'
import { FsBlockstore } from 'blockstore-fs'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { identity } from 'multiformats/hashes/identity'
import { sha512 } from 'multiformats/hashes/sha2'
import { suite, test } from 'uvu'
import * as assert from 'uvu/assert'
import { Chain } from '../../src/codec/index.js'
import { directorySource } from '../../src/codec/source/directory.js'
import { DirectoryStore } from '../../src/codec/source/directory-store.js'
import { type Blocks, blobAccess, bytesAccess, carBlocks, DagError, memoryBlocks, storeBlocks, verified, writeCar } from '../../src/dag/index.js'
import { directoryBlocks, FileAccess } from '../../src/dag/node/index.js'
import { block, carOf, cbor, concat, type Made, version2 } from './sample.js'

const small = await cbor({ title: 'small' })
const large = await block(0x55, new Uint8Array(3_000_000).fill(7))
const empty = await block(0x55, new Uint8Array(0))
const absent = await cbor('absent')
const all = [small, large, empty, await cbor([small.cid, large.cid])]
const car = await carOf([small.cid], all)

const folder = mkdtempSync(join(tmpdir(), 'autocodec-blocks-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const write = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** A version 2 CAR with a real index: MultihashIndexSorted of sha2-256, as go-car writes it. */
function indexed(data: Uint8Array, { complete = false, shift = 0, without }: { complete?: boolean; shift?: number; without?: Made } = {}): Uint8Array {
  const whole = version2(data, { padding: 5 }).subarray(0, -25)
  const whole2 = whole.slice()
  if (complete) whole2[11] = 0x80
  const entries = all
    .filter((made) => made !== without)
    .map(({ cid }) => {
      const entry = new Uint8Array(40)
      entry.set(cid.multihash.digest)
      // the section begins with its length, a varint, in front of the CID
      const at = Buffer.from(data).indexOf(cid.bytes, cid === small.cid ? 90 : 0)
      let start = at - 1
      while (start > 0 && data[start - 1] >= 0x80) start--
      new DataView(entry.buffer).setBigUint64(32, BigInt(start + shift), true)
      return entry
    })
  const head = new DataView(new ArrayBuffer(2 + 4 + 8 + 4 + 4 + 8))
  head.setUint16(0, 0x0881, true)
  head.setUint32(2, 1, true)
  head.setBigUint64(6, 0x12n, true)
  head.setUint32(14, 1, true)
  head.setUint32(18, 40, true)
  head.setBigUint64(22, BigInt(40 * entries.length), true)
  return concat([whole2, new Uint8Array(head.buffer), ...entries])
}

async function directory(): Promise<Blocks> {
  const path = join(folder, 'by-cid')
  mkdirSync(path, { recursive: true })
  for (const [i, { cid, bytes }] of all.entries()) write(join('by-cid', i % 2 === 0 ? String(cid) : `${cid}.bin`), bytes)
  return directoryBlocks(path)
}

async function fsStore(): Promise<FsBlockstore> {
  const store = new FsBlockstore(join(folder, 'fs'))
  await store.open()
  for (const { cid, bytes } of all) await store.put(cid, bytes)
  return store
}

async function memoryStore(): Promise<MemoryBlockstore> {
  const store = new MemoryBlockstore()
  for (const { cid, bytes } of all) store.put(cid, bytes)
  return store
}

const file = await FileAccess.open(write('a.car', car))
const inFile = carBlocks(file)

const drivers: [name: string, open: () => Promise<Blocks>][] = [
  ['memory', async () => memoryBlocks(all)],
  ['interface-blockstore in memory', async () => storeBlocks((await memoryStore()) as never)],
  ['interface-blockstore in files', async () => storeBlocks((await fsStore()) as never)],
  ['the files of blockstore-fs', async () => directoryBlocks((await fsStore()).path)],
  ['files named by CID', directory],
  ['a CAR in memory', () => carBlocks(bytesAccess(car))],
  ['a CAR as a Blob', () => carBlocks(blobAccess(new Blob([car as Uint8Array<ArrayBuffer>])))],
  ['a CAR in a file', () => inFile],
  ['a CAR of version 2 without an index', () => carBlocks(bytesAccess(version2(car, { padding: 9 })))],
  ['a CAR of version 2 with an index', () => carBlocks(bytesAccess(indexed(car)))],
  ['a CAR of version 2 with an index that has all', () => carBlocks(bytesAccess(indexed(car, { complete: true })))],
  ['a CAR of version 2 with an index that points elsewhere', () => carBlocks(bytesAccess(indexed(car, { shift: 3 })))],
  ['a CAR of version 2 with an index that lacks a block', () => carBlocks(bytesAccess(indexed(car, { without: large })))],
  ['several, one after the other', async () => verified([memoryBlocks([small]), memoryBlocks(all)])]
]

for (const [name, open] of drivers) {
  const driver = suite(name)
  driver('has a name', async () => assert.type((await open()).name, 'string'))
  driver('gives each block, by its hash whatever the codec and version', async () => {
    const blocks = await open()
    for (const { cid, bytes } of all) {
      assert.equal(Uint8Array.from((await blocks.get(cid)) ?? [9]), Uint8Array.from(bytes))
      // files named by CID know the name alone
      if (name !== 'files named by CID') assert.equal((await blocks.get(CID.createV1(0x70, cid.multihash)))?.length, bytes.length)
    }
  })
  driver('has not what it has not', async () => assert.is(await (await open()).get(absent.cid), undefined))
  driver('many at a time', async () => {
    const blocks = await open()
    const got = await Promise.all(Array.from({ length: 40 }, (_, i) => blocks.get(all[i % all.length].cid)))
    for (const [i, bytes] of got.entries()) assert.is(bytes?.length, all[i % all.length].bytes.length)
  })
  driver('a signal', async () => {
    const blocks = await open()
    const reason = new Error('enough')
    await blocks.get(large.cid, { signal: AbortSignal.abort(reason) }).then(
      (bytes) => assert.is(bytes?.length, large.bytes.length, 'done at once, or refused'),
      (error) => assert.is(error, reason)
    )
  })
  driver.run()
}

test('an index that says it has all is believed when it lacks a block, and only then', async () => {
  assert.is(await (await carBlocks(bytesAccess(indexed(car, { complete: true, without: large })))).get(large.cid), undefined)
  assert.is((await (await carBlocks(bytesAccess(indexed(car, { complete: true, without: large })), { index: 'pass' })).get(large.cid))?.length, 3_000_000)
  assert.is((await (await carBlocks(bytesAccess(indexed(car, { complete: true, shift: 1 })))).get(large.cid))?.length, 3_000_000)
})

test('while a false index is replaced by a pass, and when the pass fails, what it has is still found', async () => {
  const access = bytesAccess(indexed(car, { complete: true, shift: 1 }))
  let broken = true
  let hold = Promise.resolve()
  const slow = {
    ...access,
    async read(offset: number, length: number) {
      if (length === 1 << 20 && broken) throw new Error('a bad sector')
      if (length === 1 << 20) await hold
      return access.read(offset, length)
    }
  }
  broken = false
  const blocks = await carBlocks(slow)
  broken = true
  const failing = await Promise.allSettled([blocks.get(small.cid), blocks.get(all[3].cid)])
  assert.equal(
    failing.map(({ status }) => status),
    ['rejected', 'rejected']
  )
  broken = false
  let go = () => {}
  hold = new Promise((resolve) => {
    go = resolve
  })
  const first = blocks.get(small.cid)
  const controller = new AbortController()
  const left = blocks.get(small.cid, { signal: controller.signal })
  await new Promise((resolve) => setTimeout(resolve, 5))
  const second = blocks.get(all[3].cid)
  controller.abort(new Error('enough'))
  await left.then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, 'enough')
  )
  go()
  assert.is((await first)?.length, small.bytes.length)
  assert.is((await second)?.length, all[3].bytes.length)
})

test('an index without hash functions has not all, whatever the CAR says', async () => {
  const other = { cid: CID.createV1(0x55, await sha512.digest(small.bytes)), bytes: small.bytes }
  const data = await carOf([], [other])
  const index = new Uint8Array(2 + 4)
  index.set([0x80, 0x08])
  const whole = concat([version2(data, { padding: 5 }).subarray(0, -25), index])
  whole[11] = 0x80
  assert.equal((await (await carBlocks(bytesAccess(whole))).get(other.cid))?.slice(), small.bytes.slice())
})

test('files named by CID are found by many at a time who are the first to ask', async () => {
  const blocks = await directory()
  const got = await Promise.all(Array.from({ length: 8 }, () => all.map(({ cid }) => blocks.get(cid))).flat())
  for (const [i, bytes] of got.entries()) assert.is(bytes?.length, all[i % all.length].bytes.length)
})

test('CIDs that are longer than any file name, or than the arguments of a call', async () => {
  const long = CID.createV1(0x55, Digest.create(0x300001, new Uint8Array(5000)))
  assert.is(await (await directory()).get(long), undefined)
  assert.is(await new DirectoryStore(join(folder, 'store')).get(long), undefined)
  assert.is(await directorySource(folder).get(long), undefined)
  const whole = CID.createV1(0x55, identity.digest(new Uint8Array(1_000_000).fill(7)))
  const held = memoryBlocks([{ cid: whole, bytes: whole.multihash.digest }])
  assert.is((await held.get(whole))?.length, 1_000_000)
  assert.is(await held.get(CID.createV1(0x55, identity.digest(new Uint8Array(1_000_000).fill(8)))), undefined)
  const chunks: Uint8Array[] = []
  for await (const chunk of writeCar([whole], [{ cid: whole, bytes: whole.multihash.digest }])) chunks.push(chunk)
  const read = await carBlocks(bytesAccess(concat(chunks)))
  assert.ok(read.roots[0].equals(whole))
  assert.is((await read.get(whole))?.length, 1_000_000)
})

test('any byte of an index changed or cut: the same blocks', async () => {
  const tiny = await carOf([small.cid], [small, empty])
  const whole = indexed(concat([tiny, new Uint8Array(0)]), { without: large })
  for (let at = whole.length - 30 - 3 * 40; at < whole.length; at += 3) {
    const changed = whole.slice()
    changed[at] ^= 0x11
    for (const input of [changed, whole.subarray(0, at)]) {
      const found = await (await carBlocks(bytesAccess(input))).get(small.cid)
      assert.equal(found?.slice(), small.bytes.slice(), `byte ${at}`)
    }
  }
})

test('a CAR cut short has what stands before, and says so', async () => {
  const blocks = await carBlocks(bytesAccess(car.subarray(0, -10)))
  assert.is(blocks.fault?.code, 'CAR_TRUNCATED')
  assert.is(blocks.count, 3)
  assert.ok(await blocks.get(small.cid))
  assert.is(await blocks.get(all[3].cid), undefined)
})

test('verified: wrong bytes are an error unless another store has the right ones; identity needs none', async () => {
  const lying = memoryBlocks([{ cid: small.cid, bytes: empty.bytes }], 'a liar')
  await verified([lying])
    .get(small.cid)
    .then(
      () => assert.unreachable(),
      (error) => {
        assert.is(error.code, 'HASH_MISMATCH')
        assert.match(error.message, /a liar/)
      }
    )
  assert.equal(await verified([lying, memoryBlocks(all)]).get(small.cid), small.bytes)
  assert.equal(await verified([]).get(CID.createV1(0x55, identity.digest(Uint8Array.of(1, 2)))), Uint8Array.of(1, 2))
})

test('verified: a store that fails hides none behind it, and is not taken for one that has nothing', async () => {
  const failing: Blocks = { name: 'a store', get: async () => Promise.reject(new Error('out of order')) }
  const chain: Blocks = new Chain([{ name: 'a gateway', get: async () => empty.bytes }])
  assert.equal(await verified([failing, chain, memoryBlocks(all)]).get(small.cid), small.bytes)
  const rows: [stores: Blocks[], message: RegExp, code: string | undefined][] = [
    [[failing, memoryBlocks([])], /^out of order$/, undefined],
    [[memoryBlocks([]), failing], /^out of order$/, undefined],
    [[chain], /a gateway/, 'HASH_MISMATCH'],
    [[chain, failing], /^out of order$/, undefined]
  ]
  for (const [stores, message, code] of rows) {
    await verified(stores)
      .get(small.cid)
      .then(
        () => assert.unreachable(),
        (error) => {
          assert.match(error.message, message)
          assert.is(error.code, code)
          assert.is(error instanceof DagError, code !== undefined)
        }
      )
  }
})

test('very many blocks, and very many of the same', async () => {
  const many = await Promise.all(Array.from({ length: 5000 }, (_, i) => cbor(i)))
  const blocks = await carBlocks(bytesAccess(await carOf([], [...many, ...Array.from({ length: 5000 }, () => many[3])])))
  assert.is(blocks.count, 5000)
  for (const { cid, bytes } of many) assert.equal((await blocks.get(cid))?.slice(), bytes.slice())
})

test('a file is closed when it is disposed of', async () => {
  await file[Symbol.asyncDispose]()
  await (await inFile).get(large.cid).then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'EBADF')
  )
})

test.run()
