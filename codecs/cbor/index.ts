/** CBOR, multicodec 0x51: RFC 8949, strictly in its core deterministic encoding (4.2.1). */
import { decodeBlock } from '../lib/cbor/decode'
import { encodeBlock } from '../lib/cbor/encode'
import { setPlain } from '../lib/cbor/head'
import { lax } from '../sdk/codec'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  setPlain()
  decodeBlock(lax(flags))
  return 0
}

export function encode(flags: u32): i32 {
  setPlain()
  encodeBlock()
  return 0
}
