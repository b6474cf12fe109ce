/** Transactions from the tape. Which fields a transaction has depends on its version, and on which of its lists are empty. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import * as out from '../../sdk/output'
import { RECORD } from '../../sdk/tape'
import { content, count, sized, word, writeInputs, writeOutputs } from '../bitcoin/encode'
import { prefixOf } from '../bitcoin/link'
import { same } from '../bitcoin/merkle'
import { demand, readMap, valueOf } from '../record/fields'
import { expectBytes, int64, listLength, uint32, unsigned } from '../record/values'
import * as layout from './layout'
import { Field, Map, TX_CODEC } from './names'

// @ts-ignore: decorator
@inline function bit(field: Field): u64 { return <u64>1 << field }

const ALWAYS: u64 = bit(Field.VERSION) | bit(Field.VIN) | bit(Field.VOUT) | bit(Field.LOCKTIME)
const OVERWINTER: u64 = bit(Field.VERSION_GROUP_ID) | bit(Field.EXPIRY_HEIGHT)
const SAPLING: u64 = bit(Field.V_SPENDS_SAPLING) | bit(Field.V_OUTPUTS_SAPLING)
const SPROUT_KEYS: u64 = bit(Field.JOIN_SPLIT_PUB_KEY) | bit(Field.JOIN_SPLIT_SIG)
const ORCHARD: u64 = bit(Field.FLAGS_ORCHARD) | bit(Field.VALUE_BALANCE_ORCHARD) | bit(Field.ANCHOR_ORCHARD) | bit(Field.PROOFS_ORCHARD) | bit(Field.BINDING_SIG_ORCHARD)
const EVERY: u64 =
  ALWAYS | OVERWINTER | SAPLING | SPROUT_KEYS | ORCHARD | bit(Field.CONSENSUS_BRANCH_ID) | bit(Field.V_JOIN_SPLIT) | bit(Field.V_ACTIONS_ORCHARD) |
  bit(Field.VALUE_BALANCE_SAPLING) | bit(Field.BINDING_SIG_SAPLING)

const SPEND: u64 = bit(Field.CV) | bit(Field.ANCHOR) | bit(Field.NULLIFIER) | bit(Field.RK) | bit(Field.ZKPROOF) | bit(Field.SPEND_AUTH_SIG)
const NOTE: u64 = bit(Field.EPHEMERAL_KEY) | bit(Field.ENC_CIPHERTEXT) | bit(Field.OUT_CIPHERTEXT)
const OUTPUT: u64 = NOTE | bit(Field.CV) | bit(Field.CMU) | bit(Field.ZKPROOF)
const ACTION: u64 = NOTE | bit(Field.CV) | bit(Field.NULLIFIER) | bit(Field.RK) | bit(Field.CMX) | bit(Field.SPEND_AUTH_SIG)
const JOIN_SPLIT: u64 =
  bit(Field.VPUB_OLD) | bit(Field.VPUB_NEW) | bit(Field.ANCHOR) | bit(Field.NULLIFIERS) | bit(Field.COMMITMENTS) | bit(Field.EPHEMERAL_KEY) |
  bit(Field.RANDOM_SEED) | bit(Field.VMACS) | bit(Field.ZKPROOF) | bit(Field.ENC_CIPHERTEXTS)

/** A field of the transaction. */
// @ts-ignore: decorator
@inline function field(name: Field): usize { return valueOf(Map.TRANSACTION, name) }
/** Items of a list of the transaction's, 0 if it has no such field. */
function items(name: Field): u32 { return field(name) ? listLength(field(name)) : 0 }

/** Writes a transaction, and answers the record after it. */
export function writeTransaction(map: usize): usize {
  const end = readMap(map, Map.TRANSACTION, ALWAYS, EVERY)
  const version = <u32>unsigned(field(Field.VERSION), i32.MAX_VALUE)
  const group = field(Field.VERSION_GROUP_ID)
  if (group && (layout.groupOf(version) == 0 || uint32(group) != layout.groupOf(version))) fail(Code.UNSUPPORTED, node.indexOf(group), version)
  demandFields(map, version, group != 0)
  word(group ? version | 0x80000000 : version)
  if (group) word(uint32(group))
  if (group && version == 5) {
    word(uint32(field(Field.CONSENSUS_BRANCH_ID)))
    word(uint32(field(Field.LOCKTIME)))
    word(uint32(field(Field.EXPIRY_HEIGHT)))
    coins()
    sapling5()
    orchard()
  } else {
    coins()
    word(uint32(field(Field.LOCKTIME)))
    if (group) word(uint32(field(Field.EXPIRY_HEIGHT)))
    const groth = group != 0 && version == 4
    if (groth) sapling4()
    if (version >= 2) sprout(groth ? layout.PROOF : layout.OLD_PROOF)
    if (field(Field.BINDING_SIG_SAPLING)) bytes(field(Field.BINDING_SIG_SAPLING), layout.SIGNATURE)
  }
  return end
}

