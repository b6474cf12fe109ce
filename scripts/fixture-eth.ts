/**
 * Blocks of rlp and the eth codecs that are to be accepted or refused. Accepted ones are made by @ethereumjs/rlp from their items in the order of the Yellow Paper and the EIPs, beside
 * the values that the dag-eth specification has for them, both written out by hand; their hashes are those of the blocks that they link to.
 */
import { RLP } from '@ethereumjs/rlp'
import * as dagJson from '@ipld/dag-json'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import type { Accepted, Refused } from './fixture-cbor.js'

type Item = Uint8Array | number | bigint | string | Item[]

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const fill = (byte: number, n: number): Uint8Array => new Uint8Array(n).fill(byte)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => Array.from(part)))

const rlp = (item: Item): Uint8Array => RLP.encode(item as Parameters<typeof RLP.encode>[0])
/** A number as the data model has those of 256 bits. */
const big = (n: bigint): Uint8Array => (n === 0n ? new Uint8Array(0) : bytes(n.toString(16).padStart(2 * Math.ceil(n.toString(16).length / 2), '0')))

const keccak = (block: Uint8Array): Uint8Array => keccak_256(block)
const cid = (codec: number, hash: Uint8Array): CID => CID.createV1(codec, Digest.create(0x1b, hash))

export interface Fixtures {
  readonly valid: readonly Accepted[]
  readonly invalid: readonly Refused[]
}

const utf8Decoder = new TextDecoder()
const valid = (name: string, block: Uint8Array, value: unknown): Accepted => ({ name, hex: hex(block), json: utf8Decoder.decode(dagJson.encode(value)) })
const invalid = (name: string, block: Uint8Array, code: string, offset: number): Refused => ({ name, hex: hex(block), code, offset, lax: 'same' })

/** A block cut after each of its first bytes ends too early, wherever that is. */
const cut = ({ name, hex }: Accepted): Refused[] =>
  Array.from({ length: Math.min(hex.length / 2, 64) }, (_, n) => invalid(`${name}, cut after ${n}`, bytes(hex.slice(0, 2 * n)), 'UNEXPECTED_END', n))

const NOTHING = new Uint8Array(0)
const ADDRESS = fill(0x11, 20)
const OTHER = fill(0x22, 20)
const KEY = fill(0x33, 32)
const TOPIC = fill(0x44, 32)
const BLOOM = fill(0x80, 256)
const ETHER = 10n ** 18n

// --- rlp -----------------------------------------------------------------------------------------------------------------------------------------------

const deep = (n: number): Uint8Array => {
  let block: Uint8Array = bytes('c0')
  for (let i = 1; i < n; i++) block = rlpList(block)
  return block
}
/** A list of items that are encoded already. */
const rlpList = (...items: readonly Uint8Array[]): Uint8Array => {
  const content = join(...items)
  const n = content.length
  return join(n < 56 ? Uint8Array.of(0xc0 + n) : n < 256 ? Uint8Array.of(0xf8, n) : Uint8Array.of(0xf9, n >> 8, n & 255), content)
}

const rlpValid = [
  valid('no bytes', bytes('80'), NOTHING),
  valid('byte 0', bytes('00'), fill(0, 1)),
  valid('byte 127', bytes('7f'), fill(0x7f, 1)),
  valid('byte 128', bytes('8180'), fill(0x80, 1)),
  valid('2 bytes', bytes('820400'), bytes('0400')),
  valid('55 bytes', join(bytes('b7'), fill(1, 55)), fill(1, 55)),
  valid('56 bytes', join(bytes('b838'), fill(1, 56)), fill(1, 56)),
  valid('255 bytes', join(bytes('b8ff'), fill(1, 255)), fill(1, 255)),
  valid('256 bytes', join(bytes('b90100'), fill(1, 256)), fill(1, 256)),
  valid('an empty list', bytes('c0'), []),
  valid('a list', bytes('c88363617483646f67'), [utf8('cat'), utf8('dog')]),
  valid('lists within lists', bytes('c7c0c1c0c3c0c1c0'), [[], [[]], [[], [[]]]]),
  valid(
    'a list of 55 bytes',
    join(bytes('f7'), fill(1, 55)),
    Array.from({ length: 55 }, () => fill(1, 1))
  ),
  valid(
    'a list of 56 bytes',
    join(bytes('f838'), fill(1, 56)),
    Array.from({ length: 56 }, () => fill(1, 1))
  ),
  valid(
    'a list of 256 bytes',
    join(bytes('f90100'), fill(1, 256)),
    Array.from({ length: 256 }, () => fill(1, 1))
  ),
  valid('bytes of each size in a list', rlp([fill(0, 1), fill(0x80, 1), NOTHING, fill(7, 56)]), [fill(0, 1), fill(0x80, 1), NOTHING, fill(7, 56)])
]

