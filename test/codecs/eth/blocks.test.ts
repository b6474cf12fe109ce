/** The eth codecs on blocks: the project's rows, public vectors, links against the blocks that they lead to, what is not encoded, and real blocks that are damaged. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../../scripts/run.js'
import { type Codec, createHost } from '../../../src/index.js'
import { text } from '../../engines/text.js'
import { note } from '../../note.js'
import { skip } from '../../skip.js'
import { mutate, mutations } from '../arbitrary.js'
import { lawOfBlocks } from '../laws.js'
import type { Subject } from '../subject.js'
import { valuesOf } from './arbitrary.js'
import { REFERENCES } from './reference.js'
import { accepted, bytesOf, hexOf, refusal, rows } from './rows.js'

const DAMAGED = 10_000
const VECTORS = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'eth')

const host = await createHost()
const codecs = new Map<string, Codec>()
for (const name of Object.keys(REFERENCES)) codecs.set(name, await host.codec(name))
for (const name of codecs.keys()) await rows(test, host, name)

const codecOf = (name: string): Codec => codecs.get(name) as Codec
const subjectOf = (name: string): Subject => ({
  name,
  code: REFERENCES[name].code,
  reference: REFERENCES[name],
  values: valuesOf(name),
  classes: { refused: [], accepted: [], decoded: [], values: [] }
})
const cidOf = (code: number, block: Uint8Array): CID => CID.createV1(code, Digest.create(0x1b, keccak_256(block)))

// --- the blocks that links lead to ----------------------------------------------------------------------------------------------------------------------

/** All blocks of the rows, by CID, and two that are not of eth codecs. */
const known = new Map<string, string>()
for (const name of codecs.keys()) for (const { hex } of accepted(name)) known.set(cidOf(REFERENCES[name].code, bytesOf(hex)).toString(), name)
for (const code of ['', '6001600255']) known.set(cidOf(0x55, bytesOf(code)).toString(), 'raw')

for (const [name, row, expected] of [
  ['eth-account-snapshot', 'a contract, numbers as large as can be', ['eth-storage-trie', 'raw']],
  ['eth-account-snapshot', 'an account with nothing', ['eth-storage-trie', 'raw']],
  ['eth-state-trie', 'a leaf', ['eth-storage-trie', 'raw']],
  ['eth-state-trie', 'a branch', ['eth-state-trie']],
  ['eth-state-trie', 'an extension', ['eth-state-trie']],
  ['eth-storage-trie', 'a branch with a leaf in it', ['eth-storage-trie']],
  ['eth-storage-trie', 'an extension', ['eth-storage-trie']],
  ['eth-tx-trie', 'a branch', ['eth-tx-trie']],
  ['eth-tx-receipt-trie', 'a branch', ['eth-tx-receipt-trie']],
  ['eth-receipt-log-trie', 'a branch', ['eth-receipt-log-trie']],
  ['eth-block', 'Prague', [undefined, 'eth-block-list', 'eth-state-trie', 'eth-tx-trie', 'eth-tx-receipt-trie']],
  ['eth-tx', 'EIP-1559', []],
  ['eth-tx-receipt', 'type 2', []],
  ['eth-receipt-log', 'a log', []]
] as const) {
  test(`${name}: ${row} links to blocks of ${expected.join(', ') || 'nothing'}`, () => {
    const found = accepted(name).find(({ name }) => name === row)
    assert.ok(found)
    const links = codecOf(name).links(bytesOf(found.hex))
    assert.equal(
      links.map((cid) => known.get(cid.toString())),
      [...expected]
    )
  })
}

test('eth-block-list: the links of all headers', () => {
  const block = bytesOf(accepted('eth-block-list')[2].hex)
  assert.is(codecOf('eth-block-list').links(block).length, 15)
})

// --- what is not encoded --------------------------------------------------------------------------------------------------------------------------------

const rowValue = (name: string, row: string): any => {
  const found = accepted(name).find(({ name }) => name === row)
  assert.ok(found, row)
  return codecOf(name).decode(bytesOf(found.hex))
}

