/**
 * A catalog: which codec decodes which multicodec. As a block it is a map from the multicodec, in decimal, to the CID of the codec's module, so that the catalog's own CID pins
 * them all:
 *
 * ```ipldsch
 * type Catalog {String:&Module}
 * ```
 */
import { CID } from 'multiformats/cid'
import { HostError } from './errors.js'

export type Catalog = ReadonlyMap<number, CID>

/** @param value a decoded block @throws HostError CATALOG */
export function readCatalog(value: unknown): Catalog {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HostError('CATALOG', 'not a map from multicodec to codec')
  const catalog = new Map<number, CID>()
  for (const [key, link] of Object.entries(value)) {
    const code = Number(key)
    const cid = CID.asCID(link)
    if (!Number.isSafeInteger(code) || code < 0 || String(code) !== key) throw new HostError('CATALOG', `key "${key}", expected a multicodec in decimal`)
    if (cid === null) throw new HostError('CATALOG', `multicodec ${key}: expected the CID of a codec`)
    catalog.set(code, cid)
  }
  return catalog
}

/** The form of a catalog that is encoded as a block. */
export function catalogValue(catalog: Catalog): Record<string, CID> {
  return Object.fromEntries([...catalog].sort(([a], [b]) => a - b).map(([code, cid]) => [String(code), cid]))
}
