/** The eth codecs once more, over @ethereumjs/rlp: simple and slow, and written from the specifications alone. What it takes, ours must take, and the other way round. */
import { RLP } from '@ethereumjs/rlp'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import type { Reference } from '../subject.js'

type Item = Uint8Array | Item[]
type Value = Record<string, unknown>

/** One item of a list: its value, and back. */
interface Kind {
  decode(item: Item): unknown
  encode(value: any): Item
}
type Fields = readonly (readonly [name: string, kind: Kind])[]

const NOTHING = new Uint8Array(0)

function refuse(what: string): never {
  throw new Error(`reference: ${what}`)
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) refuse(what)
}

const isBytes = (item: unknown): item is Uint8Array => item instanceof Uint8Array

/** What the format has as bytes that keep a rule. */
const checked = (what: string, rule: (bytes: Uint8Array) => boolean): Kind => {
  const same = (item: unknown) => {
    check(isBytes(item) && rule(item), what)
    return item
  }
  return { decode: same, encode: same }
}

const bytes = checked('bytes', () => true)
const fixed = (n: number) => checked(`${n} bytes`, ({ length }) => length === n)
const big = checked('a number of 256 bits', (item) => item.length <= 32 && item[0] !== 0)
const number64 = checked('a number of 64 bits', (item) => item.length <= 8 && item[0] !== 0)

const bigintOf = (item: Uint8Array): bigint => item.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n)
const bytesOf = (n: bigint): Uint8Array => {
  const text = n.toString(16)
  return n === 0n ? NOTHING : Uint8Array.from(Buffer.from(text.padStart(text.length + (text.length % 2), '0'), 'hex'))
}

const uint: Kind = {
  decode(item) {
    const n = bigintOf(number64.decode(item) as Uint8Array)
    return n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n
  },
  encode(value) {
    check((typeof value === 'number' && Number.isInteger(value)) || typeof value === 'bigint', 'an integer')
    const n = BigInt(value)
    check(n >= 0n && n < 2n ** 64n, 'a number of 64 bits')
    return bytesOf(n)
  }
}

const link = (codec: number): Kind => ({
  decode: (item) => CID.createV1(codec, Digest.create(0x1b, fixed(32).decode(item) as Uint8Array)),
  encode(value) {
    const cid = CID.asCID(value)
    check(cid !== null && cid.code === codec && cid.version === 1 && cid.multihash.code === 0x1b && cid.multihash.size === 32, 'a link')
    return cid.multihash.digest
  }
})

const optional = (kind: Kind): Kind => ({
  decode: (item) => (isBytes(item) && item.length === 0 ? null : kind.decode(item)),
  encode: (value) => (value === null ? NOTHING : kind.encode(value))
})

const listOf = (kind: Kind): Kind => ({
  decode(item) {
    check(Array.isArray(item), 'a list')
    return item.map((each) => kind.decode(each))
  },
  encode(value) {
    check(Array.isArray(value), 'a list')
    return value.map((each) => kind.encode(each))
  }
})

function onlyKeys(value: unknown, names: readonly string[]): asserts value is Value {
  check(typeof value === 'object' && value !== null && !Array.isArray(value) && !isBytes(value) && CID.asCID(value) === null, 'a map')
  for (const name of Object.keys(value)) check(names.includes(name), `field ${name}`)
}

function decodeFields(fields: Fields, items: Item[]): Value {
  check(items.length === fields.length, `${fields.length} fields`)
  return Object.fromEntries(fields.map(([name, kind], i) => [name, kind.decode(items[i])]))
}

const struct = (fields: Fields): Kind => ({
  decode(item) {
    check(Array.isArray(item), 'a list')
    return decodeFields(fields, item)
  },
  encode(value) {
    onlyKeys(
      value,
      fields.map(([name]) => name)
    )
    return fields.map(([name, kind]) => {
      check(value[name] !== undefined, `no ${name}`)
      return kind.encode(value[name])
    })
  }
})

// --- chain ---------------------------------------------------------------------------------------------------------------------------------------------

const FIRST_HEADER: Fields = [
  ['ParentCID', link(0x90)],
  ['UnclesCID', link(0x91)],
  ['Coinbase', fixed(20)],
  ['StateRootCID', link(0x96)],
  ['TxRootCID', link(0x92)],
  ['RctRootCID', link(0x94)],
  ['Bloom', fixed(256)],
  ['Difficulty', big],
  ['Number', uint],
  ['GasLimit', uint],
  ['GasUsed', uint],
  ['Time', uint],
  ['Extra', bytes],
  ['MixDigest', fixed(32)],
  ['Nonce', fixed(8)]
]
const LATER_HEADER: Fields = [
  ['BaseFee', big],
  ['WithdrawalsRoot', fixed(32)],
  ['BlobGasUsed', uint],
  ['ExcessBlobGas', uint],
  ['ParentBeaconBlockRoot', fixed(32)],
  ['RequestsHash', fixed(32)]
]