const refusedValues: [what: string, codec: string, row: string, change: (value: any) => unknown, code: string, path: string][] = [
  ['a nonce below zero', 'eth-account-snapshot', 'an account with nothing', (value) => ({ ...value, Nonce: -1 }), 'NUMBER_RANGE', 'Nonce'],
  ['a nonce that is a float', 'eth-account-snapshot', 'an account with nothing', (value) => ({ ...value, Nonce: 1.5 }), 'WRONG_KIND', 'Nonce'],
  ['a balance that is an integer', 'eth-account-snapshot', 'an account with nothing', (value) => ({ ...value, Balance: 1 }), 'WRONG_KIND', 'Balance'],
  [
    'a balance with a leading zero',
    'eth-account-snapshot',
    'an account with nothing',
    (value) => ({ ...value, Balance: Uint8Array.of(0) }),
    'NON_CANONICAL',
    'Balance'
  ],
  [
    'a balance of 33 bytes',
    'eth-account-snapshot',
    'an account with nothing',
    (value) => ({ ...value, Balance: new Uint8Array(33).fill(1) }),
    'NUMBER_RANGE',
    'Balance'
  ],
  [
    'a balance of 600 bytes',
    'eth-account-snapshot',
    'an account with nothing',
    (value) => ({ ...value, Balance: new Uint8Array(600).fill(1) }),
    'NUMBER_RANGE',
    'Balance'
  ],
  [
    'a link of another codec',
    'eth-account-snapshot',
    'an account with nothing',
    (value) => ({ ...value, CodeCID: value.StorageRootCID }),
    'INVALID_CID',
    'CodeCID'
  ],
  ['no field', 'eth-account-snapshot', 'an account with nothing', ({ Nonce, ...rest }) => rest, 'MISSING_FIELD', ''],
  ['another field', 'eth-account-snapshot', 'an account with nothing', (value) => ({ ...value, nonce: 1 }), 'UNKNOWN_FIELD', 'nonce'],
  ['a list', 'eth-account-snapshot', 'an account with nothing', () => [], 'WRONG_KIND', ''],
  ['a header with a gap', 'eth-block', 'Prague', (value) => ({ ...value, BlobGasUsed: null }), 'WRONG_KIND', 'BlobGasUsed'],
  ['a header with a field left out', 'eth-block', 'Prague', ({ BaseFee, ...rest }) => rest, 'MISSING_FIELD', ''],
  ['a bloom filter of 255 bytes', 'eth-block', 'Frontier', (value) => ({ ...value, Bloom: new Uint8Array(255) }), 'TOO_LARGE', 'Bloom'],
  ['a bloom filter of 600 bytes', 'eth-block', 'Frontier', (value) => ({ ...value, Bloom: new Uint8Array(600) }), 'TOO_LARGE', 'Bloom'],
  ['a transaction without a type', 'eth-tx', 'legacy', ({ Type, ...rest }) => rest, 'MISSING_FIELD', ''],
  ['a transaction of type 5', 'eth-tx', 'legacy', (value) => ({ ...value, Type: 5 }), 'UNSUPPORTED', 'Type'],
  ['a legacy transaction for a chain', 'eth-tx', 'legacy', (value) => ({ ...value, ChainID: Uint8Array.of(1) }), 'UNKNOWN_FIELD', 'ChainID'],
  ['a blob transaction without a recipient', 'eth-tx', 'EIP-4844', (value) => ({ ...value, Recipient: null }), 'WRONG_KIND', 'Recipient'],
  [
    'a storage key of 31 bytes',
    'eth-tx',
    'EIP-1559',
    (value) => ({ ...value, AccessList: [{ Address: value.Recipient, StorageKeys: [new Uint8Array(31)] }] }),
    'TOO_LARGE',
    'AccessList/0/StorageKeys/0'
  ],
  ['a receipt with state and status', 'eth-tx-receipt', 'a failure', (value) => ({ ...value, PostState: new Uint8Array(32) }), 'UNKNOWN_FIELD', 'PostStatus'],
  ['a receipt with neither', 'eth-tx-receipt', 'a failure', (value) => ({ ...value, PostStatus: null }), 'MISSING_FIELD', ''],
  ['a status of 2', 'eth-tx-receipt', 'a failure', (value) => ({ ...value, PostStatus: 2 }), 'NUMBER_RANGE', 'PostStatus'],
  ['a node of two kinds', 'eth-storage-trie', 'a leaf', (value) => ({ ...value, branch: 1 }), 'UNKNOWN_FIELD', ''],
  ['a node of no kind', 'eth-storage-trie', 'a leaf', () => ({}), 'MISSING_FIELD', ''],
  [
    'a leaf with the path of an extension',
    'eth-storage-trie',
    'a leaf',
    ({ leaf }) => ({ leaf: { ...leaf, PartialPath: Uint8Array.of(0x11) } }),
    'MALFORMED',
    'leaf/PartialPath'
  ],
  [
    'a leaf without a path',
    'eth-storage-trie',
    'a leaf',
    ({ leaf }) => ({ leaf: { ...leaf, PartialPath: new Uint8Array(0) } }),
    'TOO_LARGE',
    'leaf/PartialPath'
  ],
  [
    'a leaf with no bytes',
    'eth-storage-trie',
    'a leaf',
    ({ leaf }) => ({ leaf: { ...leaf, Value: { storage: new Uint8Array(0) } } }),
    'TOO_LARGE',
    'leaf/Value/storage'
  ],
  [
    'a leaf with the value of another trie',
    'eth-storage-trie',
    'a leaf',
    ({ leaf }) => ({ leaf: { ...leaf, Value: { state: 1 } } }),
    'UNKNOWN_FIELD',
    'leaf/Value/state'
  ],
  ['a branch with 15 children', 'eth-state-trie', 'a branch', ({ branch: { ChildF, ...rest } }) => ({ branch: rest }), 'MISSING_FIELD', 'branch'],
  [
    'a child that is long enough for a hash',
    'eth-storage-trie',
    'a branch with a leaf in it',
    ({ branch }) => ({ branch: { ...branch, Child1: { leaf: { PartialPath: Uint8Array.of(0x20), Value: { storage: new Uint8Array(40).fill(9) } } } } }),
    'NON_CANONICAL',
    'branch/Child1'
  ]
]
for (const [what, name, row, change, code, path] of refusedValues) {
  test(`${name} does not encode ${what}`, () => {
    assert.equal(
      refusal(() => codecOf(name).encode(change(rowValue(name, row)))),
      [code, path]
    )
  })
}

