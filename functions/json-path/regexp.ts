/**
 * I-Regexp (RFC 9485), for match() and search(). An expression becomes a machine that is in all of its states at once (K. Thompson, "Regular expression search algorithm"), so that a
 * text takes time in proportion to its length and the expression's, whatever they are.
 *
 * By its grammar ^ and $ are characters like others; the RFC's own translations for other engines (section 5) make anchors of them, and so does everybody. Here they are anchors as the
 * first and the last of an expression, and characters anywhere else.
 *
 * ```
 *  SET     ranges, count, negated     goes on to the next one if the character is in a range
 *  SPLIT   one, other                 goes on to both
 *  JUMP    one
 *  MATCH
 * ```
 */
import { Code, fail } from '../../codecs/sdk/fail'
import { Kind } from '../../codecs/sdk/tape'
import { CATEGORIES, RUN_COUNT, RUNS } from './categories'
import { free, get } from './room'
import { bytesAt, kindOf, lengthOf } from './value'

const enum Op { SET, SPLIT, JUMP, MATCH }
/** What an expression is made of. */
const enum Part { SET, SEQUENCE, BRANCHES, REPEAT }

// @ts-ignore: decorator
@unmanaged
class Tree {
  part: Part
  /** SET: range pairs, and how many; REPEAT: how often, at least and at most */
  ranges: usize
  least: u32
  most: u32
  negated: bool
  child: Tree
  next: Tree
}

// @ts-ignore: decorator
@unmanaged
class State {
  op: Op
  ranges: usize
  count: u32
  negated: bool
  one: u32
  other: u32
}

/** States of an expression; repetitions are written out. */
const MAX_STATES: u32 = 8192
const MAX_NESTING: u32 = 128
const MANY: u32 = 0x7fffffff
/** In place of a range's first character: the other half is a set of categories, one bit each, and whether those are the ones that are not meant. */
const BY_CATEGORY: u32 = 0xffffffff
const OTHERS: u32 = 0x80000000

/** The expression that was compiled last, its bytes kept, and whether it is one. */
let known: usize = 0
let knownLength: u32 = 0
let valid: bool = false
/** Whether it is held to the beginning and to the end of the text. */
let fromStart: bool = false
let toEnd: bool = false

let states: usize = 0
let count: u32 = 0
/** Memory of trees and ranges, as much as an expression of its length can need. */
let arena: usize = 0
let arenaTop: usize = 0

let p: usize = 0
let end: usize = 0
let nesting: u32 = 0
let broken: bool = false

/** Whether a text matches, as a whole or anywhere; false if either is no string, or the expression is none. */
export function matches(text: usize, expression: usize, whole: bool): bool {
  if (!text || !expression || kindOf(text) != Kind.STRING || kindOf(expression) != Kind.STRING) return false
  const n = lengthOf(expression)
  const at = bytesAt(expression)
  if (!known || n != knownLength || memory.compare(at, known, n) != 0) compile(at, n)
  return valid && simulate(bytesAt(text), lengthOf(text), whole)
}

function compile(at: usize, n: u32): void {
  free(known)
  known = get(n + 8)
  knownLength = n
  memory.copy(known, at, n)
  if (!states) states = get(<usize>MAX_STATES * offsetof<State>())
  free(arena)
  // three parts a character at most, and one range
  arena = arenaTop = get((<usize>n + 2) * (3 * offsetof<Tree>() + 8))
  count = 0
  p = known
  end = known + n
  nesting = 0
  broken = false
  fromStart = n > 0 && load<u8>(p) == 94
  if (fromStart) p++
  toEnd = p < end && load<u8>(end - 1) == 36
  if (toEnd) end--
  const tree = branches()
  valid = !broken && p == end
  if (!valid) return
  emit(tree)
  state(Op.MATCH)
}

// --- parsing (section 4 of RFC 9485) -------------------------------------------------------------------------------------------------------------------------------

function newTree(part: Part): Tree {
  const tree = changetype<Tree>(arenaTop)
  arenaTop += offsetof<Tree>()
  memory.fill(changetype<usize>(tree), 0, offsetof<Tree>())
  tree.part = part
  return tree
}

// @ts-ignore: decorator
@inline function has(tree: Tree): bool { return changetype<usize>(tree) != 0 }
// @ts-ignore: decorator
@inline function peek(): u32 { return p < end ? <u32>load<u8>(p) : 0x100 }

/** The character at hand. */
function character(): u32 {
  const c = <u32>load<u8>(p++)
  if (c < 0x80) return c
  let n: u32 = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3
  let point = c & (0x3f >> n)
  for (; n > 0; n--) point = point << 6 | <u32>load<u8>(p++) & 0x3f
  return point
}

