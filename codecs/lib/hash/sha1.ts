/** SHA-1 (FIPS 180-4, sections 5 and 6.1). It names things here; nothing rests on it being hard to collide. */

/** Five words of state, and the schedule of a block: 80 words, big-endian as in the block. */
// @ts-ignore: decorator
@lazy const STATE: usize = memory.data(20, 16)
// @ts-ignore: decorator
@lazy const SCHEDULE: usize = memory.data(80 * 4, 16)
/** Bytes that do not fill a block yet. */
// @ts-ignore: decorator
@lazy const REST: usize = memory.data(64, 16)

let total: u64 = 0

export function sha1Begin(): void {
  total = 0
  store<u32>(STATE, 0x67452301)
  store<u32>(STATE, 0xefcdab89, 4)
  store<u32>(STATE, 0x98badcfe, 8)
  store<u32>(STATE, 0x10325476, 12)
  store<u32>(STATE, 0xc3d2e1f0, 16)
}

/** Takes the next `n` bytes. */
export function sha1Update(p: usize, n: usize): void {
  const kept = <usize>(total & 63)
  total += n
  if (kept) {
    const taken = min<usize>(64 - kept, n)
    memory.copy(REST + kept, p, taken)
    if (kept + taken < 64) return
    block(REST)
    p += taken
    n -= taken
  }
  for (; n >= 64; n -= 64) {
    block(p)
    p += 64
  }
  memory.copy(REST, p, n)
}

/** Writes the hash, 20 bytes. */
export function sha1End(to: usize): void {
  const bits = total << 3
  const kept = <usize>(total & 63)
  store<u8>(REST + kept, 0x80)
  memory.fill(REST + kept + 1, 0, 63 - kept)
  if (kept >= 56) {
    block(REST)
    memory.fill(REST, 0, 56)
  }
  store<u64>(REST, bswap(bits), 56)
  block(REST)
  for (let i: usize = 0; i < 20; i += 4) store<u32>(to + i, bswap(load<u32>(STATE + i)))
}

function block(p: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(SCHEDULE + i, bswap(load<u32>(p + i)))
  for (let at = SCHEDULE + 64; at < SCHEDULE + 320; at += 4) {
    store<u32>(at, rotl<u32>(load<u32>(at - 12) ^ load<u32>(at - 32) ^ load<u32>(at - 56) ^ load<u32>(at - 64), 1))
  }
  let a = load<u32>(STATE)
  let b = load<u32>(STATE, 4)
  let c = load<u32>(STATE, 8)
  let d = load<u32>(STATE, 12)
  let e = load<u32>(STATE, 16)
  for (let i: usize = 0; i < 80; i++) {
    const f: u32 = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
    const k: u32 = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6
    const next = rotl<u32>(a, 5) + f + e + k + load<u32>(SCHEDULE + (i << 2))
    e = d
    d = c
    c = rotl<u32>(b, 30)
    b = a
    a = next
  }
  store<u32>(STATE, load<u32>(STATE) + a)
  store<u32>(STATE, load<u32>(STATE, 4) + b, 4)
  store<u32>(STATE, load<u32>(STATE, 8) + c, 8)
  store<u32>(STATE, load<u32>(STATE, 12) + d, 12)
  store<u32>(STATE, load<u32>(STATE, 16) + e, 16)
}
