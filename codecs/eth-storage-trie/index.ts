/** Ethereum: node of a storage trie, multicodec 0x98: https://ipld.io/specs/codecs/dag-eth/state/ */
import { openRoot } from '../lib/eth/encode'
import { Trie } from '../lib/eth/schema'
import { decodeNode, encodeNode } from '../lib/eth/trie'
import { writePlan } from '../lib/rlp/plan'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeNode(Trie.STORAGE)
  return 0
}

export function encode(flags: u32): i32 {
  encodeNode(Trie.STORAGE, openRoot())
  writePlan()
  return 0
}
