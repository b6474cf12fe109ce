/**
 * A catalog: which codec decodes which multicodec, and which layout has which name. As a block it is a map from the multicodec, in decimal, or the layout's name to the CID of the
 * module, so that the catalog's own CID pins them all:
 *
 * ```ipldsch
 * type Catalog {String:&Module}
 * ```
 */
import { CID } from 'multiformats/cid'
import { HostError } from './errors.js'

export type Catalog = ReadonlyMap<number, CID>

/** The layouts of a catalog, by name. */
export type LayoutCatalog = ReadonlyMap<string, CID>

/** A letter first, so that it is never taken for a multicodec. */
const LAYOUT_NAME = /^[a-z][a-z0-9-]{0,63}$/

/** The codecs. @param value a decoded block @throws HostError CATALOG */
export function readCatalog(value: unknown): Catalog {
  const codecs = new Map<number, CID>()
  for (const [key, cid] of entries(value)) if (!LAYOUT_NAME.test(key)) codecs.set(codeOf(key), cid)
  return codecs
}

/** The layouts. @param value a decoded block @throws HostError CATALOG */
export function readLayouts(value: unknown): LayoutCatalog {
  return new Map(entries(value).filter(([key]) => LAYOUT_NAME.test(key)))
}

/** The form of a catalog that is encoded as a block. */
export function catalogValue(catalog: Catalog, layouts: LayoutCatalog = new Map()): Record<string, CID> {
  const codecs = [...catalog].sort(([a], [b]) => a - b).map(([code, cid]) => [String(code), cid])
  return Object.fromEntries([...codecs, ...[...layouts].sort()])
}

function entries(value: unknown): [key: string, cid: CID][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HostError('CATALOG', 'not a map from multicodecs and names to modules')
  return Object.entries(value).map(([key, link]) => {
    const cid = CID.asCID(link)
    const what = LAYOUT_NAME.test(key) ? `layout ${key}` : `multicodec ${codeOf(key)}`
    if (cid === null) throw new HostError('CATALOG', `${what}: expected the CID of a module`)
    return [key, cid]
  })
}

function codeOf(key: string): number {
  const code = Number(key)
  if (!Number.isSafeInteger(code) || code < 0 || String(code) !== key)
    throw new HostError('CATALOG', `key "${key}", expected a multicodec in decimal or the name of a layout`)
  return code
}
