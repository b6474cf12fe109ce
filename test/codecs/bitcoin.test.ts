/** Bitcoin's codecs: the project's fixtures, real blocks and what a full node says of them, and the package bitcoin-block on random transactions. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join as path } from 'node:path'
import fc from 'fast-check'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  beyondFloats,
  block,
  blocks,
  compact,
  filled,
  header,
  idOf,
  join,
  link,
  NULL,
  type Transaction,
  transaction,
  transactions,
  twice,
  u32,
  valid
} from '../../scripts/fixture-bitcoin.js'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { damaged, end, fixtures, linksIn } from './chain.js'

const RUNS = 400
const DAMAGED = 10_000
const VECTORS = path(process.env.AUTOCODEC_VECTORS ?? path(root, '../shared/vectors'), 'bitcoin')

/** The part of the package that is used. */
interface ReferenceTransaction {
  version: number
  segWit: boolean
  vin: { prevout: { hash: Uint8Array; n: number }; scriptSig: Uint8Array; sequence: number; scriptWitness?: Uint8Array[] }[]
  vout: { value: number; scriptPubKey: Uint8Array }[]
  lockTime: number
  txid: Uint8Array
  isCoinbase(): boolean
  getWitnessCommitment(): Uint8Array | null
}

interface ReferenceBlock {
  version: number
  previousblockhash: Uint8Array
  merkleroot: Uint8Array
  time: number
  bits: number
  nonce: number
  tx?: ReferenceTransaction[]
}

const reference = createRequire(import.meta.url)('bitcoin-block') as {
  BitcoinBlock: { decode(data: Uint8Array, strict: boolean): ReferenceBlock; decodeHeaderOnly(data: Uint8Array, strict: boolean): ReferenceBlock }
  BitcoinTransaction: { decode(data: Uint8Array, strict: boolean): ReferenceTransaction }
}

const isNull = (hash: Uint8Array): boolean => hash.every((byte) => byte === 0)

function modelOf(tx: ReferenceTransaction): Transaction {
  const commitment = tx.isCoinbase() ? tx.getWitnessCommitment() : null
  return {
    version: tx.version,
    vin: tx.vin.map(({ prevout: { hash, n }, scriptSig, sequence }) => ({ tx: isNull(hash) ? null : link(0xb1, hash), vout: n, scriptSig, sequence })),
    vout: tx.vout.map(({ value, scriptPubKey }) => ({ value, scriptPubKey })),
    ...(tx.segWit ? { witness: tx.vin.map(({ scriptWitness }) => scriptWitness!) } : {}),
    locktime: tx.lockTime,
    ...(commitment === null ? {} : { witnessCommitment: link(0xb2, commitment) })
  }
}

function modelOfBlock(block: ReferenceBlock): Record<string, unknown> {
  return {
    version: block.version,
    parent: isNull(block.previousblockhash) ? null : link(0xb0, block.previousblockhash),
    tx: link(0xb1, block.merkleroot),
    time: block.time,
    // the package reads it as signed here and there
    bits: block.bits >>> 0,
    nonce: block.nonce >>> 0,
    ...(block.tx === undefined ? {} : { transactions: block.tx.map(modelOf) })
  }
}

const host = await createHost()
const blockCodec = await host.codec('bitcoin-block')
const txCodec = await host.codec('bitcoin-tx')
const commitmentCodec = await host.codec('bitcoin-witness-commitment')

for (const codec of [blockCodec, txCodec, commitmentCodec]) fixtures(host, codec)

// --- against the package -----------------------------------------------------------------------------------------------------------------------------------

for (const [name, tx] of Object.entries(transactions)) {
  if (tx.vin.length === 0) continue
  test(`the package has the same value: ${name}`, () => {
    assert.is(text(txCodec.decode(transaction(tx))), text(modelOf(reference.BitcoinTransaction.decode(transaction(tx), true))))
  })
}

for (const [name, [head, txs]] of Object.entries(blocks)) {
  test(`the package has the same block: ${name}`, () => {
    assert.is(text(blockCodec.decode(block(head, txs))), text(modelOfBlock(reference.BitcoinBlock.decode(block(head, txs), true))))
    assert.is(text(blockCodec.decode(header(head))), text(modelOfBlock(reference.BitcoinBlock.decodeHeaderOnly(header(head), true))))
  })
}

