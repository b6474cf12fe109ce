/**
 * Bitcoin's blocks and transactions written from their values, by the wire format of BIP 144 and of Bitcoin's reference; and those that are to be accepted or refused. Tests hold
 * them against the package bitcoin-block.
 */
import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import type { Accepted, Refused } from './fixture-cbor.js'

export interface Input {
  tx: CID | null
  vout: number
  scriptSig: Uint8Array
  sequence: number
}

export interface Output {
  value: number | bigint
  scriptPubKey: Uint8Array
}

export interface Transaction {
  version: number
  vin: Input[]
  vout: Output[]
  witness?: Uint8Array[][]
  locktime: number
  witnessCommitment?: CID
}

export interface Header {
  version: number
  parent: CID | null
  tx: CID
  time: number
  bits: number
  nonce: number
}

export const NULL = new Uint8Array(32)

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'))
export const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
export const filled = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + seed)

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()
export const twice = (data: Uint8Array): Uint8Array => new Uint8Array(sha256(sha256(data)))

/** The link to the block of a codec with this hash. */
export const link = (codec: number, hash: Uint8Array): CID => CID.createV1(codec, Digest.create(0x56, hash))
const hashOf = (cid: CID | null): Uint8Array => cid?.multihash.digest ?? NULL

export function u32(n: number): Uint8Array {
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, n, true)
  return out
}

export function u64(n: number | bigint): Uint8Array {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(n)), true)
  return out
}

export function compact(n: number): Uint8Array {
  if (n < 253) return Uint8Array.of(n)
  return n < 0x10000 ? Uint8Array.of(253, n & 255, n >> 8) : join(Uint8Array.of(254), u32(n))
}

export const sized = (data: Uint8Array): Uint8Array => join(compact(data.length), data)
export const list = (parts: Uint8Array[]): Uint8Array => join(compact(parts.length), ...parts)

export const inputs = (vin: readonly Input[]): Uint8Array =>
  list(vin.map(({ tx, vout, scriptSig, sequence }) => join(hashOf(tx), u32(vout), sized(scriptSig), u32(sequence))))
export const outputs = (vout: readonly Output[]): Uint8Array => list(vout.map(({ value, scriptPubKey }) => join(u64(value), sized(scriptPubKey))))

export function transaction({ version, vin, vout, witness, locktime }: Transaction): Uint8Array {
  const coins = join(inputs(vin), outputs(vout))
  if (witness === undefined) return join(u32(version), coins, u32(locktime))
  return join(u32(version), Uint8Array.of(0, 1), coins, ...witness.map((stack) => list(stack.map(sized))), u32(locktime))
}

/** A transaction's id: its hash without its witnesses. */
export const idOf = (tx: Transaction): Uint8Array => twice(transaction({ ...tx, witness: undefined }))

export function rootOf(ids: readonly Uint8Array[]): Uint8Array {
  if (ids.length <= 1) return ids[0] ?? NULL
  return rootOf(ids.flatMap((id, i) => (i % 2 === 1 ? [] : [twice(join(id, ids[i + 1] ?? id))])))
}

export const header = ({ version, parent, tx, time, bits, nonce }: Header): Uint8Array =>
  join(u32(version), hashOf(parent), hashOf(tx), u32(time), u32(bits), u32(nonce))

export const block = (head: Header, transactions: readonly Transaction[]): Uint8Array => join(header(head), list(transactions.map(transaction)))

/** A header over transactions. */
export const over = (transactions: readonly Transaction[], head: Partial<Header> = {}): Header => ({
  version: 0x20000000,
  parent: link(0xb0, filled(32, 5)),
  tx: link(0xb1, rootOf(transactions.map(idOf))),
  time: 1513638772,
  bits: 0x18009645,
  nonce: 437791427,
  ...head
})

// --- what is to be accepted --------------------------------------------------------------------------------------------------------------------------------

const GENESIS_SCRIPT = `04ffff001d010445${Buffer.from('The Times 03/Jan/2009 Chancellor on brink of second bailout for banks').toString('hex')}`
export const GENESIS_KEY =
  '4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac'

