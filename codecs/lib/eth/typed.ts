/** Transactions and receipts, typed or not (EIP-2718): a type byte and a list, or a list, which is type 0. */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf } from '../../sdk/input'
import * as node from '../../sdk/node'
import { Kind } from '../../sdk/tape'
import { blockHead, isList, size } from '../rlp/head'
import * as plan from '../rlp/plan'
import { listHead, setTransactionType, struct } from './decode'
import { find, struct as planStruct } from './encode'
import { Name } from './names'
import { LAST_TYPE, RECEIPT, RECEIPT_FIELDS, transactionFields, transactionSchema } from './schema'

/** A transaction that takes all from `p` to `end`. @param whole it is the whole block */
export function transaction(p: usize, end: u64, whole: bool): usize {
  p = envelope(p, end, whole)
  return struct(p, offsetOf(p) + size, transactionSchema(type), transactionFields(type))
}

/** A receipt that takes all from `p` to `end`. @param whole it is the whole block */
export function receipt(p: usize, end: u64, whole: bool): usize {
  p = envelope(p, end, whole)
  return struct(p, offsetOf(p) + size, RECEIPT, RECEIPT_FIELDS)
}

/** Of the envelope that was read last. */
let type: u32 = 0

/** Reads the type and the head of the list. */
function envelope(p: usize, end: u64, whole: bool): usize {
  p = need(p, 1)
  type = load<u8>(p)
  if (type >= 0xc0) {
    type = 0
  } else {
    if (type - 1 >= LAST_TYPE) fail(type < 0x80 ? Code.UNSUPPORTED : Code.MALFORMED, offsetOf(p), type)
    p++
  }
  setTransactionType(type)
  const at = offsetOf(p)
  if (whole) {
    p = blockHead(p)
    if (!isList) fail(Code.MALFORMED, at)
  } else {
    p = listHead(p, end)
  }
  const last = offsetOf(p) + size
  if (last != end) fail(Code.TRAILING_BYTES, last)
  return p
}

export function planTransaction(map: usize): void {
  planType(map)
  planStruct(map, transactionSchema(type), transactionFields(type))
}

export function planReceipt(map: usize): void {
  planType(map)
  planStruct(map, RECEIPT, RECEIPT_FIELDS)
}

/** Plans the type byte, if there is one. */
function planType(map: usize): void {
  const value = find(map, Name.TYPE)
  if (!value) fail(Code.MISSING_FIELD, node.indexOf(map))
  node.expect(value, Kind.UINT)
  const n = node.integer(value)
  if (n > LAST_TYPE) fail(Code.UNSUPPORTED, node.indexOf(value), <u32>n)
  type = <u32>n
  if (type) plan.raw(type)
}
