/** What every object begins with: `blob 12` and a zero byte. */
import { Code, fail } from '../sdk/fail'

export const enum Type { BLOB, TREE, COMMIT, TAG }

/** The four words, each with its space, in 8 bytes. */
const BLOB: u64 = 0x20626f6c62
const TREE: u64 = 0x2065657274
const COMMIT: u64 = 0x2074696d6d6f63
const TAG: u64 = 0x20676174

/** The type that `headerLength` has found. */
export let type: Type = Type.BLOB

/** Reads the header of a block of `size` bytes, whose first ones, up to `end`, stand at `p`; answers its length. Fails unless it says what there is. */
export function headerLength(p: usize, end: usize, size: u64): u32 {
  const word = load<u64>(p)
  const n: usize = end - p
  let at: usize = 5
  if (n >= 5 && (word & 0xffffffffff) == BLOB) type = Type.BLOB
  else if (n >= 5 && (word & 0xffffffffff) == TREE) type = Type.TREE
  else if (n >= 7 && (word & 0xffffffffffffff) == COMMIT) {
    type = Type.COMMIT
    at = 7
  } else if (n >= 4 && (word & 0xffffffff) == TAG) {
    type = Type.TAG
    at = 4
  } else {
    const known = n < 8 && (begins(word, n, BLOB) || begins(word, n, TREE) || begins(word, n, COMMIT) || begins(word, n, TAG))
    fail(known ? Code.UNEXPECTED_END : Code.MALFORMED, known ? size : 0, load<u8>(p))
  }
  const digits = p + at
  p = digits
  let said: u64 = 0
  while (p < end && <u32>load<u8>(p) - 48 < 10) {
    said = said * 10 + <u64>(load<u8>(p++) - 48)
    // no block is as large; and git takes no zeros before the first digit
    if (said >> 53) fail(Code.NUMBER_RANGE, at)
    if (load<u8>(digits) == 48 && p > digits + 1) fail(Code.MALFORMED, at, 48)
  }
  if (p == end) fail(Code.UNEXPECTED_END, size)
  if (p == digits || load<u8>(p) != 0) fail(Code.MALFORMED, <u64>(at + (p - digits)), load<u8>(p))
  const length = at + (p - digits) + 1
  if (said > size - length) fail(Code.UNEXPECTED_END, size)
  if (said < size - length) fail(Code.TRAILING_BYTES, said + length)
  return <u32>length
}

/** Whether the first `n` bytes, fewer than 8, of two words are the same. */
function begins(a: u64, n: usize, b: u64): bool { return n == 0 || (a ^ b) << (64 - (<u64>n << 3)) == 0 }

/** Writes a header, and answers the address after it. */
export function writeType(to: usize, type: Type): usize {
  store<u64>(to, type == Type.TREE ? TREE : type == Type.COMMIT ? COMMIT : TAG)
  return to + (type == Type.TREE ? 5 : type == Type.COMMIT ? 7 : 4)
}