export const coinbaseInput = (scriptSig: Uint8Array): Input => ({ tx: null, vout: 0xffffffff, scriptSig, sequence: 0xffffffff })
export const genesis: Transaction = {
  version: 1,
  vin: [coinbaseInput(bytes(GENESIS_SCRIPT))],
  vout: [{ value: 5_000_000_000, scriptPubKey: bytes(GENESIS_KEY) }],
  locktime: 0
}
/** Its hash: 000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f */
const genesisHeader: Header = { version: 1, parent: null, tx: link(0xb1, idOf(genesis)), time: 1231006505, bits: 0x1d00ffff, nonce: 2083236893 }

const spend = (seed: number, script = filled(20, seed)): Input => ({ tx: link(0xb1, filled(32, seed)), vout: seed, scriptSig: script, sequence: 0xfffffffe })
const pay = (value: number | bigint, script = filled(25, 3)): Output => ({ value, scriptPubKey: script })
const plain = (seed: number): Transaction => ({ version: 2, vin: [spend(seed)], vout: [pay(seed * 1000), pay(1)], locktime: seed })
const commit = (seed: number, more = 0): Output => pay(0, join(bytes('6a24aa21a9ed'), filled(32, seed), filled(more, 1)))
const committed = (seed: number): { witnessCommitment: CID } => ({ witnessCommitment: link(0xb2, filled(32, seed)) })
const witnessed: Transaction = {
  version: 1,
  vin: [spend(1, NULL.subarray(32)), spend(2, NULL.subarray(32))],
  vout: [pay(12_345)],
  witness: [[filled(71, 1), filled(33, 2)], []],
  locktime: 0
}
const segwitCoinbase: Transaction = {
  version: 1,
  vin: [coinbaseInput(filled(30, 9))],
  vout: [pay(625_000_000), commit(4)],
  witness: [[NULL]],
  locktime: 0,
  ...committed(4)
}

export const transactions: Record<string, Transaction> = {
  'the first coinbase': genesis,
  'two outputs': plain(3),
  'witnesses, one input without': witnessed,
  'a witness of an empty string': { ...witnessed, vin: [spend(1)], witness: [[NULL.subarray(32)]] },
  'a coinbase that commits to witnesses': segwitCoinbase,
  'a coinbase without witnesses that seems to commit to some': { ...genesis, vout: [commit(7)], ...committed(7) },
  'two commitments: the last counts': { ...segwitCoinbase, vout: [commit(1), pay(3), commit(2), pay(4)], ...committed(2) },
  'a commitment in a longer script': { ...segwitCoinbase, vout: [commit(1, 9)], ...committed(1) },
  'a script too short for a commitment': { ...genesis, vout: [pay(0, commit(1).scriptPubKey.subarray(0, 37))] },
  'what is a commitment in a coinbase': { ...plain(1), vout: [commit(1)] },
  'null among several inputs': { ...plain(1), vin: [spend(1), coinbaseInput(filled(4, 1))], vout: [commit(1)] },
  'a null input that names an output': { ...genesis, vin: [{ ...coinbaseInput(filled(4, 1)), vout: 0 }] },
  'version below zero': { ...plain(1), version: -1 },
  'version and times at their ends': { ...plain(1), version: 0x7fffffff, vin: [{ ...spend(1), vout: 0xffffffff, sequence: 0 }], locktime: 0xffffffff },
  'least version': { ...plain(1), version: -0x80000000 },
  'an amount below zero': { ...plain(1), vout: [pay(-1)] },
  'the supply of all coins': { ...plain(1), vout: [pay(2_100_000_000_000_000)] },
  'a script of 252 bytes': { ...plain(1), vin: [spend(1, filled(252, 1))] },
  'a script of 253 bytes': { ...plain(1), vin: [spend(1, filled(253, 1))] },
  'a script of 600 bytes': { ...plain(1), vout: [pay(1, filled(600, 1))] },
  '253 outputs': { ...plain(1), vout: Array.from({ length: 253 }, (_, i) => pay(i, NULL.subarray(32))) },
  'no outputs': { ...plain(1), vout: [] },
  nothing: { ...plain(1), vin: [], vout: [] },
  '64 bytes': { version: 1, vin: [spend(1, filled(3, 1))], vout: [pay(1, filled(1, 1))], locktime: 0 },
  '64 bytes with a witness': { version: 1, vin: [spend(1, NULL.subarray(32))], vout: [pay(1, NULL.subarray(32))], witness: [[NULL.subarray(32)]], locktime: 0 }
}

