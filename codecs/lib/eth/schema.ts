/**
 * The schemas of dag-eth (https://ipld.io/specs/codecs/dag-eth/) as tables: the fields of each list in its order, with what the forks since have added. Decoder and encoder both go by
 * them. A field is one word:
 *
 * ```
 *  0           12        17      22          32
 *  ┌───────────┬─────────┬───────┬───────────┐     argument: the length of FIXED, the codec of LINK,
 *  │ name      │ length  │ type  │ argument  │               the schema of STRUCTS
 *  └───────────┴─────────┴───────┴───────────┘
 * ```
 */
import { Name } from './names'

export const enum Type {
  /** bytes of any length */
  BYTES = 0 << 17,
  /** bytes of one length */
  FIXED = 1 << 17,
  /** a number below 2^64, as an integer */
  UINT = 2 << 17,
  /** a number below 2^256, as its big-endian bytes without leading zeros: dag-eth's BigInt */
  BIG = 3 << 17,
  /** a keccak-256 hash, as a link */
  LINK = 4 << 17,
  /** bytes of one length, or nothing, which is null */
  OPTIONAL = 5 << 17,
  /** a list of bytes of one length */
  LIST = 6 << 17,
  /** a list of lists with fields of their own */
  STRUCTS = 7 << 17,
  /** null in the value, not in the block */
  ABSENT = 8 << 17,
  /** a transaction's type, which stands before the list */
  TYPE = 9 << 17,
  /** a state root of 32 bytes or, since EIP-658, 0 or 1, which the value has in a field of its own; the other one is null */
  POST_STATE = 10 << 17,
  POST_STATUS = 11 << 17
}

// @ts-ignore: decorator
@inline export function nameOffset(field: u32): u32 { return field & 0xfff }
// @ts-ignore: decorator
@inline export function nameLength(field: u32): u32 { return field >> 12 & 31 }
// @ts-ignore: decorator
@inline export function typeOf(field: u32): Type { return field & 31 << 17 }
// @ts-ignore: decorator
@inline export function argument(field: u32): u32 { return field >> 22 }

const enum Arg { HASH = 32 << 22, ADDRESS = 20 << 22, BLOOM = 256 << 22, NONCE = 8 << 22 }
const enum To { RAW = 0x55 << 22, BLOCK = 0x90 << 22, BLOCK_LIST = 0x91 << 22, TX_TRIE = 0x92 << 22, RCT_TRIE = 0x94 << 22, STATE_TRIE = 0x96 << 22, STORAGE_TRIE = 0x98 << 22 }
const enum Of { LOG = 0 << 22, ACCESS = 1 << 22, AUTHORIZATION = 2 << 22 }

// --- blocks ------------------------------------------------------------------------------------------------------------------------------------------------

/** A header: 15 fields at first, and those that EIP-1559, 4895, 4844 (three, with 4788) and 7685 have added. */
// @ts-ignore: decorator
@lazy export const HEADER: usize = memory.data<u32>([
  Name.PARENT_CID | Type.LINK | To.BLOCK,
  Name.UNCLES_CID | Type.LINK | To.BLOCK_LIST,
  Name.COINBASE | Type.FIXED | Arg.ADDRESS,
  Name.STATE_ROOT_CID | Type.LINK | To.STATE_TRIE,
  Name.TX_ROOT_CID | Type.LINK | To.TX_TRIE,
  Name.RCT_ROOT_CID | Type.LINK | To.RCT_TRIE,
  Name.BLOOM | Type.FIXED | Arg.BLOOM,
  Name.DIFFICULTY | Type.BIG,
  Name.NUMBER | Type.UINT,
  Name.GAS_LIMIT | Type.UINT,
  Name.GAS_USED | Type.UINT,
  Name.TIME | Type.UINT,
  Name.EXTRA | Type.BYTES,
  Name.MIX_DIGEST | Type.FIXED | Arg.HASH,
  Name.NONCE | Type.FIXED | Arg.NONCE,
  Name.BASE_FEE | Type.BIG,
  Name.WITHDRAWALS_ROOT | Type.FIXED | Arg.HASH,
  Name.BLOB_GAS_USED | Type.UINT,
  Name.EXCESS_BLOB_GAS | Type.UINT,
  Name.PARENT_BEACON_BLOCK_ROOT | Type.FIXED | Arg.HASH,
  Name.REQUESTS_HASH | Type.FIXED | Arg.HASH
], 4)
export const HEADER_FIELDS: u32 = 21
export const HEADER_LEAST: u32 = 15
export const HEADER_LINKS: usize = 5
/** Bytes that the least header takes at least: its hashes and its filter. */
export const HEADER_SIZE: u64 = 400

