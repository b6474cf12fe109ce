/** Sequences of BLAKE3 hashes, multicodec 0x80, 32 bytes each and nothing between: https://docs.rs/iroh-blobs/latest/iroh_blobs/hashseq/ */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'

export { control, reserve } from '../sdk/codec'

const HASH: u32 = 32
/** CIDv1, raw, blake3, 32 bytes. */
const PREFIX: u32 = 0x201e5501

export function decode(flags: u32): i32 {
  const size = inputSize()
  if (size % HASH) fail(Code.UNEXPECTED_END, size)
  // four bytes more for each hash
  if (size >> 30) fail(Code.TOO_LARGE, 0)
  tape.openTapeFor(0, <usize>(size + (size >> 3)))
  const list = tape.open(Kind.LIST)
  let count: u32 = 0
  for (let p = openInput(); !atEnd(p); p += HASH) {
    p = need(p, HASH)
    const to = tape.dataRoom(HASH + 4, offsetOf(p))
    store<u32>(to, PREFIX)
    v128.store(to + 4, v128.load(p))
    v128.store(to + 20, v128.load(p, 16))
    tape.dataLink(HASH + 4)
    count++
  }
  tape.close(list, count)
  tape.closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  const root = node.openNode()
  node.expect(root, Kind.LIST)
  out.openOutput()
  let at = root + RECORD
  for (let i = node.length(root); i > 0; i--) {
    node.expect(at, Kind.LINK)
    const cid = node.resident(at)
    if (node.length(at) != HASH + 4 || load<u32>(cid) != PREFIX) fail(Code.INVALID_CID, node.indexOf(at), node.length(at))
    out.copy(cid + 4, HASH)
    at += RECORD
  }
  out.closeOutput()
  return 0
}
