/** The orientation that EXIF data notes: tag 274 of the first directory (TIFF 6.0, section 2; CIPA DC-008). */

/** 1 to 8; 1, as it is stored, where the data has none or is not what it should be: what a camera noted is no part of the image. */
export function orientationOf(p: usize, n: u32): u32 {
  if (n < 14) return 1
  const big = load<u32>(p) == 0x2a004d4d
  if (!big && load<u32>(p) != 0x002a4949) return 1
  const directory = long(p + 4, big)
  if (directory > n - 2) return 1
  const count = short(p + directory, big)
  let at = directory + 2
  for (let i: u32 = 0; i < count && at + 12 <= n; i++, at += 12) {
    if (short(p + at, big) != 274) continue
    // one SHORT, in the upper or first half of the value
    if (short(p + at + 2, big) != 3 || long(p + at + 4, big) != 1) return 1
    const value = short(p + at + 8, big)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

function short(at: usize, big: bool): u32 {
  const value = <u32>load<u16>(at)
  return big ? <u32>bswap<u16>(<u16>value) : value
}

function long(at: usize, big: bool): u32 {
  const value = load<u32>(at)
  return big ? bswap(value) : value
}
