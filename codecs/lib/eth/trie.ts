/**
 * Nodes of the Merkle Patricia tries (Yellow Paper, appendix D). A node is a list:
 *
 * ```
 *  branch     17 items: 16 children, one for each nibble, and the value of the path that ends here
 *  extension  2 items: a path, and the node that it leads to
 *  leaf       2 items: the rest of a path, and the value that it leads to
 * ```
 * A child is the hash of a node of 32 bytes or more, or else the node itself; where there is none it is empty bytes. An empty trie is empty bytes: its block is 0x80, and null.
 * Paths stay as they are, in the hex-prefix encoding of appendix C.
 */
import { inputSize } from '../../sdk/control'
import { Code, fail } from '../../sdk/fail'
import { ahead, need, offsetOf, skip } from '../../sdk/input'
import * as node from '../../sdk/node'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { blockHead, finish, head, isList, size } from '../rlp/head'
import * as plan from '../rlp/plan'
import { key, link, listHead, openBlock, struct } from './decode'
import { enter, leave, link as planLink, only, onlyValue, struct as planStruct, wanted } from './encode'
import { ACCOUNT, ACCOUNT_FIELDS, BRANCH, CHILDREN, contentOf, EXTENSION, KINDS, LEAF, LOG, LOG_FIELDS, NodeKind, Trie } from './schema'
import { planReceipt, planTransaction, receipt, transaction } from './typed'

/** Nodes that take less are in their parents. */
const HASHED: u64 = 32
/** A path is of 64 nibbles at most, the hashes of what tries are kept by, and has a byte before it. */
const MAX_PATH: u32 = 33

/** The codec of all nodes of the trie, which says what it holds. */
let trie: u32 = 0

// --- decode ------------------------------------------------------------------------------------------------------------------------------------------------

export function decodeNode(codec: Trie): void {
  trie = codec
  // nodes in this one are too short for hashes
  let p = blockHead(openBlock(CHILDREN + ACCOUNT_FIELDS))
  if (isList) {
    // a block that goes on after its node is refused before its contents are
    const end = offsetOf(p) + size
    if (end != inputSize()) fail(Code.TRAILING_BYTES, end)
    p = nodeItems(p, end)
  } else {
    if (size) fail(Code.MALFORMED, 0, load<u8>(p))
    tape.nil()
  }
  finish(p)
  tape.closeTape()
}

/** The kind of the node that was read last. */
let kind: NodeKind = 0

/** A node of the items up to `end`. */
function nodeItems(p: usize, end: u64): usize {
  p = ahead(p)
  const found = kindOf(p, end)
  const union = tape.open(Kind.MAP)
  key(load<u32>(KINDS + (<usize>found << 2)))
  const map = tape.open(Kind.MAP)
  if (found == NodeKind.BRANCH) {
    for (let i: u32 = 0; i < CHILDREN; i++) {
      key(load<u32>(BRANCH + (<usize>i << 2)))
      p = child(p, end, true)
    }
    key(load<u32>(BRANCH + (<usize>CHILDREN << 2)))
    p = content(p, end, true)
    if (offsetOf(p) != end) fail(Code.MALFORMED, offsetOf(p))
    tape.close(map, CHILDREN + 1)
  } else {
    const schema = found == NodeKind.LEAF ? LEAF : EXTENSION
    key(load<u32>(schema))
    p = head(p, end)
    tape.bytesAt(offsetOf(p), size)
    p += size
    key(load<u32>(schema, 4))
    p = found == NodeKind.LEAF ? content(p, end, false) : child(p, end, false)
    tape.close(map, 2)
  }
  tape.close(union, 1)
  kind = found
  return p
}

/** A node's kind by its first two items, of which the second is the last unless it is a branch. The first of two is a path, and at hand. */
function kindOf(p: usize, end: u64): NodeKind {
  const at = offsetOf(p)
  let q = head(p, end)
  const path = q
  const n = size
  const bytes = !isList
  // a longer one is no hash, no node below 32 bytes and no path
  if (n > MAX_PATH) fail(Code.MALFORMED, at, n)
  q = head(q + n, end)
  if (offsetOf(q) + size != end) return NodeKind.BRANCH
  if (!bytes || n == 0) fail(Code.MALFORMED, at, n)
  return checkPath(path, n, at)
}

/** The kind of the node that a path of `n` bytes is in. Its first byte has flags, 2 for a leaf and 1 for an odd number of nibbles, and then the first nibble or 0. */
function checkPath(path: usize, n: u32, at: u64): NodeKind {
  const first = <u32>load<u8>(path)
  if (first >= 0x40) fail(Code.MALFORMED, at, first)
  if ((first & 0x1f) - 1 < 15) fail(Code.NON_CANONICAL, at, first)
  // an extension by nothing
  if (first == 0 && n == 1) fail(Code.MALFORMED, at, first)
  return first & 0x20 ? NodeKind.LEAF : NodeKind.EXTENSION
}

