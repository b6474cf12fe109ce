/** Zcash blocks, multicodec 0xc0: headers, and whole blocks as the network has them. https://zips.z.cash/protocol/protocol.pdf, 7.6 */
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
