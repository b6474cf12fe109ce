/**
 * Zcash's blocks and transactions written from their values, by the protocol specification (7.1 to 7.6), with their ids by ZIP 244; and those that are to be accepted or refused.
 * Tests hold them against the package zcash-block, which knows versions 1 to 4.
 */
import { blake2b } from '@noble/hashes/blake2.js'
import type { CID } from 'multiformats/cid'
import {
  bytes,
  coinbaseInput,
  compact,
  filled,
  GENESIS_KEY,
  type Header,
  type Input,
  inputs,
  join,
  link,
  list,
  NULL,
  type Output,
  outputs,
  type Refusal,
  rootOf,
  sized,
  twice,
  u32,
  u64,
  type Value
} from './fixture-bitcoin.js'

type Bytes = Uint8Array

interface Spend {
  cv: Bytes
  anchor: Bytes
  nullifier: Bytes
  rk: Bytes
  zkproof: Bytes
  spendAuthSig: Bytes
}

interface Note {
  cv: Bytes
  ephemeralKey: Bytes
  encCiphertext: Bytes
  outCiphertext: Bytes
}

type OutputDescription = Note & { cmu: Bytes; zkproof: Bytes }
type Action = Note & { nullifier: Bytes; rk: Bytes; cmx: Bytes; spendAuthSig: Bytes }

interface JoinSplit {
  vpub_old: number | bigint
  vpub_new: number | bigint
  anchor: Bytes
  nullifiers: Bytes[]
  commitments: Bytes[]
  ephemeralKey: Bytes
  randomSeed: Bytes
  vmacs: Bytes[]
  zkproof: Bytes
  encCiphertexts: Bytes[]
}

export interface ZcashTransaction {
  version: number
  versionGroupId?: number
  consensusBranchId?: number
  locktime: number
  expiryHeight?: number
  vin: Input[]
  vout: Output[]
  vSpendsSapling?: Spend[]
  vOutputsSapling?: OutputDescription[]
  valueBalanceSapling?: number | bigint
  vJoinSplit?: JoinSplit[]
  joinSplitPubKey?: Bytes
  joinSplitSig?: Bytes
  bindingSigSapling?: Bytes
  vActionsOrchard?: Action[]
  flagsOrchard?: number
  valueBalanceOrchard?: number | bigint
  anchorOrchard?: Bytes
  proofsOrchard?: Bytes
  bindingSigOrchard?: Bytes
}

export interface ZcashHeader extends Omit<Header, 'nonce'> {
  blockCommitments: Bytes
  nonce: Bytes
  solution: Bytes
}

const none = new Uint8Array(0)
const field = (data: Bytes | undefined): Bytes => data ?? none

const spend4 = (s: Spend): Bytes => join(s.cv, s.anchor, s.nullifier, s.rk, s.zkproof, s.spendAuthSig)
const output5 = (o: OutputDescription): Bytes => join(o.cv, o.cmu, o.ephemeralKey, o.encCiphertext, o.outCiphertext)
const joinSplit = (j: JoinSplit): Bytes =>
  join(
    ...[u64(j.vpub_old), u64(j.vpub_new), j.anchor, ...j.nullifiers, ...j.commitments, j.ephemeralKey, j.randomSeed],
    ...[...j.vmacs, j.zkproof, ...j.encCiphertexts]
  )
const action = (a: Action): Bytes => join(a.cv, a.nullifier, a.rk, a.cmx, a.ephemeralKey, a.encCiphertext, a.outCiphertext)

