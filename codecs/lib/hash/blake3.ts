/**
 * BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs), plain hashing: chaining values of chunks and parents, of which whoever calls makes the tree. Values of neighbours stand side by
 * side, 32 bytes each, so that two of them are the message of their parent, and a whole level of the tree is made in place.
 */
import { fourChunks, fourParents } from './blake3lanes'

/** Bytes of a chunk. */
export const CHUNK: usize = 1024
/** Bytes of a chaining value, and of the hash. */
export const HASH: usize = 32

export const enum Flag { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 }

// @ts-ignore: decorator
@lazy export const INITIAL: usize = memory.data<u32>([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19], 16)
/** Which word of the block each step takes, 16 steps a round (section 2.2). */
// @ts-ignore: decorator
@lazy const SCHEDULE: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
  3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
  10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
  12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
  9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
  11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13
], 16)
/** The last block of a message, filled up with zeros. */
// @ts-ignore: decorator
@lazy const LAST: usize = memory.data(64, 16)
// @ts-ignore: decorator
@lazy const VALUE: usize = memory.data(32, 16)

/** The chaining value of one chunk of `n` bytes, 0 to 1024, the `counter`th of its message. @param root whether it is the whole message: then this is the hash */
export function chunk(p: usize, n: usize, counter: u64, root: bool, to: usize): void {
  v128.store(VALUE, v128.load(INITIAL))
  v128.store(VALUE, v128.load(INITIAL, 16), 16)
  let flags: u32 = Flag.CHUNK_START
  for (; n > 64; n -= 64) {
    compress(p, counter, 64, flags, VALUE)
    flags = 0
    p += 64
  }
  memory.fill(LAST, 0, 64)
  memory.copy(LAST, p, n)
  compress(LAST, counter, <u32>n, flags | Flag.CHUNK_END | (root ? Flag.ROOT : 0), to)
}

/** The chaining value of a parent, from those of its two children at `p`. @param to may be `p` */
export function parent(p: usize, root: bool, to: usize): void {
  v128.store(VALUE, v128.load(INITIAL))
  v128.store(VALUE, v128.load(INITIAL, 16), 16)
  compress(p, 0, 64, Flag.PARENT | (root ? Flag.ROOT : 0), to)
}

/** The chaining values of all chunks of `n` bytes, of which there are more than the message's only chunk; answers how many. @param counter of the first of them */
export function chunks(p: usize, n: usize, counter: u64, to: usize): u32 {
  const start = to
  for (; n >= 4 * CHUNK; n -= 4 * CHUNK) {
    fourChunks(p, counter, to)
    p += 4 * CHUNK
    counter += 4
    to += 4 * HASH
  }
  for (; n; to += HASH) {
    const size = min(n, CHUNK)
    chunk(p, size, counter++, false, to)
    p += size
    n -= size
  }
  return <u32>((to - start) / HASH)
}

/** The next level of a tree, from the `count` values at `p`: each two have a parent, an odd last one goes up as it is. Answers how many. @param to may be `p`; not within what follows it @param root whether two values are the root's */
export function level(p: usize, count: u32, root: bool, to: usize): u32 {
  if (count == 2) {
    parent(p, root, to)
    return 1
  }
  let pairs = count >> 1
  for (; pairs >= 4; pairs -= 4) {
    fourParents(p, to)
    p += 8 * HASH
    to += 4 * HASH
  }
  for (; pairs; pairs--) {
    parent(p, false, to)
    p += 2 * HASH
    to += HASH
  }
  if (count & 1) memory.copy(to, p, HASH)
  return (count + 1) >> 1
}

/** The root of the tree over `count` values at `p`, which it takes the place of. */
export function reduce(p: usize, count: u32, root: bool): void {
  while (count > 1) count = level(p, count, root, p)
}

export function same(a: usize, b: usize): bool {
  const other = v128.or(v128.xor(v128.load(a), v128.load(b)), v128.xor(v128.load(a, 16), v128.load(b, 16)))
  return !v128.any_true(other)
}

// @ts-ignore: decorator
@inline function turn16(v: v128): v128 { return i8x16.shuffle(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13) }
// @ts-ignore: decorator
@inline function turn12(v: v128): v128 { return v128.or(i32x4.shr_u(v, 12), i32x4.shl(v, 20)) }
// @ts-ignore: decorator
@inline function turn8(v: v128): v128 { return i8x16.shuffle(v, v, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12) }
// @ts-ignore: decorator
@inline function turn7(v: v128): v128 { return v128.or(i32x4.shr_u(v, 7), i32x4.shl(v, 25)) }

// @ts-ignore: decorator
@inline function at(m: usize, s: usize): usize { return m + (<usize>load<u8>(s) << 2) }
/** The words of four steps side by side, of every other one from `s` on. */
// @ts-ignore: decorator
@inline function words(m: usize, s: usize): v128 {
  return v128.load32_lane(at(m, s + 6), v128.load32_lane(at(m, s + 4), v128.load32_lane(at(m, s + 2), v128.load32_zero(at(m, s)), 1), 2), 3)
}

/** Compresses one block into the value in VALUE: the 4 by 4 matrix as rows a to d, four columns and then, turned, four diagonals (section 2.2). */
function compress(m: usize, counter: u64, n: u32, flags: u32, to: usize): void {
  let a = v128.load(VALUE)
  let b = v128.load(VALUE, 16)
  let c = v128.load(INITIAL)
  let d = i64x2.replace_lane(i64x2.splat(counter), 1, <u64>n | <u64>flags << 32)
  for (let s = SCHEDULE; s < SCHEDULE + 112; s += 16) {
    a = i32x4.add(i32x4.add(a, b), words(m, s)); d = turn16(v128.xor(d, a))
    c = i32x4.add(c, d); b = turn12(v128.xor(b, c))
    a = i32x4.add(i32x4.add(a, b), words(m, s + 1)); d = turn8(v128.xor(d, a))
    c = i32x4.add(c, d); b = turn7(v128.xor(b, c))
    b = i8x16.shuffle(b, b, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3)
    c = i8x16.shuffle(c, c, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
    d = i8x16.shuffle(d, d, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    a = i32x4.add(i32x4.add(a, b), words(m, s + 8)); d = turn16(v128.xor(d, a))
    c = i32x4.add(c, d); b = turn12(v128.xor(b, c))
    a = i32x4.add(i32x4.add(a, b), words(m, s + 9)); d = turn8(v128.xor(d, a))
    c = i32x4.add(c, d); b = turn7(v128.xor(b, c))
    b = i8x16.shuffle(b, b, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    c = i8x16.shuffle(c, c, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
    d = i8x16.shuffle(d, d, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3)
  }
  v128.store(to, v128.xor(a, c))
  v128.store(to, v128.xor(b, d), 16)
}
