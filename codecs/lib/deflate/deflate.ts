/**
 * zlib streams (RFC 1950) of DEFLATE (RFC 1951). Bytes seen before are found through chains of places with the same four bytes; a copy waits for the next place, which may have a
 * longer one. Each block is written as whichever is shortest: stored, with the fixed codes, or with codes of its own.
 */
import { allocate } from '../../sdk/heap'
import { adler32 } from '../hash/adler32'
import { beginBits, goOn, put, toByte } from './bits'
import { assign, makeCode } from './lengths'

const HASH_BITS: u32 = 15
const WINDOW: u32 = 32768
const LEAST: u32 = 4
const MOST: u32 = 258
/** Places of a chain that are looked at; a copy that is as long as this is taken at once. */
const CHAIN: u32 = 32
const NICE: u32 = 128
/** A copy of this length is good enough for a quarter of that. */
const GOOD: u32 = 16
/** Literals and copies of a block. */
const TOKENS: u32 = 16384
/** A stored block, and so the bytes of any block, is not longer. */
const STORED: u32 = 65535

const LITERALS: u32 = 286
const DISTANCES: u32 = 30
const LENGTHS: u32 = 19

let heads: usize = 0
let links: usize = 0
let tokens: usize = 0
let tokenEnd: usize = 0

// what a code needs: counts (u32), lengths (u8) and codes (u16) of its symbols
let literalCounts: usize = 0
let distanceCounts: usize = 0
let lengthCounts: usize = 0
let lengths: usize = 0
let lengthLengths: usize = 0
let fixedLengths: usize = 0
let literalCodes: usize = 0
let distanceCodes: usize = 0
let lengthCodes: usize = 0
let fixedCodes: usize = 0
let fixedDistances: usize = 0
/** the lengths of both codes as they are written: symbols and what is repeated, two bytes each */
let packed: usize = 0
let packedEnd: usize = 0

// @ts-ignore: decorator
@lazy const LENGTH_ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

/** The most bytes that `deflate` makes of `n`. */
export function deflateBound(n: usize): usize { return n + (n / STORED + 1) * 5 + (n / TOKENS + 1) * 5 + 64 }

/** Compresses `n` bytes to `to`; answers the address after the stream. Up to 8 bytes behind the input are read. */
export function deflate(from: usize, n: usize, to: usize): usize {
  prepare()
  // 32 KiB of window, and no preset dictionary
  store<u16>(to, 0x9c78)
  beginBits(to + 2)
  memory.fill(heads, 0xff, 4 << HASH_BITS)
  compress(from, n)
  to = toByte()
  store<u32>(to, bswap(adler32(1, from, n)))
  return to + 4
}

function prepare(): void {
  if (heads) return
  heads = allocate(4 << HASH_BITS)
  links = allocate(4 * WINDOW)
  tokens = allocate(4 * TOKENS)
  literalCounts = allocate(LITERALS * 4)
  distanceCounts = allocate(DISTANCES * 4)
  lengthCounts = allocate(LENGTHS * 4)
  lengths = allocate(LITERALS + DISTANCES)
  lengthLengths = allocate(LENGTHS)
  literalCodes = allocate(LITERALS * 2)
  distanceCodes = allocate(DISTANCES * 2)
  lengthCodes = allocate(LENGTHS * 2)
  packed = allocate((LITERALS + DISTANCES) * 2)
  // RFC 1951, section 3.2.6
  fixedLengths = allocate(288)
  fixedCodes = allocate(288 * 2)
  fixedDistances = allocate(DISTANCES * 2)
  memory.fill(fixedLengths, 5, DISTANCES)
  assign(fixedLengths, DISTANCES, fixedDistances)
  memory.fill(fixedLengths, 8, 144)
  memory.fill(fixedLengths + 144, 9, 112)
  memory.fill(fixedLengths + 256, 7, 24)
  memory.fill(fixedLengths + 280, 8, 8)
  assign(fixedLengths, 288, fixedCodes)
}

// --- finding copies --------------------------------------------------------------------------------------------------------------------------------------------

/** Length of the best copy that `find` found, 0 for none, and how far back it is. */
let foundLength: u32 = 0
let foundDistance: u32 = 0

// @ts-ignore: decorator
@inline function slot(p: usize): usize { return heads + (<usize>((load<u32>(p) * 0x9e3779b1) >> (32 - HASH_BITS)) << 2) }

/** Notes a place; answers the one before it in its chain. */
// @ts-ignore: decorator
@inline function note(p: usize, i: u32): u32 {
  const at = slot(p)
  const before = load<u32>(at)
  store<u32>(at, i)
  store<u32>(links + ((i & (WINDOW - 1)) << 2), before)
  return before
}

