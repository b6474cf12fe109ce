/** Trees of blocks for the tests of layouts: what the importer of the ecosystem makes, and what hands make of parts. */
import * as dagPb from '@ipld/dag-pb'
import { MemoryBlockstore } from 'blockstore-core'
import { UnixFS } from 'ipfs-unixfs'
import { exporter, recursive } from 'ipfs-unixfs-exporter'
import { type ImportCandidate, type ImporterOptions, importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { GetBlock, LayoutNode, RangeOptions } from '../../../src/dag/layout/index.js'

/** Blocks in memory, which count what is asked of them. */
export class Store {
  readonly blocks = new MemoryBlockstore()
  asked: CID[] = []
  readonly get: GetBlock = async (cid) => {
    this.asked.push(cid)
    return bytesOf(this.blocks.get(cid as never))
  }

  /** The CID of what the importer makes of it. */
  async add(candidates: ImportCandidate[], options: ImporterOptions = {}): Promise<CID> {
    let root: CID | undefined
    for await (const { cid } of importer(candidates, this.blocks, options)) root = cid as unknown as CID
    return root as CID
  }

  async put(bytes: Uint8Array, code = 0x55): Promise<CID> {
    const cid = CID.createV1(code, await sha256.digest(bytes))
    await this.blocks.put(cid as never, bytes)
    return cid
  }

  /** A DAG-PB node with UnixFS data. */
  async node(data: UnixFS | Uint8Array, links: { cid: CID; name?: string }[] = []): Promise<CID> {
    const Data = data instanceof Uint8Array ? data : data.marshal()
    return this.put(dagPb.encode({ Data, Links: links.map(({ cid, name = '' }) => ({ Hash: cid as never, Name: name, Tsize: 0 })) }), dagPb.code)
  }

  /** As the exporter of the ecosystem reads it. */
  async exported(root: CID, range: { offset?: number; length?: number } = {}): Promise<Uint8Array> {
    const entry = await exporter(root as never, this.blocks)
    return bytesOf((entry as { content(options: object): AsyncIterable<Uint8Array> }).content(range))
  }

  /** All paths below the root, as the exporter sees them. */
  async paths(root: CID): Promise<string[]> {
    const paths: string[] = []
    for await (const { path } of recursive(root as never, this.blocks)) paths.push(path.slice(path.indexOf('/') + 1))
    return paths.slice(1).sort()
  }
}

/** A file's node of parts whose sizes are as given, true or not. */
export function fileOf(data: Uint8Array | undefined, sizes: bigint[]): UnixFS {
  const file = new UnixFS({ type: 'file', data })
  for (const size of sizes) file.addBlockSize(size)
  return file
}

export async function bytesOf(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

export const read = (file: LayoutNode, range?: RangeOptions): Promise<Uint8Array> => bytesOf(file.bytes(range))

export async function names(directory: LayoutNode): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of directory.entries()) found.push(name)
  return found
}

/** Bytes that differ everywhere. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let x = seed
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) | 0
    bytes[i] = x >>> 24
  }
  return bytes
}