export function transaction(tx: ZcashTransaction): Bytes {
  const { version, versionGroupId: group } = tx
  const coins = join(inputs(tx.vin), outputs(tx.vout))
  const head = group === undefined ? u32(version) : join(u32(version + 0x80000000), u32(group))
  const spends = tx.vSpendsSapling ?? []
  const made = tx.vOutputsSapling ?? []
  const actions = tx.vActionsOrchard ?? []
  if (group !== undefined && version === 5) {
    return join(
      ...[head, u32(tx.consensusBranchId!), u32(tx.locktime), u32(tx.expiryHeight!), coins],
      list(spends.map((s) => join(s.cv, s.nullifier, s.rk))),
      list(made.map(output5)),
      spends.length + made.length > 0 ? u64(tx.valueBalanceSapling!) : none,
      field(spends[0]?.anchor),
      ...spends.map((s) => s.zkproof),
      ...spends.map((s) => s.spendAuthSig),
      ...made.map((o) => o.zkproof),
      field(tx.bindingSigSapling),
      list(actions.map(action)),
      ...(actions.length > 0 ? [Uint8Array.of(tx.flagsOrchard!), u64(tx.valueBalanceOrchard!), tx.anchorOrchard!, sized(tx.proofsOrchard!)] : []),
      ...actions.map((a) => a.spendAuthSig),
      field(tx.bindingSigOrchard)
    )
  }
  return join(
    ...[head, coins, u32(tx.locktime)],
    group === undefined ? none : u32(tx.expiryHeight!),
    group !== undefined && version === 4
      ? join(u64(tx.valueBalanceSapling!), list(spends.map(spend4)), list(made.map((o) => join(output5(o), o.zkproof))))
      : none,
    version >= 2 ? list(tx.vJoinSplit!.map(joinSplit)) : none,
    ...[field(tx.joinSplitPubKey), field(tx.joinSplitSig), field(tx.bindingSigSapling)]
  )
}

const hash = (personal: string | Bytes, ...parts: Bytes[]): Bytes =>
  blake2b(join(...parts), { dkLen: 32, personalization: typeof personal === 'string' ? new TextEncoder().encode(personal) : personal })

/** A transaction's id: from version 5 on by ZIP 244. */
export function idOf(tx: ZcashTransaction): Bytes {
  if (tx.version < 5 || tx.versionGroupId === undefined) return twice(transaction(tx))
  const spends = tx.vSpendsSapling!
  const made = tx.vOutputsSapling!
  const actions = tx.vActionsOrchard!
  const all = <T>(items: readonly T[], part: (item: T) => Bytes): Bytes => join(...items.map(part))
  const transparent =
    tx.vin.length + tx.vout.length === 0
      ? []
      : [
          hash(
            'ZTxIdPrevoutHash',
            all(tx.vin, ({ tx, vout }) => join(tx?.multihash.digest ?? NULL, u32(vout)))
          ),
          hash(
            'ZTxIdSequencHash',
            all(tx.vin, ({ sequence }) => u32(sequence))
          ),
          hash(
            'ZTxIdOutputsHash',
            all(tx.vout, ({ value, scriptPubKey }) => join(u64(value), sized(scriptPubKey)))
          )
        ]
  const spent = [
    hash(
      'ZTxIdSSpendCHash',
      all(spends, (s) => s.nullifier)
    ),
    hash(
      'ZTxIdSSpendNHash',
      all(spends, (s) => join(s.cv, s.anchor, s.rk))
    )
  ]
  const paid = [
    hash(
      'ZTxIdSOutC__Hash',
      all(made, (o) => join(o.cmu, o.ephemeralKey, o.encCiphertext.subarray(0, 52)))
    ),
    hash(
      'ZTxIdSOutM__Hash',
      all(made, (o) => o.encCiphertext.subarray(52, 564))
    ),
    hash(
      'ZTxIdSOutN__Hash',
      all(made, (o) => join(o.cv, o.encCiphertext.subarray(564), o.outCiphertext))
    )
  ]
  const sapling = [hash('ZTxIdSSpendsHash', ...(spends.length > 0 ? spent : [])), hash('ZTxIdSOutputHash', ...(made.length > 0 ? paid : []))]
  const orchard = [
    hash(
      'ZTxIdOrcActCHash',
      all(actions, (a) => join(a.nullifier, a.cmx, a.ephemeralKey, a.encCiphertext.subarray(0, 52)))
    ),
    hash(
      'ZTxIdOrcActMHash',
      all(actions, (a) => a.encCiphertext.subarray(52, 564))
    ),
    hash(
      'ZTxIdOrcActNHash',
      all(actions, (a) => join(a.cv, a.rk, a.encCiphertext.subarray(564), a.outCiphertext))
    )
  ]
  return hash(
    join(new TextEncoder().encode('ZcashTxHash_'), u32(tx.consensusBranchId!)),
    hash('ZTxIdHeadersHash', u32(0x80000005), u32(tx.versionGroupId), u32(tx.consensusBranchId!), u32(tx.locktime), u32(tx.expiryHeight!)),
    hash('ZTxIdTranspaHash', ...transparent),
    hash('ZTxIdSaplingHash', ...(spends.length + made.length > 0 ? [...sapling, u64(tx.valueBalanceSapling!)] : [])),
    hash('ZTxIdOrchardHash', ...(actions.length > 0 ? [...orchard, Uint8Array.of(tx.flagsOrchard!), u64(tx.valueBalanceOrchard!), tx.anchorOrchard!] : []))
  )
}

