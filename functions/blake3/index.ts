/** BLAKE3 and verified streaming in the Bao format: `hash`, `outboard`, `verify` and `decode`. Parameters and answers are in the manifest. */
import * as answer from '../../codecs/sdk/answer'
import { dataAddress } from '../../codecs/sdk/control'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'
import * as node from '../../codecs/sdk/node'
import { Kind } from '../../codecs/sdk/tape'
import * as build from './build'
import * as check from './check'
import { List, room } from './list'
import { more, open, Source, sourceOf } from './source'

export { control } from '../../codecs/sdk/codec'

const enum Fun { HASH, OUTBOARD, VERIFY, DECODE }
const enum State { START, OPENED, RUNNING }

let state: State = State.START
let which: Fun = Fun.HASH
let group: u32 = 0
let source: Source = changetype<Source>(0)
/** Where the tape of the parameters stands, which names streams that are opened later. */
let kept: usize = 0

/** CIDv1, raw, blake3, 32 bytes. */
const PREFIX: u32 = 0x201e5501
/** Chunks of the leaves that a hash alone is made of, which nobody sees: as many as pay. */
const HASH_GROUP: u32 = 10
const MAX_GROUP: u64 = 10

export function reserve(length: usize): usize {
  // the parameters stay where they are
  return kept ? fn.reserve(length) : (kept = allocate(length))
}

export function run(flags: u32): i32 {
  if (state == State.START) return start()
  if (state == State.OPENED) {
    state = State.RUNNING
    build.prepare(source, group, which == Fun.OUTBOARD)
    return more(source)
  }
  return forward(which >= Fun.VERIFY ? check.step(flags) : build.step(flags))
}

function forward(asked: i32): i32 { return asked ? asked : finish() }

function start(): i32 {
  fn.begin()
  which = <Fun>fn.index
  const arena = dataAddress()
  group = which == Fun.HASH ? HASH_GROUP : <u32>number('group', 0, MAX_GROUP)
  if (which == Fun.DECODE) {
    source = sourceOf(0, fn.field(fn.params, 'encoded'), arena)
    state = State.RUNNING
    return forward(check.begin(source, source, hashOf(fn.field(fn.params, 'hash')), group, number('offset', 0), number('length', u64.MAX_VALUE)))
  }
  const file = fn.field(fn.params, 'file')
  source = sourceOf(0, file ? file : fn.field(fn.params, 'data'), arena)
  if (which == Fun.VERIFY) {
    const tree = sourceOf(1, fn.field(fn.params, 'outboard'), arena)
    state = State.RUNNING
    return forward(check.begin(source, tree, hashOf(fn.field(fn.params, 'hash')), group, number('offset', 0), number('length', u64.MAX_VALUE)))
  }
  if (!source.inline) {
    state = State.OPENED
    return open(source, 0, u64.MAX_VALUE)
  }
  state = State.RUNNING
  build.prepare(source, group, which == Fun.OUTBOARD)
  return forward(build.read())
}

/** A parameter that is an unsigned integer, if it is there. */
function number(name: string, otherwise: u64, most: u64 = u64.MAX_VALUE): u64 {
  const record = fn.field(fn.params, name)
  if (!record || node.kind(record) == Kind.NULL) return otherwise
  if (node.kind(record) != Kind.UINT) fail(Code.WRONG_KIND, node.indexOf(record), node.kind(record))
  const value = node.integer(record)
  if (value > most) fail(Code.NUMBER_RANGE, node.indexOf(record), <u32>value)
  return value
}

/** The 32 bytes of the hash: by themselves, or in a CID of BLAKE3. */
function hashOf(record: usize): usize {
  if (!record) fail(Code.MISSING_FIELD, 0)
  const kind = node.kind(record)
  const n = node.length(record)
  if (kind == Kind.BYTES && n == 32) return fn.keepBytes(record)
  if (kind == Kind.LINK && n == 36 && load<u16>(node.resident(record), 2) == <u16>(PREFIX >> 16)) return fn.keepBytes(record) + 4
  fail(Code.WRONG_KIND, node.indexOf(record), kind)
  return 0
}

function finish(): i32 {
  if (which == Fun.HASH) {
    const cid = allocate(36)
    store<u32>(cid, PREFIX)
    memory.copy(cid + 4, build.root, 32)
    fn.beginAnswer(cid)
    const map = answer.openMap(3)
    answer.text('cid')
    answer.linkHere(cid, 36)
    answer.text('hash')
    answer.bytesHere(cid + 4, 32)
    answer.text('size')
    answer.uint(build.size)
    answer.closeCounted(map)
    return fn.done()
  }
  if (which == Fun.OUTBOARD) {
    const links = build.blocks()
    // the hash beside the links: what an answer names is one stretch of memory
    const hash = room(links)
    links.count--
    memory.copy(hash, build.root, 32)
    fn.beginAnswer(links.items)
    const map = answer.openMap(3)
    answer.text('hash')
    answer.bytesHere(hash, 32)
    answer.text('outboard')
    writeLinks(links)
    answer.text('size')
    answer.uint(build.size)
    answer.closeCounted(map)
    return fn.done()
  }
  fn.beginAnswer(which == Fun.DECODE ? check.blocks().items : 0)
  const map = answer.openMap(which == Fun.DECODE ? 3 : 2)
  if (which == Fun.DECODE) {
    answer.text('content')
    writeLinks(check.blocks())
  }
  answer.text('size')
  if (check.proven) answer.uint(check.provenSize())
  else answer.nil()
  answer.text('verified')
  answer.uint(check.verified)
  answer.closeCounted(map)
  return fn.done()
}

/** One block as its link, several as a list: what a parameter for a file may be. */
function writeLinks(links: List): void {
  const list: usize = links.count == 1 ? 0 : answer.open(links.count)
  for (let i: u32 = 0; i < links.count; i++) answer.linkHere(links.items + <usize>i * links.size, links.size)
  if (list) answer.closeCounted(list)
}
