/** That bytes have the hash that their CID says. */

import { CID } from 'multiformats/cid'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { sha256 } from 'multiformats/hashes/sha2'
import { HostError } from './errors.js'
import { HASHES, KNOWN } from './hash/known.js'

const IDENTITY = 0x00
/** A digest that is cut shorter is found again by trying: 20 bytes are what the ecosystem's verifiers and hashers demand too. */
const MIN_SIZE = 20
/** Nobody needs more of a function that gives any number of bytes. */
const MAX_SIZE = 128

export interface VerifyOptions {
  /** who gave the bytes, for messages */
  from?: string
  /** hash functions besides the known ones; for a code that both have, the one from here */
  hashers?: readonly MultihashHasher[]
}

/**
 * Returns if `bytes` hash to the digest in `cid`. A digest may be cut to its first bytes, no fewer than 20, as the multihash specification allows; SHAKE and BLAKE3 also give longer ones.
 *
 * @example
 * ```ts
 * import { CID } from 'multiformats/cid'
 * import { from } from 'multiformats/hashes/hasher'
 * import { verify } from 'autocodec/codec'
 * // a hash function of one's own
 * const sum = from({ name: 'sum', code: 0x300000, encode: (bytes) => new Uint8Array(20).fill(bytes.reduce((a, b) => a + b, 0)) })
 * const bytes = Uint8Array.of(1, 2, 3)
 * await verify(CID.createV1(0x55, await sum.digest(bytes)), bytes, { hashers: [sum] })
 * ```
 * @throws HostError HASH_MISMATCH; UNKNOWN_HASH, which names the code and what is known; DIGEST_LENGTH for a digest that is too short to prove anything, or longer than the
 * function's
 */
export async function verify(cid: CID, bytes: Uint8Array, { from, hashers = [] }: VerifyOptions = {}): Promise<void> {
  const { code, digest } = cid.multihash
  const own = hashers.find((hasher) => hasher.code === code)
  if (own === undefined && code === IDENTITY) {
    if (!begins(bytes, digest) || bytes.length !== digest.length) throw mismatch(cid, bytes, from, 'are not those of the identity')
    return
  }
  const known = HASHES.get(code)
  if (own === undefined && known === undefined) {
    const extra = hashers.length === 0 ? '' : `, ${hashers.map(({ name }) => name).join(', ')}`
    throw new HostError('UNKNOWN_HASH', `${cid}: hash function 0x${code.toString(16)}, expected one of ${KNOWN}${extra}`)
  }
  const { name, size, extendable } = own === undefined ? known! : { name: own.name, size: digest.length, extendable: false }
  const longest = extendable ? MAX_SIZE : size
  if (digest.length < MIN_SIZE) throw wrongLength(cid, name, `${MIN_SIZE} or more: what is shorter proves nothing`)
  if (digest.length > longest) throw wrongLength(cid, name, `at most ${longest}`)
  const whole = own === undefined ? await (await known!.load())(bytes, Math.max(size, digest.length)) : (await own.digest(bytes)).digest
  if (digest.length > whole.length) throw wrongLength(cid, name, `at most ${whole.length}`)
  if (!begins(whole, digest)) throw mismatch(cid, bytes, from, `have another ${name} hash`)
}

/** The CID of a module: version 1, raw, sha2-256 (docs/abi.md section 1). */
export async function cidOf(module: Uint8Array): Promise<CID> {
  return CID.createV1(0x55, await sha256.digest(module))
}

function begins(whole: Uint8Array, part: Uint8Array): boolean {
  return part.every((byte, i) => byte === whole[i])
}

function wrongLength(cid: CID, name: string, expected: string): HostError {
  return new HostError('DIGEST_LENGTH', `${cid}: a ${name} digest of ${cid.multihash.digest.length} bytes, expected ${expected}`)
}

function mismatch(cid: CID, bytes: Uint8Array, from: string | undefined, how: string): HostError {
  return new HostError('HASH_MISMATCH', `${cid}: ${bytes.length} bytes${from === undefined ? '' : ` from ${from}`} that ${how}`)
}
