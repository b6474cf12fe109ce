/** csv-rows, multicodec 0x300001 of the private range: see README.md. */
import { lax } from '../../codecs/sdk/codec'
import { decodeBlock } from './decode'
import { encodeBlock } from './encode'

export { control, reserve } from '../../codecs/sdk/codec'

export function decode(flags: u32): i32 {
  decodeBlock(lax(flags))
  return 0
}

export function encode(flags: u32): i32 {
  encodeBlock()
  return 0
}