/** Those that the package reads as another value: its amounts are floats. */
export const beyondFloats: Record<string, Transaction> = {
  'the greatest amount': { ...plain(1), vout: [pay(2n ** 63n - 1n)] },
  'the least amount': { ...plain(1), vout: [pay(-(2n ** 63n))] },
  'an amount of 2^53 + 1': { ...plain(1), vout: [pay(2n ** 53n + 1n)] }
}

export const pairs: Record<string, [CID | null, CID]> = {
  'a pair': [link(0xb1, filled(32, 1)), link(0xb1, filled(32, 2))],
  'a pair of the same': [link(0xb1, filled(32, 1)), link(0xb1, filled(32, 1))],
  'a pair with the coinbase of a witness tree': [null, link(0xb1, filled(32, 2))],
  'a pair of zeros': [null, link(0xb1, NULL)]
}

export const headers: Record<string, Header> = {
  'the first': genesisHeader,
  'a later one': over([plain(1)]),
  'version below zero': over([plain(1)], { version: -1 }),
  'all ones': over([], { time: 0xffffffff, bits: 0xffffffff, nonce: 0xffffffff })
}

const many = [segwitCoinbase, plain(1), witnessed, plain(2), plain(3), plain(4), plain(5)]
export const blocks: Record<string, [Header, Transaction[]]> = {
  'the first block': [genesisHeader, [genesis]],
  'without transactions': [over([]), []],
  'two transactions': [over(many.slice(0, 2)), many.slice(0, 2)],
  'three transactions: the last is hashed with itself': [over(many.slice(0, 3)), many.slice(0, 3)],
  'seven transactions': [over(many), many]
}

export const pair = ([left, right]: [CID | null, CID]): Uint8Array => join(hashOf(left), hashOf(right))

/** Name, block and value, by codec. */
export type Value = readonly [name: string, block: Uint8Array, value: unknown]
export const valid: Record<string, Value[]> = {
  'bitcoin-block': [
    ...Object.entries(headers).map(([name, head]): Value => [`header: ${name}`, header(head), head]),
    ...Object.entries(blocks).map(([name, [head, txs]]): Value => [name, block(head, txs), { ...head, transactions: txs }])
  ],
  'bitcoin-tx': [
    ...Object.entries({ ...transactions, ...beyondFloats }).map(([name, tx]): Value => [name, transaction(tx), tx]),
    ...Object.entries(pairs).map(([name, value]): Value => [name, pair(value), value])
  ],
  'bitcoin-witness-commitment': [
    ['root and nonce', join(filled(32, 1), filled(32, 2)), { witnessMerkleRoot: link(0xb1, filled(32, 1)), nonce: filled(32, 2) }],
    ['of a block of a coinbase alone', join(NULL, filled(32, 2)), { witnessMerkleRoot: null, nonce: filled(32, 2) }],
    ['zeros', join(NULL, NULL), { witnessMerkleRoot: null, nonce: NULL }]
  ]
}

// --- what is to be refused ---------------------------------------------------------------------------------------------------------------------------------

export type Refusal = readonly [name: string, block: Uint8Array, code: string, offset: number, lax?: unknown]

const tx = transaction(plain(1))
const full = transaction(witnessed)
const one = header(over([plain(1)]))
const twins = [plain(1), plain(2), plain(3), plain(3)]
const wrong = over([plain(1)], { tx: link(0xb1, filled(32, 77)) })
/** The transaction of one input with this before and after the compact size of its script. */
const scriptSize = (hex: string): Uint8Array => join(u32(1), bytes('01'), NULL, u32(0), bytes(hex), filled(80, 1))

