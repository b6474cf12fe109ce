/**
 * Maps in the order that a format wants. An *order* is made once for a set of keys and kept in the record of the map that has them, so that the many maps that share its keys
 * are not sorted again.
 *
 * ```
 *  order  ┌─────────┬──────────┬─────────────────────────────────────┐
 *         │ count   │ sorted?  │ entry 0: key address, length, place │ …      sorted by key; place: the entry's place in the map
 *         └─────────┴──────────┴─────────────────────────────────────┘
 *         0         4          8                                     20
 * ```
 */
import { Code, fail } from './fail'
import { allocate } from './heap'
import { indexOf, length, like, next, resident, shared } from './node'
import { Kind, RECORD } from './tape'

const ENTRY: usize = 12

/** How two keys compare: by length and then by bytes (RFC 7049 3.9, dag-cbor), by bytes (dag-json), or by UTF-16 code units (json-jcs). */
export const enum Order { LENGTH_FIRST, BYTES, UTF16 }

/** The order of a map's keys. Fails with DUPLICATE_KEY. */
export function orderOf(map: usize, by: Order): usize {
  const n = length(map)
  const s = shared(map)
  if (s != 0) {
    const other = like(map)
    return s == n && length(other) == n ? orderOf(other, by) : make(map, n, by)
  }
  // the field `like` is free in a map that has all its keys; the host has set it to 0
  const known = load<u32>(map, 12)
  if (known) return known
  const order = make(map, n, by)
  store<u32>(map, <u32>order, 12)
  return order
}

// @ts-ignore: decorator
@inline export function inOrder(order: usize): bool { return load<u32>(order, 4) != 0 }
// @ts-ignore: decorator
@inline export function keyAddress(order: usize, i: u32): usize { return load<u32>(order + 8 + <usize>i * ENTRY) }
// @ts-ignore: decorator
@inline export function keyLength(order: usize, i: u32): u32 { return load<u32>(order + 8 + <usize>i * ENTRY, 4) }
// @ts-ignore: decorator
@inline export function place(order: usize, i: u32): u32 { return load<u32>(order + 8 + <usize>i * ENTRY, 8) }

/** Addresses of a map's values, `u32` each, in the map's own order. */
export function valuesOf(map: usize): usize {
  const n = length(map)
  const s = shared(map)
  const values = allocate(<usize>n << 2)
  let node = map + RECORD
  for (let i: u32 = 0; i < n; i++) {
    if (i >= s) node += RECORD
    store<u32>(values + (<usize>i << 2), <u32>node)
    node = next(node)
  }
  return values
}

function make(map: usize, n: u32, by: Order): usize {
  const order = allocate(8 + <usize>n * ENTRY)
  const entries = order + 8
  gather(map, entries, n)
  let sorted = true
  for (let i: u32 = 1; i < n; i++) {
    const e = entries + <usize>i * ENTRY
    const c = compare(e - ENTRY, e, by)
    if (c == 0) fail(Code.DUPLICATE_KEY, indexOf(map))
    if (c > 0) {
      sorted = false
      break
    }
  }
  if (!sorted && sortedHaveDuplicate(entries, n, by)) fail(Code.DUPLICATE_KEY, indexOf(map))
  store<u32>(order, n)
  store<u32>(order, <u32>sorted, 4)
  return order
}

/** Bytes that `hasDuplicate` needs for `n` keys. */
export function scratchFor(n: u32): usize { return <usize>n * ENTRY }

/** Whether a map has a key twice. @param scratch memory of `scratchFor` bytes */
export function hasDuplicate(map: usize, scratch: usize, by: Order): bool {
  gather(map, scratch, length(map))
  return sortedHaveDuplicate(scratch, length(map), by)
}

/** Sorts `n` entries that have been written elsewhere: key address, key length and place, `u32` each. Answers whether a key is there twice. */
export function sortedHaveDuplicate(entries: usize, n: u32, by: Order): bool {
  sort(entries, n, by)
  for (let i: u32 = 1; i < n; i++) {
    const e = entries + <usize>i * ENTRY
    if (compare(e - ENTRY, e, by) == 0) return true
  }
  return false
}

/** Writes the keys of a map as entries: the shared ones from the map that has them, then its own. */
function gather(map: usize, entries: usize, n: u32): void {
  const s = shared(map)
  if (s) walk(like(map), entries, 0, 0, s)
  walk(map, entries, s, s, n)
}

/** Writes the keys of entries `from` to `to` of a map whose first `without` entries have no keys before them. */
function walk(map: usize, entries: usize, without: u32, from: u32, to: u32): void {
  let node = map + RECORD
  for (let i: u32 = 0; i < to; i++) {
    if (i >= without) {
      if (i >= from) {
        const e = entries + <usize>i * ENTRY
        store<u32>(e, <u32>resident(node))
        store<u32>(e, length(node), 4)
        store<u32>(e, i, 8)
      }
      node += RECORD
    }
    node = next(node)
  }
}

/** May read up to 7 bytes past the keys. */
export function compareKeys(a: usize, an: u32, b: usize, bn: u32, by: Order): i32 {
  if (by != Order.LENGTH_FIRST || an == bn) {
    const n = min(an, bn)
    for (let i: u32 = 0; i < n; i += 8) {
      // what is past the end must not count, not even for the path taken
      const past = <u64>max(8 - <i32>(n - i), 0) << 3
      const x = bswap(load<u64>(a + i)) >> past
      const y = bswap(load<u64>(b + i)) >> past
      if (x != y) return x < y != (by == Order.UTF16 && surrogatesPart(x, y)) ? -1 : 1
    }
  }
  return an < bn ? -1 : i32(an > bn)
}

/** Whether the first bytes in which two words differ begin code points of which one is beyond U+FFFF, hence two surrogates, and the other is after these, from U+E000 on. */
function surrogatesPart(x: u64, y: u64): bool {
  const shift = 56 - (clz(x ^ y) & 56)
  const a = <u32>(x >> shift) & 255
  const b = <u32>(y >> shift) & 255
  return min(a, b) >= 0xee && min(a, b) < 0xf0 && max(a, b) >= 0xf0
}

function compare(a: usize, b: usize, by: Order): i32 {
  return compareKeys(load<u32>(a), load<u32>(a, 4), load<u32>(b), load<u32>(b, 4), by)
}

/** Heapsort: no input makes it slow, and it needs no memory. */
function sort(entries: usize, n: u32, by: Order): void {
  for (let i = n >> 1; i > 0; i--) sift(entries, i - 1, n, by)
  for (let i = n - 1; i > 0; i--) {
    swap(entries, entries + <usize>i * ENTRY)
    sift(entries, 0, i, by)
  }
}

function sift(entries: usize, root: u32, n: u32, by: Order): void {
  while (true) {
    let child: u32 = 2 * root + 1
    if (child >= n) return
    const c = entries + <usize>child * ENTRY
    if (child + 1 < n && compare(c, c + ENTRY, by) < 0) child++
    const a = entries + <usize>root * ENTRY
    const b = entries + <usize>child * ENTRY
    if (compare(a, b, by) >= 0) return
    swap(a, b)
    root = child
  }
}

function swap(a: usize, b: usize): void {
  const x = load<u64>(a)
  const y = load<u32>(a, 8)
  store<u64>(a, load<u64>(b))
  store<u32>(a, load<u32>(b, 8), 8)
  store<u64>(b, x)
  store<u32>(b, y, 8)
}
