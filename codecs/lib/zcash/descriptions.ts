/** Descriptions of shielded transfers to the tape. All of their fields are of fixed size: they are ranges of the input, and only their numbers are read. */
import { need, offsetOf, skip } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { Kind } from '../../sdk/tape'
import { key } from '../record/names'
import * as layout from './layout'
import { Field } from './names'

/** The first of each, which has the keys that all others share. */
let firstSpend: usize = 0
let firstOutput: usize = 0
let firstJoinSplit: usize = 0
let firstAction: usize = 0

/** Whether the map that is being written has its own keys, and the offset of its next field. */
let own: bool = false
let at: u64 = 0

function bytes(field: Field, n: u32): void {
  if (own) key(field)
  tape.bytesAt(at, n)
  at += n
}

/** Two byte strings of `n` bytes, as a list. */
function two(field: Field, n: u32): void {
  if (own) key(field)
  const list = tape.open(Kind.LIST)
  tape.bytesAt(at, n)
  tape.bytesAt(at + n, n)
  tape.close(list, 2)
  at += 2 * n
}

/** Closes a map of `count` entries; answers the map whose keys the next one shares. */
function close(map: usize, count: u32, first: usize): usize {
  if (!own) {
    tape.closeShared(map, count, first, count)
    return first
  }
  tape.close(map, count)
  return map
}

/** @param base offset of the first @param anchor offset of the one anchor of all, of version 5; 0 if each has its own, and its proof and signature */
export function spends(count: u32, base: u64, anchor: u64, proofs: u64, signatures: u64): void {
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < count; i++) {
    const map = tape.open(Kind.MAP)
    own = firstSpend == 0
    at = base + <u64>i * (anchor ? layout.SPEND_COMPACT : layout.SPEND)
    bytes(Field.CV, layout.POINT)
    const next = at
    if (anchor) at = anchor
    bytes(Field.ANCHOR, layout.POINT)
    if (anchor) at = next
    bytes(Field.NULLIFIER, layout.POINT)
    bytes(Field.RK, layout.POINT)
    if (anchor) at = proofs + <u64>i * layout.PROOF
    bytes(Field.ZKPROOF, layout.PROOF)
    if (anchor) at = signatures + <u64>i * layout.SIGNATURE
    bytes(Field.SPEND_AUTH_SIG, layout.SIGNATURE)
    firstSpend = close(map, 6, firstSpend)
  }
  tape.close(list, count)
}

/** @param proofs offset of their proofs, of version 5; 0 if each has its own */
export function outputDescriptions(count: u32, base: u64, proofs: u64): void {
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < count; i++) {
    const map = tape.open(Kind.MAP)
    own = firstOutput == 0
    at = base + <u64>i * (proofs ? layout.OUTPUT_COMPACT : layout.OUTPUT)
    bytes(Field.CV, layout.POINT)
    bytes(Field.CMU, layout.POINT)
    bytes(Field.EPHEMERAL_KEY, layout.POINT)
    bytes(Field.ENC_CIPHERTEXT, layout.ENC_CIPHERTEXT)
    bytes(Field.OUT_CIPHERTEXT, layout.OUT_CIPHERTEXT)
    if (proofs) at = proofs + <u64>i * layout.PROOF
    bytes(Field.ZKPROOF, layout.PROOF)
    firstOutput = close(map, 6, firstOutput)
  }
  tape.close(list, count)
}

/** @param proof bytes of a proof @returns the position after them */
export function joinSplits(p: usize, count: u32, proof: u32): usize {
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 16)
    const map = tape.open(Kind.MAP)
    own = firstJoinSplit == 0
    if (own) key(Field.VPUB_OLD)
    tape.uint(load<u64>(p))
    if (own) key(Field.VPUB_NEW)
    tape.uint(load<u64>(p, 8))
    at = offsetOf(p) + 16
    p = skip(p, layout.JOIN_SPLIT + proof)
    bytes(Field.ANCHOR, layout.POINT)
    two(Field.NULLIFIERS, layout.POINT)
    two(Field.COMMITMENTS, layout.POINT)
    bytes(Field.EPHEMERAL_KEY, layout.POINT)
    bytes(Field.RANDOM_SEED, layout.POINT)
    two(Field.VMACS, layout.POINT)
    bytes(Field.ZKPROOF, proof)
    two(Field.ENC_CIPHERTEXTS, layout.JOIN_SPLIT_CIPHERTEXT)
    firstJoinSplit = close(map, 10, firstJoinSplit)
  }
  tape.close(list, count)
  return p
}

export function actions(count: u32, base: u64, signatures: u64): void {
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < count; i++) {
    const map = tape.open(Kind.MAP)
    own = firstAction == 0
    at = base + <u64>i * layout.ACTION
    bytes(Field.CV, layout.POINT)
    bytes(Field.NULLIFIER, layout.POINT)
    bytes(Field.RK, layout.POINT)
    bytes(Field.CMX, layout.POINT)
    bytes(Field.EPHEMERAL_KEY, layout.POINT)
    bytes(Field.ENC_CIPHERTEXT, layout.ENC_CIPHERTEXT)
    bytes(Field.OUT_CIPHERTEXT, layout.OUT_CIPHERTEXT)
    at = signatures + <u64>i * layout.SIGNATURE
    bytes(Field.SPEND_AUTH_SIG, layout.SIGNATURE)
    firstAction = close(map, 8, firstAction)
  }
  tape.close(list, count)
}
