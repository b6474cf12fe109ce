/** CRC-32 as PNG, zip and gzip use it (ISO/IEC 15948, annex D; polynomial 0xedb88320, reflected), eight bytes at a time: table k says what a byte does that k bytes follow. */
import { allocate } from '../../sdk/heap'

let tables: usize = 0

function makeTables(): void {
  tables = allocate(8 * 1024)
  for (let i: u32 = 0; i < 256; i++) {
    let c = i
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >> 1) : c >> 1
    store<u32>(tables + (i << 2), c)
  }
  for (let at = tables; at < tables + 7 * 1024; at += 4) {
    const c = load<u32>(at)
    store<u32>(at + 1024, (c >> 8) ^ entry(tables, c))
  }
}

// @ts-ignore: decorator
@inline function entry(table: usize, byte: u32): u32 { return load<u32>(table + ((byte & 0xff) << 2)) }

/** Goes on from the CRC of what came before, 0 at the start, with `n` bytes more. */
export function crc32(before: u32, p: usize, n: usize): u32 {
  if (!tables) makeTables()
  const t = tables
  const end = p + n
  let c = ~before
  for (; p + 8 <= end; p += 8) {
    const low = c ^ load<u32>(p)
    const high = load<u32>(p, 4)
    c =
      entry(t + 7168, low) ^ entry(t + 6144, low >> 8) ^ entry(t + 5120, low >> 16) ^ entry(t + 4096, low >> 24) ^
      entry(t + 3072, high) ^ entry(t + 2048, high >> 8) ^ entry(t + 1024, high >> 16) ^ entry(t, high >> 24)
  }
  for (; p < end; p++) c = (c >> 8) ^ entry(t, c ^ load<u8>(p))
  return ~c
}