const someHash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const someScript = fc.oneof(
  { weight: 100, arbitrary: fc.uint8Array({ maxLength: 110 }) },
  { weight: 10, arbitrary: fc.integer({ min: 250, max: 700 }).map((n) => filled(n, n)) },
  { weight: 1, arbitrary: fc.constantFrom(filled(16_400, 1), filled(65_536, 3)) }
)
const u32s = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 0xffffffff))
const someInput = fc.record({ tx: someHash.map((hash) => link(0xb1, hash)), vout: u32s, scriptSig: someScript, sequence: u32s })
const someOutput = fc.record({ value: fc.oneof(fc.integer({ min: 0, max: 2_100_000_000_000_000 }), fc.constantFrom(0, 1)), scriptPubKey: someScript })
const someTransaction: fc.Arbitrary<Transaction> = fc
  .record({
    version: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
    vin: fc.array(someInput, { minLength: 1, maxLength: 6 }),
    vout: fc.array(someOutput, { minLength: 1, maxLength: 6 }),
    stacks: fc.option(fc.array(fc.array(someScript, { maxLength: 3 }), { minLength: 6, maxLength: 6 })),
    locktime: u32s
  })
  .map(({ version, vin, vout, stacks, locktime }) => {
    const witness = stacks?.slice(0, vin.length)
    return witness?.some((stack) => stack.length > 0) ? { version, vin, vout, witness, locktime } : { version, vin, vout, locktime }
  })

test('random transactions: the same bytes, and the same values back', () => {
  fc.assert(
    fc.property(someTransaction, (tx) => {
      const data = transaction(tx)
      assert.equal(txCodec.encode(tx), data)
      const value = txCodec.decode(data)
      assert.is(text(value), text(tx))
      assert.is(text(value), text(modelOf(reference.BitcoinTransaction.decode(data, true))))
      assert.equal(txCodec.encodeTape(txCodec.tape(data)), data)
    }),
    { numRuns: RUNS, seed: 1 }
  )
})

test('random blocks: the same bytes, and the same values back', () => {
  fc.assert(
    fc.property(fc.array(someTransaction, { minLength: 1, maxLength: 9 }), (txs) => {
      // ids that differ: a block with a transaction twice is refused
      const list = txs.map((tx, i) => ({ ...tx, locktime: i }))
      const head = { version: 1, parent: link(0xb0, filled(32, 1)), tx: link(0xb1, rootByPackage(list)), time: 2, bits: 3, nonce: 4 }
      const data = block(head, list)
      const value = blockCodec.decode(data)
      assert.is(text(value), text({ ...head, transactions: list }))
      assert.equal(blockCodec.encode(value), data)
      assert.equal(blockCodec.encodeTape(blockCodec.tape(data)), data)
    }),
    { numRuns: RUNS / 4, seed: 2 }
  )
})

function rootByPackage(txs: readonly Transaction[]): Uint8Array {
  const { merkleRoot } = reference as unknown as { merkleRoot(hashes: Uint8Array[]): Uint8Array }
  return merkleRoot(txs.map((tx) => reference.BitcoinTransaction.decode(transaction(tx), true).txid))
}

// --- 64 bytes ------------------------------------------------------------------------------------------------------------------------------------------------

test('of 64 bytes those are a transaction that the package reads as one, with inputs and outputs', () => {
  const seeds = [transactions['64 bytes'], transactions['64 bytes with a witness']].map(transaction)
  let both = 0
  for (const seed of seeds) {
    for (let at = 0; at < 64; at++) {
      for (const byte of [0, 1, 2, 3, 4, 5, 253, 255]) {
        const data = Uint8Array.from(seed)
        data[at] = byte
        let expected = false
        try {
          const { segWit, vin, vout } = reference.BitcoinTransaction.decode(data, true)
          // witnesses that are all empty are none
          const witnessed = !segWit || vin.some(({ scriptWitness }) => scriptWitness!.length > 0)
          expected = !isNull(data.subarray(0, 32)) && vin.length > 0 && vout.length > 0 && witnessed
        } catch {}
        const value = txCodec.decode(data)
        assert.is(!Array.isArray(value), expected, `byte ${at} as ${byte}`)
        assert.equal(txCodec.encode(value), data)
        both |= expected ? 1 : 2
      }
    }
  }
  assert.is(both, 3)
})

