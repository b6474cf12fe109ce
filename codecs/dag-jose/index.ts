/** DAG-JOSE, multicodec 0x85: https://ipld.io/specs/codecs/dag-jose/spec/ */
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
