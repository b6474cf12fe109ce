/** MurmurHash3 x64 128 (A. Appleby), seed 0: its first 64 bits, which is all that sharded directories use. */

const C1: u64 = 0x87c37b91114253d5
const C2: u64 = 0x4cf5ad432745937f

// @ts-ignore: decorator
@inline function final(k: u64): u64 {
  k = (k ^ k >> 33) * 0xff51afd7ed558ccd
  k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53
  return k ^ k >> 33
}

/** Of the `n` bytes at `p`. */
export function murmur64(p: usize, n: u32): u64 {
  let h1: u64 = 0
  let h2: u64 = 0
  const last = p + (n & ~15)
  for (; p < last; p += 16) {
    h1 ^= rotl<u64>(load<u64>(p) * C1, 31) * C2
    h1 = (rotl<u64>(h1, 27) + h2) * 5 + 0x52dce729
    h2 ^= rotl<u64>(load<u64>(p, 8) * C2, 33) * C1
    h2 = (rotl<u64>(h2, 31) + h1) * 5 + 0x38495ab5
  }
  let k1: u64 = 0
  let k2: u64 = 0
  const rest = n & 15
  for (let i: u32 = 0; i < rest; i++) {
    const byte = <u64>load<u8>(p + i)
    if (i < 8) k1 |= byte << (i << 3)
    else k2 |= byte << ((i - 8) << 3)
  }
  h2 ^= rotl<u64>(k2 * C2, 33) * C1
  h1 ^= rotl<u64>(k1 * C1, 31) * C2
  h1 ^= n
  h2 ^= n
  h1 += h2
  h2 += h1
  return final(h1) + final(h2)
}