const rlpInvalid = [
  invalid('a byte below 128 with a head', bytes('8100'), 'NON_CANONICAL', 0),
  invalid('byte 127 with a head', bytes('817f'), 'NON_CANONICAL', 0),
  invalid('a byte below 128 with a head in a list', bytes('c3018105'), 'NON_CANONICAL', 2),
  invalid('a long head for no bytes', bytes('b800'), 'NON_CANONICAL', 0),
  invalid('a long head for 55 bytes', join(bytes('b837'), fill(1, 55)), 'NON_CANONICAL', 0),
  invalid('a long head for 55 bytes of items', join(bytes('f837'), fill(1, 55)), 'NON_CANONICAL', 0),
  invalid('a long head for an empty list', bytes('f800'), 'NON_CANONICAL', 0),
  invalid('a length with a leading zero', join(bytes('b90038'), fill(1, 56)), 'NON_CANONICAL', 0),
  invalid('a list length with a leading zero', join(bytes('f90038'), fill(1, 56)), 'NON_CANONICAL', 0),
  invalid('a length of 8 bytes with leading zeros', join(bytes('bf0000000000000038'), fill(1, 56)), 'NON_CANONICAL', 0),
  invalid('a list length of 8 bytes with leading zeros', join(bytes('ff0000000000000038'), fill(1, 56)), 'NON_CANONICAL', 0),
  invalid('bytes of 2^64 - 1', bytes('bfffffffffffffffff'), 'UNEXPECTED_END', 9),
  invalid('a list of 2^64 - 1', bytes('ffffffffffffffffff'), 'UNEXPECTED_END', 9),
  invalid('bytes of 2^63', bytes('bf8000000000000000'), 'UNEXPECTED_END', 9),
  invalid('a list of 2^32 in a list', bytes('c7fb0100000000c0'), 'MALFORMED', 1),
  invalid('a length that the list has no room for', bytes('c1b8'), 'MALFORMED', 1),
  invalid('an item longer than its list, and bytes after it', bytes('c2836162'), 'MALFORMED', 1),
  invalid('an item that runs over the end of its list', bytes('c4 c2 82 61 62'), 'MALFORMED', 2),
  invalid('an item that runs over the end of the last list', bytes('c2 82 61'), 'MALFORMED', 1),
  invalid('a second item', bytes('0101'), 'TRAILING_BYTES', 1),
  invalid('a byte after bytes', bytes('83646f6700'), 'TRAILING_BYTES', 4),
  invalid('a byte after a list', bytes('c000'), 'TRAILING_BYTES', 1),
  invalid('lists 1,025 deep', deep(1025), 'DEPTH', deep(1025).length - 1)
]

// --- accounts and their tries --------------------------------------------------------------------------------------------------------------------------

const EMPTY_TRIE = bytes('80')
const CODE = bytes('6001600255')

const storageLeaf = rlp([bytes('20'), rlp(fill(0x05, 1))])
const storageValue = { leaf: { PartialPath: bytes('20'), Value: { storage: fill(0x05, 1) } } }
const longLeaf = rlp([join(bytes('20'), KEY), rlp(TOPIC)])
const longLeafValue = { leaf: { PartialPath: join(bytes('20'), KEY), Value: { storage: join(bytes('a0'), TOPIC) } } }

const CHILDREN = Array.from('0123456789ABCDEF', (nibble) => `Child${nibble}`)
const branchOf = (children: Record<string, unknown>, Value: unknown) => ({
  branch: { ...Object.fromEntries(CHILDREN.map((key) => [key, children[key] ?? null])), Value }
})
const items = (children: Record<number, Item>, value: Item): Item[] => [...Array.from({ length: 16 }, (_, i) => children[i] ?? NOTHING), value]

const storageBranch = rlp(items({ 0: [bytes('20'), rlp(fill(5, 1))], 15: keccak(longLeaf) }, NOTHING))
const storageBranchValue = branchOf({ Child0: storageValue, ChildF: cid(0x98, keccak(longLeaf)) }, null)
const emptyBranch = items({}, NOTHING)

