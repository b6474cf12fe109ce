/**
 * Transaction ids: the double SHA-256 up to version 4; in version 5 the root of a tree of BLAKE2b-256 hashes of what has effects, each with its own personalization (ZIP 244).
 *
 * ```
 *  ZcashTxHash_ + branch
 *  ├─ ZTxIdHeadersHash
 *  ├─ ZTxIdTranspaHash   prevouts, sequences, outputs
 *  ├─ ZTxIdSaplingHash   spends (compact, rest), outputs (compact, memos, rest), balance
 *  └─ ZTxIdOrchardHash   actions (compact, memos, rest), flags, balance, anchor
 * ```
 * The transaction has been decoded before, or has just been written: it is well-formed.
 */
import { compactAt, compactSize } from '../bitcoin/compact'
import { txid as doubleHash } from '../bitcoin/txid'
import { close, open, update } from '../hash/blake2b'
import * as layout from './layout'

const DIGEST: usize = 32
/** What the compact part of a note's ciphertext has, and where its memo ends. */
const COMPACT: usize = 52
const MEMO_END: usize = 564

/** Digests of a level while it is made: of the root, of its children, of theirs. */
// @ts-ignore: decorator
@lazy const LEVELS: usize = memory.data(3 * 160, 16)

/** Writes the id of the transaction of `n` bytes at `p`. */
export function txid(p: usize, n: usize, to: usize): void {
  if (load<u32>(p) == 0x80000005) tree(p, to)
  else doubleHash(p, n, 0, to)
}

/** Begins a hash with a personalization of 16 characters. */
function begin(personal: string): void {
  const from = changetype<usize>(personal)
  const v = i8x16.narrow_i16x8_u(v128.load(from), v128.load(from, 16))
  open(<u32>DIGEST, i64x2.extract_lane(v, 0), i64x2.extract_lane(v, 1))
}

/** The hash of `n` fields of `length` bytes that stand `stride` apart from `p` on. */
function column(personal: string, p: usize, n: u32, stride: usize, length: usize, to: usize): void {
  begin(personal)
  for (let i: u32 = 0; i < n; i++) {
    update(p, length)
    p += stride
  }
  close(to, DIGEST)
}

/** The hash of the `n` digests at `from`, of those of the next level. */
function node(personal: string, from: usize, n: usize, to: usize): void {
  begin(personal)
  update(from, n * DIGEST)
  close(to, DIGEST)
}

function tree(p: usize, to: usize): void {
  const digests = LEVELS
  column('ZTxIdHeadersHash', p, 1, 0, 20, digests)
  let at = transparent(p + 20, digests + DIGEST)
  at = sapling(at, digests + 2 * DIGEST)
  orchard(at, digests + 3 * DIGEST)
  const personal = 'ZcashTxHash_'
  const name = changetype<usize>(personal)
  const v = i8x16.narrow_i16x8_u(v128.load(name), v128.load(name, 16))
  const last = <u64>i32x4.extract_lane(v, 2) & 0xffffffff | <u64>load<u32>(p, 8) << 32
  open(<u32>DIGEST, i64x2.extract_lane(v, 0), last)
  update(digests, 4 * DIGEST)
  close(to, DIGEST)
}

/** The hash over the inputs, whose number stands at `p`, of their outpoints or of their sequences; answers the address after them. */
function inputs(p: usize, personal: string, outpoints: bool, to: usize): usize {
  const n = compactAt(p)
  p += compactSize(p)
  begin(personal)
  for (let i: u32 = 0; i < n; i++) {
    if (outpoints) update(p, 36)
    p += 36
    p += compactSize(p) + <usize>compactAt(p)
    if (!outpoints) update(p, 4)
    p += 4
  }
  close(to, DIGEST)
  return p
}

