/** BitTorrent, version 1: an info dictionary as a file, or as a directory of files over pieces. https://www.bittorrent.org/beps/bep_0003.html */
import * as answer from '../sdk/answer'
import { NodeKind, Op, Status } from '../sdk/answer'
import { Code, fail } from '../sdk/fail'
import { allocate, rest } from '../sdk/heap'
import * as node from '../sdk/node'
import { Kind, RECORD } from '../sdk/tape'
import * as info from './info'
import * as names from './names'
import * as tree from './tree'
import { Match } from './tree'

export { control, reserve } from '../sdk/codec'

/** Entries and pieces of one answer. */
const MAX_BATCH: u32 = 512
const MAX_TARGET: usize = 65536
/** Pieces are blocks of these. */
const RAW: u64 = 0x55
const SHA1: u64 = 0x11

/** The operation; 0 before the first call. */
let op: u32 = 0
/** Its argument after the node. */
let argument: usize = 0
let begun: bool = false

/** What has been met of a directory since the last answer: u64 name offset, u32 name length, u32 kind, u64 size, u32 address and length of the path. */
// @ts-ignore: decorator
@lazy const FOUND: usize = memory.data(512 * 32, 16)

/** The next piece, and the range of all files that is wanted. */
let piece: u64 = 0
let from: u64 = 0
let to: u64 = 0

export function run(flags: u32): i32 {
  if (!op) return begin()
  const first = !begun
  if (first) {
    begun = true
    info.readInfo()
  }
  if (op == Op.OPEN) return describe()
  if (op == Op.GET) return get()
  if (op == Op.ENTRIES) {
    if (first) openEntries()
    return entries()
  }
  if (first) openRead()
  return read()
}

/** Takes the arguments and asks for the root. */
function begin(): i32 {
  const list = node.openNode()
  op = <u32>node.integer(list + RECORD)
  if (op < <u32>Op.OPEN || op > <u32>Op.READ) fail(Code.UNSUPPORTED, 0, op)
  const root = list + 2 * RECORD
  argument = list + 4 * RECORD
  tree.openTree(list + 3 * RECORD)
  const cid = node.resident(root)
  answer.openAnswer(rest(), cid)
  const links = answer.open(1)
  answer.linkHere(cid, node.length(root))
  answer.closeCounted(links)
  return answer.hand(Status.ASKS)
}

/** Finds the node among the files: what is the same comes before what is below. */
function find(): Match {
  if (!info.files) {
    if (!tree.isRoot()) fail(Code.MISSING_FIELD, 0)
    return Match.SAME
  }
  if (tree.isRoot()) return Match.BELOW
  from = 0
  for (info.firstFile(); info.nextFile(); from += info.length) {
    const found = info.padding ? Match.NONE : tree.match()
    if (found) return found
  }
  fail(Code.MISSING_FIELD, 0)
  return Match.NONE
}

function describe(): i32 {
  const file = find() == Match.SAME
  const target = file && info.target ? linkTarget() : 0
  answer.openAnswer(rest(), targetStart)
  const list = answer.open(6)
  answer.uint(!file ? NodeKind.DIRECTORY : target ? NodeKind.SYMLINK : NodeKind.FILE)
  if (file && !target) answer.uint(info.length)
  else answer.nil()
  answer.nil()
  answer.nil()
  answer.nil()
  if (target) answer.stringHere(targetStart, <u32>(target - targetStart))
  else answer.nil()
  answer.closeCounted(list)
  return answer.hand(Status.DONE)
}

let targetStart: usize = 0

/** The target of a symbolic link, from where the link is; answers the address after it. */
function linkTarget(): usize {
  const up = tree.depth()
  const room = <usize>up * 3 + MAX_TARGET
  targetStart = allocate(room + 16)
  let at = targetStart
  for (let i: u32 = 0; i < up; i++) {
    store<u32>(at, 0x2f2e2e)
    at += 3
  }
  return tree.copyTarget(at, MAX_TARGET)
}

// --- directories -----------------------------------------------------------------------------------------------------------------------------------------