const storage: Fixtures = {
  valid: [
    valid('the empty trie', EMPTY_TRIE, null),
    valid('a leaf', storageLeaf, storageValue),
    valid('a leaf with a whole key', longLeaf, longLeafValue),
    valid('a leaf with a path of one nibble', rlp([bytes('3a'), bytes('8180')]), { leaf: { PartialPath: bytes('3a'), Value: { storage: bytes('8180') } } }),
    valid('a branch with a leaf in it', storageBranch, storageBranchValue),
    valid('a branch with a value', rlp(items({}, bytes('07'))), branchOf({}, { storage: bytes('07') })),
    valid('an extension', rlp([bytes('1a'), keccak(storageBranch)]), { extension: { PartialPath: bytes('1a'), Child: cid(0x98, keccak(storageBranch)) } }),
    valid('an extension to a branch in it', rlp([bytes('00ab'), emptyBranch]), { extension: { PartialPath: bytes('00ab'), Child: branchOf({}, null) } }),
    valid(
      'a branch, an extension and a branch within each other',
      rlp(items({ 3: [bytes('15'), items({ 1: [bytes('31'), bytes('07')] }, NOTHING)] }, NOTHING)),
      branchOf(
        {
          Child3: {
            extension: { PartialPath: bytes('15'), Child: branchOf({ Child1: { leaf: { PartialPath: bytes('31'), Value: { storage: bytes('07') } } } }, null) }
          }
        },
        null
      )
    )
  ],
  invalid: [
    invalid('bytes', bytes('83646f67'), 'MALFORMED', 0),
    invalid('an empty list', bytes('c0'), 'MALFORMED', 1),
    invalid('one item', bytes('c120'), 'MALFORMED', 2),
    invalid('three items', bytes('c3208080'), 'MALFORMED', 1),
    invalid('16 items', join(bytes('d0'), fill(0x80, 16)), 'MALFORMED', 17),
    invalid('18 items', join(bytes('d2'), fill(0x80, 18)), 'MALFORMED', 18),
    invalid('an empty path', bytes('c28005'), 'MALFORMED', 1),
    invalid('a list for a path', bytes('c3c12005'), 'MALFORMED', 1),
    invalid('a path of 34 bytes', rlp([join(bytes('2000'), KEY), fill(5, 1)]), 'MALFORMED', 1),
    invalid('a path with unknown flags', rlp([bytes('4012'), fill(5, 1)]), 'MALFORMED', 1),
    invalid('an even path whose padding is not zero', rlp([bytes('2112'), fill(5, 1)]), 'NON_CANONICAL', 1),
    invalid('an extension by nothing', rlp([bytes('00'), KEY]), 'MALFORMED', 1),
    invalid('an extension to nothing', rlp([bytes('1a'), NOTHING]), 'MALFORMED', 2),
    invalid('an extension to a leaf in it', rlp([bytes('1a'), [bytes('20'), fill(5, 1)]]), 'MALFORMED', 2),
    invalid('a leaf without a value', rlp([bytes('20'), NOTHING]), 'MALFORMED', 2),
    invalid('a leaf with a list for a value', rlp([bytes('20'), []]), 'MALFORMED', 2),
    invalid('a child of 31 bytes', rlp(items({ 0: fill(1, 31) }, NOTHING)), 'MALFORMED', 1),
    invalid('a child of 33 bytes', rlp(items({ 1: fill(1, 33) }, NOTHING)), 'MALFORMED', 2),
    invalid('a child of 32 bytes that is not a hash', rlp(items({ 0: [bytes('20'), fill(0x81, 29)] }, NOTHING)), 'NON_CANONICAL', 1),
    invalid('a list for a value of a branch', rlp(items({}, [])), 'MALFORMED', 17),
    invalid('a byte after the node', join(storageLeaf, bytes('00')), 'TRAILING_BYTES', storageLeaf.length),
    invalid('a byte after the empty trie', bytes('8000'), 'TRAILING_BYTES', 1)
  ]
}

const plainAccount = [0, 0, keccak(EMPTY_TRIE), keccak(NOTHING)]
const plainValue = { Nonce: 0, Balance: NOTHING, StorageRootCID: cid(0x98, keccak(EMPTY_TRIE)), CodeCID: cid(0x55, keccak(NOTHING)) }
const contract = [2n ** 64n - 1n, 2n ** 256n - 1n, keccak(storageBranch), keccak(CODE)]
const contractValue = { Nonce: 2n ** 64n - 1n, Balance: fill(0xff, 32), StorageRootCID: cid(0x98, keccak(storageBranch)), CodeCID: cid(0x55, keccak(CODE)) }
const HASH = keccak(EMPTY_TRIE)

const accounts: Fixtures = {
  valid: [valid('an account with nothing', rlp(plainAccount), plainValue), valid('a contract, numbers as large as can be', rlp(contract), contractValue)],
  invalid: [
    invalid('bytes', bytes('83646f67'), 'MALFORMED', 0),
    invalid('an empty list', bytes('c0'), 'MALFORMED', 1),
    invalid('three fields', rlp([1, 1, HASH]), 'MALFORMED', 36),
    invalid('five fields', rlp([1, 1, HASH, HASH, 1]), 'MALFORMED', 70),
    invalid('a nonce of 0 with a byte', rlp([fill(0, 1), 1, HASH, HASH]), 'NON_CANONICAL', 2),
    invalid('a nonce with a leading zero', rlp([bytes('0001'), 1, HASH, HASH]), 'NON_CANONICAL', 2),
    invalid('a nonce of 2^64', rlp([2n ** 64n, 1, HASH, HASH]), 'NUMBER_RANGE', 2),
    invalid('a balance with a leading zero', rlp([1, bytes('0001'), HASH, HASH]), 'NON_CANONICAL', 3),
    invalid('a balance of 2^256', rlp([1, 2n ** 256n, HASH, HASH]), 'NUMBER_RANGE', 3),
    invalid('a balance in a list', rlp([1, [1], HASH, HASH]), 'MALFORMED', 3),
    invalid('a root of 31 bytes', rlp([1, 1, fill(1, 31), HASH]), 'MALFORMED', 4),
    invalid('no code hash', rlp([1, 1, HASH, NOTHING]), 'MALFORMED', 36),
    invalid('a byte after the account', join(rlp(plainAccount), bytes('00')), 'TRAILING_BYTES', rlp(plainAccount).length)
  ]
}

