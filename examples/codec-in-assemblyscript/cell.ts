/** Finds where a cell ends (RFC 4180, section 2). A cell and the comma or line end after it stand in the window together, which bounds their size. */
import { inputSize, WINDOW } from '../../codecs/sdk/control'
import { Code, fail } from '../../codecs/sdk/fail'
import { atHand, offsetOf, refill } from '../../codecs/sdk/input'

export const enum Char { LF = 10, CR = 13, QUOTE = 34, COMMA = 44 }

/** The bytes of the cell that `scan` has found, without the quotes around them, and how many of them are quotes that stand twice. */
export let from: usize = 0
export let size: u32 = 0
export let doubled: u32 = 0
/** Whether the cell is the last of its line, and the position after what ends it. */
export let last: bool = false
export let after: usize = 0

let lenient: bool = false

export function setLenient(lax: bool): void { lenient = lax }

/** Whether a cell with this byte has to be quoted. */
// @ts-ignore: decorator
@inline export function special(c: u32): bool { return c == Char.COMMA || c == Char.QUOTE || c == Char.LF || c == Char.CR }

/** Finds the cell at `p`; answers its position, which changes if the window had to move. */
export function scan(p: usize): usize {
  if (find(p)) return p
  const left = inputSize() - offsetOf(p)
  p = refill(p, <u32>min<u64>(left, WINDOW))
  if (!find(p)) fail(Code.TOO_LARGE, offsetOf(p))
  return p
}

/** Whether the cell at `p` ends in the window. */
function find(p: usize): bool {
  const end = p + atHand(p)
  const ended = offsetOf(end) == inputSize()
  const quoted = p < end && load<u8>(p) == Char.QUOTE
  let q = p + <usize>quoted
  doubled = 0
  for (; q < end; q++) {
    const c = <u32>load<u8>(q)
    if (!special(c)) continue
    if (!quoted) {
      if (c == Char.QUOTE) fail(Code.MALFORMED, offsetOf(q), c)
      break
    }
    if (c != Char.QUOTE) continue
    if (q + 1 == end && !ended) return false
    if (q + 1 == end || load<u8>(q, 1) != Char.QUOTE) break
    doubled++
    q++
  }
  from = p + <usize>quoted
  size = <u32>(q - from)
  if (quoted) {
    if (q >= end) return unfinished(ended)
    if (!lenient && !needsQuotes()) fail(Code.NON_CANONICAL, offsetOf(p), Char.QUOTE)
    q++
  }
  return endsAt(q, end, ended)
}

function needsQuotes(): bool {
  for (let i: u32 = 0; i < size; i++) if (special(load<u8>(from + i))) return true
  return false
}

function unfinished(ended: bool): bool {
  if (ended) fail(Code.UNEXPECTED_END, inputSize())
  return false
}

/** What stands after a cell: a comma, a line end, or the end of the input, which takes the place of the last line end in lax input. */
function endsAt(q: usize, end: usize, ended: bool): bool {
  if (q >= end) {
    if (!ended) return false
    if (!lenient) fail(Code.NON_CANONICAL, inputSize())
    last = true
    after = q
    return true
  }
  const c = <u32>load<u8>(q)
  let n: usize = 1
  if (c == Char.CR) {
    if (q + 1 == end && !ended) return false
    if (q + 1 == end || load<u8>(q, 1) != Char.LF) fail(Code.MALFORMED, offsetOf(q), c)
    if (!lenient) fail(Code.NON_CANONICAL, offsetOf(q), c)
    n = 2
  } else if (c != Char.COMMA && c != Char.LF) {
    fail(Code.MALFORMED, offsetOf(q), c)
  }
  last = c != Char.COMMA
  after = q + n
  return true
}

/** Copies the cell's bytes, doubled quotes as one. */
export function unescape(to: usize): void {
  for (let i: u32 = 0; i < size; i++) {
    const c = load<u8>(from + i)
    store<u8>(to++, c)
    if (c == Char.QUOTE) i++
  }
}
