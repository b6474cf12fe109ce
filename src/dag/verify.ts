/** Whether a block is the one that its CID names. CAR readers do not check that, so everything that reads blocks here does. */
import type { CID } from 'multiformats/cid'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { HostError } from '../codec/errors.js'
import { verify } from '../codec/verify.js'
import { type Check, check } from './check.js'
import { DagError, type DagErrorCode } from './errors.js'

/** What a block's own fault may be; anything else that goes wrong is thrown as it is. */
const FAULTS: readonly string[] = ['HASH_MISMATCH', 'UNKNOWN_HASH', 'DIGEST_LENGTH'] satisfies DagErrorCode[]

export interface VerifyBlockOptions {
  /** hash functions besides those that are known */
  readonly hashers?: readonly MultihashHasher[]
  /** a faster way for some hash functions, as one of the platform's own */
  readonly check?: Check
}

/**
 * Returns if `bytes` hash to the digest in `cid`: see `verify` of `autocodec/codec`.
 *
 * @throws DagError `HASH_MISMATCH`; `UNKNOWN_HASH` for a hash function that is not known; `DIGEST_LENGTH`
 */
export async function verifyBlock(cid: CID, bytes: Uint8Array, options: VerifyBlockOptions = {}): Promise<void> {
  const fault = await faultOf(cid, bytes, options)
  if (fault !== undefined) throw fault
}

/** What is wrong with a block, undefined if nothing is; a promise only where the check is one, since there are many blocks. */
export function faultOf(cid: CID, bytes: Uint8Array, options: VerifyBlockOptions = {}): DagError | undefined | Promise<DagError | undefined> {
  const right = (options.check ?? check)(cid, bytes)
  if (right === true) return undefined
  return typeof right === 'object'
    ? right.then((answer) => (answer === true ? undefined : judge(cid, bytes, answer, options)))
    : judge(cid, bytes, right, options)
}

/** @param right false: the block is wrong, and this says how; undefined: it may be right */
async function judge(cid: CID, bytes: Uint8Array, right: false | undefined, { hashers }: VerifyBlockOptions): Promise<DagError | undefined> {
  try {
    await verify(cid, bytes, { hashers })
  } catch (error) {
    if (isFault(error)) return new DagError(error.code as DagErrorCode, error.message, { cid, cause: error })
    throw error
  }
  return right === undefined ? undefined : new DagError('HASH_MISMATCH', `${cid}: ${bytes.length} bytes that the check refuses`, { cid })
}

/** Whether that is what is wrong with a block, and not with the way to it. */
export function isFault(error: unknown): error is HostError {
  return error instanceof HostError && FAULTS.includes(error.code)
}
