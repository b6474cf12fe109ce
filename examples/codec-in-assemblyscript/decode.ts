/** A table to the node tape: a list of maps, one for each row. The first map has the keys, the others share them. */
import { MAX_CID } from '../../codecs/sdk/cid'
import { Code, fail } from '../../codecs/sdk/fail'
import { atEnd, offsetOf, openInput } from '../../codecs/sdk/input'
import { hasDuplicate, Order, scratchFor } from '../../codecs/sdk/order'
import * as tape from '../../codecs/sdk/tape'
import { Kind, RECORD } from '../../codecs/sdk/tape'
import { after, doubled, from, last, scan, setLenient, size, unescape } from './cell'
import { readLink } from './link'

export const MAX_COLUMNS: u32 = 1024

/** The key records of the header, until the first row wants them. */
// @ts-ignore: decorator
@lazy const KEYS: usize = memory.data(1024 * 16, 16)
/** A CID while it is not sure that it is one. */
// @ts-ignore: decorator
@lazy const CID: usize = memory.data(16384, 16)

let columns: u32 = 0

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  tape.openTape(true)
  let p = openInput()
  const list = tape.open(Kind.LIST)
  const first = list + RECORD
  let rows: u32 = 0
  if (!atEnd(p)) {
    p = header(p)
    // the names of columns have no place in an empty list
    if (atEnd(p)) fail(Code.UNSUPPORTED, offsetOf(p))
    while (!atEnd(p)) p = row(p, first, rows++)
  }
  tape.close(list, rows)
  tape.closeTape()
}

function header(p: usize): usize {
  const start = tape.here()
  do {
    p = scan(p)
    if (columns == MAX_COLUMNS) fail(Code.TOO_LARGE, offsetOf(p))
    if (doubled) escaped()
    else tape.key(from, size)
    columns++
    p = after
  } while (!last)
  memory.copy(KEYS, start, <usize>columns * RECORD)
  tape.rewind(start)
  return p
}

function row(p: usize, first: usize, index: u32): usize {
  const start = offsetOf(p)
  const record = tape.open(Kind.MAP)
  for (let i: u32 = 0; i < columns; i++) {
    if (index == 0) {
      v128.store(tape.roomFor(1), v128.load(KEYS + <usize>i * RECORD))
      tape.took(1)
    }
    p = scan(p)
    // a row has a cell for each column
    if (last != (i + 1 == columns)) fail(Code.MALFORMED, offsetOf(from + size))
    value()
    p = after
  }
  if (index) {
    tape.closeShared(record, columns, first, columns)
  } else {
    tape.close(record, columns)
    tape.openForReading()
    if (hasDuplicate(record, tape.scratch(scratchFor(columns)), Order.BYTES)) fail(Code.DUPLICATE_KEY, 0)
  }
  return p
}

/** The cell that has been found, as a value. */
function value(): void {
  if (doubled) return escaped()
  const n = readLink(from, size, CID)
  if (n && n <= MAX_CID) {
    memory.copy(tape.dataRoom(n, offsetOf(from)), CID, n)
    tape.dataLink(n)
  } else {
    tape.string(from, size)
  }
}

function escaped(): void {
  const n = size - doubled
  const offset = offsetOf(from)
  unescape(tape.dataRoom(n, offset))
  tape.dataString(n, offset)
}