/** Fails unless the transaction has the fields that its version and lists ask for, and no others. */
function demandFields(map: usize, version: u32, group: bool): void {
  let wanted = ALWAYS
  if (group) wanted |= OVERWINTER
  if (group && version >= 4) {
    wanted |= SAPLING
    const shielded = (items(Field.V_SPENDS_SAPLING) | items(Field.V_OUTPUTS_SAPLING)) != 0
    if (version == 4 || shielded) wanted |= bit(Field.VALUE_BALANCE_SAPLING)
    if (shielded) wanted |= bit(Field.BINDING_SIG_SAPLING)
  }
  if (group && version == 5) {
    wanted |= bit(Field.CONSENSUS_BRANCH_ID) | bit(Field.V_ACTIONS_ORCHARD)
    if (items(Field.V_ACTIONS_ORCHARD)) wanted |= ORCHARD
  } else if (version >= 2) {
    wanted |= bit(Field.V_JOIN_SPLIT)
    if (items(Field.V_JOIN_SPLIT)) wanted |= SPROUT_KEYS
  }
  demand(map, Map.TRANSACTION, wanted)
}

function coins(): void {
  const outputs = field(Field.VOUT)
  writeInputs(field(Field.VIN), prefixOf(TX_CODEC))
  writeOutputs(outputs)
}

function long(x: u64): void {
  store<u64>(out.room(8), x)
  out.wrote(8)
}

function bytes(record: usize, n: u32): void {
  expectBytes(record, n)
  content(record)
}

/** A list of two byte strings. */
function two(record: usize, n: u32): void {
  if (listLength(record) != 2) fail(Code.MALFORMED, node.indexOf(record), node.length(record))
  bytes(record + RECORD, n)
  bytes(record + 2 * RECORD, n)
}

function sprout(proof: u32): void {
  const list = field(Field.V_JOIN_SPLIT)
  const n = listLength(list)
  count(n, list)
  let at = list + RECORD
  for (let i: u32 = 0; i < n; i++) {
    at = readMap(at, Map.JOIN_SPLIT, JOIN_SPLIT, JOIN_SPLIT)
    long(unsigned(valueOf(Map.JOIN_SPLIT, Field.VPUB_OLD), u64.MAX_VALUE))
    long(unsigned(valueOf(Map.JOIN_SPLIT, Field.VPUB_NEW), u64.MAX_VALUE))
    bytes(valueOf(Map.JOIN_SPLIT, Field.ANCHOR), layout.POINT)
    two(valueOf(Map.JOIN_SPLIT, Field.NULLIFIERS), layout.POINT)
    two(valueOf(Map.JOIN_SPLIT, Field.COMMITMENTS), layout.POINT)
    bytes(valueOf(Map.JOIN_SPLIT, Field.EPHEMERAL_KEY), layout.POINT)
    bytes(valueOf(Map.JOIN_SPLIT, Field.RANDOM_SEED), layout.POINT)
    two(valueOf(Map.JOIN_SPLIT, Field.VMACS), layout.POINT)
    bytes(valueOf(Map.JOIN_SPLIT, Field.ZKPROOF), proof)
    two(valueOf(Map.JOIN_SPLIT, Field.ENC_CIPHERTEXTS), layout.JOIN_SPLIT_CIPHERTEXT)
  }
  if (n == 0) return
  bytes(field(Field.JOIN_SPLIT_PUB_KEY), layout.POINT)
  bytes(field(Field.JOIN_SPLIT_SIG), layout.SIGNATURE)
}

// --- Sapling ---------------------------------------------------------------------------------------------------------------------------------------------

function spend(name: Field, n: u32): void { bytes(valueOf(Map.SPEND, name), n) }
function output(name: Field, n: u32): void { bytes(valueOf(Map.OUTPUT_DESCRIPTION, name), n) }

