/**
 * The columns, and rows as DAG-CBOR: maps by the names in the header, or lists. Each name is encoded once, to be copied into every row, in the order that DAG-CBOR has for the
 * keys of a map: by length and then by bytes.
 *
 * ```
 *  sorted  ┌──────────────┬─────────────┬────────┐
 *          │ name address │ name length │ column │ …      12 bytes each, as codecs/sdk/order.ts has them; before the name is its head
 *          └──────────────┴─────────────┴────────┘
 * ```
 */
import { headSize, MAX_HEAD, putHead, putShort } from '../../codecs/lib/cbor/put'
import { Major } from '../../codecs/lib/cbor/head'
import { start } from '../../codecs/lib/stream/pending'
import { Code } from '../../codecs/sdk/fail'
import { allocate } from '../../codecs/sdk/heap'
import { compareKeys, Order, sortedHaveDuplicate } from '../../codecs/sdk/order'
import { putText, putTyped } from './cell'
import { cellAt, cellLength, cellQuotes, count, failAt, rowLength } from './scan'

const ENTRY: usize = 12

let sorted: usize = 0
/** The names in the order of the file, one after the other, each with its head. */
let names: usize = 0
let namesLength: usize = 0
let named: bool = false

/** How many columns there are; 0 before the first row. */
export let columns: u32 = 0

/** Takes the number of columns from the row that has been found. */
export function setColumns(): void { columns = count }

/** Takes the names from the row that has been found. Fails with DUPLICATE_KEY. */
export function setNames(): void {
  columns = count
  named = true
  names = allocate(rowLength + <usize>count * MAX_HEAD + 32)
  sorted = allocate(<usize>count * ENTRY)
  let to = names
  for (let i: u32 = 0; i < count; i++) {
    const n = cellLength(i) - (cellQuotes(i) >> 1)
    const entry = sorted + <usize>i * ENTRY
    store<u32>(entry, <u32>to + headSize(n))
    store<u32>(entry, n, 4)
    store<u32>(entry, i, 8)
    to = putText(to, i)
  }
  namesLength = to - names
  if (sortedHaveDuplicate(sorted, count, Order.LENGTH_FIRST)) failAt(Code.DUPLICATE_KEY, cellAt(second()) - start)
}

/** The first column whose name an earlier one has. */
function second(): u32 {
  let found = columns
  let first = load<u32>(sorted, 8)
  for (let i: u32 = 1; i < columns; i++) {
    const entry = sorted + <usize>i * ENTRY
    const before = entry - ENTRY
    const place = load<u32>(entry, 8)
    if (compareKeys(load<u32>(before), load<u32>(before, 4), load<u32>(entry), load<u32>(entry, 4), Order.LENGTH_FIRST)) {
      first = place
    } else {
      // of those of the same name, which are in no order, it is the second smallest that counts
      found = min(found, max(first, place))
      first = min(first, place)
    }
  }
  return found
}

/** Bytes that the row that has been found may take, and some that may be written after it. */
export function rowRoom(): usize { return MAX_HEAD + namesLength + rowLength + <usize>columns * MAX_HEAD + 32 }

/** Writes the row that has been found and answers the address after it. */
export function putRow(to: usize, typed: bool): usize {
  to = putHead(to, named ? Major.MAP : Major.ARRAY, columns)
  for (let i: u32 = 0; i < columns; i++) {
    let column = i
    if (named) {
      const entry = sorted + <usize>i * ENTRY
      const n = load<u32>(entry, 4)
      const head = headSize(n)
      to = putShort(to, <usize>load<u32>(entry) - head, n + head)
      column = load<u32>(entry, 8)
    }
    to = typed ? putTyped(to, column) : putText(to, column)
  }
  return to
}

/** Bytes that `putColumns` takes. */
export function columnsRoom(): usize { return MAX_HEAD + namesLength }

/** Writes the list of the names, in the order of the file; an empty one without a header. */
export function putColumns(to: usize): usize {
  to = putHead(to, Major.ARRAY, named ? columns : 0)
  memory.copy(to, names, namesLength)
  return to + namesLength
}
