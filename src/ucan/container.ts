/**
 * Containers (ucan-wg/container): many tokens as one sequence of bytes, or as text. Within is `{"ctn-v1": [token, …]}` in DAG-CBOR; before it stands a byte that says whether it is compressed
 * and whether it is text. Without that byte, as a block of DAG-CBOR, it is read too.
 */
import { decode, encode } from '@ipld/dag-cbor'
import { base64, base64pad, base64url } from 'multiformats/bases/base64'
import type { CID } from 'multiformats/cid'
import { type AnyToken, decodeToken } from './decode.js'
import { Delegation } from './delegation.js'
import { isMap, MAX_TOKEN } from './envelope.js'
import { shown, UcanError } from './errors.js'
import { gunzip, gzip } from './gzip.js'
import { Invocation } from './invocation.js'
import { tooDeepAt } from './nesting.js'
import { Receipt } from './receipt.js'

type Form = 'bytes' | 'base64' | 'base64url'

/** The first byte: which form, and whether it is compressed. */
const HEADERS: readonly { readonly header: number; readonly form: Form; readonly gzip: boolean }[] = [
  { header: 0x40, form: 'bytes', gzip: false },
  { header: 0x42, form: 'base64', gzip: false },
  { header: 0x43, form: 'base64url', gzip: false },
  { header: 0x4d, form: 'bytes', gzip: true },
  { header: 0x4f, form: 'base64', gzip: true },
  { header: 0x50, form: 'base64url', gzip: true }
]
const KEY = 'ctn-v1'
/** the first byte of a map of one, hence of a container without a header */
const BARE = 0xa1
/** a list in a map */
const DEPTH = 2

const MAX_BYTES = 16 << 20
const MAX_TOKENS = 10_000

/** What came in a container, each token once. */
export class Container {
  readonly tokens: readonly AnyToken[]
  readonly #delegations = new Map<string, Delegation>()

  constructor(tokens: readonly AnyToken[]) {
    this.tokens = tokens
    for (const token of tokens) if (token instanceof Delegation) this.#delegations.set(token.cid.toString(), token)
  }

