import * as answer from '../../codecs/sdk/answer'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'

export { control } from '../../codecs/sdk/codec'
export { reserve } from '../../codecs/sdk/function'

const enum State { START, OPENED, READING }

let state: State = State.START
let bytes: u64 = 0

export function run(flags: u32): i32 {
  if (state == State.START) {
    state = State.OPENED
    fn.begin()
    const asked = fn.openBytes(0, fn.field(fn.params, 'file'))
    if (!asked) fail(Code.MISSING_FIELD, 0)
    return asked
  }
  if (state == State.OPENED) {
    // the host has handed over the file's size, which a list of blocks has not: so it is counted
    state = State.READING
    return fn.next(0)
  }
  if (!(flags & fn.NONE)) {
    bytes += fn.chunkSize()
    return fn.next(0)
  }
  fn.beginAnswer()
  answer.uint(bytes)
  return fn.done()
}
