/**
 * Powers of ten to 128 bits, for reading and writing floats. Every 27th stands in a table, which is made when it is first needed, each from the one before; the others are computed
 * from the one below and a power of five. The table has 192 bits, and its first power is a little too large, by more than what is cut off on the way: so the upper 128 bits of
 * each power are exact, as has been checked for all of them.
 */

/** Exponents that `power` knows. */
export const LEAST: i32 = -342
export const MOST: i32 = 324

const FIRST: i32 = -364
const STEP: u32 = 27
/** Bytes of a power in the table: three words, the lowest first. The upper bit is set. */
const ROW: usize = 24

/** 10^k for k = FIRST, FIRST + STEP, … MOST, and one row for `power` to compute in. */
// @ts-ignore: decorator
@lazy const TABLE: usize = memory.data(27 * 24, 16)
// @ts-ignore: decorator
@inline function result(): usize { return TABLE + 26 * ROW }

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

/** Writes the power at `from` times 5^n, whatever the power of two. */
function scale(from: usize, n: u32, to: usize): void {
  let factor = five(n)
  factor <<= clz(factor)
  let low = load<u64>(from, 8) * factor
  const carry = low + multiplyHigh(load<u64>(from), factor)
  let middle = load<u64>(from, 16) * factor
  const other = middle + multiplyHigh(load<u64>(from, 8), factor) + u64(carry < low)
  let high = multiplyHigh(load<u64>(from, 16), factor) + u64(other < middle)
  low = carry
  middle = other
  if (!(high >> 63)) {
    high = high << 1 | middle >> 63
    middle = middle << 1 | low >> 63
    low <<= 1
  }
  store<u64>(to, low)
  store<u64>(to, middle, 8)
  store<u64>(to, high, 16)
}

/** What `power` has computed. */
// @ts-ignore: decorator
@inline export function powerHigh(): u64 { return load<u64>(result(), 16) }
// @ts-ignore: decorator
@inline export function powerLow(): u64 { return load<u64>(result(), 8) }

/** Whether the table has been made in this call. Memory may be as the last call has left it, but what a call does must not depend on that. */
let ready: bool = false

/** floor(10^k / 2^(floorLog2(k) - 127)), for LEAST ≤ k ≤ MOST: its upper bit is set. */
export function power(k: i32): void {
  if (!ready) {
    ready = true
    store<u64>(TABLE, 0x7a43516213c7e44c)
    store<u64>(TABLE, 0x82189c09a3a1ec21, 8)
    store<u64>(TABLE, 0xe1afa13afbd14d6d, 16)
    for (let row = TABLE; row < result() - ROW; row += ROW) scale(row, STEP, row + ROW)
  }
  const at = <u32>(k - FIRST)
  scale(TABLE + <usize>(at / STEP) * ROW, at % STEP, result())
}
