/**
 * A plugin for @helia/verified-fetch. By itself that answers what it has no codec for with the bytes of the block, and `ipfs://UNKNOWN/a/path`, be the path there or not, with 200 and
 * the root block. With the plugin the answer is the value, as DAG-JSON, or an error that says what is wrong.
 */
import type { CID } from 'multiformats/cid'
import { type Blockstore, CodecError, type Host, HostError } from '../codec/index.js'
import { IpldError } from '../ipld/index.js'
import { sliceJson } from '../ipld/slice-json.js'
import { SandboxError } from '../sandbox/index.js'
import { follow, PathError, type Place, readBlock, within } from './place.js'

/** The part of verified-fetch's `PluginContext` that is needed. */
export interface FetchContext {
  readonly url: URL
  readonly resource: { toString(): string }
  readonly headers: Headers
  readonly requestedMimeTypes: readonly { readonly mediaType: string }[]
  readonly ipfsRoots: readonly CID[]
  readonly terminalElement: { readonly cid: CID; readonly path: string; readonly remainder: readonly string[] }
  readonly blockstore: Blockstore
  readonly redirected?: boolean
  readonly signal?: AbortSignal | null
}

/** As `VerifiedFetchPlugin`. */
export interface FetchPlugin {
  readonly id: string
  canHandle(context: FetchContext): boolean
  handle(context: FetchContext): Promise<Response>
}

export interface PluginOptions {
  readonly host: Host
}

const DAG_JSON = 'application/vnd.ipld.dag-json'
const RAW_BLOCK = 'application/vnd.ipld.raw'
const RAW = 0x55
/** What verified-fetch reads itself: identity, cbor, raw, dag-pb, dag-cbor, libp2p-key, dag-json, json. */
const ITS_OWN: readonly number[] = [0x00, 0x51, RAW, 0x70, 0x71, 0x72, 0x0129, 0x0200]
/** By which a request says that it takes what there is. verified-fetch itself refuses others for multicodecs that it does not know. */
const ANYTHING: readonly string[] = ['*/*', 'application/*', 'application/json', DAG_JSON]

/**
 * A factory for the `plugins` of `createVerifiedFetch`.
 *
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * import { autocodecPlugin } from 'autocodec/helia'
 * const host = await createHost()
 * const plugins = [autocodecPlugin({ host })] // createVerifiedFetch(helia, { plugins })
 * if (plugins[0]().id !== 'autocodec') throw new Error('no plugin')
 * ```
 */
export function autocodecPlugin({ host }: PluginOptions): () => FetchPlugin {
  return () => ({
    id: 'autocodec',
    canHandle: (context) => lost(context) || (takesValues(context) && !ITS_OWN.includes(context.terminalElement.cid.code)),
    async handle(context) {
      try {
        return await answer(host, context)
      } catch (error) {
        context.signal?.throwIfAborted()
        const status = statusOf(error)
        // what is not ours verified-fetch has answers for
        if (status === undefined) throw error
        return respond(context, `${(error as Error).message}\n`, { status, type: 'text/plain; charset=utf-8' })
      }
    }
  })
}

async function answer(host: Host, context: FetchContext): Promise<Response> {
  const { url, blockstore, terminalElement, ipfsRoots } = context
  const signal = context.signal ?? undefined
  const values = takesValues(context)
  let place: Omit<Place, 'codec'> & Partial<Pick<Place, 'codec'>>
  if (lost(context)) {
    if (url.protocol !== 'ipfs:')
      throw new HostError('UNKNOWN_CODEC', 'no way through a multicodec that is not known, behind a name: installResolvers of autocodec/helia makes one')
    place = await follow(host, blockstore, ipfsRoots[0], segmentsOf(url), signal)
  } else {
    const { cid, remainder } = terminalElement
    const codec = await host.codec(cid.code, { signal })
    place = { cid, bytes: await readBlock(blockstore, cid, signal), codec, rest: remainder, roots: ipfsRoots }
    within(codec.node(place.bytes), remainder, cid)
  }
  const { cid, bytes, codec, rest, roots } = place
  const etag = `"${[cid, ...rest.map(encodeURIComponent)].join('/')}${values && cid.code !== RAW ? '.dag-json' : '.raw'}"`
  const headers = { etag, 'x-ipfs-roots': roots.map((root) => root.toV1()).join(',') }
  if (
    context.headers
      .get('if-none-match')
      ?.split(/\s*,\s*/)
      .includes(etag)
  )
    return respond(context, null, { status: 304, headers })
  if (codec === undefined || cid.code === RAW || !values) {
    if (rest.length > 0) throw new PathError(`"${rest.join('/')}" is inside of the block ${cid}, and no block`)
    return respond(context, bytes, { type: cid.code === RAW && values ? 'application/octet-stream' : RAW_BLOCK, headers })
  }
  const json = await host.codec('dag-json')
  const text = json.encodeTape(codec.tape(bytes))
  return respond(context, rest.length === 0 ? text : sliceJson(new TextDecoder().decode(text), rest), { type: DAG_JSON, headers })
}

/** Whether the path was given up at a multicodec that verified-fetch does not know: it then goes on with the first block as if there were no path. */
function lost({ url, ipfsRoots, terminalElement: { cid, path, remainder } }: FetchContext): boolean {
  return segmentsOf(url).length > 0 && remainder.length === 0 && ipfsRoots.length === 1 && path === cid.toString()
}

function takesValues({ requestedMimeTypes }: FetchContext): boolean {
  return requestedMimeTypes.some(({ mediaType }) => ANYTHING.includes(mediaType))
}

function segmentsOf({ pathname }: URL): string[] {
  return pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded)
}

/** A segment that is not well encoded stays as it is, and leads nowhere: that is for the answer to say. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** 404: no such path. 501: nobody has the codec. 502: what came is not in its format, or its codec is refused or at its limits. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof PathError) return 404
  if (error instanceof HostError) return error.code === 'UNKNOWN_CODEC' || error.code === 'MODULE_NOT_FOUND' ? 501 : 502
  if (error instanceof CodecError || error instanceof SandboxError || error instanceof IpldError) return 502
  return undefined
}

interface Answer {
  readonly status?: number
  readonly type?: string
  readonly headers?: Record<string, string>
}

function respond({ resource, redirected }: FetchContext, body: Uint8Array | string | null, { status = 200, type, headers }: Answer): Response {
  const response = new Response(body as BodyInit | null, {
    status,
    headers: { ...(type === undefined ? {} : { 'content-type': type }), 'content-disposition': 'inline', 'x-content-type-options': 'nosniff', ...headers }
  })
  // a response that is made here has no URL of its own
  Object.defineProperty(response, 'url', { value: resource.toString().replace(/#.*$/, ''), configurable: true })
  if (redirected === true) Object.defineProperty(response, 'redirected', { value: true, configurable: true })
  return response
}