test('nodes within each other without end are refused', () => {
  let value: unknown = null
  for (let i = 0; i < 400; i++) value = { extension: { PartialPath: Uint8Array.of(0x11), Child: value } }
  assert.is(refusal(() => codecOf('eth-storage-trie').encode(value))[0], 'NON_CANONICAL')
})

test('fields come in any order, and null stands for what a type does not have or is left out', () => {
  const block = bytesOf(accepted('eth-tx')[0].hex)
  const value = codecOf('eth-tx').decode(block) as Record<string, unknown>
  assert.is(hexOf(codecOf('eth-tx').encode(Object.fromEntries(Object.entries(value).reverse()))), hexOf(block))
  assert.is(hexOf(codecOf('eth-tx').encode(Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null)))), hexOf(block))
})

// --- more than the window -------------------------------------------------------------------------------------------------------------------------------

const filled = (n: number, byte: number) => new Uint8Array(n).fill(byte)
const manyLogs = Array.from({ length: 3000 }, (_, i) => [filled(20, i), Array.from({ length: i % 5 }, (_, j) => filled(32, j)), filled((i * 37) % 900, i)])
const receipt = RLP.encode([1, 30_000_000, filled(256, 1), manyLogs])
const longTx = RLP.encode([7, 1, 21000, filled(20, 1), 0, filled(300_000, 7), 37, filled(32, 1), filled(32, 2)])

for (const [name, block] of [
  ['eth-tx-receipt', receipt],
  ['eth-tx-receipt', Uint8Array.from([2, ...receipt])],
  ['eth-tx-receipt-trie', RLP.encode([Uint8Array.of(0x20), receipt])],
  ['eth-tx', longTx],
  ['eth-tx-trie', RLP.encode([Uint8Array.of(0x20, 0x80), longTx])],
  ['eth-tx-trie', RLP.encode([...Array.from({ length: 16 }, () => new Uint8Array(0)), longTx])],
  ['eth-receipt-log', RLP.encode([filled(20, 1), Array.from({ length: 2000 }, (_, i) => filled(32, i)), filled(100_000, 1)])]
] as const) {
  test(`${name}: a block of ${block.length} bytes`, () => {
    lawOfBlocks(codecOf(name), subjectOf(name), block)
    const value = codecOf(name).decode(block)
    assert.is(text(value), text(REFERENCES[name].decode(block)))
    assert.ok(Buffer.from(codecOf(name).encode(value)).equals(block))
  })
}

test('fuel grows no faster than the block', () => {
  const codec = codecOf('eth-tx-receipt')
  const fuel = [1000, 2000, 4000].map((n) => {
    codec.decode(RLP.encode([1, 1, filled(256, 1), Array.from({ length: n }, () => [filled(20, 1), [], new Uint8Array(0)])]))
    return codec.fuel
  })
  assert.ok(fuel[2] - fuel[1] < 2.2 * (fuel[1] - fuel[0]), fuel.join())
})

// --- public vectors -------------------------------------------------------------------------------------------------------------------------------------

