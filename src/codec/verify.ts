/** That bytes have the hash that their CID says. */

import { equals } from 'multiformats/bytes'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { HostError } from './errors.js'

const HASHERS: ReadonlyMap<number, MultihashHasher> = new Map<number, MultihashHasher>([sha256, sha512, identity].map((hasher) => [hasher.code, hasher]))

/** @throws HostError HASH_MISMATCH, UNKNOWN_HASH */
export async function verify(cid: CID, bytes: Uint8Array, from?: string): Promise<void> {
  const hasher = HASHERS.get(cid.multihash.code)
  if (hasher === undefined) {
    throw new HostError(
      'UNKNOWN_HASH',
      `${cid}: hash function 0x${cid.multihash.code.toString(16)}, expected one of ${[...HASHERS.values()].map((h) => h.name).join(', ')}`
    )
  }
  const { digest } = await hasher.digest(bytes)
  if (!equals(digest, cid.multihash.digest)) {
    throw new HostError('HASH_MISMATCH', `${cid}: ${bytes.length} bytes${from === undefined ? '' : ` from ${from}`} that have another ${hasher.name} hash`)
  }
}

/** The CID of a module: version 1, raw, sha2-256 (docs/abi.md section 1). */
export async function cidOf(module: Uint8Array): Promise<CID> {
  return CID.createV1(0x55, await sha256.digest(module))
}
