/**
 * The files of a torrent as a tree. A node below the root is named by its path, the names with `/` between them: that is its inner address, since all of a torrent is in one block.
 */
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import { copyInput, need, offsetOf, readInput, seek, skip } from '../sdk/input'
import * as node from '../sdk/node'
import { Kind } from '../sdk/tape'
import { Char, ends, expect, string, value } from './bencode'
import * as info from './info'

/** How a file's path and the node's are related. */
export const enum Match { NONE, SAME, BELOW }

const MAX_NAME: u32 = 4096
const SLASH: u32 = 0x2f

/** The node's path, with room behind it for a name. */
let want: usize = 0
let wantLength: u32 = 0

/** Of a file below the node: the next name on its path, whether that is a directory, and the path with it. */
export let nameOffset: u64 = 0
export let nameLength: u32 = 0
export let isDirectory: bool = false

/** Takes the inner address of the node. */
export function openTree(inner: usize): void {
  if (node.kind(inner) == Kind.BYTES) wantLength = node.length(inner)
  want = allocate(<usize>wantLength + 1 + MAX_NAME + 16)
  if (!wantLength) return
  if (node.outside(inner)) readInput(want, wantLength, node.inputOffset(inner))
  else memory.copy(want, node.resident(inner), wantLength)
}

export function isRoot(): bool { return !wantLength }

/** Where the path of the child that has been met stands, and its length: good until the next match. */
export function childPath(): usize { return want }
export function childPathLength(): u32 { return wantLength ? wantLength + 1 + nameLength : nameLength }

/** Directories above the node, the root not counted. */
export function depth(): u32 {
  let count: u32 = 0
  for (let i: u32 = 0; i < wantLength; i++) if (load<u8>(want + i) == SLASH) count++
  return count
}

/** Holds the path of the file that has been read last against the node's. */
export function match(): Match {
  let p = need(expect(seek(info.path), Char.L), 1)
  if (ends(p)) fail(Code.MALFORMED, info.path)
  let done: u32 = 0
  while (done < wantLength) {
    if (ends(p)) return Match.NONE
    p = nameAt(p)
    const left = wantLength - done
    if (nameLength > left || (nameLength < left && load<u8>(want + done + nameLength) != SLASH) || memory.compare(p, want + done, nameLength)) return Match.NONE
    p = need(p + nameLength, 1)
    done += nameLength + 1
  }
  if (ends(p)) return Match.SAME
  p = nameAt(p)
  nameOffset = offsetOf(p)
  const to = wantLength ? want + wantLength + 1 : want
  if (wantLength) store<u8>(want + wantLength, <u8>SLASH)
  p = need(copyInput(p, to, nameLength), 1)
  isDirectory = !ends(p)
  return Match.BELOW
}

/** The name at `p`: its bytes are at hand at the answered position. Names that are more or less than a name are refused. */
function nameAt(p: usize): usize {
  p = string(p)
  const offset = offsetOf(p)
  if (value > <u64>MAX_NAME) fail(Code.TOO_LARGE, offset, <u32>value)
  nameLength = <u32>value
  p = need(p, nameLength)
  const dots = nameLength == 1 ? load<u8>(p) == 0x2e : nameLength == 2 && load<u16>(p) == 0x2e2e
  if (!nameLength || dots) fail(Code.MALFORMED, offset)
  for (let i: u32 = 0; i < nameLength; i++) {
    const c = <u32>load<u8>(p + i)
    if (c == SLASH || c == 0) fail(Code.MALFORMED, offset + i, c)
  }
  return p
}

/** Copies the path that a symbolic link leads to, from the torrent's root, to an address; answers the address after it. */
export function copyTarget(to: usize, room: usize): usize {
  const last = to + room
  let p = need(expect(seek(info.target), Char.L), 1)
  for (let first = true; !ends(p); first = false) {
    p = string(p)
    const n = value
    if (n + 1 > <u64>(last - to)) fail(Code.TOO_LARGE, info.target)
    if (!first) store<u8>(to++, <u8>SLASH)
    p = need(copyInput(p, to, <u32>n), 1)
    to += <usize>n
  }
  return to
}

/** Whether the child that has been met has this name. */
export function isNamed(name: usize, n: u32): bool {
  return n == nameLength && memory.compare(want + childPathLength() - n, name, n) == 0
}
