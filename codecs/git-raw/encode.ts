/** The node tape to git objects. Which of them a value is can be seen: bytes are a blob, a map whose `tree` or `object` is a link a commit or a tag, other maps trees. */
import { writeUint } from '../sdk/decimal'
import { Code, fail } from '../sdk/fail'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind } from '../sdk/tape'
import { valueOf } from '../lib/fields/fields'
import { unescapeKeys } from '../lib/text/keys'
import { headerLength, Type, type, writeType } from './header'
import { CommitName, NAMES, TagName } from './names'
import { writeCommit, writeTag } from './writemessage'
import { writeTree } from './writetree'

/** Longest header: a word, 16 digits and a zero byte. */
const HEADER: u32 = 32

// @ts-ignore: decorator
@lazy const START: usize = memory.data(48, 16)

export function encodeBlock(): void {
  const root = node.openNode()
  if (node.kind(root) == Kind.BYTES) return blob(root)
  node.expect(root, Kind.MAP)
  const made: Type = isLink(root, CommitName.TREE) ? Type.COMMIT : isLink(root, TagName.OBJECT) ? Type.TAG : Type.TREE
  if (made == Type.TREE) unescapeKeys(root)
  out.openOutput(HEADER)
  if (made == Type.COMMIT) writeCommit(root)
  else if (made == Type.TAG) writeTag(root)
  else writeTree(root)
  const to = writeUint(writeType(START, made), out.blockSize())
  store<u8>(to, 0)
  const n = to + 1 - START
  memory.copy(out.prefix(n), START, n)
  out.closeOutput()
}

function isLink(map: usize, name: u32): bool {
  const value = valueOf(map, NAMES + <usize>name - 1)
  return value != 0 && node.kind(value) == Kind.LINK
}

/** A blob is its block. */
function blob(root: usize): void {
  const n = node.length(root)
  const head = min<u32>(n, HEADER)
  v128.store(START, i64x2.splat(0))
  if (node.outside(root)) readInput(START, head, node.inputOffset(root))
  else memory.copy(START, node.resident(root), head)
  headerLength(START, START + head, n)
  if (type != Type.BLOB) fail(Code.MALFORMED, 0, load<u8>(START))
  out.openOutput()
  out.content(root)
  out.closeOutput()
}
