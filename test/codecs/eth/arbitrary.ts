/** Random values of the eth codecs for fast-check: of each fork and type, with a few that no block has. */
import fc, { type Arbitrary } from 'fast-check'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { values as anything } from '../arbitrary.js'

const fixed = (n: number) =>
  fc
    .tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.boolean())
    .map(([seed, zero]) => Uint8Array.from({ length: n }, (_, i) => (zero ? 0 : seed[i & 3] + i)))
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(0, 1, 55, 56, 255, 256, 511, 512, 3000).map((n) => new Uint8Array(n).fill(n & 0xff))
)
const uint = fc.oneof(
  fc.nat(300),
  fc.maxSafeInteger().map(Math.abs),
  fc.bigInt(2n ** 53n, 2n ** 64n - 1n),
  fc.constantFrom(0, 1, 127, 128, 255, 256, 2 ** 32, 2n ** 64n - 1n)
)
const big = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 32 }).map((bytes) => (bytes[0] === 0 ? bytes.subarray(0, 0) : bytes)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 34 }) }
)
const cid = (code: number) => fixed(32).map((hash) => CID.createV1(code, Digest.create(0x1b, hash)))
const nullable = <T>(arbitrary: Arbitrary<T>) => fc.option(arbitrary, { freq: 5 })

const firstHeader = {
  ParentCID: cid(0x90),
  UnclesCID: cid(0x91),
  Coinbase: fixed(20),
  StateRootCID: cid(0x96),
  TxRootCID: cid(0x92),
  RctRootCID: cid(0x94),
  Bloom: fixed(256),
  Difficulty: big,
  Number: uint,
  GasLimit: uint,
  GasUsed: uint,
  Time: uint,
  Extra: bytes,
  MixDigest: fixed(32),
  Nonce: fixed(8)
}
const laterHeader = {
  BaseFee: big,
  WithdrawalsRoot: fixed(32),
  BlobGasUsed: uint,
  ExcessBlobGas: uint,
  ParentBeaconBlockRoot: fixed(32),
  RequestsHash: fixed(32)
}

const header = fc
  .tuple(fc.record(firstHeader), fc.record(laterHeader), fc.nat(7))
  .map(([first, later, n]) => ({ ...first, ...Object.fromEntries(n === 0 ? [['BaseFee', null]] : Object.entries(later).slice(0, n - 1)) }))

const access = fc.array(fc.record({ Address: fixed(20), StorageKeys: fc.array(fixed(32), { maxLength: 3 }) }), { maxLength: 4 })
const signature = { V: big, R: big, S: big }
const authorizations = fc.array(fc.record({ ChainID: big, Address: fixed(20), Nonce: uint, ...signature }), { maxLength: 3 })
const none = fc.constant(null)
const sent = { GasLimit: uint, Recipient: nullable(fixed(20)), Amount: big, Data: bytes }
const caps = { GasPrice: none, GasTipCap: big, GasFeeCap: big }
const price = { GasPrice: big, GasTipCap: none, GasFeeCap: none }

const transaction = fc.oneof(
  fc.record({ Type: fc.constant(0), ChainID: none, AccountNonce: uint, ...price, ...sent, AccessList: none, ...signature }),
  fc.record({ Type: fc.constant(1), ChainID: big, AccountNonce: uint, ...price, ...sent, AccessList: access, ...signature }),
  fc.record({ Type: fc.constant(2), ChainID: big, AccountNonce: uint, ...caps, ...sent, AccessList: access, ...signature }),
  fc.record({
    Type: fc.constant(3),
    ChainID: big,
    AccountNonce: uint,
    ...caps,
    ...sent,
    Recipient: fixed(20),
    AccessList: access,
    MaxFeePerBlobGas: big,
    BlobVersionedHashes: fc.array(fixed(32), { maxLength: 3 }),
    ...signature
  }),
  fc.record({
    Type: fc.constant(4),
    ChainID: big,
    AccountNonce: uint,
    ...caps,
    ...sent,
    Recipient: fixed(20),
    AccessList: access,
    AuthorizationList: authorizations,
    ...signature
  })
)

const log = fc.record({ Address: fixed(20), Topics: fc.array(fixed(32), { maxLength: 4 }), Data: bytes })
const state = fc.oneof(fc.record({ PostState: none, PostStatus: fc.constantFrom(0, 1) }), fc.record({ PostState: fixed(32), PostStatus: none }))
const receipt = fc
  .tuple(fc.nat(4), state, fc.record({ CumulativeGasUsed: uint, Bloom: fixed(256), Logs: fc.array(log, { maxLength: 4 }) }))
  .map(([Type, post, rest]) => ({ Type, ...post, ...rest }))

