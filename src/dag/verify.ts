/** Whether a block is the one that its CID names. CAR readers do not check that, so everything that reads blocks here does. */
import type { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { DagError } from './errors.js'

const HASHERS: ReadonlyMap<number, MultihashHasher> = new Map<number, MultihashHasher>([identity, sha256, sha512].map((hasher) => [hasher.code, hasher]))

/**
 * Returns if `bytes` hash to the digest in `cid`.
 *
 * @throws DagError `HASH_MISMATCH`; `UNKNOWN_HASH` for all but identity, sha2-256 and sha2-512
 */
export async function verifyBlock(cid: CID, bytes: Uint8Array): Promise<void> {
  const { code, digest: expected } = cid.multihash
  const hasher = HASHERS.get(code)
  if (hasher === undefined) {
    const known = [...HASHERS.values()].map(({ name }) => name).join(', ')
    throw new DagError('UNKNOWN_HASH', `${cid} has the hash function 0x${code.toString(16)}, which cannot be verified here: only ${known} can`, { cid })
  }
  const { digest } = await hasher.digest(bytes)
  if (!same(digest, expected)) {
    throw new DagError('HASH_MISMATCH', `${cid} is not the CID of its ${bytes.length} bytes: they hash to ${hex(digest)}, the CID says ${hex(expected)}`, { cid })
  }
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}

/** Enough of a digest to compare by eye: an identity digest is as long as its block. */
function hex(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length > 8 ? `${start}…` : start
}
