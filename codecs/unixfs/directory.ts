/**
 * Directories, flat ones and sharded ones. A shard (HAMT) has up to `fanout` links; the name of each begins with the hexadecimal digits of its slot, which is the next bits of the
 * hash of the entry's name, from the highest on. A link with a name of only these leads to a shard further down. That entries are where their hashes say is checked.
 */
import { murmur64 } from '../lib/hash/murmur3'
import * as answer from '../sdk/answer'
import { Status } from '../sdk/answer'
import { WINDOW } from '../sdk/control'
import { Code, fail } from '../sdk/fail'
import { need, seek } from '../sdk/input'
import * as block from './block'
import { LINK, Type } from './block'
import * as frames from './frames'
import { Codec } from './frames'

/** Entries of one answer. */
const MAX_ENTRIES: u32 = 512
/** The multihash code of murmur3-x64-64. */
const MURMUR: u64 = 0x22
const MAX_FANOUT: u64 = 65536

/** The name that is looked for; 0 for all. */
let name: usize = 0
let nameLength: u32 = 0
let nameHash: u64 = 0

/** Of the shard at hand: the bits of the hashes of all names in it, how many they are, and how many it adds. Of a flat directory none. */
let path: u64 = 0
let pathBits: u64 = 0
let bits: u64 = 0
/** digits of a slot */
let prefix: u32 = 0

/** Tables of the block at hand, and the next link. */
let base: usize = 0
let atHand: bool = false
let next: u32 = 0
let shards: u32 = 0

export function openGet(at: usize, n: u32): void {
  name = at
  nameLength = n
  nameHash = murmur64(at, n)
}

/** A block has come. */
export function visit(codec: u64): void {
  base = frames.top
  frames.takeTo(codec == Codec.RAW ? block.readRaw(base) : block.readBlock(base))
  const sharded = block.type == Type.SHARD
  if (!sharded && (pathBits || block.type != Type.DIRECTORY)) fail(Code.WRONG_KIND, 0, block.type)
  bits = prefix = 0
  if (sharded) openShard()
  next = shards = 0
  atHand = true
}

function openShard(): void {
  const fanout = block.fanout
  if (block.hashType != MURMUR) fail(Code.UNSUPPORTED, 0, <u32>block.hashType)
  if (popcnt(fanout) != 1 || fanout < 2 || fanout > MAX_FANOUT) fail(Code.NUMBER_RANGE, 0, <u32>fanout)
  bits = ctz(fanout)
  prefix = <u32>((bits + 3) >> 2)
  // the hash has no more bits
  if (pathBits + bits > 64) fail(Code.DEPTH, 0)
}

export function step(): i32 {
  if (name) return find()
  if (atHand) {
    if (entries()) return answer.hand(Status.MORE)
    atHand = false
    descend()
  }
  const child = frames.nextChild()
  if (!child) return answer.handNothing()
  path = frames.valueOf(child)
  pathBits = frames.placeOf(child)
  return frames.ask()
}

/** Puts the next entries of the block at hand into the answer; counts its shards. */
function entries(): bool {
  answer.openAnswer(frames.top)
  const list = answer.open()
  let count: u32 = 0
  for (; next < block.linkCount && count < MAX_ENTRIES; next++) {
    const link = block.links + <usize>next * LINK
    if (prefix && isShard(link)) {
      shards++
      continue
    }
    if (prefix) checkPlace(link)
    entry(link)
    count++
  }
  answer.close(list, count)
  return count != 0
}

/** An entry, on the answer. */
function entry(link: usize): void {
  const record = answer.open(5)
  answer.string(load<u32>(link, 8) + prefix, load<u32>(link, 12) - prefix)
  answer.link(load<u32>(link), load<u32>(link, 4))
  answer.nil()
  answer.nil()
  answer.nil()
  answer.closeCounted(record)
}

/** Notes the shards below the one at hand. */
function descend(): void {
  if (!shards) return frames.takeTo(base)
  frames.push(base, shards)
  for (let i: u32 = 0; i < block.linkCount; i++) {
    const link = block.links + <usize>i * LINK
    if (!isShard(link)) continue
    checkShard(link)
    frames.add(load<u32>(link), load<u32>(link, 4), path << bits | slot(link), pathBits + bits, false)
  }
}

function isShard(link: usize): bool { return load<u32>(link, 12) == prefix }

function checkShard(link: usize): void {
  if (frames.codecAt(load<u32>(link), load<u32>(link, 4)) != Codec.DAG_PB) fail(Code.UNSUPPORTED_CODEC, load<u32>(link))
}

/** The slot at the start of a link's name: hexadecimal digits, upper case. */
function slot(link: usize): u64 {
  const offset = load<u32>(link, 8)
  if (load<u32>(link, 12) < prefix) fail(Code.MALFORMED, offset)
  const p = need(seek(offset), prefix)
  let value: u64 = 0
  for (let i: u32 = 0; i < prefix; i++) {
    const c = <u32>load<u8>(p + i)
    const digit = c - 48 < 10 ? c - 48 : c - 65 < 6 ? c - 55 : 16
    if (digit > 15) fail(Code.MALFORMED, offset + i, c)
    value = value << 4 | digit
  }
  if (value >> bits) fail(Code.MALFORMED, offset, <u32>value)
  return value
}

/** That a name is where its hash says. */
function checkPlace(link: usize): void {
  const at = slot(link)
  const offset = load<u32>(link, 8) + prefix
  const n = load<u32>(link, 12) - prefix
  if (n > WINDOW) fail(Code.TOO_LARGE, offset, n)
  if (murmur64(need(seek(offset), n), n) >> (64 - pathBits - bits) != (path << bits | at)) fail(Code.MALFORMED, offset, <u32>at)
}

/** Looks for the name in the block at hand, which is asked for only if the name may be in it. */
function find(): i32 {
  const wanted = nameHash << pathBits >> (64 - bits)
  for (let i: u32 = 0; i < block.linkCount; i++) {
    const link = block.links + <usize>i * LINK
    if (prefix && slot(link) != wanted) continue
    if (prefix && isShard(link)) {
      checkShard(link)
      pathBits += bits
      frames.push(base, 1)
      frames.add(load<u32>(link), load<u32>(link, 4), 0, 0, false)
      return frames.ask()
    }
    if (!isNamed(link)) continue
    answer.openAnswer(frames.top)
    entry(link)
    return answer.hand(Status.DONE)
  }
  answer.openAnswer(frames.top)
  answer.nil()
  return answer.hand(Status.DONE)
}

/** Whether a link has the name that is looked for. */
function isNamed(link: usize): bool {
  if (load<u32>(link, 12) - prefix != nameLength) return false
  const offset = load<u32>(link, 8) + prefix
  for (let done: u32 = 0; done < nameLength; done += WINDOW) {
    const n = min(nameLength - done, WINDOW)
    if (memory.compare(need(seek(offset + done), n), name + done, n)) return false
  }
  return true
}