/** @param branch it is a branch's, which may have none */
function child(p: usize, end: u64, branch: bool): usize {
  const at = offsetOf(p)
  p = head(p, end)
  if (isList) {
    const last = offsetOf(p) + size
    if (last - at >= HASHED) fail(Code.NON_CANONICAL, at, size)
    p = nodeItems(p, last)
    // an extension leads to a branch, or it would be longer
    if (!branch && kind != NodeKind.BRANCH) fail(Code.MALFORMED, at, kind)
    return p
  }
  if (size || !branch) return link(p, size, trie, at)
  tape.nil()
  return p
}

/** What the trie holds at a path. @param branch it is a branch's, which may have nothing */
function content(p: usize, end: u64, branch: bool): usize {
  const at = offsetOf(p)
  p = head(p, end)
  if (isList || (size == 0 && !branch)) fail(Code.MALFORMED, at, size)
  if (size == 0) {
    tape.nil()
    return p
  }
  const n = size
  const map = tape.open(Kind.MAP)
  key(load<u32>(contentOf(trie)))
  const start = offsetOf(p)
  const last = start + n
  if (trie == Trie.STORAGE) {
    tape.bytesAt(start, n)
    p = skip(p, n)
  } else if (trie == Trie.TX) {
    p = transaction(p, last, false)
  } else if (trie == Trie.RCT) {
    p = receipt(p, last, false)
  } else {
    p = listHead(p, last)
    if (offsetOf(p) + size != last) fail(Code.TRAILING_BYTES, offsetOf(p) + size)
    p = trie == Trie.STATE ? struct(p, last, ACCOUNT, ACCOUNT_FIELDS) : struct(p, last, LOG, LOG_FIELDS)
  }
  tape.close(map, 1)
  return p
}

// --- encode ------------------------------------------------------------------------------------------------------------------------------------------------

export function encodeNode(codec: Trie, root: usize): void {
  trie = codec
  if (node.kind(root) == Kind.NULL) plan.empty()
  else planNode(root, 0)
}

/** Nodes within each other: the innermost is a leaf in a branch that an extension leads to, all in a branch. */
const MAX_NESTED: u32 = 4

/** Plans a node; answers its kind. @param depth nodes that it is in */
function planNode(union: usize, depth: u32): NodeKind {
  const found = only(union, KINDS, 3)
  const map = onlyValue
  if (depth == MAX_NESTED) fail(Code.NON_CANONICAL, node.indexOf(union))
  const list = plan.openList()
  if (found == NodeKind.BRANCH) {
    const frame = enter(map, BRANCH, CHILDREN + 1)
    for (let i: u32 = 0; i < CHILDREN; i++) planChild(wanted(frame, i, map), true, depth)
    planContent(wanted(frame, CHILDREN, map), true)
  } else {
    const frame = enter(map, found == NodeKind.LEAF ? LEAF : EXTENSION, 2)
    planPath(wanted(frame, 0, map), found)
    const value = wanted(frame, 1, map)
    if (found == NodeKind.LEAF) planContent(value, false)
    else planChild(value, false, depth)
  }
  leave()
  const taken = plan.close(list, union)
  if (depth && taken >= HASHED) fail(Code.NON_CANONICAL, node.indexOf(union), <u32>taken)
  return found
}

function planPath(path: usize, found: NodeKind): void {
  node.expect(path, Kind.BYTES)
  const n = node.length(path)
  const at = node.indexOf(path)
  if (n - 1 >= MAX_PATH) fail(Code.TOO_LARGE, at, n)
  if (checkPath(node.resident(path), n, at) != found) fail(Code.MALFORMED, at, load<u8>(node.resident(path)))
  plan.bytes(path)
}

function planChild(value: usize, branch: bool, depth: u32): void {
  const k = node.kind(value)
  if (k == Kind.MAP) {
    if (planNode(value, depth + 1) != NodeKind.BRANCH && !branch) fail(Code.MALFORMED, node.indexOf(value))
  } else if (k == Kind.NULL && branch) {
    plan.empty()
  } else {
    planLink(value, trie)
  }
}

function planContent(value: usize, branch: bool): void {
  if (branch && node.kind(value) == Kind.NULL) return plan.empty()
  only(value, contentOf(trie), 1)
  const inner = onlyValue
  if (trie == Trie.STORAGE) {
    node.expect(inner, Kind.BYTES)
    if (node.length(inner) == 0) fail(Code.TOO_LARGE, node.indexOf(inner))
    return plan.bytes(inner)
  }
  const wrap = plan.openWrap()
  if (trie == Trie.TX) planTransaction(inner)
  else if (trie == Trie.RCT) planReceipt(inner)
  else if (trie == Trie.STATE) planStruct(inner, ACCOUNT, ACCOUNT_FIELDS)
  else planStruct(inner, LOG, LOG_FIELDS)
  plan.close(wrap, value)
}
