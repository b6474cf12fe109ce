/** A trustless gateway as a source: blocks over HTTP (specs.ipfs.tech/http-gateways/trustless-gateway), in Node and in browsers. */
import type { Source } from './interface.js'

export interface GatewayOptions {
  /** milliseconds for one block, from the request to its last byte. Default 30,000 */
  readonly timeout?: number
  /** longest block, in bytes. Default 8 MiB */
  readonly maxBlock?: number
  /** in place of the global `fetch` */
  readonly fetch?: typeof fetch
}

const TIMEOUT = 30_000
const MAX_BLOCK = 8 << 20
const RAW_BLOCK = 'application/vnd.ipld.raw'
/** some gateways call every block that */
const ANY_BYTES = 'application/octet-stream'

/**
 * Asks `URL/ipfs/CID?format=raw`. Whatever the gateway answers costs at most `timeout` and `maxBlock`; that it is the block is for the asker to verify, as with every source.
 *
 * @param url of the gateway, http or https, with or without a path, such as `https://trustless-gateway.link`
 * @throws TypeError if it is no such URL
 */
export function gatewaySource(url: string | URL, { timeout = TIMEOUT, maxBlock = MAX_BLOCK, fetch: ask = globalThis.fetch }: GatewayOptions = {}): Source {
  const base = baseOf(url)
  return {
    name: base,
    remote: true,
    async get(cid, options) {
      // not AbortSignal.any and AbortSignal.timeout, which browsers that run the rest do not all have
      const controller = new AbortController()
      const leave = (): void => controller.abort(options?.signal?.reason)
      options?.signal?.throwIfAborted()
      options?.signal?.addEventListener('abort', leave, { once: true })
      const timer = setTimeout(() => controller.abort(new Error(`no whole block within ${timeout} ms`)), timeout)
      try {
        return await until(controller.signal, request(ask, `${base}/ipfs/${cid}?format=raw`, maxBlock, controller.signal))
      } finally {
        clearTimeout(timer)
        options?.signal?.removeEventListener('abort', leave)
        // what is still under way has no reader any more
        controller.abort()
      }
    }
  }
}

async function request(ask: typeof fetch, url: string, maxBlock: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const response = await ask(url, { headers: { Accept: RAW_BLOCK }, credentials: 'omit', referrerPolicy: 'no-referrer', signal })
  try {
    return await blockOf(response, maxBlock)
  } catch (error) {
    // a body that nobody reads keeps its connection; one that is being read is locked, and cancelled by its reader
    if (response.body?.locked === false) response.body.cancel().catch(() => {})
    throw error
  }
}

async function blockOf({ status, statusText, headers, body }: Response, maxBlock: number): Promise<Uint8Array | undefined> {
  if (status === 404 || status === 410) {
    body?.cancel().catch(() => {})
    return undefined
  }
  if (status !== 200) throw new Error(`answered HTTP ${status}${statusText === '' ? '' : ` ${statusText}`}`)
  const type = headers.get('content-type')?.split(';')[0].trim().toLowerCase()
  if (type !== undefined && type !== RAW_BLOCK && type !== ANY_BYTES) throw new Error(`answered ${type}, expected ${RAW_BLOCK}`)
  const length = Number(headers.get('content-length'))
  if (length > maxBlock) throw new RangeError(`a block of ${length} bytes, the limit is ${maxBlock}`)
  return body === null ? new Uint8Array(0) : collect(body, maxBlock)
}

/** All bytes of a body, which may say anything of its length or have no end. */
async function collect(body: ReadableStream<Uint8Array>, maxBlock: number): Promise<Uint8Array> {
  // it grows, so that many small chunks cost no more than their bytes
  let bytes = new Uint8Array(1 << 16)
  let length = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return bytes.subarray(0, length)
    const end = length + value.length
    if (end > maxBlock) {
      reader.cancel().catch(() => {})
      throw new RangeError(`a block of more than ${maxBlock} bytes`)
    }
    if (end > bytes.length) {
      const larger = new Uint8Array(Math.max(end, Math.min(2 * bytes.length, maxBlock)))
      larger.set(bytes.subarray(0, length))
      bytes = larger
    }
    bytes.set(value, length)
    length = end
  }
}

/** The work, or the reason of the signal as soon as it is aborted: a `fetch` need not heed its signal. */
function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    // what fetch makes of an aborted signal says less than the reason
    work.then(resolve, (error) => reject(signal.aborted ? signal.reason : rooted(error)))
  })
}

/** Node's fetch says 'fetch failed' and keeps what failed in the cause. */
function rooted(error: unknown): unknown {
  const { message, cause } = error as Error
  return cause instanceof Error && cause.message !== '' ? new Error(`${message}: ${cause.message}`, { cause: error }) : error
}

function baseOf(url: string | URL): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch (cause) {
    throw new TypeError(`gateway: got ${JSON.stringify(String(url))}, expected a URL such as https://trustless-gateway.link`, { cause })
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw new TypeError(`gateway: got ${parsed.protocol}, expected http: or https:`)
  if (parsed.search !== '' || parsed.hash !== '') throw new TypeError('gateway: expected a URL without ? and #')
  return parsed.href.replace(/\/+$/, '').replace(/\/ipfs$/, '')
}
