/** The header of a PNG image (ISO/IEC 15948, section 11.2.2), and what follows from it. */
import { Code, fail } from '../../../codecs/sdk/fail'

/** Colour types are sums of these. */
export const enum Colour { INDEXED = 1, COLOURED = 2, PALETTE = 3, ALPHA = 4 }

export let columns: u32 = 0
export let rows: u32 = 0
/** bits of a sample */
export let depth: u32 = 0
export let colour: u32 = 0
export let interlaced: bool = false
/** samples of a pixel, as they are stored */
export let stored: u32 = 0
/** offset of the image's size, for errors */
export let sizeOffset: u64 = 0

/** Takes the 13 bytes at `p`. */
export function readHeader(p: usize, offset: u64): void {
  columns = bswap(load<u32>(p))
  rows = bswap(load<u32>(p, 4))
  depth = load<u8>(p, 8)
  colour = load<u8>(p, 9)
  sizeOffset = offset
  if (!columns || columns > 0x7fffffff) fail(Code.MALFORMED, offset, columns)
  if (!rows || rows > 0x7fffffff) fail(Code.MALFORMED, offset + 4, rows)
  if (colour > 6 || colour == 1 || colour == 5) fail(Code.MALFORMED, offset + 9, colour)
  // bit n: depth n is one of the colour type's
  const depths: u32 = colour == 0 ? 0x10116 : colour == Colour.PALETTE ? 0x116 : 0x10100
  if (depth > 16 || !(depths >> depth & 1)) fail(Code.MALFORMED, offset + 8, depth)
  for (let i: u32 = 10; i < 12; i++) if (load<u8>(p + i)) fail(Code.UNSUPPORTED, offset + i, load<u8>(p + i))
  const method = <u32>load<u8>(p, 12)
  if (method > 1) fail(Code.UNSUPPORTED, offset + 12, method)
  interlaced = method == 1
  stored = colour == Colour.PALETTE ? 1 : (colour & Colour.COLOURED ? 3 : 1) + (colour & Colour.ALPHA ? 1 : 0)
}

/** Bytes of a row of `n` pixels. */
export function rowBytes(n: u32): u32 { return <u32>((<u64>n * stored * depth + 7) >> 3) }

/** How far back the same sample of the pixel before stands, at least 1. */
export function pixelBytes(): u32 { return (stored * depth + 7) >> 3 }
