/** Bits, the first in the lowest of a byte (RFC 1951, section 3.1.1). The writer makes sure that there is room. */

let at: usize = 0
let word: u64 = 0
let count: u32 = 0

export function beginBits(to: usize): void {
  at = to
  word = 0
  count = 0
}

/** Writes the low `n` bits of `value`, at most 32; the others are zero. */
// @ts-ignore: decorator
@inline export function put(value: u32, n: u32): void {
  word |= <u64>value << count
  count += n
  if (count >= 32) spill()
}

function spill(): void {
  store<u32>(at, <u32>word)
  at += 4
  word >>= 32
  count -= 32
}

/** Fills the byte with zeros; answers the address after it. */
export function toByte(): usize {
  for (; count > 0; count = count < 8 ? 0 : count - 8) {
    store<u8>(at++, <u8>word)
    word >>= 8
  }
  return at
}

/** Goes on at an address, after `toByte`. */
export function goOn(to: usize): void { at = to }
