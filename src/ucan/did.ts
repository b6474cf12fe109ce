/** DIDs: their form, and the public keys that those of the method `key` are. */
import { base58btc } from 'multiformats/bases/base58'
import { CURVES, type Curve } from './curve.js'
import { shown, UcanError } from './errors.js'
import { hex } from './varsig.js'

/** W3C DID core, section 3.1, with an optional fragment: the forms that tokens may have. */
const FORM = /^did:[a-z0-9]+:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})(?:#[A-Za-z0-9._~:@!$&'()*+,;=/?%-]+)?$/
const KEY = 'did:key:'
const MAX_LENGTH = 2048
/** of the text of a key; the longest that is known has 49, and base58 takes the square of the length */
const MAX_KEY = 128

/** y of the points of Ed25519 with a small order, the sign taken off: a signature by such a key is one of any message */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'
])

interface PublicKey {
  readonly curve: Curve
  /** as in the DID: 32 bytes, or 33 compressed */
  readonly bytes: Uint8Array
}

export function isDid(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && FORM.test(value)
}

/** Without the fragment, which says only which of a DID's keys has signed. */
export function principal(did: string): string {
  const at = did.indexOf('#')
  return at === -1 ? did : did.slice(0, at)
}

export function isDidKey(did: string): boolean {
  return did.startsWith(KEY)
}

/** The did:key of a public key. @param bytes 32 bytes of Ed25519, 33 bytes, compressed, of the others */
export function didKey(curve: Curve, bytes: Uint8Array): string {
  const prefix = curve.code < 0x4000 ? [(curve.code & 0x7f) | 0x80, curve.code >> 7] : []
  const tagged = new Uint8Array(prefix.length + bytes.length)
  tagged.set(prefix)
  tagged.set(bytes, prefix.length)
  return KEY + base58btc.encode(tagged)
}

/**
 * The public key that a did:key is.
 *
 * @throws UcanError `DID_INVALID`, `DID_UNSUPPORTED`
 */
export function publicKeyOf(did: string): PublicKey {
  if (!isDid(did)) throw new UcanError('DID_INVALID', `${shown(did)}, expected a DID`)
  if (!isDidKey(did)) throw new UcanError('DID_UNSUPPORTED', `${did}: expected a did:key, or a way to resolve others`)
  const text = principal(did).slice(KEY.length)
  if (text.length > MAX_KEY) throw new UcanError('DID_UNSUPPORTED', `${shown(did)}: a key of ${text.length} characters, expected at most ${MAX_KEY}`)
  let tagged: Uint8Array
  try {
    tagged = base58btc.decode(text)
  } catch (cause) {
    throw new UcanError('DID_INVALID', `${did}: not in base58btc`, { cause })
  }
  const curve = CURVES.find(({ code }) => tagged[0] === ((code & 0x7f) | 0x80) && tagged[1] === code >> 7)
  if (curve === undefined) {
    const known = CURVES.map(({ type, code }) => `${type} (0x${code.toString(16)})`).join(', ')
    throw new UcanError('DID_UNSUPPORTED', `${did}: its key begins with the bytes ${hex(tagged.subarray(0, 2))}, expected one of ${known}`)
  }
  const bytes = tagged.subarray(2)
  if (bytes.length !== curve.publicLength) {
    throw new UcanError('DID_INVALID', `${did}: a ${curve.type} key of ${bytes.length} bytes, expected ${curve.publicLength}`)
  }
  if (curve.type === 'Ed25519') checkPoint(did, bytes)
  else if (bytes[0] !== 2 && bytes[0] !== 3) throw new UcanError('DID_INVALID', `${did}: a point that begins with ${bytes[0]}, expected 2 or 3, compressed`)
  return { curve, bytes }
}

/** Engines differ in what they make of keys of a small order, and of those not in their one form. So they are none. */
function checkPoint(did: string, bytes: Uint8Array): void {
  const y = bytes.slice()
  y[31] &= 0x7f
  if (SMALL_ORDER.has(hex(y))) throw new UcanError('DID_INVALID', `${did}: a point of small order`)
  if (y[31] === 0x7f && y[0] >= 0xed && y.subarray(1, 31).every((byte) => byte === 0xff)) {
    throw new UcanError('DID_INVALID', `${did}: a coordinate that exceeds the field`)
  }
}
