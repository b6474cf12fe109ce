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
  const right = await check(cid, bytes)
  if (right !== true) throw unlike(cid, bytes, right, from)
}

/** Whether bytes have the hash of a CID: at once where the engine can, undefined where the hash function is not known. */
export function check(cid: CID, bytes: Uint8Array): boolean | undefined | Promise<boolean> {
  const hasher = HASHERS.get(cid.multihash.code)
  if (hasher === undefined) return undefined
  const wanted = cid.multihash.digest
  const got = hasher.digest(bytes)
  return 'digest' in got ? equals(got.digest, wanted) : Promise.resolve(got).then(({ digest }) => equals(digest, wanted))
}

/** The error for a check that did not answer true. */
export function unlike(cid: CID, bytes: Uint8Array, right: false | undefined, from?: string): HostError {
  const { code } = cid.multihash
  if (right === undefined) {
    const known = [...HASHERS.values()].map(({ name }) => name).join(', ')
    return new HostError('UNKNOWN_HASH', `${cid}: hash function 0x${code.toString(16)}, expected one of ${known}`)
  }
  const name = HASHERS.get(code)?.name ?? `0x${code.toString(16)}`
  return new HostError('HASH_MISMATCH', `${cid}: ${bytes.length} bytes${from === undefined ? '' : ` from ${from}`} that have another ${name} hash`)
}

/** The CID of a module: version 1, raw, sha2-256 (docs/abi.md section 1). */
export async function cidOf(module: Uint8Array): Promise<CID> {
  return CID.createV1(0x55, await sha256.digest(module))
}
