/**
 * Bytes of a stream as they come. What has come and has not been taken stands in one piece, so that a chunk of the tree is one whatever the stream's own chunks are.
 *
 * ```
 *  room  ┌──────────┬───────────────────┬────────────┐
 *        │ taken    │ have              │            │
 *        └──────────┴───────────────────┴────────────┘
 *                   at = byte `position` of the whole
 * ```
 */
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import * as node from '../../codecs/sdk/node'
import { Kind } from '../../codecs/sdk/tape'

/** The largest offset that a request may have. */
export const MOST: u64 = 0x1fffffffffffff

// @ts-ignore: decorator
@unmanaged
export class Source {
  number: u32
  /** the parameter that names it, and the arena of its tape */
  record: usize
  arena: usize
  room: usize
  size: usize
  at: usize
  have: usize
  position: u64
  /** nothing follows what is here */
  ended: bool
  /** it is bytes, which have been here from the start */
  inline: bool
}

/** The source that a parameter names: a link, a list of links, or bytes. Fails with MISSING_FIELD or WRONG_KIND. */
export function sourceOf(number: u32, record: usize, arena: usize): Source {
  if (!record) fail(Code.MISSING_FIELD, 0)
  const kind = node.kind(record)
  if (kind != Kind.LINK && kind != Kind.LIST && kind != Kind.BYTES) fail(Code.WRONG_KIND, node.indexOf(record), kind)
  const source = changetype<Source>(allocate(offsetof<Source>()))
  memory.fill(changetype<usize>(source), 0, offsetof<Source>())
  source.number = number
  source.record = record
  source.arena = arena
  if (kind == Kind.BYTES) {
    source.inline = true
    source.room = source.at = fn.keepBytes(record)
    source.have = source.size = node.length(record)
    source.ended = true
  }
  return source
}

/** Asks for the bytes from an offset on, after which none of those before count. Not for bytes that are here. @param length u64.MAX_VALUE for all that follow */
export function open(source: Source, offset: u64, length: u64): i32 {
  source.have = 0
  source.position = offset
  source.ended = false
  const asked = fn.openBytes(source.number, source.record, offset, length > MOST ? -1 : <i64>length, source.arena)
  if (!asked) fail(Code.WRONG_KIND, 0)
  return asked
}

export function more(source: Source): i32 { return fn.next(source.number) }

/** Takes the chunk that has come, or that there is none. */
export function came(source: Source, flags: u32): void {
  if (flags & fn.NONE) {
    source.ended = true
    return
  }
  const n = <usize>fn.chunkSize()
  const needed = source.have + n
  if (needed > source.size) {
    // at least twice as much, so that what is given up is less than what is used
    const size = max(needed, source.size << 1)
    const room = allocate(size + 64)
    memory.copy(room, source.at, source.have)
    source.room = room
    source.size = size
  } else {
    memory.copy(source.room, source.at, source.have)
  }
  source.at = source.room
  fn.takeChunk(source.at + source.have)
  source.have = needed
}

/** The next `n` bytes, which are here. */
export function take(source: Source, n: usize): usize {
  const at = source.at
  source.at += n
  source.have -= n
  source.position += n
  return at
}

/** Goes on at an offset that is not before the position, if it is among the bytes that are here or right after them. */
export function skipTo(source: Source, offset: u64): bool {
  const n = offset - source.position
  if (n > <u64>source.have && !source.inline) return false
  take(source, <usize>min(n, <u64>source.have))
  source.position = offset
  return true
}
