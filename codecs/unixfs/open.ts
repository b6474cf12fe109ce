/** What a node is: its kind, size, mode, time of change, target. */
import * as answer from '../sdk/answer'
import { NodeKind, Status } from '../sdk/answer'
import { Code, fail } from '../sdk/fail'
import * as block from './block'
import { Type } from './block'
import * as frames from './frames'
import { Codec } from './frames'

export function describe(codec: u64): i32 {
  const base = frames.top
  frames.takeTo(codec == Codec.RAW ? block.readRaw(base) : block.readBlock(base))
  const type = block.type
  if (type == Type.METADATA) fail(Code.UNSUPPORTED, 0, type)
  const file = type == Type.FILE || type == Type.RAW
  const symlink = type == Type.SYMLINK
  answer.openAnswer(frames.top)
  const list = answer.open(6)
  answer.uint(file ? NodeKind.FILE : symlink ? NodeKind.SYMLINK : NodeKind.DIRECTORY)
  if (file) answer.uint(block.total)
  else answer.nil()
  if (block.hasMode) answer.uint(block.mode)
  else answer.nil()
  if (block.hasTime) {
    answer.int(block.seconds)
    answer.uint(block.nanoseconds)
  } else {
    answer.nil()
    answer.nil()
  }
  if (symlink) answer.string(block.dataOffset, <u32>block.dataLength)
  else answer.nil()
  answer.closeCounted(list)
  return answer.hand(Status.DONE)
}
