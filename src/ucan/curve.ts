/**
 * The three kinds of keys: their multicodecs, their varsig headers, and who does their arithmetic. That is WebCrypto where the engine has the algorithm, and `@noble/curves`
 * otherwise, which is loaded when it is first needed.
 */

export type KeyType = 'Ed25519' | 'P-256' | 'secp256k1'

/** The arithmetic of `@noble/curves`. Signatures are 64 bytes: R and S of Ed25519, r and s of ECDSA. */
interface Arithmetic {
  randomSecret(): Uint8Array
  isSecret(secret: Uint8Array): boolean
  /** compressed, if of ECDSA */
  publicKey(secret: Uint8Array): Uint8Array
  /** the point that these bytes are, uncompressed if of ECDSA; throws if they are none */
  point(publicKey: Uint8Array): Uint8Array
  sign(message: Uint8Array, secret: Uint8Array): Uint8Array
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
}

export interface Curve {
  readonly type: KeyType
  /** multicodec of public keys, in did:key */
  readonly code: number
  /** multicodec of private keys */
  readonly secretCode: number
  /** bytes of a public key */
  readonly publicLength: number
  /** varsig, version 1: prefix, version, signature algorithm, curve, hash function, DAG-CBOR */
  readonly header: Uint8Array
  /** the algorithm's name and parameters in WebCrypto; none if it has none */
  readonly web?: EcKeyImportParams & EcdsaParams
  arithmetic(): Promise<Arithmetic>
}

export const SIGNATURE_LENGTH = 64
export const SECRET_LENGTH = 32

const VARSIG = [0x34, 0x01]
const EDDSA = [0xed, 0x01]
const ECDSA = [0xec, 0x01]
const SHA2_256 = 0x12
const SHA2_512 = 0x13
const DAG_CBOR = 0x71

const ed25519: Curve = {
  type: 'Ed25519',
  code: 0xed,
  secretCode: 0x1300,
  publicLength: 32,
  header: Uint8Array.of(...VARSIG, ...EDDSA, 0xed, 0x01, SHA2_512, DAG_CBOR),
  web: { name: 'Ed25519', namedCurve: 'Ed25519', hash: 'SHA-512' },
  async arithmetic() {
    const { ed25519 } = await import('@noble/curves/ed25519.js')
    return {
      randomSecret: () => ed25519.utils.randomSecretKey(),
      isSecret: (secret) => secret.length === SECRET_LENGTH,
      publicKey: (secret) => ed25519.getPublicKey(secret),
      point: (publicKey) => ed25519.Point.fromBytes(publicKey).toBytes(),
      sign: (message, secret) => ed25519.sign(message, secret),
      verify: (signature, message, publicKey) => ed25519.verify(signature, message, publicKey, { zip215: false })
    }
  }
}

const p256: Curve = {
  type: 'P-256',
  code: 0x1200,
  secretCode: 0x1306,
  publicLength: 33,
  header: Uint8Array.of(...VARSIG, ...ECDSA, 0x80, 0x24, SHA2_256, DAG_CBOR),
  web: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  async arithmetic() {
    const { p256 } = await import('@noble/curves/nist.js')
    return {
      randomSecret: () => p256.utils.randomSecretKey(),
      isSecret: (secret) => p256.utils.isValidSecretKey(secret),
      publicKey: (secret) => p256.getPublicKey(secret, true),
      point: (publicKey) => p256.Point.fromBytes(publicKey).toBytes(false),
      sign: (message, secret) => p256.sign(message, secret, { lowS: true }),
      // WebCrypto signs with any s, and so do those who use it
      verify: (signature, message, publicKey) => p256.verify(signature, message, publicKey, { lowS: false })
    }
  }
}

const secp256k1: Curve = {
  type: 'secp256k1',
  code: 0xe7,
  secretCode: 0x1301,
  publicLength: 33,
  header: Uint8Array.of(...VARSIG, ...ECDSA, 0xe7, 0x01, SHA2_256, DAG_CBOR),
  async arithmetic() {
    const { secp256k1 } = await import('@noble/curves/secp256k1.js')
    return {
      randomSecret: () => secp256k1.utils.randomSecretKey(),
      isSecret: (secret) => secp256k1.utils.isValidSecretKey(secret),
      publicKey: (secret) => secp256k1.getPublicKey(secret, true),
      point: (publicKey) => secp256k1.Point.fromBytes(publicKey).toBytes(false),
      sign: (message, secret) => secp256k1.sign(message, secret, { lowS: true }),
      // of s and its negative only the lower is a signature, or one payload would have two
      verify: (signature, message, publicKey) => secp256k1.verify(signature, message, publicKey, { lowS: true })
    }
  }
}

export const CURVES: readonly Curve[] = [ed25519, p256, secp256k1]

export function curveOf(type: KeyType): Curve {
  const curve = CURVES.find((curve) => curve.type === type)
  if (curve === undefined) throw new TypeError(`type ${JSON.stringify(type)}, expected ${CURVES.map(({ type }) => `"${type}"`).join(', ')}`)
  return curve
}
