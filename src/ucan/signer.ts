/** Whoever can sign as a DID: a private key here, or something elsewhere that has one. */
import { CURVES, type Curve, curveOf, type KeyType, SECRET_LENGTH } from './curve.js'
import { didKey } from './did.js'
import { UcanError } from './errors.js'
import { importSecret } from './web.js'

export interface Signer {
  readonly did: string
  readonly type: KeyType
  /** @returns 64 bytes: R and S of Ed25519, r and s of ECDSA */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** n of P-256 (FIPS 186-4, D.1.2.3) */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The private keys of signers, apart from them: whoever prints a signer shows none. */
const secrets = new WeakMap<Signer, Uint8Array>()

/** @param type default `Ed25519` */
export async function generateSigner(type: KeyType = 'Ed25519'): Promise<Signer> {
  return signerFrom((await curveOf(type).arithmetic()).randomSecret(), type)
}

/**
 * @param secret 32 bytes: the seed of Ed25519 (RFC 8032), the scalar of ECDSA; a copy is kept
 * @throws UcanError `KEY_INVALID`
 */
export async function signerFrom(secret: Uint8Array, type: KeyType = 'Ed25519'): Promise<Signer> {
  const curve = curveOf(type)
  const own = new Uint8Array(secret)
  const arithmetic = await curve.arithmetic()
  if (own.length !== SECRET_LENGTH) throw new UcanError('KEY_INVALID', `a private key of ${own.length} bytes, expected ${SECRET_LENGTH}`)
  if (!arithmetic.isSecret(own)) throw new UcanError('KEY_INVALID', `a private key that is 0 or exceeds the order of ${type}`)
  const publicKey = arithmetic.publicKey(own)
  const key = await importSecret(curve, own, arithmetic.point(publicKey))
  const signer: Signer = {
    did: didKey(curve, publicKey),
    type,
    sign: async (message) => {
      if (key === undefined) return arithmetic.sign(message, own)
      const signature = new Uint8Array(await crypto.subtle.sign(curve.web!, key, message as BufferSource))
      return curve.type === 'P-256' ? low(signature) : signature
    }
  }
  secrets.set(signer, own)
  return Object.freeze(signer)
}

/**
 * A signer's private key behind its multicodec: 34 bytes.
 *
 * @throws TypeError if the signer is not one that was made here
 */
export function exportSigner(signer: Signer): Uint8Array {
  const secret = secrets.get(signer)
  if (secret === undefined) throw new TypeError(`signer: the private key of ${signer.did} is not here`)
  const { secretCode } = curveOf(signer.type)
  return Uint8Array.of(...prefix(secretCode), ...secret)
}

/** The signer that `exportSigner` gave. @throws UcanError `KEY_INVALID` */
export async function importSigner(bytes: Uint8Array): Promise<Signer> {
  const curve = CURVES.find(({ secretCode }) => prefix(secretCode).every((byte, i) => bytes[i] === byte))
  if (curve === undefined) throw new UcanError('KEY_INVALID', `private keys begin with the multicodec of ${known()}; these bytes do not`)
  return signerFrom(bytes.subarray(2), curve.type)
}

const prefix = (code: number): number[] => [(code & 0x7f) | 0x80, code >> 7]

const known = (): string => CURVES.map(({ type, secretCode }: Curve) => `${type} (0x${secretCode.toString(16)})`).join(', ')

/** Of r, s and r, −s, which are both signatures, the one with the lower s. */
function low(signature: Uint8Array): Uint8Array {
  let s = 0n
  for (const byte of signature.subarray(32)) s = (s << 8n) | BigInt(byte)
  if (s <= ORDER >> 1n) return signature
  s = ORDER - s
  for (let i = 63; i >= 32; i--) {
    signature[i] = Number(s & 0xffn)
    s >>= 8n
  }
  return signature
}
