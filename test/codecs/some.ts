import { CID } from 'multiformats/cid'

/** Whether the value, or one within it, is so. */
export function some(value: unknown, is: (value: unknown) => boolean): boolean {
  if (is(value)) return true
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || CID.asCID(value) !== null) return false
  return Object.values(value).some((item) => some(item, is))
}
