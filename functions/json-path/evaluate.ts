/**
 * The query's evaluation: a stack of frames, so that it can stop wherever a link is to be followed, and go on when the block is there. Nodes go through the segments one by one, depth
 * first, which gives them in the order that RFC 9535 (section 2.1.2) describes for lists of them.
 *
 * ```
 *  QUERY  $            what becomes of its nodes: collected, counted, the first of them, or whether there is any
 *  SEGMENT .a          a node, and how far its children have been gone through
 *  SEGMENT [?@.b > 1]
 *  FILTER              a child, and the next instruction
 *  QUERY  @
 *  SEGMENT .b          ← the one that goes on
 * ```
 */
import { Code as ErrorCode, fail } from '../../codecs/sdk/fail'
import { Kind, RECORD } from '../../codecs/sdk/tape'
import { compare, Operator } from './compare'
import { Code, has, Op, Query, Segment, Select, Selector } from './program'
import { matches } from './regexp'
import * as result from './result'
import { free, get, grown } from './room'
import { after, bytesAt, entryOf, giveBack, Held, isContainer, itemOf, kindOf, lengthOf, take } from './value'

const enum Type { QUERY, SEGMENT, FILTER }
/** What becomes of the nodes of a query. */
const enum Sink { COLLECT, EXISTS, COUNT, VALUE }
/** Where the frame of a segment is. */
const enum Phase { BEGIN, SELECT, DESCEND }

// @ts-ignore: decorator
@unmanaged
class Frame {
  type: Type
  /** blocks that were held before it */
  held: u32
  /** QUERY: sink, nodes so far, and the first of them */
  sink: Sink
  count: u32
  found: usize
  /** SEGMENT: the query's frame, as its number, the node, and the key or index by which it was reached */
  query: u32
  node: usize
  segment: Segment
  name: usize
  nameLength: u32
  index: u32
  /** where it is: the selector, the next child and its index, and for slices the items in order */
  phase: Phase
  selector: Selector
  child: usize
  at: i64
  items: usize
  /** whether the filter's answer for the child at hand has come, and what it is */
  asked: bool
  holds: bool
  /** FILTER: the node is the child; the next instruction, and values before it */
  code: Code
  values: u32
}

/** Frames: for links that lead to links there is no other bound than this. */
const MAX_FRAMES: u32 = 65536
let frames: usize = 0
let depth: u32 = 0

/** Blocks that nodes at hand are in. */
let held: usize = 0
let heldCount: u32 = 0

let root: usize = 0
let follows: bool = true
let limit: u64 = 0
let withPaths: bool = false

/** @param node the argument of the query, which may be in a block that is held from now on */
export function begin(query: Query, node: usize, follow: bool, most: u64, paths: bool): void {
  root = node
  follows = follow
  limit = most
  withPaths = paths
  frames = get(64 * offsetof<Frame>())
  if (most) start(query, node, Sink.COLLECT)
}

/** The link that is to be followed: the frame at the top has met it. */
export let wanted: usize = 0

/** Goes on; false if a block is wanted first. */
export function proceed(): bool {
  while (depth) {
    const frame = top()
    switch (frame.type) {
      case Type.SEGMENT:
        if (!segment(frame)) return false
        break
      case Type.FILTER:
        filter(frame)
        break
      default:
        finish(frame)
    }
  }
  return true
}

/** A block has come, as a tape: what it decodes to is the node at the top from now on. */
export function arrived(): void { top().node = hold() }

/** Takes the tape that has come, and holds it; answers its root. */
export function hold(): usize {
  const used = <usize>heldCount * offsetof<Held>()
  held = held ? grown(held, used, used + offsetof<Held>()) : get(16 * offsetof<Held>())
  const block = changetype<Held>(held + used)
  heldCount++
  take(block)
  return block.root
}

function release(to: u32): void {
  while (heldCount > to) giveBack(changetype<Held>(held + --heldCount * offsetof<Held>()))
}

// --- frames ------------------------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline function frameAt(i: u32): Frame { return changetype<Frame>(frames + i * offsetof<Frame>()) }
// @ts-ignore: decorator
@inline function top(): Frame { return frameAt(depth - 1) }

function push(type: Type): Frame {
  if (depth == MAX_FRAMES) fail(ErrorCode.DEPTH, 0, depth)
  const size = offsetof<Frame>()
  const used = <usize>depth * size
  frames = grown(frames, used, used + size)
  const frame = frameAt(depth++)
  memory.fill(changetype<usize>(frame), 0, size)
  frame.type = type
  frame.held = heldCount
  return frame
}

function start(query: Query, node: usize, sink: Sink): void {
  const frame = push(Type.QUERY)
  frame.sink = sink
  visit(depth - 1, node, query.segments, 0, 0, 0)
}

/** A node has got as far as a segment, or to the end of a query. */
function visit(query: u32, node: usize, segment: Segment, name: usize, nameLength: u32, index: u32): void {
  if (!has(segment)) {
    found(query, node, name, nameLength, index)
    return
  }
  const frame = push(Type.SEGMENT)
  frame.query = query
  frame.node = node
  frame.segment = segment
  frame.name = name
  frame.nameLength = nameLength
  frame.index = index
}