function branches(): Tree {
  const tree = newTree(Part.BRANCHES)
  if (++nesting > MAX_NESTING) fail(Code.DEPTH, p - known)
  let last = tree.child = sequence()
  while (peek() == 124) {
    p++
    last = last.next = sequence()
  }
  nesting--
  return tree
}

function sequence(): Tree {
  const tree = newTree(Part.SEQUENCE)
  let last = changetype<Tree>(0)
  while (!broken && peek() != 0x100 && peek() != 124 && peek() != 41) {
    const piece = quantified(atom())
    if (has(last)) last.next = piece
    else tree.child = piece
    last = piece
  }
  return tree
}

function quantified(child: Tree): Tree {
  const c = peek()
  if (c != 42 && c != 43 && c != 63 && c != 123) return child
  const tree = newTree(Part.REPEAT)
  tree.child = child
  tree.least = u32(c == 43)
  tree.most = c == 63 ? 1 : MANY
  p++
  if (c == 123) {
    tree.least = tree.most = quantity()
    if (peek() == 44) {
      p++
      tree.most = peek() == 125 ? MANY : quantity()
    }
    if (peek() != 125 || tree.most < tree.least) broken = true
    p++
  }
  return tree
}

function quantity(): u32 {
  if (peek() - 48 > 9) broken = true
  let n: u32 = 0
  for (; peek() - 48 < 10; p++) n = min(n * 10 + (peek() - 48), 100000)
  return n
}

function atom(): Tree {
  const c = peek()
  if (c == 40) {
    p++
    const tree = branches()
    if (peek() != 41) broken = true
    p++
    return tree
  }
  if (c == 91) return charClass()
  const tree = newTree(Part.SET)
  tree.ranges = arenaTop
  if (c == 46) {
    p++
    // all but the ends of lines
    tree.negated = true
    range(tree, 10, 10)
    range(tree, 13, 13)
    return tree
  }
  if (categories(tree)) return tree
  const point = c == 92 ? escape() : character()
  // ) * + ? ] { } stand for themselves only in escapes
  if (c - 41 < 3 || c == 63 || c == 93 || c == 123 || c == 125) broken = true
  range(tree, point, point)
  return tree
}

function range(tree: Tree, low: u32, high: u32): void {
  store<u32>(arenaTop, low)
  store<u32>(arenaTop, high, 4)
  arenaTop += 8
  tree.least++
}

/** catEsc or complEsc, if one stands here. */
function categories(tree: Tree): bool {
  if (peek() != 92 || p + 1 >= end) return false
  const c = <u32>load<u8>(p, 1)
  if ((c | 32) != 112) return false
  p += 2
  if (peek() != 123) broken = true
  p++
  const major = peek()
  p++
  const minor = peek()
  const whole = minor == 125
  if (!whole) p++
  let set: u32 = 0
  for (let i: u32 = 0; i < NUMBERS; i++) {
    const name = changetype<usize>(CATEGORIES) + (<usize>i << 2)
    if (load<u16>(name) == major && (whole || load<u16>(name, 2) == minor)) set |= 1 << i
  }
  if (!set || peek() != 125) broken = true
  p++
  range(tree, BY_CATEGORY, set | (c == 80 ? OTHERS : 0))
  return true
}
/** Categories that there are names for: surrogates, the last, are none of text. */
const NUMBERS: u32 = 29

/** SingleCharEsc. */
function escape(): u32 {
  p++
  const c = peek()
  p++
  if (c == 110) return 10
  if (c == 114) return 13
  if (c == 116) return 9
  if (!(c - 40 < 4 || c == 45 || c == 46 || c == 63 || c - 91 < 4 || c - 123 < 3)) broken = true
  return c
}

function charClass(): Tree {
  const tree = newTree(Part.SET)
  tree.ranges = arenaTop
  p++
  if (peek() == 94) {
    tree.negated = true
    p++
  }
  let first = true
  while (!broken && peek() != 93) {
    if (peek() == 0x100) {
      broken = true
      break
    }
    if (peek() == 45) {
      p++
      // a hyphen is one at the beginning and at the end
      if (!first && peek() != 93) broken = true
      range(tree, 45, 45)
    } else if (!categories(tree)) {
      const low = classChar()
      let high = low
      if (peek() == 45 && p + 1 < end && load<u8>(p, 1) != 93) {
        p++
        high = peek() == 45 || peek() == 0x100 ? 0 : classChar()
      }
      if (high < low) broken = true
      range(tree, low, high)
    }
    first = false
  }
  if (first) broken = true
  p++
  return tree
}

/** CCchar: brackets stand for themselves only in escapes. */
function classChar(): u32 {
  const c = peek()
  if (c == 92) return escape()
  if (c == 91 || c == 93) broken = true
  return character()
}

// --- states --------------------------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline function stateAt(i: u32): State { return changetype<State>(states + <usize>i * offsetof<State>()) }

