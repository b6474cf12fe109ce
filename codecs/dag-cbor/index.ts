/** DAG-CBOR, multicodec 0x71: https://ipld.io/specs/codecs/dag-cbor/spec/ */
import { decodeBlock } from '../lib/cbor/decode'
import { encodeBlock } from '../lib/cbor/encode'
import { lax } from '../sdk/codec'
import { closeLinks } from '../sdk/tape'

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
