/**
 * What a function is written with (docs/functions.md): arguments, requests, and what comes back. A function is a state machine: `run` is called again after each request, and the
 * globals and memory say where it is. Requests and answers are small tapes that are written at the end of what the heap has given out (`rest`), anew for each call.
 *
 * ```
 *  run(0)  begin()  ─▶ return openFile(0, cid, n)     asks
 *  run(f)  flags    ─▶ return next(0)                 asks
 *  run(f)  chunk    ─▶ … return next(0)
 *  run(NONE)        ─▶ beginAnswer(…); answer.uint(…); return done()
 * ```
 */
import * as answer from './answer'
import { Status } from './answer'
import { dataAddress, filled, inputSize, recordCount, windowAddress } from './control'
import { Code, fail } from './fail'
import { allocate, rest } from './heap'
import { readInput } from './input'
import * as node from './node'
import { Kind, RECORD } from './tape'

/** Bit 1 of the flags of `run`: what was asked for is not there, or the stream has ended. */
export const NONE: u32 = 2

const enum Request { OPEN = 1, NODE = 2, CREATE = 3, ENCODE = 4, STREAM = 5, NEXT = 6, EFFECT = 7, KEEP = 8 }

// --- what the host hands over --------------------------------------------------------------------------------------------------------------------------------

let room: usize = 0
let roomLength: usize = 0

/** Room for a tape of the host's: the same as before wherever it is large enough, for a run may have any number of them. */
export function reserve(length: usize): usize {
  if (length > roomLength || !room) {
    roomLength = (max(length, roomLength << 1) + 1023) & ~1023
    room = allocate(roomLength)
  }
  return room
}

/** Which function of the module's is wanted, its parameters and its inputs: set by `begin`, and good until the first request has been answered. */
export let index: u32 = 0
export let params: usize = 0
export let inputs: usize = 0

/** To be called first, in the first `run`. */
export function begin(): void {
  const list = node.openNode()
  index = <u32>node.integer(list + RECORD)
  params = list + 2 * RECORD
  inputs = node.next(params)
}

/** Whether the host has handed over a tape. */
// @ts-ignore: decorator
@inline export function hasNode(): bool { return recordCount() != 0 }

/** The root of the tape that the host has handed over; good until the next one comes. */
export function handedNode(): usize { return node.openNode() }

/** The entry of a map with an ASCII key; 0 if it has none, or if `map` is no map. */
export function field(map: usize, key: string): usize {
  if (!map || node.kind(map) != Kind.MAP) return 0
  // the host shares no keys in what it writes anew, but does so in what a codec has decoded
  const count = node.length(map)
  const shared = node.shared(map)
  let other = shared ? node.like(map) + RECORD : 0
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    let name: usize
    if (i < shared) {
      name = other
      other = node.next(other + RECORD)
    } else {
      name = at
      at += RECORD
    }
    if (isText(name, key)) return at
    at = node.next(at)
  }
  return 0
}

/** Whether a string record is this ASCII text. */
export function isText(record: usize, text: string): bool {
  const n = <u32>text.length
  if (node.kind(record) != Kind.STRING || node.length(record) != n || node.outside(record)) return false
  const at = node.resident(record)
  const characters = changetype<usize>(text)
  for (let i: u32 = 0; i < n; i++) if (load<u8>(at + i) != <u8>load<u16>(characters + (<usize>i << 1))) return false
  return true
}

/** The bytes of a string, bytes or link record, in memory: where they are, or copied to the heap if they are the input's. Keep them if they are needed after the next request: the tape is not. */
export function bytesOf(record: usize): usize {
  const n = node.length(record)
  if (!node.outside(record)) return node.resident(record)
  const at = allocate(n + 16)
  readInput(at, n, node.inputOffset(record))
  return at
}

/** As `bytesOf`, always a copy on the heap. */
export function keepBytes(record: usize): usize {
  const n = node.length(record)
  const at = allocate(n + 16)
  if (node.outside(record)) readInput(at, n, node.inputOffset(record))
  else memory.copy(at, node.resident(record), n)
  return at
}

/** Bytes of the input: block or chunk. */
// @ts-ignore: decorator
@inline export function chunkSize(): u32 { return <u32>inputSize() }

/** Copies the whole input to `at`, where there is room for it. A manifest with `"head": 0` saves the host from filling the window as well. */
export function takeChunk(at: usize): void {
  const n = <u32>inputSize()
  if (n == filled()) memory.copy(at, windowAddress(), n)
  else readInput(at, n, 0)
}

// --- requests --------------------------------------------------------------------------------------------------------------------------------------------------

let list: usize = 0

/** Begins a request of so many items, its number included. @param arena the lowest of the bytes in memory that it will name */
function ask(request: Request, items: u32, arena: usize): void {
  answer.openAnswer(rest(), arena)
  list = answer.open(items)
  answer.uint(request)
}

function asked(): i32 {
  answer.closeCounted(list)
  return answer.hand(Status.ASKS)
}

/** Asks for a block: the next call has it as the input. @param cid where the CID stands in memory, `n` bytes */
export function openBlock(cid: usize, n: u32): i32 {
  ask(Request.OPEN, 2, cid)
  answer.linkHere(cid, n)
  return asked()
}

/** As `openBlock`, for a link that is a range of the input. */
export function openLinked(offset: u64, n: u32): i32 {
  ask(Request.OPEN, 2, 0)
  answer.link(offset, n)
  return asked()
}

