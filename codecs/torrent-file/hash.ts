/** The hash of a part of the input. */
import { windowAddress, WINDOW } from '../sdk/control'
import { readInput } from '../sdk/input'
import { sha1Begin, sha1End, sha1Update } from '../lib/hash/sha1'

/** Writes the sha1 of the input from `start` to `end`. What the window held is lost. */
export function hashInput(start: u64, end: u64, to: usize): void {
  sha1Begin()
  while (start < end) {
    const n = <u32>min<u64>(end - start, WINDOW)
    readInput(windowAddress(), n, start)
    sha1Update(windowAddress(), n)
    start += n
  }
  sha1End(to)
}
