/**
 * Maps whose keys come in any order, each once. Keys that ascend are not the same, nor are keys with different *bits*; a decoder gathers the bits of a map's keys as it goes, and only
 * a map with neither is searched. What stands here is for decoders that write the tape.
 */
import { Code, fail } from './fail'
import { compareKeys, hasDuplicate, Order, scratchFor } from './order'
import * as tape from './tape'

/** What a decoder has seen of a map's keys. ESCAPED: they do not stand in the input as they are. */
export const enum Odd { ESCAPED = 1, UNORDERED = 2, CLASH = 4 }

/** The first four bytes of a key, as far as it has them. */
// @ts-ignore: decorator
@inline function beginning(name: usize): u32 {
  const n = tape.keyLength(name)
  return load<u32>(tape.keyBytes(name)) & (n < 4 ? (1 << (n << 3)) - 1 : -1)
}

/** A hash of a key's beginning and length. */
// @ts-ignore: decorator
@inline export function keyHash(name: usize): u32 { return beginning(name) * 0x9e3779b1 + tape.keyLength(name) }

/** One of 64 bits for a key with this hash. */
// @ts-ignore: decorator
@inline export function keyBit(name: usize, hash: u32): u64 {
  const n = tape.keyLength(name)
  const last = n ? <u32>load<u8>(tape.keyBytes(name) + n - 1) : 0
  return <u64>1 << <u64>((hash + last * 0x85ebca6b) * 0x9e3779b1 >>> 26)
}

/** UNORDERED if the key `name`, which stands at `offset`, comes before the one before it. Fails with DUPLICATE_KEY if it is the same. */
export function follows(previous: usize, name: usize, offset: u64, by: Order): u32 {
  const c = compareKeys(tape.keyBytes(previous), tape.keyLength(previous), tape.keyBytes(name), tape.keyLength(name), by)
  if (c == 0) fail(Code.DUPLICATE_KEY, offset)
  return c > 0 ? Odd.UNORDERED : 0
}

/** Fails with DUPLICATE_KEY if a map of which `odd` is known has a key twice. @param offset where to point then */
// @ts-ignore: decorator
@inline export function refuseDuplicates(map: usize, odd: u32, offset: u64): void {
  if ((odd & (Odd.UNORDERED | Odd.CLASH)) == (Odd.UNORDERED | Odd.CLASH)) search(map, offset)
}

function search(map: usize, offset: u64): void {
  tape.openForReading()
  if (hasDuplicate(map, tape.scratch(scratchFor(tape.keyLength(map))), Order.BYTES)) fail(Code.DUPLICATE_KEY, offset)
}
