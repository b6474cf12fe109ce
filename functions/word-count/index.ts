/**
 * Counts bytes, lines and words of a file of any size, as POSIX wc does in the C locale: a word is a run of bytes that are not white space (space and 9 to 13).
 * Sixteen bytes at a time: white space as a mask of bits, and a word begins at each bit that is not white space and follows one that is.
 */
import * as answer from '../../codecs/sdk/answer'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import { allocate } from '../../codecs/sdk/heap'

export { control } from '../../codecs/sdk/codec'
export { reserve } from '../../codecs/sdk/function'

enum State {
  START,
  OPENED,
  READING
}

let state: State = State.START
let chunk: usize = 0
let room: u32 = 0

let bytes: u64 = 0
let lines: u64 = 0
let words: u64 = 0
/** 1 if the last byte was white space, or none has come */
let space: u32 = 1

export function run(flags: u32): i32 {
  if (state == State.START) {
    fn.begin()
    state = State.OPENED
    const asked = fn.openBytes(0, fn.field(fn.params, 'file'))
    if (!asked) fail(Code.MISSING_FIELD, 0)
    return asked
  }
  if (state == State.OPENED) {
    state = State.READING
    return fn.next(0)
  }
  if (flags & fn.NONE) return finish()
  take()
  return fn.next(0)
}

function take(): void {
  const n = fn.chunkSize()
  if (n > room) {
    room = n
    chunk = allocate(n + 16)
  }
  fn.takeChunk(chunk)
  bytes += n
  count(chunk, n)
}

function count(at: usize, n: u32): void {
  const end = at + n
  // white space after the end, so that it counts for nothing
  v128.store(end, i8x16.splat(32))
  let before = space
  let newlines: u32 = 0
  let starts: u32 = 0
  for (; at < end; at += 16) {
    const v = v128.load(at)
    const white = <u32>i8x16.bitmask(v128.or(i8x16.eq(v, i8x16.splat(32)), i8x16.lt_u(i8x16.sub(v, i8x16.splat(9)), i8x16.splat(5))))
    newlines += <u32>popcnt(<u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(10))))
    starts += <u32>popcnt(~white & ((white << 1) | before) & 0xffff)
    before = white >> 15
  }
  lines += newlines
  words += starts
  const last = <u32>load<u8>(end - 1)
  space = u32(last == 32 || last - 9 < 5)
}

function finish(): i32 {
  fn.beginAnswer()
  const map = answer.openMap(3)
  answer.text('bytes')
  answer.uint(bytes)
  answer.text('lines')
  answer.uint(lines)
  answer.text('words')
  answer.uint(words)
  answer.closeCounted(map)
  return fn.done()
}
