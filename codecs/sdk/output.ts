/**
 * The output of an encoder: it grows in place at the end of memory, after scratch memory for whatever the encoder allocates while it is open. The scratch memory is sized for
 * the orders and values of order.ts: of a map with n entries at most 8 + 12 n and 4 n bytes, each rounded up to 16, where the map is at least 1 + n records.
 */
import { handOutput } from './control'
import { limit, reach, rest, allocate } from './heap'
import { readInput } from './input'
import { inputOffset, length, outside, resident, tapeLength } from './node'

/** Long values that stand outside are passed through as pieces (ABI section 6). */
const LONG: u32 = 512
const MAX_PIECES: u32 = 256

let output: usize = 0
let top: usize = 0
let end: usize = 0
let pieces: usize = 0
let pieceCount: u32 = 0

/** @param head bytes that `prefix` may need */
export function openOutput(head: usize = 0): void {
  pieces = allocate(<usize>MAX_PIECES * 16)
  output = top = rest() + 4 * tapeLength() + 64 + head
  reach(output + 64)
  end = limit()
}

export function closeOutput(): void {
  handOutput(output, <u32>(top - output), pieces, pieceCount)
}

/** Bytes of the block so far, those of pieces too. */
export function blockSize(): u64 {
  let size = <u64>(top - output)
  for (let i: u32 = 0; i < pieceCount; i++) size += <u64>load<u32>(pieces + <usize>i * 16, 4)
  return size
}

/** Puts `n` bytes, within what `openOutput` was told, before all that is written: they go to the answered address. */
export function prefix(n: usize): usize {
  output -= n
  for (let i: u32 = 0; i < pieceCount; i++) {
    const piece = pieces + <usize>i * 16
    store<u32>(piece, load<u32>(piece) + <u32>n)
  }
  return output
}

/** Makes room for `n` bytes and 16 more; write them at the answered address and say how many with `wrote`. */
// @ts-ignore: decorator
@inline export function room(n: usize): usize {
  return end - top < n + 16 ? grow(n) : top
}
// @ts-ignore: decorator
@inline export function wrote(n: usize): void { top += n }
/** As `wrote`, of all up to an address. */
// @ts-ignore: decorator
@inline export function wroteTo(address: usize): void { top = address }
/** Where the next byte goes: up to 16 bytes may be written there after what `room` gave has been. */
// @ts-ignore: decorator
@inline export function here(): usize { return top }

// asks again in the end: a recursive function is not copied to every place that writes
function grow(n: usize): usize {
  const wanted = top + n + 16
  if (wanted < top) unreachable()
  reach(wanted)
  end = limit()
  return end - top < n + 16 ? grow(n) : top
}

// @ts-ignore: decorator
@inline export function byte(value: u8): void {
  store<u8>(room(1), value)
  top += 1
}

/** Copies `n` bytes of memory; may read and write up to 15 bytes past them. */
// @ts-ignore: decorator
@inline export function copy(from: usize, n: u32): void {
  const to = room(n)
  if (n <= 16) v128.store(to, v128.load(from))
  else memory.copy(to, from, n)
  top += n
}

/** The bytes of a string, bytes or link. */
// @ts-ignore: decorator
@inline export function content(node: usize): void {
  const n = length(node)
  if (outside(node)) pass(node, n)
  else copy(resident(node), n)
}

function pass(node: usize, n: u32): void {
  if (n >= LONG && pieceCount < MAX_PIECES) {
    const piece = pieces + <usize>pieceCount * 16
    store<u32>(piece, <u32>(top - output))
    store<u32>(piece, n, 4)
    store<u64>(piece, inputOffset(node), 8)
    pieceCount++
  } else {
    readInput(room(n), n, inputOffset(node))
    top += n
  }
}
