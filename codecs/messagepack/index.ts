/** MessagePack, multicodec 0x0201: https://github.com/msgpack/msgpack/blob/master/spec.md */
import { lax } from '../sdk/codec'
import { decodeBlock } from './decode'
import { encodeBlock } from './encode'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeBlock(lax(flags))
  return 0
}

export function encode(flags: u32): i32 {
  encodeBlock()
  return 0
}
