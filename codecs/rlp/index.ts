/** RLP, multicodec 0x60: Yellow Paper, appendix B; https://ethereum.org/developers/docs/data-structures-and-encoding/rlp/ */
import { decodeBlock } from './decode'
import { encodeBlock } from './encode'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeBlock()
  return 0
}

export function encode(flags: u32): i32 {
  encodeBlock()
  return 0
}