  get delegations(): Delegation[] {
    return [...this.#delegations.values()]
  }

  /** those that are no receipts */
  get invocations(): Invocation[] {
    return this.tokens.filter((token): token is Invocation => token instanceof Invocation && !(token instanceof Receipt))
  }

  get receipts(): Receipt[] {
    return this.tokens.filter((token) => token instanceof Receipt)
  }

  /** The delegation of a CID: `proofs` of `authorise`. */
  readonly delegation = (cid: CID): Delegation | undefined => this.#delegations.get(cid.toString())
}

export interface WriteContainerOptions {
  /** default `bytes` */
  readonly form?: Form
  /** default false */
  readonly gzip?: boolean
  /** without the first byte, as a block of DAG-CBOR; only as `bytes` and not compressed */
  readonly bare?: boolean
}

/** A container of tokens, each once, in the order of their bytes. Text is ASCII, as bytes. */
export async function writeContainer(tokens: Iterable<{ readonly bytes: Uint8Array } | Uint8Array>, options: WriteContainerOptions = {}): Promise<Uint8Array> {
  const { form = 'bytes', gzip: compressed = false, bare = false } = options
  const format = HEADERS.find((each) => each.form === form && each.gzip === compressed)
  if (format === undefined) throw new TypeError(`form ${shown(form)}, expected "bytes", "base64" or "base64url"`)
  if (bare && format !== HEADERS[0]) throw new TypeError('bare: a container without a header is neither compressed nor text')
  const sorted = Array.from(tokens, (token) => (token instanceof Uint8Array ? token : token.bytes)).sort(order)
  const inner = encode({ [KEY]: sorted.filter((token, i) => i === 0 || order(sorted[i - 1], token) !== 0) })
  if (bare) return inner
  const packed = compressed ? await gzip(inner) : inner
  const body = form === 'bytes' ? packed : new TextEncoder().encode((form === 'base64' ? base64pad : base64url).baseEncode(packed))
  const whole = new Uint8Array(1 + body.length)
  whole[0] = format.header
  whole.set(body, 1)
  return whole
}

export interface ReadContainerOptions {
  /** longest container, as it came and unpacked; default 16 MiB */
  readonly maxBytes?: number
  /** default 10,000 */
  readonly maxTokens?: number
  readonly signal?: AbortSignal
}

/**
 * Reads a container. The forms of its tokens are checked, their signatures are not.
 *
 * @param container bytes, or text of one of the text forms
 * @throws UcanError `CONTAINER_MALFORMED`, `CONTAINER_SIZE`, and those of `decodeToken` for its tokens
 */
export async function readContainer(container: Uint8Array | string, options: ReadContainerOptions = {}): Promise<Container> {
  const { maxBytes = MAX_BYTES, maxTokens = MAX_TOKENS, signal } = options
  signal?.throwIfAborted()
  if (container.length > maxBytes) throw new UcanError('CONTAINER_SIZE', `a container of ${container.length} bytes, expected at most ${maxBytes}`)
  const inner = await unpack(typeof container === 'string' ? new TextEncoder().encode(container) : container, maxBytes, signal)
  signal?.throwIfAborted()
  const items = itemsOf(inner)
  if (items.length > maxTokens) throw new UcanError('CONTAINER_SIZE', `a container of ${items.length} tokens, expected at most ${maxTokens}`)
  const tokens = new Map<string, AnyToken>()
  for (const bytes of items) {
    const token = decodeToken(bytes, { maxBytes: MAX_TOKEN })
    tokens.set(token.cid.toString(), token)
    signal?.throwIfAborted()
  }
  return new Container([...tokens.values()])
}

async function unpack(container: Uint8Array, maxBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const [first] = container
  if (first === BARE) return container
  const format = HEADERS.find(({ header }) => header === first)
  if (format === undefined) {
    const expected = HEADERS.map(({ header }) => String.fromCharCode(header)).join(', ')
    throw malformed(0, `${container.length === 0 ? 'nothing' : `0x${first.toString(16)}`}, expected one of ${expected}`)
  }
  const body = container.subarray(1)
  const packed = format.form === 'bytes' ? body : fromText(body, format.form)
  if (!format.gzip) return packed
  try {
    return await gunzip(packed, maxBytes, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    throw cause instanceof UcanError ? cause : malformed(1, `not gzip: ${(cause as Error).message}`, cause)
  }
}

function fromText(body: Uint8Array, form: 'base64' | 'base64url'): Uint8Array {
  const text = new TextDecoder('latin1').decode(body).trimEnd()
  try {
    // a standard text without its padding is clear as well
    return form === 'base64url' ? base64url.baseDecode(text) : (text.endsWith('=') ? base64pad : base64).baseDecode(text)
  } catch (cause) {
    throw malformed(1, `not ${form}: ${(cause as Error).message}`, cause)
  }
}

function itemsOf(inner: Uint8Array): readonly Uint8Array[] {
  const deep = tooDeepAt(inner, DEPTH)
  if (deep !== -1) throw malformed(deep, 'expected a list of bytes in a map')
  let value: unknown
  try {
    value = decode(inner)
  } catch (cause) {
    throw malformed(0, `not DAG-CBOR: ${(cause as Error).message}`, cause)
  }
  const items = isMap(value) && Object.keys(value).length === 1 ? value[KEY] : undefined
  if (!Array.isArray(items)) throw malformed(0, `${shown(value)}, expected a map of "${KEY}" and a list`)
  const wrong = items.findIndex((item) => !(item instanceof Uint8Array))
  if (wrong !== -1) throw malformed(0, `its item ${wrong} is ${shown(items[wrong])}, expected the bytes of a token`)
  return items as Uint8Array[]
}

function order(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

function malformed(offset: number, why: string, cause?: unknown): UcanError {
  return new UcanError('CONTAINER_MALFORMED', `byte ${offset} of the container: ${why}`, { offset, cause })
}
