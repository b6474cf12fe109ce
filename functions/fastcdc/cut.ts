/**
 * Where a chunk ends: W. Xia et al., "The design of fast content-defined chunking for data deduplication based storage systems", IEEE TPDS 2020 (FastCDC), as fastcdc-rs v2020
 * has it, so that both cut alike.
 *
 * A chunk has no end before `least` bytes, where the hash begins with nothing; up to `average` bytes it ends where the hash has zeros at all ones of the stricter mask, after
 * that at those of the looser one (normalised chunking), and at `most` bytes in any case. The hash of a position is that of the bytes up to it, of which those farther back than
 * the mask's highest one no longer count.
 */
import { GEAR } from './gear'

/** Ones of the first mask; each further one has one more, up to 25. */
const FIRST_MASK: u32 = 5

/** Masks whose ones are spread as the paper advises: those of its reference implementation, and from 18 ones on those of restic-FastCDC. */
// @ts-ignore: decorator
@lazy const MASKS: usize = memory.data<u64>([
  0x0000000001804110, 0x0000000001803110, 0x0000000018035100, 0x0000001800035300, 0x0000019000353000, 0x0000590003530000, 0x0000d90003530000,
  0x0000d90103530000, 0x0000d90303530000, 0x0000d90313530000, 0x0000d90f03530000, 0x0000d90303537000, 0x0000d90703537000, 0x0000d90707537000,
  0x0000d91707537000, 0x0000d91747537000, 0x0000d91767537000, 0x0000d93767537000, 0x0000d93777537000, 0x0000d93777577000, 0x0000db3777577000
])

let least: usize = 0
let average: usize = 0
let most: usize = 0
let strict: u64 = 0
let loose: u64 = 0

/** @param level how far apart the two masks are, 0 to 3 (normalisation) */
export function openCut(leastSize: u32, averageSize: u32, mostSize: u32, level: u32): void {
  least = leastSize
  average = averageSize
  most = mostSize
  // the power of two that is nearest to the average, on a logarithmic scale
  const square = <u64>averageSize * averageSize
  const bits = <u32>((64 - clz(square)) >> 1)
  strict = maskOf(bits + level)
  loose = maskOf(bits - level)
}

function maskOf(bits: u32): u64 { return load<u64>(MASKS + (<usize>(bits - FIRST_MASK) << 3)) }

/** The size of the chunk at `p`. `n` bytes are there: `most` or more, or all that is left. */
export function cut(p: usize, n: usize): usize {
  if (n <= least) return n
  const size = min(n, most)
  // positions are taken by twos, as in "rolling two bytes each time", 3.7: an odd one at an end is left out or added
  const from = p + (least & ~1)
  const middle = p + (min(size, average) & ~1)
  const end = p + (size & ~1)
  let at = scan(from, middle, strict, 0)
  if (at == middle) at = scan(middle, end, loose, hash)
  return at == end ? size : at - p
}

/** The hash at the end of what `scan` has gone through. */
let hash: u64 = 0

/** The first position from `p` on where the hash has zeros at all ones of the mask; `end` if none has. */
function scan(p: usize, end: usize, mask: u64, before: u64): usize {
  let h = before
  while (p + 4 <= end) {
    h = roll(h, load<u8>(p))
    if (!(h & mask)) return p
    h = roll(h, load<u8>(p, 1))
    if (!(h & mask)) return p + 1
    h = roll(h, load<u8>(p, 2))
    if (!(h & mask)) return p + 2
    h = roll(h, load<u8>(p, 3))
    if (!(h & mask)) return p + 3
    p += 4
  }
  for (; p < end; p++) {
    h = roll(h, load<u8>(p))
    if (!(h & mask)) return p
  }
  hash = h
  return end
}

/** The hash with one more byte. */
// @ts-ignore: decorator
@inline function roll(h: u64, byte: u32): u64 { return (h << 1) + load<u64>(<usize>byte << 3, GEAR) }
