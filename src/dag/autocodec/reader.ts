/** Reads data that names its own codec: follows tags to the block that they are about, under the host's policy. */
import type { CID } from 'multiformats/cid'
import { Codec } from '../../codec/codec.js'
import { HostError } from '../../codec/errors.js'
import type { Host } from '../../codec/host.js'
import type { Node } from '../../ipld/index.js'
import { DagError } from '../errors.js'
import { keyOf } from '../key.js'
import type { Equivalent } from './equivalent.js'
import { readTag, type Tag, type Wrapper } from './tag.js'

export interface AutocodecOptions {
  /** a verified block; by default from the host's sources */
  readonly get?: (cid: CID, options: { signal?: AbortSignal }) => Promise<Uint8Array>
  /** native codecs that run in place of modules, see `proveEquivalent` */
  readonly equivalents?: readonly Equivalent[]
  /** most tags within each other. Default 8 */
  readonly maxNesting?: number
}

export interface OpenOptions {
  readonly signal?: AbortSignal
  /** the block's bytes, verified, if they are at hand */
  readonly bytes?: Uint8Array
  /** what links here: its wrappers name the codecs of blocks below them */
  readonly within?: Opened
}

/** A wrapper, and the block that it is. */
export interface WrapperBlock {
  readonly cid: CID
  readonly wrapper: Wrapper
}

/** A block behind all of its tags. */
export interface Opened {
  /** the block in which the bytes stand */
  readonly cid: CID
  readonly bytes: Uint8Array
  /** what reads the bytes: a module, or its native equivalent */
  readonly codec: Codec | Equivalent['codec']
  /** the tags that led here, the outermost first; none for a plain block */
  readonly tags: readonly Tag[]
  /** module of the data layout that the innermost wrapper asks for: what is read here is what lies below it */
  readonly layout?: CID
  /** the wrappers under which links from here are read, the innermost last */
  readonly wrappers: readonly WrapperBlock[]
  value(): unknown
  /** A lazy view. @throws TypeError for a native equivalent, which has values and no nodes */
  node(): Node
}

const MAX_NESTING = 8
/** The codec of wrappers: everybody has it. */
const DAG_CBOR = 0x71

/**
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * import { Autocodec, wrapperValue } from 'autocodec/dag'
 * import { CID } from 'multiformats/cid'
 * import { sha256 } from 'multiformats/hashes/sha2'
 * const host = await createHost()
 * const [cbor, json] = [await host.codec('dag-cbor'), await host.codec('dag-json')]
 * const bytes = cbor.encode(wrapperValue({ codec: json.cid, root: new TextEncoder().encode('{"a":1}') }))
 * const opened = await new Autocodec(host).open(CID.createV1(cbor.code, await sha256.digest(bytes)), { bytes })
 * if ((opened.value() as { a: number }).a !== 1) throw new Error('not the same')
 * ```
 */
export class Autocodec {
  readonly #host: Host
  readonly #get: NonNullable<AutocodecOptions['get']>
  readonly #equivalents: ReadonlyMap<string, Equivalent>
  readonly #maxNesting: number

  constructor(host: Host, { get, equivalents = [], maxNesting = MAX_NESTING }: AutocodecOptions = {}) {
    this.#host = host
    this.#get = get ?? ((cid, options) => host.block(cid, options))
    this.#equivalents = new Map(equivalents.map((equivalent) => [keyOf(equivalent.module), equivalent]))
    this.#maxNesting = maxNesting
  }

