/** The one suite for sources, run on every driver. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBlockstore } from 'blockstore-core'
import { test } from 'uvu'
import { blockstoreSource, Chain, createHost, gatewaySource, staggered } from '../../../src/codec/index.js'
import { directorySource } from '../../../src/codec/source/directory.js'
import { DirectoryStore } from '../../../src/codec/source/directory-store.js'
import { CarSource } from '../../../src/dag/index.js'
import { carOf, cbor } from '../../dag/sample.js'
import { cidOf, dagCbor, type Module, resealed } from '../resealed.js'
import { gateway, honest } from './server.js'
import { type Driver, sourceSuite } from './suite.js'

const empty = new Uint8Array(0)
const large = new Uint8Array(1 << 20).map((_, i) => i * 7)
const BLOCKS: readonly Module[] = [
  await resealed({ name: 'first', code: 0x300001 }),
  await cbor({ a: [1, 2, 3] }),
  { cid: await cidOf(empty), bytes: empty },
  { cid: await cidOf(large), bytes: large }
]
const ABSENT = (await resealed({ name: 'absent', code: 0x3000ff })).cid

async function folder(): Promise<{ path: string; close: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'autocodec-source-'))
  return { path, close: () => rm(path, { recursive: true }) }
}

const drivers: Driver[] = [
  {
    name: 'embedded',
    fixed: [await dagCbor()],
    make: async () => ({ source: (await createHost()).sources[0] })
  },
  {
    name: 'block store',
    byHash: true,
    make: async (blocks) => {
      const store = new MemoryBlockstore()
      for (const { cid, bytes } of blocks) await store.put(cid, bytes)
      return { source: blockstoreSource(store) }
    }
  },
  {
    name: 'directory',
    make: async (blocks) => {
      const { path, close } = await folder()
      for (const [i, { cid, bytes }] of blocks.entries()) await writeFile(join(path, i % 2 === 0 ? `${cid}.wasm` : `${cid}`), bytes)
      return { source: directorySource(path), close }
    }
  },
  {
    name: 'directory store',
    byHash: true,
    make: async (blocks) => {
      const { path, close } = await folder()
      const store = new DirectoryStore(path)
      for (const { cid, bytes } of blocks) await store.put(cid, bytes)
      return { source: store, close }
    }
  },
  {
    name: 'CAR in memory',
    byHash: true,
    make: async (blocks) => ({ source: new CarSource(await carOf([], blocks)) })
  },
  {
    name: 'CAR that is read in places',
    byHash: true,
    make: async (blocks) => {
      const car = await carOf([blocks[0].cid], blocks)
      return { source: new CarSource({ name: 'places', size: car.length, read: async (offset, length) => car.slice(offset, offset + length) }) }
    }
  },
  {
    name: 'gateway',
    make: async (blocks) => {
      const { url, close } = await gateway(honest(blocks))
      return { source: gatewaySource(url), close }
    }
  },
  {
    name: 'gateways, staggered',
    make: async (blocks) => {
      const all = await Promise.all([gateway(honest(blocks.slice(0, 2))), gateway(honest(blocks))])
      return {
        source: staggered(
          all.map(({ url }) => gatewaySource(url)),
          { after: 50 }
        ),
        close: async () => void (await Promise.all(all.map(({ close }) => close())))
      }
    }
  },
  {
    name: 'chain',
    make: async (blocks) => ({ source: new Chain([new CarSource(await carOf([], blocks.slice(0, 1))), new CarSource(await carOf([], blocks.slice(1)))]) })
  },
  {
    name: 'host',
    make: async (blocks) => {
      const host = await createHost({ sources: [new CarSource(await carOf([], blocks))] })
      return { source: new Chain(host.sources) }
    }
  }
]

for (const driver of drivers) sourceSuite(driver, BLOCKS, ABSENT)

test.run()
