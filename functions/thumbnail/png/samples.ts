/** Samples of PNG as bytes: depths of 1 to 16 bits, palettes, and colours that are transparent (ISO/IEC 15948, sections 11.2.3, 11.3.2 and 13.12). */
import { Code, fail } from '../../../codecs/sdk/fail'
import { allocate } from '../../../codecs/sdk/heap'
import { colour, Colour, depth, stored } from './header'

/** 256 colours of four bytes */
let palette: usize = 0
let colours: u32 = 0
let transparency: bool = false
/** the colour that is transparent, at the image's depth */
let keyRed: u32 = 0
let keyGreen: u32 = 0
let keyBlue: u32 = 0

export function setPalette(p: usize, n: u32, offset: u64): void {
  if (colour == Colour.PALETTE && n > 1 << depth) fail(Code.MALFORMED, offset, n)
  colours = n
  palette = allocate(1024)
  for (let i: u32 = 0; i < n; i++, p += 3) {
    store<u32>(palette + (i << 2), <u32>load<u8>(p) | <u32>load<u8>(p, 1) << 8 | <u32>load<u8>(p, 2) << 16 | 0xff000000)
  }
}

export function setTransparency(p: usize, n: u32, offset: u64): void {
  transparency = true
  if (colour == Colour.PALETTE) {
    if (n > colours) fail(Code.MALFORMED, offset, n)
    for (let i: u32 = 0; i < n; i++) store<u8>(palette + (i << 2), load<u8>(p + i), 3)
    return
  }
  if (n != stored << 1) fail(Code.MALFORMED, offset, n)
  const mask = (<u32>1 << depth) - 1
  keyRed = big16(p) & mask
  if (stored == 1) return
  keyGreen = big16(p + 2) & mask
  keyBlue = big16(p + 4) & mask
}

/** Channels of a pixel: 1 gray, 2 gray and alpha, 3 red, green and blue, 4 those and alpha. */
export function channelsOf(): u32 { return (colour & Colour.COLOURED ? 3 : 1) + u32(transparency || (colour & Colour.ALPHA) != 0) }

/** Whether stored bytes are samples as they are. */
export function plain(): bool { return depth == 8 && colour != Colour.PALETTE && !transparency }

// @ts-ignore: decorator
@inline function big16(p: usize): u32 { return <u32>bswap<u16>(load<u16>(p)) }

/** 16 bits as 8, to the nearest: x · 255 / 65535. */
// @ts-ignore: decorator
@inline function narrow(x: u32): u32 { return (x * 255 + 32895) >> 16 }

/** Makes samples of a row of `n` pixels. Writes up to 3 bytes past them. */
export function spread(from: usize, n: u32, to: usize, offset: u64): void {
  if (colour == Colour.PALETTE) spreadIndexes(from, n, to, offset)
  else if (stored == 1) spreadGray(from, n, to)
  else if (stored == 3 && transparency) spreadKeyed(from, n, to)
  else if (depth == 16) for (const end = to + n * stored; to < end; to++, from += 2) store<u8>(to, narrow(big16(from)))
  else memory.copy(to, from, n * stored)
}

/** The bits of a sample that does not fill a byte, the first in the highest bits. */
// @ts-ignore: decorator
@inline function bitsAt(from: usize, i: u32, mask: u32): u32 {
  const bit = i * depth
  return (<u32>load<u8>(from + (bit >> 3)) >> (8 - depth - (bit & 7))) & mask
}

function spreadIndexes(from: usize, n: u32, to: usize, offset: u64): void {
  const mask = (<u32>1 << depth) - 1
  const step: usize = transparency ? 4 : 3
  for (let i: u32 = 0; i < n; i++, to += step) {
    const index = bitsAt(from, i, mask)
    if (index >= colours) fail(Code.MALFORMED, offset, index)
    store<u32>(to, load<u32>(palette + (index << 2)))
  }
}

function spreadGray(from: usize, n: u32, to: usize): void {
  const mask = (<u32>1 << depth) - 1
  // 1, 2 and 4 bits go into 8 without a rest
  const scale = depth < 8 ? 255 / mask : 1
  for (let i: u32 = 0; i < n; i++) {
    const value = depth == 16 ? big16(from + (<usize>i << 1)) : bitsAt(from, i, mask)
    store<u8>(to++, depth == 16 ? narrow(value) : value * scale)
    if (transparency) store<u8>(to++, value == keyRed ? 0 : 255)
  }
}

function spreadKeyed(from: usize, n: u32, to: usize): void {
  for (let i: u32 = 0; i < n; i++, to += 4) {
    let red: u32
    let green: u32
    let blue: u32
    if (depth == 16) {
      red = big16(from)
      green = big16(from + 2)
      blue = big16(from + 4)
      from += 6
    } else {
      red = load<u8>(from)
      green = load<u8>(from, 1)
      blue = load<u8>(from, 2)
      from += 3
    }
    const alpha: u32 = red == keyRed && green == keyGreen && blue == keyBlue ? 0 : 255
    if (depth == 16) {
      red = narrow(red)
      green = narrow(green)
      blue = narrow(blue)
    }
    store<u32>(to, red | green << 8 | blue << 16 | alpha << 24)
  }
}

/** Samples with alpha, `channels` of them a pixel, as u16 times alpha; alpha stays. Writes up to 8 bytes past them. */
export function premultiply(from: usize, n: u32, channels: u32, to: usize): void {
  if (channels == 2) {
    for (let i: u32 = 0; i < n; i++, from += 2, to += 4) {
      const alpha = <u32>load<u8>(from, 1)
      store<u32>(to, <u32>load<u8>(from) * alpha | alpha << 16)
    }
    return
  }
  // two pixels at a time; alpha is multiplied by 1
  const one = i16x8(0, 0, 0, 1, 0, 0, 0, 1)
  const colours = i16x8(-1, -1, -1, 0, -1, -1, -1, 0)
  for (const end = from + (<usize>n << 2); from < end; from += 8, to += 16) {
    const v = i16x8.extend_low_i8x16_u(v128.load64_zero(from))
    const alpha = i16x8.shuffle(v, v, 3, 3, 3, 3, 7, 7, 7, 7)
    v128.store(to, i16x8.mul(v, v128.or(v128.and(alpha, colours), one)))
  }
}
