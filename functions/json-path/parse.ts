/**
 * The parser: RFC 9535, its grammar (appendix A) and the rules for the types of functions (section 2.4.3). Recursive descent, in as many levels as parentheses and filters are
 * within each other.
 */
import { Code as ErrorCode } from '../../codecs/sdk/fail'
import { allocate } from '../../codecs/sdk/heap'
import { Kind } from '../../codecs/sdk/tape'
import { Operator } from './compare'
import { Code, has, newCode, newQuery, newSegment, newSelector, none, Op, Query, Segment, Select, Selector } from './program'
import * as scan from './scan'

const MAX_NESTING: u32 = 128

let nesting: u32 = 0
/** The last instruction of the filter at hand. */
let last: Code = none<Code>()

/** Parses a query, the whole text. */
export function parse(text: usize, n: u32): Query {
  scan.openText(text, n)
  if (scan.peek() != 36) scan.refuse()
  const query = queryHere()
  if (!scan.atEnd()) scan.refuse()
  return query
}

function enter(): void { if (++nesting > MAX_NESTING) scan.refuse(ErrorCode.DEPTH) }
function leave(): void { nesting-- }

/** A query from `$` or `@` on. */
function queryHere(): Query {
  const query = newQuery()
  query.absolute = scan.peek() == 36
  query.singular = true
  scan.step()
  let before = none<Segment>()
  while (true) {
    const from = scan.p
    scan.blanks()
    const c = scan.peek()
    if (c != 91 && c != 46) {
      // blanks after the query are not its own
      scan.back(from)
      return query
    }
    const segment = newSegment()
    if (!segmentHere(segment)) query.singular = false
    if (has(before)) before.next = segment
    else query.segments = segment
    before = segment
  }
}

/** Answers whether it is one of a singular query: one name or index, without blanks. */
function segmentHere(segment: Segment): bool {
  if (scan.accept(46)) {
    if (scan.accept(46)) {
      segment.descends = true
      if (scan.peek() == 91) bracketed(segment)
      else shorthand(segment)
      return false
    }
    return shorthand(segment)
  }
  return bracketed(segment)
}

function shorthand(segment: Segment): bool {
  if (scan.accept(42)) {
    segment.selectors = newSelector(Select.WILD)
    return false
  }
  scan.name()
  segment.selectors = named()
  return true
}

function named(): Selector {
  const selector = newSelector(Select.NAME)
  selector.name = scan.token
  selector.length = scan.tokenLength
  return selector
}

function bracketed(segment: Segment): bool {
  const from = scan.p
  scan.step()
  let before = none<Selector>()
  let count = 0
  let selector: Selector
  do {
    scan.blanks()
    selector = selectorHere()
    if (has(before)) before.next = selector
    else segment.selectors = selector
    before = selector
    count++
    scan.blanks()
  } while (scan.accept(44))
  scan.expect(93)
  return count == 1 && selector.kind <= Select.INDEX && scan.blankAt < from
}

function selectorHere(): Selector {
  const c = scan.peek()
  if (c == 34 || c == 39) {
    scan.quoted()
    return named()
  }
  if (c == 42) {
    scan.step()
    return newSelector(Select.WILD)
  }
  if (c == 63) {
    scan.step()
    const selector = newSelector(Select.FILTER)
    selector.code = filter()
    return selector
  }
  return slice()
}

/** An index, or a slice. */
function slice(): Selector {
  const selector = newSelector(Select.INDEX)
  if (scan.atInteger()) {
    selector.start = scan.integer()
    selector.hasStart = true
    const from = scan.p
    scan.blanks()
    if (scan.peek() != 58) {
      scan.back(from)
      return selector
    }
  }
  scan.expect(58)
  selector.kind = Select.SLICE
  selector.step = 1
  scan.blanks()
  if (scan.atInteger()) {
    selector.end = scan.integer()
    selector.hasEnd = true
    scan.blanks()
  }
  if (scan.accept(58)) {
    scan.blanks()
    if (scan.atInteger()) selector.step = scan.integer()
  }
  return selector
}

// --- filters -------------------------------------------------------------------------------------------------------------------------------------------------

function emit(op: Op): Code {
  const code = newCode(op)
  if (has(last)) last.next = code
  last = code
  return code
}

/** The code of a filter; a filter within a query of another has its own. */
function filter(): Code {
  enter()
  const outer = last
  const first = newCode(Op.LABEL)
  last = first
  scan.blanks()
  or()
  last = outer
  leave()
  return first
}

function or(): void {
  and()
  while (true) {
    scan.blanks()
    if (scan.peek() != 124 || scan.peek(1) != 124) return
    scan.step(2)
    const jump = emit(Op.OR)
    scan.blanks()
    and()
    jump.target = emit(Op.LABEL)
  }
}

function and(): void {
  basic()
  while (true) {
    scan.blanks()
    if (scan.peek() != 38 || scan.peek(1) != 38) return
    scan.step(2)
    const jump = emit(Op.AND)
    scan.blanks()
    basic()
    jump.target = emit(Op.LABEL)
  }
}