function openEntries(): void {
  if (!info.files || find() != Match.BELOW) fail(Code.WRONG_KIND, 0)
  names.openNames(rest(), info.fileCount)
  info.firstFile()
}

/** Notes a child that has been met as the `i`-th. */
function noteChild(i: u32): void {
  const at = FOUND + (<usize>i << 5)
  store<u64>(at, tree.nameOffset)
  store<u32>(at, tree.nameLength, 8)
  store<u32>(at, tree.isDirectory ? NodeKind.DIRECTORY : info.target ? NodeKind.SYMLINK : NodeKind.FILE, 12)
  store<u64>(at, info.length, 16)
}

function notePath(i: u32, address: usize): void {
  store<u32>(FOUND + (<usize>i << 5), <u32>address, 24)
  store<u32>(FOUND + (<usize>i << 5), tree.childPathLength(), 28)
}

function entries(): i32 {
  let count: u32 = 0
  while (count < MAX_BATCH && info.nextFile()) {
    if (info.padding) continue
    const found = tree.match()
    if (found == Match.NONE) continue
    // a file that is a directory too, or a file for the second time
    if (found == Match.SAME) fail(Code.DUPLICATE_KEY, info.path)
    const known = names.note(tree.childPath(), tree.childPathLength(), tree.isDirectory)
    if (known == 2 || (known && !tree.isDirectory)) fail(Code.DUPLICATE_KEY, info.path)
    if (known) continue
    noteChild(count)
    notePath(count++, names.noted)
  }
  if (!count) return answer.handNothing()
  answer.openAnswer(names.topOfNames(), load<u32>(FOUND, 24))
  const list = answer.open(count)
  for (let i: u32 = 0; i < count; i++) entry(FOUND + (<usize>i << 5))
  answer.closeCounted(list)
  return answer.hand(Status.MORE)
}

function entry(at: usize): void {
  const kind = load<u32>(at, 12)
  const record = answer.open(5)
  answer.string(load<u64>(at), load<u32>(at, 8))
  answer.nil()
  answer.bytesHere(load<u32>(at, 24), load<u32>(at, 28))
  if (kind == NodeKind.FILE) answer.uint(load<u64>(at, 16))
  else answer.nil()
  answer.uint(kind)
  answer.closeCounted(record)
}

function get(): i32 {
  if (!info.files || find() != Match.BELOW) fail(Code.WRONG_KIND, 0)
  const name = node.resident(argument)
  const n = node.length(argument)
  let found = false
  for (info.firstFile(); !found && info.nextFile(); ) found = !info.padding && tree.match() == Match.BELOW && tree.isNamed(name, n)
  answer.openAnswer(rest(), tree.childPath())
  if (found) {
    noteChild(0)
    notePath(0, tree.childPath())
    entry(FOUND)
  } else {
    answer.nil()
  }
  return answer.hand(Status.DONE)
}

// --- files -----------------------------------------------------------------------------------------------------------------------------------------------

function openRead(): void {
  if (find() != Match.SAME || info.target) fail(Code.WRONG_KIND, 0)
  const end = from + info.length
  from = min(from + node.integer(argument), end)
  to = min(from + node.integer(argument + RECORD), end)
  piece = from / info.pieceLength
}

function read(): i32 {
  if (from == to) return answer.handNothing()
  answer.openAnswer(rest())
  const list = answer.open()
  let count: u32 = 0
  for (; from < to && count < MAX_BATCH; count++) {
    const start = piece * info.pieceLength
    const size = min(info.pieceLength, info.total - start)
    const high = min(to, start + size)
    const passage = answer.open(4)
    const link = answer.open(3)
    answer.uint(RAW)
    answer.uint(SHA1)
    answer.bytes(info.pieces + piece * info.DIGEST, <u32>info.DIGEST)
    answer.closeCounted(link)
    answer.uint(size)
    answer.uint(from - start)
    answer.uint(high - from)
    answer.closeCounted(passage)
    from = high
    piece++
  }
  answer.close(list, count)
  return answer.hand(Status.MORE)
}
