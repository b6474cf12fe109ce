/**
 * Transactions to the tape (BIP 144), in the order of the wire:
 *
 * ```
 *  version │ 00 01, with witnesses alone │ vin │ vout │ witnesses, a list for each input │ locktime
 *  4                                                                                       4
 * ```
 */
import { Code, fail } from '../../sdk/fail'
import { need, offsetOf } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { key } from '../record/names'
import { COMMITTED, coinbase, commits, committedAt, inputsOf, integer32, outputs } from './coins'
import { COMMITMENT_CODEC, TX_CODEC } from './codes'
import { compact, size } from './compact'
import { link, prefixOf } from './link'
import { Field } from './names'

/** The first transactions without and with witnesses that have all the keys that others share. */
let firstBare: usize = 0
let firstFull: usize = 0

/** Where the witnesses of the last transaction begin in the input, or 0. */
export let witnessAt: u64 = 0

/** Puts the transaction at `p` on the tape; answers the position after it. */
export function transaction(p: usize): usize {
  p = need(p, 4)
  const map = tape.open(Kind.MAP)
  const version = load<u32>(p)
  p = compact(p + 4)
  let count = size
  let full = false
  // no inputs: what would be the number of outputs is a flag
  if (count == 0) {
    p = need(p, 1)
    const flag = <u32>load<u8>(p)
    if (flag > 1) fail(Code.UNSUPPORTED, offsetOf(p), flag)
    if (flag) {
      full = true
      p = compact(p + 1)
      count = size
    }
  }
  const like = full ? firstFull : firstBare
  const shared: u32 = full ? 5 : 4
  if (!like) key(Field.VERSION)
  integer32(version)
  if (!like) key(Field.VIN)
  p = inputsOf(p, count, prefixOf(TX_CODEC))
  if (!like) key(Field.VOUT)
  p = outputs(p)
  witnessAt = 0
  if (full) {
    if (!like) key(Field.WITNESS)
    p = witnesses(p, count)
  }
  if (!like) key(Field.LOCKTIME)
  p = need(p, 4)
  tape.uint(load<u32>(p))
  const committed = coinbase && commits
  if (committed) {
    key(Field.WITNESS_COMMITMENT)
    link(prefixOf(COMMITMENT_CODEC), COMMITTED, committedAt)
  }
  if (like) {
    tape.closeShared(map, shared + u32(committed), like, shared)
  } else {
    tape.close(map, shared + u32(committed))
    if (full) firstFull = map
    else firstBare = map
  }
  return p + 4
}

/** For each input a list of byte strings. If all are empty, the form without witnesses is the one to use. */
function witnesses(p: usize, count: u32): usize {
  witnessAt = offsetOf(p)
  let superfluous = true
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < count; i++) {
    p = compact(p)
    const items = size
    const stack = tape.open(Kind.LIST)
    for (let j: u32 = 0; j < items; j++) {
      p = compact(p)
      p = tape.bytes(p, size)
    }
    tape.close(stack, items)
    if (items) superfluous = false
  }
  if (superfluous) fail(Code.NON_CANONICAL, witnessAt)
  tape.close(list, count)
  return p
}

/**
 * Whether 64 bytes are a transaction, and not a pair of hashes: they have room for one input and one output, with scripts of four bytes in all, or none and an empty witness.
 * Of real pairs about one in 10^9 looks so by chance.
 */
export function isTransaction(p: usize): bool {
  if (load<u8>(p, 4) == 0) return load<u16>(p, 5) == 0x0101 && load<u8>(p, 43) == 0 && load<u8>(p, 48) == 1 && load<u8>(p, 57) == 0 && load<u16>(p, 58) == 1
  if (load<u8>(p, 4) != 1) return false
  const script = <usize>load<u8>(p, 41)
  return script <= 4 && load<u8>(p + script, 46) == 1 && <usize>load<u8>(p + script, 55) == 4 - script
}
