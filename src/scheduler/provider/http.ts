/** HTTP, of the origins that the executor's owner names and no others. */

import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { type Provider, type ProviderContext, ProviderError } from './interface.js'

export interface HttpOptions {
  /** such as `https://example.org`: scheme, host and port. Nothing else is asked, also not by a redirect */
  readonly origins: readonly string[]
  /** bytes of an answer. Default 16 MiB */
  readonly maxBytes?: number
  /** milliseconds. Default 30,000 */
  readonly timeout?: number
  readonly fetch?: typeof globalThis.fetch
}

const MAX_BYTES = 16 * 1024 * 1024
const MAX_REDIRECTS = 5

/**
 * `/http/get` {url, accept?, type?} → {status, type, body: &Raw, digest: Bytes}: the body is a block, and its sha2-256 digest stands in the receipt, so what was seen can be checked.
 * `/http/post` {url, body: Bytes or &Raw, type?, accept?} → {status, type, body: &Raw, digest}.
 */
export function httpProviders(options: HttpOptions): readonly Provider[] {
  const { timeout } = options
  return [
    { command: '/http/get', kind: 'query', timeout, perform: (args, context) => ask('GET', args, context, options) },
    { command: '/http/post', kind: 'destructive', timeout, perform: (args, context) => ask('POST', args, context, options) }
  ]
}

async function ask(method: 'GET' | 'POST', args: Readonly<Record<string, unknown>>, context: ProviderContext, options: HttpOptions): Promise<unknown> {
  const { maxBytes = MAX_BYTES, fetch = globalThis.fetch } = options
  let url = allowed(args.url, options.origins)
  const headers = readHeaders(args)
  const body = method === 'POST' ? await readBody(args.body, context) : undefined
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, { method, headers, body: body as Uint8Array<ArrayBuffer> | undefined, redirect: 'manual', signal: context.signal })
    const location = response.headers.get('location')
    if (method === 'GET' && response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel()
      if (redirects >= MAX_REDIRECTS) throw new ProviderError('HTTP', `${url}: more than ${MAX_REDIRECTS} redirects`)
      if (!URL.canParse(location, url)) throw new ProviderError('HTTP', `${url}: a redirect to what is no URL`)
      url = allowed(new URL(location, url).href, options.origins)
      continue
    }
    const bytes = await readAll(response, maxBytes, url)
    const digest = await sha256.encode(bytes)
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: await context.put(bytes), digest }
  }
}

function allowed(given: unknown, origins: readonly string[]): URL {
  if (typeof given !== 'string' || !URL.canParse(given)) throw new ProviderError('ARGUMENTS', `url: got ${String(given)}, expected a URL`)
  const url = new URL(given)
  if (url.username !== '' || url.password !== '') throw new ProviderError('ARGUMENTS', 'url: got one with a password, expected none')
  if (!origins.includes(url.origin)) throw new ProviderError('ORIGIN', `${url.origin} is not one of the origins that this executor asks`)
  return url
}

/** Only what says what the body is, or what is wanted: no cookies and no authority of the executor's. */
function readHeaders({ type, accept }: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries({ 'content-type': type, accept })) {
    if (value === undefined) continue
    if (typeof value !== 'string' || /[^\x20-\x7e]/.test(value)) throw new ProviderError('ARGUMENTS', `${name}: got ${typeof value}, expected ASCII text`)
    headers[name] = value
  }
  return headers
}

async function readBody(body: unknown, context: ProviderContext): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  const cid = CID.asCID(body)
  if (cid === null) throw new ProviderError('ARGUMENTS', `body: got ${typeof body}, expected bytes or a link`)
  const bytes = await context.get(cid)
  if (bytes === undefined) throw new ProviderError('BLOCK_NOT_FOUND', `body: nobody has block ${cid}`)
  return bytes
}

async function readAll(response: Response, maxBytes: number, url: URL): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || value === undefined) break
    size += value.length
    if (size > maxBytes) {
      await reader?.cancel()
      throw new ProviderError('TOO_LARGE', `${url}: an answer of more than ${maxBytes} bytes`)
    }
    parts.push(value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