const header: Kind = {
  decode(item) {
    check(Array.isArray(item), 'a list')
    const later = item.length - FIRST_HEADER.length
    check(later <= LATER_HEADER.length, '21 fields')
    const value = decodeFields([...FIRST_HEADER, ...LATER_HEADER.slice(0, Math.max(later, 0))], item)
    return later === 0 ? { ...value, BaseFee: null } : value
  },
  encode(value) {
    const names = LATER_HEADER.map(([name]) => name)
    onlyKeys(value, [...FIRST_HEADER.map(([name]) => name), ...names])
    const last = names.findLastIndex((name) => (value[name] ?? null) !== null)
    const rest = Object.fromEntries(Object.entries(value).filter(([name]) => names.indexOf(name) <= last))
    return struct([...FIRST_HEADER, ...LATER_HEADER.slice(0, last + 1)]).encode(rest)
  }
}

const access = listOf(
  struct([
    ['Address', fixed(20)],
    ['StorageKeys', listOf(fixed(32))]
  ])
)
const authorizations = listOf(
  struct([
    ['ChainID', big],
    ['Address', fixed(20)],
    ['Nonce', uint],
    ['V', big],
    ['R', big],
    ['S', big]
  ])
)

const PRICE: Fields = [['GasPrice', big]]
const CAPS: Fields = [
  ['GasTipCap', big],
  ['GasFeeCap', big]
]
const START: Fields = [
  ['ChainID', big],
  ['AccountNonce', uint]
]
const sent = (recipient: Kind): Fields => [
  ['GasLimit', uint],
  ['Recipient', recipient],
  ['Amount', big],
  ['Data', bytes]
]
const ACCESS: Fields = [['AccessList', access]]
const SIGNATURE: Fields = [
  ['V', big],
  ['R', big],
  ['S', big]
]
const anyone = optional(fixed(20))

/** By type, in the order of the EIPs: what is in the list. */
const TRANSACTIONS: readonly Fields[] = [
  [...START.slice(1), ...PRICE, ...sent(anyone), ...SIGNATURE],
  [...START, ...PRICE, ...sent(anyone), ...ACCESS, ...SIGNATURE],
  [...START, ...CAPS, ...sent(anyone), ...ACCESS, ...SIGNATURE],
  [...START, ...CAPS, ...sent(fixed(20)), ...ACCESS, ['MaxFeePerBlobGas', big], ['BlobVersionedHashes', listOf(fixed(32))], ...SIGNATURE],
  [...START, ...CAPS, ...sent(fixed(20)), ...ACCESS, ['AuthorizationList', authorizations], ...SIGNATURE]
]
/** What the specification's value has whatever the type, in its order. */
const ALWAYS = ['ChainID', 'AccountNonce', 'GasPrice', 'GasTipCap', 'GasFeeCap', 'GasLimit', 'Recipient', 'Amount', 'Data', 'AccessList']

const log = struct([
  ['Address', fixed(20)],
  ['Topics', listOf(fixed(32))],
  ['Data', bytes]
])
const RECEIPT: Fields = [
  ['CumulativeGasUsed', uint],
  ['Bloom', fixed(256)],
  ['Logs', listOf(log)]
]

/** A block or a trie's value, which is bytes and not an item. */
interface Whole {
  decode(bytes: Uint8Array): unknown
  encode(value: any): Uint8Array
}

const list = (kind: Kind): Whole => ({
  decode(block) {
    check(block.length > 0, 'a block')
    return kind.decode(RLP.decode(block) as Item)
  },
  encode: (value) => RLP.encode(kind.encode(value))
})

/** @param items the list of a type to a value and back */
const typed = (items: (type: number) => Kind): Whole => ({
  decode(block) {
    check(block.length > 0, 'a block')
    const type = block[0] >= 0xc0 ? 0 : block[0]
    check(block[0] >= 0xc0 || (type >= 1 && type <= 4), 'a type')
    return { Type: type, ...(list(items(type)).decode(type === 0 ? block : block.subarray(1)) as Value) }
  },
  encode(value) {
    onlyKeys(value, Object.keys(value))
    const { Type: type, ...rest } = value
    check(typeof type === 'number' && type >= 0 && type <= 4 && Number.isInteger(type), 'a type')
    return Uint8Array.from([...(type === 0 ? [] : [type]), ...list(items(type)).encode(rest)])
  }
})

const transaction = typed((type) => ({
  decode(item) {
    check(Array.isArray(item), 'a list')
    const { V, R, S, ...given } = decodeFields(TRANSACTIONS[type], item)
    const { BlobVersionedHashes, MaxFeePerBlobGas, AuthorizationList } = given
    const value = Object.fromEntries(ALWAYS.map((name) => [name, given[name] ?? null]))
    const added = type === 3 ? { MaxFeePerBlobGas, BlobVersionedHashes } : type === 4 ? { AuthorizationList } : {}
    return { ...value, ...added, V, R, S }
  },
  encode(value) {
    const own = TRANSACTIONS[type].map(([name]) => name)
    return struct(TRANSACTIONS[type]).encode(
      Object.fromEntries(Object.entries(value).filter(([name, item]) => item !== null || own.includes(name) || !ALWAYS.includes(name)))
    )
  }
}))

