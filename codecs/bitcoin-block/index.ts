/** Bitcoin blocks, multicodec 0xb0: headers, and whole blocks as the network has them. https://developer.bitcoin.org/reference/block_chain.html */
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