const stateLeaf = rlp([join(bytes('20'), keccak(ADDRESS)), rlp(contract)])
const stateBranch = rlp(items({ 4: keccak(stateLeaf) }, NOTHING))
const state: Fixtures = {
  valid: [
    valid('the empty trie', EMPTY_TRIE, null),
    valid('a leaf', stateLeaf, { leaf: { PartialPath: join(bytes('20'), keccak(ADDRESS)), Value: { state: contractValue } } }),
    valid('a branch', stateBranch, branchOf({ Child4: cid(0x96, keccak(stateLeaf)) }, null)),
    valid(
      'a branch with all children',
      rlp(items(Object.fromEntries(CHILDREN.map((_, i) => [i, fill(i, 32)])), NOTHING)),
      branchOf(Object.fromEntries(CHILDREN.map((key, i) => [key, cid(0x96, fill(i, 32))])), null)
    ),
    valid('an extension', rlp([bytes('00abcd'), keccak(stateBranch)]), { extension: { PartialPath: bytes('00abcd'), Child: cid(0x96, keccak(stateBranch)) } })
  ],
  invalid: [
    invalid('a leaf with no account', rlp([bytes('20'), fill(5, 1)]), 'MALFORMED', 2),
    invalid('a leaf with an account of three fields', rlp([bytes('20'), rlp([1, 1, HASH])]), 'MALFORMED', 39),
    invalid('a leaf with bytes after the account', rlp([bytes('20'), join(rlp(plainAccount), bytes('00'))]), 'TRAILING_BYTES', 5 + rlp(plainAccount).length),
    invalid('a leaf with an account that is cut', rlp([bytes('20'), rlp(plainAccount).subarray(0, -1)]), 'MALFORMED', 5)
  ]
}

// --- transactions --------------------------------------------------------------------------------------------------------------------------------------

const R = fill(0xaa, 32)
const S = fill(0x55, 32)
const signed = { V: big(1n), R, S }
const noCaps = { GasTipCap: null, GasFeeCap: null }
const caps = { GasPrice: null, GasTipCap: big(1n), GasFeeCap: big(30n * 10n ** 9n) }
const capItems: Item[] = [1, 30n * 10n ** 9n]
const accessItems: Item[] = [
  [ADDRESS, [KEY, TOPIC]],
  [OTHER, []]
]
const AccessList = [
  { Address: ADDRESS, StorageKeys: [KEY, TOPIC] },
  { Address: OTHER, StorageKeys: [] }
]
const sentItems = (recipient: Item): Item[] => [21000, recipient, ETHER, utf8('data')]
const sent = { GasLimit: 21000, Recipient: ADDRESS, Amount: big(ETHER), Data: utf8('data') }
const typed = (type: number, list: Item): Uint8Array => join(Uint8Array.of(type), rlp(list))

const legacyItems: Item[] = [7, 20n * 10n ** 9n, ...sentItems(ADDRESS), 37, R, S]
const legacyValue = { Type: 0, ChainID: null, AccountNonce: 7, GasPrice: big(20n * 10n ** 9n), ...noCaps, ...sent, AccessList: null, ...signed, V: big(37n) }
const dynamicItems: Item[] = [1, 7, ...capItems, ...sentItems(ADDRESS), accessItems, 1, R, S]
const dynamicValue = { Type: 2, ChainID: big(1n), AccountNonce: 7, ...caps, ...sent, AccessList, ...signed }