function found(number: u32, node: usize, name: usize, nameLength: u32, index: u32): void {
  const query = frameAt(number)
  query.count++
  if (query.sink == Sink.COLLECT) {
    result.add(node)
    if (withPaths) writePath(number, name, nameLength, index)
    if (<u64>result.count >= limit) unwind(number)
    return
  }
  if (query.count == 1) query.found = node
  // enough is known
  if (query.sink == Sink.EXISTS || (query.sink == Sink.VALUE && query.count > 1)) unwind(number)
}

/** Ends what a query has under way. */
function unwind(query: u32): void {
  while (depth > query + 1) {
    const frame = top()
    if (frame.type == Type.SEGMENT) free(frame.items)
    depth--
  }
}

/** The keys of all frames of a query, each but the first of which has one, and that of the node that it has found. */
function writePath(query: u32, name: usize, nameLength: u32, index: u32): void {
  result.beginPath()
  for (let i = query + 2; i < depth; i++) {
    const frame = frameAt(i)
    key(frame.name, frame.nameLength, frame.index)
  }
  // the root itself has been reached by no key
  if (depth > query + 1) key(name, nameLength, index)
  result.endPath()
}

function key(name: usize, n: u32, index: u32): void {
  if (name) result.pathName(name, n)
  else result.pathIndex(index)
}

// --- segments ----------------------------------------------------------------------------------------------------------------------------------------------------

/** One step of a segment's frame: at most one child is visited. Answers false where its node is a link to be followed. */
function segment(frame: Frame): bool {
  if (frame.phase == Phase.BEGIN) {
    if (kindOf(frame.node) == Kind.LINK && follows) {
      wanted = frame.node
      return false
    }
    if (!isContainer(frame.node) || !lengthOf(frame.node)) {
      leave(frame)
      return true
    }
    frame.phase = Phase.SELECT
    frame.selector = frame.segment.selectors
  }
  if (frame.phase == Phase.SELECT) {
    const selector = frame.selector
    if (has(selector)) {
      select(frame, selector)
      return true
    }
    frame.phase = Phase.DESCEND
    frame.child = 0
  }
  if (!frame.segment.descends || !nextChild(frame)) {
    leave(frame)
    return true
  }
  const child = valueOf(frame)
  if (isContainer(child) || (kindOf(child) == Kind.LINK && follows)) visitChild(frame, child, frame.segment)
  return true
}

function leave(frame: Frame): void {
  free(frame.items)
  // the value of a query may be in a block that it has come through
  if (frameAt(frame.query).sink != Sink.VALUE) release(frame.held)
  depth--
}

/** Goes to the next child; `child` is then the record of its key, or of the item. */
function nextChild(frame: Frame): bool {
  if (frame.child) {
    frame.child = after(valueOf(frame))
    frame.at++
  } else {
    frame.child = frame.node + RECORD
    frame.at = 0
  }
  return frame.child < after(frame.node)
}

// @ts-ignore: decorator
@inline function valueOf(frame: Frame): usize { return kindOf(frame.node) == Kind.MAP ? frame.child + RECORD : frame.child }

function visitChild(frame: Frame, child: usize, segment: Segment): void {
  if (kindOf(frame.node) == Kind.MAP) visit(frame.query, child, segment, bytesAt(child - RECORD), lengthOf(child - RECORD), 0)
  else visit(frame.query, child, segment, 0, 0, <u32>frame.at)
}

function nextSelector(frame: Frame): void {
  frame.selector = frame.selector.next
  frame.child = 0
}

function select(frame: Frame, selector: Selector): void {
  const node = frame.node
  const next = frame.segment.next
  const list = kindOf(node) == Kind.LIST
  switch (selector.kind) {
    case Select.NAME: {
      nextSelector(frame)
      const entry: usize = list ? 0 : entryOf(node, selector.name, selector.length)
      if (entry) visitChild(frame, entry, next)
      return
    }
    case Select.INDEX: {
      nextSelector(frame)
      const n = <i64>lengthOf(node)
      const index = selector.start < 0 ? selector.start + n : selector.start
      if (!list || index < 0 || index >= n) return
      frame.at = index
      visitChild(frame, itemOf(node, <u32>index), next)
      return
    }
    case Select.SLICE:
      if (list && slice(frame, selector)) visitChild(frame, <usize>load<u32>(frame.items + (<usize>frame.at << 2)), next)
      else nextSelector(frame)
      return
    case Select.WILD:
      if (nextChild(frame)) visitChild(frame, valueOf(frame), next)
      else nextSelector(frame)
      return
    default:
      if (frame.asked) {
        frame.asked = false
        if (frame.holds) visitChild(frame, valueOf(frame), next)
      } else if (nextChild(frame)) {
        frame.asked = true
        const child = valueOf(frame)
        const filter = push(Type.FILTER)
        filter.node = child
        filter.code = selector.code
        filter.values = values
      } else {
        nextSelector(frame)
      }
  }
}

