/** Info dictionaries: of BitTorrent (BEP 3), of version 2 (BEP 52), or of both. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import { Kind, RECORD } from '../../sdk/tape'
import { valueOf } from '../fields/fields'

/** Names after their lengths. */
// @ts-ignore: decorator
@lazy const NAME: usize = memory.data<u8>([4, 0x6e, 0x61, 0x6d, 0x65, 0, 0, 0, 0])
// @ts-ignore: decorator
@lazy const PIECE_LENGTH: usize = memory.data<u8>([12, 0x70, 0x69, 0x65, 0x63, 0x65, 0x20, 0x6c, 0x65, 0x6e, 0x67, 0x74, 0x68, 0, 0, 0, 0])
// @ts-ignore: decorator
@lazy const PIECES: usize = memory.data<u8>([6, 0x70, 0x69, 0x65, 0x63, 0x65, 0x73, 0, 0])
// @ts-ignore: decorator
@lazy const LENGTH: usize = memory.data<u8>([6, 0x6c, 0x65, 0x6e, 0x67, 0x74, 0x68, 0, 0])
// @ts-ignore: decorator
@lazy const FILES: usize = memory.data<u8>([5, 0x66, 0x69, 0x6c, 0x65, 0x73, 0, 0, 0])
// @ts-ignore: decorator
@lazy const PATH: usize = memory.data<u8>([4, 0x70, 0x61, 0x74, 0x68, 0, 0, 0, 0])
// @ts-ignore: decorator
@lazy const META_VERSION: usize = memory.data<u8>([12, 0x6d, 0x65, 0x74, 0x61, 0x20, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0, 0, 0, 0])
// @ts-ignore: decorator
@lazy const FILE_TREE: usize = memory.data<u8>([9, 0x66, 0x69, 0x6c, 0x65, 0x20, 0x74, 0x72, 0x65, 0x65, 0, 0, 0, 0, 0, 0])
/** Of a file in a file tree. */
// @ts-ignore: decorator
@lazy const PIECES_ROOT: usize = memory.data<u8>([11, 0x70, 0x69, 0x65, 0x63, 0x65, 0x73, 0x20, 0x72, 0x6f, 0x6f, 0x74, 0, 0, 0, 0, 0])
/** Of a metainfo file. */
// @ts-ignore: decorator
@lazy const INFO: usize = memory.data<u8>([4, 0x69, 0x6e, 0x66, 0x6f, 0, 0, 0, 0])

/** Bytes of the hash of a piece. */
export const PIECE: u32 = 20
/** Largest file of version 2 whose hash is that of its bytes: a tree of one leaf. */
const LEAF: u64 = 16384

/** The bytes of the pieces' hashes, 0 if there are none, and the file tree, 0 if there is none. */
// @ts-ignore: decorator
@inline export function piecesOf(info: usize): usize { return valueOf(info, PIECES) }
// @ts-ignore: decorator
@inline export function fileTreeOf(info: usize): usize { return valueOf(info, FILE_TREE) }
/** The info dictionary of a metainfo file, 0 if there is none. */
export function infoOf(metainfo: usize): usize {
  return node.kind(metainfo) == Kind.MAP ? valueOf(metainfo, INFO) : 0
}

/** Whether a file of a tree, `{ length, pieces root }`, is named by the hash of its bytes. */
export function isLeaf(file: usize): bool {
  const length = valueOf(file, LENGTH)
  const root = valueOf(file, PIECES_ROOT)
  return root != 0 && length != 0 && isUint(length) && node.integer(length) - 1 < LEAF && node.kind(root) == Kind.BYTES && node.length(root) == 32
}
export function rootOf(file: usize): usize { return valueOf(file, PIECES_ROOT) }

function isUint(n: usize): bool { return n != 0 && node.kind(n) == Kind.UINT }
function isText(n: usize): bool { return n != 0 && (node.kind(n) == Kind.STRING || node.kind(n) == Kind.BYTES) }

/**
 * Fails with MALFORMED unless a value is an info dictionary that says what it is of. The tape is open for reading.
 * @param offset where to point: in the input, or, encoding, at its record
 */
export function checkInfo(info: usize, offset: u64): void {
  if (node.kind(info) != Kind.MAP) fail(Code.MALFORMED, offset)
  const pieceLength = valueOf(info, PIECE_LENGTH)
  if (!isText(valueOf(info, NAME)) || !isUint(pieceLength) || node.integer(pieceLength) == 0) fail(Code.MALFORMED, offset)
  const version = valueOf(info, META_VERSION)
  const second = version != 0 && isUint(version) && node.integer(version) == 2
  if (version && !second && !(isUint(version) && node.integer(version) == 1)) fail(Code.UNSUPPORTED, offset)
  if (second) {
    const tree = fileTreeOf(info)
    if (tree == 0 || node.kind(tree) != Kind.MAP) fail(Code.MALFORMED, offset)
  }
  const pieces = piecesOf(info)
  if (pieces == 0 && second) return
  if (pieces == 0 || node.kind(pieces) != Kind.BYTES || node.length(pieces) % PIECE) fail(Code.MALFORMED, offset)
  const length = valueOf(info, LENGTH)
  const files = valueOf(info, FILES)
  // one file or several
  if ((length != 0) == (files != 0) || (length != 0 && !isUint(length))) fail(Code.MALFORMED, offset)
  if (files) checkFiles(files, offset)
}

function checkFiles(files: usize, offset: u64): void {
  if (node.kind(files) != Kind.LIST) fail(Code.MALFORMED, offset)
  let at = files + RECORD
  for (let i = node.length(files); i > 0; i--) {
    if (node.kind(at) != Kind.MAP || !isUint(valueOf(at, LENGTH))) fail(Code.MALFORMED, offset)
    const path = valueOf(at, PATH)
    if (path == 0 || node.kind(path) != Kind.LIST || node.length(path) == 0) fail(Code.MALFORMED, offset)
    let part = path + RECORD
    for (let j = node.length(path); j > 0; j--) {
      if (!isText(part)) fail(Code.MALFORMED, offset)
      part = node.next(part)
    }
    at = node.next(at)
  }
}
