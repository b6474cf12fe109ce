/** Whether a block is the one that its CID names. CAR readers do not check that, so everything that reads blocks here does. */
import type { CID } from 'multiformats/cid'
import { unlike } from '../codec/verify.js'
import { type Check, check } from './check.js'
import { DagError } from './errors.js'

/**
 * Returns if `bytes` hash to the digest in `cid`.
 *
 * @throws DagError `HASH_MISMATCH`; `UNKNOWN_HASH` for a hash function that is not built in
 */
export async function verifyBlock(cid: CID, bytes: Uint8Array): Promise<void> {
  const fault = await faultOf(cid, bytes)
  if (fault !== undefined) throw fault
}

/** What is wrong with a block, undefined if nothing is; a promise only where the check is one, since there are many blocks. */
export function faultOf(cid: CID, bytes: Uint8Array, how: Check = check): DagError | undefined | Promise<DagError | undefined> {
  const right = how(cid, bytes)
  if (right === true) return undefined
  if (typeof right === 'object') return right.then((answer) => (answer === true ? undefined : fault(cid, bytes, answer)))
  return fault(cid, bytes, right)
}

function fault(cid: CID, bytes: Uint8Array, right: false | undefined): DagError {
  const { code, message } = unlike(cid, bytes, right)
  return new DagError(code as 'HASH_MISMATCH' | 'UNKNOWN_HASH', message, { cid })
}
