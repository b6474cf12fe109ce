/** Whoever can tell whether a signature is by a DID. */
import type { Curve, KeyType } from './curve.js'
import { SIGNATURE_LENGTH } from './curve.js'
import { didKey, publicKeyOf } from './did.js'
import { UcanError } from './errors.js'
import { Recent } from './recent.js'
import { importPublic } from './web.js'

export interface Verifier {
  readonly did: string
  readonly type: KeyType
  /** @param signature 64 bytes: R and S of Ed25519, r and s of ECDSA */
  verify(message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

/** Verifiers that were used last, since a key is imported for far more than it takes to find it here. */
const recent = new Recent<string, Promise<Verifier>>(256)

/**
 * The verifier of a did:key.
 *
 * @throws UcanError `DID_INVALID` if the key is none, `DID_UNSUPPORTED` for other methods and keys
 */
export function verifierOf(did: string): Promise<Verifier> {
  const known = recent.get(did)
  if (known !== undefined) return known
  const made = makeVerifier(did)
  recent.set(did, made)
  return made
}

async function makeVerifier(did: string): Promise<Verifier> {
  const { curve, bytes } = publicKeyOf(did)
  const verify = await verification(curve, bytes)
  return {
    did: didKey(curve, bytes),
    type: curve.type,
    verify: async (message, signature) => signature.length === SIGNATURE_LENGTH && (await verify(message, signature))
  }
}

async function verification(curve: Curve, publicKey: Uint8Array): Promise<Verifier['verify']> {
  let point = publicKey
  if (curve.type !== 'Ed25519') {
    try {
      point = (await curve.arithmetic()).point(publicKey)
    } catch (cause) {
      throw new UcanError('DID_INVALID', `${didKey(curve, publicKey)}: no point of ${curve.type}`, { cause })
    }
  }
  const key = await importPublic(curve, point)
  if (key !== undefined) return (message, signature) => crypto.subtle.verify(curve.web!, key, signature as BufferSource, message as BufferSource)
  const { verify } = await curve.arithmetic()
  return async (message, signature) => {
    try {
      return verify(signature, message, publicKey)
    } catch {
      // noble throws for some of what is no signature
      return false
    }
  }
}