/** File and codec; what the block must be, by its hash where that is known to the world; and where its links lead, where the block is known. */
const vectors: [file: string, codec: string, part?: [from: number, to: number], hash?: string][] = [
  // a whole block, of which the header is a part; its hash is that of block 1 of the main network
  ['header.block1_rlp', 'eth-block', [3, -2], '88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6'],
  ['uncles.uncles_rlp', 'eth-block-list'],
  ['tx.access_list_tx_enc', 'eth-tx'],
  ['tx.legacy_tx_enc', 'eth-tx'],
  ['tx_trie.tx_leaf_node_rlp', 'eth-tx-trie'],
  ['rct.legacy_rct_enc', 'eth-tx-receipt'],
  ['rct_trie.rct_leaf_node_rlp', 'eth-tx-receipt-trie'],
  ['state_trie.branch_node_rlp', 'eth-state-trie'],
  ['state_trie.extension_node_rlp', 'eth-state-trie'],
  ['state_trie.state_eoa_leaf_node_rlp', 'eth-state-trie'],
  ['state_account.state_account_rlp', 'eth-account-snapshot'],
  ['storage_trie.storage_leaf_node_rlp', 'eth-storage-trie'],
  ['log_trie.log_leaf_node_rlp', 'eth-receipt-log-trie'],
  ['log.log_rlp', 'eth-receipt-log']
]

if (!existsSync(VECTORS)) skip('vectors of dag-eth', `${VECTORS} is not there`)
else {
  const blocks = vectors.map(([file, name, part = [0, undefined], hash]) => {
    const block = new Uint8Array(readFileSync(join(VECTORS, file))).slice(...part)
    return { file, name, block, hash }
  })
  for (const { file, name, block, hash } of blocks) {
    test(`vector ${file}`, () => {
      if (hash !== undefined) assert.is(hexOf(keccak_256(block)), hash)
      const codec = codecOf(name)
      const value = codec.decode(block)
      assert.is(text(value), text(REFERENCES[name].decode(block)))
      assert.is(hexOf(codec.encode(value)), hexOf(block))
      assert.is(hexOf(codec.encodeTape(codec.tape(block))), hexOf(block))
    })
  }

  test('the links of block 1: no uncles, no transactions, no receipts', () => {
    const [parent, uncles, , tx, rct] = codecOf('eth-block').links(blocks[0].block)
    assert.is(hexOf(parent.multihash.digest), 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3')
    assert.equal([uncles, tx, rct].map(String), [cidOf(0x91, bytesOf('c0')), cidOf(0x92, bytesOf('80')), cidOf(0x94, bytesOf('80'))].map(String))
    assert.equal(codecOf('eth-block-list').decode(bytesOf('c0')), [])
    for (const name of ['eth-tx-trie', 'eth-tx-receipt-trie']) assert.is(codecOf(name).decode(bytesOf('80')), null)
  })

  test('the whole block of block 1 is not its header: refused where a hash should be', () => {
    const [file] = vectors[0]
    assert.equal(
      refusal(() => codecOf('eth-block').decode(new Uint8Array(readFileSync(join(VECTORS, file))))),
      ['MALFORMED', 3]
    )
  })

  test('the links of an account: no storage, no code', () => {
    const { block } = blocks[10]
    assert.equal(codecOf('eth-account-snapshot').links(block).map(String), [cidOf(0x98, bytesOf('80')), cidOf(0x55, bytesOf(''))].map(String))
  })

  test('the link of the extension is the hash of the storage leaf', () => {
    const [child] = codecOf('eth-state-trie').links(blocks[8].block)
    assert.equal(child.multihash.digest, keccak_256(blocks[11].block))
  })

  test(`${DAMAGED} damaged vectors: refused, or decoded as the reference does and encoded to themselves`, () => {
    const each = Math.ceil(DAMAGED / blocks.length)
    let taken = 0
    for (const [i, { name, block }] of blocks.entries()) {
      const subject = subjectOf(name)
      const damage = fc.property(mutations, fc.nat(3), (list, few) => {
        // mostly of a kind that leaves lengths alone
        const damaged = mutate(block, few ? list.filter(({ kind }) => kind === 'flip' || kind === 'set') : list, blocks[(i + 1) % blocks.length].block)
        lawOfBlocks(codecOf(name), subject, damaged)
        if (refusal(() => codecOf(name).decode(damaged))[0] === 'none') taken++
      })
      fc.assert(damage, { numRuns: each, seed: 7, includeErrorInReport: true })
    }
    assert.ok(taken > DAMAGED / 10, `only ${taken} were taken`)
    note(`of ${each * blocks.length} damaged dag-eth vectors ${taken} decode`)
  })
}

test.run()
