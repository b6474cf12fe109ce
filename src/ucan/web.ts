/** Keys as WebCrypto has them. Where there is no WebCrypto, as in pages that did not come over HTTPS, or not the algorithm, there are none. */
import type { Curve } from './curve.js'

/** What comes before the 32 bytes of a private key in PKCS #8: RFC 8410, section 7. */
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

/** @param point 32 bytes of Ed25519, 65 bytes, uncompressed, of ECDSA */
export function importPublic(curve: Curve, point: Uint8Array): Promise<CryptoKey | undefined> {
  return attempt(curve, (subtle, web) => subtle.importKey('raw', point as BufferSource, web, false, ['verify']))
}

/** @param point as of `importPublic` */
export function importSecret(curve: Curve, secret: Uint8Array, point: Uint8Array): Promise<CryptoKey | undefined> {
  return attempt(curve, (subtle, web) => {
    if (curve.type === 'Ed25519') {
      const bytes = new Uint8Array(PKCS8.length + secret.length)
      bytes.set(PKCS8)
      bytes.set(secret, PKCS8.length)
      return subtle.importKey('pkcs8', bytes, web, false, ['sign'])
    }
    const jwk = { kty: 'EC', crv: web.namedCurve, x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)), d: base64url(secret) }
    return subtle.importKey('jwk', jwk, web, false, ['sign'])
  })
}

type Import = (subtle: SubtleCrypto, web: NonNullable<Curve['web']>) => Promise<CryptoKey>

async function attempt({ web }: Curve, load: Import): Promise<CryptoKey | undefined> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  if (subtle === undefined || web === undefined) return undefined
  // an engine that does not have the algorithm says so in one of several ways; noble, which then has the key, finds what else may be wrong with it
  return load(subtle, web).catch(() => undefined)
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
