/** Protobuf to the node tape: a list of fields, in the order in which they come, since nothing says that it does not matter. */
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput, skip } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { setLenient, value, varint } from '../lib/varint/varint'
import { MAX_NUMBER, NAMES, Wire } from './wire'

/** Where the names stand in the text arena, and the first field, whose keys the others share. */
let names: u32 = 0
let first: usize = 0

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  tape.openTapeFor(32, 0)
  names = tape.putLiteral(NAMES, 16)
  tape.putLiteral(NAMES + 16, 2)
  fields(openInput(), 0, 0, 0)
  tape.closeTape()
}

/** Fields up to the end of the input or of the group of that number, which began at `start`; answers the position after them. */
function fields(p: usize, group: u64, start: u64, depth: u32): usize {
  // a field's map and the list in it
  if (depth >= MAX_DEPTH) fail(Code.DEPTH, start)
  const list = tape.open(Kind.LIST)
  let count: u32 = 0
  while (group || !atEnd(p)) {
    const at = offsetOf(p)
    p = varint(p)
    const number = value >> 3
    const wire = <Wire>(value & 7)
    if (number == 0 || number > MAX_NUMBER) fail(Code.MALFORMED, at, <u32>value)
    if (wire == Wire.END) {
      if (number != group) fail(Code.MALFORMED, at, <u32>value)
      break
    }
    p = field(p, number, wire, at, depth)
    count++
  }
  tape.close(list, count)
  return p
}

/** The value of a field whose tag is at `at`. */
function field(p: usize, number: u64, wire: Wire, at: u64, depth: u32): usize {
  if (depth + 1 >= MAX_DEPTH) fail(Code.DEPTH, at)
  const like = first
  const record = tape.open(Kind.MAP)
  if (!like) tape.literal(names + 1, 6)
  tape.uint(number)
  if (!like) tape.literal(names + 8, 4)
  tape.uint(wire)
  if (!like) tape.literal(names + 13, 5)
  if (wire == Wire.VARINT) {
    p = varint(p)
    tape.uint(value)
  } else if (wire == Wire.LENGTH) {
    p = varint(p)
    const start = offsetOf(p)
    const n = value
    p = skip(p, n)
    if (n >> 32) fail(Code.TOO_LARGE, start)
    tape.bytesAt(start, <u32>n)
  } else if (wire == Wire.FIXED64) {
    p = need(p, 8)
    tape.uint(load<u64>(p))
    p += 8
  } else if (wire == Wire.FIXED32) {
    p = need(p, 4)
    tape.uint(load<u32>(p))
    p += 4
  } else {
    if (wire != Wire.GROUP) fail(Code.MALFORMED, at, wire)
    p = fields(p, number, at, depth + 2)
  }
  if (like) {
    tape.closeShared(record, 3, like, 3)
  } else {
    tape.close(record, 3)
    first = record
  }
  return p
}
