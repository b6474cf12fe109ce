/** Links in cells: `ipfs://` and a CID of version 1 in base32 (lower case, multibase prefix `b`), and nothing else in the cell. */
import { isCid } from '../../codecs/sdk/cid'

/** ipfs://b, little-endian */
const PREFIX: u64 = 0x622f2f3a73667069
const PREFIX_LENGTH: u32 = 8

/** Writes the CID of the cell of `n` bytes at `p` to `to`; answers its length, or 0 if the cell is text. Writes at most `n` bytes. */
export function readLink(p: usize, n: u32, to: usize): u32 {
  if (n <= PREFIX_LENGTH || load<u64>(p) != PREFIX) return 0
  const end = p + n
  let bits: u32 = 0
  let have: u32 = 0
  let at = to
  for (p += PREFIX_LENGTH; p < end; p++) {
    const c = <u32>load<u8>(p)
    const digit = c - 0x61 < 26 ? c - 0x61 : c - 0x32 < 6 ? c - 0x32 + 26 : 32
    if (digit > 31) return 0
    bits = bits << 5 | digit
    have += 5
    if (have >= 8) {
      have -= 8
      store<u8>(at++, <u8>(bits >> have))
    }
  }
  // a CID has one text: no digit too many, and nothing in the bits that are left over
  if (have > 4 || bits & (1 << have) - 1) return 0
  const length = <u32>(at - to)
  return load<u8>(to) == 1 && isCid(to, length) ? length : 0
}

/** Bytes that `writeLink` writes for a CID of `n` bytes. */
// @ts-ignore: decorator
@inline export function linkSize(n: u32): u32 { return PREFIX_LENGTH + (n * 8 + 4) / 5 }

/** Writes the CID of `n` bytes at `p` as a cell. */
export function writeLink(p: usize, n: u32, to: usize): void {
  store<u64>(to, PREFIX)
  to += PREFIX_LENGTH
  let bits: u32 = 0
  let have: u32 = 0
  for (const end = p + n; p < end; p++) {
    bits = bits << 8 | load<u8>(p)
    have += 8
    while (have >= 5) {
      have -= 5
      store<u8>(to++, digit(bits >> have))
    }
  }
  if (have) store<u8>(to, digit(bits << 5 - have))
}

// @ts-ignore: decorator
@inline function digit(x: u32): u8 {
  x &= 31
  return <u8>(x < 26 ? x + 0x61 : x - 26 + 0x32)
}
