/** Fields of nodes, whichever of the usual forms they have: undefined where there is none, or one of another kind. */
import { CID } from 'multiformats/cid'
import type { Node } from '../../ipld/index.js'
import { figure, plain, shorten } from '../text.js'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The first of several fields that is there: formats name one thing in several ways. */
export function field(node: Node | undefined, ...names: string[]): Node | undefined {
  if (node?.kind !== 'map') return undefined
  for (const name of names) {
    const found = node.get(name)
    if (found !== undefined && found.kind !== 'null') return found
  }
  return undefined
}

/** Text, or bytes that are most likely text: as it stands, not yet safe for terminals. */
export function rawText(node: Node | undefined): string | undefined {
  if (node?.kind === 'string') return node.value() as string
  return node?.kind === 'bytes' ? utf8.decode(node.value() as Uint8Array) : undefined
}

/** Text for a line of a terminal. */
export function text(node: Node | undefined, most = 200): string | undefined {
  const found = rawText(node)
  return found === undefined ? undefined : plain(shorten(found, most))
}

/** A number: as one, or as bytes, most significant first. */
export function integer(node: Node | undefined): bigint | undefined {
  if (node?.kind === 'integer') return BigInt(node.value() as number | bigint)
  if (node?.kind !== 'bytes' || node.length > 32) return undefined
  return (node.value() as Uint8Array).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

export function bytes(node: Node | undefined): Uint8Array | undefined {
  return node?.kind === 'bytes' ? (node.value() as Uint8Array) : undefined
}

/** Bytes, or the base64url without padding that JOSE writes them in. */
export function binary(node: Node | undefined): Uint8Array | undefined {
  if (node?.kind !== 'string') return bytes(node)
  const text = node.value() as string
  return /^[\w-]*$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : undefined
}

export function link(node: Node | undefined): string | undefined {
  return node?.kind === 'link' ? String(node.value()) : undefined
}

/** A CID in bytes. */
export function cidOf(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : CID.decode(bytes).toString()
  } catch {
    return undefined
  }
}

/** A whole number for people; the digits of a bigger one in full. */
export function number(node: Node | undefined): string | undefined {
  const value = integer(node)
  return value === undefined ? undefined : value.toString().replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `[label, text]` of what is there. */
export function rows(...all: readonly (readonly [label: string, text: string | undefined])[]): [string, string][] {
  return all.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [[label, text] as [string, string]]))
}

/** A time in seconds since 1970; `zone` as `+0130`. Undefined if that is no date of the years 0 to 9999, as where it is in milliseconds. */
export function date(seconds: bigint | number | undefined, zone = ''): string | undefined {
  if (seconds === undefined) return undefined
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? []
  const shift = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60
  const at = new Date((Number(seconds) + shift) * 1000)
  if (!(at.getUTCFullYear() >= 0 && at.getUTCFullYear() <= 9999)) return undefined
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} ${sign === undefined ? 'UTC' : zone}`
}

/** `1,234 bytes` */
export function byteCount(value: bigint | number): string {
  return `${typeof value === 'number' ? figure(value) : value.toString().replace(/\B(?=(\d{3})+$)/g, ',')} byte${value === 1 || value === 1n ? '' : 's'}`
}

/** Bytes most significant last, as Bitcoin writes its hashes, in hexadecimal. */
export function reversedHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .reverse()
    .join('')
}