// --- encoding ------------------------------------------------------------------------------------------------------------------------------------------------

const some = transactions['two outputs']
const full = transactions['witnesses, one input without']
const committing = transactions['a coinbase that commits to witnesses']
const [oneHead, oneList] = blocks['two transactions']
const other = link(0xb1, filled(32, 9))

const refused: [what: string, codec: typeof txCodec, value: unknown, expected: string][] = [
  ['a number', txCodec, 5, 'WRONG_KIND '],
  ['another field', txCodec, { ...some, size: 5 }, 'UNKNOWN_FIELD size'],
  ['a version beyond 32 bits', txCodec, { ...some, version: 2 ** 31 }, 'NUMBER_RANGE version'],
  ['a float', txCodec, { ...some, version: 1.5 }, 'WRONG_KIND version'],
  ['a locktime below zero', txCodec, { ...some, locktime: -1 }, 'NUMBER_RANGE locktime'],
  ['inputs that are no list', txCodec, { ...some, vin: {} }, 'WRONG_KIND vin'],
  ['an input that is no map', txCodec, { ...some, vin: [5] }, 'WRONG_KIND vin/0'],
  ['an input without a script', txCodec, { ...some, vin: [{ tx: null, vout: 0, sequence: 0 }] }, 'MISSING_FIELD vin/0'],
  ['a link of another codec', txCodec, { ...some, vin: [{ ...some.vin[0], tx: link(0xb0, filled(32, 1)) }] }, 'INVALID_CID vin/0/tx'],
  ['a link that is null when read again', txCodec, { ...some, vin: [{ ...some.vin[0], tx: link(0xb1, NULL) }] }, 'NON_CANONICAL vin/0/tx'],
  ['a script as text', txCodec, { ...some, vout: [{ value: 1, scriptPubKey: 'OP_RETURN' }] }, 'WRONG_KIND vout/0/scriptPubKey'],
  ['an amount beyond 64 bits', txCodec, { ...some, vout: [{ value: 2n ** 63n, scriptPubKey: NULL }] }, 'NUMBER_RANGE vout/0/value'],
  ['outputs and no inputs', txCodec, { ...some, vin: [] }, 'UNSUPPORTED vin'],
  ['a witness too few', txCodec, { ...full, witness: full.witness!.slice(1) }, 'MALFORMED witness'],
  ['witnesses that are all empty', txCodec, { ...full, witness: [[], []] }, 'NON_CANONICAL witness'],
  ['another commitment', txCodec, { ...committing, witnessCommitment: link(0xb2, filled(32, 9)) }, 'CHECKSUM witnessCommitment'],
  ['a commitment that no output has', txCodec, { ...some, witnessCommitment: link(0xb2, filled(32, 9)) }, 'CHECKSUM witnessCommitment'],
  ['three hashes', txCodec, [other, other, other], 'MALFORMED '],
  ['a pair whose second is null', txCodec, [other, null], 'WRONG_KIND 1'],
  ['a header without a root', blockCodec, { ...oneHead, tx: null }, 'WRONG_KIND tx'],
  ['a block of another root', blockCodec, { ...oneHead, tx: other, transactions: oneList }, 'CHECKSUM tx'],
  ['a transaction that is not right', blockCodec, { ...oneHead, transactions: [{ ...some, locktime: -1 }] }, 'NUMBER_RANGE transactions/0/locktime'],
  ['a nonce of 31 bytes', commitmentCodec, { witnessMerkleRoot: null, nonce: filled(31, 1) }, 'MALFORMED nonce']
]

for (const [what, codec, value, expected] of refused) {
  test(`does not encode ${what}`, () => {
    assert.is(
      end(() => codec.encode(value)),
      expected
    )
  })
}

test('a commitment may be left out: an output says it', () => {
  const { witnessCommitment: _, ...without } = committing
  assert.equal(txCodec.encode(without), transaction(committing))
})

