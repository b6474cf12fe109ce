/** Maps of the node tape as lists of RLP, by their schemas. What decoding would refuse is refused. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import { Kind, RECORD, sameBytes } from '../../sdk/tape'
import * as plan from '../rlp/plan'
import { prefixLength, prefixOf } from './decode'
import { NAMES } from './names'
import { argument, entryFields, entrySchema, nameLength, nameOffset, Type, typeOf } from './schema'

/** Most maps that are being encoded within each other. */
const MAX_FRAMES: u32 = 16
const FRAME: usize = 24 * 4
/** For each of them where the values of its fields are, or 0. */
// @ts-ignore: decorator
@lazy const FRAMES: usize = memory.data(16 * 24 * 4, 16)

let frames: u32 = 0

/** Opens tape and plan; answers the root. Each map becomes a list, and at most one string or byte besides. */
export function openRoot(): usize {
  const root = node.openNode()
  plan.openPlan((node.tapeLength() / RECORD) * 2 + 4)
  return root
}

/** Finds the values of a map's fields. To be left by `leave`. Fails with WRONG_KIND, UNKNOWN_FIELD, DUPLICATE_KEY. */
export function enter(map: usize, schema: usize, n: u32): usize {
  node.expect(map, Kind.MAP)
  if (frames == MAX_FRAMES) fail(Code.DEPTH, node.indexOf(map))
  const frame = FRAMES + <usize>frames * FRAME
  frames++
  memory.fill(frame, 0, FRAME)
  const count = node.length(map)
  const shared = node.shared(map)
  let other = shared ? node.like(map) + RECORD : 0
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    let key = at
    if (i < shared) {
      key = other
      other = node.next(other + RECORD)
    } else {
      at += RECORD
    }
    const slot = frame + (<usize>fieldOf(key, schema, n, i) << 2)
    if (load<u32>(slot)) fail(Code.DUPLICATE_KEY, node.indexOf(key))
    store<u32>(slot, <u32>at)
    at = node.next(at)
  }
  return frame
}

export function leave(): void { frames-- }

/** The record of a field's value, or 0. */
// @ts-ignore: decorator
@inline export function valueAt(frame: usize, i: u32): usize { return load<u32>(frame + (<usize>i << 2)) }

/** The record of a field's value. Fails with MISSING_FIELD. */
export function wanted(frame: usize, i: u32, map: usize): usize {
  const value = valueAt(frame, i)
  if (!value) fail(Code.MISSING_FIELD, node.indexOf(map))
  return value
}

/** The record of the value that a map has at one of its keys, or 0. */
export function find(map: usize, field: u32): usize {
  node.expect(map, Kind.MAP)
  const count = node.length(map)
  const shared = node.shared(map)
  let other = shared ? node.like(map) + RECORD : 0
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    let key = at
    if (i < shared) {
      key = other
      other = node.next(other + RECORD)
    } else {
      at += RECORD
    }
    if (isKey(key, field)) return at
    at = node.next(at)
  }
  return 0
}

/** Which field a key names. @param guess where it is likely */
function fieldOf(key: usize, schema: usize, n: u32, guess: u32): u32 {
  if (guess < n && isKey(key, load<u32>(schema + (<usize>guess << 2)))) return guess
  for (let i: u32 = 0; i < n; i++) if (isKey(key, load<u32>(schema + (<usize>i << 2)))) return i
  fail(Code.UNKNOWN_FIELD, node.indexOf(key))
  return 0
}

// @ts-ignore: decorator
@inline function isKey(key: usize, field: u32): bool {
  const n = nameLength(field)
  return node.length(key) == n && sameBytes(node.resident(key), NAMES + nameOffset(field), n)
}

/** The value of a union: a map of one key. Answers which of the `n` names of a schema that is; `valueAt` of the answered frame has the value until the next `enter`. */
export function only(map: usize, schema: usize, n: u32): u32 {
  const frame = enter(map, schema, n)
  leave()
  if (node.length(map) != 1) fail(node.length(map) ? Code.UNKNOWN_FIELD : Code.MISSING_FIELD, node.indexOf(map))
  let i: u32 = 0
  while (!valueAt(frame, i)) i++
  onlyValue = valueAt(frame, i)
  return i
}
/** Of the union that `only` has looked at. */
export let onlyValue: usize = 0

