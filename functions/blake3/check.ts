/**
 * Checks a message against its hash as it comes, the whole of it or a slice: https://github.com/oconnor663/bao/blob/master/docs/spec.md, "Decoder" and "Slice Format".
 *
 * What is expected of the nodes that come next is a stack, at most two for each level of the tree: a parent that has been checked is taken off, and its two children put on.
 * Parents come from the outboard and leaves from the file; in a combined encoding both are one stream.
 */
import { CHUNK, chunk, chunks, HASH, level, parent, reduce, same } from '../../codecs/lib/hash/blake3'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import { HEADER, LINK } from './build'
import { List, listOf, room } from './list'
import { came, more, MOST, open, skipTo, Source, take } from './source'
import { PARENT } from './tree'

/** Bytes of a block of content. */
const CONTENT: u32 = 1 << 20
const RAW: u64 = 0x55
/** What `detail` says of a checksum: what is wrong is a parent. */
const OF_PARENT: u32 = 1

/** What is expected: value, first byte and number of bytes. */
const ENTRY: usize = 48
/** Levels of a tree over 2^53 bytes, and one. */
const LEVELS: usize = 45
// @ts-ignore: decorator
@lazy const STACK: usize = memory.data(2 * 45 * 48, 16)
// @ts-ignore: decorator
@lazy const FOUND: usize = memory.data(32, 16)

const enum State { OPENING_TREE, TREE, OPENING_FILE, FILE, CONTENT_MADE, LAST_MADE, ENDS_FILE, ENDS_TREE }

let state: State = State.TREE
let file: Source = changetype<Source>(0)
let tree: Source = changetype<Source>(0)
let hash: usize = 0
/** bytes of a leaf, and log2 of its chunks */
let leaf: u64 = 0
let group: u32 = 0
let headed: bool = false
let size: u64 = 0
/** the slice */
let from: u64 = 0
let to: u64 = 0
let offset: u64 = 0
let length: u64 = 0
let depth: usize = 0

/** Values of chunks, and of the leaves of four chunks that have been made together, ahead of their turn. */
let values: usize = 0
let ahead: u64 = 0
let aheadCount: u32 = 0

/** Content that is not in a block yet, if it is wanted, and the links of the blocks. */
let content: usize = 0
let contentLength: u32 = 0
let made: List = changetype<List>(0)

/** Bytes of the leaves that have been checked, and whether the last leaf was among them, which proves the size. */
export let verified: u64 = 0
export let proven: bool = false

/** A message from `data`, its parents from `outboard`; the same source for a combined encoding, whose content is then wanted. @param expected the 32 bytes of the hash */
export function begin(data: Source, outboard: Source, expected: usize, log: u32, first: u64, count: u64): i32 {
  file = data
  tree = outboard
  hash = expected
  group = log
  leaf = <u64>CHUNK << log
  offset = first
  length = count
  values = allocate((max<usize>(4, 1 << log) + 4) * HASH)
  if (combined()) {
    content = allocate(CONTENT)
    made = listOf(LINK)
  }
  if (tree.inline) return walk()
  state = State.OPENING_TREE
  return open(tree, 0, u64.MAX_VALUE)
}

// @ts-ignore: decorator
@inline function combined(): bool { return file == tree }

/** Goes on; answers 0 when all is checked. */
export function step(flags: u32): i32 {
  switch (state) {
    case State.OPENING_TREE:
      state = State.TREE
      return more(tree)
    case State.OPENING_FILE:
      state = State.FILE
      return more(file)
    case State.TREE:
      came(tree, flags)
      return walk()
    case State.FILE:
      came(file, flags)
      return walk()
    case State.CONTENT_MADE:
      fn.takeLink(room(made), LINK)
      contentLength = 0
      return walk()
    case State.LAST_MADE:
      fn.takeLink(room(made), LINK)
      return ends()
    case State.ENDS_FILE:
      came(file, flags)
      return ends()
    default:
      came(tree, flags)
      return ends()
  }
}

/** The length, which the stream begins with. It is not believed: what it says of the tree is checked at each node, up to the last leaf. */
function head(): void {
  size = load<u64>(take(tree, HEADER))
  if (size > MOST) fail(Code.TOO_LARGE, 0)
  headed = true
  // a slice has one leaf at least, and the last one if it begins after it
  from = min(offset, size ? size - 1 : 0)
  to = offset + max<u64>(length, 1)
  if (to < offset) to = u64.MAX_VALUE
  push(hash, 0, size)
}

function push(value: usize, start: u64, n: u64): void {
  if (depth == 2 * LEVELS) fail(Code.DEPTH, start)
  const entry = STACK + depth++ * ENTRY
  memory.copy(entry, value, HASH)
  store<u64>(entry, start, 32)
  store<u64>(entry, n, 40)
}

