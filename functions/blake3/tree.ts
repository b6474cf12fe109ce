/**
 * A tree over some leaves, level by level, and its parents in pre-order as the Bao format has them. Two values that stand side by side are what their parent consists of.
 *
 * ```
 *  values  ┌───────────────────┬──────────┬─────┬──┐      parents  ┌──────┬──────┬──────┬──
 *          │ leaves            │ level 1  │ 2   │ …│               │ root │ left │ …    │
 *          └───────────────────┴──────────┴─────┴──┘               └──────┴──────┴──────┴──
 * ```
 */
import { HASH, level } from '../../codecs/lib/hash/blake3'

/** Bytes of a parent. */
export const PARENT: usize = 2 * HASH

/** Bytes for the values of a tree over so many leaves: each level is at most half of the one below it, and one. */
// @ts-ignore: decorator
@inline export function valuesSize(leaves: u32): usize { return (2 * <usize>leaves + 32) * HASH }

/**
 * Makes the tree over `count` leaves at `values`, which has room for all levels, and answers the address of its root.
 * @param root whether its root is the message's @param parents where the parents go, `count` − 1 of them; 0 for nowhere
 */
export function grow(values: usize, count: u32, root: bool, parents: usize): usize {
  const leaves = count
  for (let height: u32 = 1; count > 1; height++) {
    if (parents) place(values, count >> 1, height, leaves, parents)
    const above = values + <usize>count * HASH
    count = level(values, count, root, above)
    values = above
  }
  return values
}

/** Puts parents of one height where they belong in pre-order. */
function place(values: usize, count: u32, height: u32, leaves: u32, parents: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const to = parents + <usize>placeOf(i << height, height, leaves) * PARENT
    const from = values + <usize>i * PARENT
    for (let k: usize = 0; k < PARENT; k += 16) v128.store(to + k, v128.load(from + k))
  }
}

/** How many parents come before the one of this height over the leaves from `first` on: those above it, and all of the whole trees to its left, of each 2^k leaves one less. */
function placeOf(first: u32, height: u32, leaves: u32): u32 {
  let above: u32 = 0
  for (let h = height + 1; <u32>1 << (h - 1) < leaves; h++) above += u32(stands(first, h, leaves))
  return above + first - popcnt(first)
}

/** Whether there is a parent of this height above a leaf: whether it would have anything to its right. */
// @ts-ignore: decorator
@inline function stands(leaf: u32, height: u32, leaves: u32): bool { return (leaf >> height << height) + (1 << (height - 1)) < leaves }

/** How many parents come right before leaf `leaf` in pre-order: those that begin with it. */
export function parentsBefore(leaf: u32, leaves: u32): u32 {
  let count: u32 = 0
  for (let h: u32 = 1; <u32>1 << (h - 1) < leaves && !(leaf & ((1 << h) - 1)); h++) count += u32(stands(leaf, h, leaves))
  return count
}
