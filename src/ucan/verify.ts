/** Whether a token is signed by its issuer. */

import type { AnyToken } from './decode.js'
import { isDidKey, principal } from './did.js'
import { UcanError } from './errors.js'
import { Recent } from './recent.js'
import { type Verifier, verifierOf } from './verifier.js'

/** The tokens that have been verified last, by CID, so that none is verified twice. Only tokens of did:keys are kept: what other DIDs stand for may change. */
export class Verified {
  readonly #recent: Recent<string, true>

  /** @param size how many it remembers; default 10,000, about 1 MB */
  constructor(size = 10_000) {
    this.#recent = new Recent(size)
  }

  has(token: AnyToken): boolean {
    return this.#recent.get(keyOf(token)) === true
  }

  add(token: AnyToken): void {
    if (isDidKey(token.payload.iss)) this.#recent.set(keyOf(token), true)
  }
}

export interface VerifyOptions {
  /** remembers what has been verified */
  readonly verified?: Verified
  /** finds the keys of DIDs other than did:key; the fragment is still there */
  readonly resolve?: (did: string, signal?: AbortSignal) => Verifier | Promise<Verifier>
  readonly signal?: AbortSignal
}

/**
 * Verifies that a token's signature is its issuer's.
 *
 * @throws UcanError `SIGNATURE_INVALID`, `DID_INVALID`, `DID_UNSUPPORTED`
 */
export async function verifySignature(token: AnyToken, { verified, resolve, signal }: VerifyOptions = {}): Promise<void> {
  signal?.throwIfAborted()
  if (verified?.has(token) === true) return
  const { cid } = token
  const { iss } = token.payload
  const verifier = isDidKey(iss) || resolve === undefined ? await verifierOf(principal(iss)) : await resolve(iss, signal)
  if (verifier.type !== token.type) {
    throw new UcanError('SIGNATURE_INVALID', `${cid}: signed with ${token.type}, and the key of ${iss} is of ${verifier.type}`, { cid })
  }
  if (!(await verifier.verify(token.signed, token.signature))) throw new UcanError('SIGNATURE_INVALID', `${cid}: the signature is not that of ${iss}`, { cid })
  verified?.add(token)
}

/** The digest as text: cheaper than the CID's. */
function keyOf({ cid }: AnyToken): string {
  return String.fromCharCode(...cid.multihash.digest)
}