const digest = (cid: CID | null): Bytes => cid?.multihash.digest ?? NULL
export const header = (h: ZcashHeader): Bytes =>
  join(u32(h.version), digest(h.parent), digest(h.tx), h.blockCommitments, u32(h.time), u32(h.bits), h.nonce, sized(h.solution))
export const block = (head: ZcashHeader, transactions: readonly ZcashTransaction[]): Bytes => join(header(head), list(transactions.map(transaction)))

export const over = (transactions: readonly ZcashTransaction[], head: Partial<ZcashHeader> = {}): ZcashHeader => ({
  version: 4,
  parent: link(0xc0, filled(32, 5)),
  tx: link(0xc1, rootOf(transactions.map(idOf))),
  blockCommitments: filled(32, 6),
  time: 1653500000,
  bits: 0x1c01b1a5,
  nonce: filled(32, 7),
  solution: filled(36, 8),
  ...head
})

// --- what is to be accepted --------------------------------------------------------------------------------------------------------------------------------

const spend = (seed: number, anchor = filled(32, seed + 1)): Spend => ({
  cv: filled(32, seed),
  anchor,
  nullifier: filled(32, seed + 2),
  rk: filled(32, seed + 3),
  zkproof: filled(192, seed + 4),
  spendAuthSig: filled(64, seed + 5)
})
const note = (seed: number): Note => ({
  cv: filled(32, seed),
  ephemeralKey: filled(32, seed + 1),
  encCiphertext: filled(580, seed + 2),
  outCiphertext: filled(80, seed + 3)
})
const output = (seed: number): OutputDescription => ({ ...note(seed), cmu: filled(32, seed + 4), zkproof: filled(192, seed + 5) })
const act = (seed: number): Action => ({
  ...note(seed),
  nullifier: filled(32, seed + 4),
  rk: filled(32, seed + 5),
  cmx: filled(32, seed + 6),
  spendAuthSig: filled(64, seed + 7)
})
const js = (seed: number, proof: number): JoinSplit => ({
  vpub_old: seed * 1_000,
  vpub_new: 0,
  anchor: filled(32, seed),
  nullifiers: [filled(32, seed + 1), filled(32, seed + 2)],
  commitments: [filled(32, seed + 3), filled(32, seed + 4)],
  ephemeralKey: filled(32, seed + 5),
  randomSeed: filled(32, seed + 6),
  vmacs: [filled(32, seed + 7), filled(32, seed + 8)],
  zkproof: filled(proof, seed + 9),
  encCiphertexts: [filled(601, seed + 10), filled(601, seed + 11)]
})
const keys = { joinSplitPubKey: filled(32, 50), joinSplitSig: filled(64, 51) }

const coins = {
  vin: [{ tx: link(0xc1, filled(32, 1)), vout: 2, scriptSig: filled(30, 3), sequence: 0xfffffffe }],
  vout: [{ value: 312_500_000, scriptPubKey: filled(25, 4) }]
}
const empty = { vin: [], vout: [] }
const genesisScript = `04ffff071f010445${Buffer.from('Zcash0b9c4eef8b7cc417ee5001e3500984b6fea35683a7cac141a043c42064835d34').toString('hex')}`
export const genesis: ZcashTransaction = {
  version: 1,
  vin: [coinbaseInput(bytes(genesisScript))],
  vout: [{ value: 0, scriptPubKey: bytes(GENESIS_KEY) }],
  locktime: 0
}

