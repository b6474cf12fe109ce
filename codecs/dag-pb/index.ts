/** DAG-PB, multicodec 0x70: https://ipld.io/specs/codecs/dag-pb/spec/ */
import { lax } from '../sdk/codec'
import { decodeBlock, onlyLinks } from './decode'
import { encodeBlock } from './encode'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeBlock(lax(flags))
  return 0
}

export function links(flags: u32): i32 {
  decodeBlock(lax(flags))
  onlyLinks()
  return 0
}

export function encode(flags: u32): i32 {
  encodeBlock()
  return 0
}
