import { Tag } from 'cbor-x'
import { CID } from 'multiformats/cid'

/**
 * Where two values differ, as a path with both sides, or undefined if they are equal: links and bytes by their bytes, −0 apart from 0, BigInt apart from number.
 *
 * `plain` is for references that know nothing of IPLD: on their side a link may be a CBOR tag 42 or `{"/": string}`, and any integer a BigInt.
 */
export function difference(ours: unknown, ref: unknown, plain = false, path = ''): string | undefined {
  const link = CID.asCID(ours)
  const refLink = linkOf(ref, plain)
  if (link !== null || refLink !== null) {
    return link !== null && refLink !== null && sameBytes(link.bytes, refLink.bytes) ? undefined : differs(path, ours, ref)
  }
  if (ours instanceof Uint8Array || ref instanceof Uint8Array) {
    return ours instanceof Uint8Array && ref instanceof Uint8Array && sameBytes(ours, ref) ? undefined : differs(path, ours, ref)
  }
  if (typeof ours !== 'object' || typeof ref !== 'object' || ours === null || ref === null)
    return Object.is(ours, plain ? narrow(ref) : ref) ? undefined : differs(path, ours, ref)
  if (Array.isArray(ours) !== Array.isArray(ref)) return differs(path, ours, ref)
  const keys = Object.keys(ours)
  if (keys.length !== Object.keys(ref).length) return differs(path, ours, ref)
  for (const key of keys) {
    if (!Object.hasOwn(ref, key)) return `${path}/${key}: only in ours`
    const found = difference((ours as Record<string, unknown>)[key], (ref as Record<string, unknown>)[key], plain, `${path}/${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function linkOf(value: unknown, plain: boolean): CID | null {
  if (!plain) return CID.asCID(value)
  if (value instanceof Tag && value.tag === 42) return CID.decode(new Uint8Array(value.value).subarray(1))
  const text = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['/'] : undefined
  return typeof text === 'string' ? CID.parse(text) : null
}

const narrow = (value: unknown): unknown => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value)

const differs = (path: string, ours: unknown, ref: unknown): string => `${path === '' ? '/' : path}: ours ${show(ours)}, theirs ${show(ref)}`

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (CID.asCID(value) !== null) return `a link, ${String(value)}`
  if (typeof value === 'object' && value !== null) return `a map of ${Object.keys(value).length}`
  return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value).slice(0, 60)}`
}