const transactions: Fixtures = {
  valid: [
    valid('legacy', rlp(legacyItems), legacyValue),
    valid('legacy, all zero, without a recipient', rlp([0, 0, 0, NOTHING, 0, NOTHING, 0, 0, 0]), {
      ...legacyValue,
      AccountNonce: 0,
      GasPrice: NOTHING,
      GasLimit: 0,
      Recipient: null,
      Amount: NOTHING,
      Data: NOTHING,
      V: NOTHING,
      R: NOTHING,
      S: NOTHING
    }),
    valid('legacy with data of 600 bytes', rlp([...legacyItems.slice(0, 5), fill(9, 600), ...legacyItems.slice(6)]), { ...legacyValue, Data: fill(9, 600) }),
    valid('EIP-2930', typed(1, [1, 7, 5, ...sentItems(ADDRESS), accessItems, 1, R, S]), {
      Type: 1,
      ChainID: big(1n),
      AccountNonce: 7,
      GasPrice: big(5n),
      ...noCaps,
      ...sent,
      AccessList,
      ...signed
    }),
    valid('EIP-2930 with an empty access list, a chain of 256 bits', typed(1, [2n ** 256n - 1n, 7, 5, ...sentItems(NOTHING), [], 0, R, S]), {
      Type: 1,
      ChainID: fill(0xff, 32),
      AccountNonce: 7,
      GasPrice: big(5n),
      ...noCaps,
      ...sent,
      Recipient: null,
      AccessList: [],
      ...signed,
      V: NOTHING
    }),
    valid('EIP-1559', typed(2, dynamicItems), dynamicValue),
    valid('EIP-4844', typed(3, [1, 7, ...capItems, ...sentItems(ADDRESS), [], 3, [join(bytes('01'), fill(0x66, 31))], 1, R, S]), {
      Type: 3,
      ChainID: big(1n),
      AccountNonce: 7,
      ...caps,
      ...sent,
      AccessList: [],
      MaxFeePerBlobGas: big(3n),
      BlobVersionedHashes: [join(bytes('01'), fill(0x66, 31))],
      ...signed
    }),
    valid(
      'EIP-7702',
      typed(4, [
        1,
        7,
        ...capItems,
        ...sentItems(ADDRESS),
        [],
        [
          [1, OTHER, 8, 1, R, S],
          [0, OTHER, 0, 0, R, S]
        ],
        1,
        R,
        S
      ]),
      {
        Type: 4,
        ChainID: big(1n),
        AccountNonce: 7,
        ...caps,
        ...sent,
        AccessList: [],
        AuthorizationList: [
          { ChainID: big(1n), Address: OTHER, Nonce: 8, V: big(1n), R, S },
          { ChainID: NOTHING, Address: OTHER, Nonce: 0, V: NOTHING, R, S }
        ],
        ...signed
      }
    )
  ],
  invalid: [
    invalid('bytes', bytes('83646f67'), 'MALFORMED', 0),
    invalid('type 0 with its byte', typed(0, legacyItems), 'UNSUPPORTED', 0),
    invalid('type 5', typed(5, dynamicItems), 'UNSUPPORTED', 0),
    invalid('type 127', typed(127, dynamicItems), 'UNSUPPORTED', 0),
    invalid('a type and bytes', bytes('0283646f67'), 'MALFORMED', 1),
    invalid('legacy with eight fields', rlp(legacyItems.slice(0, 8)), 'MALFORMED', rlp(legacyItems.slice(0, 8)).length),
    invalid('legacy with ten fields', rlp([...legacyItems, 1]), 'MALFORMED', rlp([...legacyItems, 1]).length - 1),
    invalid('legacy with a recipient of 19 bytes', rlp([7, 1, 21000, fill(1, 19), ...legacyItems.slice(4)]), 'MALFORMED', 7),
    invalid('legacy with an amount with a leading zero', rlp([7, 1, 21000, ADDRESS, bytes('0001'), ...legacyItems.slice(5)]), 'NON_CANONICAL', 28),
    invalid('legacy with a gas limit of 2^64', rlp([7, 1, 2n ** 64n, ...legacyItems.slice(3)]), 'NUMBER_RANGE', 4),
    invalid('EIP-1559 with the items of a legacy one', typed(2, legacyItems), 'MALFORMED', 43),
    invalid('EIP-4844 without a recipient', typed(3, [1, 7, 1, 1, 21000, NOTHING, 0, NOTHING, [], 3, [KEY], 1, R, S]), 'MALFORMED', 10),
    invalid('EIP-4844 with a hash of 31 bytes', typed(3, [1, 7, 1, 1, 21000, ADDRESS, 0, NOTHING, [], 3, [fill(1, 31)], 1, R, S]), 'MALFORMED', 36),
    invalid('EIP-4844 with its blobs, as it is gossiped', typed(3, [[1, 7], [], [], []]), 'MALFORMED', 2),
    invalid(
      'EIP-7702 with an authorization of five fields',
      typed(4, [1, 7, 1, 1, 2, ADDRESS, 0, NOTHING, [], [[1, OTHER, 8, 1, 2]], 1, 2, 3]),
      'MALFORMED',
      59
    ),
    invalid('an access list that is no list', typed(1, [1, 7, 5, 2, ADDRESS, 0, NOTHING, NOTHING, 1, 2, 3]), 'MALFORMED', 29),
    invalid('an access list with bytes in it', typed(1, [1, 7, 5, 2, ADDRESS, 0, NOTHING, [ADDRESS], 1, 2, 3]), 'MALFORMED', 30),
    invalid('an entry of an access list with three fields', typed(1, [1, 7, 5, 2, ADDRESS, 0, NOTHING, [[ADDRESS, [], 1]], 1, 2, 3]), 'MALFORMED', 53),
    invalid('a storage key in a list', typed(1, [1, 7, 5, 2, ADDRESS, 0, NOTHING, [[ADDRESS, [[KEY]]]], 1, 2, 3]), 'MALFORMED', 56),
    invalid('a byte after the transaction', join(typed(2, dynamicItems), bytes('00')), 'TRAILING_BYTES', typed(2, dynamicItems).length)
  ]
}

