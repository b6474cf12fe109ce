/** Inputs, outputs and transactions from the tape. Nothing is put right on the way: what decoding would refuse is refused. */
import { Code, fail } from '../../sdk/fail'
import { readInput } from '../../sdk/input'
import * as node from '../../sdk/node'
import * as out from '../../sdk/output'
import { Kind, RECORD } from '../../sdk/tape'
import { readMap, valueOf } from '../record/fields'
import { int32, int64, listLength, uint32 } from '../record/values'
import { commitmentAt } from './coins'
import { COMMITMENT_CODEC, TX_CODEC } from './codes'
import { MAX_SIZE, writeCompact } from './compact'
import { HASH, hashOf, isNull, prefixOf, writeHashOrNull } from './link'
import { same } from './merkle'
import { Field, Map } from './names'

// @ts-ignore: decorator
@inline function bit(field: Field): u64 { return <u64>1 << field }

const TRANSACTION: u64 = bit(Field.VERSION) | bit(Field.VIN) | bit(Field.VOUT) | bit(Field.LOCKTIME)
const INPUT: u64 = bit(Field.TX) | bit(Field.VOUT) | bit(Field.SCRIPT_SIG) | bit(Field.SEQUENCE)
const OUTPUT: u64 = bit(Field.VALUE) | bit(Field.SCRIPT_PUB_KEY)

/** All of the output is to be in memory, to be hashed: nothing is passed through. */
let gathered: bool = false
export function gather(): void { gathered = true }

/** Where the witnesses of the last transaction begin in the output, or 0. */
export let witnessHere: usize = 0

/** Whether the last inputs are those of a coinbase. */
let coinbase: bool = false
/** Address of the hash that the last output of the last coinbase to commit to witnesses commits to, or 0. */
let committed: usize = 0
// @ts-ignore: decorator
@lazy const COMMITTED: usize = memory.data(48, 16)

/** A 32-bit integer. */
export function word(x: u32): void {
  store<u32>(out.room(4), x)
  out.wrote(4)
}

/** A compact size; fails with TOO_LARGE, of `record`. */
export function count(n: u32, record: usize): void {
  if (n > MAX_SIZE) fail(Code.TOO_LARGE, node.indexOf(record), n)
  out.wroteTo(writeCompact(out.room(8), n))
}

/** Bytes with their length before them. */
export function sized(record: usize): void {
  node.expect(record, Kind.BYTES)
  const n = node.length(record)
  count(n, record)
  content(record)
}

/** Bytes. */
export function content(record: usize): void {
  if (gathered && node.outside(record)) {
    const n = node.length(record)
    readInput(out.room(n), n, node.inputOffset(record))
    out.wrote(n)
  } else {
    out.content(record)
  }
}

/** Writes a transaction, and answers the record after it. */
export function writeTransaction(map: usize): usize {
  const end = readMap(map, Map.TRANSACTION, TRANSACTION, TRANSACTION | bit(Field.WITNESS) | bit(Field.WITNESS_COMMITMENT))
  const vin = valueOf(Map.TRANSACTION, Field.VIN)
  const vout = valueOf(Map.TRANSACTION, Field.VOUT)
  const witness = valueOf(Map.TRANSACTION, Field.WITNESS)
  const link = valueOf(Map.TRANSACTION, Field.WITNESS_COMMITMENT)
  word(int32(valueOf(Map.TRANSACTION, Field.VERSION)))
  if (witness) {
    store<u16>(out.room(2), 0x0100)
    out.wrote(2)
  } else if (listLength(vin) == 0 && listLength(vout) != 0) {
    // would be read as a flag
    fail(Code.UNSUPPORTED, node.indexOf(vin))
  }
  writeInputs(vin, prefixOf(TX_CODEC))
  writeOutputs(vout)
  witnessHere = 0
  if (witness) witnesses(witness, listLength(vin))
  word(uint32(valueOf(Map.TRANSACTION, Field.LOCKTIME)))
  // what an output says already
  if (link && (!committed || !same(hashOf(link, prefixOf(COMMITMENT_CODEC)), COMMITTED))) fail(Code.CHECKSUM, node.indexOf(link))
  return end
}

export function writeInputs(list: usize, prefix: u64): void {
  const n = listLength(list)
  count(n, list)
  coinbase = false
  let at = list + RECORD
  for (let i: u32 = 0; i < n; i++) {
    const map = at
    at = readMap(map, Map.INPUT, INPUT, INPUT)
    const to = writeHashOrNull(out.room(36), valueOf(Map.INPUT, Field.TX), prefix)
    if (n == 1) coinbase = isNull(to - HASH)
    store<u32>(to, uint32(valueOf(Map.INPUT, Field.VOUT)))
    out.wroteTo(to + 4)
    sized(valueOf(Map.INPUT, Field.SCRIPT_SIG))
    word(uint32(valueOf(Map.INPUT, Field.SEQUENCE)))
  }
}

export function writeOutputs(list: usize): void {
  const n = listLength(list)
  count(n, list)
  committed = 0
  let at = list + RECORD
  for (let i: u32 = 0; i < n; i++) {
    const map = at
    at = readMap(map, Map.OUTPUT, OUTPUT, OUTPUT)
    store<u64>(out.room(8), int64(valueOf(Map.OUTPUT, Field.VALUE)))
    out.wrote(8)
    const script = valueOf(Map.OUTPUT, Field.SCRIPT_PUB_KEY)
    sized(script)
    if (coinbase) findCommitment(script)
  }
}

/** Keeps the hash that the script of a coinbase's output commits to, if it does. */
function findCommitment(script: usize): void {
  const n = node.length(script)
  if (n < 38) return
  let p = COMMITTED
  if (node.outside(script)) readInput(p, 38, node.inputOffset(script))
  else p = node.resident(script)
  if (!commitmentAt(p, n)) return
  const low = v128.load(p, 6)
  const high = v128.load(p, 22)
  v128.store(COMMITTED, low)
  v128.store(COMMITTED, high, 16)
  committed = COMMITTED
}

function witnesses(list: usize, inputs: u32): void {
  node.expect(list, Kind.LIST)
  if (node.length(list) != inputs) fail(Code.MALFORMED, node.indexOf(list), node.length(list))
  witnessHere = out.here()
  let superfluous = true
  let at = list + RECORD
  for (let i: u32 = 0; i < inputs; i++) {
    const items = listLength(at)
    count(items, at)
    if (items) superfluous = false
    at += RECORD
    for (let j: u32 = 0; j < items; j++) {
      sized(at)
      at += RECORD
    }
  }
  if (superfluous) fail(Code.NON_CANONICAL, node.indexOf(list))
}
