/**
 * Huffman codes of DEFLATE (RFC 1951, section 3.2.2), for decoding: a table by the next 10 bits, and for the few codes that are longer the canonical order.
 *
 * ```
 *  entry   bits 0–3 bits of the code, 0 if it is longer than the table's index or is none
 *          bits 4–7 extra bits that follow it    bits 8–9 what it is: Symbol    bits 16… literal, or the least length or distance
 * ```
 */
import { allocate } from '../../sdk/heap'

export const INDEX_BITS: u32 = 10
export const INDEX_MASK: u64 = (1 << INDEX_BITS) - 1

export const enum Symbol { LITERAL = 0, COPY = 1, END = 2, NONE = 3 }

/** What `build` found. */
export const enum Fit { COMPLETE, INCOMPLETE, OVERSUBSCRIBED }

// a code: the table, then for each length the first code and the number of codes, then the symbols' entries in canonical order
const FIRST: usize = 4096
const COUNT: usize = 4096 + 64
const ORDER: usize = 4096 + 128
const CODE_SIZE: usize = ORDER + 320 * 4

export function allocateCode(): usize { return allocate(CODE_SIZE) }

/** Entries without a length, of literals and lengths, of distances, and of the code of code lengths. */
let literals: usize = 0
let distances: usize = 0
let plain: usize = 0

export function literalEntries(): usize { return literals }
export function distanceEntries(): usize { return distances }
export function plainEntries(): usize { return plain }

/** RFC 1951, section 3.2.5. */
export function makeEntries(): void {
  literals = allocate(288 * 4)
  distances = allocate(32 * 4)
  plain = allocate(19 * 4)
  for (let i: u32 = 0; i < 256; i++) store<u32>(literals + (i << 2), i << 16 | Symbol.LITERAL << 8)
  store<u32>(literals + (256 << 2), Symbol.END << 8)
  let base: u32 = 3
  for (let i: u32 = 0; i < 28; i++) {
    const extra = i < 8 ? 0 : (i >> 2) - 1
    store<u32>(literals + ((257 + i) << 2), base << 16 | Symbol.COPY << 8 | extra << 4)
    base += 1 << extra
  }
  store<u32>(literals + (285 << 2), 258 << 16 | Symbol.COPY << 8)
  for (let i: u32 = 286; i < 288; i++) store<u32>(literals + (i << 2), Symbol.NONE << 8)
  base = 1
  for (let i: u32 = 0; i < 30; i++) {
    const extra = i < 4 ? 0 : (i >> 1) - 1
    store<u32>(distances + (i << 2), base << 16 | Symbol.COPY << 8 | extra << 4)
    base += 1 << extra
  }
  for (let i: u32 = 30; i < 32; i++) store<u32>(distances + (i << 2), Symbol.NONE << 8)
  for (let i: u32 = 0; i < 19; i++) store<u32>(plain + (i << 2), i << 16)
}

/** Makes the code of `n` symbols from their lengths, a byte each, none above 15. */
export function build(code: usize, lengths: usize, n: u32, entries: usize): Fit {
  const first = code + FIRST
  const count = code + COUNT
  memory.fill(count, 0, 64)
  for (let i: u32 = 0; i < n; i++) {
    const at = count + (<usize>load<u8>(lengths + i) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  store<u32>(count, 0)
  // the first code of each length, and where its symbols begin in the order: kept in one word each, of which decoding needs the difference
  let next: u32 = 0
  let before: u32 = 0
  let left: i32 = 1
  for (let length: usize = 1; length < 16; length++) {
    const here = load<u32>(count + (length << 2))
    left = (left << 1) - <i32>here
    if (left < 0) return Fit.OVERSUBSCRIBED
    next = (next + load<u32>(count + ((length - 1) << 2))) << 1
    store<u32>(first + (length << 2), next | before << 16)
    before += here
  }
  memory.fill(code, 0, 4 << INDEX_BITS)
  for (let symbol: u32 = 0; symbol < n; symbol++) {
    const length = <u32>load<u8>(lengths + symbol)
    if (!length) continue
    const at = first + (length << 2)
    const word = load<u32>(at)
    store<u32>(at, word + 0x10001)
    const entry = load<u32>(entries + (symbol << 2)) | length
    store<u32>(code + ORDER + (<usize>(word >> 16) << 2), entry)
    if (length > INDEX_BITS) continue
    const start = reverse(word & 0xffff, length)
    for (let i = start; i < 1 << INDEX_BITS; i += 1 << length) store<u32>(code + (<usize>i << 2), entry)
  }
  return left ? Fit.INCOMPLETE : Fit.COMPLETE
}

/** The entry of a code longer than the table's index; 0 if the bits are no code. */
export function longEntry(code: usize, bits: u64): u32 {
  let value = reverse(<u32>(bits & INDEX_MASK), INDEX_BITS)
  for (let length: u32 = INDEX_BITS + 1; length < 16; length++) {
    value = value << 1 | (<u32>(bits >> (length - 1)) & 1)
    // `build` has moved both on, past the last of this length
    const word = load<u32>(code + FIRST + (length << 2))
    const behind = (word & 0xffff) - value
    if (behind - 1 < load<u32>(code + COUNT + (length << 2))) return load<u32>(code + ORDER + (<usize>((word >> 16) - behind) << 2))
  }
  return 0
}

/** The low `n` bits, the first last. */
function reverse(bits: u32, n: u32): u32 {
  bits = (bits & 0x5555) << 1 | (bits >> 1 & 0x5555)
  bits = (bits & 0x3333) << 2 | (bits >> 2 & 0x3333)
  bits = (bits & 0x0f0f) << 4 | (bits >> 4 & 0x0f0f)
  bits = (bits & 0x00ff) << 8 | (bits >> 8 & 0x00ff)
  return bits >> (16 - n)
}