const txLeaf = rlp([bytes('20 80'), typed(2, dynamicItems)])
const transactionTrie: Fixtures = {
  valid: [
    valid('the empty trie', EMPTY_TRIE, null),
    valid('a leaf with a legacy transaction', rlp([bytes('2080'), rlp(legacyItems)]), { leaf: { PartialPath: bytes('2080'), Value: { tx: legacyValue } } }),
    valid('a leaf with a typed transaction', txLeaf, { leaf: { PartialPath: bytes('2080'), Value: { tx: dynamicValue } } }),
    valid('a branch', rlp(items({ 8: keccak(txLeaf) }, NOTHING)), branchOf({ Child8: cid(0x92, keccak(txLeaf)) }, null)),
    valid(
      'a branch with a transaction',
      rlp(items({ 0: keccak(txLeaf) }, rlp(legacyItems))),
      branchOf({ Child0: cid(0x92, keccak(txLeaf)) }, { tx: legacyValue })
    ),
    valid(
      'a branch with the smallest transaction in it',
      rlp(items({ 1: [bytes('20'), rlp([0, 0, 0, NOTHING, 0, NOTHING, 0, 0, 0])] }, NOTHING)),
      branchOf(
        {
          Child1: {
            leaf: {
              PartialPath: bytes('20'),
              Value: {
                tx: {
                  ...legacyValue,
                  AccountNonce: 0,
                  GasPrice: NOTHING,
                  GasLimit: 0,
                  Recipient: null,
                  Amount: NOTHING,
                  Data: NOTHING,
                  V: NOTHING,
                  R: NOTHING,
                  S: NOTHING
                }
              }
            }
          }
        },
        null
      )
    )
  ],
  invalid: [
    invalid('a transaction for a node', rlp(legacyItems), 'MALFORMED', 2),
    invalid('a leaf with a transaction of type 5', rlp([bytes('20'), typed(5, dynamicItems)]), 'UNSUPPORTED', 5),
    invalid('a leaf with a type alone', rlp([bytes('20'), bytes('02')]), 'MALFORMED', 3),
    invalid('a leaf with a byte after its transaction', rlp([bytes('20'), join(rlp(legacyItems), bytes('00'))]), 'TRAILING_BYTES', 5 + rlp(legacyItems).length)
  ]
}

// --- receipts and logs ---------------------------------------------------------------------------------------------------------------------------------

const logItems: Item[] = [ADDRESS, [TOPIC, KEY], utf8('logged')]
const logValue = { Address: ADDRESS, Topics: [TOPIC, KEY], Data: utf8('logged') }
const bareLog: Item[] = [OTHER, [], NOTHING]
const bareValue = { Address: OTHER, Topics: [], Data: NOTHING }

const logs: Fixtures = {
  valid: [valid('a log', rlp(logItems), logValue), valid('a log with nothing', rlp(bareLog), bareValue)],
  invalid: [
    invalid('bytes', bytes('83646f67'), 'MALFORMED', 0),
    invalid('two fields', rlp([OTHER, []]), 'MALFORMED', 23),
    invalid('four fields', rlp([OTHER, [], NOTHING, 1]), 'MALFORMED', 24),
    invalid('an address of 21 bytes', rlp([fill(1, 21), [], NOTHING]), 'MALFORMED', 1),
    invalid('topics that are no list', rlp([OTHER, NOTHING, NOTHING]), 'MALFORMED', 22),
    invalid('a topic of 31 bytes', rlp([OTHER, [fill(1, 31)], NOTHING]), 'MALFORMED', 23),
    invalid('data in a list', rlp([OTHER, [], []]), 'MALFORMED', 23),
    invalid('a byte after the log', join(rlp(bareLog), bytes('00')), 'TRAILING_BYTES', 24)
  ]
}

