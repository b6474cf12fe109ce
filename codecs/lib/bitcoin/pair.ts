/** A node of a transaction Merkle tree: 64 bytes, the hashes of the two below it. The first is zero where the witness tree has the coinbase, and null as a link. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as out from '../../sdk/output'
import * as tape from '../../sdk/tape'
import { Kind, RECORD } from '../../sdk/tape'
import { HASH, link, linkOrNull, writeHash, writeHashOrNull } from './link'

export const PAIR: u32 = 64

/** Puts the pair at `p`, the whole input, on the open tape. */
export function pair(p: usize, prefix: u64): void {
  const list = tape.open(Kind.LIST)
  linkOrNull(prefix, p, 0)
  link(prefix, p + HASH, HASH)
  tape.close(list, 2)
}

export function writePair(list: usize, prefix: u64): void {
  if (node.length(list) != 2) fail(Code.MALFORMED, node.indexOf(list), node.length(list))
  const left = list + RECORD
  out.wroteTo(writeHash(writeHashOrNull(out.room(PAIR), left, prefix), left + RECORD, prefix))
}
