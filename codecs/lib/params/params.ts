/** Parameters of a function: a map whose entries are all asked for by name, before the first request. One that nobody has asked for is a mistake of the caller's and is refused, not passed over. */
import { Code, fail } from '../../sdk/fail'
import * as fn from '../../sdk/function'
import * as node from '../../sdk/node'
import { Kind } from '../../sdk/tape'

let known: u32 = 0

/** The value of a parameter; 0 if it is not given. */
export function parameter(name: string): usize {
  const record = fn.field(fn.params, name)
  if (record) known++
  return record
}

/** An integer from `least` to `most`; `usual` if it is not given. Fails with WRONG_KIND or NUMBER_RANGE. */
export function uintParameter(name: string, usual: u64, least: u64, most: u64): u64 {
  const record = parameter(name)
  if (!record) return usual
  if (node.kind(record) == Kind.NINT) fail(Code.NUMBER_RANGE, node.indexOf(record))
  node.expect(record, Kind.UINT)
  const value = node.integer(record)
  if (value < least || value > most) fail(Code.NUMBER_RANGE, node.indexOf(record), <u32>value)
  return value
}

/** A boolean; `usual` if it is not given. */
export function flagParameter(name: string, usual: bool): bool {
  const record = parameter(name)
  if (!record) return usual
  node.expect(record, Kind.BOOL)
  return node.boolOf(record)
}

/** Opens what the parameter `file` names as stream `number`: a link to a file, or a list of links to raw blocks. Fails with MISSING_FIELD or WRONG_KIND. */
export function openFileParameter(number: u32): i32 {
  const record = parameter('file')
  if (!record) fail(Code.MISSING_FIELD, node.indexOf(fn.params))
  const asked = fn.openBytes(number, record)
  if (!asked) fail(Code.WRONG_KIND, node.indexOf(record))
  return asked
}

/** Fails with UNKNOWN_FIELD if there is a parameter that nobody has asked for. */
export function noOtherParameters(): void {
  node.expect(fn.params, Kind.MAP)
  if (node.length(fn.params) != known) fail(Code.UNKNOWN_FIELD, node.indexOf(fn.params))
}