/** Asks for the node of a block, decoded by its codec: the next call has it as a tape. */
export function decodeBlock(cid: usize, n: u32): i32 {
  ask(Request.NODE, 3, cid)
  answer.linkHere(cid, n)
  answer.closeCounted(answer.open(0))
  return asked()
}

/** Asks for a new block of a codec, of `n` bytes in memory: the next call has its link as a tape. */
export function createBlock(codec: u64, at: usize, n: u32): i32 {
  ask(Request.CREATE, 3, at)
  answer.uint(codec)
  answer.bytesHere(at, n)
  return asked()
}

/** As `createBlock`, of a range of the input. */
export function createFromInput(codec: u64, offset: u64, n: u32): i32 {
  ask(Request.CREATE, 3, 0)
  answer.uint(codec)
  answer.bytes(offset, n)
  return asked()
}

/**
 * Begins the request for a new block that is a node: write it with `answer.*` after this, then `return requested()`.
 * @param arena the lowest of the bytes in memory that it will name
 */
export function beginEncode(codec: u64, arena: usize = 0): void {
  ask(Request.ENCODE, 3, arena)
  answer.uint(codec)
}

/** Ends a request that was begun. */
export function requested(): i32 { return asked() }

/** Opens a file as stream `number`: the next call has its size as a tape. @param length −1 for the rest */
export function openFile(number: u32, cid: usize, n: u32, offset: u64 = 0, length: i64 = -1): i32 {
  ask(Request.STREAM, 6, cid)
  answer.uint(number)
  answer.linkHere(cid, n)
  answer.text('file')
  range(offset, length)
  return asked()
}

/** Opens all blocks of a DAG as stream `number`. */
export function openDag(number: u32, cid: usize, n: u32): i32 {
  ask(Request.STREAM, 6, cid)
  answer.uint(number)
  answer.linkHere(cid, n)
  answer.text('dag')
  range(0, -1)
  return asked()
}

/** Begins to open a list of `count` blocks as stream `number`: write so many links with `answer.linkHere`, then `return openedList()`. @param joined as one long byte string */
export function beginList(number: u32, count: u32, joined: bool, arena: usize): void {
  ask(Request.STREAM, 6, arena)
  answer.uint(number)
  links = answer.open(count)
  streamKind = joined
}

/** @param offset and @param length which part of the one long byte string, if it is one */
export function openedList(offset: u64 = 0, length: i64 = -1): i32 {
  answer.closeCounted(links)
  if (streamKind) answer.text('bytes')
  else answer.text('blocks')
  range(offset, length)
  return asked()
}

/**
 * Opens what a parameter names as stream `number`, as bytes: a link is a file, a list of links raw blocks one after the other. Answers 0 if it is neither.
 * The links must stand in the tape's arenas, as the host puts them.
 * @param arena the tape's, if it is not the one that the host has handed over last
 */
export function openBytes(number: u32, record: usize, offset: u64 = 0, length: i64 = -1, arena: usize = dataAddress()): i32 {
  if (!record) return 0
  if (node.kind(record) == Kind.LINK) return openFile(number, node.resident(record), node.length(record), offset, length)
  if (node.kind(record) != Kind.LIST) return 0
  const count = node.length(record)
  beginList(number, count, true, arena)
  for (let i: u32 = 0, at = record + RECORD; i < count; i++, at += RECORD) {
    if (node.kind(at) != Kind.LINK) return 0
    answer.linkHere(node.resident(at), node.length(at))
  }
  return openedList(offset, length)
}

/** Asks for the next chunk of a stream. */
export function next(number: u32): i32 {
  ask(Request.NEXT, 2, 0)
  answer.uint(number)
  return asked()
}

/** Begins the request for an effect, of a command in ASCII: write its arguments with `answer.*`, then `return requested()`. @param arena as for `beginEncode` */
export function beginEffect(command: string, arena: usize = 0): void {
  ask(Request.EFFECT, 3, arena)
  answer.text(command)
}

let links: usize = 0
let streamKind: bool = false

function range(offset: u64, length: i64): void {
  answer.uint(offset)
  if (length < 0) answer.nil()
  else answer.uint(<u64>length)
}

// --- answers ---------------------------------------------------------------------------------------------------------------------------------------------------

/** Begins a node that is the answer, or that is emitted: write it with `answer.*`, then `return done()` or `return emitted()`. @param arena as for `beginEncode` */
export function beginAnswer(arena: usize = 0): void { answer.openAnswer(rest(), arena) }

export function done(): i32 { return answer.hand(Status.DONE) }
export function emitted(): i32 { return answer.hand(Status.MORE) }

/** Copies the link that the host has just handed over, of a new block: of `n` bytes, 36 for one of sha2-256 and a codec below 128. */
export function takeLink(to: usize, n: u32): void {
  const root = node.openNode()
  if (node.kind(root) != Kind.LINK || node.length(root) != n) fail(Code.WRONG_KIND, 0)
  memory.copy(to, node.resident(root), n)
}

/** The answer is the link that the host has just handed over, of a new block. */
export function doneWithHanded(): i32 {
  const root = node.openNode()
  if (node.kind(root) != Kind.LINK) fail(Code.WRONG_KIND, 0)
  beginAnswer(node.resident(root))
  answer.linkHere(node.resident(root), node.length(root))
  return done()
}