// @ts-ignore: decorator
@lazy export const ACCOUNT: usize = memory.data<u32>([
  Name.NONCE | Type.UINT,
  Name.BALANCE | Type.BIG,
  Name.STORAGE_ROOT_CID | Type.LINK | To.STORAGE_TRIE,
  Name.CODE_CID | Type.LINK | To.RAW
], 4)
export const ACCOUNT_FIELDS: u32 = 4

// --- transactions ------------------------------------------------------------------------------------------------------------------------------------------

export const LAST_TYPE: u32 = 4

// @ts-ignore: decorator
@lazy const LEGACY: usize = memory.data<u32>([
  Name.TYPE | Type.TYPE,
  Name.CHAIN_ID | Type.ABSENT,
  Name.ACCOUNT_NONCE | Type.UINT,
  Name.GAS_PRICE | Type.BIG,
  Name.GAS_TIP_CAP | Type.ABSENT,
  Name.GAS_FEE_CAP | Type.ABSENT,
  Name.GAS_LIMIT | Type.UINT,
  Name.RECIPIENT | Type.OPTIONAL | Arg.ADDRESS,
  Name.AMOUNT | Type.BIG,
  Name.DATA | Type.BYTES,
  Name.ACCESS_LIST | Type.ABSENT,
  Name.V | Type.BIG,
  Name.R | Type.BIG,
  Name.S | Type.BIG
], 4)

/** EIP-2930. */
// @ts-ignore: decorator
@lazy const WITH_ACCESS_LIST: usize = memory.data<u32>([
  Name.TYPE | Type.TYPE,
  Name.CHAIN_ID | Type.BIG,
  Name.ACCOUNT_NONCE | Type.UINT,
  Name.GAS_PRICE | Type.BIG,
  Name.GAS_TIP_CAP | Type.ABSENT,
  Name.GAS_FEE_CAP | Type.ABSENT,
  Name.GAS_LIMIT | Type.UINT,
  Name.RECIPIENT | Type.OPTIONAL | Arg.ADDRESS,
  Name.AMOUNT | Type.BIG,
  Name.DATA | Type.BYTES,
  Name.ACCESS_LIST | Type.STRUCTS | Of.ACCESS,
  Name.V | Type.BIG,
  Name.R | Type.BIG,
  Name.S | Type.BIG
], 4)

/** EIP-1559. */
// @ts-ignore: decorator
@lazy const DYNAMIC_FEE: usize = memory.data<u32>([
  Name.TYPE | Type.TYPE,
  Name.CHAIN_ID | Type.BIG,
  Name.ACCOUNT_NONCE | Type.UINT,
  Name.GAS_PRICE | Type.ABSENT,
  Name.GAS_TIP_CAP | Type.BIG,
  Name.GAS_FEE_CAP | Type.BIG,
  Name.GAS_LIMIT | Type.UINT,
  Name.RECIPIENT | Type.OPTIONAL | Arg.ADDRESS,
  Name.AMOUNT | Type.BIG,
  Name.DATA | Type.BYTES,
  Name.ACCESS_LIST | Type.STRUCTS | Of.ACCESS,
  Name.V | Type.BIG,
  Name.R | Type.BIG,
  Name.S | Type.BIG
], 4)

/** EIP-4844. */
// @ts-ignore: decorator
@lazy const BLOB: usize = memory.data<u32>([
  Name.TYPE | Type.TYPE,
  Name.CHAIN_ID | Type.BIG,
  Name.ACCOUNT_NONCE | Type.UINT,
  Name.GAS_PRICE | Type.ABSENT,
  Name.GAS_TIP_CAP | Type.BIG,
  Name.GAS_FEE_CAP | Type.BIG,
  Name.GAS_LIMIT | Type.UINT,
  Name.RECIPIENT | Type.FIXED | Arg.ADDRESS,
  Name.AMOUNT | Type.BIG,
  Name.DATA | Type.BYTES,
  Name.ACCESS_LIST | Type.STRUCTS | Of.ACCESS,
  Name.MAX_FEE_PER_BLOB_GAS | Type.BIG,
  Name.BLOB_VERSIONED_HASHES | Type.LIST | Arg.HASH,
  Name.V | Type.BIG,
  Name.R | Type.BIG,
  Name.S | Type.BIG
], 4)

