/** Memory after the static data: a bump allocator. Nothing is freed, since every call starts anew with all globals as at instantiation. */
import { Code, fail } from './fail'

let top: usize = (__heap_base + 15) & ~15

/** Reserves `length` bytes, aligned to 16. */
export function allocate(length: usize): usize {
  const address = top
  const next = (address + length + 15) & ~15
  if (next < address) fail(Code.TOO_LARGE, 0)
  reach(next)
  top = next
  return address
}

/** The region after everything allocated: for the one thing that grows in place. */
// @ts-ignore: decorator
@inline export function rest(): usize { return top }

/** Makes memory up to `address` exist. Fails with TOO_LARGE, of the input as a whole, where the memory limit does not allow it. */
export function reach(address: usize): void {
  if (!reached(address)) fail(Code.TOO_LARGE, 0)
}

/** As `reach`, with `spare` bytes more if the limit allows them. */
export function reachWith(address: usize, spare: usize): void {
  if (address + spare < address || !reached(address + spare)) reach(address)
}

function reached(address: usize): bool {
  const have = <usize>memory.size() << 16
  return address <= have || memory.grow(<i32>((address - have + 0xffff) >> 16)) >= 0
}

/** First address that does not exist. */
// @ts-ignore: decorator
@inline export function limit(): usize { return <usize>memory.size() << 16 }
