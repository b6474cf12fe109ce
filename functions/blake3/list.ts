/** A list of items of the same size, one after the other in memory. It grows by half, so that what it gives up on the way is at most twice what it has. */
import { allocate } from '../../codecs/sdk/heap'

// @ts-ignore: decorator
@unmanaged
export class List {
  items: usize
  count: u32
  capacity: u32
  /** bytes of an item */
  size: u32
}

export function listOf(size: u32): List {
  const list = changetype<List>(allocate(offsetof<List>()))
  list.count = 0
  list.capacity = 64
  list.size = size
  list.items = allocate(64 * <usize>size)
  return list
}

/** Room for one item more, which counts from now on. */
export function room(list: List): usize {
  if (list.count == list.capacity) {
    const capacity = list.capacity + (list.capacity >> 1)
    const items = allocate(<usize>capacity * list.size)
    memory.copy(items, list.items, <usize>list.count * list.size)
    list.items = items
    list.capacity = capacity
  }
  const item = list.items + <usize>list.count * list.size
  list.count++
  return item
}

export function append(list: List, item: usize): void { memory.copy(room(list), item, list.size) }
