/** Blocks of chains: a Bitcoin block of 1.3 MB made here, a real one where it is at hand, and a Zcash block. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BitcoinBlock } from 'bitcoin-block'
import zcash from 'zcash-block'
import { Random } from '../random.js'
import { root } from '../root.js'
import { counts, type Family, type Rival } from './family.js'

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const twice = (bytes: Uint8Array): Uint8Array => sha256(sha256(bytes))

const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]
const compact = (value: number): number[] => (value < 253 ? [value] : [253, value & 255, value >>> 8])

interface Transaction {
  readonly bytes: readonly number[]
  readonly id: Uint8Array
}

/** One to three inputs and outputs; two of three have witnesses, as real ones do. */
function transaction(r: Random, witnesses: boolean): Transaction {
  const segwit = witnesses && r.chance(0.66)
  const inputs = Array.from({ length: r.int(1, 3) }, () => {
    const script = segwit ? new Uint8Array(0) : r.bytes(107)
    return [...r.bytes(32), ...u32(r.int(0, 5)), ...compact(script.length), ...script, ...u32(0xfffffffe)]
  })
  const outputs = Array.from({ length: r.int(1, 3) }, () => {
    const script = r.bytes(r.pick([22, 23, 25, 34]))
    return [...u64(r.int(1000, 2 ** 40)), ...compact(script.length), ...script]
  })
  const body = [...compact(inputs.length), ...inputs.flat(), ...compact(outputs.length), ...outputs.flat()]
  const stacks = inputs.flatMap(() => [2, 71, ...r.bytes(71), 33, ...r.bytes(33)])
  const [version, lock] = [u32(witnesses ? 2 : 1), u32(0)]
  return {
    bytes: segwit ? [...version, 0, 1, ...body, ...stacks, ...lock] : [...version, ...body, ...lock],
    id: twice(Uint8Array.from([...version, ...body, ...lock]))
  }
}

function coinbase(r: Random, version: number): Transaction {
  const script = r.bytes(40)
  const bytes = [
    ...u32(version),
    1,
    ...new Array(32).fill(0),
    ...u32(0xffffffff),
    script.length,
    ...script,
    ...u32(0xffffffff),
    1,
    ...u64(625_000_000),
    25,
    ...r.bytes(25),
    ...u32(0)
  ]
  return { bytes, id: twice(Uint8Array.from(bytes)) }
}

function merkleRoot(ids: readonly Uint8Array[]): Uint8Array {
  let row = ids
  while (row.length > 1) row = Array.from({ length: Math.ceil(row.length / 2) }, (_, i) => twice(Buffer.concat([row[2 * i], row[2 * i + 1] ?? row[2 * i]])))
  return row[0]
}

function block(transactions: readonly Transaction[], header: (root: Uint8Array) => readonly number[]): Uint8Array {
  const parts = transactions.map(({ bytes }) => Uint8Array.from(bytes))
  return new Uint8Array(
    Buffer.concat([Uint8Array.from(header(merkleRoot(transactions.map(({ id }) => id)))), Uint8Array.from(compact(parts.length)), ...parts])
  )
}

/** A block of about so many bytes. */
function bitcoinBlock(size: number): Uint8Array {
  const r = new Random(21)
  const transactions = [coinbase(r, 1)]
  for (let total = 90; total < size; ) {
    const next = transaction(r, true)
    transactions.push(next)
    total += next.bytes.length
  }
  return block(transactions, (root) => [...u32(0x20000000), ...r.bytes(32), ...root, ...u32(1_700_000_000), ...u32(0x17034219), ...u32(12345)])
}

const REAL = join(process.env.AUTOCODEC_VECTORS ?? fileURLToPath(new URL('../shared/vectors', root)), 'bitcoin/525343.hex')

interface Transactions {
  readonly transactions?: readonly unknown[]
}

export const bitcoinFamily: Family = {
  codecs: ['bitcoin-block'],
  rivals: async () => {
    const row = (name: string, bytes: Uint8Array): Rival => {
      const buffer = Buffer.from(bytes)
      return {
        codec: 'bitcoin-block',
        case: name,
        ref: 'bitcoin-block',
        bytes,
        theirs: () => BitcoinBlock.decode(buffer),
        differs: (a, b) => counts('transactions', (a as Transactions).transactions?.length, (b as { tx: readonly unknown[] }).tx.length)
      }
    }
    const rows = [row('whole block of 1.3 MB', bitcoinBlock(1_300_000))]
    if (existsSync(REAL)) rows.push(row('whole block 525343', Uint8Array.from(Buffer.from(readFileSync(REAL, 'utf8').trim(), 'hex'))))
    return rows
  }
}

export const zcashFamily: Family = {
  codecs: ['zcash-block'],
  rivals: async () => {
    const r = new Random(22)
    const transactions = [coinbase(r, 1), ...Array.from({ length: 200 }, () => transaction(r, false))]
    const solution = r.bytes(1344)
    const bytes = block(transactions, (root) => [
      ...u32(4),
      ...r.bytes(32),
      ...root,
      ...new Array(32).fill(0),
      ...u32(1_500_000_000),
      ...u32(0x1d00ffff),
      ...r.bytes(32),
      ...compact(solution.length),
      ...solution
    ])
    const buffer = Buffer.from(bytes)
    return [
      {
        codec: 'zcash-block',
        case: 'whole block of 201 transactions',
        ref: 'zcash-block',
        bytes,
        theirs: () => zcash.decode(buffer),
        differs: (a, b) => counts('transactions', (a as Transactions).transactions?.length, (b as { transactions: readonly unknown[] }).transactions.length)
      }
    ]
  }
}
