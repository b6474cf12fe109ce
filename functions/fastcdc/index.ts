/**
 * Content-defined chunking: a stream of bytes as a UnixFS file whose chunks end where the content says, so that an edit makes new chunks around itself and nowhere else. The
 * chunks are raw leaves (cut.ts), above them is a balanced tree of DAG-PB (node.ts), as importers make it. All that is in memory at a time is what may be a chunk, a chunk of
 * the stream, and the entries of one node a level.
 */
import { addEntry, entriesOf, entryAt, isTop, lowest, openLevels, overfull, removeEntries } from '../../codecs/lib/levels/levels'
import { noOtherParameters, openFileParameter, uintParameter } from '../../codecs/lib/params/params'
import { end, openPending, pass, pendingLength, start, takePending } from '../../codecs/lib/stream/pending'
import * as answer from '../../codecs/sdk/answer'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import * as node from '../../codecs/sdk/node'
import { Kind } from '../../codecs/sdk/tape'
import { cut, openCut } from './cut'
import { CHILD, CID, file, nodeRoom, setSizes, total, writeNode } from './node'

export { control } from '../../codecs/sdk/codec'
export { reserve } from '../../codecs/sdk/function'

const RAW: u64 = 0x55
const DAG_PB: u64 = 0x70

enum State {
  START,
  OPENED,
  /** the next chunk of the stream has been asked for */
  READING,
  /** a leaf or a node has been given away to become a block */
  LEAF,
  NODE
}

let state: State = State.START
let ended: bool = false
let most: u32 = 0
let width: u32 = 0

let size: u64 = 0
let chunks: u64 = 0

/** Bytes of the leaf, or the level of the node, that is to become a block. */
let leaf: usize = 0
let level: u32 = 0
/** Where nodes are written. */
let block: usize = 0

export function run(flags: u32): i32 {
  if (state == State.START) return begin()
  if (state == State.OPENED) openPending(most)
  else if (state == State.LEAF) leafMade()
  else if (state == State.NODE) nodeMade()
  else if (flags & fn.NONE) ended = true
  else takePending()
  return step()
}

function begin(): i32 {
  fn.begin()
  const average = <u32>uintParameter('average', 262144, 256, 4194304)
  const least = <u32>uintParameter('min', max(average >> 2, 64), 64, 1048576)
  most = <u32>uintParameter('max', average << 2, 1024, 16777216)
  const normalization = <u32>uintParameter('normalization', 1, 0, 3)
  width = <u32>uintParameter('links', 174, 2, 8192)
  if (least > average || average > most) fail(Code.NUMBER_RANGE, 0, average)
  openCut(least, average, most, normalization)
  openLevels(width, CHILD)
  block = allocate(nodeRoom(width))
  const asked = openFileParameter(0)
  noOtherParameters()
  state = State.OPENED
  return asked
}

/** What is to be done next: a node of a level that has more than one may hold, a leaf, or more of the stream. */
function step(): i32 {
  if (state == State.NODE && overfull(level + 1)) return makeNode(level + 1)
  if (overfull(0)) return makeNode(0)
  if (pendingLength() < most && !ended) {
    state = State.READING
    return fn.next(0)
  }
  // an empty file is an empty leaf
  if (pendingLength() || !chunks) return makeLeaf()
  return finish()
}

function makeLeaf(): i32 {
  state = State.LEAF
  leaf = cut(start, pendingLength())
  return fn.createBlock(RAW, start, <u32>leaf)
}

function leafMade(): void {
  setSizes(addLink(0), leaf, leaf)
  size += leaf
  chunks++
  pass(leaf)
}

function makeNode(on: u32): i32 {
  state = State.NODE
  level = on
  return fn.createBlock(DAG_PB, block, <u32>(writeNode(block, on) - block))
}

function nodeMade(): void {
  removeEntries(level)
  setSizes(addLink(level + 1), file, total)
}

/** An entry for the block that has become one, its CID filled in. */
function addLink(to: u32): usize {
  const link = node.openNode()
  if (node.kind(link) != Kind.LINK || node.length(link) != CID) fail(Code.INVALID_CID, 0)
  const entry = addEntry(to)
  memory.copy(entry, node.resident(link), CID)
  return entry
}

/** All of the stream is in the tree: what is left on each level becomes a node, up to the one that is alone at the top. */
function finish(): i32 {
  const at = lowest()
  if (!isTop(at) || entriesOf(at) > 1) return makeNode(at)
  const root = entryAt(at, 0)
  fn.beginAnswer(root)
  const map = answer.openMap(3)
  answer.text('chunks')
  answer.uint(chunks)
  answer.text('root')
  answer.linkHere(root, CID)
  answer.text('size')
  answer.uint(size)
  answer.closeCounted(map)
  return fn.done()
}
