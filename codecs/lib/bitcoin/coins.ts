/** Inputs and outputs of transactions to the tape, as all formats that descend from Bitcoin's have them. */
import { need, offsetOf } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { key } from '../record/names'
import { compact, size } from './compact'
import { isNull, linkOrNull } from './link'
import { Field } from './names'

/** What the script of an output begins with that commits to the witnesses of a block (BIP 141), 6 bytes, before the commitment's hash. */
const COMMITMENT: u64 = 0xeda921aa246a
const COMMITMENT_SCRIPT: u32 = 38

/** The first input and the first output, which have the keys that all others share. */
let firstInput: usize = 0
let firstOutput: usize = 0

/** Whether the last transaction's one input spends nothing: a coinbase. */
export let coinbase: bool = false
/** Whether an output of the last coinbase commits to witnesses; the last one that does counts. */
export let commits: bool = false
/** The commitment's hash, and where it stands in the input. */
// @ts-ignore: decorator
@lazy export const COMMITTED: usize = memory.data(32, 16)
export let committedAt: u64 = 0

/** A list of inputs. @param prefix of links to transactions @returns the position after them; `inputCount` is their number */
export function inputs(p: usize, prefix: u64): usize {
  p = compact(p)
  return inputsOf(p, size, prefix)
}

/** As `inputs`, from after their number on. */
export function inputsOf(p: usize, count: u32, prefix: u64): usize {
  const list = tape.open(Kind.LIST)
  coinbase = false
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 41)
    if (count == 1) coinbase = isNull(p)
    const record = tape.open(Kind.MAP)
    const own = firstInput == 0
    if (own) key(Field.TX)
    linkOrNull(prefix, p, offsetOf(p))
    if (own) key(Field.VOUT)
    tape.uint(load<u32>(p, 32))
    p = compact(p + 36)
    if (own) key(Field.SCRIPT_SIG)
    p = need(tape.bytes(p, size), 4)
    if (own) key(Field.SEQUENCE)
    tape.uint(load<u32>(p))
    p += 4
    if (own) {
      firstInput = record
      tape.close(record, 4)
    } else {
      tape.closeShared(record, 4, firstInput, 4)
    }
  }
  tape.close(list, count)
  return p
}

/** A list of outputs. */
export function outputs(p: usize): usize {
  p = compact(p)
  const count = size
  const list = tape.open(Kind.LIST)
  commits = false
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 9)
    const record = tape.open(Kind.MAP)
    const own = firstOutput == 0
    if (own) key(Field.VALUE)
    integer64(load<u64>(p))
    p = compact(p + 8)
    if (own) key(Field.SCRIPT_PUB_KEY)
    if (coinbase && size >= COMMITMENT_SCRIPT) p = commitment(p)
    p = tape.bytes(p, size)
    if (own) {
      firstOutput = record
      tape.close(record, 2)
    } else {
      tape.closeShared(record, 2, firstOutput, 2)
    }
  }
  tape.close(list, count)
  return p
}

/** Looks for a commitment in the script of `size` bytes at `p`. */
function commitment(p: usize): usize {
  p = need(p, COMMITMENT_SCRIPT)
  if (commitmentAt(p, size)) {
    commits = true
    committedAt = offsetOf(p) + 6
    v128.store(COMMITTED, v128.load(p, 6))
    v128.store(COMMITTED, v128.load(p, 22), 16)
  }
  return p
}

/** Whether the script of `n` bytes at `p` commits to witnesses. */
export function commitmentAt(p: usize, n: u32): bool { return n >= COMMITMENT_SCRIPT && (load<u64>(p) ^ COMMITMENT) << 16 == 0 }

/** A signed integer. */
export function integer64(x: u64): void {
  if (<i64>x < 0) tape.negative(~x)
  else tape.uint(x)
}

export function integer32(x: u32): void { integer64(<u64><i64><i32>x) }
