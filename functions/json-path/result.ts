/**
 * The answer, as it grows: values are copied out of blocks that go away again, exactly as they are, and paths are written beside them (RFC 9535, section 2.7).
 *
 * ```
 *  records  ┌─────┬──────────┬──────┬────────┬──────────┬──────┬───────┐
 *           │ map │ "values" │ list │ values │ "paths"  │ list │ paths │      the last three only if they are wanted
 *           └─────┴──────────┴──────┴────────┴──────────┴──────┴───────┘
 *  data     ┌────────────────────────────────────────────────────────┐
 *           │ all strings, bytes and links                           │
 *           └────────────────────────────────────────────────────────┘
 * ```
 */
import { Status } from '../../codecs/sdk/answer'
import { handTape } from '../../codecs/sdk/control'
import { Kind, RECORD, Source } from '../../codecs/sdk/tape'
import { get, grown } from './room'
import { after, bytesAt, isContainer, kindOf, lengthOf } from './value'

/** Records, and bytes of data, in pieces of memory that grow. */
let records: usize = 0
let used: usize = 0
let data: usize = 0
let dataUsed: usize = 0
/** The records of the paths, which come after all values. */
let paths: usize = 0
let pathsUsed: usize = 0

/** Values so far. */
export let count: u32 = 0

const LIST: usize = 2 * RECORD

export function open(withPaths: bool): void {
  records = get(4096)
  data = get(4096)
  used = 3 * RECORD
  store<u64>(records, <u64>Kind.MAP | <u64>(withPaths ? 2 : 1) << 32)
  key('values', records + RECORD)
  if (!withPaths) return
  paths = get(1024)
  pathsUsed = 2 * RECORD
  key('paths', paths)
}

function key(text: string, to: usize): void {
  const n = <u32>text.length
  const at = room(n)
  for (let i: u32 = 0; i < n; i++) store<u8>(at + i, <u8>load<u16>(changetype<usize>(text) + (<usize>i << 1)))
  named(to, at, n)
}

/** Room for `n` bytes of data, which count from now on. */
function room(n: usize): usize {
  data = grown(data, dataUsed, dataUsed + n)
  const at = data + dataUsed
  dataUsed += n
  return at
}

/** A string of the data as a record. */
function named(to: usize, at: usize, n: u32): void {
  store<u64>(to, <u64>Kind.STRING | <u64>Source.DATA | <u64>n << 32)
  store<u64>(to, <u64>(at - data), 8)
}

/** Copies a value. */
export function add(value: usize): void {
  const end = after(value)
  const size = end - value
  records = grown(records, used, used + size)
  // where lists and maps end is an index on this tape
  const first = <u32>(used / RECORD)
  for (let at = value, to = records + used; at < end; at += RECORD, to += RECORD) {
    const kind = kindOf(at)
    if (isContainer(at)) {
      store<u64>(to, load<u64>(at))
      store<u64>(to, <u64>(first + <u32>((after(at) - value) / RECORD)), 8)
    } else if (kind >= Kind.STRING) {
      const n = lengthOf(at)
      const bytes = room(n)
      memory.copy(bytes, bytesAt(at), n)
      store<u64>(to, <u64>kind | <u64>Source.DATA | <u64>n << 32)
      store<u64>(to, <u64>(bytes - data), 8)
    } else {
      v128.store(to, v128.load(at))
    }
  }
  used += size
  count++
}

// --- paths -----------------------------------------------------------------------------------------------------------------------------------------------------

let path: usize = 0

/** Begins the path of the value that was added last. */
export function beginPath(): void {
  path = dataUsed
  store<u8>(room(1), 36)
}

export function pathIndex(index: u32): void {
  const at = room(12)
  store<u8>(at, 91)
  let digits: u32 = 1
  for (let rest = index; rest > 9; rest /= 10) digits++
  for (let i = digits; i > 0; i--) {
    store<u8>(at + i, <u8>(48 + index % 10))
    index /= 10
  }
  store<u8>(at + digits + 1, 93)
  dataUsed -= 10 - digits
}

export function pathName(name: usize, n: u32): void {
  // six characters stand for one that is none of text
  let at = room(6 * <usize>n + 4)
  store<u16>(at, 0x275b)
  at += 2
  for (let i: u32 = 0; i < n; i++) {
    const c = <u32>load<u8>(name + i)
    const short = c == 39 || c == 92 ? c : c - 8 < 6 ? <u32>load<u8>(SHORT + c - 8) : 0
    if (short) {
      store<u16>(at, <u16>(short << 8 | 92))
      at += 2
    } else if (c < 32) {
      // \u00 and two digits in lower case
      store<u32>(at, 0x3030755c)
      store<u8>(at, <u8>(48 + (c >> 4)), 4)
      store<u8>(at, <u8>((c & 15) + ((c & 15) < 10 ? 48 : 87)), 5)
      at += 6
    } else {
      store<u8>(at++, <u8>c)
    }
  }
  store<u16>(at, 0x5d27)
  dataUsed = at + 2 - data
}

/** Letters of the escapes of U+0008 to U+000D: b, t, n, none, f, r. */
// @ts-ignore: decorator
@lazy const SHORT: usize = memory.data<u8>([98, 116, 110, 0, 102, 114])

export function endPath(): void {
  paths = grown(paths, pathsUsed, pathsUsed + RECORD)
  named(paths + pathsUsed, data + path, <u32>(dataUsed - path))
  pathsUsed += RECORD
}

/** Hands the answer over. */
export function hand(): i32 {
  close(records + LIST, <u32>(used / RECORD))
  if (paths) {
    records = grown(records, used, used + pathsUsed)
    memory.copy(records + used, paths, pathsUsed)
    const list = records + used + RECORD
    used += pathsUsed
    close(list, <u32>(used / RECORD))
  }
  store<u64>(records, <u64>(used / RECORD), 8)
  handTape(records, <u32>(used / RECORD), 0, 0, 0, 0, data, <u32>dataUsed)
  return Status.DONE
}

function close(list: usize, end: u32): void {
  store<u64>(list, <u64>Kind.LIST | <u64>count << 32)
  store<u64>(list, <u64>end, 8)
}