const receiptItems: Item[] = [1, 21000, BLOOM, [logItems, bareLog]]
const receiptValue = { Type: 2, PostState: null, PostStatus: 1, CumulativeGasUsed: 21000, Bloom: BLOOM, Logs: [logValue, bareValue] }
const receipts: Fixtures = {
  valid: [
    valid('before EIP-658, with a state root', rlp([KEY, 21000, BLOOM, []]), { ...receiptValue, Type: 0, PostState: KEY, PostStatus: null, Logs: [] }),
    valid('a failure', rlp([0, 21000, BLOOM, []]), { ...receiptValue, Type: 0, PostStatus: 0, Logs: [] }),
    valid('a success with logs', rlp(receiptItems), { ...receiptValue, Type: 0 }),
    ...[1, 2, 3, 4].map((Type) => valid(`type ${Type}`, typed(Type, receiptItems), { ...receiptValue, Type }))
  ],
  invalid: [
    invalid('bytes', bytes('83646f67'), 'MALFORMED', 0),
    invalid('type 0 with its byte', typed(0, receiptItems), 'UNSUPPORTED', 0),
    invalid('type 5', typed(5, receiptItems), 'UNSUPPORTED', 0),
    invalid('a status of 2', rlp([2, 21000, BLOOM, []]), 'MALFORMED', 3),
    invalid('a status of 0 with a byte', rlp([fill(0, 1), 21000, BLOOM, []]), 'NON_CANONICAL', 3),
    invalid('a state root of 31 bytes', rlp([fill(1, 31), 21000, BLOOM, []]), 'MALFORMED', 3),
    invalid('a list for a status', rlp([[], 21000, BLOOM, []]), 'MALFORMED', 3),
    invalid('a bloom filter of 255 bytes', rlp([1, 21000, fill(1, 255), []]), 'MALFORMED', 7),
    invalid('three fields', rlp([1, 21000, BLOOM]), 'MALFORMED', rlp([1, 21000, BLOOM]).length),
    invalid('five fields', rlp([1, 21000, BLOOM, [], 1]), 'MALFORMED', rlp([1, 21000, BLOOM, []]).length),
    invalid('a log of two fields', rlp([1, 21000, BLOOM, [[OTHER, []]]]), 'MALFORMED', rlp([1, 21000, BLOOM, [[OTHER, []]]]).length),
    invalid(
      'a second log of four fields',
      rlp([1, 21000, BLOOM, [bareLog, [...bareLog, 1]]]),
      'MALFORMED',
      rlp([1, 21000, BLOOM, [bareLog, [...bareLog, 1]]]).length - 1
    ),
    invalid('a byte after the receipt', join(typed(2, receiptItems), bytes('00')), 'TRAILING_BYTES', typed(2, receiptItems).length)
  ]
}

const receiptLeaf = rlp([bytes('31'), typed(2, receiptItems)])
const receiptTrie: Fixtures = {
  valid: [
    valid('the empty trie', EMPTY_TRIE, null),
    valid('a leaf', receiptLeaf, { leaf: { PartialPath: bytes('31'), Value: { rct: receiptValue } } }),
    valid('a branch', rlp(items({ 1: keccak(receiptLeaf) }, NOTHING)), branchOf({ Child1: cid(0x94, keccak(receiptLeaf)) }, null))
  ],
  invalid: [
    invalid('a leaf with a status of 2', rlp([bytes('20'), rlp([2, 21000, BLOOM, []])]), 'MALFORMED', 10),
    invalid('a leaf with bytes for a receipt', rlp([bytes('20'), bytes('83646f67')]), 'MALFORMED', 3)
  ]
}

const logLeaf = rlp([bytes('2080'), rlp(logItems)])
const logTrie: Fixtures = {
  valid: [
    valid('the empty trie', EMPTY_TRIE, null),
    valid('a leaf', logLeaf, { leaf: { PartialPath: bytes('2080'), Value: { log: logValue } } }),
    valid('a branch', rlp(items({ 8: keccak(logLeaf) }, NOTHING)), branchOf({ Child8: cid(0x99, keccak(logLeaf)) }, null))
  ],
  invalid: [
    invalid('a leaf with a log of two fields', rlp([bytes('20'), rlp([OTHER, []])]), 'MALFORMED', 26),
    invalid('a log for a node', rlp(bareLog), 'MALFORMED', 1)
  ]
}

// --- headers -------------------------------------------------------------------------------------------------------------------------------------------

