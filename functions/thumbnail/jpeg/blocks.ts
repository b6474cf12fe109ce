/** Blocks of coefficients from entropy-coded data: sequential (ITU-T T.81, section F.2.2) and progressive (sections G.1.2 and G.2). Coefficients are i16, in natural order. */
import { count, extend, keep, longSymbol, malformed, refill, symbol, take, word } from './bits'
import { Component, NATURAL } from './frame'
import { INDEX_BITS } from './huffman'

// @ts-ignore: decorator
@inline function place(block: usize, k: u32): usize { return block + (<usize>load<u8>(NATURAL + k) << 1) }

/** A block of a sequential scan, which is all zeros before; answers whether it has coefficients besides the first. */
export function sequentialBlock(c: Component, block: usize): bool {
  const size = symbol(c.dc)
  c.prediction += extend(take(size), size)
  store<i16>(block, <i16>c.prediction)
  const code = c.ac
  let bits = word
  let n = count
  let k: u32 = 1
  let any = false
  do {
    if (n < 32) {
      keep(bits, n)
      refill()
      bits = word
      n = count
    }
    let entry = <u32>load<u16>(code + (<usize>(bits >> (64 - INDEX_BITS)) << 1))
    if (!(entry >> 8)) entry = longSymbol(code, bits)
    bits <<= entry >> 8
    n -= entry >> 8
    const size = entry & 15
    const run = entry >> 4 & 15
    k += run
    if (!size) {
      if (run == 15) {
        k++
        continue
      }
      if (run) malformed(entry)
      break
    }
    if (k > 63) malformed(k)
    const value = <u32>(bits >> (64 - size))
    bits <<= size
    n -= size
    store<i16>(place(block, k), <i16>extend(value, size))
    any = true
    k++
  } while (k < 64)
  keep(bits, n)
  // nor may sixteen zeros go beyond the last
  if (k > 64) malformed(k)
  return any
}

// --- progressive --------------------------------------------------------------------------------------------------------------------------------------------

/** Blocks that have nothing more in this band. */
let ended: u32 = 0

export function beginBand(): void { ended = 0 }

export function firstDc(c: Component, block: usize, low: u32): void {
  const size = symbol(c.dc)
  c.prediction += extend(take(size), size)
  store<i16>(block, <i16>(c.prediction << low))
}

export function moreDc(block: usize, low: u32): void { if (take(1)) store<u16>(block, load<u16>(block) | <u16>(<u32>1 << low)) }

export function firstAc(code: usize, block: usize, k: u32, last: u32, low: u32): void {
  if (ended) {
    ended--
    return
  }
  while (k <= last) {
    const entry = symbol(code)
    const run = entry >> 4
    const size = entry & 15
    if (!size && run < 15) {
      ended = (1 << run) - 1 + take(run)
      return
    }
    k += run
    if (k > last) malformed(k)
    if (size) store<i16>(place(block, k), <i16>(extend(take(size), size) << low))
    k++
  }
}

/** Adds a bit to a coefficient that is not zero, away from it. */
// @ts-ignore: decorator
@inline function correct(at: usize, value: i32, bit: i32): void {
  if (take(1) && !(value & bit)) store<i16>(at, <i16>(value < 0 ? value - bit : value + bit))
}

export function moreAc(code: usize, block: usize, k: u32, last: u32, low: u32): void {
  const bit: i32 = 1 << low
  if (!ended) {
    for (; k <= last; k++) {
      const entry = symbol(code)
      let run = entry >> 4
      let value: i32 = 0
      if (entry & 15) {
        if ((entry & 15) != 1) malformed(entry)
        value = take(1) ? bit : -bit
      } else if (run < 15) {
        ended = (1 << run) + take(run)
        break
      }
      // over `run` zeros, and all that are not zero, which are corrected on the way
      for (; k <= last; k++) {
        const at = place(block, k)
        const before = <i32>load<i16>(at)
        if (before) correct(at, before, bit)
        else if (!run--) break
      }
      if (k > last) malformed(k)
      if (value) store<i16>(place(block, k), <i16>value)
    }
  }
  if (!ended) return
  for (; k <= last; k++) {
    const at = place(block, k)
    const before = <i32>load<i16>(at)
    if (before) correct(at, before, bit)
  }
  ended--
}
