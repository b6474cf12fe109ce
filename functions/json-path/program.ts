/** A query that has been parsed: segments, selectors, and the code of filters, each a chain in memory. What is made here is never given back; a query is short. */
import { allocate } from '../../codecs/sdk/heap'

export const enum Select { NAME, INDEX, SLICE, WILD, FILTER }

// @ts-ignore: decorator
@unmanaged
export class Segment {
  descends: bool
  selectors: Selector
  next: Segment
}

// @ts-ignore: decorator
@unmanaged
export class Selector {
  kind: Select
  /** NAME: the bytes of the name */
  name: usize
  length: u32
  /** SLICE: which of the bounds are there */
  hasStart: bool
  hasEnd: bool
  /** INDEX: the index is `start` */
  start: i64
  end: i64
  step: i64
  /** FILTER */
  code: Code
  next: Selector
}

// @ts-ignore: decorator
@unmanaged
export class Query {
  /** from `$`, not from `@` */
  absolute: bool
  /** at most one node, by its form alone */
  singular: bool
  segments: Segment
}

/** What an instruction does with the stack of values. */
export const enum Op {
  /** puts a value, `literal` */
  LITERAL,
  /** puts a truth: whether the query finds anything */
  EXISTS,
  /** puts the value of a query that finds one node; Nothing otherwise */
  VALUE,
  /** puts the number of nodes */
  COUNT,
  /** takes two values and puts a truth, by `operator` */
  COMPARE,
  /** turns a truth around */
  NOT,
  /** go to `target` if the truth on top is false, or true, and leave it; otherwise take it */
  AND,
  OR,
  /** takes a value and puts its length */
  LENGTH,
  /** take a value and a regular expression and put a truth */
  MATCH,
  SEARCH,
  /** where jumps lead to */
  LABEL
}

// @ts-ignore: decorator
@unmanaged
export class Code {
  op: Op
  operator: u32
  literal: usize
  query: Query
  target: Code
  next: Code
}

// @ts-ignore: decorator
@inline export function none<T>(): T { return changetype<T>(0) }
// @ts-ignore: decorator
@inline export function has<T>(x: T): bool { return changetype<usize>(x) != 0 }

function made(n: usize): usize {
  const at = allocate(n)
  memory.fill(at, 0, n)
  return at
}

export function newSegment(): Segment { return changetype<Segment>(made(offsetof<Segment>())) }
export function newSelector(kind: Select): Selector {
  const selector = changetype<Selector>(made(offsetof<Selector>()))
  selector.kind = kind
  return selector
}
export function newQuery(): Query { return changetype<Query>(made(offsetof<Query>())) }
export function newCode(op: Op): Code {
  const code = changetype<Code>(made(offsetof<Code>()))
  code.op = op
  return code
}