const NO_UNCLES = bytes('c0')
const parent = keccak(utf8('parent'))
const txRoot = keccak(rlp(items({ 8: keccak(txLeaf) }, NOTHING)))
const headerItems: Item[] = [
  parent,
  keccak(NO_UNCLES),
  ADDRESS,
  keccak(stateBranch),
  txRoot,
  keccak(receiptLeaf),
  BLOOM,
  17_179_869_184n,
  12_965_000,
  30_000_000,
  21_000,
  1_628_166_822,
  utf8('extra'),
  KEY,
  fill(0x77, 8)
]
const headerValue = {
  ParentCID: cid(0x90, parent),
  UnclesCID: cid(0x91, keccak(NO_UNCLES)),
  Coinbase: ADDRESS,
  StateRootCID: cid(0x96, keccak(stateBranch)),
  TxRootCID: cid(0x92, txRoot),
  RctRootCID: cid(0x94, keccak(receiptLeaf)),
  Bloom: BLOOM,
  Difficulty: big(17_179_869_184n),
  Number: 12_965_000,
  GasLimit: 30_000_000,
  GasUsed: 21_000,
  Time: 1_628_166_822,
  Extra: utf8('extra'),
  MixDigest: KEY,
  Nonce: fill(0x77, 8),
  BaseFee: null
}
const later: readonly (readonly [fork: string, name: string, item: Item, value: unknown])[] = [
  ['London', 'BaseFee', 7, big(7n)],
  ['Shanghai', 'WithdrawalsRoot', TOPIC, TOPIC],
  ['three fields more', 'BlobGasUsed', 131_072, 131_072],
  ['four fields more', 'ExcessBlobGas', 0, 0],
  ['Cancun', 'ParentBeaconBlockRoot', KEY, KEY],
  ['Prague', 'RequestsHash', TOPIC, TOPIC]
]
const laterHeaders = later.map(([fork], i) => {
  const fields = later.slice(0, i + 1)
  const block = [...headerItems, ...fields.map(([, , item]) => item)]
  return [fork, block, { ...headerValue, ...Object.fromEntries(fields.map(([, name, , value]) => [name, value])) }] as const
})
const prague = laterHeaders[5]
const headerLength = rlp(headerItems).length
const with15 = (i: number, item: Item): Uint8Array => rlp(headerItems.map((own, at) => (at === i ? item : own)))

const headers: Fixtures = {
  valid: [valid('Frontier', rlp(headerItems), headerValue), ...laterHeaders.map(([fork, block, value]) => valid(fork, rlp([...block]), value))],
  invalid: [
    invalid('bytes', bytes('83646f67'), 'MALFORMED', 0),
    invalid('14 fields', rlp(headerItems.slice(0, 14)), 'MALFORMED', rlp(headerItems.slice(0, 14)).length),
    invalid('22 fields', rlp([...prague[1], 1]), 'MALFORMED', rlp([...prague[1]]).length),
    invalid('a parent of 31 bytes', with15(0, fill(1, 31)), 'MALFORMED', 3),
    invalid('a parent in a list', with15(0, [parent]), 'MALFORMED', 3),
    invalid('a coinbase of 32 bytes', with15(2, KEY), 'MALFORMED', 69),
    invalid('a bloom filter of 257 bytes', with15(6, fill(1, 257)), 'MALFORMED', 189),
    invalid('a number with a leading zero', with15(8, bytes('0001')), 'NON_CANONICAL', 454),
    invalid('a nonce of 7 bytes', with15(14, fill(1, 7)), 'MALFORMED', headerLength - 9),
    invalid('a base fee with a leading zero', rlp([...headerItems, bytes('0001')]), 'NON_CANONICAL', headerLength),
    invalid('a whole block', rlp([headerItems, [], []]), 'MALFORMED', 3),
    invalid('a byte after the header', join(rlp(headerItems), bytes('00')), 'TRAILING_BYTES', headerLength)
  ]
}

const uncles: Fixtures = {
  valid: [
    valid('no uncles', NO_UNCLES, []),
    valid('an uncle', rlp([headerItems]), [headerValue]),
    valid('uncles of several forks', rlp([[...prague[1]], headerItems, [...laterHeaders[0][1]]]), [prague[2], headerValue, laterHeaders[0][2]])
  ],
  invalid: [
    invalid('bytes', bytes('80'), 'MALFORMED', 0),
    invalid('a header', rlp(headerItems), 'MALFORMED', 3),
    invalid('an empty list in it', bytes('c1c0'), 'MALFORMED', 2),
    invalid('a second uncle of 14 fields', rlp([headerItems, headerItems.slice(0, 14)]), 'MALFORMED', rlp([headerItems, headerItems.slice(0, 14)]).length),
    invalid('a byte after the list', bytes('c000'), 'TRAILING_BYTES', 1)
  ]
}

const withCuts = ({ valid, invalid }: Fixtures): Fixtures => ({ valid, invalid: [...invalid, ...cut(valid[valid.length - 1])] })

/** By the name of the codec. */
export const ethFixtures: Readonly<Record<string, Fixtures>> = {
  rlp: withCuts({ valid: rlpValid, invalid: rlpInvalid }),
  'eth-block': withCuts(headers),
  'eth-block-list': withCuts(uncles),
  'eth-tx-trie': withCuts(transactionTrie),
  'eth-tx': withCuts(transactions),
  'eth-tx-receipt-trie': withCuts(receiptTrie),
  'eth-tx-receipt': withCuts(receipts),
  'eth-state-trie': withCuts(state),
  'eth-account-snapshot': withCuts(accounts),
  'eth-storage-trie': withCuts(storage),
  'eth-receipt-log-trie': withCuts(logTrie),
  'eth-receipt-log': withCuts(logs)
}
