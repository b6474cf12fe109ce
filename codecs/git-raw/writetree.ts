/** Trees from the node tape: whatever the order of the map, entries are written in that of the format. */
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import * as node from '../sdk/node'
import * as order from '../sdk/order'
import { Order } from '../sdk/order'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'
import { field, fieldsOf } from '../lib/fields/fields'
import { HASH } from './hash'
import { isDirectory, modeLength } from './mode'
import { EntryField, NAMES, Schema } from './names'
import { hashOf } from './put'

// @ts-ignore: decorator
@lazy const FIELDS: usize = memory.data(EntryField.COUNT * 4, 16)
// @ts-ignore: decorator
@lazy const MODE: usize = memory.data(32, 16)

/** Directories that wait, places in the order: each name begins with the one before. */
let waiting: usize = 0
let count: u32 = 0
let sorted: usize = 0
let values: usize = 0

export function writeTree(map: usize): void {
  sorted = order.orderOf(map, Order.BYTES)
  values = order.valuesOf(map)
  const n = node.length(map)
  waiting = allocate(4 * <usize>n)
  // in the order of their bytes, but that a directory waits for the names that come before its slash
  for (let i: u32 = 0; i < n; i++) {
    while (count && !comesBefore(i, top())) writeEntry(top(true))
    const value = valueAt(i)
    fieldsOf(value, NAMES + <usize>Schema.ENTRY, FIELDS)
    const mode = modeOf(value)
    if (isDirectory(MODE, mode)) {
      store<u32>(waiting + (<usize>count << 2), i)
      count++
    } else {
      write(i, value, mode)
    }
  }
  while (count) writeEntry(top(true))
}

function top(take: bool = false): u32 {
  const i = load<u32>(waiting + (<usize>(count - 1) << 2))
  if (take) count--
  return i
}

// @ts-ignore: decorator
@inline function valueAt(i: u32): usize { return load<u32>(values + (<usize>order.place(sorted, i) << 2)) }

/** Whether the name of an entry comes before that of a directory, which it does not by its bytes alone: it goes on with what is less than a slash. */
function comesBefore(i: u32, directory: u32): bool {
  const n = order.keyLength(sorted, directory)
  const p = order.keyAddress(sorted, i)
  return order.keyLength(sorted, i) > n && load<u8>(p + n) < 0x2f && memory.compare(p, order.keyAddress(sorted, directory), n) == 0
}

function writeEntry(i: u32): void {
  const value = valueAt(i)
  fieldsOf(value, NAMES + <usize>Schema.ENTRY, FIELDS)
  write(i, value, modeOf(value))
}

/** Digits of the mode of the entry that FIELDS is of, which then stand in MODE. */
function modeOf(value: usize): u32 {
  const mode = field(FIELDS, EntryField.MODE, value)
  node.expect(mode, Kind.STRING)
  const n = node.length(mode)
  if (n > 7) fail(Code.MALFORMED, node.indexOf(mode), n)
  v128.store(MODE, v128.load(node.resident(mode)))
  store<u8>(MODE + n, 0x20)
  if (modeLength(MODE, MODE + n + 1) != n) fail(Code.MALFORMED, node.indexOf(mode), n)
  return n
}

function write(i: u32, value: usize, mode: u32): void {
  const hash = hashOf(field(FIELDS, EntryField.HASH, value))
  const n = order.keyLength(sorted, i)
  const name = order.keyAddress(sorted, i)
  if (n == 0 || n > MAX_NAME || hasZero(name, n)) fail(n > MAX_NAME ? Code.TOO_LARGE : Code.UNSUPPORTED, node.indexOf(value - RECORD), n)
  const start = out.room(mode + n + 40)
  v128.store(start, v128.load(MODE))
  let to = start + mode + 1
  memory.copy(to, name, n)
  to += n
  store<u8>(to, 0)
  v128.store(to + 1, v128.load(hash))
  store<u32>(to + 17, load<u32>(hash + 16))
  out.wroteTo(to + 1 + HASH)
}

/** Longest name, as in decoding. */
const MAX_NAME: u32 = 7000

function hasZero(p: usize, n: u32): bool {
  for (let i: u32 = 0; i < n; i++) if (load<u8>(p + i) == 0) return true
  return false
}
