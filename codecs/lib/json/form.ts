/**
 * Which numbers are whose. DAG-JSON keeps integers and floats apart by how they are written, `1` and `1.0`. Plain JSON writes both as JavaScript does, so that what a number is
 * follows from its size: digits alone are an integer as far as integers go, and a float beyond.
 *
 * A codec that never calls `setPlain` has nothing of plain JSON in its module: the compiler sees constants.
 */
import { writeFloat } from '../../sdk/decimal'

export let plain: bool = false
/** The greatest integer, apart from its sign, and how many digits that has. */
export let most: u64 = 0
export let mostDigits: usize = 0

export function setPlain(greatest: u64, digits: usize): void {
  plain = true
  most = greatest
  mostDigits = digits
}

/** Writes a finite float and answers the address after it: at most 26 bytes; may write 56. Plain: as ECMAScript's Number::toString, hence −0 as `0`. */
export function writeNumber(to: usize, x: f64): usize {
  if (!plain) return writeFloat(to, x)
  // only whole numbers end in `.0`
  const end = writeFloat(to, x == 0 ? 0 : x)
  return load<u16>(end - 2) == 0x302e ? end - 2 : end
}
