/**
 * Nodes as the query meets them: records of a tape that say by themselves where everything is, so that nodes of many blocks can stand beside each other.
 *
 * ```
 *  0        4        8        12       16
 *  ┌────────┬────────┬────────┬────────┐   strings, bytes, links: the address of their bytes
 *  │ kind   │ length │ address│        │   lists, maps: the address after their last record
 *  └────────┴────────┴────────┴────────┘   others: as on the tape
 * ```
 * A tape that the host hands over is made so where it stands; keys that its maps share are written out, into a copy.
 */
import { Code, fail, MAX_DEPTH } from '../../codecs/sdk/fail'
import { inputSize, recordCount } from '../../codecs/sdk/control'
import { readInput } from '../../codecs/sdk/input'
import * as node from '../../codecs/sdk/node'
import { Kind, RECORD } from '../../codecs/sdk/tape'
import { free, get } from './room'

// @ts-ignore: decorator
@inline export function kindOf(value: usize): Kind { return load<u8>(value) }
/** Bytes, items or entries. */
// @ts-ignore: decorator
@inline export function lengthOf(value: usize): u32 { return load<u32>(value, 4) }
// @ts-ignore: decorator
@inline export function bytesAt(value: usize): usize { return load<u32>(value, 8) }
// @ts-ignore: decorator
@inline export function integerOf(value: usize): u64 { return load<u64>(value, 8) }
// @ts-ignore: decorator
@inline export function isContainer(value: usize): bool { return kindOf(value) >= Kind.LIST }
/** The record after a value. */
// @ts-ignore: decorator
@inline export function after(value: usize): usize { return isContainer(value) ? <usize>load<u32>(value, 8) : value + RECORD }

/** The value of an entry, by its key; 0 if the map has none. May read up to 7 bytes past keys. */
export function entryOf(map: usize, key: usize, n: u32): usize {
  const end = after(map)
  for (let at = map + RECORD; at < end; at = after(at + RECORD)) if (lengthOf(at) == n && memory.compare(bytesAt(at), key, n) == 0) return at + RECORD
  return 0
}

/** The item of a list with an index that it has. */
export function itemOf(list: usize, index: u32): usize {
  let at = list + RECORD
  for (; index > 0; index--) at = after(at)
  return at
}

// --- what the host hands over ----------------------------------------------------------------------------------------------------------------------------------

/** What a tape that was handed over takes: its room, the bytes that came as the input, and the copy with all keys. */
// @ts-ignore: decorator
@unmanaged
export class Held {
  room: usize
  bytes: usize
  copy: usize
  root: usize
}

let room: usize = 0
let bulk: usize = 0

/** Room for the tape that the host hands over next. */
export function reserveRoom(length: usize): usize {
  room = get(length)
  return room
}

/** Takes the tape that has come. */
export function take(held: Held): void {
  const root = node.openNode()
  const end = root + <usize>recordCount() * RECORD
  let left = false
  let shared: u64 = 0
  for (let at = root; at < end; at += RECORD) {
    const kind = node.kind(at)
    if (kind == Kind.MAP) shared += node.shared(at)
    else if (kind >= Kind.STRING && kind <= Kind.LINK && node.outside(at)) left = true
  }
  bulk = 0
  if (left) {
    const n = inputSize()
    if (n >> 30) fail(Code.TOO_LARGE, 0)
    bulk = get(<usize>n + 16)
    readInput(bulk, <u32>n, 0)
  }
  held.room = room
  held.bytes = bulk
  held.copy = 0
  held.root = root
  if (shared) {
    if (shared + recordCount() > 1 << 26) fail(Code.TOO_LARGE, 0)
    held.copy = held.root = get(<usize>(end - root) + <usize>shared * RECORD)
    writeOut(root, held.copy)
  } else {
    for (let at = root; at < end; at += RECORD) convert(at, at)
  }
  room = 0
}

export function giveBack(held: Held): void {
  free(held.room)
  free(held.bytes)
  free(held.copy)
}

/** `to` may be `from`. */
function convert(from: usize, to: usize): void {
  const kind = node.kind(from)
  if (kind >= Kind.LIST) {
    const end = node.next(from)
    store<u32>(to, kind)
    store<u32>(to, node.length(from), 4)
    store<u64>(to, <u64>end, 8)
  } else if (kind >= Kind.STRING) {
    const at = node.outside(from) ? bulk + <usize>node.inputOffset(from) : node.resident(from)
    store<u32>(to, kind)
    store<u32>(to, node.length(from), 4)
    store<u64>(to, <u64>at, 8)
  } else {
    v128.store(to, v128.load(from))
    store<u32>(to, kind)
  }
}

/** Lists and maps that are open: where they are written, where they end on the tape, shared keys that are left, and the next of these. */
// @ts-ignore: decorator
@lazy const OPEN: usize = memory.data(1025 * 16, 16)

/** Copies a tape whose maps share keys. */
function writeOut(root: usize, to: usize): void {
  let depth: u32 = 0
  let at = root
  while (true) {
    const top = OPEN + <usize>depth * 16
    if (depth) {
      // a key before each value of a map
      const keys = <usize>load<u32>(top, 12)
      const left = load<u32>(top, 8)
      if (left) {
        convert(keys, to)
        to += RECORD
        store<u32>(top, left - 1, 8)
        store<u32>(top, <u32>node.next(keys + RECORD), 12)
      } else if (kindOf(<usize>load<u32>(top)) == Kind.MAP) {
        convert(at, to)
        to += RECORD
        at += RECORD
      }
    }
    const kind = node.kind(at)
    convert(at, to)
    if (kind >= Kind.LIST && node.length(at)) {
      if (++depth > MAX_DEPTH) fail(Code.DEPTH, 0)
      const entry = OPEN + <usize>depth * 16
      const shared = kind == Kind.MAP ? node.shared(at) : 0
      store<u32>(entry, <u32>to)
      store<u32>(entry, <u32>node.next(at), 4)
      store<u32>(entry, shared, 8)
      store<u32>(entry, shared ? <u32>(node.like(at) + RECORD) : 0, 12)
      at += RECORD
      to += RECORD
      continue
    }
    if (kind >= Kind.LIST) store<u32>(to, <u32>(to + RECORD), 8)
    at = node.next(at)
    to += RECORD
    while (depth && at == <usize>load<u32>(OPEN + <usize>depth * 16, 4)) {
      store<u32>(<usize>load<u32>(OPEN + <usize>depth * 16), <u32>to, 8)
      depth--
    }
    if (!depth) return
  }
}
