/**
 * zlib streams (RFC 1950) and DEFLATE (RFC 1951), decompressed piece by piece: `give` takes input, `inflate` goes on as far as it can and says what it lacks, and between
 * `outputStart()` and `outputEnd()` stands what it has made, good until it is called again. Memory does not depend on the stream.
 *
 * ```
 *  input    ───────────▓▓▓▓▓▓▓▓▓▓▓─────      bits not yet used stand in `bits`, `bitCount` of them
 *                      at         end
 *  output   ░░░░░░░░░░░▓▓▓▓▓▓▓▓▓▓▓─────      history of 32 KiB, then what is new
 *                      from       top
 * ```
 */
import { Code, fail } from '../../sdk/fail'
import { allocate } from '../../sdk/heap'
import { adler32 } from '../hash/adler32'
import { INDEX_MASK, allocateCode, build, distanceEntries, Fit, literalEntries, longEntry, makeEntries, plainEntries, Symbol } from './huffman'

export const enum Progress {
  /** it needs more input */
  HUNGRY,
  /** the output is to be taken first */
  FULL,
  /** the stream has ended, and its checksum is right */
  ENDED
}

const enum State { HEADER, BLOCK, STORED, CODED, TRAILER, ENDED }

const INPUT: usize = 65536
/** Zeros after the last input, so that the decoder may look ahead. */
const PADDING: usize = 64
const HISTORY: usize = 32768
const OUTPUT: usize = 131072
/** What may be written past the end of a copy. */
const SPILL: usize = 320
/** A block's header, with the lengths of its codes, is not longer: 17 bits, 19 lengths of 3 bits, 316 lengths of up to 14. */
const HEADER_BYTES: usize = 576
/** The longest literal or copy takes 48 bits; a refill reads 8 bytes. */
const SYMBOL_BYTES: usize = 16

let input: usize = 0
let at: usize = 0
let end: usize = 0
let offset: u64 = 0
let bits: u64 = 0
let bitCount: u32 = 0

let output: usize = 0
let from: usize = 0
let top: usize = 0
let start: usize = 0

let state: State = State.HEADER
let finalBlock: bool = false
let storedLeft: usize = 0
let checksum: u32 = 1

let literalCode: usize = 0
let distanceCode: usize = 0
let lengthCode: usize = 0
let lengths: usize = 0

// @ts-ignore: decorator
@lazy const LENGTH_ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

/** Starts a stream. */
export function beginInflate(): void {
  if (!input) {
    input = allocate(INPUT + PADDING)
    output = allocate(OUTPUT + SPILL)
    literalCode = allocateCode()
    distanceCode = allocateCode()
    lengthCode = allocateCode()
    lengths = allocate(320 + 160)
    makeEntries()
  }
  at = end = input
  offset = 0
  bits = 0
  bitCount = 0
  from = top = start = output
  state = State.HEADER
  checksum = 1
}

/** How many bytes `give` has room for. */
export function inflateRoom(): usize { return INPUT - (end - at) }

/** Gives the next bytes of the stream, not more than there is room for. @param where the offset of the first, for errors */
export function give(p: usize, n: usize, where: u64): void {
  const left = end - at
  if (at != input) memory.copy(input, at, left)
  at = input
  end = input + left
  memory.copy(end, p, n)
  end += n
  offset = where + n
}

export function outputStart(): usize { return from }
export function outputEnd(): usize { return top }

export function inflateEnded(): bool { return state == State.ENDED }
/** Bytes that were given and are not used: of a stream that has ended, those behind it. */
export function inflateLeft(): usize { return end - at }

function refuse(code: Code, detail: u32 = 0): void { fail(code, offset - (end - at) - (bitCount >> 3), detail) }

/** Goes on. @param last whether all input has been given */
export function inflate(last: bool): Progress {
  if (last) memory.fill(end, 0, PADDING)
  if (from != top) {
    from = top
    // history is what comes before: room for the rest of the buffer anew
    const kept = min<usize>(top - start, HISTORY)
    memory.copy(output, top - kept, kept)
    start = output
    from = top = output + kept
  }
  const progress = run(last)
  if (from != top) checksum = adler32(checksum, from, top - from)
  if (progress == Progress.ENDED && state == State.TRAILER) return trailer(last)
  return progress
}

function run(last: bool): Progress {
  while (true) {
    if (state == State.CODED) {
      const progress = coded(last)
      if (progress != Progress.ENDED) return progress
      state = finalBlock ? State.TRAILER : State.BLOCK
    } else if (state == State.STORED) {
      const n = min(storedLeft, min<usize>(end - at, output + OUTPUT - top))
      memory.copy(top, at, n)
      at += n
      top += n
      storedLeft -= n
      if (storedLeft) {
        if (top == output + OUTPUT) return Progress.FULL
        if (last) fail(Code.UNEXPECTED_END, offset)
        return Progress.HUNGRY
      }
      state = finalBlock ? State.TRAILER : State.BLOCK
    } else if (state == State.BLOCK) {
      if (end - at < HEADER_BYTES && !last) return Progress.HUNGRY
      block()
    } else if (state == State.HEADER) {
      if (end - at < 2) {
        if (last) fail(Code.UNEXPECTED_END, offset)
        return Progress.HUNGRY
      }
      header()
    } else return Progress.ENDED
  }
}

