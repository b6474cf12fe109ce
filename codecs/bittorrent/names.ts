/** The names that have been met in a directory, each once: a hash table in memory. */
import { reach } from '../sdk/heap'

// a slot: the address of a name's note, or 0; a note: u32 length, u32 whether it is a directory, the bytes
let slots: usize = 0
let mask: u32 = 0
let top: usize = 0

/** Lays the table out. @param count most names */
export function openNames(at: usize, count: u32): void {
  const size = <u32>1 << (32 - clz(count * 2 | 15))
  slots = (at + 15) & ~15
  mask = size - 1
  top = slots + (<usize>size << 2)
  reach(top)
  memory.fill(slots, 0, <usize>size << 2)
}

/** Where the bytes stand of what `note` has last met. */
export let noted: usize = 0

/** The address after everything noted. */
export function topOfNames(): usize { return top }

/** Notes a name; 0 if it is new, 1 if it is known as this, 2 if it is known as the other of file and directory. */
export function note(name: usize, n: u32, directory: bool): u32 {
  let hash: u32 = 0x811c9dc5
  for (let i: u32 = 0; i < n; i++) hash = (hash ^ load<u8>(name + i)) * 0x01000193
  let slot = slots + (<usize>((hash ^ hash >> 15) & mask) << 2)
  for (let known = <usize>load<u32>(slot); known; known = load<u32>(slot)) {
    noted = known + 8
    if (load<u32>(known) == n && memory.compare(noted, name, n) == 0) return load<u32>(known, 4) == <u32>directory ? 1 : 2
    slot += 4
    if (slot == slots + (<usize>(mask + 1) << 2)) slot = slots
  }
  reach(top + 8 + n)
  store<u32>(slot, <u32>top)
  store<u32>(top, n)
  store<u32>(top, directory, 4)
  noted = top + 8
  memory.copy(noted, name, n)
  top = (top + 8 + n + 7) & ~7
  return 0
}
