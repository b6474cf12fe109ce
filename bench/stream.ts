import { createReadStream } from 'node:fs'
import { CarBlockIterator } from '@ipld/car'
import { createHost } from 'autocodec'
import { decodeBlocks, readCar, type Workers } from 'autocodec/dag'
import { fileChunks, nodeWorkers } from 'autocodec/dag/node'
import { createUnsafe } from 'multiformats/block'
import { equals } from 'multiformats/bytes'
import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { references } from './reference.js'

/** Bytes of a chunk, for both sides. */
const CHUNK = 1 << 20

/** One for all passes, as an application has it. */
const host = createHost()

/** What a pass over a CAR gave: enough to see that two passes did the same. */
export interface Passed {
  readonly blocks: number
  readonly links: number
}

export type Visit = (cid: CID, value: unknown, links: readonly CID[]) => void

/** Every block of a CAR verified and decoded, with its links: with the library. */
export async function ourPass(path: string, visit?: Visit, workers?: Workers): Promise<Passed> {
  let blocks = 0
  let links = 0
  const car = await readCar(fileChunks(path, { size: CHUNK }))
  for await (const batch of decodeBlocks(car, { codecs: (await host).loader, workers }).batches()) {
    for (const block of batch) {
      blocks++
      links += block.links?.length ?? 0
      visit?.(block.cid, block.value, block.links ?? [])
    }
  }
  return { blocks, links }
}

let workers: Workers | undefined

/** The same with one thread besides this one, which is there from pass to pass, as an application has it. */
export function withWorkers(path: string): Promise<Passed> {
  return ourPass(path, undefined, (workers ??= nodeWorkers({ size: 1 })))
}

const codecs = new Map([...Object.values(references), raw].map((codec) => [codec.code, codec]))

/** The same with @ipld/car, the JavaScript codecs and multiformats. */
export async function theirPass(path: string, visit?: Visit): Promise<Passed> {
  let blocks = 0
  let links = 0
  for await (const { cid, bytes } of await CarBlockIterator.fromIterable(createReadStream(path, { highWaterMark: CHUNK }))) {
    const { digest } = await sha256.digest(bytes)
    if (!equals(digest, cid.multihash.digest)) throw new Error(`${cid}: another hash`)
    const block = createUnsafe({ cid, bytes, codec: codecs.get(cid.code) as typeof raw })
    const found = Array.from(block.links(), ([, link]) => link)
    blocks++
    links += found.length
    visit?.(cid, block.value, found)
  }
  return { blocks, links }
}
