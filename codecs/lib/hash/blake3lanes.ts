/**
 * BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs) of four chunks or four parents at a time, one in each lane of vectors of 32-bit words.
 *
 * ```
 *  LANES  ┌───────────────────┬─────────────────────────┐
 *         │ h0 … h7 of four   │ m0 … m15 of four        │   16 bytes each
 *         └───────────────────┴─────────────────────────┘
 *         0                   128                       384
 * ```
 */
import { CHUNK, Flag, INITIAL } from './blake3'

// @ts-ignore: decorator
@lazy const LANES: usize = memory.data(128 + 256, 16)
// @ts-ignore: decorator
@inline function message(): usize { return LANES + 128 }

/** Where each of the 16 steps of a round finds its word, in bytes: the permutation of section 2.2, applied once more in each of the seven rounds. */
// @ts-ignore: decorator
@lazy const SCHEDULE: usize = memory.data<u8>([
  0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240,
  32, 96, 48, 160, 112, 0, 64, 208, 16, 176, 192, 80, 144, 224, 240, 128,
  48, 64, 160, 192, 208, 32, 112, 224, 96, 80, 144, 0, 176, 240, 128, 16,
  160, 112, 192, 144, 224, 48, 208, 240, 64, 0, 176, 32, 80, 128, 16, 96,
  192, 208, 144, 176, 240, 160, 224, 128, 112, 32, 80, 48, 0, 16, 96, 64,
  144, 224, 176, 80, 128, 192, 240, 16, 208, 48, 0, 160, 32, 96, 64, 112,
  176, 240, 80, 0, 16, 144, 128, 96, 224, 160, 32, 192, 48, 64, 112, 208
], 16)

/** The chaining values of four whole chunks at `p`, the first of them chunk `counter` of its message: 128 bytes at `to`. */
export function fourChunks(p: usize, counter: u64, to: usize): void {
  begin()
  const low = i32x4.splat(<u32>counter)
  const lows = i32x4.add(low, i32x4(0, 1, 2, 3))
  // where the low half has wrapped around, the high half is one more
  const highs = i32x4.sub(i32x4.splat(<u32>(counter >> 32)), i32x4.lt_u(lows, low))
  for (let at: usize = 0; at < CHUNK; at += 64) {
    gather(p + at, CHUNK)
    compress(lows, highs, (at ? 0 : Flag.CHUNK_START) | (at == CHUNK - 64 ? Flag.CHUNK_END : 0))
  }
  finish(to)
}

/** The chaining values of four parents, whose children's stand at `p`, 256 bytes: 128 bytes at `to`, which may be `p`. */
export function fourParents(p: usize, to: usize): void {
  begin()
  gather(p, 64)
  compress(i32x4.splat(0), i32x4.splat(0), Flag.PARENT)
  finish(to)
}

function begin(): void {
  for (let i: usize = 0; i < 8; i++) v128.store(LANES + (i << 4), v128.load32_splat(INITIAL + (i << 2)))
}

/** A block of 64 bytes of each of the four, `stride` apart, as 16 vectors of one word of each. */
function gather(p: usize, stride: usize): void {
  const m = message()
  for (let i: usize = 0; i < 64; i += 16) turn(v128.load(p + i), v128.load(p + i + stride), v128.load(p + i + 2 * stride), v128.load(p + i + 3 * stride), m + (i << 2), 16)
}

/** Vectors of one word of each as four digests. */
function finish(to: usize): void {
  turn(v128.load(LANES), v128.load(LANES, 16), v128.load(LANES, 32), v128.load(LANES, 48), to, 32)
  turn(v128.load(LANES, 64), v128.load(LANES, 80), v128.load(LANES, 96), v128.load(LANES, 112), to + 16, 32)
}

// @ts-ignore: decorator
@inline function lower(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23) }
// @ts-ignore: decorator
@inline function upper(a: v128, b: v128): v128 { return i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31) }

/** Transposes a matrix of four rows. */
// @ts-ignore: decorator
@inline function turn(a: v128, b: v128, c: v128, d: v128, to: usize, stride: usize): void {
  const x = lower(a, c)
  const y = lower(b, d)
  const z = upper(a, c)
  const t = upper(b, d)
  v128.store(to, lower(x, y))
  v128.store(to + stride, upper(x, y))
  v128.store(to + 2 * stride, lower(z, t))
  v128.store(to + 3 * stride, upper(z, t))
}

