/** Blocks and transactions of Bitcoin and Zcash: names as a full node's RPC has them. */
import { sha256 } from 'multiformats/hashes/sha2'
import type { Node } from '../../ipld/index.js'
import { plain } from '../text.js'
import { type Draw, type Face, SHOWN, type Thing } from './face.js'
import { date, field, integer, link, number, reversedHex, rows, text } from './read.js'

/** A header of Bitcoin; that of Zcash is longer by its solution, and is hashed with it. */
const HEADER = 80
const COIN = 100_000_000n

export const bitcoin: Draw = (thing) => {
  const { node, codec } = thing
  const chain = codec.startsWith('zcash') ? 'Zcash' : 'Bitcoin'
  if (codec.endsWith('-block')) return block(thing, chain)
  if (codec.endsWith('-tx')) return transaction(node, chain)
  return codec === 'bitcoin-witness-commitment' ? witness(node) : undefined
}

async function block({ node, bytes }: Thing, chain: string): Promise<Face | undefined> {
  const time = integer(field(node, 'time', 'timestamp'))
  if (time === undefined) return undefined
  const txs = field(node, 'transactions', 'tx')
  const bits = bitsOf(field(node, 'bits'))
  return {
    title: `${chain} block`,
    rows: rows(
      ['hash', text(field(node, 'hash')) ?? (chain === 'Bitcoin' && bytes.length >= HEADER ? await headerHash(bytes) : undefined)],
      ['version', number(field(node, 'version'))],
      ['time', date(time)],
      ['transactions', txs?.kind === 'list' ? String(txs.length) : number(field(node, 'nTx'))],
      ['tx', link(field(node, 'tx'))],
      ['difficulty', chain === 'Bitcoin' && bits !== undefined ? difficulty(bits) : undefined],
      ['bits', bits === undefined ? undefined : `0x${bits.toString(16).padStart(8, '0')}`],
      ['nonce', number(field(node, 'nonce')) ?? text(field(node, 'nonce'))],
      ['merkle root', text(field(node, 'merkleroot', 'merkleRoot'))],
      ['parent', link(field(node, 'parent')) ?? text(field(node, 'previousblockhash'))]
    )
  }
}

async function headerHash(bytes: Uint8Array): Promise<string> {
  return reversedHex(await sha256.encode(await sha256.encode(bytes.subarray(0, HEADER))))
}

/** A number, or its hexadecimal digits as the RPC has them. */
function bitsOf(node: Node | undefined): bigint | undefined {
  const digits = node?.kind === 'string' ? (node.value() as string) : undefined
  return digits === undefined ? integer(node) : /^[0-9a-f]{1,8}$/i.test(digits) ? BigInt(`0x${digits}`) : undefined
}

/** How many times harder than the easiest target a block was to find. */
function difficulty(bits: bigint): string | undefined {
  const exponent = Number(bits >> 24n)
  const mantissa = Number(bits & 0x7fffffn)
  if (mantissa === 0 || exponent > 32) return undefined
  const value = (0xffff / mantissa) * 256 ** (0x1d - exponent)
  return value >= 1e21 ? value.toPrecision(6) : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 4 : 0 })
}

function transaction(node: Node, chain: string): Face | undefined {
  const left = link(field(node, 'left')) ?? (node.kind === 'list' ? link(node.get(0)) : undefined)
  const right = link(field(node, 'right')) ?? (node.kind === 'list' ? link(node.get(1)) : undefined)
  if (left !== undefined || right !== undefined)
    return { title: `${chain} transactions, a node of their Merkle tree`, rows: rows(['left', left], ['right', right]) }
  const [inputs, outputs] = [field(node, 'vin', 'inputs'), field(node, 'vout', 'outputs')]
  if (inputs?.kind !== 'list' || outputs?.kind !== 'list') return undefined
  const amounts = Array.from(outputs.entries(), ([, output]) => amount(field(output, 'value', 'valueZat', 'valueSat')))
  return {
    title: `${chain} transaction`,
    rows: rows(
      ['txid', text(field(node, 'txid'))],
      ['version', number(field(node, 'version'))],
      ['inputs', String(inputs.length)],
      ['outputs', String(outputs.length)],
      ['lock time', number(field(node, 'locktime', 'lockTime'))],
      ['coinbase', isCoinbase(inputs.get(0)) ? 'yes' : undefined]
    ),
    list: amounts.slice(0, SHOWN).map((text, i) => [`output ${i}`, text ?? '?']),
    more: Math.max(0, amounts.length - SHOWN)
  }
}

/** New coins come from no transaction: the node has `coinbase` for that, or null, or the place of no output. */
function isCoinbase(input: Node | undefined): boolean {
  return field(input, 'coinbase') !== undefined || (integer(field(input, 'vout')) === 0xffffffffn && field(input, 'tx') === undefined)
}

/** In coins: integers are of the smallest unit, floats of the largest. */
function amount(node: Node | undefined): string | undefined {
  if (node?.kind === 'float') return plain(String(node.value()))
  const value = integer(node)
  if (value === undefined) return undefined
  const digits = (value < 0n ? -value : value).toString().padStart(9, '0')
  const fraction = digits.slice(-8).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${(BigInt(digits) / COIN).toString()}${fraction === '' ? '' : `.${fraction}`}`
}

function witness(node: Node): Face | undefined {
  const root = link(field(node, 'witnessMerkleRoot', 'witness_merkle_root')) ?? (node.kind === 'list' ? link(node.get(1)) : undefined)
  return root === undefined ? undefined : { title: 'Bitcoin witness commitment', rows: rows(['witnesses', root]) }
}
