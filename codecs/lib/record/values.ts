/** Scalars of a known type, for encoders: each fails with the record that is not what the format has there. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import { Kind } from '../../sdk/tape'

/** An integer from 0 to `most`. */
export function unsigned(record: usize, most: u64): u64 {
  const kind = node.kind(record)
  if (kind == Kind.NINT) fail(Code.NUMBER_RANGE, node.indexOf(record))
  if (kind != Kind.UINT) fail(Code.WRONG_KIND, node.indexOf(record), Kind.UINT)
  const n = node.integer(record)
  if (n > most) fail(Code.NUMBER_RANGE, node.indexOf(record))
  return n
}

export function uint32(record: usize): u32 { return <u32>unsigned(record, u32.MAX_VALUE) }

/** An integer from −1 − `most` to `most`, in two's complement. */
export function signed(record: usize, most: u64): u64 {
  const kind = node.kind(record)
  if (kind != Kind.UINT && kind != Kind.NINT) fail(Code.WRONG_KIND, node.indexOf(record), Kind.UINT)
  const n = node.integer(record)
  if (n > most) fail(Code.NUMBER_RANGE, node.indexOf(record))
  return kind == Kind.NINT ? ~n : n
}

export function int32(record: usize): u32 { return <u32>signed(record, i32.MAX_VALUE) }
export function int64(record: usize): u64 { return signed(record, i64.MAX_VALUE) }

/** Fails unless it is bytes, `n` of them. */
export function expectBytes(record: usize, n: u32): void {
  node.expect(record, Kind.BYTES)
  if (node.length(record) != n) fail(Code.MALFORMED, node.indexOf(record), node.length(record))
}

/** Fails unless it is a list; answers its length. */
export function listLength(record: usize): u32 {
  node.expect(record, Kind.LIST)
  return node.length(record)
}
