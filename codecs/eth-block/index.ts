/** Ethereum: block header, multicodec 0x90: https://ipld.io/specs/codecs/dag-eth/chain/ */
import { close, openList } from '../lib/eth/block'
import { openRoot } from '../lib/eth/encode'
import { header, planHeader } from '../lib/eth/header'
import { HEADER_LINKS } from '../lib/eth/schema'
import { writePlan } from '../lib/rlp/plan'
import { inputSize } from '../sdk/control'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  close(header(openList(HEADER_LINKS), inputSize(), 0))
  return 0
}

export function encode(flags: u32): i32 {
  planHeader(openRoot())
  writePlan()
  return 0
}