/** RFC 1950, section 2.2. */
function header(): void {
  const method = <u32>load<u8>(at)
  const flags = <u32>load<u8>(at, 1)
  if ((method & 15) != 8 || method >> 4 > 7) refuse(Code.UNSUPPORTED, method)
  if ((method << 8 | flags) % 31) refuse(Code.CHECKSUM, flags)
  if (flags & 0x20) refuse(Code.UNSUPPORTED, flags)
  at += 2
  state = State.BLOCK
}

function trailer(last: bool): Progress {
  toByte()
  if (end - at < 4) {
    if (last) fail(Code.UNEXPECTED_END, offset)
    return Progress.HUNGRY
  }
  if (bswap(load<u32>(at)) != checksum) refuse(Code.CHECKSUM)
  at += 4
  state = State.ENDED
  return Progress.ENDED
}

// --- bits ----------------------------------------------------------------------------------------------------------------------------------------------------

/** Makes at least 56 bits available; what is beyond the input is zero. */
// @ts-ignore: decorator
@inline function refill(): void {
  bits |= load<u64>(at) << bitCount
  at += (63 - bitCount) >> 3
  bitCount |= 56
}

/** Takes `n` bits, of which as many are there. */
// @ts-ignore: decorator
@inline function take(n: u32): u32 {
  const value = <u32>bits & ((1 << n) - 1)
  bits >>= n
  bitCount -= n
  return value
}

/** Fails if bits have been used that are none of the input's. */
function check(): void {
  if (at - (bitCount >> 3) > end) fail(Code.UNEXPECTED_END, offset)
}

/** Gives the whole bytes that were read ahead back. */
function toByte(): void {
  at -= bitCount >> 3
  bits = 0
  bitCount = 0
  if (at > end) fail(Code.UNEXPECTED_END, offset)
}

// --- blocks --------------------------------------------------------------------------------------------------------------------------------------------------

/** A block's header (RFC 1951, section 3.2.3). */
function block(): void {
  refill()
  finalBlock = take(1) != 0
  const kind = take(2)
  if (kind == 0) {
    toByte()
    if (end - at < 4) fail(Code.UNEXPECTED_END, offset)
    storedLeft = load<u16>(at)
    if ((<u32>storedLeft ^ load<u16>(at, 2)) != 0xffff) refuse(Code.MALFORMED, <u32>storedLeft)
    at += 4
    state = State.STORED
    return
  }
  if (kind == 1) fixedCodes()
  else if (kind == 2) dynamicCodes()
  else refuse(Code.MALFORMED, kind)
  check()
  state = State.CODED
}

/** RFC 1951, section 3.2.6. */
function fixedCodes(): void {
  memory.fill(lengths, 8, 144)
  memory.fill(lengths + 144, 9, 112)
  memory.fill(lengths + 256, 7, 24)
  memory.fill(lengths + 280, 8, 8)
  build(literalCode, lengths, 288, literalEntries())
  memory.fill(lengths, 5, 32)
  build(distanceCode, lengths, 32, distanceEntries())
}

/** RFC 1951, section 3.2.7. */
function dynamicCodes(): void {
  const literalCount: u32 = 257 + take(5)
  const distanceCount: u32 = 1 + take(5)
  const lengthCount: u32 = 4 + take(4)
  if (literalCount > 286) refuse(Code.MALFORMED, literalCount)
  if (distanceCount > 30) refuse(Code.MALFORMED, distanceCount)
  memory.fill(lengths, 0, 19)
  for (let i: u32 = 0; i < lengthCount; i++) {
    if (bitCount < 3) refill()
    store<u8>(lengths + load<u8>(LENGTH_ORDER + i), take(3))
  }
  if (build(lengthCode, lengths, 19, plainEntries()) != Fit.COMPLETE) refuse(Code.MALFORMED)
  const total = literalCount + distanceCount
  let i: u32 = 0
  while (i < total) {
    refill()
    if (at > end + 32) fail(Code.UNEXPECTED_END, offset)
    const entry = load<u32>(lengthCode + (<usize>(bits & INDEX_MASK) << 2))
    take(entry & 15)
    const symbol = entry >> 16
    if (symbol < 16) {
      store<u8>(lengths + i++, symbol)
      continue
    }
    let value: u32 = 0
    let times: u32
    if (symbol == 16) {
      if (!i) refuse(Code.MALFORMED, symbol)
      value = load<u8>(lengths + i - 1)
      times = 3 + take(2)
    } else if (symbol == 17) times = 3 + take(3)
    else times = 11 + take(7)
    if (i + times > total) refuse(Code.MALFORMED, times)
    memory.fill(lengths + i, <u8>value, times)
    i += times
  }
  if (!load<u8>(lengths + 256)) refuse(Code.MALFORMED, 256)
  if (build(literalCode, lengths, literalCount, literalEntries()) != Fit.COMPLETE) refuse(Code.MALFORMED)
  // one distance alone has a code of one bit; and there may be none
  const fit = build(distanceCode, lengths + literalCount, distanceCount, distanceEntries())
  if (fit == Fit.OVERSUBSCRIBED || (fit == Fit.INCOMPLETE && !fewDistances(lengths + literalCount, distanceCount))) refuse(Code.MALFORMED)
}