/** Looks for the longest copy of what stands at place `i`, longer than `least`. */
function find(from: usize, i: u32, candidate: u32, n: u32, least: u32): void {
  foundLength = 0
  const most = min(MOST, n - i)
  const here = from + i
  let best = max(least, LEAST - 1)
  if (best >= most) return
  for (let turns = least < GOOD ? CHAIN : CHAIN >> 2; turns && candidate != 0xffffffff && i - candidate <= WINDOW; turns--) {
    const there = from + candidate
    // what makes it longer first
    if (load<u8>(there + best) == load<u8>(here + best) && load<u32>(there) == load<u32>(here)) {
      let length: u32 = 4
      while (length + 8 <= most) {
        const difference = load<u64>(here + length) ^ load<u64>(there + length)
        if (difference) {
          length += <u32>ctz(difference) >> 3
          break
        }
        length += 8
      }
      if (length + 8 > most) while (length < most && load<u8>(here + length) == load<u8>(there + length)) length++
      if (length > best) {
        best = length
        foundLength = length
        foundDistance = i - candidate
        if (length >= NICE || length == most) return
      }
    }
    const next = load<u32>(links + ((candidate & (WINDOW - 1)) << 2))
    // an entry that has been written over belongs to a later place
    if (next >= candidate) return
    candidate = next
  }
}

function compress(from: usize, size: usize): void {
  const n = <u32>size
  let start: u32 = 0
  let i: u32 = 0
  let heldLength: u32 = 0
  let heldDistance: u32 = 0
  beginBlock()
  while (i < n) {
    foundLength = 0
    if (i + LEAST <= n) {
      const before = note(from + i, i)
      if (heldLength < NICE) find(from, i, before, n, heldLength)
    }
    if (heldLength && foundLength <= heldLength) {
      // the copy that began one before is the better one
      addCopy(heldLength, heldDistance)
      const stop = i - 1 + heldLength
      for (i++; i < stop; i++) if (i + LEAST <= n) note(from + i, i)
      heldLength = 0
    } else {
      if (heldLength) addLiteral(load<u8>(from + i - 1))
      heldLength = foundLength
      heldDistance = foundDistance
      if (!heldLength) addLiteral(load<u8>(from + i))
      i++
    }
    // room for two tokens more, and no block longer than a stored one can be
    if (tokenEnd + 8 > tokens + 4 * TOKENS || i - start > STORED - MOST - 2) {
      if (heldLength) {
        // what waits goes into the next block
        i--
        endBlock(from + start, i - start, false)
        start = i
        i++
      } else {
        endBlock(from + start, i - start, false)
        start = i
      }
      beginBlock()
    }
  }
  if (heldLength) addCopy(heldLength, heldDistance)
  endBlock(from + start, n - start, true)
}

// --- blocks ----------------------------------------------------------------------------------------------------------------------------------------------------

// a token: a literal, or 2^31, length − 3 in bits 16 to 23, distance − 1 in bits 0 to 15

function beginBlock(): void {
  tokenEnd = tokens
  memory.fill(literalCounts, 0, LITERALS * 4)
  memory.fill(distanceCounts, 0, DISTANCES * 4)
}

// @ts-ignore: decorator
@inline function count(at: usize): void { store<u32>(at, load<u32>(at) + 1) }

function addLiteral(byte: u32): void {
  store<u32>(tokenEnd, byte)
  tokenEnd += 4
  count(literalCounts + (byte << 2))
}

function addCopy(length: u32, distance: u32): void {
  store<u32>(tokenEnd, 0x80000000 | (length - 3) << 16 | (distance - 1))
  tokenEnd += 4
  count(literalCounts + (lengthSymbol(length - 3) << 2))
  count(distanceCounts + (distanceSymbol(distance - 1) << 2))
}

// RFC 1951, section 3.2.5: symbols go up in steps of powers of two, four (or two) symbols to each

// @ts-ignore: decorator
@inline function lengthExtra(x: u32): u32 { return x < 8 || x == 255 ? 0 : 29 - <u32>clz(x) }
// @ts-ignore: decorator
@inline function lengthSymbol(x: u32): u32 { return x == 255 ? 285 : 257 + (lengthExtra(x) << 2) + (x >> lengthExtra(x)) }
// @ts-ignore: decorator
@inline function distanceExtra(x: u32): u32 { return x < 4 ? 0 : 30 - <u32>clz(x) }
// @ts-ignore: decorator
@inline function distanceSymbol(x: u32): u32 { return (distanceExtra(x) << 1) + (x >> distanceExtra(x)) }

/** Writes the block of `n` bytes at `p` that the tokens stand for. */
function endBlock(p: usize, n: u32, final: bool): void {
  store<u32>(literalCounts, 1, 256 * 4)
  const fixed = bitsOf(fixedLengths, 0)
  makeCode(literalCounts, LITERALS, 15, lengths, literalCodes)
  makeCode(distanceCounts, DISTANCES, 15, lengths + LITERALS, distanceCodes)
  const own = bitsOf(lengths, lengths + LITERALS) + packLengths()
  const stored = ((n + 4) << 3) + 8
  if (stored < min(fixed, own)) writeStored(p, n, final)
  else if (fixed <= own) {
    put(u32(final) | 2, 3)
    writeTokens(fixedLengths, fixedCodes, 0, fixedDistances)
  } else {
    put(u32(final) | 4, 3)
    writeLengths()
    writeTokens(lengths, literalCodes, lengths + LITERALS, distanceCodes)
  }
}