/** Goes to the next index of a slice (section 2.3.4.2.2); false if there is none. */
function slice(frame: Frame, selector: Selector): bool {
  const n = <i64>lengthOf(frame.node)
  const step = selector.step
  if (!step) return false
  if (!frame.child) {
    // the node's address says that it has begun: an item is found by its index
    frame.child = frame.node
    const start = selector.hasStart ? bound(selector.start, n) : step > 0 ? 0 : n - 1
    frame.at = step > 0 ? min(max(start, 0), n) : min(max(start, -1), n - 1)
    if (!frame.items) enumerate(frame)
  } else {
    frame.at += step
  }
  const end = selector.hasEnd ? bound(selector.end, n) : step > 0 ? n : -1
  return step > 0 ? frame.at < min(max(end, 0), n) : frame.at > min(max(end, -1), n - 1)
}

// @ts-ignore: decorator
@inline function bound(i: i64, n: i64): i64 { return i < 0 ? n + i : i }

/** The items of a list by their index, since a slice may go backwards. */
function enumerate(frame: Frame): void {
  const end = after(frame.node)
  let to = get(<usize>lengthOf(frame.node) << 2)
  frame.items = to
  for (let at = frame.node + RECORD; at < end; at = after(at)) {
    store<u32>(to, <u32>at)
    to += 4
  }
}

// --- filters -----------------------------------------------------------------------------------------------------------------------------------------------------

/**
 * Values and truths of filters: a truth is 0 or 1, a value the address of its record or 0 for Nothing. A number that is computed has its record here.
 *
 * ```
 *  0        16                32
 *  ┌────────┬─────────────────┐
 *  │ what   │ record          │
 *  └────────┴─────────────────┘
 * ```
 */
const MAX_VALUES: u32 = 1024
// @ts-ignore: decorator
@lazy const VALUES: usize = memory.data(1024 * 32, 16)
let values: u32 = 0

function putWhat(what: usize): void {
  if (values == MAX_VALUES) fail(ErrorCode.DEPTH, 0, values)
  store<u32>(VALUES + values++ * 32, <u32>what)
}
function putCount(n: u32): void {
  putWhat(0)
  const at = VALUES + (values - 1) * 32
  store<u32>(at, <u32>at + 16)
  store<u64>(at, Kind.UINT, 16)
  store<u64>(at, n, 24)
}
function takeWhat(): usize { return <usize>load<u32>(VALUES + --values * 32) }
// @ts-ignore: decorator
@inline function onTop(): bool { return load<u32>(VALUES + (values - 1) * 32) != 0 }

/** Runs a filter up to the next query in it, or to its end. */
function filter(frame: Frame): void {
  while (has(frame.code)) {
    const code = frame.code
    frame.code = code.next
    switch (code.op) {
      case Op.LITERAL:
        putWhat(code.literal)
        break
      case Op.COMPARE: {
        const b = takeWhat()
        const a = takeWhat()
        putWhat(usize(compare(<Operator>code.operator, a, b)))
        break
      }
      case Op.NOT:
        putWhat(usize(!takeWhat()))
        break
      case Op.AND:
        if (!onTop()) frame.code = code.target
        else values--
        break
      case Op.OR:
        if (onTop()) frame.code = code.target
        else values--
        break
      case Op.LENGTH:
        putLength(takeWhat())
        break
      case Op.MATCH:
      case Op.SEARCH: {
        const pattern = takeWhat()
        const text = takeWhat()
        putWhat(usize(matches(text, pattern, code.op == Op.MATCH)))
        break
      }
      case Op.LABEL:
        break
      default: {
        const query = code.query
        const sink = code.op == Op.EXISTS ? Sink.EXISTS : code.op == Op.COUNT ? Sink.COUNT : Sink.VALUE
        start(query, query.absolute ? root : frame.node, sink)
        return
      }
    }
  }
  const holds = takeWhat() != 0
  release(frame.held)
  depth--
  top().holds = holds
}

/** length(): characters of a string, items, entries, and of bytes, which JSON does not have, their number (section 2.4.4). */
function putLength(value: usize): void {
  const kind = value ? kindOf(value) : Kind.NULL
  if (kind == Kind.STRING) putCount(characters(bytesAt(value), lengthOf(value)))
  else if (kind == Kind.BYTES || kind >= Kind.LIST) putCount(lengthOf(value))
  else putWhat(0)
}

function characters(p: usize, n: u32): u32 {
  let count: u32 = 0
  for (const end = p + n; p < end; p++) count += u32((load<u8>(p) & 0xc0) != 0x80)
  return count
}

/** A query has come to its end: what it has found goes to the filter that it is in. */
function finish(frame: Frame): void {
  depth--
  if (frame.sink == Sink.COLLECT) return
  if (frame.sink == Sink.EXISTS) putWhat(usize(frame.count != 0))
  else if (frame.sink == Sink.COUNT) putCount(frame.count)
  else putWhat(frame.count == 1 ? frame.found : 0)
  if (frame.sink != Sink.VALUE) release(frame.held)
}
