/** Keys of maps on their way between blocks and the tape, escaped where they are not UTF-8; see utf8.ts. */
import { Code, fail } from '../../sdk/fail'
import { allocate } from '../../sdk/heap'
import { copyInput, offsetOf } from '../../sdk/input'
import * as node from '../../sdk/node'
import { Kind, RECORD } from '../../sdk/tape'
import * as tape from '../../sdk/tape'
import { escape, isPlain, unescape } from './utf8'

/** `n` input bytes at `p` as a key; answers the position after them. The data arena must have room for three times as many. */
export function escapedKey(p: usize, n: u32): usize {
  const offset = offsetOf(p)
  if (n >> 29) fail(Code.TOO_LARGE, offset)
  const to = tape.dataRoom(3 * n, offset)
  p = copyInput(p, to + 2 * <usize>n, n)
  tape.dataString(<u32>(escape(to + 2 * <usize>n, n, to) - to), offset)
  return p
}

/** Puts the bytes that the keys of a map stand for in their place. To be called once for each map that has keys of its own, before anything looks at them. */
export function unescapeKeys(map: usize): void {
  const count = node.length(map)
  let at = map + RECORD
  for (let i = node.shared(map); i > 0; i--) at = node.next(at)
  for (let i = node.shared(map); i < count; i++) {
    const n = node.length(at)
    const p = node.resident(at)
    if (!isPlain(p, n) && hasZero(p, n)) {
      const to = allocate(n)
      const end = unescape(p, n, to)
      if (!end) fail(Code.MALFORMED, node.indexOf(at))
      // what an offset means is decided by the arena that it is relative to
      store<u32>(at, <u32>(end - to), 4)
      store<u32>(at, load<u32>(at, 8) + <u32>(to - p), 8)
    }
    at = node.next(at + RECORD)
  }
}

/** `unescapeKeys` for all maps of the tape, and before anything else. */
export function unescapeAll(): void {
  const root = node.openNode()
  const end = root + node.tapeLength()
  for (let at = root; at < end; at += RECORD) if (node.kind(at) == Kind.MAP) unescapeKeys(at)
}

function hasZero(p: usize, n: u32): bool {
  for (let i: u32 = 0; i < n; i++) if (load<u8>(p + i) == 0) return true
  return false
}

/** Compares the bytes that two keys stand for, as `compareKeys` does. */
export function compareEscaped(a: usize, an: u32, b: usize, bn: u32): i32 {
  const aEnd = a + an
  const bEnd = b + bn
  while (a < aEnd && b < bEnd) {
    const x = byteAt(a)
    const y = byteAt(b)
    if (x != y) return x < y ? -1 : 1
    a += sizeAt(a)
    b += sizeAt(b)
  }
  return a < aEnd ? 1 : b < bEnd ? -1 : 0
}

// @ts-ignore: decorator
@inline function byteAt(p: usize): u32 { return load<u8>(p) || load<u8>(p, 1) == 0 ? load<u8>(p) : <u32>(<u8>(load<u8>(p, 1) << 6 | load<u8>(p, 2) & 0x3f)) }
// @ts-ignore: decorator
@inline function sizeAt(p: usize): usize { return load<u8>(p) ? 1 : load<u8>(p, 1) ? 3 : 2 }
