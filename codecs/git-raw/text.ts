/** The text of commits and tags while it is read: it all stands in memory, in the window or in a copy. */
import { Code, fail } from '../sdk/fail'
import { sameBytes } from '../sdk/tape'
import * as tape from '../sdk/tape'
import { validUntil } from '../lib/text/utf8'
import { decodeHash, HASH, LINK, PREFIX } from './hash'
import { NAMES, Word, wordCharacters, wordLength } from './names'

/** From this length on text is a range of the input. */
const LONG: u32 = 2048

/** offset = bias + address, of what is not unfolded */
let bias: u64 = 0
/** Where the header began whose unfolded text is being read; −1 if none is. */
let unfolded: u64 = u64.MAX_VALUE
/** Where NAMES stand in the text arena. */
let names: u32 = 0
/** Whether upper-case hashes are taken. */
let lenient: bool = false

export function openText(start: usize, offset: u64, lax: bool): void {
  bias = offset - <u64>start
  lenient = lax
}

/** Until `endUnfolded`, text is that of a header which began at `start`, and stands elsewhere. */
export function beginUnfolded(start: usize): void { unfolded = bias + <u64>start }
export function endUnfolded(): void { unfolded = u64.MAX_VALUE }

/** Where in the input to point, for errors. */
export function offsetAt(p: usize): u64 { return unfolded != u64.MAX_VALUE ? unfolded : bias + <u64>p }

/** Puts the first `n` characters of NAMES into the text arena. */
export function putNames(n: u32): void {
  names = tape.putLiteral(NAMES, min<u32>(n, 16))
  for (let i: u32 = 16; i < n; i += 16) tape.putLiteral(NAMES + <usize>i, min<u32>(n - i, 16))
}

/** A key of the data model, by where its characters begin in NAMES. */
// @ts-ignore: decorator
@inline export function name(at: u32): void { tape.literal(names + at, load<u8>(NAMES + <usize>at - 1)) }

/** The `n` bytes at `p` as a string; as bytes if they are not UTF-8. */
export function text(p: usize, n: u32): void {
  if (n >= LONG && unfolded == u64.MAX_VALUE) {
    if (validUntil(p, p + n) == p + n) tape.stringAt(bias + <u64>p, n)
    else tape.bytesAt(bias + <u64>p, n)
    return
  }
  const at = tape.asciiText(p, n)
  if (at >= 0) return tape.literal(at, n)
  memory.copy(tape.dataRoom(n, offsetAt(p)), p, n)
  taken(p, n)
}

/** Takes the next `n` bytes of the data arena. @param p where to point on failure */
function taken(p: usize, n: u32): void {
  const at = tape.dataHere()
  if (validUntil(at, at + n) == at + n) tape.dataString(n, offsetAt(p))
  else tape.dataBytes(n)
}

// --- lines -----------------------------------------------------------------------------------------------------------------------------------------------

/** The next line feed, or `end`. May read up to 15 bytes past the end. */
export function lineEnd(p: usize, end: usize): usize {
  for (; p < end; p += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(10)))
    if (found) return min(end, p + <usize>ctz(found))
  }
  return end
}

/** The line feed that ends the header at `p`: lines that begin with a space continue it. Fails with UNEXPECTED_END. */
export function headerEnd(p: usize, end: usize): usize {
  do {
    p = lineEnd(p, end)
    if (p == end) fail(Code.UNEXPECTED_END, offsetAt(end))
    p++
  } while (p < end && load<u8>(p) == 0x20)
  return p - 1
}

/** Whether the text at `p` begins with a word. */
// @ts-ignore: decorator
@inline export function starts(p: usize, end: usize, word: Word): bool {
  const n = wordLength(word)
  return end - p >= <usize>n && sameBytes(p, wordCharacters(word), n)
}

/** A line of a word, a hash and nothing else at `p`, as a link; answers the address after it. The tape must be open. */
export function hashLine(p: usize, end: usize, word: Word): usize {
  p = checkHashLine(p, end, word)
  const to = tape.dataRoom(LINK, offsetAt(p))
  store<u32>(to, PREFIX)
  decodeHash(p - 41, to + 4)
  tape.dataLink(LINK)
  return p
}

/** The same without a record. */
export function checkHashLine(p: usize, end: usize, word: Word): usize {
  if (!starts(p, end, word)) fail(Code.MALFORMED, offsetAt(p))
  p += wordLength(word)
  const line = lineEnd(p, end)
  // 64 characters are sha2-256, of repositories that have another format
  if (line - p == 64) fail(Code.UNSUPPORTED, offsetAt(p), 64)
  if (line == end && end - p <= 2 * HASH) fail(Code.UNEXPECTED_END, offsetAt(end))
  if (line - p != 2 * HASH) fail(Code.MALFORMED, offsetAt(p))
  if (lenient) lowerCase(p)
  const bad = decodeHash(p, SPARE)
  if (bad != line) {
    const c = <u32>load<u8>(bad)
    fail((c | 32) - 97 < 6 ? Code.NON_CANONICAL : Code.MALFORMED, offsetAt(bad), c)
  }
  return line + 1
}

// @ts-ignore: decorator
@lazy const SPARE: usize = memory.data(32, 16)

/** git reads hashes in upper case too, and writes none. */
function lowerCase(p: usize): void {
  for (const last = p + 2 * HASH; p < last; p++) if (<u32>load<u8>(p) - 65 < 6) store<u8>(p, load<u8>(p) | 32)
}

// --- headers ---------------------------------------------------------------------------------------------------------------------------------------------

/** Copies the text from `p` to `end` without the spaces that continuation lines begin with, and answers the address after it. May read and write up to 15 bytes past the end. */
export function unfold(p: usize, end: usize, to: usize): usize {
  while (p < end) {
    const line = lineEnd(p, end)
    const n = line - p
    memory.copy(to, p, n)
    to += n
    if (line == end) break
    store<u8>(to++, 10)
    p = line + 2
  }
  return to
}

/** What stands from `p` to the header's line feed at `end`, as a string or bytes. */
export function headerValue(p: usize, end: usize): void {
  if (lineEnd(p, end) == end) return text(p, <u32>(end - p))
  const to = tape.dataRoom(<u32>(end - p), offsetAt(p))
  taken(p, <u32>(unfold(p, end, to) - to))
}