/** What an operand is: a query that has not been put to use yet, a value, or a truth. */
const enum Type { NODES, VALUE, LOGICAL }

/** A parenthesis, a comparison or a test. */
function basic(): void {
  const negated = scan.accept(33)
  if (negated) scan.blanks()
  if (scan.accept(40)) {
    enter()
    scan.blanks()
    or()
    scan.blanks()
    scan.expect(41)
    leave()
  } else {
    const from = scan.p
    const literal = isLiteral()
    const type = literal ? literalHere() : operand()
    const left = last
    const end = scan.p
    scan.blanks()
    const operator = negated ? -1 : operatorHere()
    if (operator < 0) {
      scan.back(end)
      if (literal) scan.refuse(ErrorCode.MALFORMED, from)
      if (type == Type.VALUE) scan.refuse(ErrorCode.WRONG_KIND, from)
    } else {
      comparable(left, type, from)
      scan.blanks()
      const at = scan.p
      const right = isLiteral() ? literalHere() : operand()
      comparable(last, right, at)
      emit(Op.COMPARE).operator = operator
    }
  }
  if (negated) emit(Op.NOT)
}

/** Makes a value of an operand of a comparison, or refuses it. */
function comparable(code: Code, type: Type, at: usize): void {
  if (type == Type.VALUE) return
  if (type == Type.LOGICAL || !code.query.singular) scan.refuse(ErrorCode.WRONG_KIND, at)
  code.op = Op.VALUE
}

/** The operator of a comparison, −1 if none stands here. */
function operatorHere(): i32 {
  const c = scan.peek()
  const equals = scan.peek(1) == 61
  let operator = -1
  if (c == 61 && equals) operator = Operator.EQ
  else if (c == 33 && equals) operator = Operator.NE
  else if (c == 60) operator = equals ? Operator.LE : Operator.LT
  else if (c == 62) operator = equals ? Operator.GE : Operator.GT
  if (operator >= 0) scan.step(equals ? 2 : 1)
  return operator
}

function isLiteral(): bool {
  const c = scan.peek()
  if (c == 34 || c == 39 || scan.atInteger()) return true
  const from = scan.p
  const found = scan.word('true') || scan.word('false') || scan.word('null')
  // a function may be called so
  const is = found && scan.peek() != 40
  scan.back(from)
  return is
}

function literalHere(): Type {
  const c = scan.peek()
  let record: usize
  if (c == 34 || c == 39) {
    scan.quoted()
    record = allocate(16)
    store<u64>(record, <u64>Kind.STRING | <u64>scan.tokenLength << 32)
    store<u64>(record, <u64>scan.token, 8)
  } else if (scan.atInteger()) {
    record = scan.number()
  } else {
    record = allocate(16)
    store<u64>(record, 0, 8)
    if (scan.word('null')) store<u64>(record, Kind.NULL)
    else store<u64>(record, <u64>Kind.BOOL | u64(scan.word('true')) << 32)
    scan.word('false')
  }
  emit(Op.LITERAL).literal = record
  return Type.VALUE
}

/** A query or the call of a function. A query is emitted as a test, which whoever needs a value or a number makes another of. */
function operand(): Type {
  const c = scan.peek()
  if (c == 36 || c == 64) {
    enter()
    const query = queryHere()
    leave()
    emit(Op.EXISTS).query = query
    return Type.NODES
  }
  const from = scan.p
  if (!scan.call()) scan.refuse()
  enter()
  let type = Type.VALUE
  if (scan.tokenIs('length')) {
    value()
    emit(Op.LENGTH)
  } else if (scan.tokenIs('count')) {
    nodes().op = Op.COUNT
  } else if (scan.tokenIs('value')) {
    nodes().op = Op.VALUE
  } else if (scan.tokenIs('match') || scan.tokenIs('search')) {
    const op = scan.tokenIs('match') ? Op.MATCH : Op.SEARCH
    value()
    scan.blanks()
    if (scan.peek() == 41) scan.refuse(ErrorCode.WRONG_KIND)
    scan.expect(44)
    value()
    emit(op)
    type = Type.LOGICAL
  } else {
    scan.refuse(ErrorCode.UNSUPPORTED, from)
  }
  scan.blanks()
  // one argument more than there are parameters
  if (scan.peek() == 44) scan.refuse(ErrorCode.WRONG_KIND)
  scan.expect(41)
  leave()
  return type
}

/** An argument that is a value. */
function value(): void {
  scan.blanks()
  const at = scan.p
  if (scan.peek() == 41) scan.refuse(ErrorCode.WRONG_KIND)
  const type = isLiteral() ? literalHere() : operand()
  comparable(last, type, at)
}

/** An argument that is a list of nodes. */
function nodes(): Code {
  scan.blanks()
  const at = scan.p
  if (scan.peek() == 41 || isLiteral()) scan.refuse(ErrorCode.WRONG_KIND)
  if (operand() != Type.NODES) scan.refuse(ErrorCode.WRONG_KIND, at)
  return last
}
