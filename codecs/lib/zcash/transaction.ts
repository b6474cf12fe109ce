/**
 * Transactions to the tape, of version 1 to 5 (protocol specification, 7.1), in the order of the wire:
 *
 * ```
 *  1, 2  version │ vin │ vout │ locktime                                │ 2: JoinSplits
 *  3, 4  version │ group │ vin │ vout │ locktime │ expiryHeight │ 4: Sapling │ JoinSplits │ 4: its signature
 *  5     version │ group │ branch │ locktime │ expiryHeight │ vin │ vout │ Sapling │ Orchard
 * ```
 * What follows an empty list is left out: keys and signatures of JoinSplits, the binding signatures, in version 5 also the balances.
 */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf, skip } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { inputs, integer64, outputs } from '../bitcoin/coins'
import { compact, size } from '../bitcoin/compact'
import { prefixOf } from '../bitcoin/link'
import { key } from '../record/names'
import { actions, joinSplits, outputDescriptions, spends } from './descriptions'
import * as layout from './layout'
import { Field, TX_CODEC } from './names'

/** Entries of the transaction's map so far. */
let entries: u32 = 0

function field(name: Field): void {
  key(name)
  entries++
}

function word(name: Field, p: usize): usize {
  p = need(p, 4)
  field(name)
  tape.uint(load<u32>(p))
  return p + 4
}

function bytes(name: Field, p: usize, n: u32): usize {
  field(name)
  return tape.bytes(p, n)
}

function coins(p: usize): usize {
  field(Field.VIN)
  p = inputs(p, prefixOf(TX_CODEC))
  field(Field.VOUT)
  return outputs(p)
}

/** Puts the transaction at `p` on the tape; answers the position after it. */
export function transaction(p: usize): usize {
  p = need(p, 4)
  const header = load<u32>(p)
  const version = header & 0x7fffffff
  const overwintered = header >>> 31 != 0
  const start = offsetOf(p)
  const map = tape.open(Kind.MAP)
  entries = 0
  field(Field.VERSION)
  tape.uint(version)
  p += 4
  if (overwintered) {
    p = need(p, 4)
    const group = load<u32>(p)
    if (group == 0 || group != layout.groupOf(version)) fail(Code.UNSUPPORTED, start, version)
    p = word(Field.VERSION_GROUP_ID, p)
  }
  if (overwintered && version == 5) {
    p = word(Field.CONSENSUS_BRANCH_ID, p)
    p = word(Field.LOCKTIME, p)
    p = word(Field.EXPIRY_HEIGHT, p)
    p = orchard(sapling5(coins(p)))
  } else {
    p = word(Field.LOCKTIME, coins(p))
    if (overwintered) p = word(Field.EXPIRY_HEIGHT, p)
    const groth = overwintered && version == 4
    let shielded = false
    if (groth) {
      p = sapling4(p)
      shielded = any
    }
    if (version >= 2) p = sprout(p, groth ? layout.PROOF : layout.OLD_PROOF)
    if (shielded) p = bytes(Field.BINDING_SIG_SAPLING, p, layout.SIGNATURE)
  }
  tape.close(map, entries)
  return p
}

function sprout(p: usize, proof: u32): usize {
  p = compact(p)
  const count = size
  field(Field.V_JOIN_SPLIT)
  p = joinSplits(p, count, proof)
  if (count == 0) return p
  p = bytes(Field.JOIN_SPLIT_PUB_KEY, p, layout.POINT)
  return bytes(Field.JOIN_SPLIT_SIG, p, layout.SIGNATURE)
}

/** Whether the last transaction had spends or outputs of Sapling. */
let any: bool = false

function sapling4(p: usize): usize {
  p = need(p, 8)
  const balance = load<u64>(p)
  p = compact(p + 8)
  const spent = size
  const spendsAt = offsetOf(p)
  p = compact(skip(p, <u64>spent * layout.SPEND))
  const made = size
  const outputsAt = offsetOf(p)
  p = skip(p, <u64>made * layout.OUTPUT)
  any = (spent | made) != 0
  field(Field.V_SPENDS_SAPLING)
  spends(spent, spendsAt, 0, 0, 0)
  field(Field.V_OUTPUTS_SAPLING)
  outputDescriptions(made, outputsAt, 0)
  field(Field.VALUE_BALANCE_SAPLING)
  integer64(balance)
  return p
}

function sapling5(p: usize): usize {
  p = compact(p)
  const spent = size
  const spendsAt = offsetOf(p)
  p = compact(skip(p, <u64>spent * layout.SPEND_COMPACT))
  const made = size
  const outputsAt = offsetOf(p)
  p = skip(p, <u64>made * layout.OUTPUT_COMPACT)
  let balance: u64 = 0
  if (spent | made) {
    p = need(p, 8)
    balance = load<u64>(p)
    p += 8
  }
  const anchor = offsetOf(p)
  if (spent) p = skip(p, layout.POINT)
  const proofs = offsetOf(p)
  const signatures = proofs + <u64>spent * layout.PROOF
  const outputProofs = signatures + <u64>spent * layout.SIGNATURE
  p = skip(p, outputProofs + <u64>made * layout.PROOF - proofs)
  field(Field.V_SPENDS_SAPLING)
  spends(spent, spendsAt, anchor, proofs, signatures)
  field(Field.V_OUTPUTS_SAPLING)
  outputDescriptions(made, outputsAt, outputProofs)
  if ((spent | made) == 0) return p
  field(Field.VALUE_BALANCE_SAPLING)
  integer64(balance)
  return bytes(Field.BINDING_SIG_SAPLING, p, layout.SIGNATURE)
}

function orchard(p: usize): usize {
  p = compact(p)
  const count = size
  const actionsAt = offsetOf(p)
  p = skip(p, <u64>count * layout.ACTION)
  if (count == 0) {
    field(Field.V_ACTIONS_ORCHARD)
    actions(0, 0, 0)
    return p
  }
  p = need(p, 9)
  const flags = load<u8>(p)
  const balance = load<u64>(p, 1)
  const anchor = offsetOf(p) + 9
  p = compact(skip(p, 9 + layout.POINT))
  const proofLength = size
  const proofs = offsetOf(p)
  const signatures = proofs + proofLength
  p = skip(p, <u64>proofLength + <u64>count * layout.SIGNATURE)
  field(Field.V_ACTIONS_ORCHARD)
  actions(count, actionsAt, signatures)
  field(Field.FLAGS_ORCHARD)
  tape.uint(flags)
  field(Field.VALUE_BALANCE_ORCHARD)
  integer64(balance)
  field(Field.ANCHOR_ORCHARD)
  tape.bytesAt(anchor, layout.POINT)
  field(Field.PROOFS_ORCHARD)
  tape.bytesAt(proofs, proofLength)
  return bytes(Field.BINDING_SIG_ORCHARD, p, layout.SIGNATURE)
}