const v2: ZcashTransaction = { version: 2, ...coins, locktime: 1, vJoinSplit: [] }
const v3: ZcashTransaction = { version: 3, versionGroupId: 0x03c48270, ...coins, locktime: 1, expiryHeight: 400_000, vJoinSplit: [] }
const v4: ZcashTransaction = {
  version: 4,
  versionGroupId: 0x892f2085,
  ...coins,
  locktime: 1,
  expiryHeight: 500_000,
  vSpendsSapling: [],
  vOutputsSapling: [],
  valueBalanceSapling: 0,
  vJoinSplit: []
}
const v5: ZcashTransaction = {
  version: 5,
  versionGroupId: 0x26a7270a,
  consensusBranchId: 0xc2d6d0b4,
  locktime: 1,
  expiryHeight: 1_700_000,
  ...coins,
  vSpendsSapling: [],
  vOutputsSapling: [],
  vActionsOrchard: []
}
const sapling = { valueBalanceSapling: -5_000, bindingSigSapling: filled(64, 60) }
const one = filled(32, 70)
const orchard = {
  vActionsOrchard: [act(1), act(2)],
  flagsOrchard: 3,
  valueBalanceOrchard: 10_000,
  anchorOrchard: filled(32, 71),
  proofsOrchard: filled(700, 72),
  bindingSigOrchard: filled(64, 73)
}

export const transactions: Record<string, ZcashTransaction> = {
  'the first coinbase': genesis,
  'version 0': { ...genesis, version: 0 },
  'version 2': v2,
  'version 2 with JoinSplits': { ...v2, ...empty, vJoinSplit: [js(1, 296), js(2, 296)], ...keys },
  'version 3': v3,
  'version 3 with a JoinSplit': { ...v3, vJoinSplit: [js(3, 296)], ...keys },
  'version 4': v4,
  'version 4 with spends': { ...v4, vSpendsSapling: [spend(1), spend(2)], ...sapling },
  'version 4 with outputs': { ...v4, ...empty, vOutputsSapling: [output(1), output(2)], ...sapling },
  'version 4 with everything': { ...v4, vSpendsSapling: [spend(1)], vOutputsSapling: [output(1)], ...sapling, vJoinSplit: [js(5, 192), js(6, 192)], ...keys },
  'version 5': v5,
  'version 5 without anything': { ...v5, ...empty },
  'version 5 with spends': { ...v5, vSpendsSapling: [spend(1, one), spend(2, one)], ...sapling },
  'version 5 with outputs': { ...v5, vOutputsSapling: [output(1), output(2)], ...sapling },
  'version 5 with Orchard': { ...v5, ...empty, ...orchard },
  'version 5 with everything': { ...v5, vSpendsSapling: [spend(1, one)], vOutputsSapling: [output(1), output(2)], ...sapling, ...orchard }
}

/** Which the package does not know, or reads as another value: its amounts are floats. */
export const beyondPackage: Record<string, ZcashTransaction> = {
  'version 5 of before Overwinter': { ...v2, version: 5 },
  'version 2^31 − 1 of before Overwinter': { ...v2, version: 0x7fffffff },
  'the greatest amounts': { ...v2, vout: [{ value: 2n ** 63n - 1n, scriptPubKey: none }], vJoinSplit: [{ ...js(1, 296), vpub_old: 2n ** 64n - 1n }], ...keys },
  'the least balances': { ...v5, vOutputsSapling: [output(1)], ...sapling, valueBalanceSapling: -(2n ** 63n), ...orchard, valueBalanceOrchard: -(2n ** 63n) }
}

