/**
 * The way down: for each block whose children are still to be visited a frame with their CIDs, copied, since the block itself is gone when the next one comes.
 *
 * ```
 *          0        4        8        12       16
 *  frame   ┌────────┬────────┬────────┬────────┬─────────────────┐
 *          │ below  │ base   │ count  │ next   │ shown           │     base: what is free again when the frame is done
 *          ├────────┴────────┼────────┴────────┼─────────────────┘
 *  child   │ value           │ place           │                    see below
 *          ├────────┬────────┼────────┬────────┤
 *          │ CID at │ length │ offset │ raw    │                       offset: of the CID in the block
 *          └────────┴────────┴────────┴────────┘
 * ```
 */
import * as answer from '../sdk/answer'
import { Status } from '../sdk/answer'
import { codecOf, MAX_CID } from '../sdk/cid'
import { Code, fail } from '../sdk/fail'
import { reach, rest } from '../sdk/heap'
import { copyInput, need, seek } from '../sdk/input'

const HEADER: usize = 24
const CHILD: usize = 32
const MAX_FRAMES: u32 = 256

export const enum Codec { RAW = 0x55, DAG_PB = 0x70 }

/** First free address. */
export let top: usize = 0
let frame: usize = 0
let depth: u32 = 0

export function openFrames(): void { top = rest() }
/** Takes the memory up to an address. */
export function takeTo(address: usize): void { top = (address + 15) & ~15 }

/** The codec of a link of the block that is the input: raw or dag-pb; others are not of UnixFS. */
export function codecAt(offset: u32, n: u32): u64 {
  if (n > MAX_CID) fail(Code.TOO_LARGE, offset)
  const head = min<u32>(n, 16)
  const codec = codecOf(need(seek(offset), head), head)
  if (codec != Codec.RAW && codec != Codec.DAG_PB) fail(codec == u64.MAX_VALUE ? Code.INVALID_CID : Code.UNSUPPORTED_CODEC, offset, <u32>codec)
  return codec
}

/** Opens a frame for up to so many children. @param base what is free again when they are done */
export function push(base: usize, count: u32): void {
  if (++depth > MAX_FRAMES) fail(Code.DEPTH, 0)
  const at = top
  takeTo(at + HEADER + <usize>count * CHILD)
  reach(top)
  store<u32>(at, <u32>frame)
  store<u32>(at, <u32>base, 4)
  store<u64>(at, 0, 8)
  store<u32>(at, 0, 16)
  frame = at
}

/** Adds a child: a part of a file with its size and where in the file it begins, or a shard with its path and how many bits that has. */
export function add(offset: u32, n: u32, value: u64, place: u64, raw: bool): void {
  const count = load<u32>(frame, 8)
  const child = frame + HEADER + <usize>count * CHILD
  reach(top + n + 16)
  copyInput(seek(offset), top, n)
  store<u64>(child, value)
  store<u64>(child, place, 8)
  store<u32>(child, <u32>top, 16)
  store<u32>(child, n, 20)
  store<u32>(child, offset, 24)
  store<u32>(child, raw, 28)
  store<u32>(frame, count + 1, 8)
  top += n
}

/** The next child, gone past with `pass`; 0 if there is none. Frames that are done are left. */
export function nextChild(): usize {
  while (frame) {
    const next = load<u32>(frame, 12)
    if (next < load<u32>(frame, 8)) return frame + HEADER + <usize>next * CHILD
    top = load<u32>(frame, 4)
    frame = load<u32>(frame)
    depth--
  }
  return 0
}

/** The next child of the same frame, or 0. */
export function sibling(): usize {
  const next = load<u32>(frame, 12)
  return next < load<u32>(frame, 8) ? frame + HEADER + <usize>next * CHILD : 0
}

export function pass(): void { store<u32>(frame, load<u32>(frame, 12) + 1, 12) }

export function valueOf(child: usize): u64 { return load<u64>(child) }
export function placeOf(child: usize): u64 { return load<u64>(child, 8) }
export function cidOf(child: usize): usize { return load<u32>(child, 16) }
export function cidLength(child: usize): u32 { return load<u32>(child, 20) }
export function isRaw(child: usize): bool { return load<u32>(child, 28) != 0 }

/** Asks for the next child and goes past it. The first time all of the frame's children are named, while their block is at hand: what has not been shown may not be asked for later. */
export function ask(): i32 {
  const child = sibling()
  takeTo(top)
  answer.openAnswer(top, cidOf(child))
  const list = answer.open()
  let count: u32 = 1
  if (load<u32>(frame, 16)) {
    answer.linkHere(cidOf(child), cidLength(child))
  } else {
    store<u32>(frame, 1, 16)
    count = load<u32>(frame, 8)
    for (let i: u32 = 0; i < count; i++) {
      const at = frame + HEADER + <usize>i * CHILD
      answer.link(load<u32>(at, 24), cidLength(at))
    }
  }
  answer.close(list, count)
  pass()
  return answer.hand(Status.ASKS)
}
