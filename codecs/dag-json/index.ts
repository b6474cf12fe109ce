/** DAG-JSON, multicodec 0x0129: https://ipld.io/specs/codecs/dag-json/spec/ */
import { lax } from '../sdk/codec'
import { closeLinks } from '../sdk/tape'
import { decodeBlock } from './decode'
import { encodeBlock } from './encode'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeBlock(lax(flags))
  return 0
}

export function links(flags: u32): i32 {
  decodeBlock(lax(flags))
  closeLinks()
  return 0
}

export function encode(flags: u32): i32 {
  encodeBlock()
  return 0
}
