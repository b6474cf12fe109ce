/**
 * Huffman codes for what has been counted: the lengths that are best (two queues over the sorted counts), made to fit a greatest length by giving up a little, and the codes of
 * RFC 1951, section 3.2.2, which follow from the lengths.
 */
import { allocate } from '../../sdk/heap'

const MOST: usize = 288

/** Weights of leaves and inner nodes, their parents or depths, and the leaves' symbols */
let weights: usize = 0
let parents: usize = 0
let order: usize = 0
/** number of codes of each length */
// @ts-ignore: decorator
@lazy const COUNTS: usize = memory.data(64 * 4, 16)
const LONGEST: u32 = 63

// @ts-ignore: decorator
@inline function weight(i: u32): u32 { return load<u32>(weights + (i << 2)) }

/**
 * Writes lengths, a byte each, and codes, two bytes each, their bits turned around as they are written.
 * @param counts of `n` symbols, a u32 each, which add up to less than 2^22; made 1 for one or two that are 0 where fewer than two are used, since decoders want complete codes
 */
export function makeCode(counts: usize, n: u32, longest: u32, lengths: usize, codes: usize): void {
  if (!weights) {
    weights = allocate(MOST * 8)
    parents = allocate(MOST * 8)
    order = allocate(MOST * 4)
  }
  let used = sort(counts, n)
  for (let i: u32 = 0; used < 2; i++) {
    if (load<u32>(counts + (i << 2))) continue
    store<u32>(counts + (i << 2), 1)
    used = sort(counts, n)
  }
  countLengths(used)
  limit(longest)
  memory.fill(lengths, 0, n)
  let i: u32 = 0
  for (let length = longest; length; length--) {
    for (let k = load<u32>(COUNTS + (length << 2)); k; k--) store<u8>(lengths + (load<u32>(order + (i++ << 2)) & 511), length)
  }
  assign(lengths, n, codes)
}

/** Sorts the symbols that are used by count, the rarest first: heapsort of count and symbol in one word. */
function sort(counts: usize, n: u32): u32 {
  let used: u32 = 0
  for (let i: u32 = 0; i < n; i++) {
    const count = load<u32>(counts + (i << 2))
    if (count) store<u32>(order + (used++ << 2), count << 9 | i)
  }
  for (let i = used >> 1; i > 0; i--) sift(i - 1, used)
  for (let i: i32 = <i32>used - 1; i > 0; i--) {
    const largest = load<u32>(order)
    store<u32>(order, load<u32>(order + (i << 2)))
    store<u32>(order + (i << 2), largest)
    sift(0, i)
  }
  return used
}

function sift(i: u32, n: u32): void {
  const value = load<u32>(order + (i << 2))
  while (true) {
    let child: u32 = 2 * i + 1
    if (child >= n) break
    if (child + 1 < n && load<u32>(order + ((child + 1) << 2)) > load<u32>(order + (child << 2))) child++
    const larger = load<u32>(order + (child << 2))
    if (larger <= value) break
    store<u32>(order + (i << 2), larger)
    i = child
  }
  store<u32>(order + (i << 2), value)
}

/** How many codes of each length the best code has. */
function countLengths(n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(weights + (i << 2), load<u32>(order + (i << 2)) >> 9)
  let leaf: u32 = 0
  let inner = n
  for (let next = n; next < 2 * n - 1; next++) {
    let sum: u32 = 0
    for (let k = 0; k < 2; k++) {
      const taken = leaf < n && (inner == next || weight(leaf) <= weight(inner)) ? leaf++ : inner++
      sum += weight(taken)
      store<u32>(parents + (taken << 2), next)
    }
    store<u32>(weights + (next << 2), sum)
  }
  // parents stand after their children: from the root down they become depths
  memory.fill(COUNTS, 0, 64 * 4)
  store<u32>(parents + ((2 * n - 2) << 2), 0)
  for (let i: i32 = <i32>(2 * n) - 3; i >= 0; i--) {
    const depth = load<u32>(parents + (load<u32>(parents + (i << 2)) << 2)) + 1
    store<u32>(parents + (i << 2), depth)
    if (<u32>i >= n) continue
    const at = COUNTS + (min(depth, LONGEST) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

/** Shortens codes that are too long, and lengthens others until all have a place again. */
function limit(longest: u32): void {
  const last = COUNTS + (longest << 2)
  for (let i = longest + 1; i <= LONGEST; i++) store<u32>(last, load<u32>(last) + load<u32>(COUNTS + (i << 2)))
  let total: u32 = 0
  for (let i: u32 = 1; i <= longest; i++) total += load<u32>(COUNTS + (i << 2)) << (longest - i)
  for (; total > 1 << longest; total--) {
    // one of the longest goes beside the longest that is shorter, which becomes one longer
    store<u32>(last, load<u32>(last) - 1)
    for (let at = last - 4; ; at -= 4) {
      if (!load<u32>(at)) continue
      store<u32>(at, load<u32>(at) - 1)
      store<u32>(at, load<u32>(at, 4) + 2, 4)
      break
    }
  }
}

/** Codes from lengths, none above 16. */
export function assign(lengths: usize, n: u32, codes: usize): void {
  memory.fill(COUNTS, 0, 17 * 4)
  for (let i: u32 = 0; i < n; i++) {
    const at = COUNTS + (<usize>load<u8>(lengths + i) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  store<u32>(COUNTS, 0)
  let next: u32 = 0
  for (let at = COUNTS; at < COUNTS + 17 * 4; at += 4) {
    const here = load<u32>(at)
    store<u32>(at, next)
    next = (next + here) << 1
  }
  for (let i: u32 = 0; i < n; i++) {
    const length = <u32>load<u8>(lengths + i)
    if (!length) continue
    const at = COUNTS + (length << 2)
    let code = load<u32>(at)
    store<u32>(at, code + 1)
    let turned: u32 = 0
    for (let k = length; k; k--, code >>= 1) turned = turned << 1 | (code & 1)
    store<u16>(codes + (i << 1), turned)
  }
}