/** Equihash, of the first block. */
const SOLUTION = `
  000a889f00854b8665cd555f4656f68179d31ccadc1b1f7fb0952726313b16941da348284d67add4686121d4e3d930160c1348d8191c25f12b267a6a9c131b5031cbf8af1f79c9d51307
  6a216ec87ed045fa966e01214ed83ca02dc1797270a454720d3206ac7d931a0a680c5c5e099057592570ca9bdf6058343958b31901fce1a15a4f38fd347750912e14004c73dfe588b903
  b6c03166582eeaf30529b14072a7b3079e3a684601b9b3024054201f7440b0ee9eb1a7120ff43f713735494aa27b1f8bab60d7f398bca14f6abb2adbf29b04099121438a7974b078a116
  35b594e9170f1086140b4173822dd697894483e1c6b4e8b8dcd5cb12ca4903bc61e108871d4d915a9093c18ac9b02b6716ce1013ca2c1174e319c1a570215bc9ab5f7564765f7be20524
  dc3fdf8aa356fd94d445e05ab165ad8bb4a0db096c097618c81098f91443c719416d39837af6de85015dca0de89462b1d8386758b2cf8a99e00953b308032ae44c35e05eb71842922eb6
  9797f68813b59caf266cb6c213569ae3280505421a7e3a0a37fdf8e2ea354fc5422816655394a9454bac542a9298f176e211020d63dee6852c40de02267e2fc9d5e1ff2ad9309506f02a
  1a71a0501b16d0d36f70cdfd8de78116c0c506ee0b8ddfdeb561acadf31746b5a9dd32c21930884397fb1682164cb565cc14e089d66635a32618f7eb05fe05082b8a3fae620571660a6b
  89886eac53dec109d7cbb6930ca698a168f301a950be152da1be2b9e07516995e20baceebecb5579d7cdbc16d09f3a50cb3c7dffe33f26686d4ff3f8946ee6475e98cf7b3cf9062b6966
  e838f865ff3de5fb064a37a21da7bb8dfd2501a29e184f207caaba364f36f2329a77515dcb710e29ffbf73e2bbd773fab1f9a6b005567affff605c132e4e4dd69f36bd201005458cfbd2
  c658701eb2a700251cefd886b1e674ae816d3f719bac64be649c172ba27a4fd55947d95d53ba4cbc73de97b8af5ed4840b659370c556e7376457f51e5ebb66018849923db82c1c9a819f
  173cccdb8f3324b239609a300018d0fb094adf5bd7cbb3834c69e6d0b3798065c525b20f040e965e1a161af78ff7561cd874f5f1b75aa0bc77f720589e1b810f831eac5073e6dd46d00a
  2793f70f7427f0f798f2f53a67e615e65d356e66fe40609a958a05edb4c175bcc383ea0530e67ddbe479a898943c6e3074c6fcc252d6014de3a3d292b03f0d88d312fe221be7be7e3c59
  d07fa0f2f4029e364f1f355c5d01fa53770d0cd76d82bf7e60f6903bc1beb772e6fde4a70be51d9c7e03c8d6d8dfb361a234ba47c470fe630820bbd920715621b9fbedb49fcee165ead0
  875e6c2b1af16f50b5d6140cc981122fcbcf7c5a4e3772b3661b628e08380abc545957e59f634705b1bbde2f0b4e055a5ec5676d859be77e20962b645e051a880fddb0180b4555789e1f
  9344a436a84dc5579e2553f1e5fb0a599c137be36cabbed0319831fea3fddf94ddc7971e4bcf02cdc93294a9aab3e3b13e3b058235b4f4ec06ba4ceaa49d675b4ba80716f3bc6976b1fb
  f9c8bf1f3e3a4dc1cd83ef9cf816667fb94f1e923ff63fef072e6a19321e4812f96cb0ffa864da50ad74deb76917a336f31dce03ed5f0303aad5e6a83634f9fcc371096f8288b8f02ddd
  ed5ff1bb9d49331e4a84dbe1543164438fde9ad71dab024779dcdde0b6602b5ae0a6265c14b94edd83b37403f4b78fcd2ed555b596402c28ee81d87a909c4e8722b30c71ecdd861b05f6
  1f8b1231795c76adba2fdefa451b283a5d527955b9f3de1b9828e7b2e74123dd47062ddcc09b05e7fa13cb2212a6fdbc65d7e852cec463ec6fd929f5b8483cf3052113b13dac91b69f49
  d1b7d1aec01c4a68e41ce157
`

/** Its hash: 00040fe8ec8471911baa1db1266ea15dd06b4a8a5c453883c000b031973dce08 */
export const genesisHeader: ZcashHeader = {
  version: 4,
  parent: null,
  tx: link(0xc1, idOf(genesis)),
  blockCommitments: NULL,
  time: 1477641360,
  bits: 0x1f07ffff,
  nonce: join(bytes('5712'), NULL.subarray(2)),
  solution: bytes(SOLUTION)
}

const pairs: Record<string, [CID | null, CID]> = {
  'a pair': [link(0xc1, filled(32, 1)), link(0xc1, filled(32, 2))],
  'a pair that might be a transaction': [
    link(0xc1, join(u32(1), bytes('01'), filled(27, 1))),
    link(0xc1, join(filled(9, 1), bytes('04'), filled(4, 1), filled(4, 1), bytes('01'), filled(8, 1), bytes('00'), filled(4, 1)))
  ]
}

