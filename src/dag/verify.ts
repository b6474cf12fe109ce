/** Whether a block is the one that its CID names. CAR readers do not check that, so everything that reads blocks here does. */
import type { CID } from 'multiformats/cid'
import { HostError } from '../codec/errors.js'
import { verify } from '../codec/verify.js'
import { DagError } from './errors.js'

/**
 * Returns if `bytes` hash to the digest in `cid`.
 *
 * @throws DagError `HASH_MISMATCH`; `UNKNOWN_HASH` for a hash function that is not built in
 */
export async function verifyBlock(cid: CID, bytes: Uint8Array): Promise<void> {
  try {
    await verify(cid, bytes)
  } catch (error) {
    if (error instanceof HostError && (error.code === 'HASH_MISMATCH' || error.code === 'UNKNOWN_HASH')) {
      throw new DagError(error.code, error.message, { cid, cause: error })
    }
    throw error
  }
}