  /**
   * A block, and what it wraps if it is a wrapper or a tagged node, and what that wraps, until there is no tag.
   *
   * @throws DagError TAG_NESTING, TAG_LINKS, or as `readTag`; HostError REFUSED if the policy does not let a codec run; as `Host.codec`, `Host.block` and `Codec.decode`
   */
  async open(cid: CID, { signal, bytes, within }: OpenOptions = {}): Promise<Opened> {
    const wrappers = [...(within?.wrappers ?? [])]
    const above = wrappers.length
    const tags: Tag[] = []
    let layout: CID | undefined
    let found: Found = { cid, codec: await this.#codecBelow(cid, wrappers, signal), bytes: bytes ?? (await this.#get(cid, { signal })) }
    for (;;) {
      const tag = await this.#tagOf(found)
      if (tag === undefined) break
      if (above + tags.length >= this.#maxNesting) throw new DagError('TAG_NESTING', `${cid}: more than ${this.#maxNesting} tags within each other`, { cid })
      tags.push(tag)
      if (tag.kind === 'wrapper') {
        wrappers.push({ cid: found.cid, wrapper: tag })
        layout = tag.layout
      }
      found = await this.#behind(tag, found.cid, signal)
    }
    const { codec } = found
    return {
      ...found,
      tags,
      wrappers,
      ...(layout === undefined ? {} : { layout }),
      value: () => codec.decode(found.bytes),
      node() {
        if (codec instanceof Codec) return codec.node(found.bytes)
        throw new TypeError(`${codec.name} is a native codec, which has values and no nodes`)
      }
    }
  }

  async #tagOf({ codec, bytes }: Found): Promise<Tag | undefined> {
    const tag = codec instanceof Codec ? readTag(codec.node(bytes)) : await this.#tagOfValue(codec.decode(bytes))
    // a wrapper is in DAG-CBOR; in any other codec it is data that looks like one
    return tag?.kind === 'wrapper' && codec.code !== DAG_CBOR ? undefined : tag
  }

  /** The same behind a native codec, which has no nodes. */
  async #tagOfValue(value: unknown): Promise<Tag | undefined> {
    if (typeof value !== 'object' || value === null || !Object.keys(value).some((key) => key.startsWith('autocodec/'))) return undefined
    return readTag(await this.#nodeOf(value))
  }

  async #nodeOf(value: unknown): Promise<Node> {
    const cbor = await this.#host.codec('dag-cbor')
    return cbor.node(cbor.encode(value))
  }

  /** What a tag is about, to be read with the codec that it names. */
  async #behind(tag: Tag, namedBy: CID, signal?: AbortSignal): Promise<Found> {
    const codec = await this.#named(tag.codec, namedBy, signal)
    if (tag.kind === 'tagged') {
      if (tag.links !== undefined) await this.#expectLinks(tag.links, codec, tag.bytes, namedBy)
      return { cid: namedBy, bytes: tag.bytes, codec }
    }
    if (tag.root instanceof Uint8Array) return { cid: namedBy, bytes: tag.root, codec }
    return { cid: tag.root, bytes: await this.#get(tag.root, { signal }), codec }
  }

  /** Who has no codec goes by the links that stand beside the bytes, so they must be those of the bytes. */
  async #expectLinks(links: readonly CID[], codec: Found['codec'], bytes: Uint8Array, cid: CID): Promise<void> {
    const real = codec instanceof Codec ? codec.links(bytes) : (await this.#nodeOf(codec.decode(bytes))).links()
    const [listed, found] = [links, real].map((cids) => cids.map(String).sort().join())
    if (listed !== found)
      throw new DagError('TAG_LINKS', `${cid}: "links" has ${links.length} links that are not the ${real.length} of the bytes in ${codec.name}`, { cid })
  }

  async #named(module: CID, namedBy: CID, signal?: AbortSignal): Promise<Found['codec']> {
    return this.#equivalents.get(keyOf(module))?.codec ?? this.#host.codec(module, { namedBy, signal })
  }

  /** The host's own codec where it has one, so that no data can say what a known multicodec means; then what the wrappers above say, the innermost first. */
  async #codecBelow(cid: CID, wrappers: readonly WrapperBlock[], signal?: AbortSignal): Promise<Found['codec']> {
    let unknown: unknown
    try {
      return await this.#host.codec(cid.code, { signal })
    } catch (error) {
      if (!(error instanceof HostError && error.code === 'UNKNOWN_CODEC')) throw error
      unknown = error
    }
    for (const { cid: namedBy, wrapper } of [...wrappers].reverse()) {
      const named = wrapper.codecs?.get(cid.code)
      const codec = await this.#named(named ?? wrapper.codec, namedBy, signal)
      if (codec.code === cid.code) return codec
      if (named === undefined) continue
      const [wanted, got] = [cid.code, codec.code].map((code) => `0x${code.toString(16)}`)
      throw new HostError('CODE_MISMATCH', `the wrapper ${namedBy} names ${named} for multicodec ${wanted}, but that is ${codec.name}, ${got}`)
    }
    throw unknown
  }
}

interface Found {
  readonly cid: CID
  readonly bytes: Uint8Array
  readonly codec: Codec | Equivalent['codec']
}
