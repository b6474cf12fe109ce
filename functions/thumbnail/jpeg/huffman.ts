/** Huffman codes of JPEG (ITU-T T.81, annexes C and F.2.2.3): a table by the next 9 bits, and limits for codes that are longer. */
import { Code, fail } from '../../../codecs/sdk/fail'
import { allocate } from '../../../codecs/sdk/heap'

export const INDEX_BITS: u32 = 9

// a code: the table, u16 each: length in the upper byte, 0 if longer or none, symbol in the lower; then for each length up to 16 the first code behind it, as 16 bits from the left,
// and what to add to a code to get the place of its symbol; then the symbols
const LIMIT: usize = 1024
const DELTA: usize = LIMIT + 18 * 4
const SYMBOLS: usize = DELTA + 18 * 4
const SIZE: usize = SYMBOLS + 256

/** four codes for differences of DC, and four for AC; 0 if not defined */
// @ts-ignore: decorator
@lazy const CODES: usize = memory.data(8 * 4, 16)

/** The code of a class (0 DC, 1 AC) and number; 0 if it is not defined. */
export function codeOf(kind: u32, number: u32): usize { return load<u32>(CODES + ((kind << 2 | number) << 2)) }

/** DHT: codes, `n` bytes. */
export function readCodes(p: usize, n: u32, offset: u64): void {
  const end = p + n
  while (p < end) {
    if (end - p < 17) fail(Code.MALFORMED, offset, n)
    const head = <u32>load<u8>(p)
    const kind = head >> 4
    if (kind > 1 || (head & 15) > 3) fail(Code.MALFORMED, offset, head)
    const slot = CODES + ((kind << 2 | (head & 3)) << 2)
    if (!load<u32>(slot)) store<u32>(slot, <u32>allocate(SIZE))
    const symbols = build(load<u32>(slot), p + 1, end, offset)
    // differences of samples of 8 bits have at most 11 bits; so the others 10, and a run of 15 at most
    for (let i: usize = 0; i < symbols; i++) {
      const symbol = <u32>load<u8>(p + 17 + i)
      if (kind ? (symbol & 15) > 10 : symbol > 11) fail(Code.MALFORMED, offset + 17 + i, symbol)
    }
    p += 17 + symbols
    offset += 17 + symbols
  }
}

function build(code: usize, counts: usize, end: usize, offset: u64): usize {
  memory.fill(code, 0, SYMBOLS)
  const symbols = counts + 16
  let next: u32 = 0
  let place: u32 = 0
  for (let length: u32 = 1; length <= 16; length++) {
    const here = <u32>load<u8>(counts + length - 1)
    if (symbols + place + here > end || place + here > 256 || next + here > 1 << length) fail(Code.MALFORMED, offset + length, here)
    store<i32>(code + DELTA + (length << 2), <i32>place - <i32>next)
    for (let k: u32 = 0; k < here; k++, place++, next++) {
      if (length > INDEX_BITS) continue
      const entry = length << 8 | <u32>load<u8>(symbols + place)
      const first = next << (INDEX_BITS - length)
      for (let i = first; i < first + (1 << (INDEX_BITS - length)); i++) store<u16>(code + (<usize>i << 1), entry)
    }
    store<u32>(code + LIMIT + (length << 2), next << (16 - length))
    next <<= 1
  }
  memory.copy(code + SYMBOLS, symbols, place)
  return place
}

/** The entry of a code that the table does not have, from the next 16 bits; 0 if there is none. */
export function longEntry(code: usize, bits: u32): u32 {
  for (let length = INDEX_BITS + 1; length <= 16; length++) {
    if (bits >= load<u32>(code + LIMIT + (length << 2))) continue
    const place = <i32>(bits >> (16 - length)) + load<i32>(code + DELTA + (length << 2))
    return length << 8 | <u32>load<u8>(code + SYMBOLS + place)
  }
  return 0
}