function fewDistances(p: usize, n: u32): bool {
  let sum: u32 = 0
  for (let i: u32 = 0; i < n; i++) sum += load<u8>(p + i)
  return sum <= 1
}

/** The symbols of a block; ENDED is the block's end. */
function coded(last: bool): Progress {
  // what a refill may read; behind the last input stand zeros, and what runs into them fails
  const limit = last ? end + 8 : end - SYMBOL_BYTES
  const full = output + OUTPUT - 258
  const literalTable = literalCode
  const distanceTable = distanceCode
  const lowest = start
  let p = at
  let to = top
  let word = bits
  let count = bitCount
  let progress = Progress.HUNGRY
  if (<isize>(end - p) < <isize>SYMBOL_BYTES && !last) return Progress.HUNGRY
  while (true) {
    if (to > full) {
      progress = Progress.FULL
      break
    }
    if (p > limit) break
    word |= load<u64>(p) << count
    p += (63 - count) >> 3
    count |= 56
    let entry = load<u32>(literalTable + (<usize>(word & INDEX_MASK) << 2))
    if (!(entry & 15)) {
      entry = longEntry(literalTable, word)
      if (!entry) malformed(p, to, word, count)
    }
    word >>= entry & 15
    count -= entry & 15
    if (!(entry & 0x300)) {
      store<u8>(to++, <u8>(entry >> 16))
      // 41 bits are left, enough for one more that the table has
      entry = load<u32>(literalTable + (<usize>(word & INDEX_MASK) << 2))
      if (entry & 15 && !(entry & 0x300)) {
        word >>= entry & 15
        count -= entry & 15
        store<u8>(to++, <u8>(entry >> 16))
      }
    } else if ((entry & 0x300) == Symbol.COPY << 8) {
      let extra = entry >> 4 & 15
      const n = <usize>((entry >> 16) + (<u32>word & ((1 << extra) - 1)))
      word >>= extra
      count -= extra
      entry = load<u32>(distanceTable + (<usize>(word & INDEX_MASK) << 2))
      if (!(entry & 15)) {
        entry = longEntry(distanceTable, word)
        if (!entry) malformed(p, to, word, count)
      }
      if ((entry & 0x300) != Symbol.COPY << 8) malformed(p, to, word, count)
      word >>= entry & 15
      count -= entry & 15
      extra = entry >> 4 & 15
      const distance = <usize>((entry >> 16) + (<u32>word & ((1 << extra) - 1)))
      word >>= extra
      count -= extra
      if (distance > to - lowest) malformed(p, to, word, count)
      copy(to, distance, n)
      to += n
    } else {
      if ((entry & 0x300) != Symbol.END << 8) malformed(p, to, word, count)
      progress = Progress.ENDED
      break
    }
  }
  at = p
  top = to
  bits = word
  bitCount = count
  if (last && (progress == Progress.HUNGRY || p - (count >> 3) > end)) fail(Code.UNEXPECTED_END, offset)
  return progress
}

function malformed(p: usize, to: usize, word: u64, count: u32): void {
  at = p
  bitCount = count
  // bits beyond the input may be no code because they are not there
  if (at - (count >> 3) + 2 > end) fail(Code.UNEXPECTED_END, offset)
  refuse(Code.MALFORMED)
}

/** Copies `n` bytes from `distance` before; may write up to 15 bytes past them. */
function copy(to: usize, distance: usize, n: usize): void {
  const stop = to + n
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(to - distance))
      to += 16
    } while (to < stop)
  } else if (distance == 1) {
    const v = i8x16.splat(load<u8>(to - 1))
    do {
      v128.store(to, v)
      to += 16
    } while (to < stop)
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(to - distance))
      to += 8
    } while (to < stop)
  } else {
    do {
      store<u8>(to, load<u8>(to - distance))
      to++
    } while (to < stop)
  }
}
