/** Modes of tree entries, and the order that they have a part in. */

/** Octal digits of the mode at `p`, which a space follows; 0 if that is not what is there. */
export function modeLength(p: usize, end: usize): u32 {
  let n: u32 = 0
  while (n < 8 && p + n < end && <u32>load<u8>(p + n) - 48 < 8) n++
  // 40000, and 0100644 of tools that write zeros before it
  return n >= 5 && n <= 7 && p + n < end && load<u8>(p + n) == 0x20 ? n : 0
}

/** Whether a mode of `n` digits is a directory's: 40000. Links to commits, 160000, are none. */
export function isDirectory(p: usize, n: u32): bool {
  let mode: u32 = 0
  for (let i: u32 = 0; i < n; i++) mode = mode << 3 | (load<u8>(p + i) & 7)
  return (mode & 0xf000) == 0x4000
}

/** Below 0, 0 or above 0 as the first name comes before the second, is the same or comes after it. May read up to 7 bytes past the ends. */
export function compareNames(a: usize, an: u32, aIsDirectory: bool, b: usize, bn: u32, bIsDirectory: bool): i32 {
  const n = min(an, bn)
  const c = memory.compare(a, b, n)
  if (c != 0) return c
  const x: i32 = an > n ? load<u8>(a + n) : aIsDirectory ? 0x2f : 0
  const y: i32 = bn > n ? load<u8>(b + n) : bIsDirectory ? 0x2f : 0
  return x != y ? x - y : an == bn ? 0 : an < bn ? -1 : 1
}
