import type { ImporterOptions } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { verifyBlock } from '../../src/dag/index.js'
import { type LayoutNode, openLayout } from '../../src/dag/layout/index.js'
import { createHost } from '../../src/index.js'
import type { Comparison } from '../comparison.js'

/** The file's size in MiB: it is made here, and kept in memory. */
const SIZE = Number(process.env.AUTOCODEC_BENCH_FILE ?? 256)
const MIB = 2 ** 20
const ENTRIES = 10_000

/** Blocks in memory, as both sides read them. */
interface Tree {
  readonly root: CID
  readonly get: (cid: CID) => Uint8Array | undefined
}

interface Exported {
  readonly content: (range?: { offset?: number; length?: number }) => AsyncIterable<Uint8Array>
  readonly entries: () => AsyncIterable<{ readonly name: string }>
}

const key = (cid: { readonly multihash: { readonly digest: Uint8Array } }): string => String.fromCharCode(...cid.multihash.digest)

async function importTree(candidates: AsyncIterable<object> | object[], options: ImporterOptions): Promise<Tree> {
  const { importer } = await import('ipfs-unixfs-importer')
  const blocks = new Map<string, Uint8Array>()
  const store = {
    put: async (cid: CID, block: Uint8Array) => {
      blocks.set(key(cid), block)
      return cid
    }
  }
  let root: CID | undefined
  for await (const { cid } of importer(candidates as never, store as never, options)) root = cid as unknown as CID
  return { root: root as CID, get: (cid) => blocks.get(key(cid)) }
}

/** Bytes that differ from block to block. */
async function* content(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < SIZE; i++) {
    const words = new Uint32Array(MIB / 4)
    for (let w = 0; w < words.length; w++) words[w] = Math.imul(w + i * words.length, 0x9e3779b1)
    yield new Uint8Array(words.buffer)
  }
}

async function* sharded(): AsyncGenerator<object> {
  for (let i = 0; i < ENTRIES; i++) yield { path: `d/file-${i}`, content: new Uint8Array([i, i >> 8]) }
}

/** Made when it is first wanted, and once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

const rawTree = once(() => importTree([{ content: content() }], { rawLeaves: true }))
const wrappedTree = once(() => importTree([{ content: content() }], { rawLeaves: false }))
const shardTree = once(() => importTree(sharded(), { rawLeaves: true, shardSplitThresholdBytes: 0 }))
const host = once(() => createHost())

/** A file or directory through the layout. */
async function ours(tree: Tree, verified: boolean): Promise<LayoutNode> {
  return openLayout(await host(), { layout: 'unixfs', root: tree.root, get: tree.get, verify: verified ? verifyBlock : false })
}

/** The same through the exporter, which verifies nothing: so its store does. */
async function theirs(tree: Tree, verified: boolean): Promise<Exported> {
  const { exporter } = await import('ipfs-unixfs-exporter')
  const store = {
    async *get(cid: CID) {
      const block = tree.get(cid) as Uint8Array
      if (verified) await verifyBlock(cid, block)
      yield block
    }
  }
  return (await exporter(tree.root as never, store as never)) as unknown as Exported
}

/** Reads to the end: how many bytes and chunks, and what stands at the chunks' ends. */
async function drain(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let bytes = 0
  let count = 0
  let sum = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    count++
    sum = (Math.imul(sum, 31) + chunk[0] + (chunk.at(-1) as number)) | 0
  }
  return `${bytes} bytes, ${count} chunks, ${sum}`
}

async function list(entries: AsyncIterable<{ readonly name: string }>): Promise<string> {
  const names: string[] = []
  for await (const { name } of entries) names.push(name)
  return names.sort().join()
}

interface Case {
  readonly name: string
  readonly bytes: number
  readonly tree: () => Promise<Tree>
  readonly verified: boolean
  readonly ours: (node: LayoutNode) => Promise<string>
  readonly theirs: (node: Exported) => Promise<string>
}

const whole = { ours: (node: LayoutNode) => drain(node.bytes()), theirs: (node: Exported) => drain(node.content()) }
const range = { offset: (SIZE * MIB) / 2 + 1_000, length: 1_024 }
const file = `file of ${SIZE} MiB`

const cases: readonly Case[] = [
  { name: `${file}, raw leaves, both verify`, bytes: SIZE * MIB, tree: rawTree, verified: true, ...whole },
  { name: `${file}, dag-pb leaves, both verify`, bytes: SIZE * MIB, tree: wrappedTree, verified: true, ...whole },
  { name: `${file}, raw leaves, neither verifies`, bytes: SIZE * MIB, tree: rawTree, verified: false, ...whole },
  { name: `${file}, dag-pb leaves, neither verifies`, bytes: SIZE * MIB, tree: wrappedTree, verified: false, ...whole },
  {
    name: `range of 1 KiB in the ${file}, both verify`,
    bytes: 1_024,
    tree: rawTree,
    verified: true,
    ours: (node) => drain(node.bytes(range)),
    theirs: (node) => drain(node.content(range))
  },
  {
    name: `sharded directory of ${ENTRIES.toLocaleString('en')}, both verify`,
    bytes: 0,
    tree: shardTree,
    verified: true,
    ours: (node) => list(node.entries()),
    theirs: (node) => list(node.entries())
  }
]

/** Files and directories through the UnixFS layout, from the opening to the last byte, against the exporter on the same blocks. */
export function layout(): Comparison[] {
  return cases.map((item) => ({
    work: 'layout',
    codec: 'unixfs',
    case: item.name,
    group: undefined,
    bytes: item.bytes,
    ref: 'ipfs-unixfs-exporter',
    unit: '×',
    ours: async () => item.ours(await ours(await item.tree(), item.verified)),
    theirs: async () => item.theirs(await theirs(await item.tree(), item.verified)),
    differs: (a, b) => (a === b ? undefined : `${String(a).slice(0, 80)}, expected ${String(b).slice(0, 80)}`)
  }))
}