function state(op: Op): State {
  if (count == MAX_STATES) fail(Code.TOO_LARGE, 0, count)
  const next = stateAt(count++)
  memory.fill(changetype<usize>(next), 0, offsetof<State>())
  next.op = op
  return next
}

function emit(tree: Tree): void {
  switch (tree.part) {
    case Part.SET: {
      const set = state(Op.SET)
      set.ranges = tree.ranges
      set.count = tree.least
      set.negated = tree.negated
      return
    }
    case Part.SEQUENCE:
      for (let child = tree.child; has(child); child = child.next) emit(child)
      return
    case Part.BRANCHES:
      emitBranches(tree.child)
      return
    default:
      emitRepeat(tree)
  }
}

/** SPLIT first, rest; first; JUMP end; rest. */
function emitBranches(child: Tree): void {
  if (!has(child.next)) {
    emit(child)
    return
  }
  const split = state(Op.SPLIT)
  split.one = count
  emit(child)
  const jump = state(Op.JUMP)
  split.other = count
  emitBranches(child.next)
  jump.one = count
}

function emitRepeat(tree: Tree): void {
  const from = count
  for (let i: u32 = 0; i < tree.least; i++) {
    emit(tree.child)
    // nothing, however often
    if (count == from) return
  }
  if (tree.most == MANY) {
    const at = count
    const split = state(Op.SPLIT)
    split.one = count
    emit(tree.child)
    state(Op.JUMP).one = at
    split.other = count
    return
  }
  for (let i = tree.least; i < tree.most; i++) {
    const split = state(Op.SPLIT)
    const at = count
    split.one = at
    emit(tree.child)
    split.other = count
    if (count == at) return
  }
}

// --- matching --------------------------------------------------------------------------------------------------------------------------------------------------------

/** The sets of states before and after a character, and for each state the position at which it was added last, plus one. */
let now: usize = 0
let then: usize = 0
let added: usize = 0
let pending: usize = 0
let thenCount: u32 = 0
let accepted: bool = false

function simulate(text: usize, n: u32, entire: bool): bool {
  const whole = entire || toEnd
  const anchored = entire || fromStart
  const size = <usize>MAX_STATES << 2
  if (!now) {
    now = get(size)
    then = get(size)
    added = get(size)
    // a state may be put there by each of two before it is seen to be there
    pending = get(2 * size + 16)
  }
  memory.fill(added, 0, <usize>count << 2)
  const stop = text + n
  let mark: u32 = 1
  accepted = false
  thenCount = 0
  add(0, mark)
  let at = text
  while (true) {
    if (accepted && (!whole || at == stop)) return true
    if (at == stop || (anchored && !thenCount)) return false
    const others = now
    now = then
    then = others
    const nowCount = thenCount
    thenCount = 0
    accepted = false
    mark++
    const c = <u32>load<u8>(at)
    let point = c
    at++
    if (c >= 0x80) {
      let more: u32 = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3
      point = c & (0x3f >> more)
      for (; more > 0; more--) point = point << 6 | <u32>load<u8>(at++) & 0x3f
    }
    for (let i: u32 = 0; i < nowCount; i++) {
      const number = load<u32>(now + (<usize>i << 2))
      if (contains(stateAt(number), point)) add(number + 1, mark)
    }
    // a match may begin anywhere
    if (!anchored) add(0, mark)
  }
}

function contains(set: State, point: u32): bool {
  let at = set.ranges
  for (let i: u32 = 0; i < set.count; i++) {
    const low = load<u32>(at)
    const high = load<u32>(at, 4)
    if (low == BY_CATEGORY ? (high >> categoryOf(point) & 1) != high >> 31 : point >= low && point <= high) return !set.negated
    at += 8
  }
  return set.negated
}

/** The number of a character's category. */
function categoryOf(point: u32): u32 {
  let low: u32 = 0
  let high = RUN_COUNT
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (load<u32>(RUNS + (<usize>middle << 2)) >> 5 <= point) low = middle
    else high = middle
  }
  return load<u32>(RUNS + (<usize>low << 2)) & 31
}

/** Adds a state and all that it goes on to without a character. */
function add(first: u32, mark: u32): void {
  let top = pending
  store<u32>(top, first)
  top += 4
  while (top > pending) {
    top -= 4
    const number = load<u32>(top)
    const seen = added + (<usize>number << 2)
    if (load<u32>(seen) == mark) continue
    store<u32>(seen, mark)
    const state = stateAt(number)
    if (state.op == Op.SET) {
      store<u32>(then + (<usize>thenCount << 2), number)
      thenCount++
    } else if (state.op == Op.MATCH) {
      accepted = true
    } else {
      if (state.op == Op.SPLIT) {
        store<u32>(top, state.other)
        top += 4
      }
      store<u32>(top, state.one)
      top += 4
    }
  }
}