// @ts-ignore: decorator
@inline function add(a: v128, b: v128): v128 { return i32x4.add(a, b) }
/** `a ^ b`, turned right. */
// @ts-ignore: decorator
@inline function mix16(a: v128, b: v128): v128 { const v = v128.xor(a, b); return i8x16.shuffle(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13) }
// @ts-ignore: decorator
@inline function mix12(a: v128, b: v128): v128 { const v = v128.xor(a, b); return v128.or(i32x4.shr_u(v, 12), i32x4.shl(v, 20)) }
// @ts-ignore: decorator
@inline function mix8(a: v128, b: v128): v128 { const v = v128.xor(a, b); return i8x16.shuffle(v, v, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12) }
// @ts-ignore: decorator
@inline function mix7(a: v128, b: v128): v128 { const v = v128.xor(a, b); return v128.or(i32x4.shr_u(v, 7), i32x4.shl(v, 25)) }
/** The word of step `i` of the round at `s`. */
// @ts-ignore: decorator
@inline function word(s: usize, i: usize): v128 { return v128.load(message() + <usize>load<u8>(s + i)) }

/** One block of 64 bytes of each of the four. The steps of a round stand side by side, four columns and then four diagonals, so that none waits for the one before it. */
function compress(lows: v128, highs: v128, flags: u32): void {
  let a = v128.load(LANES)
  let b = v128.load(LANES, 16)
  let c = v128.load(LANES, 32)
  let d = v128.load(LANES, 48)
  let e = v128.load(LANES, 64)
  let f = v128.load(LANES, 80)
  let g = v128.load(LANES, 96)
  let h = v128.load(LANES, 112)
  let i = v128.load32_splat(INITIAL)
  let j = v128.load32_splat(INITIAL, 4)
  let k = v128.load32_splat(INITIAL, 8)
  let l = v128.load32_splat(INITIAL, 12)
  let m = lows
  let n = highs
  let o = i32x4.splat(64)
  let p = i32x4.splat(flags)
  for (let s = SCHEDULE; s < SCHEDULE + 112; s += 16) {
    a = add(add(a, e), word(s, 0)); b = add(add(b, f), word(s, 2)); c = add(add(c, g), word(s, 4)); d = add(add(d, h), word(s, 6))
    m = mix16(m, a); n = mix16(n, b); o = mix16(o, c); p = mix16(p, d)
    i = add(i, m); j = add(j, n); k = add(k, o); l = add(l, p)
    e = mix12(e, i); f = mix12(f, j); g = mix12(g, k); h = mix12(h, l)
    a = add(add(a, e), word(s, 1)); b = add(add(b, f), word(s, 3)); c = add(add(c, g), word(s, 5)); d = add(add(d, h), word(s, 7))
    m = mix8(m, a); n = mix8(n, b); o = mix8(o, c); p = mix8(p, d)
    i = add(i, m); j = add(j, n); k = add(k, o); l = add(l, p)
    e = mix7(e, i); f = mix7(f, j); g = mix7(g, k); h = mix7(h, l)

    a = add(add(a, f), word(s, 8)); b = add(add(b, g), word(s, 10)); c = add(add(c, h), word(s, 12)); d = add(add(d, e), word(s, 14))
    p = mix16(p, a); m = mix16(m, b); n = mix16(n, c); o = mix16(o, d)
    k = add(k, p); l = add(l, m); i = add(i, n); j = add(j, o)
    f = mix12(f, k); g = mix12(g, l); h = mix12(h, i); e = mix12(e, j)
    a = add(add(a, f), word(s, 9)); b = add(add(b, g), word(s, 11)); c = add(add(c, h), word(s, 13)); d = add(add(d, e), word(s, 15))
    p = mix8(p, a); m = mix8(m, b); n = mix8(n, c); o = mix8(o, d)
    k = add(k, p); l = add(l, m); i = add(i, n); j = add(j, o)
    f = mix7(f, k); g = mix7(g, l); h = mix7(h, i); e = mix7(e, j)
  }
  v128.store(LANES, v128.xor(a, i))
  v128.store(LANES, v128.xor(b, j), 16)
  v128.store(LANES, v128.xor(c, k), 32)
  v128.store(LANES, v128.xor(d, l), 48)
  v128.store(LANES, v128.xor(e, m), 64)
  v128.store(LANES, v128.xor(f, n), 80)
  v128.store(LANES, v128.xor(g, o), 96)
  v128.store(LANES, v128.xor(h, p), 112)
}