function sapling4(): void {
  const spends = field(Field.V_SPENDS_SAPLING)
  const outputs = field(Field.V_OUTPUTS_SAPLING)
  long(int64(field(Field.VALUE_BALANCE_SAPLING)))
  let n = listLength(spends)
  count(n, spends)
  let at = spends + RECORD
  for (let i: u32 = 0; i < n; i++) {
    at = readMap(at, Map.SPEND, SPEND, SPEND)
    spend(Field.CV, layout.POINT)
    spend(Field.ANCHOR, layout.POINT)
    spend(Field.NULLIFIER, layout.POINT)
    spend(Field.RK, layout.POINT)
    spend(Field.ZKPROOF, layout.PROOF)
    spend(Field.SPEND_AUTH_SIG, layout.SIGNATURE)
  }
  n = listLength(outputs)
  count(n, outputs)
  at = outputs + RECORD
  for (let i: u32 = 0; i < n; i++) {
    at = outputMap(at)
    output(Field.ZKPROOF, layout.PROOF)
  }
}

/** Writes an output but for its proof. */
function outputMap(map: usize): usize {
  const end = readMap(map, Map.OUTPUT_DESCRIPTION, OUTPUT, OUTPUT)
  output(Field.CV, layout.POINT)
  output(Field.CMU, layout.POINT)
  output(Field.EPHEMERAL_KEY, layout.POINT)
  output(Field.ENC_CIPHERTEXT, layout.ENC_CIPHERTEXT)
  output(Field.OUT_CIPHERTEXT, layout.OUT_CIPHERTEXT)
  return end
}

/** One field of every map of a list. */
function each(list: usize, kind: Map, all: u64, name: Field, n: u32): void {
  const items = listLength(list)
  let at = list + RECORD
  for (let i: u32 = 0; i < items; i++) {
    at = readMap(at, kind, all, all)
    bytes(valueOf(kind, name), n)
  }
}

function sapling5(): void {
  const spends = field(Field.V_SPENDS_SAPLING)
  const outputs = field(Field.V_OUTPUTS_SAPLING)
  const spent = listLength(spends)
  const made = listLength(outputs)
  count(spent, spends)
  let anchor: usize = 0
  let at = spends + RECORD
  for (let i: u32 = 0; i < spent; i++) {
    at = readMap(at, Map.SPEND, SPEND, SPEND)
    spend(Field.CV, layout.POINT)
    spend(Field.NULLIFIER, layout.POINT)
    spend(Field.RK, layout.POINT)
    // this version has one anchor for all
    const own = valueOf(Map.SPEND, Field.ANCHOR)
    expectBytes(own, layout.POINT)
    if (anchor == 0) anchor = own
    else if (!same(node.resident(anchor), node.resident(own))) fail(Code.MALFORMED, node.indexOf(own))
  }
  count(made, outputs)
  at = outputs + RECORD
  for (let i: u32 = 0; i < made; i++) at = outputMap(at)
  if (spent | made) long(int64(field(Field.VALUE_BALANCE_SAPLING)))
  if (anchor) bytes(anchor, layout.POINT)
  each(spends, Map.SPEND, SPEND, Field.ZKPROOF, layout.PROOF)
  each(spends, Map.SPEND, SPEND, Field.SPEND_AUTH_SIG, layout.SIGNATURE)
  each(outputs, Map.OUTPUT_DESCRIPTION, OUTPUT, Field.ZKPROOF, layout.PROOF)
  if (spent | made) bytes(field(Field.BINDING_SIG_SAPLING), layout.SIGNATURE)
}

// --- Orchard ---------------------------------------------------------------------------------------------------------------------------------------------

function action(name: Field, n: u32): void { bytes(valueOf(Map.ACTION, name), n) }

function orchard(): void {
  const list = field(Field.V_ACTIONS_ORCHARD)
  const n = listLength(list)
  count(n, list)
  if (n == 0) return
  let at = list + RECORD
  for (let i: u32 = 0; i < n; i++) {
    at = readMap(at, Map.ACTION, ACTION, ACTION)
    action(Field.CV, layout.POINT)
    action(Field.NULLIFIER, layout.POINT)
    action(Field.RK, layout.POINT)
    action(Field.CMX, layout.POINT)
    action(Field.EPHEMERAL_KEY, layout.POINT)
    action(Field.ENC_CIPHERTEXT, layout.ENC_CIPHERTEXT)
    action(Field.OUT_CIPHERTEXT, layout.OUT_CIPHERTEXT)
  }
  out.byte(<u8>unsigned(field(Field.FLAGS_ORCHARD), 255))
  long(int64(field(Field.VALUE_BALANCE_ORCHARD)))
  bytes(field(Field.ANCHOR_ORCHARD), layout.POINT)
  sized(field(Field.PROOFS_ORCHARD))
  each(list, Map.ACTION, ACTION, Field.SPEND_AUTH_SIG, layout.SIGNATURE)
  bytes(field(Field.BINDING_SIG_ORCHARD), layout.SIGNATURE)
}
