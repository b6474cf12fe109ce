/**
 * A tree that is built from its leaves, left to right, with at most `width` entries a node and all leaves equally deep: one table of entries a level, which is all that there is of the tree at any time.
 * A level that has one entry too many gives its first `width` to a node, and the node's entry goes to the level above. A level is not closed for being full, since what is full at the end may be the root.
 *
 * ```
 *  level 2  [ N N ]
 *  level 1  [ n n n n n n ]
 *  level 0  [ • • • • ]  ◀─ next leaf
 * ```
 */
import { Code, fail } from '../../sdk/fail'
import { allocate } from '../../sdk/heap'

/** Leaves fewer than 2^53, two to a node. */
const MAX_LEVELS: u32 = 54

// @ts-ignore: decorator
@lazy const TABLES: usize = memory.data(54 * 4, 16)
// @ts-ignore: decorator
@lazy const COUNTS: usize = memory.data(54 * 4, 16)

let width: u32 = 0
let entry: usize = 0
let levels: u32 = 0

/** @param most entries a node @param size bytes of an entry */
export function openLevels(most: u32, size: usize): void {
  width = most
  entry = size
}

/** Adds an entry to a level: answers where it is to be written. */
export function addEntry(level: u32): usize {
  if (level == levels) {
    if (levels == MAX_LEVELS) fail(Code.TOO_LARGE, 0, levels)
    store<u32>(TABLES + (<usize>level << 2), <u32>allocate((<usize>width + 1) * entry))
    levels++
  }
  const n = entriesOf(level)
  store<u32>(COUNTS + (<usize>level << 2), n + 1)
  return entryAt(level, n)
}

// @ts-ignore: decorator
@inline export function entryAt(level: u32, i: u32): usize { return <usize>load<u32>(TABLES + (<usize>level << 2)) + <usize>i * entry }

// @ts-ignore: decorator
@inline export function entriesOf(level: u32): u32 { return load<u32>(COUNTS + (<usize>level << 2)) }

/** Entries that the next node of a level is made of. */
export function nodeEntries(level: u32): u32 { return min(entriesOf(level), width) }

/** Whether a level has an entry more than a node may have. */
// @ts-ignore: decorator
@inline export function overfull(level: u32): bool { return entriesOf(level) > width }

/** Removes the entries that a node has been made of. */
export function removeEntries(level: u32): void {
  const n = entriesOf(level)
  const gone = nodeEntries(level)
  if (n > gone) memory.copy(entryAt(level, 0), entryAt(level, gone), entry)
  store<u32>(COUNTS + (<usize>level << 2), n - gone)
}

/** The lowest level that has entries; all levels there are if none has. */
export function lowest(): u32 {
  for (let i: u32 = 0; i < levels; i++) if (entriesOf(i)) return i
  return levels
}

/** Whether there is no level above this one. */
export function isTop(level: u32): bool { return level + 1 >= levels }
