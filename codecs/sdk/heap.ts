/** Memory after the static data: a bump allocator. Nothing is freed, since every call starts anew with all globals as at instantiation. */

let top: usize = (__heap_base + 15) & ~15

/** Reserves `length` bytes, aligned to 16. */
export function allocate(length: usize): usize {
  const address = top
  const next = (address + length + 15) & ~15
  if (next < address) unreachable()
  reach(next)
  top = next
  return address
}

/** The region after everything allocated: for the one thing that grows in place. */
// @ts-ignore: decorator
@inline export function rest(): usize { return top }

/** Makes memory up to `address` exist. */
export function reach(address: usize): void {
  const have = <usize>memory.size() << 16
  if (address > have && memory.grow(<i32>((address - have + 0xffff) >> 16)) < 0) unreachable()
}

/** First address that does not exist. */
// @ts-ignore: decorator
@inline export function limit(): usize { return <usize>memory.size() << 16 }
