/** Metainfo files of BitTorrent, multicodec 0x7c: https://www.bittorrent.org/beps/bep_0003.html and bep_0052.html. */
import { lax } from '../sdk/codec'
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { decodeItem, infoEnd, infoRecord, infoStart } from '../lib/bencode/decode'
import { encodeItem } from '../lib/bencode/encode'
import { unescapeAll } from '../lib/text/keys'
import { checkInfo, infoOf } from '../lib/torrent/info'
import { hashInput } from './hash'

export { control, reserve } from '../sdk/codec'

function decodeFile(flags: u32): void {
  decodeItem(lax(flags), true)
  if (!infoRecord) fail(Code.MALFORMED, 0)
  tape.openForReading()
  checkInfo(infoRecord, infoStart)
}

export function decode(flags: u32): i32 {
  decodeFile(flags)
  tape.closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  unescapeAll()
  const root = node.openNode()
  node.expect(root, Kind.MAP)
  const info = infoOf(root)
  if (!info) fail(Code.MISSING_FIELD, 0)
  checkInfo(info, node.indexOf(info))
  encodeItem(root)
  return 0
}

/** CIDv1, torrent-info, sha1, 20 bytes. */
const INFO: u32 = 0x14117b01

/** The info dictionary as a block of its own. */
export function links(flags: u32): i32 {
  decodeFile(flags)
  tape.openTapeFor(0, 32)
  const list = tape.open(Kind.LIST)
  const to = tape.dataRoom(24, infoStart)
  store<u32>(to, INFO)
  hashInput(infoStart, infoEnd, to + 4)
  tape.dataLink(24)
  tape.close(list, 1)
  tape.closeTape()
  return 0
}
