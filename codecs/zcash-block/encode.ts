/** The node tape to a header or a whole block. */
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { RECORD } from '../sdk/tape'
import { content, count, gather, sized } from '../lib/bitcoin/encode'
import { HASH, hashOf, prefixOf, writeHash, writeHashOrNull } from '../lib/bitcoin/link'
import { rootOf, same, treeSize } from '../lib/bitcoin/merkle'
import { forgetShapes, readMap, valueOf } from '../lib/record/fields'
import { layNames } from '../lib/record/names'
import { expectBytes, int32, listLength, uint32 } from '../lib/record/values'
import { writeTransaction } from '../lib/zcash/encode'
import { BLOCK_CODEC, Field, Map, NAMES, TX_CODEC } from '../lib/zcash/names'
import { txid } from '../lib/zcash/txid'

const HEADER: u64 =
  1 << Field.VERSION | 1 << Field.PARENT | 1 << Field.TX | 1 << Field.TIME | 1 << Field.BITS | 1 << Field.NONCE | 1 << Field.BLOCK_COMMITMENTS | 1 << Field.SOLUTION

export function encodeBlock(): void {
  const root = node.openNode()
  layNames(NAMES)
  forgetShapes()
  readMap(root, Map.BLOCK, HEADER, HEADER | 1 << Field.TRANSACTIONS)
  const list = valueOf(Map.BLOCK, Field.TRANSACTIONS)
  const n = list ? listLength(list) : 0
  const hashes = list ? allocate(treeSize(n)) : 0
  out.openOutput()
  if (list) gather()
  header()
  if (list) {
    transactions(list, n, hashes)
    const tx = valueOf(Map.BLOCK, Field.TX)
    if (!rootOf(hashes, n) || !same(hashes, hashOf(tx, prefixOf(TX_CODEC)))) fail(Code.CHECKSUM, node.indexOf(tx))
  }
  out.closeOutput()
}

function header(): void {
  const commitments = valueOf(Map.BLOCK, Field.BLOCK_COMMITMENTS)
  const nonce = valueOf(Map.BLOCK, Field.NONCE)
  expectBytes(commitments, HASH)
  expectBytes(nonce, HASH)
  let to = out.room(140)
  store<u32>(to, int32(valueOf(Map.BLOCK, Field.VERSION)))
  to = writeHashOrNull(to + 4, valueOf(Map.BLOCK, Field.PARENT), prefixOf(BLOCK_CODEC))
  to = writeHash(to, valueOf(Map.BLOCK, Field.TX), prefixOf(TX_CODEC))
  out.wroteTo(to)
  content(commitments)
  to = out.room(8)
  store<u32>(to, uint32(valueOf(Map.BLOCK, Field.TIME)))
  store<u32>(to, uint32(valueOf(Map.BLOCK, Field.BITS)), 4)
  out.wrote(8)
  content(nonce)
  sized(valueOf(Map.BLOCK, Field.SOLUTION))
}

function transactions(list: usize, n: u32, hashes: usize): void {
  count(n, list)
  let at = list + RECORD
  for (let i: u32 = 0; i < n; i++) {
    const start = out.here()
    at = writeTransaction(at)
    txid(start, out.here() - start, hashes + <usize>i * HASH)
  }
}
