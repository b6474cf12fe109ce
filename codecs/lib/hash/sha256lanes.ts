/**
 * SHA-256 of the SHA-256 of many messages of 64 bytes, the nodes of Merkle trees: four at a time, one in each lane of vectors of 32-bit words.
 *
 * ```
 *  LANES  ┌───────────────────┬─────────────────────────┐
 *         │ h0 … h7 of four   │ schedule w0 … w63       │   16 bytes each
 *         └───────────────────┴─────────────────────────┘
 *         0                   128                       1152
 * ```
 */
import { closeTwice, INITIAL, K, open, update } from './sha256'

// @ts-ignore: decorator
@lazy const LANES: usize = memory.data(128 + 1024, 16)
// @ts-ignore: decorator
@inline function schedule(): usize { return LANES + 128 }

/** Hashes `count` messages of 64 bytes at `p` twice, and writes their digests from `to` on, which may be `p`. */
export function twiceOfPairs(p: usize, count: u32, to: usize): void {
  for (; count >= 4; count -= 4) {
    fourTwice(p, to)
    p += 256
    to += 128
  }
  for (; count > 0; count--) {
    open()
    update(p, 64)
    closeTwice(to)
    p += 64
    to += 32
  }
}

function fourTwice(p: usize, to: usize): void {
  const w = schedule()
  begin()
  for (let i: usize = 0; i < 64; i += 16) gather(p + i, 64, w + (i << 2))
  compress()
  // the block after a message of 64 bytes: its end and its length
  memory.fill(w, 0, 256)
  v128.store(w, i32x4.splat(0x80000000))
  v128.store(w, i32x4.splat(512), 240)
  compress()
  for (let i: usize = 0; i < 128; i += 16) v128.store(w + i, v128.load(LANES + i))
  memory.fill(w + 128, 0, 128)
  v128.store(w, i32x4.splat(0x80000000), 128)
  v128.store(w, i32x4.splat(256), 240)
  begin()
  compress()
  scatter(LANES, to)
  scatter(LANES + 64, to + 16)
}

function begin(): void {
  for (let i: usize = 0; i < 8; i++) v128.store(LANES + (i << 4), v128.load32_splat(INITIAL + (i << 2)))
}

/** Turns the words of a vector around, big-endian to little-endian or back. */
// @ts-ignore: decorator
@inline function swap(v: v128): v128 { return i8x16.shuffle(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12) }
// @ts-ignore: decorator
@inline function low(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23) }
// @ts-ignore: decorator
@inline function high(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31) }

/** Four words of each of four messages, `stride` apart, as four vectors of one word of each. */
// @ts-ignore: decorator
@inline function gather(p: usize, stride: usize, to: usize): void { turn(v128.load(p), v128.load(p + stride), v128.load(p + 2 * stride), v128.load(p + 3 * stride), to, 16) }
/** Four vectors as four words of each of four digests. */
// @ts-ignore: decorator
@inline function scatter(p: usize, to: usize): void { turn(v128.load(p), v128.load(p, 16), v128.load(p, 32), v128.load(p, 48), to, 32) }

/** Transposes a matrix of four rows. */
// @ts-ignore: decorator
@inline function turn(a: v128, b: v128, c: v128, d: v128, to: usize, stride: usize): void {
  const x = low(a, c)
  const y = low(b, d)
  const z = high(a, c)
  const t = high(b, d)
  v128.store(to, swap(low(x, y)))
  v128.store(to + stride, swap(high(x, y)))
  v128.store(to + 2 * stride, swap(low(z, t)))
  v128.store(to + 3 * stride, swap(high(z, t)))
}

// @ts-ignore: decorator
@inline function right(v: v128, n: i32): v128 { return v128.or(i32x4.shr_u(v, n), i32x4.shl(v, 32 - n)) }
// @ts-ignore: decorator
@inline function gamma0(v: v128): v128 { return v128.xor(v128.xor(right(v, 7), right(v, 18)), i32x4.shr_u(v, 3)) }
// @ts-ignore: decorator
@inline function gamma1(v: v128): v128 { return v128.xor(v128.xor(right(v, 17), right(v, 19)), i32x4.shr_u(v, 10)) }
// @ts-ignore: decorator
@inline function sigma0(v: v128): v128 { return v128.xor(v128.xor(right(v, 2), right(v, 13)), right(v, 22)) }
// @ts-ignore: decorator
@inline function sigma1(v: v128): v128 { return v128.xor(v128.xor(right(v, 6), right(v, 11)), right(v, 25)) }
// @ts-ignore: decorator
@inline function add(a: v128, b: v128): v128 { return i32x4.add(a, b) }

/** What round `i` adds to `h`. */
// @ts-ignore: decorator
@inline function first(e: v128, f: v128, g: v128, h: v128, w: usize, k: usize, i: usize): v128 {
  const fixed = add(v128.load(w + (i << 4)), v128.load32_splat(k + (i << 2)))
  return add(add(h, sigma1(e)), add(v128.bitselect(f, g, e), fixed))
}

/** What a round's result is besides. */
// @ts-ignore: decorator
@inline function second(a: v128, b: v128, c: v128): v128 { return add(sigma0(a), v128.bitselect(c, b, v128.xor(a, b))) }

/** One block of each of the four, whose first 16 words are in the schedule. */
function compress(): void {
  const w = schedule()
  for (let at = w; at < w + 768; at += 16) {
    v128.store(at, add(add(gamma1(v128.load(at, 224)), v128.load(at, 144)), add(gamma0(v128.load(at, 16)), v128.load(at))), 256)
  }
  let a = v128.load(LANES)
  let b = v128.load(LANES, 16)
  let c = v128.load(LANES, 32)
  let d = v128.load(LANES, 48)
  let e = v128.load(LANES, 64)
  let f = v128.load(LANES, 80)
  let g = v128.load(LANES, 96)
  let h = v128.load(LANES, 112)
  // eight rounds, after which every variable has its own name again
  for (let i: usize = 0; i < 64; i += 8) {
    const v = w + (i << 4)
    const k = K + (i << 2)
    h = first(e, f, g, h, v, k, 0); d = add(d, h); h = add(h, second(a, b, c))
    g = first(d, e, f, g, v, k, 1); c = add(c, g); g = add(g, second(h, a, b))
    f = first(c, d, e, f, v, k, 2); b = add(b, f); f = add(f, second(g, h, a))
    e = first(b, c, d, e, v, k, 3); a = add(a, e); e = add(e, second(f, g, h))
    d = first(a, b, c, d, v, k, 4); h = add(h, d); d = add(d, second(e, f, g))
    c = first(h, a, b, c, v, k, 5); g = add(g, c); c = add(c, second(d, e, f))
    b = first(g, h, a, b, v, k, 6); f = add(f, b); b = add(b, second(c, d, e))
    a = first(f, g, h, a, v, k, 7); e = add(e, a); a = add(a, second(b, c, d))
  }
  v128.store(LANES, add(v128.load(LANES), a))
  v128.store(LANES, add(v128.load(LANES, 16), b), 16)
  v128.store(LANES, add(v128.load(LANES, 32), c), 32)
  v128.store(LANES, add(v128.load(LANES, 48), d), 48)
  v128.store(LANES, add(v128.load(LANES, 64), e), 64)
  v128.store(LANES, add(v128.load(LANES, 80), f), 80)
  v128.store(LANES, add(v128.load(LANES, 96), g), 96)
  v128.store(LANES, add(v128.load(LANES, 112), h), 112)
}