test('long scripts and witnesses go through both ways', () => {
  const tx = { ...full, vout: [{ value: 1, scriptPubKey: filled(70_000, 1) }], witness: [[filled(100_000, 2)], [filled(600, 3), filled(512, 4)]] }
  const data = transaction(tx)
  assert.equal(txCodec.encode(tx), data)
  assert.is(text(txCodec.decode(data)), text(tx))
  const head = { ...oneHead, tx: link(0xb1, idOf(tx)) }
  assert.equal(blockCodec.encode({ ...head, transactions: [tx] }), block(head, [tx]))
  assert.is(text(blockCodec.decode(block(head, [tx]))), text({ ...head, transactions: [tx] }))
})

test('a script begins at each place around the edge of the window', () => {
  for (let n = 16_384 - 130; n < 16_384 + 20; n++) {
    const txs = [{ ...some, vout: [{ value: 1, scriptPubKey: filled(n - 200, 1) }] }, full, beyondFloats['the least amount']]
    const head = { ...oneHead, tx: link(0xb1, rootByPackage([txs[0], full])) }
    const data = block(head, txs.slice(0, 2))
    assert.equal(blockCodec.encodeTape(blockCodec.tape(data)), data)
    const tx = transaction(txs[0])
    assert.equal(txCodec.encodeTape(txCodec.tape(tx)), tx)
  }
})

// --- hostile -------------------------------------------------------------------------------------------------------------------------------------------------

test('numbers that nothing follows cost no more than the input', () => {
  for (const size of ['fe00000002', 'fdffff']) {
    const data = join(u32(1), Uint8Array.from(Buffer.from(size, 'hex')), new Uint8Array(10_000))
    assert.match(
      end(() => txCodec.decode(data)),
      /^(UNEXPECTED_END|TRAILING_BYTES) /
    )
    assert.ok(txCodec.fuel < 100 * data.length, `${txCodec.fuel} fuel`)
    const whole = join(header(oneHead), Uint8Array.from(Buffer.from(size, 'hex')), new Uint8Array(10_000))
    assert.match(
      end(() => blockCodec.decode(whole)),
      /^(UNEXPECTED_END|TRAILING_BYTES|CHECKSUM) /
    )
    assert.ok(blockCodec.fuel < 3_000 * whole.length, `${blockCodec.fuel} fuel`)
  }
})

for (const codec of [blockCodec, txCodec, commitmentCodec]) {
  test(`${codec.name}: ${DAMAGED} damaged blocks`, () => {
    const ends = damaged(
      codec,
      valid[codec.name].map(([, data]) => data).filter((data) => data.length < 5_000),
      DAMAGED
    )
    note(`${codec.name}: ${[...ends].map(([end, n]) => `${end} ${n}`).join(', ')}`)
    assert.ok(ends.get('decoded')! > 100 && ends.get('UNEXPECTED_END')! > 100, JSON.stringify([...ends]))
  })
}

// --- real blocks ---------------------------------------------------------------------------------------------------------------------------------------------

