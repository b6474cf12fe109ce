/**
 * The envelope of all tokens (UCAN 1.0.0, "Envelope"): `[signature, {"h": varsig header, "ucan/…@…": payload}]` in DAG-CBOR, of which the second is what is signed. Bytes are a token
 * only if they are the one encoding of what they say: otherwise one signature would be valid under several CIDs.
 */
import { decode, encode } from '@ipld/dag-cbor'
import { sha256 } from '@noble/hashes/sha2.js'
import type { CID } from 'multiformats/cid'
import { MAX_DEPTH, makeCid } from '../ipld/index.js'
import type { Curve } from './curve.js'
import { curveOf } from './curve.js'
import { shown, UcanError } from './errors.js'
import { tooDeepAt } from './nesting.js'
import type { Signer } from './signer.js'
import { curveOfHeader, hex } from './varsig.js'

type TokenKind = 'delegation' | 'invocation'

/** What is written, and the release candidate that libraries still write. */
const VERSIONS = ['1.0.0', '1.0.0-rc.1'] as const
const PREFIXES: Readonly<Record<TokenKind, string>> = { delegation: 'ucan/dlg@', invocation: 'ucan/inv@' }
const TAG_FORM = /^ucan\/[a-z]+@/

/** Default of the longest token, in bytes: what Bitswap takes for a block. Such a token, of nothing but empty lists, takes a second and 130 MB to read. */
export const MAX_TOKEN = 2 << 20

/** A token, read and not yet verified. */
export interface Envelope {
  readonly kind: TokenKind
  /** `1.0.0` or `1.0.0-rc.1` */
  readonly version: string
  /** the algorithm of the signature, as the header says */
  readonly curve: Curve
  readonly signature: Uint8Array
  /** what is signed, a view of the token */
  readonly signed: Uint8Array
  readonly payload: Readonly<Record<string, unknown>>
  /** a copy of what was given */
  readonly bytes: Uint8Array
  readonly cid: CID
}

/** The CID of a token or task: version 1, DAG-CBOR, sha2-256, of the bytes as they are. */
export function cidOf(bytes: Uint8Array): CID {
  const cid = new Uint8Array(36)
  cid[0] = 1
  cid[1] = 0x71
  cid[2] = 0x12
  cid[3] = 32
  cid.set(sha256(bytes), 4)
  return makeCid(0x71, cid, cid.subarray(2), cid.subarray(4))
}

/** A signed token. @throws TypeError if the payload has what DAG-CBOR has not */
export async function seal(kind: TokenKind, payload: object, signer: Signer): Promise<Uint8Array> {
  let signed: Uint8Array
  try {
    signed = encode({ h: curveOf(signer.type).header, [PREFIXES[kind] + VERSIONS[0]]: payload })
  } catch (cause) {
    throw new TypeError(`the ${kind} cannot be encoded: ${(cause as Error).message}`, { cause })
  }
  const signature = await signer.sign(signed)
  const head = headLength(signature.length)
  const bytes = new Uint8Array(1 + head + signature.length + signed.length)
  bytes.set(encode(signature).subarray(0, head), 1)
  bytes[0] = 0x82
  bytes.set(signature, 1 + head)
  bytes.set(signed, 1 + head + signature.length)
  return bytes
}

/**
 * @param own it has just been sealed here, so that it is the one encoding of what it says
 * @throws UcanError `TOKEN_MALFORMED`, `TOKEN_NOT_CANONICAL`, `TOKEN_VERSION`, `TOKEN_SIZE`
 */
export function open(given: Uint8Array, maxBytes = MAX_TOKEN, own = false): Envelope {
  if (given.length > maxBytes) throw new UcanError('TOKEN_SIZE', `a token of ${given.length} bytes, expected at most ${maxBytes}`)
  const bytes = new Uint8Array(given)
  const value = decodeStrictly(bytes, own)
  if (!Array.isArray(value) || value.length !== 2) throw new UcanError('TOKEN_MALFORMED', `${shown(value)}, expected a list of signature and payload`)
  const [signature, sp] = value as [unknown, unknown]
  if (!(signature instanceof Uint8Array)) throw new UcanError('TOKEN_MALFORMED', `byte 1: the signature is ${shown(signature)}, expected bytes`, { offset: 1 })
  const offset = 1 + headLength(signature.length) + signature.length
  if (!isMap(sp)) throw new UcanError('TOKEN_MALFORMED', `byte ${offset}: ${shown(sp)}, expected a map of header and payload`, { offset })
  const keys = Object.keys(sp)
  if (!(sp.h instanceof Uint8Array) || keys.length !== 2) {
    throw new UcanError('TOKEN_MALFORMED', `byte ${offset}: a map of ${keys.map(shown).join(', ') || 'nothing'}, expected "h", with bytes, and a tag`, {
      offset
    })
  }
  const curve = curveOfHeader(sp.h)
  if (curve === undefined) throw new UcanError('TOKEN_VERSION', `byte ${offset}: a varsig header ${hex(sp.h.subarray(0, 16))} that is not known`, { offset })
  const tag = keys[0] === 'h' ? keys[1] : keys[0]
  const [kind, version] = readTag(tag, offset)
  const payload = sp[tag]
  if (!isMap(payload)) throw new UcanError('TOKEN_MALFORMED', `byte ${offset}: the payload is ${shown(payload)}, expected a map`, { offset })
  return { kind, version, curve, signature, signed: bytes.subarray(offset), payload, bytes, cid: cidOf(bytes) }
}

function readTag(tag: string, offset: number): [TokenKind, string] {
  for (const kind of ['delegation', 'invocation'] as const) {
    const version = tag.startsWith(PREFIXES[kind]) ? tag.slice(PREFIXES[kind].length) : undefined
    if (VERSIONS.some((known) => known === version)) return [kind, version as string]
  }
  const expected = `expected ${PREFIXES.delegation} or ${PREFIXES.invocation} and a version of ${VERSIONS.join(' or ')}`
  throw new UcanError(TAG_FORM.test(tag) ? 'TOKEN_VERSION' : 'TOKEN_MALFORMED', `byte ${offset}: the tag ${shown(tag)}, ${expected}`, { offset })
}

/** The value of bytes that are its one encoding. `@ipld/dag-cbor` alone takes 0xf7 for null, keys in any order, and 1.0 for 1. */
function decodeStrictly(bytes: Uint8Array, own: boolean): unknown {
  const deep = tooDeepAt(bytes, MAX_DEPTH)
  if (deep !== -1) throw new UcanError('TOKEN_MALFORMED', `byte ${deep}: nested deeper than ${MAX_DEPTH}`, { offset: deep })
  let value: unknown
  let again: Uint8Array
  try {
    value = decode(bytes)
    if (own) return value
    again = encode(value)
  } catch (cause) {
    throw new UcanError('TOKEN_MALFORMED', `not DAG-CBOR: ${(cause as Error).message}`, { cause })
  }
  const end = Math.min(bytes.length, again.length)
  let at = 0
  while (at < end && bytes[at] === again[at]) at++
  if (at === bytes.length && at === again.length) return value
  const byte = (of: Uint8Array): string => (at < of.length ? `0x${hex(of.subarray(at, at + 1))}` : 'the end')
  throw new UcanError('TOKEN_NOT_CANONICAL', `byte ${at}: got ${byte(bytes)}, expected ${byte(again)}, the one encoding of what the token says`, { offset: at })
}

/** Bytes of the head of a byte string. */
function headLength(length: number): number {
  return length < 24 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5
}

/** A map of the data model: no list, bytes or CID. */
export function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
