/**
 * Powers of ten to 128 bits, for reading and writing floats. Every 27th stands in a table; the others are computed from the one below and a power of five, and a bit for each
 * says where that product falls one short.
 */

/** Exponents that `power` knows. */
export const LEAST: i32 = -342
export const MOST: i32 = 324

const FIRST: i32 = -364
const STEP: u32 = 27

/** floor(10^k / 2^(floorLog2(k) - 127)) for k = FIRST, FIRST + STEP, …; upper and lower half. */
// @ts-ignore: decorator
@lazy const TABLE: usize = memory.data<u64>([
  0xe1afa13afbd14d6d, 0x82189c09a3a1ec21,
  0xb64ec836a47146f9, 0x9748e2826cdee284,
  0x93445b8731587ea3, 0x7ab3ee6afbe0211d,
  0xedec366b11c6cb8f, 0x2cbfbe86b7ec8aa8,
  0xc0314325637a1939, 0xfa911155fefb5308,
  0x9b407691d7fc44f8, 0x79e0de63425dcf1d,
  0xfad2a4b13d1b5d6c, 0x796b805720085f81,
  0xca9cf1d206fdc03b, 0xa6d90811f0e4851c,
  0xa3ab66580d5fdaf5, 0xc13e60d0d2e0ebba,
  0x843610cb4bf160cb, 0xcedf722a585139ba,
  0xd59944a37c0752a2, 0x4be76d3346f0495f,
  0xac8b2d36eed2dac5, 0xe272467e3d222f3f,
  0x8b61313bbabce2c6, 0x2323ac4b3b3da015,
  0xe12e13424bb40e13, 0x2865a5f206b06fb9,
  0xb5e620f480000000, 0x0000000000000000,
  0x92efd1b8d0cf37be, 0x5aa1cae500000000,
  0xed63a231d4c4fb27, 0x4ca7aaa863ee4bdd,
  0xbfc2ef456ae276e8, 0x9e3fedd8c321a67e,
  0x9ae757596946075f, 0x3375788de9b06958,
  0xfa42a8b73abbf48c, 0xcb772339ba1f17f9,
  0xca28a291859bbf93, 0x7d7b8f7503cfdcfe,
  0xa34d721642b06084, 0x27f002d7f95d0190,
  0x83ea2b892091e44d, 0x934aed0aab460432,
  0xd51ea6fa85785631, 0x552a74227f3ea565,
  0xac2820d9623bf429, 0x546345fa9fbdcd44,
  0x8b112e86420f6191, 0xfb04afaf27faf782
])

/** Bit k - FIRST: what to add to the computed power. */
// @ts-ignore: decorator
@lazy const SHORT: usize = memory.data<u32>([
  0x42000000, 0xcc044000, 0x98c04006, 0xa7e18feb, 0x4304f86f, 0x80d21420, 0x00010204, 0x00004030,
  0xfbf20080, 0xffdff47b, 0x0704504c, 0x03fff014, 0x00000000, 0x90080000, 0x8cfe9301, 0x98001f0e,
  0x66015001, 0x007df9fb, 0xfda80080, 0x464395f1, 0x03f120c2, 0x0001ff74
])

/** 5^n for n below 28. */
export function five(n: u32): u64 {
  let power: u64 = 1
  for (let square: u64 = 5; n; n >>= 1) {
    if (n & 1) power *= square
    square *= square
  }
  return power
}

/** floor(log2(10^k)) */
// @ts-ignore: decorator
@inline export function floorLog2(k: i32): i32 { return (k * 1741647) >> 19 }

/** Upper 64 bits of a product. */
export function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff
  const a1 = a >> 32
  const b0 = b & 0xffffffff
  const b1 = b >> 32
  const middle = a1 * b0 + (a0 * b0 >> 32)
  const other = a0 * b1 + (middle & 0xffffffff)
  return a1 * b1 + (middle >> 32) + (other >> 32)
}

/** What `power` has computed. */
export let powerHigh: u64 = 0
export let powerLow: u64 = 0

/** floor(10^k / 2^(floorLog2(k) - 127)), for LEAST ≤ k ≤ MOST: its upper bit is set. */
export function power(k: i32): void {
  const at = <u32>(k - FIRST)
  const row = at / STEP
  const n = at - row * STEP
  const high = load<u64>(TABLE + (<usize>row << 4))
  const low = load<u64>(TABLE + (<usize>row << 4), 8)
  if (n == 0) {
    powerHigh = high
    powerLow = low
    return
  }
  const f = five(n)
  // the product's upper, middle and lower 64 bits
  const z = low * f
  const carry = multiplyHigh(low, f)
  const product = high * f
  const y = product + carry
  const x = multiplyHigh(high, f) + u64(y < product)
  const shift = <u64>(floorLog2(k) - floorLog2(k - <i32>n) - <i32>n)
  const one = <u64>(load<u32>(SHORT + (<usize>(at >> 5) << 2)) >> (at & 31) & 1)
  const short = (z >> shift | y << (64 - shift))
  powerLow = short + one
  powerHigh = (y >> shift | x << (64 - shift)) + u64(powerLow < short)
}