/** Plans a list of all fields of a schema. */
export function struct(map: usize, schema: usize, n: u32): void {
  const frame = enter(map, schema, n)
  const list = plan.openList()
  for (let i: u32 = 0; i < n; i++) field(map, frame, i, load<u32>(schema + (<usize>i << 2)))
  plan.close(list, map)
  leave()
}

/** Plans a field. */
export function field(map: usize, frame: usize, i: u32, field: u32): void {
  const type = typeOf(field)
  if (type >= Type.ABSENT) {
    if (type == Type.POST_STATUS) status(map, valueAt(frame, i - 1), valueAt(frame, i))
    else if (type == Type.ABSENT) absent(valueAt(frame, i))
    return
  }
  const value = wanted(frame, i, map)
  switch (type) {
    case Type.FIXED: return fixed(value, argument(field))
    case Type.UINT: return uint(value)
    case Type.BIG: return big(value)
    case Type.LINK: return link(value, argument(field))
    case Type.BYTES: {
      node.expect(value, Kind.BYTES)
      return plan.bytes(value)
    }
    case Type.OPTIONAL: return node.kind(value) == Kind.NULL ? plan.empty() : fixed(value, argument(field))
    case Type.LIST: return list(value, argument(field))
    default: return structs(value, argument(field))
  }
}

/** Whether a field is there and not null. */
// @ts-ignore: decorator
@inline export function given(value: usize): bool { return value != 0 && node.kind(value) != Kind.NULL }

function absent(value: usize): void {
  if (given(value)) fail(Code.UNKNOWN_FIELD, node.indexOf(value))
}

export function fixed(value: usize, length: u32): void {
  node.expect(value, Kind.BYTES)
  if (node.length(value) != length) fail(Code.TOO_LARGE, node.indexOf(value), node.length(value))
  plan.bytes(value)
}

function uint(value: usize): void {
  if (node.kind(value) == Kind.NINT) fail(Code.NUMBER_RANGE, node.indexOf(value))
  node.expect(value, Kind.UINT)
  plan.uint(node.integer(value))
}

function big(value: usize): void {
  node.expect(value, Kind.BYTES)
  const n = node.length(value)
  if (n > 32) fail(Code.NUMBER_RANGE, node.indexOf(value), n)
  if (n && load<u8>(node.resident(value)) == 0) fail(Code.NON_CANONICAL, node.indexOf(value))
  plan.bytes(value)
}

/** Fails with INVALID_CID if it is not of that codec, with a keccak-256 of 32 bytes. */
export function link(value: usize, codec: u32): void {
  node.expect(value, Kind.LINK)
  const length = prefixLength(codec)
  const mask = (<u64>1 << (<u64>length << 3)) - 1
  if (node.length(value) != length + 32 || ((load<u64>(node.resident(value)) ^ prefixOf(codec)) & mask) != 0) fail(Code.INVALID_CID, node.indexOf(value), codec)
  plan.tail(value, 32)
}

function list(value: usize, length: u32): void {
  node.expect(value, Kind.LIST)
  const count = node.length(value)
  const record = plan.openList()
  let at = value + RECORD
  for (let i: u32 = 0; i < count; i++) {
    fixed(at, length)
    at += RECORD
  }
  plan.close(record, value)
}

function structs(value: usize, entry: u32): void {
  node.expect(value, Kind.LIST)
  const count = node.length(value)
  const record = plan.openList()
  let at = value + RECORD
  for (let i: u32 = 0; i < count; i++) {
    struct(at, entrySchema(entry), entryFields(entry))
    at = node.next(at)
  }
  plan.close(record, value)
}

/** Of a receipt's state root and status there is one. */
function status(map: usize, state: usize, status: usize): void {
  if (given(state)) {
    absent(status)
    return fixed(state, 32)
  }
  if (!given(status)) fail(Code.MISSING_FIELD, node.indexOf(map))
  node.expect(status, Kind.UINT)
  if (node.integer(status) > 1) fail(Code.NUMBER_RANGE, node.indexOf(status))
  plan.uint(node.integer(status))
}
