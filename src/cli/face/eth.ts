/** Ethereum: names as in the dag-eth schema (ipld.io/specs/codecs/dag-eth). */
import type { Node } from '../../ipld/index.js'
import { hex } from '../text.js'
import { type Draw, type Face, SHOWN, type Thing } from './face.js'
import { bytes, date, field, integer, link, number, rows, text } from './read.js'

export const eth: Draw = (thing) => {
  const { node, codec } = thing
  switch (codec) {
    case 'eth-block':
      return header(thing)
    case 'eth-block-list':
      return node.kind === 'list'
        ? {
            title: 'Ethereum uncles',
            rows: rows(['headers', String(node.length)]),
            list: Array.from(node.entries(), ([, uncle]) => [number(field(uncle, 'Number')) ?? '?', address(field(uncle, 'Coinbase')) ?? '']).slice(0, SHOWN),
            more: Math.max(0, node.length - SHOWN)
          }
        : undefined
    case 'eth-tx':
      return transaction(node)
    case 'eth-tx-receipt':
      return receipt(node)
    case 'eth-account-snapshot':
      return account(node)
    default:
      return undefined
  }
}

async function header({ node, bytes: block }: Thing): Promise<Face | undefined> {
  const height = number(field(node, 'Number'))
  if (height === undefined || field(node, 'ParentCID', 'Parent') === undefined) return undefined
  const { keccak_256 } = await import('@noble/hashes/sha3.js')
  return {
    title: 'Ethereum block',
    rows: rows(
      ['number', height],
      ['hash', `0x${hex(keccak_256(block))}`],
      ['time', date(integer(field(node, 'Time')))],
      ['by', address(field(node, 'Coinbase'))],
      ['difficulty', number(field(node, 'Difficulty'))],
      ['gas', `${number(field(node, 'GasUsed')) ?? '?'} of ${number(field(node, 'GasLimit')) ?? '?'}`],
      ['base fee', number(field(node, 'BaseFee'))],
      ['extra', text(field(node, 'Extra'), 64)],
      ['parent', link(field(node, 'ParentCID', 'Parent'))],
      ['uncles', link(field(node, 'UnclesCID'))],
      ['state', link(field(node, 'StateRootCID'))],
      ['transactions', link(field(node, 'TxRootCID'))],
      ['receipts', link(field(node, 'RctRootCID'))]
    )
  }
}

const TYPES = ['legacy', 'with access list (EIP-2930)', 'with dynamic fee (EIP-1559)', 'with blobs (EIP-4844)', 'with authorizations (EIP-7702)']

function transaction(node: Node): Face | undefined {
  if (field(node, 'GasLimit') === undefined) return undefined
  return {
    title: 'Ethereum transaction',
    rows: rows(
      ['type', typeOf(node)],
      ['to', address(field(node, 'Recipient', 'To')) ?? 'a new contract'],
      ['amount', wei(field(node, 'Amount', 'Value'))],
      ['nonce', number(field(node, 'AccountNonce', 'Nonce'))],
      ['gas limit', number(field(node, 'GasLimit'))],
      ['gas price', number(field(node, 'GasPrice', 'GasFeeCap'))],
      ['data', size(field(node, 'Data'))]
    )
  }
}

function receipt(node: Node): Face | undefined {
  const used = number(field(node, 'CumulativeGasUsed'))
  const logs = field(node, 'Logs')
  const status = integer(field(node, 'PostStatus', 'Status'))
  if (used === undefined) return undefined
  return {
    title: 'Ethereum receipt',
    rows: rows(
      ['type', typeOf(node)],
      ['status', status === undefined ? undefined : status === 1n ? 'done' : status === 0n ? 'failed' : status.toString()],
      ['gas so far', used],
      ['logs', logs?.kind === 'list' ? String(logs.length) : link(field(node, 'LogRootCID'))]
    )
  }
}

function account(node: Node): Face | undefined {
  const balance = field(node, 'Balance')
  if (balance === undefined) return undefined
  return {
    title: 'Ethereum account',
    rows: rows(
      ['balance', wei(balance)],
      ['nonce', number(field(node, 'Nonce'))],
      ['storage', link(field(node, 'StorageRootCID'))],
      ['code', link(field(node, 'CodeCID'))]
    )
  }
}

function typeOf(node: Node): string | undefined {
  const type = integer(field(node, 'Type', 'TxType'))
  return type === undefined ? undefined : (TYPES[Number(type)] ?? type.toString())
}

function address(node: Node | undefined): string | undefined {
  const found = bytes(node)
  return found?.length === 20 ? `0x${hex(found)}` : undefined
}

function size(node: Node | undefined): string | undefined {
  return node?.kind === 'bytes' ? `${node.length} bytes` : undefined
}

/** In ether, exactly. */
function wei(node: Node | undefined): string | undefined {
  const value = integer(node)
  if (value === undefined) return undefined
  const digits = value.toString().padStart(19, '0')
  const fraction = digits.slice(-18).replace(/0+$/, '')
  return `${digits.slice(0, -18)}${fraction === '' ? '' : `.${fraction}`} ether`
}
