/** Bytes of a file: a walk over its tree, whatever its shape, that goes only where the range is. Raw leaves are named and never seen. */
import * as answer from '../sdk/answer'
import { Status } from '../sdk/answer'
import { Code, fail } from '../sdk/fail'
import * as block from './block'
import { LINK, Type } from './block'
import * as frames from './frames'
import { Codec } from './frames'

/** Pieces of one answer. */
const MAX_PIECES: u32 = 1024

/** The range, `to` exclusive. */
let from: u64 = 0
let to: u64 = 0
/** Where in the file the block begins that has been asked for, and the bytes that it must have below it. */
let position: u64 = 0
let expected: u64 = u64.MAX_VALUE

/** Of the block at hand: where its tables begin, whether its own bytes are still to come, the next child, and where in the file that begins. */
let base: usize = 0
let atHand: bool = false
let own: bool = false
let next: u32 = 0
let start: u64 = 0

let pieces: u32 = 0

export function openRead(offset: u64, length: u64): void {
  from = offset
  to = offset + length
}

/** A block has come. */
export function visit(codec: u64): void {
  base = frames.top
  frames.takeTo(codec == Codec.RAW ? block.readRaw(base) : block.readBlock(base))
  if (block.type != Type.FILE && block.type != Type.RAW) fail(Code.WRONG_KIND, 0, block.type)
  if (expected != u64.MAX_VALUE && expected != block.total) fail(Code.SIZE_MISMATCH, 0)
  start = position + block.dataLength
  next = 0
  atHand = own = true
}

export function step(): i32 {
  if (atHand) {
    if (leaves()) return answer.hand(Status.MORE)
    atHand = false
    descend()
  }
  const child = frames.nextChild()
  if (!child) return answer.handNothing()
  if (frames.isRaw(child)) return rawChildren(child)
  expected = frames.valueOf(child)
  position = frames.placeOf(child)
  return frames.ask()
}

/** What can be given of the block at hand: its own bytes, and raw leaves up to the first child that is none. */
function leaves(): bool {
  answer.openAnswer(frames.top)
  const list = answer.open()
  pieces = 0
  if (own) {
    own = false
    const low = max(from, position)
    const high = min(to, start)
    if (low < high) {
      answer.bytes(block.dataOffset + low - position, <u32>(high - low))
      pieces++
    }
  }
  while (next < block.linkCount && start < to && pieces < MAX_PIECES) {
    const size = load<u64>(block.sizes + (<usize>next << 3))
    if (size && start + size > from) {
      const link = block.links + <usize>next * LINK
      if (frames.codecAt(load<u32>(link), load<u32>(link, 4)) != Codec.RAW) break
      const piece = answer.open(4)
      answer.link(load<u32>(link), load<u32>(link, 4))
      passage(piece, start, size)
    }
    start += size
    next++
  }
  answer.close(list, pieces)
  return pieces != 0
}

/** The rest of a list that a link begins: the part of a leaf that is in the range. */
function passage(piece: usize, start: u64, size: u64): void {
  const low = max(from, start)
  answer.uint(size)
  answer.uint(low - start)
  answer.uint(min(to, start + size) - low)
  answer.closeCounted(piece)
  pieces++
}

/** Notes the children from `next` on that are in the range. */
function descend(): void {
  let count: u32 = 0
  let end = start
  while (next + count < block.linkCount && end < to) {
    end += load<u64>(block.sizes + (<usize>(next + count) << 3))
    count++
  }
  if (!count) return frames.takeTo(base)
  frames.push(base, count)
  for (; count; count--) {
    const size = load<u64>(block.sizes + (<usize>next << 3))
    const link = block.links + <usize>next * LINK
    const offset = load<u32>(link)
    const n = load<u32>(link, 4)
    if (size && start + size > from) frames.add(offset, n, size, start, frames.codecAt(offset, n) == Codec.RAW)
    start += size
    next++
  }
}

/** Raw leaves that come after a child that is none. */
function rawChildren(first: usize): i32 {
  answer.openAnswer(frames.top, frames.cidOf(first))
  const list = answer.open()
  pieces = 0
  for (let child = first; child && frames.isRaw(child) && pieces < MAX_PIECES; child = frames.sibling()) {
    const piece = answer.open(4)
    answer.linkHere(frames.cidOf(child), frames.cidLength(child))
    passage(piece, frames.placeOf(child), frames.valueOf(child))
    frames.pass()
  }
  answer.close(list, pieces)
  return answer.hand(Status.MORE)
}
