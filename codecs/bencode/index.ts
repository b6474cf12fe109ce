/** Bencode, multicodec 0x63: https://ipld.io/specs/codecs/bencode/spec/ and https://www.bittorrent.org/beps/bep_0003.html */
import { lax } from '../sdk/codec'
import * as node from '../sdk/node'
import { closeTape } from '../sdk/tape'
import { decodeItem } from '../lib/bencode/decode'
import { encodeItem } from '../lib/bencode/encode'
import { unescapeAll } from '../lib/text/keys'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  decodeItem(lax(flags), false)
  closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  unescapeAll()
  encodeItem(node.openNode())
  return 0
}
