/**
 * Nodes of a UnixFS file (https://specs.ipfs.tech/unixfs/) in canonical DAG-PB (https://ipld.io/specs/codecs/dag-pb/spec/): links without names, in the order of the file, and
 * then the data, of which there is nothing but type and sizes. An entry of a level is a child:
 *
 * ```
 *  ┌─────────┬───────────────────────────────┬───────────────────────────────┐
 *  │ CID, 36 │ bytes of the file, u64        │ Tsize, u64                    │
 *  └─────────┴───────────────────────────────┴───────────────────────────────┘
 *  0         40                              48                              56
 * ```
 * Tsize is the size of the block and of all below it, as often as they are linked.
 */
import { LinkTag, NodeTag } from '../../codecs/dag-pb/wire'
import { entryAt, nodeEntries } from '../../codecs/lib/levels/levels'
import { varintSize, writeVarint } from '../../codecs/lib/varint/varint'

/** CIDv1, a codec below 128, sha2-256. */
export const CID: u32 = 36
export const CHILD: usize = 56

/** Most bytes that a child takes in a node: a link with its tags and lengths, and a block size. */
const MOST: usize = 2 + 2 + 36 + 2 + 1 + 10 + 1 + 10
/** Most bytes of a node otherwise. */
const REST: usize = 32

const FILE: u8 = 2
/** Fields of UnixFS Data, number << 3 | wire type. */
const enum Tag { TYPE = 1 << 3, FILE_SIZE = 3 << 3, BLOCK_SIZE = 4 << 3 }

/** Bytes that a node of so many children may take. */
export function nodeRoom(children: u32): usize { return REST + <usize>children * MOST }

// @ts-ignore: decorator
@inline export function fileSize(child: usize): u64 { return load<u64>(child, 40) }
// @ts-ignore: decorator
@inline export function totalSize(child: usize): u64 { return load<u64>(child, 48) }

export function setSizes(child: usize, file: u64, total: u64): void {
  store<u64>(child, file, 40)
  store<u64>(child, total, 48)
}

/** Sizes of the node that was written last. */
export let file: u64 = 0
export let total: u64 = 0

/** Writes the next node of a level, and answers the address after it. */
export function writeNode(to: usize, level: u32): usize {
  const count = nodeEntries(level)
  const start = to
  let sizes: u32 = 0
  file = total = 0
  for (let i: u32 = 0; i < count; i++) {
    const child = entryAt(level, i)
    to = writeLink(to, child)
    file += fileSize(child)
    total += totalSize(child)
    sizes += 1 + varintSize(fileSize(child))
  }
  store<u8>(to, NodeTag.DATA)
  to = writeVarint(to + 1, 2 + 1 + varintSize(file) + sizes)
  store<u16>(to, <u16>Tag.TYPE | <u16>FILE << 8)
  store<u8>(to, Tag.FILE_SIZE, 2)
  to = writeVarint(to + 3, file)
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(to, Tag.BLOCK_SIZE)
    to = writeVarint(to + 1, fileSize(entryAt(level, i)))
  }
  total += to - start
  return to
}

/** A PBLink: hash, the empty name, Tsize. */
function writeLink(to: usize, child: usize): usize {
  store<u8>(to, NodeTag.LINKS)
  to = writeVarint(to + 1, 2 + CID + 2 + 1 + varintSize(totalSize(child)))
  store<u8>(to, LinkTag.HASH)
  store<u8>(to, CID, 1)
  memory.copy(to + 2, child, CID)
  to += 2 + CID
  store<u16>(to, LinkTag.NAME)
  store<u8>(to, LinkTag.TSIZE, 2)
  return writeVarint(to + 3, totalSize(child))
}
