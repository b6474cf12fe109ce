/**
 * The bytes of a stream that a function has been handed and has not done with: consecutive in memory however the stream was cut. Its user moves `start`.
 *
 * ```
 *  base         start                end                        base + capacity
 *  ┌────────────┬────────────────────┬──────────────────────────┬───────┐
 *  │ done with  │ pending            │ room for the next chunk  │ slack │      16 bytes, so that a load may begin at the last byte
 *  └────────────┴────────────────────┴──────────────────────────┴───────┘
 * ```
 * What is pending goes to the front only where there is no room after it, and if it is more than half of the capacity, there will be more capacity: so a byte is moved twice on average at most, also if a chunk is one byte.
 */
import * as fn from '../../sdk/function'
import { allocate, rest } from '../../sdk/heap'
import * as node from '../../sdk/node'
import { Kind } from '../../sdk/tape'

const SLACK: usize = 16

export let start: usize = 0
export let end: usize = 0
/** Bytes of the stream before `start`. */
export let passed: u64 = 0

let base: usize = 0
let capacity: usize = 0
let least: usize = 0

/** To be called when the stream has been opened and its size has come. @param most bytes that its user leaves pending */
export function openPending(most: usize): void {
  const size = fn.handedNode()
  least = most << 1
  // a stream may be shorter than what its user would wait for
  if (node.kind(size) == Kind.UINT && node.integer(size) < least) least = <usize>node.integer(size)
}

// @ts-ignore: decorator
@inline export function pendingLength(): usize { return end - start }

/** Done with `n` bytes. */
// @ts-ignore: decorator
@inline export function pass(n: usize): void {
  start += n
  passed += n
}

/** Puts the chunk that is the input behind what is pending. */
export function takePending(): void {
  const n = <usize>fn.chunkSize()
  if (end + n > base + capacity) makeRoom(n)
  fn.takeChunk(end)
  end += n
}

function makeRoom(n: usize): void {
  const held = end - start
  let to = base
  if (held + n > capacity || held > capacity >> 1) {
    // doubled, up to what will do for chunks of this size: in place if nothing has been allocated since
    const wanted = (max(held + n, min(capacity << 1, least + n)) + 15) & ~15
    if (base && base + capacity + SLACK == rest()) allocate(wanted - capacity)
    else to = base = allocate(wanted + SLACK)
    capacity = wanted
  }
  memory.copy(to, start, held)
  start = to
  end = to + held
}
