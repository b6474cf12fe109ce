/**
 * Hashes a message of any length as it comes, and writes its outboard encoding: https://github.com/oconnor663/bao/blob/master/docs/spec.md.
 *
 * Parents come before what they are made of, but are known after it. So the tree is cut: a *part* is the tree over 2^14 leaves, whose parents are a block of 1 MiB, made as soon as
 * the next part begins. Of each part only its value and its link stay, 68 bytes for 16 MiB of the file or more, and the parents above the parts come last, in small blocks that are put
 * before the parts that they begin with.
 *
 * ```
 *  outboard   ┌────────────────────┬────────┬────────┬─────────┬────────┬──
 *             │ length, top parents│ part 0 │ part 1 │ parents │ part 2 │ …
 *             └────────────────────┴────────┴────────┴─────────┴────────┴──
 * ```
 */
import { CHUNK, chunk, chunks, HASH, level } from '../../codecs/lib/hash/blake3'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import { append, List, listOf, room } from './list'
import { came, more, Source, take } from './source'
import { grow, PARENT, parentsBefore, valuesSize } from './tree'

/** Leaves of a part. */
const PART: u32 = 16384
/** Of the length, before the parents. */
export const HEADER: usize = 8
const RAW: u64 = 0x55

const enum State { READING, PART_MADE, LAST_MADE, TOP_MADE }

let state: State = State.READING
let source: Source = changetype<Source>(0)
/** log2 of the chunks of a leaf */
let group: u32 = 0
/** whether the outboard is wanted, and not the hash alone */
let wanted: bool = false

/** Chunks of a batch, of which leaves are made together: four at least. */
let batch: u32 = 0
/** Their values, and how many there are. */
let values: usize = 0
let count: u32 = 0
/** The leaves of the part, with room for its tree, and how many there are. */
let leaves: usize = 0
let leafCount: u32 = 0
/** The parents of the part after the header. */
let parents: usize = 0

/** The values of the parts, and the links of their blocks. */
let parts: List = changetype<List>(0)
let made: List = changetype<List>(0)
/** At the end: the parents above the parts, after the header, the part whose turn it is, and all links. */
let top: usize = 0
let turn: u32 = 0
let links: List = changetype<List>(0)

/** The message's hash, and its size, at the end. */
export let root: usize = 0
export let size: u64 = 0

/** Bytes of a link of a raw block that the host has made. */
export const LINK: u32 = 36

/** Before the first bytes are read. @param log of the chunks of a leaf @param outboard whether it is wanted, and not the hash alone */
export function prepare(from: Source, log: u32, outboard: bool): void {
  source = from
  group = log
  wanted = outboard
  batch = 1 << max(group, 2)
  values = allocate((<usize>batch + 4) * HASH)
  leaves = allocate(valuesSize(PART))
  if (wanted) parents = allocate(HEADER + <usize>PART * PARENT) + HEADER
  parts = listOf(<u32>HASH)
  made = listOf(LINK)
}

/** Goes on with what has come; answers 0 when there is nothing to ask for any more. */
export function step(flags: u32): i32 {
  if (state == State.READING) {
    came(source, flags)
    return read()
  }
  if (state == State.TOP_MADE) {
    addLink(links)
    return join()
  }
  addLink(made)
  if (state == State.LAST_MADE) return finish()
  state = State.READING
  return read()
}

/** Hashes what is here, and asks for what is not. */
export function read(): i32 {
  // four chunks at a time, and never the last of the message, of which it is not known yet that it is the last
  while (source.have > 4 * CHUNK) {
    const n = min(((source.have - 1) / CHUNK) & ~3, <usize>(batch - count)) * CHUNK
    const counter = source.position / CHUNK
    count += chunks(take(source, n), n, counter, values + <usize>count * HASH)
    if (count < batch) continue
    close(false)
    if (leafCount == PART) {
      append(parts, grow(leaves, PART, false, parents))
      leafCount = 0
      if (!wanted) continue
      state = State.PART_MADE
      return fn.createBlock(RAW, parents, (PART - 1) * <u32>PARENT)
    }
  }
  if (!source.ended) return more(source)
  const n = source.have
  const counter = source.position / CHUNK
  const at = take(source, n)
  size = source.position
  if (size <= CHUNK) {
    root = allocate(HASH)
    chunk(at, n, 0, true, root)
    leafCount = 1
    return finishOne()
  }
  count += chunks(at, n, counter, values + <usize>count * HASH)
  const alone = parts.count == 0 && leafCount == 0
  close(alone)
  if (parts.count == 0) {
    root = grow(leaves, leafCount, true, parents)
    return finishOne()
  }
  append(parts, grow(leaves, leafCount, false, parents))
  if (!wanted || leafCount == 1) return finish()
  state = State.LAST_MADE
  return fn.createBlock(RAW, parents, (leafCount - 1) * <u32>PARENT)
}

/** Makes leaves of the chunks of the batch. @param alone whether they are the whole message: then the value that they come to is the root's, unless there are several leaves */
function close(alone: bool): void {
  for (let i: u32 = 0; i < group && count > 1; i++) count = level(values, count, alone, values)
  memory.copy(leaves + <usize>leafCount * HASH, values, <usize>count * HASH)
  leafCount += count
  count = 0
}

/** The whole outboard is one block. */
function finishOne(): i32 {
  if (!wanted) return 0
  links = listOf(LINK)
  store<u64>(parents - HEADER, size)
  state = State.TOP_MADE
  turn = 1
  return fn.createBlock(RAW, parents - HEADER, <u32>HEADER + (leafCount - 1) * <u32>PARENT)
}

/** There are several parts. */
function finish(): i32 {
  const n = parts.count
  const tree = allocate(valuesSize(n))
  memory.copy(tree, parts.items, <usize>n * HASH)
  if (!wanted) {
    root = grow(tree, n, true, 0)
    return 0
  }
  top = allocate(HEADER + <usize>n * PARENT)
  store<u64>(top, size)
  root = grow(tree, n, true, top + HEADER)
  links = listOf(LINK)
  state = State.TOP_MADE
  const length = HEADER + <usize>parentsBefore(0, n) * PARENT
  const at = top
  top += length
  return fn.createBlock(RAW, at, <u32>length)
}

/** Puts the links of the parts in order, and makes the blocks of parents that stand between them. */
function join(): i32 {
  while (turn < parts.count) {
    // a last part of one leaf has no block
    if (turn < made.count) append(links, made.items + <usize>turn * LINK)
    turn++
    const n = parentsBefore(turn, parts.count)
    if (n && turn < parts.count) {
      const at = top
      top += <usize>n * PARENT
      return fn.createBlock(RAW, at, n * <u32>PARENT)
    }
  }
  return 0
}

/** The link that the host has handed over goes into a list. */
function addLink(to: List): void { fn.takeLink(room(to), LINK) }

/** The blocks of the outboard, in order. */
export function blocks(): List { return links }