const all = Object.values({ ...transactions, ...beyondPackage })
export const blocks: Record<string, [ZcashHeader, ZcashTransaction[]]> = {
  'the first block': [genesisHeader, [genesis]],
  'without transactions': [over([]), []],
  'transactions of all versions': [over(all), all]
}

export const valid: Record<string, Value[]> = {
  'zcash-block': [
    ['header: the first', header(genesisHeader), genesisHeader],
    ['header: regtest', header(over([])), over([])],
    ['header: version below zero', header(over([], { version: -1 })), over([], { version: -1 })],
    ...Object.entries(blocks).map(([name, [head, txs]]): Value => [name, block(head, txs), { ...head, transactions: txs }])
  ],
  'zcash-tx': [
    ...Object.entries({ ...transactions, ...beyondPackage }).map(([name, tx]): Value => [name, transaction(tx), tx]),
    ...Object.entries(pairs).map(([name, value]): Value => [name, join(digest(value[0]), digest(value[1])), value])
  ]
}

// --- what is to be refused ---------------------------------------------------------------------------------------------------------------------------------

const tx4 = transaction(transactions['version 4 with everything'])
const tx5 = transaction(transactions['version 5 with everything'])
const bare5 = transaction({ ...v5, ...empty })
const wrong = over([v4], { tx: link(0xc1, filled(32, 77)) })
const head = header(over([v4]))
const twins = [genesis, v4, v5, v5]

export const invalid: Record<string, Refusal[]> = {
  'zcash-block': [
    ['nothing', none, 'UNEXPECTED_END', 0],
    ['it ends in the fixed part', head.subarray(0, 139), 'UNEXPECTED_END', 139],
    ['no solution', head.subarray(0, 140), 'UNEXPECTED_END', 140],
    ['it ends in the solution', head.subarray(0, -1), 'UNEXPECTED_END', head.length - 1],
    ['a solution whose size is longer than it need be', join(head.subarray(0, 140), bytes('fd2400'), filled(36, 1)), 'NON_CANONICAL', 140],
    ['a byte too many', join(block(over([v4]), [v4]), bytes('00')), 'TRAILING_BYTES', head.length + 1 + transaction(v4).length],
    ['another root', block(wrong, [v4]), 'CHECKSUM', 36, { ...wrong, transactions: [v4] }],
    ['transactions twice', block(over(twins), twins), 'CHECKSUM', 36, { ...over(twins), transactions: twins }]
  ],
  'zcash-tx': [
    ['nothing', none, 'UNEXPECTED_END', 0],
    ['a version alone', u32(1), 'UNEXPECTED_END', 4],
    ['version 4 without its group', u32(0x80000004), 'UNEXPECTED_END', 4],
    ['version 4 of another group', join(u32(0x80000004), u32(0x03c48270), filled(90, 1)), 'UNSUPPORTED', 0],
    ['version 6', join(u32(0x80000006), u32(0xffffffff), filled(90, 1)), 'UNSUPPORTED', 0],
    ['version 2 with a group', join(u32(0x80000002), u32(0), filled(90, 1)), 'UNSUPPORTED', 0],
    ['version 4 ends in its last signature', tx4.subarray(0, -1), 'UNEXPECTED_END', tx4.length - 1],
    ['version 4 ends in a JoinSplit', tx4.subarray(0, -300), 'UNEXPECTED_END', tx4.length - 300],
    ['version 5 ends in its last signature', tx5.subarray(0, -1), 'UNEXPECTED_END', tx5.length - 1],
    ['version 5 ends in an action', tx5.subarray(0, -1_500), 'UNEXPECTED_END', tx5.length - 1_500],
    ['version 5 ends in a spend', tx5.subarray(0, 180), 'UNEXPECTED_END', 180],
    ['2^25 spends', join(bare5.subarray(0, 22), compact(0x02000000), filled(90, 1)), 'UNEXPECTED_END', 117],
    ['a number of actions that is longer than it need be', join(bare5.subarray(0, -1), bytes('fd0000')), 'NON_CANONICAL', bare5.length - 1],
    ['a byte too many', join(tx5, bytes('00')), 'TRAILING_BYTES', tx5.length]
  ]
}