function transparent(p: usize, to: usize): usize {
  const digests = LEVELS + 160
  inputs(p, 'ZTxIdPrevoutHash', true, digests)
  const outputs = inputs(p, 'ZTxIdSequencHash', false, digests + DIGEST)
  const n = compactAt(outputs)
  const first = outputs + compactSize(outputs)
  let end = first
  for (let i: u32 = 0; i < n; i++) {
    end += 8
    end += compactSize(end) + <usize>compactAt(end)
  }
  column('ZTxIdOutputsHash', first, 1, 0, end - first, digests + 2 * DIGEST)
  node('ZTxIdTranspaHash', digests, compactAt(p) | n ? 3 : 0, to)
  return end
}

function sapling(p: usize, to: usize): usize {
  const spent = compactAt(p)
  const spends = p + compactSize(p)
  p = spends + <usize>spent * layout.SPEND_COMPACT
  const made = compactAt(p)
  const outputs = p + compactSize(p)
  p = outputs + <usize>made * layout.OUTPUT_COMPACT
  const balance = p
  const anchor = p + 8
  if (spent | made) p += 8 + layout.SIGNATURE
  if (spent) p += layout.POINT
  p += <usize>spent * (layout.PROOF + layout.SIGNATURE) + <usize>made * layout.PROOF

  const digests = LEVELS + 160
  const inner = LEVELS + 320
  if (spent) {
    column('ZTxIdSSpendCHash', spends + 32, spent, layout.SPEND_COMPACT, 32, inner)
    begin('ZTxIdSSpendNHash')
    for (let i: u32 = 0; i < spent; i++) {
      const spend = spends + <usize>i * layout.SPEND_COMPACT
      update(spend, 32)
      update(anchor, 32)
      update(spend + 64, 32)
    }
    close(inner + DIGEST, DIGEST)
  }
  node('ZTxIdSSpendsHash', inner, spent ? 2 : 0, digests)
  if (made) {
    // cv, cmu, ephemeralKey, and the ciphertexts
    column('ZTxIdSOutC__Hash', outputs + 32, made, layout.OUTPUT_COMPACT, 64 + COMPACT, inner)
    column('ZTxIdSOutM__Hash', outputs + 96 + COMPACT, made, layout.OUTPUT_COMPACT, MEMO_END - COMPACT, inner + DIGEST)
    begin('ZTxIdSOutN__Hash')
    for (let i: u32 = 0; i < made; i++) {
      const output = outputs + <usize>i * layout.OUTPUT_COMPACT
      update(output, 32)
      update(output + 96 + MEMO_END, layout.OUTPUT_COMPACT - 96 - MEMO_END)
    }
    close(inner + 2 * DIGEST, DIGEST)
  }
  node('ZTxIdSOutputHash', inner, made ? 3 : 0, digests + DIGEST)
  begin('ZTxIdSaplingHash')
  if (spent | made) {
    update(digests, 2 * DIGEST)
    update(balance, 8)
  }
  close(to, DIGEST)
  return p
}

function orchard(p: usize, to: usize): void {
  const n = compactAt(p)
  const actions = p + compactSize(p)
  const digests = LEVELS + 160
  if (n) {
    // cv, nullifier, rk, cmx, ephemeralKey, and the ciphertexts
    begin('ZTxIdOrcActCHash')
    for (let i: u32 = 0; i < n; i++) {
      const action = actions + <usize>i * layout.ACTION
      update(action + 32, 32)
      update(action + 96, 64 + COMPACT)
    }
    close(digests, DIGEST)
    column('ZTxIdOrcActMHash', actions + 160 + COMPACT, n, layout.ACTION, MEMO_END - COMPACT, digests + DIGEST)
    begin('ZTxIdOrcActNHash')
    for (let i: u32 = 0; i < n; i++) {
      const action = actions + <usize>i * layout.ACTION
      update(action, 32)
      update(action + 64, 32)
      update(action + 160 + MEMO_END, layout.ACTION - 160 - MEMO_END)
    }
    close(digests + 2 * DIGEST, DIGEST)
  }
  begin('ZTxIdOrchardHash')
  if (n) {
    update(digests, 3 * DIGEST)
    // flags, balance and anchor
    update(actions + <usize>n * layout.ACTION, 41)
  }
  close(to, DIGEST)
}
