/**
 * BLAKE2b (RFC 7693) without a key, of one message in parts, with a personalization of 16 bytes.
 *
 * ```
 *  STATE  ┌─────────┬──────────────┐
 *         │ h0 … h7 │ part block   │
 *         └─────────┴──────────────┘
 *         0         64             192
 * ```
 */

// @ts-ignore: decorator
@lazy const INITIAL: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179
], 16)
/** Which word of the block each step takes, 16 steps a round; round 10 and 11 are as 0 and 1. */
// @ts-ignore: decorator
@lazy const SIGMA: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3
], 16)
const BLOCK: usize = 128

// @ts-ignore: decorator
@lazy const STATE: usize = memory.data(64 + 128, 16)
// @ts-ignore: decorator
@inline function part(): usize { return STATE + 64 }

/** Bytes in blocks that are done, and bytes that stand in `part`: a full block stays there until more follows, since the last one is marked. */
let done: u64 = 0
let have: usize = 0

/** Begins a message. @param length of the digest, 1 to 64 @param personal two words, the 16 bytes of the personalization */
export function open(length: u32, personalLow: u64, personalHigh: u64): void {
  for (let i: usize = 0; i < 64; i += 16) v128.store(STATE + i, v128.load(INITIAL + i))
  store<u64>(STATE, load<u64>(STATE) ^ 0x01010000 ^ length)
  store<u64>(STATE, load<u64>(STATE, 48) ^ personalLow, 48)
  store<u64>(STATE, load<u64>(STATE, 56) ^ personalHigh, 56)
  done = 0
  have = 0
}

/** Takes `n` bytes. */
export function update(p: usize, n: usize): void {
  while (n) {
    if (have == BLOCK) {
      done += BLOCK
      compress(false)
      have = 0
    }
    const taken = min(n, BLOCK - have)
    memory.copy(part() + have, p, taken)
    have += taken
    p += taken
    n -= taken
  }
}

/** Ends the message, and writes the first `length` bytes of its digest; up to 64 are written. */
export function close(to: usize, length: usize): void {
  done += have
  memory.fill(part() + have, 0, BLOCK - have)
  compress(true)
  memory.copy(to, STATE, length)
}

/** Words `SIGMA[i]` and `SIGMA[i + 2]` of the block, the first or second arguments of two steps side by side. */
// @ts-ignore: decorator
@inline function words(s: usize, i: usize): v128 {
  return v128.load64_lane(part() + (<usize>load<u8>(s + i + 2) << 3), v128.load64_zero(part() + (<usize>load<u8>(s + i) << 3)), 1)
}
// @ts-ignore: decorator
@inline function turn32(v: v128): v128 { return i8x16.shuffle(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11) }
// @ts-ignore: decorator
@inline function turn24(v: v128): v128 { return i8x16.shuffle(v, v, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10) }
// @ts-ignore: decorator
@inline function turn16(v: v128): v128 { return i8x16.shuffle(v, v, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9) }
// @ts-ignore: decorator
@inline function turn63(v: v128): v128 { return v128.or(i64x2.shl(v, 1), i64x2.shr_u(v, 63)) }
/** The upper half of `a` and the lower half of `b`. */
// @ts-ignore: decorator
@inline function middle(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23) }

/** The 4 by 4 matrix as rows a to d, each in two vectors; each pass does four columns, and then, turned, four diagonals. */
function compress(last: bool): void {
  let a0 = v128.load(STATE)
  let a1 = v128.load(STATE, 16)
  let b0 = v128.load(STATE, 32)
  let b1 = v128.load(STATE, 48)
  let c0 = v128.load(INITIAL)
  let c1 = v128.load(INITIAL, 16)
  let d0 = v128.xor(v128.load(INITIAL, 32), i64x2(done, 0))
  let d1 = v128.load(INITIAL, 48)
  if (last) d1 = v128.xor(d1, i64x2(-1, 0))
  for (let s = SIGMA; s < SIGMA + 192; s += 8) {
    a0 = i64x2.add(i64x2.add(a0, b0), words(s, 0)); a1 = i64x2.add(i64x2.add(a1, b1), words(s, 4))
    d0 = turn32(v128.xor(d0, a0)); d1 = turn32(v128.xor(d1, a1))
    c0 = i64x2.add(c0, d0); c1 = i64x2.add(c1, d1)
    b0 = turn24(v128.xor(b0, c0)); b1 = turn24(v128.xor(b1, c1))
    a0 = i64x2.add(i64x2.add(a0, b0), words(s, 1)); a1 = i64x2.add(i64x2.add(a1, b1), words(s, 5))
    d0 = turn16(v128.xor(d0, a0)); d1 = turn16(v128.xor(d1, a1))
    c0 = i64x2.add(c0, d0); c1 = i64x2.add(c1, d1)
    b0 = turn63(v128.xor(b0, c0)); b1 = turn63(v128.xor(b1, c1))
    // columns to diagonals, or back: b, c and d by one, two and three places, or by three, two and one
    const b = b0
    const c = c0
    const d = d0
    c0 = c1
    c1 = c
    if ((s - SIGMA) & 8) {
      b0 = middle(b1, b)
      b1 = middle(b, b1)
      d0 = middle(d, d1)
      d1 = middle(d1, d)
    } else {
      b0 = middle(b, b1)
      b1 = middle(b1, b)
      d0 = middle(d1, d)
      d1 = middle(d, d1)
    }
  }
  v128.store(STATE, v128.xor(v128.load(STATE), v128.xor(a0, c0)))
  v128.store(STATE, v128.xor(v128.load(STATE, 16), v128.xor(a1, c1)), 16)
  v128.store(STATE, v128.xor(v128.load(STATE, 32), v128.xor(b0, d0)), 32)
  v128.store(STATE, v128.xor(v128.load(STATE, 48), v128.xor(b1, d1)), 48)
}
