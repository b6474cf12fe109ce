/**
 * The block that rows are put into: a list of them, whose head is written last, right before the first.
 *
 * ```
 *  block ┌──────┬───────────────────────┬───────┐
 *        │ head │ rows, `held` of them  │ next  │      a row that would make it too large begins the next block
 *        └──────┴───────────────────────┴───────┘
 *              rows                    end     top
 * ```
 */
import { headSize, putHead } from '../../codecs/lib/cbor/put'
import { Major } from '../../codecs/lib/cbor/head'
import { Code } from '../../codecs/sdk/fail'
import { allocate } from '../../codecs/sdk/heap'
import { putRow, rowRoom } from './columns'
import { failAt } from './scan'

/** Most bytes of a block of rows. */
const MAX_BLOCK: usize = 1 << 20
const FIRST: usize = 1 << 12

let rows: usize = 0
let end: usize = 0
let top: usize = 0
let limit: usize = 0
let most: u32 = 0

/** Rows of the block. */
export let held: u32 = 0

/** @param mostRows of a block */
export function openBlock(mostRows: u32): void { most = mostRows }

/** Adds the row that has been found: to this block, or to the next if this one is then complete. Fails with TOO_LARGE if there is no block for it. */
export function addRow(typed: bool): void {
  reserve(rowRoom())
  top = putRow(end, typed)
  if (<usize>headSize(held + 1) + (top - rows) <= MAX_BLOCK) {
    end = top
    held++
  } else if (!held || <usize>headSize(1) + (top - end) > MAX_BLOCK) {
    failAt(Code.TOO_LARGE, 0)
  }
}

/** Whether no row may be added to the block. */
export function isComplete(): bool { return held == most || top > end }

/** Writes the head, and answers where the block is. */
export function sealBlock(): usize {
  const at = rows - headSize(held)
  putHead(at, Major.ARRAY, held)
  return at
}

/** Where the block ends. */
export function sealedEnd(): usize { return end }

/** Begins the next block, with the row that this one had no room for. */
export function nextBlock(): void {
  const n = top - end
  memory.copy(rows, end, n)
  held = u32(n != 0)
  end = top = rows + n
}

/** Room for so many bytes more. There is less in use than a block and a row may have, so it is doubled a few times at most. */
function reserve(n: usize): void {
  if (end + n <= limit) return
  const used = end - rows
  const capacity = max(max((limit - rows) << 1, FIRST), used + n)
  const to = allocate(16 + capacity) + 16
  memory.copy(to, rows, used)
  rows = to
  end = top = to + used
  limit = to + capacity
}
