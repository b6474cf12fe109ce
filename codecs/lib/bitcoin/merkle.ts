/** The Merkle tree over a block's transactions: each level hashes the pairs of the level below; an odd last one is paired with itself. */
import { twiceOfPairs } from '../hash/sha256lanes'
import { HASH } from './link'

/** Bytes that the tree over `count` hashes needs. */
// @ts-ignore: decorator
@inline export function treeSize(count: u32): usize { return (<usize>count + 1) * HASH }

/**
 * Replaces the `count` hashes at `hashes` by their root, which is zero for none. False if two hashes of a pair are the same though none had to be doubled: then there are
 * transactions twice, and other lists of transactions have this root (CVE-2012-2459).
 */
export function rootOf(hashes: usize, count: u32): bool {
  let unique = true
  if (count == 0) memory.fill(hashes, 0, HASH)
  while (count > 1) {
    for (let i: u32 = 1; i < count; i += 2) {
      const pair = hashes + <usize>(i - 1) * HASH
      if (same(pair, pair + HASH)) unique = false
    }
    if (count & 1) memory.copy(hashes + <usize>count * HASH, hashes + <usize>(count - 1) * HASH, HASH)
    count = (count + 1) >> 1
    twiceOfPairs(hashes, count, hashes)
  }
  return unique
}

/** Whether two hashes are the same. */
export function same(a: usize, b: usize): bool {
  return !v128.any_true(v128.or(v128.xor(v128.load(a), v128.load(b)), v128.xor(v128.load(a, 16), v128.load(b, 16))))
}
