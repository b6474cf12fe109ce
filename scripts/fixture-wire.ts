/** Blocks of protobuf, libp2p-key, blake3-hashseq and car that are to be accepted or refused, written by hand from their specifications: what should happen, not what happens. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))

type Valid = readonly [codec: string, what: string, hex: string, value: unknown]
type Invalid = readonly [codec: string, what: string, hex: string, expected: string, lax?: unknown]

export const f = (number: number, wire: number, value: unknown) => ({ number, wire, value })
export const HASH = '00112233445566778899aabbccddeeff'.repeat(2)
const blake = (hex: string) => CID.createV1(0x55, create(0x1e, bytesOf(hex)))

/** Of libp2p's specification, peer-ids. */
export const ED25519 = '1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e'
const SECP256K1 = '037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99'

export const HEADER = 'a265726f6f7473'
export const VERSION = '6776657273696f6e01'
/** An identity CID, and a root of it. */
export const ID = '015500020102'
export const ROOT = `d82a4700${ID}`
export const id = CID.decode(bytesOf(ID))
const PRAGMA = '0aa16776657273696f6e02'
const u64 = (n: number) => hexOf(new Uint8Array(new BigUint64Array([BigInt(n)]).buffer))

export const valid: readonly Valid[] = [
  ['protobuf', 'nothing', '', []],
  ['protobuf', 'a varint', '089601', [f(1, 0, 150)]],
  ['protobuf', 'the greatest varint', '08ffffffffffffffffff01', [f(1, 0, 2n ** 64n - 1n)]],
  ['protobuf', 'bytes', '120774657374696e67', [f(2, 2, new TextEncoder().encode('testing'))]],
  ['protobuf', 'fixed, of 64 and 32 bits', '09ffffffffffffffff1501000080', [f(1, 1, 2n ** 64n - 1n), f(2, 5, 0x80000001)]],
  ['protobuf', 'fields in any order, and twice', '1200080008001200', [f(2, 2, new Uint8Array()), f(1, 0, 0), f(1, 0, 0), f(2, 2, new Uint8Array())]],
  ['protobuf', 'groups', '0b0801130814141b1c0c', [f(1, 3, [f(1, 0, 1), f(2, 3, [f(1, 0, 20)]), f(3, 3, [])])]],
  ['protobuf', 'the greatest number', 'f8ffffff0f00', [f(0x1fffffff, 0, 0)]],
  ['libp2p-key', 'Ed25519', `08011220${ED25519}`, { Type: 1, Data: bytesOf(ED25519) }],
  ['libp2p-key', 'Secp256k1', `08021221${SECP256K1}`, { Type: 2, Data: bytesOf(SECP256K1) }],
  ['libp2p-key', 'ECDSA, of more than 127 bytes', `080312ac02${'30'.repeat(300)}`, { Type: 3, Data: bytesOf('30'.repeat(300)) }],
  ['libp2p-key', 'RSA, of nothing', '08001200', { Type: 0, Data: new Uint8Array() }],
  ['blake3-hashseq', 'nothing', '', []],
  ['blake3-hashseq', 'two', HASH + 'ff'.repeat(32), [blake(HASH), blake('ff'.repeat(32))]],
  ['car', 'without roots and blocks', `11${HEADER}80${VERSION}`, { version: 1, roots: [], blocks: [] }],
  ['car', 'a root and a block', `1b${HEADER}81${ROOT}${VERSION}09${ID}616263`, { version: 1, roots: [id], blocks: [{ cid: id, bytes: bytesOf('616263') }] }],
  [
    'car',
    'a block for the second time, and one of nothing',
    `11${HEADER}80${VERSION}07${ID}6106${ID}07${ID}61`,
    {
      version: 1,
      roots: [],
      blocks: [
        { cid: id, bytes: bytesOf('61') },
        { cid: id, bytes: bytesOf('') },
        { cid: id, bytes: bytesOf('61') }
      ]
    }
  ],
  [
    'car',
    'version 2 without index',
    `${PRAGMA}${'00'.repeat(16)}${u64(51)}${u64(18)}${u64(0)}11${HEADER}80${VERSION}`,
    { version: 2, characteristics: new Uint8Array(16), roots: [], blocks: [] }
  ],
  [
    'car',
    'version 2 with all',
    `${PRAGMA}80${'00'.repeat(15)}${u64(53)}${u64(26)}${u64(82)}aabb11${HEADER}80${VERSION}07${ID}61ccddee0102`,
    {
      version: 2,
      characteristics: bytesOf(`80${'00'.repeat(15)}`),
      padding: bytesOf('aabb'),
      roots: [],
      blocks: [{ cid: id, bytes: bytesOf('61') }],
      indexPadding: bytesOf('ccddee'),
      index: bytesOf('0102')
    }
  ]
]

