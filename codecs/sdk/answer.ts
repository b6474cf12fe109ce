/**
 * What a layout or a function answers (docs/layout.md, docs/functions.md): a small tape that is written anew for each call, at an address that the layout chooses, since the memory below is its own. Ranges of the
 * input are source 0 and cost nothing; bytes in memory are put into the data arena, which is wherever the first of them stands.
 */
import { handTape } from './control'
import { Code, fail } from './fail'
import { limit, reachWith } from './heap'
import { Kind, RECORD, Source } from './tape'

/** What `run` answers. */
export const enum Status { DONE = 0, ASKS = -1, MORE = -2 }

/** The operations. */
export const enum Op { OPEN = 1, ENTRIES = 2, GET = 3, READ = 4 }

/** What a node is. */
export const enum NodeKind { FILE = 1, DIRECTORY = 2, SYMLINK = 3 }

let tape: usize = 0
let top: usize = 0
let end: usize = 0
let data: usize = 0
let dataEnd: usize = 0
let textAt: usize = 0
let textLength: usize = 0

/** Starts an answer at an address. @param arena where the lowest bytes stand that `linkHere` and the like will be given */
export function openAnswer(at: usize, arena: usize = 0): void {
  tape = top = (at + 15) & ~15
  end = limit()
  data = dataEnd = arena
  textLength = 0
}

/** Hands the answer over. A list that is still open is closed by the caller first. */
export function hand(status: Status): i32 {
  handTape(tape, <u32>((top - tape) / RECORD), textAt, <u32>textLength, 0, 0, data, <u32>(dataEnd - data))
  return status
}

/** Hands over that there is nothing more. */
export function handNothing(): i32 {
  handTape(0, 0, 0, 0, 0, 0, 0, 0)
  return Status.DONE
}

function put(head: u32, aux: u32, payload: u64): void {
  if (top + RECORD > end) {
    reachWith(top + RECORD, (top - tape) >> 1)
    end = limit()
  }
  store<u64>(top, <u64>head | <u64>aux << 32)
  store<u64>(top, payload, 8)
  top += RECORD
}

export function nil(): void { put(Kind.NULL, 0, 0) }
export function uint(value: u64): void { put(Kind.UINT, 0, value) }
/** A signed integer. */
export function int(value: i64): void {
  if (value < 0) put(Kind.NINT, 0, ~value)
  else put(Kind.UINT, 0, value)
}
/** Ranges of the input. */
export function link(offset: u64, n: u32): void { put(Kind.LINK, n, offset) }
export function string(offset: u64, n: u32): void { put(Kind.STRING, n, offset) }
export function bytes(offset: u64, n: u32): void { put(Kind.BYTES, n, offset) }

/** Bytes in memory, none of them below the arena's start. */
function here(kind: Kind, at: usize, n: u32): void {
  put(kind | Source.DATA, n, <u64>(at - data))
  if (at + n > dataEnd) dataEnd = at + n
}
export function linkHere(at: usize, n: u32): void { here(Kind.LINK, at, n) }
export function stringHere(at: usize, n: u32): void { here(Kind.STRING, at, n) }
export function bytesHere(at: usize, n: u32): void { here(Kind.BYTES, at, n) }

// --- what functions answer and layouts do not -----------------------------------------------------------------------------------------------------------------

/** Bytes of the module's own ASCII texts in one answer. */
const MAX_TEXT: usize = 4096
// @ts-ignore: decorator
@lazy const TEXT: usize = memory.data(4096, 16)

/** ASCII text of the module's own: command names, keys. 4,096 bytes in one answer. */
export function text(characters: String): void {
  const n = <u32>characters.length
  if (textLength + n > MAX_TEXT) fail(Code.TOO_LARGE, 0, n)
  for (let i: u32 = 0; i < n; i++) store<u8>(TEXT + textLength + i, <u8>load<u16>(changetype<usize>(characters) + (<usize>i << 1)))
  put(Kind.STRING | Source.TEXT, n, <u64>textLength)
  textLength += n
  textAt = TEXT
}

export function boolean(value: bool): void { put(Kind.BOOL, <u32>value, 0) }
export function float(value: f64): void { put(Kind.FLOAT, 0, reinterpret<u64>(value)) }

/** Opens a map of so many entries, each a string and a value, for `close`. */
export function openMap(count: u32 = 0): usize {
  const record = top
  put(Kind.MAP, count, 0)
  return record
}

/** Opens a list of so many items; answers its record, for `close`. */
export function open(count: u32 = 0): usize {
  const record = top
  put(Kind.LIST, count, 0)
  return record
}

/** Closes a list or map that was opened without its number of items or entries. */
export function close(record: usize, count: u32): void {
  store<u32>(record, count, 4)
  store<u32>(record, <u32>((top - tape) / RECORD), 8)
}

/** Closes a list of which `open` has been told the number of items. */
export function closeCounted(record: usize): void {
  store<u32>(record, <u32>((top - tape) / RECORD), 8)
}
