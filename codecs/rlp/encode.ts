/** The node tape to RLP: lists and bytes, nothing else. */
import { bytesSize, measured, write } from '../lib/rlp/plan'
import * as node from '../sdk/node'
import { Kind, RECORD } from '../sdk/tape'

export function encodeBlock(): void {
  const root = node.openNode()
  measure(root)
  write(root, root + node.tapeLength())
}

/** The bytes that a value takes; lists within it keep what their items take. Fails with WRONG_KIND. */
function measure(n: usize): u64 {
  if (node.kind(n) == Kind.BYTES) return bytesSize(n)
  node.expect(n, Kind.LIST)
  const count = node.length(n)
  let length: u64 = 0
  let at = n + RECORD
  for (let i: u32 = 0; i < count; i++) {
    length += measure(at)
    at = node.next(at)
  }
  return measured(n, length)
}
