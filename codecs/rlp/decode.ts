/** RLP to the node tape: lists and bytes, the bytes as ranges of the input. */
import { blockHead, finish, head, isList, size } from '../lib/rlp/head'
import { Code, fail, MAX_DEPTH } from '../sdk/fail'
import { need, offsetOf, openInput } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'

export function decodeBlock(): void {
  tape.openNamed(0, 0, 0)
  const p = blockHead(openInput())
  finish(isList ? items(p, offsetOf(p) + size, 0, 1) : tape.bytes(p, size))
  tape.closeTape()
}

/** The items from `p` to the input offset `end`, as a list. @param at where the list's head is. @param depth lists that are open, this one among them */
function items(p: usize, end: u64, at: u64, depth: u32): usize {
  if (depth > MAX_DEPTH) fail(Code.DEPTH, at)
  const list = tape.open(Kind.LIST)
  let count: u32 = 0
  for (let offset = offsetOf(p); offset < end; offset = offsetOf(p)) {
    count++
    p = need(p, 1)
    if (load<u8>(p) < 0x80) {
      tape.bytesAt(offset, 1)
      p++
      continue
    }
    p = head(p, end)
    p = isList ? items(p, offsetOf(p) + size, offset, depth + 1) : tape.bytes(p, size)
  }
  tape.close(list, count)
  return p
}
