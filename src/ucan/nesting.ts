/**
 * How deep CBOR nests, before anything recursive reads it: what a decoder's stack takes differs from engine to engine, and one token must not be valid in one and not in another.
 * It follows the heads alone; everything else that may be wrong with the bytes is the decoder's to find.
 */

const LIST = 4
const MAP = 5
const TAG = 6

/** The byte at which lists, maps and tags nest deeper than `limit`; −1 if they do not. */
export function tooDeepAt(bytes: Uint8Array, limit: number): number {
  // items that are still to come, by level
  const open: number[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at
    const major = bytes[at] >> 5
    const info = bytes[at++] & 31
    let argument = info
    if (info >= 24) {
      if (info > 27) return -1
      argument = 0
      for (let end = at + (1 << (info - 24)); at < end; at++) argument = argument * 256 + (bytes[at] ?? 0)
    }
    if (major === 2 || major === 3) at += argument
    else if (major >= LIST && major <= TAG) {
      open.push(major === TAG ? 1 : major === MAP ? argument * 2 : argument)
      if (open.length > limit) return start
      if (open[open.length - 1] > 0) continue
      open.pop()
    }
    // an item has ended, and with it each that it was the last of
    while (open.length > 0 && --open[open.length - 1] === 0) open.pop()
    if (open.length === 0) return -1
  }
  return -1
}
