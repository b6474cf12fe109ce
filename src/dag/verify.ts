/** Whether a block is the one that its CID names. CAR readers do not check that, so everything that reads blocks here does. */
import type { CID } from 'multiformats/cid'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { HostError } from '../codec/errors.js'
import { verify } from '../codec/verify.js'
import { DagError, type DagErrorCode } from './errors.js'

/** What a block's own fault may be; anything else that goes wrong is thrown as it is. */
const FAULTS: readonly string[] = ['HASH_MISMATCH', 'UNKNOWN_HASH', 'DIGEST_LENGTH'] satisfies DagErrorCode[]

export interface VerifyBlockOptions {
  /** hash functions besides those that are known */
  readonly hashers?: readonly MultihashHasher[]
}

/**
 * Returns if `bytes` hash to the digest in `cid`: see `verify` of `autocodec/codec`.
 *
 * @throws DagError `HASH_MISMATCH`; `UNKNOWN_HASH` for a hash function that is not known; `DIGEST_LENGTH`
 */
export async function verifyBlock(cid: CID, bytes: Uint8Array, options: VerifyBlockOptions = {}): Promise<void> {
  try {
    await verify(cid, bytes, options)
  } catch (error) {
    if (error instanceof HostError && FAULTS.includes(error.code)) throw new DagError(error.code as DagErrorCode, error.message, { cid, cause: error })
    throw error
  }
}
