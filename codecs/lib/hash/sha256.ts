/**
 * SHA-256 (FIPS 180-4) of one message in parts. For many short messages of one size see sha256lanes.ts.
 *
 * ```
 *  STATE  ┌─────────┬──────────────┬─────────────────────┐
 *         │ h0 … h7 │ part block   │ schedule w0 … w63   │
 *         └─────────┴──────────────┴─────────────────────┘
 *         0         32             96                    352
 * ```
 */

// @ts-ignore: decorator
@lazy export const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
  0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
  0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
  0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
  0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
], 16)
// @ts-ignore: decorator
@lazy export const INITIAL: usize = memory.data<u32>([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19], 16)

// @ts-ignore: decorator
@lazy const STATE: usize = memory.data(32 + 64 + 256, 16)
// @ts-ignore: decorator
@inline function part(): usize { return STATE + 32 }
// @ts-ignore: decorator
@inline function schedule(): usize { return STATE + 96 }

/** Bytes taken so far; those of the last, incomplete block stand in `part`. */
let taken: u64 = 0

/** Begins a message. */
export function open(): void {
  v128.store(STATE, v128.load(INITIAL))
  v128.store(STATE, v128.load(INITIAL, 16), 16)
  taken = 0
}

/** Takes `n` bytes. */
export function update(p: usize, n: usize): void {
  const have = <usize>taken & 63
  taken += n
  if (have) {
    const wanted: usize = 64 - have
    if (n < wanted) {
      memory.copy(part() + have, p, n)
      return
    }
    memory.copy(part() + have, p, wanted)
    compress(part())
    p += wanted
    n -= wanted
  }
  for (; n >= 64; n -= 64) {
    compress(p)
    p += 64
  }
  if (n) memory.copy(part(), p, n)
}

/** Ends the message, and writes its digest, 32 bytes. */
export function close(to: usize): void {
  const bits = taken << 3
  let have = <usize>taken & 63
  store<u8>(part() + have++, 0x80)
  memory.fill(part() + have, 0, 64 - have)
  if (have > 56) {
    compress(part())
    memory.fill(part(), 0, 56)
  }
  store<u64>(part(), bswap(bits), 56)
  compress(part())
  for (let i: usize = 0; i < 32; i += 4) store<u32>(to + i, bswap(load<u32>(STATE + i)))
}

/** Ends the message, and writes the digest of its digest. */
export function closeTwice(to: usize): void {
  close(part())
  store<u64>(part(), 0x80, 32)
  store<u64>(part(), 0, 40)
  store<u64>(part(), 0, 48)
  store<u64>(part(), bswap<u64>(256), 56)
  open()
  compress(part())
  for (let i: usize = 0; i < 32; i += 4) store<u32>(to + i, bswap(load<u32>(STATE + i)))
}

// --- one message -----------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline function gamma0(x: u32): u32 { return rotr(x, 7) ^ rotr(x, 18) ^ x >> 3 }
// @ts-ignore: decorator
@inline function gamma1(x: u32): u32 { return rotr(x, 17) ^ rotr(x, 19) ^ x >> 10 }
// @ts-ignore: decorator
@inline function sigma0(x: u32): u32 { return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22) }
// @ts-ignore: decorator
@inline function sigma1(x: u32): u32 { return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25) }
// @ts-ignore: decorator
@inline function choose(x: u32, y: u32, z: u32): u32 { return z ^ x & (y ^ z) }
// @ts-ignore: decorator
@inline function majority(x: u32, y: u32, z: u32): u32 { return x & y | z & (x | y) }
/** What round `i` adds to `h`. */
// @ts-ignore: decorator
@inline function first(e: u32, f: u32, g: u32, h: u32, w: usize, k: usize, i: usize): u32 {
  return h + sigma1(e) + choose(e, f, g) + load<u32>(k + (i << 2)) + load<u32>(w + (i << 2))
}

function compress(block: usize): void {
  const w = schedule()
  for (let i: usize = 0; i < 64; i += 4) store<u32>(w + i, bswap(load<u32>(block + i)))
  for (let at = w; at < w + 192; at += 8) {
    store<u32>(at, gamma1(load<u32>(at, 56)) + load<u32>(at, 36) + gamma0(load<u32>(at, 4)) + load<u32>(at), 64)
    store<u32>(at, gamma1(load<u32>(at, 60)) + load<u32>(at, 40) + gamma0(load<u32>(at, 8)) + load<u32>(at, 4), 68)
  }
  let a = load<u32>(STATE)
  let b = load<u32>(STATE, 4)
  let c = load<u32>(STATE, 8)
  let d = load<u32>(STATE, 12)
  let e = load<u32>(STATE, 16)
  let f = load<u32>(STATE, 20)
  let g = load<u32>(STATE, 24)
  let h = load<u32>(STATE, 28)
  // eight rounds, after which every variable has its own name again
  for (let i: usize = 0; i < 256; i += 32) {
    const v = w + i
    const k = K + i
    h = first(e, f, g, h, v, k, 0); d += h; h += sigma0(a) + majority(a, b, c)
    g = first(d, e, f, g, v, k, 1); c += g; g += sigma0(h) + majority(h, a, b)
    f = first(c, d, e, f, v, k, 2); b += f; f += sigma0(g) + majority(g, h, a)
    e = first(b, c, d, e, v, k, 3); a += e; e += sigma0(f) + majority(f, g, h)
    d = first(a, b, c, d, v, k, 4); h += d; d += sigma0(e) + majority(e, f, g)
    c = first(h, a, b, c, v, k, 5); g += c; c += sigma0(d) + majority(d, e, f)
    b = first(g, h, a, b, v, k, 6); f += b; b += sigma0(c) + majority(c, d, e)
    a = first(f, g, h, a, v, k, 7); e += a; a += sigma0(b) + majority(b, c, d)
  }
  store<u32>(STATE, load<u32>(STATE) + a)
  store<u32>(STATE, load<u32>(STATE, 4) + b, 4)
  store<u32>(STATE, load<u32>(STATE, 8) + c, 8)
  store<u32>(STATE, load<u32>(STATE, 12) + d, 12)
  store<u32>(STATE, load<u32>(STATE, 16) + e, 16)
  store<u32>(STATE, load<u32>(STATE, 20) + f, 20)
  store<u32>(STATE, load<u32>(STATE, 24) + g, 24)
  store<u32>(STATE, load<u32>(STATE, 28) + h, 28)
}