export const invalid: Record<string, Refusal[]> = {
  'bitcoin-block': [
    ['nothing', new Uint8Array(0), 'UNEXPECTED_END', 0],
    ['79 bytes', one.subarray(0, 79), 'UNEXPECTED_END', 79],
    ['transactions that end early', block(over([plain(1)]), [plain(1)]).subarray(0, 120), 'UNEXPECTED_END', 120],
    ['a transaction too few', join(one, compact(2), tx), 'UNEXPECTED_END', 81 + tx.length],
    ['a byte too many', join(one, compact(1), tx, bytes('00')), 'TRAILING_BYTES', 81 + tx.length],
    ['a number of transactions that is longer than it need be', join(one, bytes('fd0100'), tx), 'NON_CANONICAL', 80],
    ['a number of transactions that is too large', join(one, bytes('fe01000002'), tx), 'TOO_LARGE', 80],
    ['another root', block(wrong, [plain(1)]), 'CHECKSUM', 36, { ...wrong, transactions: [plain(1)] }],
    ['transactions twice', block(over(twins), twins), 'CHECKSUM', 36, { ...over(twins), transactions: twins }]
  ],
  'bitcoin-tx': [
    ['nothing', new Uint8Array(0), 'UNEXPECTED_END', 0],
    ['a version alone', u32(1), 'UNEXPECTED_END', 4],
    ['it ends in an input', tx.subarray(0, 40), 'UNEXPECTED_END', 40],
    ['it ends in a script', tx.subarray(0, 50), 'UNEXPECTED_END', 50],
    ['it ends in an output', tx.subarray(0, 80), 'UNEXPECTED_END', 80],
    ['it ends in the locktime', tx.subarray(0, -1), 'UNEXPECTED_END', tx.length - 1],
    ['it ends in a witness', full.subarray(0, -30), 'UNEXPECTED_END', full.length - 30],
    ['a byte too many', join(tx, bytes('00')), 'TRAILING_BYTES', tx.length],
    ['2^25 inputs', join(u32(1), bytes('fe00000002'), filled(100, 1)), 'UNEXPECTED_END', 109],
    ['2^25 + 1 inputs', join(u32(1), bytes('fe01000002'), filled(100, 1)), 'TOO_LARGE', 4],
    ['2^64 − 1 inputs', join(u32(1), bytes('ffffffffffffffffff'), filled(100, 1)), 'TOO_LARGE', 4],
    ['252 as 2 bytes', scriptSize('fdfc00'), 'NON_CANONICAL', 41],
    ['65535 as 4 bytes', scriptSize('feffff0000'), 'NON_CANONICAL', 41],
    ['2^32 − 1 as 8 bytes', scriptSize('ffffffffff00000000'), 'NON_CANONICAL', 41],
    ['half of a size', scriptSize('fd').subarray(0, 43), 'UNEXPECTED_END', 43],
    ['a flag that is unknown', join(u32(1), bytes('0002'), filled(60, 1)), 'UNSUPPORTED', 5],
    ['witnesses that are all empty', transaction({ ...witnessed, witness: [[], []] }), 'NON_CANONICAL', full.length - 112],
    ['witnesses of no inputs', transaction({ ...witnessed, vin: [], witness: [] }), 'NON_CANONICAL', 6 + 1 + 1 + 8 + 26]
  ],
  'bitcoin-witness-commitment': [
    ['63 bytes', filled(63, 1), 'UNEXPECTED_END', 63],
    ['65 bytes', filled(65, 1), 'TRAILING_BYTES', 64]
  ]
}

export const rows = (json: (value: unknown) => string, accepted: Value[]): Accepted[] =>
  accepted.map(([name, block, value]) => ({ name, hex: Buffer.from(block).toString('hex'), json: json(value) }))

export const refusals = (json: (value: unknown) => string, refused: Refusal[]): Refused[] =>
  refused.map(([name, block, code, offset, lax]) => ({
    name,
    hex: Buffer.from(block).toString('hex'),
    code,
    offset,
    lax: lax === undefined ? 'same' : { json: json(lax) }
  }))