interface NodeTransaction {
  txid: string
  hash: string
  version: number
  locktime: number
  vin: { coinbase?: string; txid?: string; vout?: number; scriptSig?: { hex: string }; txinwitness?: string[]; sequence: number }[]
  vout: { value: number; scriptPubKey: { hex: string } }[]
  hex: string
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')
/** As the RPC has hashes: the bytes in reverse. */
const shown = (data: Uint8Array): string => hex(Uint8Array.from(data).reverse())
const read = (file: string): Uint8Array => Uint8Array.from(Buffer.from(readFileSync(path(VECTORS, file), 'utf8').trim(), 'hex'))

if (!existsSync(VECTORS)) skip('real Bitcoin blocks', `${VECTORS} is not there`)
else {
  for (const name of ['genesis', 'block', '500044', '525343']) {
    test(`block ${name}: as the package reads it, and back`, () => {
      const data = read(`${name}.hex`)
      const value = blockCodec.decode(data) as unknown as { transactions: Transaction[]; tx: CID }
      assert.is(text(value), text(modelOfBlock(reference.BitcoinBlock.decode(data, true))))
      assert.equal(blockCodec.encode(value), data)
      assert.equal(blockCodec.encodeTape(blockCodec.tape(data)), data)
      // each transaction, by itself; a block's value is made of them
      let at = 80 + compact(value.transactions.length).length
      for (const tx of value.transactions) {
        const bytes = txCodec.encode(tx)
        assert.equal(bytes, data.subarray(at, at + bytes.length))
        assert.is(text(txCodec.decode(bytes)), text(tx))
        at += bytes.length
      }
      assert.is(at, data.length)
      assert.equal(blockCodec.links(data).map(String), linksIn(value))
    })
  }

  for (const name of ['genesis', 'block', '500044']) {
    test(`block ${name}: as a full node tells of it`, () => {
      const said = JSON.parse(readFileSync(path(VECTORS, `${name}.json`), 'utf8')) as {
        hash: string
        previousblockhash?: string
        merkleroot: string
        version: number
        time: number
        bits: string
        nonce: number
        tx: NodeTransaction[]
      }
      const data = read(`${name}.hex`)
      const value: any = blockCodec.decode(data)
      assert.is(shown(twice(data.subarray(0, 80))), said.hash)
      assert.is(value.parent === null ? undefined : shown(value.parent.multihash.digest), said.previousblockhash)
      assert.is(shown(value.tx.multihash.digest), said.merkleroot)
      assert.equal([value.version, value.time, value.bits.toString(16), value.nonce], [said.version, said.time, said.bits, said.nonce])
      for (const [i, tx] of (value.transactions as Transaction[]).entries()) {
        const { txid, hash, version, locktime, vin, vout, hex: whole } = said.tx[i]
        assert.is(hex(txCodec.encode(tx)), whole)
        assert.equal([shown(idOf(tx)), shown(twice(txCodec.encode(tx))), tx.version, tx.locktime], [txid, hash, version, locktime])
        for (const [j, input] of tx.vin.entries()) {
          const { coinbase, txid, vout, scriptSig, txinwitness, sequence } = vin[j]
          assert.is(hex(input.scriptSig), coinbase ?? scriptSig?.hex)
          assert.equal([input.sequence, input.tx === null ? undefined : shown(input.tx.multihash.digest)], [sequence, txid])
          if (input.tx !== null) assert.is(input.vout, vout)
          if (txinwitness !== undefined) assert.equal(tx.witness?.[j].map(hex), txinwitness)
        }
        for (const [j, { value, scriptPubKey }] of tx.vout.entries()) {
          assert.equal([Number(value), hex(scriptPubKey)], [Math.round(vout[j].value * 1e8), vout[j].scriptPubKey.hex])
        }
      }
    })
  }

  test('the commitment of block 500044 is that of its coinbase alone', () => {
    const value: any = blockCodec.decode(read('500044.hex'))
    const [coinbase] = value.transactions
    const commitment = commitmentCodec.encode({ witnessMerkleRoot: null, nonce: coinbase.witness[0][0] })
    assert.equal(twice(commitment), coinbase.witnessCommitment.multihash.digest)
  })

  test('the commitment of block 525343, by way of the nodes of its tree', () => {
    const value: any = blockCodec.decode(read('525343.hex'))
    let level: (CID | null)[] = value.transactions.map((tx: Transaction, i: number) => (i === 0 ? null : link(0xb1, twice(txCodec.encode(tx)))))
    while (level.length > 1) {
      level = level.flatMap((left, i) => (i % 2 === 1 ? [] : [link(0xb1, twice(txCodec.encode([left, level[i + 1] ?? left])))]))
    }
    const [coinbase] = value.transactions
    const commitment = commitmentCodec.encode({ witnessMerkleRoot: level[0], nonce: coinbase.witness[0][0] })
    assert.equal(twice(commitment), coinbase.witnessCommitment.multihash.digest)
  })

  test('a bit of a real block: its root tells', () => {
    const data = read('block.hex')
    // of a script in the last transaction
    data[data.length - 20] ^= 1
    assert.is(
      end(() => blockCodec.decode(data)),
      'CHECKSUM 36'
    )
  })
}

test.run()
