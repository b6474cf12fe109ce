/**
 * Trees to the node tape: entries of a mode, a space, a name, a zero byte and the 20 bytes of a hash, in the order of their names, where a directory's counts as if it ended in a
 * slash. The value is a map by name.
 */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { atEnd, atHand, offsetOf, refill } from '../sdk/input'
import { hasDuplicate, Order, scratchFor } from '../sdk/order'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'
import { escapedKey } from '../lib/text/keys'
import { isPlain } from '../lib/text/utf8'
import { HASH, LINK, PREFIX } from './hash'
import { compareNames, isDirectory, modeLength } from './mode'
import { ENTRY_LENGTH, EntryName } from './names'
import { name, putNames } from './text'

/** Longest name: git warns from 4,096 on. */
const MAX_NAME: u32 = 7000
/** What an entry may take: a mode, a space, a name, a zero byte, a hash. */
const MAX_ENTRY: u32 = 7 + 1 + MAX_NAME + 1 + 20

/**
 * Files whose name may still come as a directory's: `a`, after which `a-b` may come, and then the directory `a`. Each begins with the one before, hence no more than a name has bytes.
 */
// @ts-ignore: decorator
@lazy const FILES: usize = memory.data(4 * 7000, 16)
let files: usize = FILES

export function decodeTree(p: usize, lax: bool): void {
  // names that are not UTF-8 take more room than in the input
  tape.openTape(true, ENTRY_LENGTH + 16, <usize>min<u64>(2 * inputSize(), 1 << 20))
  putNames(ENTRY_LENGTH)
  const root = tape.open(Kind.MAP)
  let count: u32 = 0
  let sorted = true
  let first: usize = 0
  // the entry before, as long as it is in the window: distances to `p`
  let previous: usize = 0
  let previousName: usize = 0
  let previousLength: u32 = 0
  let previousIsDirectory = false
  // where the last mode stands in the text arena
  let lastMode: u64 = 0
  let modeText: u32 = 0
  while (!atEnd(p)) {
    if (atHand(p) < <usize>MAX_ENTRY && offsetOf(p) + <u64>atHand(p) < inputSize()) {
      // the name before must stay, to be compared
      p = refill(p - previous, 0) + previous
    }
    const end = p + atHand(p)
    const start = p
    const offset = offsetOf(p)
    const m = modeLength(p, end)
    if (m == 0) fail(end - p < 8 ? Code.UNEXPECTED_END : Code.MALFORMED, end - p < 8 ? inputSize() : offset, load<u8>(p))
    const directory = isDirectory(p, m)
    const nameAt = p + m + 1
    const zero = findZero(nameAt, min(end, nameAt + MAX_NAME + 1))
    if (zero == 0) fail(end - nameAt > <usize>MAX_NAME ? Code.TOO_LARGE : Code.UNEXPECTED_END, end - nameAt > <usize>MAX_NAME ? offset : inputSize())
    const n = <u32>(zero - nameAt)
    if (n == 0) fail(Code.MALFORMED, offset)
    if (end - zero <= <usize>HASH) fail(Code.UNEXPECTED_END, inputSize())

    if (previous) {
      const c = compareNames(p - previousName, previousLength, previousIsDirectory, nameAt, n, directory)
      if (c == 0) fail(Code.DUPLICATE_KEY, offset)
      if (c > 0) {
        if (!lax) fail(Code.KEY_ORDER, offset)
        sorted = false
      }
    }
    const key = tape.here()
    if (isPlain(nameAt, n)) tape.key(nameAt, n)
    else escapedKey(nameAt, n)
    if (isRepeated(key, directory)) fail(Code.DUPLICATE_KEY, offset)

    const record = tape.open(Kind.MAP)
    if (!first) name(EntryName.MODE)
    // the mode with its space; seven digits fill the word
    const mode = load<u64>(p) & (<u64>-1 >> (56 - <u64>m * 8))
    if (mode != lastMode) {
      const at = tape.asciiText(p, m)
      modeText = <u32>at
      lastMode = at < 0 ? 0 : mode
    }
    if (lastMode) tape.literal(modeText, m)
    else tape.key(p, m)
    if (!first) name(EntryName.HASH)
    const to = tape.dataRoom(LINK, offset)
    store<u32>(to, PREFIX)
    v128.store(to + 4, v128.load(zero + 1))
    store<u32>(to + 20, load<u32>(zero + 17))
    tape.dataLink(LINK)
    if (first) {
      tape.closeShared(record, 2, first, 2)
    } else {
      tape.close(record, 2)
      first = record
    }
    p = zero + 1 + HASH
    previous = p - start
    previousName = p - nameAt
    previousLength = n
    previousIsDirectory = directory
    count++
  }
  tape.close(root, count)
  if (!sorted) refuseDuplicates(root, count)
  tape.closeTape()
}

/** The next zero byte before `end`, or 0. May read up to 15 bytes past the end. */
function findZero(p: usize, end: usize): usize {
  for (; p < end; p += 16) {
    const v = v128.load(p)
    if (!i8x16.all_true(v)) {
      const at = p + <usize>ctz(i8x16.bitmask(i8x16.eq(v, i64x2.splat(0))))
      return at < end ? at : 0
    }
  }
  return 0
}

/** Whether a directory has the name of a file that has come before it. */
function isRepeated(key: usize, directory: bool): bool {
  const p = tape.keyBytes(key)
  const n = tape.keyLength(key)
  while (files > FILES) {
    const file = <usize>load<u32>(files - 4)
    const length = tape.keyLength(file)
    if (length <= n && memory.compare(tape.keyBytes(file), p, length) == 0) {
      if (length == n) return true
      break
    }
    files -= 4
  }
  if (!directory) {
    store<u32>(files, <u32>key)
    files += 4
  }
  return false
}

/** For lax input, whose names come in any order. */
function refuseDuplicates(map: usize, count: u32): void {
  tape.openForReading()
  if (hasDuplicate(map, tape.scratch(scratchFor(count)), Order.BYTES)) fail(Code.DUPLICATE_KEY, 0)
}
