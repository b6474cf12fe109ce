/** Info dictionaries of BitTorrent, multicodec 0x7b: https://www.bittorrent.org/beps/bep_0003.html and bep_0052.html. A block's sha1 is the torrent's infohash. */
import { lax } from '../sdk/codec'
import * as node from '../sdk/node'
import * as tape from '../sdk/tape'
import { decodeItem } from '../lib/bencode/decode'
import { encodeItem } from '../lib/bencode/encode'
import { unescapeAll } from '../lib/text/keys'
import { checkInfo } from '../lib/torrent/info'
import { linksOf } from './links'

export { control, reserve } from '../sdk/codec'

function decodeInfo(flags: u32): usize {
  decodeItem(lax(flags), true)
  tape.openForReading()
  const root = tape.root()
  checkInfo(root, 0)
  return root
}

export function decode(flags: u32): i32 {
  decodeInfo(flags)
  tape.closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  unescapeAll()
  const root = node.openNode()
  checkInfo(root, 0)
  encodeItem(root)
  return 0
}

export function links(flags: u32): i32 {
  linksOf(decodeInfo(flags))
  return 0
}
