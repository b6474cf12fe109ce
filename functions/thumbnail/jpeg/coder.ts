/**
 * Entropy coding of blocks (ITU-T T.81, sections F.1.2 and K.2): symbols are counted first, codes made for them, then written. Codes have at most 16 bits, and none is all ones:
 * that one is given to a symbol that does not occur.
 */
import { makeCode } from '../../../codecs/lib/deflate/lengths'
import { allocate } from '../../../codecs/sdk/heap'
import { NATURAL } from './frame'

/** Symbols, the one that does not occur included. */
const SYMBOLS: u32 = 257
const LONGEST: u32 = 16
/** What `makeCode` can take, together. */
const MOST_COUNTS: u64 = 1 << 21

// a code: counts u32, lengths u8, codes u16
const LENGTHS: usize = SYMBOLS * 4
const CODES: usize = LENGTHS + 272
const SIZE: usize = CODES + SYMBOLS * 2

export function newCode(): usize {
  const code = allocate(SIZE)
  memory.fill(code, 0, SIZE)
  return code
}

// --- what is to be coded ---------------------------------------------------------------------------------------------------------------------------------------

/** Whether symbols are written, or counted. */
let writing: bool = false
let at: usize = 0
let word: u64 = 0
let count: u32 = 0
/** bits that the values of symbols take */
let valueBits: u64 = 0

// @ts-ignore: decorator
@inline function put(bits: u32, n: u32): void {
  word = word << n | <u64>bits
  count += n
  if (count >= 32) spill()
}

/** Writes whole bytes; each 0xff is followed by a zero. */
function spill(): void {
  while (count >= 8) {
    count -= 8
    const byte = <u32>(word >> count) & 0xff
    store<u8>(at++, byte)
    if (byte == 0xff) store<u8>(at++, 0)
  }
}

function emit(code: usize, symbol: u32, value: u32, size: u32): void {
  if (writing) {
    put(load<u16>(code + CODES + (symbol << 1)), load<u8>(code + LENGTHS + symbol))
    put(value, size)
  } else {
    store<u32>(code + (symbol << 2), load<u32>(code + (symbol << 2)) + 1)
    valueBits += size
  }
}

// @ts-ignore: decorator
@inline function sizeOf(value: i32): u32 { return 32 - <u32>clz(abs(value)) }
/** The bits that stand for a value: of a negative one, those of it less one. */
// @ts-ignore: decorator
@inline function bitsOf(value: i32, size: u32): u32 { return <u32>(value < 0 ? value - 1 : value) & ((1 << size) - 1) }

/** Counts or writes a block, 64 i16 in natural order. @param before the first coefficient of the component's block before it */
export function code(block: usize, before: i32, dc: usize, ac: usize): void {
  const step = <i32>load<i16>(block) - before
  emit(dc, sizeOf(step), bitsOf(step, sizeOf(step)), sizeOf(step))
  let run: u32 = 0
  for (let k: usize = 1; k < 64; k++) {
    const value = <i32>load<i16>(block + (<usize>load<u8>(NATURAL + k) << 1))
    if (!value) {
      run++
      continue
    }
    for (; run > 15; run -= 16) emit(ac, 0xf0, 0, 0)
    const size = sizeOf(value)
    emit(ac, run << 4 | size, bitsOf(value, size), size)
    run = 0
  }
  if (run) emit(ac, 0, 0, 0)
}

/** From now on blocks are written, to an address. */
export function beginCode(to: usize): void {
  writing = true
  at = to
  word = 0
  count = 0
}

/** Fills the last byte with ones; answers the address after it. */
export function endCode(): usize {
  if (count & 7) put((1 << (8 - (count & 7))) - 1, 8 - (count & 7))
  spill()
  return at
}

// --- codes -----------------------------------------------------------------------------------------------------------------------------------------------------

/** Makes a code of the counts; answers how many bits its symbols take. */
export function settle(code: usize): u64 {
  let total: u64 = 0
  for (let i: u32 = 0; i < 256; i++) total += load<u32>(code + (i << 2))
  let shift: u32 = 0
  while (total >> shift >= MOST_COUNTS) shift++
  const counts = allocate(SYMBOLS * 4)
  for (let i: u32 = 0; i < 256; i++) {
    const n = load<u32>(code + (i << 2))
    store<u32>(counts + (i << 2), n ? max(n >> shift, 1) << 1 : 0)
  }
  // rarer than all that occur: its code is the longest, and behind all others
  store<u32>(counts, 1, 256 * 4)
  makeCode(counts, SYMBOLS, LONGEST, code + LENGTHS, code + CODES)
  let bits: u64 = 0
  for (let i: u32 = 0; i < 256; i++) {
    const length = <u32>load<u8>(code + LENGTHS + i)
    bits += <u64>load<u32>(code + (i << 2)) * length
    // the first bit first
    let turned = <u32>load<u16>(code + CODES + (i << 1))
    let straight: u32 = 0
    for (let k = length; k; k--, turned >>= 1) straight = straight << 1 | (turned & 1)
    store<u16>(code + CODES + (i << 1), straight)
  }
  return bits
}

/** Bits of the values that were counted. */
export function bitsOfValues(): u64 { return valueBits }

/** Writes the code as a segment has it (section B.2.4.2): numbers of codes of each length, and symbols in the order of their codes. Answers the address after it. */
export function writeCode(code: usize, to: usize): usize {
  let symbols = to + LONGEST
  memory.fill(to, 0, LONGEST)
  for (let length: u32 = 1; length <= LONGEST; length++) {
    for (let i: u32 = 0; i < 256; i++) {
      if (load<u8>(code + LENGTHS + i) != length) continue
      store<u8>(to + length - 1, load<u8>(to + length - 1) + 1)
      store<u8>(symbols++, i)
    }
  }
  return symbols
}