export const invalid: readonly Invalid[] = [
  ['protobuf', 'half a tag', '80', 'UNEXPECTED_END 1'],
  ['protobuf', 'no value', '08', 'UNEXPECTED_END 1'],
  ['protobuf', 'a tag longer than need be', '880001', 'NON_CANONICAL 0', [f(1, 0, 1)]],
  ['protobuf', 'a varint longer than need be', '088100', 'NON_CANONICAL 1', [f(1, 0, 1)]],
  ['protobuf', 'a length longer than need be', '0a8000', 'NON_CANONICAL 1', [f(1, 2, new Uint8Array())]],
  ['protobuf', 'a varint of 65 bits', '08ffffffffffffffffff02', 'NUMBER_RANGE 1'],
  ['protobuf', 'a varint without end', `08${'ff'.repeat(20)}`, 'NUMBER_RANGE 1'],
  ['protobuf', 'number 0', '0001', 'MALFORMED 0'],
  ['protobuf', 'number 2^29', '808080801000', 'MALFORMED 0'],
  ['protobuf', 'wire type 6', '0e', 'MALFORMED 0'],
  ['protobuf', 'wire type 7', '0f', 'MALFORMED 0'],
  ['protobuf', 'bytes that are not there', '0a0261', 'UNEXPECTED_END 3'],
  ['protobuf', 'bytes of 2^64 - 1', '0affffffffffffffffff01', 'UNEXPECTED_END 11'],
  ['protobuf', 'fixed of 3 bytes', '0d010203', 'UNEXPECTED_END 4'],
  ['protobuf', 'the end of no group', '0c', 'MALFORMED 0'],
  ['protobuf', 'the end of another group', '0b14', 'MALFORMED 1'],
  ['protobuf', 'a group without end', '0b0801', 'UNEXPECTED_END 3'],
  ['protobuf', 'groups too deep', '0b'.repeat(2000), 'DEPTH 511'],
  ['libp2p-key', 'nothing', '', 'UNEXPECTED_END 0'],
  ['libp2p-key', 'no data', '0801', 'UNEXPECTED_END 2'],
  ['libp2p-key', 'data first', '1201610801', 'KEY_ORDER 0', { Type: 1, Data: bytesOf('61') }],
  ['libp2p-key', 'a type twice', '080108011200', 'DUPLICATE_KEY 2'],
  ['libp2p-key', 'more after it', '080112001a00', 'MALFORMED 4'],
  ['libp2p-key', 'another type', '08041200', 'UNSUPPORTED 0'],
  ['libp2p-key', 'a type longer than need be', '0881001200', 'NON_CANONICAL 1', { Type: 1, Data: bytesOf('') }],
  ['libp2p-key', 'data that are not there', '0801120261', 'UNEXPECTED_END 5'],
  ['blake3-hashseq', 'a hash too short', HASH.slice(2), 'UNEXPECTED_END 31'],
  ['blake3-hashseq', 'a hash too long', `${HASH}00`, 'UNEXPECTED_END 33'],
  ['car', 'nothing', '', 'UNEXPECTED_END 0'],
  ['car', 'a header that is not there', '11', 'UNEXPECTED_END 1'],
  ['car', 'a header of version 3', `11${HEADER}80${VERSION.slice(0, -2)}03`, 'MALFORMED 17'],
  ['car', 'a header of another length', `12${HEADER}80${VERSION}00`, 'MALFORMED 0'],
  ['car', 'roots that are no links', `12${HEADER}8100${VERSION}`, 'MALFORMED 9'],
  ['car', 'a count longer than need be', `12${HEADER}9800${VERSION}`, 'NON_CANONICAL 8'],
  ['car', 'a header’s length longer than need be', `9100${HEADER}80${VERSION}`, 'NON_CANONICAL 0', { version: 1, roots: [], blocks: [] }],
  ['car', 'a section of nothing', `11${HEADER}80${VERSION}00`, 'MALFORMED 18'],
  ['car', 'a section without CID', `11${HEADER}80${VERSION}0101`, 'INVALID_CID 19'],
  ['car', 'a section that is not there', `11${HEADER}80${VERSION}08${ID}61`, 'UNEXPECTED_END 26'],
  ['car', 'version 2, data in the header', `${PRAGMA}${'00'.repeat(16)}${u64(50)}${u64(18)}${u64(0)}11${HEADER}80${VERSION}`, 'MALFORMED 27'],
  ['car', 'version 2, data beyond the end', `${PRAGMA}${'00'.repeat(16)}${u64(51)}${u64(19)}${u64(0)}11${HEADER}80${VERSION}`, 'UNEXPECTED_END 35'],
  ['car', 'version 2, bytes after the data', `${PRAGMA}${'00'.repeat(16)}${u64(51)}${u64(18)}${u64(0)}11${HEADER}80${VERSION}00`, 'TRAILING_BYTES 69'],
  ['car', 'version 2, an index in the data', `${PRAGMA}${'00'.repeat(16)}${u64(51)}${u64(18)}${u64(68)}11${HEADER}80${VERSION}`, 'MALFORMED 43']
]