function walk(): i32 {
  if (!headed) {
    if (tree.have < HEADER) return wantTree()
    head()
  }
  while (depth) {
    const entry = STACK + (depth - 1) * ENTRY
    const start = load<u64>(entry, 32)
    const n = load<u64>(entry, 40)
    if (size && (start + n <= from || start >= to)) {
      depth--
      // a slice leaves out what an outboard has
      if (!combined() && start < to) pass(((n + leaf - 1) / leaf - 1) * PARENT)
      continue
    }
    const asked = n <= leaf ? checkLeaf(entry, start, <usize>n) : checkParent(entry, start, n)
    if (asked) return asked
  }
  if (contentLength || (combined() && !made.count)) {
    state = State.LAST_MADE
    return fn.createBlock(RAW, content, contentLength)
  }
  return ends()
}

/** Goes over parents of the outboard that no byte of the slice is under. */
function pass(n: u64): void { wanted += n }

/** Bytes of the outboard that are to be gone over before the next parent. */
let wanted: u64 = 0

/** More of the tree, or the end of it, which is too early. */
function wantTree(): i32 {
  if (tree.ended) fail(Code.UNEXPECTED_END, tree.position + tree.have, OF_PARENT)
  state = State.TREE
  return more(tree)
}

function checkParent(entry: usize, start: u64, n: u64): i32 {
  if (wanted) {
    const next = tree.position + wanted
    wanted = 0
    if (!skipTo(tree, next)) {
      state = State.OPENING_TREE
      return open(tree, next, u64.MAX_VALUE)
    }
  }
  if (tree.have < PARENT) return wantTree()
  const at = take(tree, PARENT)
  parent(at, n == size, FOUND)
  if (!same(FOUND, entry)) fail(Code.CHECKSUM, start, OF_PARENT)
  depth--
  // the left child has the largest power of two of leaves that leaves something for the right one
  const left = leaf << (63 - clz((n - 1) / leaf))
  push(at + HASH, start + left, n - left)
  push(at, start, left)
  return 0
}

function checkLeaf(entry: usize, start: u64, n: usize): i32 {
  if (!combined() && !ready(start)) {
    state = State.OPENING_FILE
    // as far as the leaves go that the slice has bytes of
    const end = to >= size ? u64.MAX_VALUE : (to + leaf - 1) / leaf * leaf - start
    return open(file, start, end)
  }
  if (file.have < n) {
    if (file.ended) fail(Code.UNEXPECTED_END, combined() ? file.position + file.have : start + file.have)
    state = State.FILE
    return more(file)
  }
  if (contentLength + <u32>n > CONTENT && content) {
    state = State.CONTENT_MADE
    return fn.createBlock(RAW, content, contentLength)
  }
  if (!same(valueOf(start, n), entry)) fail(Code.CHECKSUM, start)
  const at = take(file, n)
  verified += n
  if (start + n == size) proven = true
  depth--
  if (content) keep(at, start, n)
  return 0
}

/** Whether the file is open at a leaf's first byte, or can be brought there. */
function ready(start: u64): bool {
  if (!opened) {
    opened = true
    if (!file.inline) return false
  }
  return file.position == start || skipTo(file, start)
}
let opened: bool = false

/** The value of the leaf at the file's position. */
function valueOf(start: u64, n: usize): usize {
  const counter = start / CHUNK
  if (n <= CHUNK && <u64>n == size) {
    chunk(file.at, n, 0, true, values)
    return values
  }
  if (group < 2 && !combined()) {
    if (aheadCount && n == <usize>leaf) return takeAhead()
    if (file.have >= 4 * CHUNK && n == <usize>leaf && <u64>n < size) {
      let count = chunks(file.at, 4 * CHUNK, counter, values)
      if (group) count = level(values, count, false, values)
      ahead = <u64>values
      aheadCount = count
      return takeAhead()
    }
  }
  reduce(values, chunks(file.at, n, counter, values), <u64>n == size)
  return values
}

function takeAhead(): usize {
  const value = <usize>ahead
  ahead += HASH
  aheadCount--
  return value
}

/** Those bytes of a leaf that are in the slice. */
function keep(at: usize, start: u64, n: usize): void {
  if (offset >= size) return
  const first = <usize>(max(start, from) - start)
  const last = <usize>(min(start + n, to) - start)
  // a slice of no bytes has a leaf all the same
  if (!length || first >= last) return
  memory.copy(content + contentLength, at + first, last - first)
  contentLength += <u32>(last - first)
}

/** Nothing may follow where the whole message has been checked, of the file or of the tree. */
function ends(): i32 {
  if (from > 0 || to < size) return 0
  if (!combined()) {
    if (!opened && !file.inline) {
      opened = true
      state = State.OPENING_FILE
      return open(file, size, u64.MAX_VALUE)
    }
    if (file.have) fail(Code.TRAILING_BYTES, size)
    if (!file.ended) {
      state = State.ENDS_FILE
      return more(file)
    }
  }
  if (tree.have) fail(Code.TRAILING_BYTES, tree.position, OF_PARENT)
  if (tree.ended) return 0
  state = State.ENDS_TREE
  return more(tree)
}

/** The size, where it is proven. */
export function provenSize(): u64 { return size }

/** The blocks of the content, in order. */
export function blocks(): List { return made }
