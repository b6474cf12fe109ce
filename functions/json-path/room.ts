/** Memory that is given back: blocks come and go, and results grow. Sizes are powers of two, each with a list of what is free, so that a run of any length uses what it had at most. */
import { Code, fail } from '../../codecs/sdk/fail'
import { allocate } from '../../codecs/sdk/heap'

/** Before each piece: its size, as a power of two. */
const HEADER: usize = 16
const LEAST: u32 = 6

// @ts-ignore: decorator
@lazy const FREE: usize = memory.data(32 * 4, 16)

/** At least `n` bytes, aligned to 16. */
export function get(n: usize): usize {
  if (n > 1 << 30) fail(Code.TOO_LARGE, 0)
  const power = max<u32>(LEAST, 32 - clz<u32>(<u32>(n + HEADER - 1)))
  const list = FREE + (<usize>power << 2)
  const free = <usize>load<u32>(list)
  if (free) {
    store<u32>(list, load<u32>(free))
    return free
  }
  const at = allocate(<usize>1 << power)
  store<u32>(at, power)
  return at + HEADER
}

/** Gives a piece back. */
export function free(at: usize): void {
  if (!at) return
  const list = FREE + (<usize>load<u32>(at - HEADER) << 2)
  store<u32>(at, load<u32>(list))
  store<u32>(list, <u32>at)
}

// @ts-ignore: decorator
@inline export function sizeOf(at: usize): usize { return (<usize>1 << load<u32>(at - HEADER)) - HEADER }

/** A piece with the first `used` bytes of this one and room for `n`, which takes its place. */
export function grown(at: usize, used: usize, n: usize): usize {
  if (n <= sizeOf(at)) return at
  const to = get(n)
  memory.copy(to, at, used)
  free(at)
  return to
}