/** Bits of the block's tokens with a code. @param distances 0 if all are of 5 bits */
function bitsOf(literals: usize, distances: usize): u32 {
  let bits: u32 = 3
  for (let i: u32 = 0; i < LITERALS; i++) {
    const extra = i < 265 || i == 285 ? 0 : (i - 261) >> 2
    bits += load<u32>(literalCounts + (i << 2)) * (load<u8>(literals + i) + extra)
  }
  for (let i: u32 = 0; i < DISTANCES; i++) {
    const extra = i < 4 ? 0 : (i >> 1) - 1
    bits += load<u32>(distanceCounts + (i << 2)) * ((distances ? <u32>load<u8>(distances + i) : 5) + extra)
  }
  return bits
}

function writeStored(p: usize, n: u32, final: bool): void {
  put(u32(final), 3)
  const to = toByte()
  store<u16>(to, n)
  store<u16>(to, ~n, 2)
  memory.copy(to + 4, p, n)
  goOn(to + 4 + n)
}

function writeTokens(literals: usize, codes: usize, distances: usize, distanceCodes: usize): void {
  for (let at = tokens; at < tokenEnd; at += 4) {
    const token = load<u32>(at)
    if (token < 256) {
      put(load<u16>(codes + (token << 1)), load<u8>(literals + token))
      continue
    }
    const length = token >> 16 & 0xff
    let symbol = lengthSymbol(length)
    put(load<u16>(codes + (symbol << 1)), load<u8>(literals + symbol))
    let extra = lengthExtra(length)
    put(length & ((1 << extra) - 1), extra)
    const distance = token & 0xffff
    symbol = distanceSymbol(distance)
    put(load<u16>(distanceCodes + (symbol << 1)), distances ? load<u8>(distances + symbol) : 5)
    extra = distanceExtra(distance)
    put(distance & ((1 << extra) - 1), extra)
  }
  put(load<u16>(codes, 256 << 1), load<u8>(literals, 256))
}

// --- lengths of codes (RFC 1951, section 3.2.7) ------------------------------------------------------------------------------------------------------------

let literalCount: u32 = 0
let distanceCount: u32 = 0
let lengthCount: u32 = 0

function pack(symbol: u32, more: u32): void {
  store<u8>(packedEnd, symbol)
  store<u8>(packedEnd, more, 1)
  packedEnd += 2
  count(lengthCounts + (symbol << 2))
}

/** Makes symbols of the lengths of both codes, and a code for those; answers how many bits they take. */
function packLengths(): u32 {
  literalCount = LITERALS
  while (literalCount > 257 && !load<u8>(lengths + literalCount - 1)) literalCount--
  distanceCount = DISTANCES
  while (distanceCount > 1 && !load<u8>(lengths + LITERALS + distanceCount - 1)) distanceCount--
  memory.fill(lengthCounts, 0, LENGTHS * 4)
  packedEnd = packed
  packRuns(lengths, literalCount)
  packRuns(lengths + LITERALS, distanceCount)
  makeCode(lengthCounts, LENGTHS, 7, lengthLengths, lengthCodes)
  lengthCount = LENGTHS
  while (lengthCount > 4 && !load<u8>(lengthLengths + load<u8>(LENGTH_ORDER + lengthCount - 1))) lengthCount--
  let bits = 14 + 3 * lengthCount
  for (let at = packed; at < packedEnd; at += 2) bits += <u32>load<u8>(lengthLengths + load<u8>(at)) + moreBits(load<u8>(at))
  return bits
}

function moreBits(symbol: u32): u32 { return symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7 }

function packRuns(at: usize, n: u32): void {
  let i: u32 = 0
  while (i < n) {
    const length = <u32>load<u8>(at + i)
    let run: u32 = 1
    while (i + run < n && load<u8>(at + i + run) == length) run++
    i += run
    if (!length) {
      for (; run > 10; ) {
        const part = min<u32>(run, 138)
        pack(18, part - 11)
        run -= part
      }
      if (run >= 3) {
        pack(17, run - 3)
        run = 0
      }
    } else {
      pack(length, 0)
      run--
      for (; run >= 3; ) {
        const part = min<u32>(run, 6)
        pack(16, part - 3)
        run -= part
      }
    }
    for (; run; run--) pack(length, 0)
  }
}

function writeLengths(): void {
  put(literalCount - 257, 5)
  put(distanceCount - 1, 5)
  put(lengthCount - 4, 4)
  for (let i: u32 = 0; i < lengthCount; i++) put(load<u8>(lengthLengths + load<u8>(LENGTH_ORDER + i)), 3)
  for (let at = packed; at < packedEnd; at += 2) {
    const symbol = <u32>load<u8>(at)
    put(load<u16>(lengthCodes + (symbol << 1)), load<u8>(lengthLengths + symbol))
    put(load<u8>(at, 1), moreBits(symbol))
  }
}
