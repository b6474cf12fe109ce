/** Ethereum: transaction, multicodec 0x93: https://ipld.io/specs/codecs/dag-eth/chain/ */
import { close } from '../lib/eth/block'
import { openBlock } from '../lib/eth/decode'
import { openRoot } from '../lib/eth/encode'
import { planTransaction, transaction } from '../lib/eth/typed'
import { writePlan } from '../lib/rlp/plan'
import { inputSize } from '../sdk/control'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  close(transaction(openBlock(0), inputSize(), true))
  return 0
}

export function encode(flags: u32): i32 {
  planTransaction(openRoot())
  writePlan()
  return 0
}
