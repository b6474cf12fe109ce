/** Ethereum: log, multicodec 0x9a: https://ipld.io/specs/codecs/dag-eth/chain/ */
import { decodeStruct, encodeStruct } from '../lib/eth/block'
import { LOG, LOG_FIELDS } from '../lib/eth/schema'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeStruct(LOG, LOG_FIELDS)
  return 0
}

export function encode(flags: u32): i32 {
  encodeStruct(LOG, LOG_FIELDS)
  return 0
}
