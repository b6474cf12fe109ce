/**
 * CSV of any length to DAG-CBOR: blocks of rows, and a root with the names of the columns, how many rows there are, and links to the blocks, in levels where these are many. All
 * that is in memory at a time is a chunk of the stream, what may be a row, a block of rows, and the links of one node a level.
 */
import { Major } from '../../codecs/lib/cbor/head'
import { linkSize, MAX_HEAD, putHead, putKey, putLink } from '../../codecs/lib/cbor/put'
import { addEntry, entryAt, isTop, lowest, nodeEntries, openLevels, overfull, removeEntries } from '../../codecs/lib/levels/levels'
import { flagParameter, noOtherParameters, openFileParameter, parameter, uintParameter } from '../../codecs/lib/params/params'
import { openPending, pass, pendingLength, start, takePending } from '../../codecs/lib/stream/pending'
import * as answer from '../../codecs/sdk/answer'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import * as node from '../../codecs/sdk/node'
import { Kind } from '../../codecs/sdk/tape'
import { addRow, held, isComplete, nextBlock, openBlock, sealBlock, sealedEnd } from './block'
import { columns, columnsRoom, putColumns, setColumns, setNames } from './columns'
import { count, failAt, findRow, Found, isEmptyLine, MAX_ROW, nextRow, openScan, rowLength } from './scan'

export { control } from '../../codecs/sdk/codec'
export { reserve } from '../../codecs/sdk/function'

const DAG_CBOR: u64 = 0x71
/** Bytes of the links to new blocks: CIDv1, sha2-256. */
const CID: u32 = 36
/** Most links of a block. */
const MAX_LINKS: u32 = 1024

enum State {
  START,
  OPENED,
  /** the next chunk of the stream has been asked for */
  READING,
  /** a block of rows, a block of links, or the root has been given away to become one */
  ROWS,
  LINKS,
  ROOT
}

let state: State = State.START
let ended: bool = false
/** the first bytes of the stream have been looked at */
let begun: bool = false

let header: bool = true
let typed: bool = false
let skipEmpty: bool = false

let rows: u64 = 0
/** The level of the block of links that is to become one. */
let level: u32 = 0
let links: usize = 0

export function run(flags: u32): i32 {
  if (state == State.START) return begin()
  if (state == State.ROOT) return finish()
  if (state == State.OPENED) openPending(MAX_ROW)
  else if (state == State.ROWS) rowsMade()
  else if (state == State.LINKS) linksMade()
  else if (flags & fn.NONE) ended = true
  else takePending()
  return step()
}

// --- parameters ------------------------------------------------------------------------------------------------------------------------------------------------

function begin(): i32 {
  fn.begin()
  header = flagParameter('header', true)
  skipEmpty = flagParameter('skipEmpty', false)
  typed = typesParameter()
  openBlock(<u32>uintParameter('rows', 1000, 1, 65536))
  openScan(delimiterParameter())
  openLevels(MAX_LINKS, CID)
  const asked = openFileParameter(0)
  noOtherParameters()
  state = State.OPENED
  return asked
}

function typesParameter(): bool {
  const record = parameter('types')
  if (!record || fn.isText(record, 'text')) return false
  node.expect(record, Kind.STRING)
  if (!fn.isText(record, 'auto')) fail(Code.MALFORMED, node.indexOf(record))
  return true
}

/** One ASCII character that is neither a quote nor part of a line's end. */
function delimiterParameter(): u32 {
  const record = parameter('delimiter')
  if (!record) return 44
  node.expect(record, Kind.STRING)
  const c = node.length(record) == 1 ? <u32>load<u8>(fn.bytesOf(record)) : 0x80
  if (c > 0x7f || c == 34 || c == 10 || c == 13) fail(Code.MALFORMED, node.indexOf(record), c)
  return c
}

// --- rows ------------------------------------------------------------------------------------------------------------------------------------------------------

/** What is to be done next: a block of links that are more than one may have, a block of rows, or more of the stream. */
function step(): i32 {
  if (state == State.LINKS && overfull(level + 1)) return makeLinks(level + 1)
  if (overfull(0)) return makeLinks(0)
  if (!begun && !skipMark()) return more()
  while (!isComplete()) {
    const found = findRow(ended)
    if (found == Found.MORE) return more()
    if (found == Found.END) return held ? makeRows() : makeTop()
    takeRow()
  }
  return makeRows()
}

function more(): i32 {
  state = State.READING
  return fn.next(0)
}

/** Passes over a byte order mark. Answers false if it cannot be told yet whether there is one. */
function skipMark(): bool {
  if (pendingLength() < 3 && !ended) return false
  begun = true
  if (pendingLength() >= 3 && (load<u32>(start) & 0xffffff) == 0xbfbbef) pass(3)
  return true
}

function takeRow(): void {
  if (!skipEmpty || !isEmptyLine()) {
    if (header) {
      header = false
      setNames()
    } else {
      if (!columns) setColumns()
      if (count != columns) failAt(Code.SIZE_MISMATCH, 0)
      addRow(typed)
      rows++
    }
  }
  const n = rowLength
  nextRow()
  pass(n)
}

function makeRows(): i32 {
  state = State.ROWS
  const at = sealBlock()
  return fn.createBlock(DAG_CBOR, at, <u32>(sealedEnd() - at))
}

function rowsMade(): void {
  addLink(0)
  nextBlock()
}

// --- links -----------------------------------------------------------------------------------------------------------------------------------------------------

/** A block of the first links of a level. */
function makeLinks(on: u32): i32 {
  state = State.LINKS
  level = on
  if (!links) links = allocate(MAX_HEAD + <usize>MAX_LINKS * linkSize(CID))
  return fn.createBlock(DAG_CBOR, links, <u32>(putLinks(links, on) - links))
}

function linksMade(): void {
  removeEntries(level)
  addLink(level + 1)
}

function putLinks(to: usize, on: u32): usize {
  const n = nodeEntries(on)
  to = putHead(to, Major.ARRAY, n)
  for (let i: u32 = 0; i < n; i++) to = putLink(to, entryAt(on, i), CID)
  return to
}

/** Adds the link of the block that has become one to a level. */
function addLink(to: u32): void {
  const link = node.openNode()
  if (node.kind(link) != Kind.LINK || node.length(link) != CID) fail(Code.INVALID_CID, 0)
  memory.copy(addEntry(to), node.resident(link), CID)
}

/** All rows are in blocks: what is left on each level becomes a block of links, up to the one at the top, which is in the root. */
function makeTop(): i32 {
  const at = lowest()
  return isTop(at) ? makeRoot(at) : makeLinks(at)
}

function makeRoot(at: u32): i32 {
  state = State.ROOT
  const root = allocate(columnsRoom() + <usize>MAX_LINKS * linkSize(CID) + 64)
  let to = putHead(root, Major.MAP, 3)
  to = putHead(putKey(to, 'rows'), Major.UINT, rows)
  to = putKey(to, 'blocks')
  to = rows ? putLinks(to, at) : putHead(to, Major.ARRAY, 0)
  to = putColumns(putKey(to, 'columns'))
  return fn.createBlock(DAG_CBOR, root, <u32>(to - root))
}

function finish(): i32 {
  const link = node.openNode()
  fn.beginAnswer(node.resident(link))
  const map = answer.openMap(3)
  answer.text('columns')
  answer.uint(columns)
  answer.text('root')
  answer.linkHere(node.resident(link), CID)
  answer.text('rows')
  answer.uint(rows)
  answer.closeCounted(map)
  return fn.done()
}
