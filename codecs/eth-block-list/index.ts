/** Ethereum: list of headers, the uncles of a block, multicodec 0x91: https://ipld.io/specs/codecs/dag-eth/chain/ */
import { close, openList } from '../lib/eth/block'
import { openRoot } from '../lib/eth/encode'
import { headers, planHeaders } from '../lib/eth/header'
import { HEADER_LINKS, HEADER_SIZE } from '../lib/eth/schema'
import { writePlan } from '../lib/rlp/plan'
import { inputSize } from '../sdk/control'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  close(headers(openList(<usize>(inputSize() / HEADER_SIZE + 1) * HEADER_LINKS), inputSize()))
  return 0
}

export function encode(flags: u32): i32 {
  planHeaders(openRoot())
  writePlan()
  return 0
}
