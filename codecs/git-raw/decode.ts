/** Git objects to the node tape: a type, a space, the size in decimal, a zero byte, and the content. */
import { handTape, inputSize } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import { atHand, copyInput, offsetOf, openInput } from '../sdk/input'
import { Kind } from '../sdk/tape'
import { headerLength, Type, type } from './header'
import { decodeCommit, decodeTag } from './message'
import { openText } from './text'
import { decodeTree } from './tree'

/** Largest commit and tag: they stand in memory while they are read. */
const MAX_TEXT: u64 = 8 << 20

/** The tape of a blob: a record. */
// @ts-ignore: decorator
@lazy const BLOB: usize = memory.data(16, 16)

export function decodeBlock(lax: bool): void {
  let p = openInput()
  const size = inputSize()
  const n = headerLength(p, p + atHand(p), size)
  if (type == Type.BLOB) {
    if (size >> 32) fail(Code.TOO_LARGE, 0)
    store<u64>(BLOB, <u64>Kind.BYTES | size << 32)
    store<u64>(BLOB, 0, 8)
    return handTape(BLOB, 1, 0, 0, 0, 0, 0, 0)
  }
  p += n
  const offset = offsetOf(p)
  const length = size - offset
  if (type == Type.TREE) return decodeTree(p, lax)
  if (length > MAX_TEXT) fail(Code.TOO_LARGE, 0)
  if (<u64>atHand(p) < length) {
    const copy = allocate(<usize>length + 32)
    copyInput(p, copy, <u32>length)
    p = copy
  }
  openText(p, offset, lax)
  if (type == Type.COMMIT) decodeCommit(p, p + <usize>length)
  else decodeTag(p, p + <usize>length)
}
