import { CID } from 'multiformats/cid'

/** Whether the value, or one within it, is so. */
export function some(value: unknown, is: (value: unknown) => boolean): boolean {
  if (is(value)) return true
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof CID) return false
  return Object.values(value).some((item) => some(item, is))
}

/** A map in which "/" and "bytes" are the same string: multiformats takes it for a CID of another copy of itself. */
export function looksLikeCid(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof CID) return false
  const { '/': slash, bytes } = value as Record<string, unknown>
  return slash !== undefined && slash === bytes
}