/** EIP-7702. */
// @ts-ignore: decorator
@lazy const SET_CODE: usize = memory.data<u32>([
  Name.TYPE | Type.TYPE,
  Name.CHAIN_ID | Type.BIG,
  Name.ACCOUNT_NONCE | Type.UINT,
  Name.GAS_PRICE | Type.ABSENT,
  Name.GAS_TIP_CAP | Type.BIG,
  Name.GAS_FEE_CAP | Type.BIG,
  Name.GAS_LIMIT | Type.UINT,
  Name.RECIPIENT | Type.FIXED | Arg.ADDRESS,
  Name.AMOUNT | Type.BIG,
  Name.DATA | Type.BYTES,
  Name.ACCESS_LIST | Type.STRUCTS | Of.ACCESS,
  Name.AUTHORIZATION_LIST | Type.STRUCTS | Of.AUTHORIZATION,
  Name.V | Type.BIG,
  Name.R | Type.BIG,
  Name.S | Type.BIG
], 4)

export function transactionSchema(type: u32): usize {
  return type == 0 ? LEGACY : type == 1 ? WITH_ACCESS_LIST : type == 2 ? DYNAMIC_FEE : type == 3 ? BLOB : SET_CODE
}
export function transactionFields(type: u32): u32 {
  return type == 3 ? 16 : type == 4 ? 15 : 14
}

/** An entry of an access list. */
// @ts-ignore: decorator
@lazy const ACCESS: usize = memory.data<u32>([
  Name.ADDRESS | Type.FIXED | Arg.ADDRESS,
  Name.STORAGE_KEYS | Type.LIST | Arg.HASH
], 4)

// @ts-ignore: decorator
@lazy const AUTHORIZATION: usize = memory.data<u32>([
  Name.CHAIN_ID | Type.BIG,
  Name.ADDRESS | Type.FIXED | Arg.ADDRESS,
  Name.NONCE | Type.UINT,
  Name.V | Type.BIG,
  Name.R | Type.BIG,
  Name.S | Type.BIG
], 4)

// --- receipts ----------------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy export const RECEIPT: usize = memory.data<u32>([
  Name.TYPE | Type.TYPE,
  Name.POST_STATE | Type.POST_STATE,
  Name.POST_STATUS | Type.POST_STATUS,
  Name.CUMULATIVE_GAS_USED | Type.UINT,
  Name.BLOOM | Type.FIXED | Arg.BLOOM,
  Name.LOGS | Type.STRUCTS | Of.LOG
], 4)
export const RECEIPT_FIELDS: u32 = 6

// @ts-ignore: decorator
@lazy export const LOG: usize = memory.data<u32>([
  Name.ADDRESS | Type.FIXED | Arg.ADDRESS,
  Name.TOPICS | Type.LIST | Arg.HASH,
  Name.DATA | Type.BYTES
], 4)
export const LOG_FIELDS: u32 = 3

/** The schema of a list's entries, by the argument of STRUCTS. */
export function entrySchema(entry: u32): usize { return entry == 0 ? LOG : entry == 1 ? ACCESS : AUTHORIZATION }
export function entryFields(entry: u32): u32 { return entry == 0 ? 3 : entry == 1 ? 2 : 6 }

// --- trie nodes --------------------------------------------------------------------------------------------------------------------------------------------

/** The kinds of nodes. */
// @ts-ignore: decorator
@lazy export const KINDS: usize = memory.data<u32>([Name.BRANCH, Name.EXTENSION, Name.LEAF], 4)
export const enum NodeKind { BRANCH, EXTENSION, LEAF }

export const CHILDREN: u32 = 16

/** The fields of a branch. */
// @ts-ignore: decorator
@lazy export const BRANCH: usize = memory.data<u32>([
  Name.CHILD_0, Name.CHILD_1, Name.CHILD_2, Name.CHILD_3, Name.CHILD_4, Name.CHILD_5, Name.CHILD_6, Name.CHILD_7,
  Name.CHILD_8, Name.CHILD_9, Name.CHILD_A, Name.CHILD_B, Name.CHILD_C, Name.CHILD_D, Name.CHILD_E, Name.CHILD_F,
  Name.VALUE
], 4)

/** The fields of an extension. */
// @ts-ignore: decorator
@lazy export const EXTENSION: usize = memory.data<u32>([Name.PARTIAL_PATH, Name.CHILD], 4)

/** The fields of a leaf. */
// @ts-ignore: decorator
@lazy export const LEAF: usize = memory.data<u32>([Name.PARTIAL_PATH, Name.VALUE], 4)

/** What a trie holds, by name: its codec is 0x92, 0x94, 0x96, 0x98 or 0x99. */
// @ts-ignore: decorator
@lazy const CONTENTS: usize = memory.data<u32>([Name.TX, 0, Name.RCT, 0, Name.STATE, 0, Name.STORAGE, Name.LOG], 4)
export const enum Trie { TX = 0x92, RCT = 0x94, STATE = 0x96, STORAGE = 0x98, LOG = 0x99 }

export function contentOf(trie: u32): usize { return CONTENTS + (<usize>(trie - 0x92) << 2) }
