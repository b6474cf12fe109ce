/** The node tape to protobuf. */
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind, RECORD } from '../sdk/tape'
import { field, fieldsOf } from '../lib/fields/fields'
import { writeVarint } from '../lib/varint/varint'
import { Field, MAX_NUMBER, NAMES, Wire } from './wire'

// @ts-ignore: decorator
@lazy const VALUES: usize = memory.data(Field.COUNT * 4, 16)

export function encodeBlock(): void {
  const root = node.openNode()
  out.openOutput()
  fields(root)
  out.closeOutput()
}

function fields(list: usize): void {
  node.expect(list, Kind.LIST)
  let at = list + RECORD
  for (let i = node.length(list); i > 0; i--) {
    encodeField(at)
    at = node.next(at)
  }
}

function uint(n: usize, most: u64): u64 {
  if (node.kind(n) == Kind.NINT) fail(Code.NUMBER_RANGE, node.indexOf(n))
  node.expect(n, Kind.UINT)
  const x = node.integer(n)
  if (x > most) fail(Code.NUMBER_RANGE, node.indexOf(n))
  return x
}

function encodeField(map: usize): void {
  fieldsOf(map, NAMES, VALUES)
  const numberAt = field(VALUES, Field.NUMBER, map)
  const number = uint(numberAt, MAX_NUMBER)
  if (number == 0) fail(Code.NUMBER_RANGE, node.indexOf(numberAt))
  const wireAt = field(VALUES, Field.WIRE, map)
  const wire = <Wire>uint(wireAt, 5)
  const value = field(VALUES, Field.VALUE, map)
  varint(number << 3 | <u64>wire)
  if (wire == Wire.VARINT) {
    varint(uint(value, u64.MAX_VALUE))
  } else if (wire == Wire.LENGTH) {
    node.expect(value, Kind.BYTES)
    varint(node.length(value))
    out.content(value)
  } else if (wire == Wire.FIXED64) {
    const x = uint(value, u64.MAX_VALUE)
    store<u64>(out.room(8), x)
    out.wrote(8)
  } else if (wire == Wire.FIXED32) {
    const x = uint(value, u32.MAX_VALUE)
    store<u32>(out.room(8), <u32>x)
    out.wrote(4)
  } else {
    if (wire != Wire.GROUP) fail(Code.MALFORMED, node.indexOf(wireAt), wire)
    fields(value)
    varint(number << 3 | <u64>Wire.END)
  }
}

function varint(x: u64): void { out.wroteTo(writeVarint(out.room(10), x)) }
