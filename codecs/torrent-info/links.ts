/** The links of an info dictionary: its pieces, raw and sha1; then, of version 2, the files of at most 16 KiB, whose `pieces root` is the sha2-256 of their bytes. */
import { inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { allocate, rest } from '../sdk/heap'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as tape from '../sdk/tape'
import { Kind, RECORD } from '../sdk/tape'
import { fileTreeOf, isLeaf, PIECE, piecesOf, rootOf } from '../lib/torrent/info'

/** CIDs of version 1: raw, the hash, its length. */
const SHA1: u32 = 0x14115501
const SHA256: u32 = 0x20125501

let count: u32 = 0

/** Replaces the tape by a list of links. @param info the root of the open tape, which is open for reading too */
export function linksOf(info: usize): void {
  // the tape stays where it is while the other one is written
  allocate(tape.here() - rest() + 64)
  const pieces = piecesOf(info)
  const files = fileTreeOf(info)
  const n = pieces ? node.length(pieces) / PIECE : 0
  // a file of a tree takes more in the block than its link here
  tape.openTapeFor(0, <usize>inputSize() + 4 * <usize>n)
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < n; i++) link(SHA1, PIECE, node.inputOffset(pieces) + <u64>i * PIECE)
  if (files) tree(files)
  tape.close(list, count)
  tape.closeTape()
}

function link(prefix: u32, size: u32, offset: u64): void {
  const to = tape.dataRoom(size + 4, offset)
  store<u32>(to, prefix)
  readInput(to + 4, size, offset)
  tape.dataLink(size + 4)
  count++
}

/** A directory of a file tree; what the empty name leads to is a file. */
function tree(map: usize): void {
  if (node.kind(map) != Kind.MAP) fail(Code.MALFORMED, 0)
  const shared = node.shared(map)
  let key = shared ? node.like(map) + RECORD : 0
  let at = map + RECORD
  for (let i: u32 = 0; i < node.length(map); i++) {
    let name = at
    if (i < shared) {
      name = key
      key = node.next(key + RECORD)
    } else {
      at += RECORD
    }
    if (node.kind(at) == Kind.MAP) {
      if (node.length(name)) tree(at)
      else if (isLeaf(at)) link(SHA256, 32, node.inputOffset(rootOf(at)))
    }
    at = node.next(at)
  }
}
