/** Names: of the fields in the data model, and of links. */

/** DataLinks */
// @ts-ignore: decorator
@lazy export const NODE_KEYS: usize = memory.data<u8>([0x44, 0x61, 0x74, 0x61, 0x4c, 0x69, 0x6e, 0x6b, 0x73, 0, 0, 0, 0, 0, 0, 0], 16)
/** HashNameTsize */
// @ts-ignore: decorator
@lazy export const LINK_KEYS: usize = memory.data<u8>([0x48, 0x61, 0x73, 0x68, 0x4e, 0x61, 0x6d, 0x65, 0x54, 0x73, 0x69, 0x7a, 0x65, 0, 0, 0], 16)

/**
 * The order of links: by the bytes of their names, no name being an empty one.
 * Below 0, 0 or above 0 as the name at `a` comes before the one at `b`, is the same or comes after it. May read up to 15 bytes past the ends.
 */
// @ts-ignore: decorator
@inline export function compareNames(a: usize, an: u32, b: usize, bn: u32): i32 {
  const shorter = min(an, bn)
  const same = <u32>ctz(i8x16.bitmask(i8x16.ne(v128.load(a), v128.load(b))) | 0x10000)
  if (same < min<u32>(shorter, 16)) return <i32>load<u8>(a + same) - <i32>load<u8>(b + same)
  const c = shorter > 16 ? memory.compare(a + 16, b + 16, shorter - 16) : 0
  return c != 0 ? c : an < bn ? -1 : i32(an > bn)
}
