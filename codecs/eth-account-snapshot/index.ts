/** Ethereum: account, multicodec 0x97: https://ipld.io/specs/codecs/dag-eth/state/ */
import { decodeStruct, encodeStruct } from '../lib/eth/block'
import { ACCOUNT, ACCOUNT_FIELDS } from '../lib/eth/schema'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeStruct(ACCOUNT, ACCOUNT_FIELDS)
  return 0
}

export function encode(flags: u32): i32 {
  encodeStruct(ACCOUNT, ACCOUNT_FIELDS)
  return 0
}
