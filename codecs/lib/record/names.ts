/**
 * The names of a format's fields, the keys of its maps. A codec lists them once, in one string with a space after each; a *field* is its place in that list, below 64.
 * They are laid out anew in every call, as ASCII, which is the text arena of what is decoded:
 *
 * ```
 *  TEXT   version parent tx …          FIELDS   offset | length << 16, a u32 each
 * ```
 */
import * as tape from '../../sdk/tape'

// @ts-ignore: decorator
@lazy const TEXT: usize = memory.data(768, 16)
// @ts-ignore: decorator
@lazy const FIELDS: usize = memory.data(64 * 4, 16)

let textLength: u32 = 0
let fieldCount: u32 = 0

/** Lays out the names. */
export function layNames(list: string): void {
  const from = changetype<usize>(list)
  const n = <usize>list.length
  let start: usize = 0
  for (let i: usize = 0; i < n; i++) {
    const c = load<u16>(from + (i << 1))
    store<u8>(TEXT + i, <u8>c)
    if (c == 0x20) {
      store<u32>(FIELDS + (<usize>fieldCount << 2), <u32>(start | (i - start) << 16))
      fieldCount++
      start = i + 1
    }
  }
  textLength = <u32>n
}

/** Opens the tape for maps with these names: there is no other text. @param room bytes for the data arena */
export function openTape(list: string, room: usize): void {
  layNames(list)
  tape.openNamed(TEXT, textLength, room)
}

/** A field's name, as a key. */
// @ts-ignore: decorator
@inline export function key(field: u32): void {
  const place = load<u32>(FIELDS + (<usize>field << 2))
  tape.literal(place & 0xffff, place >> 16)
}

/** The field of `among` (a bit each) whose name is the `n` bytes at `p`; −1 if there is none. */
export function fieldNamed(p: usize, n: u32, among: u64): i32 {
  for (let field: u32 = 0; field < fieldCount; field++) {
    const place = load<u32>(FIELDS + (<usize>field << 2))
    if (place >> 16 == n && (among >> field & 1) != 0 && memory.compare(TEXT + <usize>(place & 0xffff), p, n) == 0) return <i32>field
  }
  return -1
}
