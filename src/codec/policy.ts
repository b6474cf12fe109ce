/** Whether a codec runs that nobody but the data itself names, and what it may use. */
import type { CID } from 'multiformats/cid'
import type { Codec } from './codec.js'
import { HostError } from './errors.js'
import { type CodecId, createHost, type Host, type LoadOptions } from './host.js'
import type { Limits } from './limits.js'
import { type Manifest, readManifest } from './manifest.js'
import { asCid, catalogsOf, loadCatalog } from './search.js'

/** What `TrustPolicy.data` decides about. */
export interface DataCodec {
  /** the module */
  readonly cid: CID
  /** what the module says of itself; its bytes are verified against the CID, and nothing of it has run */
  readonly manifest: Manifest
  /** bytes of the module */
  readonly size: number
  /** the block that names it */
  readonly namedBy: CID
}

/**
 * Which codecs run that only data names. Those that the host has, by its embedded catalog, its other catalogs, because they were added or because the caller himself asked for
 * them, run whoever names them. For the rest the sandbox bounds what a codec can do to the machine; what is at stake here is whose word is taken for what the data means.
 */
export interface TrustPolicy {
  /** codecs that run though only data names them; or catalogs, for all the codecs in them */
  readonly trusted?: readonly CID[]
  /** what about the rest: 'refuse', the default; 'allow'; or a question. A yes holds as long as the host, a no for this once */
  readonly data?: 'refuse' | 'allow' | ((codec: DataCodec) => boolean | Promise<boolean>)
  /** limits of those that are not trusted, where they differ from the host's own */
  readonly limits?: Partial<Limits>
}

/** Codecs that are not trusted run apart from the host's own: under their own limits, memory reset before every call, and unknown by number or name. */
interface Room {
  readonly host: Promise<Host>
  readonly allowed: Set<string>
  /** questions that have no answer yet: nobody is asked the same thing twice at once */
  readonly asking: Map<string, Promise<boolean>>
}

const rooms = new WeakMap<Host, Room>()

/**
 * A codec that data names. By number or name that can only be one that the host has; by CID it can be any.
 *
 * @throws HostError REFUSED, or as `Host.codec`
 */
export async function codecOfData(host: Host, id: CodecId, { namedBy, signal }: LoadOptions): Promise<Codec> {
  const cid = asCid(id)
  const { data = 'refuse', limits } = host.options.policy ?? {}
  if (cid === undefined || (await trusts(host, cid, signal))) return host.codec(id, { signal })
  const room = rooms.get(host) ?? { host: roomOf(host, limits), allowed: new Set(), asking: new Map() }
  rooms.set(host, room)
  const key = cid.toString()
  if (!room.allowed.has(key)) {
    const by = namedBy as CID
    if (data === 'refuse') throw refused(cid, by, 'no codec runs that only data names')
    if (data !== 'allow') {
      const bytes = await host.block(cid, { signal })
      const question =
        room.asking.get(key) ?? Promise.resolve(data({ cid, manifest: readManifest(bytes), size: bytes.length, namedBy: by })).then((yes) => yes === true)
      room.asking.set(key, question)
      const yes = await question.finally(() => room.asking.delete(key))
      if (!yes) throw refused(cid, by, 'the answer was no')
    }
    room.allowed.add(key)
  }
  return (await room.host).codec(cid, { signal })
}

async function trusts(host: Host, cid: CID, signal?: AbortSignal): Promise<boolean> {
  if (host.codecs().some((entry) => entry.cid.equals(cid))) return true
  for (const trusted of host.options.policy?.trusted ?? []) {
    if (trusted.equals(cid)) return true
    // a module is a block of bytes; what is not is a catalog
    if (trusted.code !== RAW && names(await loadCatalog(host, trusted, signal), cid)) return true
  }
  for await (const catalog of catalogsOf(host, signal)) if (names(catalog, cid)) return true
  return false
}

const RAW = 0x55

function names(catalog: ReadonlyMap<number, CID>, cid: CID): boolean {
  for (const named of catalog.values()) if (named.equals(cid)) return true
  return false
}

function roomOf(host: Host, limits: Partial<Limits> | undefined): Promise<Host> {
  const source = { name: host.sources.map(({ name }) => name).join(', '), get: (cid: CID, options?: { signal?: AbortSignal }) => host.block(cid, options) }
  return createHost({ sources: [source], limits: { ...host.options.limits, ...limits }, pinned: false })
}

function refused(cid: CID, namedBy: CID, why: string): HostError {
  return new HostError('REFUSED', `codec ${cid} is named by the block ${namedBy} alone, and ${why}: options.policy, or --trust ${cid}, lets it run`)
}