const account = fc.record({ Nonce: uint, Balance: big, StorageRootCID: cid(0x98), CodeCID: cid(0x55) })

/** Hex prefix: nibbles, and whether they lead to a leaf. */
const path = (leaf: boolean, most: number) =>
  fc.array(fc.nat(15), { minLength: leaf ? 0 : 1, maxLength: most }).map((nibbles) => {
    const odd = nibbles.length % 2
    const all = [(leaf ? 2 : 0) + odd, ...(odd ? [] : [0]), ...nibbles]
    return Uint8Array.from({ length: all.length / 2 }, (_, i) => all[2 * i] * 16 + all[2 * i + 1])
  })

/** @param small values that leave room for a node within its parent */
function node(code: number, name: string, value: Arbitrary<unknown>, small: Arbitrary<unknown>): Arbitrary<unknown> {
  const named = (value: Arbitrary<unknown>) => value.map((value) => ({ [name]: value }))
  const leaf = (value: Arbitrary<unknown>, most: number) => fc.record({ leaf: fc.record({ PartialPath: path(true, most), Value: named(value) }) })
  const branch = (child: Arbitrary<unknown>, value: Arbitrary<unknown>) =>
    fc
      .tuple(fc.array(nullable(child), { minLength: 16, maxLength: 16 }), value)
      .map(([children, Value]) => ({ branch: { ...Object.fromEntries(children.map((child, i) => [`Child${'0123456789ABCDEF'[i]}`, child])), Value } }))
  const extension = (child: Arbitrary<unknown>) => fc.record({ extension: fc.record({ PartialPath: path(false, 64), Child: child }) })
  const empty = branch(none, none)
  const tiny = leaf(small, 3)
  return fc.oneof(
    { weight: 4, arbitrary: leaf(value, 64) },
    { weight: 4, arbitrary: branch(fc.oneof(cid(code), tiny), fc.option(named(value))) },
    { weight: 2, arbitrary: extension(fc.oneof({ weight: 3, arbitrary: cid(code) }, { weight: 2, arbitrary: empty }, { weight: 1, arbitrary: tiny })) },
    { weight: 1, arbitrary: branch(fc.oneof(cid(code), empty, extension(empty)), none) },
    { weight: 1, arbitrary: none }
  )
}

/** An RLP item in a storage trie's leaf. */
const slot = fc.uint8Array({ minLength: 1, maxLength: 33 })
const tinySlot = fc.uint8Array({ minLength: 1, maxLength: 12 })

const VALUES: Readonly<Record<string, Arbitrary<unknown>>> = {
  rlp: fc.letrec((tie) => ({
    item: fc.oneof({ maxDepth: 5, depthSize: 'small' }, { weight: 3, arbitrary: bytes }, { weight: 2, arbitrary: fc.array(tie('item'), { maxLength: 6 }) })
  })).item,
  'eth-block': header,
  'eth-block-list': fc.array(header, { maxLength: 3 }),
  'eth-tx-trie': node(0x92, 'tx', transaction, transaction),
  'eth-tx': transaction,
  'eth-tx-receipt-trie': node(0x94, 'rct', receipt, receipt),
  'eth-tx-receipt': receipt,
  'eth-state-trie': node(0x96, 'state', account, account),
  'eth-account-snapshot': account,
  'eth-storage-trie': node(0x98, 'storage', slot, tinySlot),
  'eth-receipt-log-trie': node(0x99, 'log', log, log),
  'eth-receipt-log': log
}

/** Values of a codec, now and then with a field more, less or other, or of no kind that it has. */
export function valuesOf(name: string): Arbitrary<unknown> {
  const changed = fc.tuple(VALUES[name], fc.nat(30), fc.constantFrom('less', 'more', 'null', 'other'), anything).map(([value, at, how, other]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return other
    const entries = Object.entries(value)
    const i = at % entries.length
    if (how === 'less') entries.splice(i, 1)
    else if (how === 'more') entries.push(['More', other])
    else entries[i] = [entries[i][0], how === 'null' ? null : other]
    return Object.fromEntries(entries)
  })
  return fc.oneof({ weight: 12, arbitrary: VALUES[name] }, { weight: 2, arbitrary: changed }, { weight: 1, arbitrary: anything })
}