const receipt = typed(() => ({
  decode(item) {
    check(Array.isArray(item), 'a list')
    const [first, ...rest] = item
    check(isBytes(first) && (first.length === 32 || first.length === 0 || (first.length === 1 && first[0] === 1)), 'a status')
    const state = first.length === 32
    return { PostState: state ? first : null, PostStatus: state ? null : first.length, ...decodeFields(RECEIPT, rest) }
  },
  encode({ PostState = null, PostStatus = null, ...rest }) {
    check((PostState === null) !== (PostStatus === null), 'one of both')
    if (PostState === null) check((PostStatus as unknown) === 0 || (PostStatus as unknown) === 1, 'a status')
    return [PostState === null ? uint.encode(PostStatus) : fixed(32).encode(PostState), ...(struct(RECEIPT).encode(rest) as Item[])]
  }
}))

const account = struct([
  ['Nonce', uint],
  ['Balance', big],
  ['StorageRootCID', link(0x98)],
  ['CodeCID', link(0x55)]
])

// --- tries ---------------------------------------------------------------------------------------------------------------------------------------------

const CHILDREN = Array.from('0123456789ABCDEF', (nibble) => `Child${nibble}`)

/** Hex prefix (Yellow Paper, appendix C). @param leaf whether that is what the path is in */
const path = (leaf: boolean) =>
  checked('a path', (item) => {
    const [flags, first] = [item[0] >> 4, item[0] & 15]
    return item.length >= 1 && item.length <= 33 && flags >> 1 === Number(leaf) && (flags % 2 === 1 || first === 0) && (leaf || item.length > 1 || flags === 1)
  })

/** @param codec of the trie's nodes. @param name what values are called. @param values what they are */
function trie(codec: number, name: string, values: Whole): Whole {
  const content: Kind = {
    decode(item) {
      check(isBytes(item) && item.length > 0, 'a value')
      return { [name]: values.decode(item) }
    },
    encode(value) {
      onlyKeys(value, [name])
      check(value[name] !== undefined, `no ${name}`)
      return values.encode(value[name])
    }
  }
  const embedded = (item: Item): Item => {
    check(RLP.encode(item).length < 32, 'a node below 32 bytes')
    return item
  }
  /** @param branch a node that is here and not a hash must be a branch */
  const child = (branch: boolean): Kind => ({
    decode(item) {
      if (isBytes(item)) return link(codec).decode(item)
      check(!branch || item.length === 17, 'a branch')
      return node.decode(embedded(item))
    },
    encode(value) {
      if (CID.asCID(value) !== null) return link(codec).encode(value)
      check(!branch || 'branch' in value, 'a branch')
      return embedded(node.encode(value))
    }
  })
  const kinds: Record<string, Kind> = {
    branch: struct([...CHILDREN.map((key) => [key, optional(child(false))] as const), ['Value', optional(content)]]),
    extension: struct([
      ['PartialPath', path(false)],
      ['Child', child(true)]
    ]),
    leaf: struct([
      ['PartialPath', path(true)],
      ['Value', content]
    ])
  }
  const node: Kind = {
    decode(item) {
      check(Array.isArray(item) && (item.length === 2 || item.length === 17), 'a node')
      const [first] = item
      const kind = item.length === 17 ? 'branch' : isBytes(first) && first[0] >> 5 === 1 ? 'leaf' : 'extension'
      return { [kind]: kinds[kind].decode(item) }
    },
    encode(value) {
      onlyKeys(value, Object.keys(kinds))
      const [[kind, item], ...others] = Object.entries(value)
      check(others.length === 0, 'one kind')
      return kinds[kind].encode(item)
    }
  }
  return {
    decode: (block) => (block.length === 1 && block[0] === 0x80 ? null : list(node).decode(block)),
    encode: (value) => (value === null ? Uint8Array.of(0x80) : list(node).encode(value))
  }
}

/** By name, with their codes. */
export const REFERENCES: Readonly<Record<string, Reference & { readonly code: number }>> = {
  'eth-block': { code: 0x90, ...list(header) },
  'eth-block-list': { code: 0x91, ...list(listOf(header)) },
  'eth-tx-trie': { code: 0x92, ...trie(0x92, 'tx', transaction) },
  'eth-tx': { code: 0x93, ...transaction },
  'eth-tx-receipt-trie': { code: 0x94, ...trie(0x94, 'rct', receipt) },
  'eth-tx-receipt': { code: 0x95, ...receipt },
  'eth-state-trie': { code: 0x96, ...trie(0x96, 'state', list(account)) },
  'eth-account-snapshot': { code: 0x97, ...list(account) },
  'eth-storage-trie': { code: 0x98, ...trie(0x98, 'storage', { decode: (value) => value, encode: (value) => bytes.encode(value) as Uint8Array }) },
  'eth-receipt-log-trie': { code: 0x99, ...trie(0x99, 'log', list(log)) },
  'eth-receipt-log': { code: 0x9a, ...list(log) }
}
