/** Raw bytes, multicodec 0x55: the block is the value, one byte string. */
import { handTape, inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind } from '../sdk/tape'

export { control, reserve } from '../sdk/codec'

/** The tape of decode: a record. */
// @ts-ignore: decorator
@lazy const RECORD: usize = memory.data(16, 16)

export function decode(flags: u32): i32 {
  const size = inputSize()
  if (size >> 32) fail(Code.TOO_LARGE, 0)
  store<u64>(RECORD, <u64>Kind.BYTES | size << 32)
  store<u64>(RECORD, 0, 8)
  handTape(RECORD, 1, 0, 0, 0, 0, 0, 0)
  return 0
}

export function encode(flags: u32): i32 {
  const root = node.openNode()
  node.expect(root, Kind.BYTES)
  out.openOutput()
  out.content(root)
  out.closeOutput()
  return 0
}
