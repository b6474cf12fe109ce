/** Public keys of libp2p, multicodec 0x72, a protobuf: https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys */
import { lax } from '../sdk/codec'
import { Code, fail } from '../sdk/fail'
import { atEnd, offsetOf, openInput, skip } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { field, fieldsOf } from '../lib/fields/fields'
import { setLenient, value, varint, writeVarint } from '../lib/varint/varint'

export { control, reserve } from '../sdk/codec'

/** PublicKey. */
const enum Tag { TYPE = 1 << 3 | 0, DATA = 2 << 3 | 2 }
/** The last of KeyType: RSA, Ed25519, Secp256k1, ECDSA. */
const LAST_TYPE: u64 = 3

/** Names in the data model, each after its length: Type, Data. */
// @ts-ignore: decorator
@lazy const NAMES: usize = memory.data<u8>([4, 0x54, 0x79, 0x70, 0x65, 4, 0x44, 0x61, 0x74, 0x61, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16)
const enum Field { TYPE, DATA, COUNT }

// @ts-ignore: decorator
@lazy const VALUES: usize = memory.data(Field.COUNT * 4, 16)

export function decode(flags: u32): i32 {
  const lenient = lax(flags)
  setLenient(lenient)
  let p = openInput()
  let seen: u32 = 0
  let type: u64 = 0
  let data: u64 = 0
  let length: u64 = 0
  while (seen != 3 || !atEnd(p)) {
    const at = offsetOf(p)
    p = varint(p)
    const tag = value
    if (tag != Tag.TYPE && tag != Tag.DATA) fail(Code.MALFORMED, at, <u32>tag)
    const bit: u32 = tag == Tag.TYPE ? 1 : 2
    if (seen & bit) fail(Code.DUPLICATE_KEY, at, <u32>tag)
    // the type before the data
    if (tag == Tag.DATA && !seen && !lenient) fail(Code.KEY_ORDER, at, Tag.DATA)
    seen |= bit
    p = varint(p)
    if (tag == Tag.TYPE) {
      if (value > LAST_TYPE) fail(Code.UNSUPPORTED, at, <u32>value)
      type = value
    } else {
      data = offsetOf(p)
      length = value
      p = skip(p, length)
      if (length >> 32) fail(Code.TOO_LARGE, data)
    }
  }
  tape.openTapeFor(16, 0)
  const names = tape.putLiteral(NAMES, 10)
  const root = tape.open(Kind.MAP)
  tape.literal(names + 1, 4)
  tape.uint(type)
  tape.literal(names + 6, 4)
  tape.bytesAt(data, <u32>length)
  tape.close(root, 2)
  tape.closeTape()
  return 0
}

export function encode(flags: u32): i32 {
  const root = node.openNode()
  fieldsOf(root, NAMES, VALUES)
  const type = field(VALUES, Field.TYPE, root)
  const data = field(VALUES, Field.DATA, root)
  node.expect(type, Kind.UINT)
  if (node.integer(type) > LAST_TYPE) fail(Code.UNSUPPORTED, node.indexOf(type))
  node.expect(data, Kind.BYTES)
  out.openOutput()
  const to = out.room(16)
  store<u8>(to, Tag.TYPE)
  store<u8>(to, <u8>node.integer(type), 1)
  store<u8>(to, Tag.DATA, 2)
  out.wroteTo(writeVarint(to + 3, node.length(data)))
  out.content(data)
  out.closeOutput()
  return 0
}
