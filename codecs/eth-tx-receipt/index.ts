/** Ethereum: receipt, multicodec 0x95: https://ipld.io/specs/codecs/dag-eth/chain/ */
import { close } from '../lib/eth/block'
import { openBlock } from '../lib/eth/decode'
import { openRoot } from '../lib/eth/encode'
import { planReceipt, receipt } from '../lib/eth/typed'
import { writePlan } from '../lib/rlp/plan'
import { inputSize } from '../sdk/control'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  close(receipt(openBlock(0), inputSize(), true))
  return 0
}

export function encode(flags: u32): i32 {
  planReceipt(openRoot())
  writePlan()
  return 0
}
