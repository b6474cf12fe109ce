/** Transaction ids: the double SHA-256 of a transaction without its witnesses. */
import { windowAddress } from '../../sdk/control'
import { offsetOf, readInput } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { closeTwice, open, update } from '../hash/sha256'

/** Where the `n` bytes of input before `p` stand: in the window still, or read again, good until the next record is written. */
export function before(p: usize, n: usize): usize {
  if (p - windowAddress() >= n) return p - n
  const at = tape.scratch(n + 16)
  readInput(at, <u32>n, offsetOf(p) - n)
  return at
}

/** Writes the id of the transaction of `n` bytes at `p`. @param witness where its witnesses begin, from `p` on; 0 without */
export function txid(p: usize, n: usize, witness: usize, to: usize): void {
  open()
  if (witness == 0) {
    update(p, n)
  } else {
    update(p, 4)
    update(p + 6, witness - 6)
    update(p + n - 4, 4)
  }
  closeTwice(to)
}
