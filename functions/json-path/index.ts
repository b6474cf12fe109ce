/** JSONPath (RFC 9535) over nodes of any codec, through links. */
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { Kind } from '../../codecs/sdk/tape'
import * as evaluate from './evaluate'
import { parse } from './parse'
import { Query } from './program'
import * as result from './result'
import { bytesAt, entryOf, integerOf, kindOf, lengthOf, reserveRoom } from './value'

export { control } from '../../codecs/sdk/codec'

const enum State { START, ROOT, RUNNING }

let state: State = State.START
let query: Query = changetype<Query>(0)
let params: usize = 0

export function reserve(length: usize): usize { return reserveRoom(length) }

export function run(flags: u32): i32 {
  if (state == State.START) return start()
  if (flags & fn.NONE) fail(Code.MISSING_FIELD, 0)
  if (state == State.ROOT) return withRoot(evaluate.hold())
  evaluate.arrived()
  return proceed()
}

function start(): i32 {
  // the list of index, parameters and inputs
  const call = evaluate.hold()
  params = call + 32
  if (kindOf(params) != Kind.MAP) fail(Code.WRONG_KIND, 0, kindOf(params))
  const path = parameter('path')
  if (!path) fail(Code.MISSING_FIELD, 0)
  if (kindOf(path) != Kind.STRING) fail(Code.WRONG_KIND, 0, kindOf(path))
  query = parse(bytesAt(path), lengthOf(path))
  const root = parameter('root')
  if (!root) fail(Code.MISSING_FIELD, 0)
  return withRoot(root)
}

/** The root is a node that is no link, whatever links lead to it. */
function withRoot(root: usize): i32 {
  if (kindOf(root) == Kind.LINK) {
    state = State.ROOT
    return fn.decodeBlock(bytesAt(root), lengthOf(root))
  }
  state = State.RUNNING
  const limit = optional('limit', Kind.UINT)
  const paths = truth('paths', false)
  result.open(paths)
  evaluate.begin(query, root, truth('follow', true), limit ? integerOf(limit) : u64.MAX_VALUE, paths)
  return proceed()
}

function proceed(): i32 {
  if (evaluate.proceed()) return result.hand()
  return fn.decodeBlock(bytesAt(evaluate.wanted), lengthOf(evaluate.wanted))
}

// @ts-ignore: decorator
@lazy const NAME: usize = memory.data(16, 16)

/** The value of a parameter; 0 where there is none. */
function parameter(name: string): usize {
  const n = <u32>name.length
  for (let i: u32 = 0; i < n; i++) store<u8>(NAME + i, <u8>load<u16>(changetype<usize>(name) + (<usize>i << 1)))
  return entryOf(params, NAME, n)
}

/** As `parameter`, of a kind; 0 where it is null, too. */
function optional(name: string, kind: Kind): usize {
  const value = parameter(name)
  if (!value || kindOf(value) == Kind.NULL) return 0
  if (kindOf(value) != kind) fail(Code.WRONG_KIND, 0, kindOf(value))
  return value
}

function truth(name: string, otherwise: bool): bool {
  const value = optional(name, Kind.BOOL)
  return value ? lengthOf(value) != 0 : otherwise
}
