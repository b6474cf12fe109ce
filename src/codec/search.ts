/** What is asked when a host does not know a codec: the catalogs that have to be fetched; and what is said when they do not know it either. */
import { CID } from 'multiformats/cid'
import { type Catalog, readCatalog } from './catalog.js'
import { HostError } from './errors.js'
import type { CodecId, Host } from './host.js'
import { multicodecOf, multicodecText } from './multicodec.js'

/** Catalogs that have been read, by host and CID. Their blocks are verified, so they never change; failures are forgotten. */
const read = new WeakMap<Host, Map<string, Catalog>>()

/**
 * The catalogs of a host in their order, each fetched when the loop comes to it.
 *
 * @throws HostError CATALOG for one that cannot be had: to go on to the next would let that one take its place
 */
export async function* catalogsOf(host: Host, signal?: AbortSignal): AsyncGenerator<Catalog> {
  for (const catalog of host.options.catalogs ?? []) yield catalog instanceof Map ? catalog : await loadCatalog(host, catalog as CID, signal)
}

/** @throws HostError CATALOG */
export async function loadCatalog(host: Host, cid: CID, signal?: AbortSignal): Promise<Catalog> {
  const known = read.get(host) ?? new Map<string, Catalog>()
  read.set(host, known)
  const found = known.get(cid.toString())
  if (found !== undefined) return found
  try {
    // only the embedded codecs: a catalog that needs a codec from a catalog would have no end
    const name = CATALOG_CODECS.get(cid.code)
    if (name === undefined) throw new HostError('CATALOG', `it is in multicodec ${multicodecText(cid.code)}, expected dag-cbor or dag-json`)
    const [codec, bytes] = await Promise.all([host.codec(name), host.block(cid, { signal })])
    const catalog = readCatalog(codec.decode(bytes))
    known.set(cid.toString(), catalog)
    return catalog
  } catch (error) {
    signal?.throwIfAborted()
    throw new HostError('CATALOG', `catalog ${cid} cannot be read: ${(error as Error).message}`, error)
  }
}

const CATALOG_CODECS: ReadonlyMap<number, string> = new Map([
  [0x71, 'dag-cbor'],
  [0x129, 'dag-json']
])

/**
 * The module of a codec that the host does not know yet.
 *
 * @throws HostError UNKNOWN_CODEC, which says what was asked and what to do; CATALOG; TypeError for what is no multicodec, name or CID
 */
export async function search(host: Host, id: CodecId, signal?: AbortSignal): Promise<CID> {
  if (typeof id === 'number' ? !Number.isSafeInteger(id) || id < 0 : typeof id !== 'string') {
    if (typeof id === 'number') throw new TypeError(`codec: got ${id}, expected a multicodec, 0 to 2^53 − 1`)
    throw new TypeError(`codec: got ${id === null ? 'null' : typeof id}, expected a multicodec, a name or the CID of a codec`)
  }
  const code = typeof id === 'string' ? multicodecOf(id) : (id as number)
  if (code !== undefined)
    for await (const catalog of catalogsOf(host, signal)) {
      const cid = catalog.get(code)
      // a name stands for its number, and only the codec itself says whether it is of that number
      if (cid !== undefined) return typeof id === 'number' ? cid : (await host.codec(code, { signal })).cid
    }
  throw new HostError('UNKNOWN_CODEC', unknown(host, id as number | string, code))
}

function unknown(host: Host, id: number | string, code: number | undefined): string {
  const what =
    typeof id === 'number' ? `multicodec ${multicodecText(id)}` : `name or CID "${id}"${code === undefined ? '' : `, multicodec 0x${code.toString(16)}`}`
  const known = [...new Set(host.codecs().map(({ manifest }) => manifest.name))].join(', ')
  const catalogs = [
    `embedded ${host.catalog}`,
    ...(host.options.catalogs ?? []).map((catalog) => (catalog instanceof Map ? 'one given as a map' : String(catalog)))
  ]
  const sources = host.sources.map(({ name }) => name).join(', ')
  return (
    `no codec for ${what}; known are ${known}; asked the catalogs ${catalogs.join(', ')}; modules come from ${sources}. ` +
    'If you have its module or the CID of it, "autocodec codec add FILE.wasm" or "autocodec codec add CID --gateway URL" makes it known to the command, host.add(bytes) to a host'
  )
}

/** Whether a text is a CID and not a name. */
export function asCid(id: CodecId): CID | undefined {
  if (typeof id === 'number') return undefined
  if (typeof id !== 'string') return CID.asCID(id) ?? undefined
  try {
    return CID.parse(id)
  } catch {
    return undefined
  }
}
