/** The host: finds a codec's module by CID, verifies it, and runs it. */
import type { BlockCodec } from 'multiformats'
import { CID } from 'multiformats/cid'
import { Program } from '../sandbox/program.js'
import type { Catalog } from './catalog.js'
import { type BlockBytes, Codec, type DecodeOptions } from './codec.js'
import { type Embedded, embedded, preparedAtBuild } from './embedded/embedded.js'
import { HostError } from './errors.js'
import type { Flights } from './flight.js'
import { Guest } from './guest.js'
import { DEFAULT_LIMITS, type Limits, withDefaults } from './limits.js'
import type { Manifest } from './manifest.js'
import { compiled } from './modules.js'
import type { TrustPolicy } from './policy.js'
import type { Chain } from './source/chain.js'
import type { Source } from './source/interface.js'

export interface HostOptions {
  /** where modules and other blocks come from, in this order, after the embedded ones. None are needed for the embedded catalog */
  sources?: readonly Source[]
  /**
   * Codecs for multicodecs that the embedded catalog does not have, the first catalog before the others. A catalog that is a CID is fetched from the sources and verified, when a
   * multicodec is asked for that neither the embedded catalog, nor those that are at hand, nor the codecs that were added have.
   */
  catalogs?: readonly (Catalog | CID)[]
  /** which codecs may run that only data names, and under which limits. Default: none */
  policy?: TrustPolicy
  /** limits of a call, see `Limits` */
  limits?: Partial<Limits>
  /**
   * Codecs whose memory is left as it is between calls, which saves the time to reset it: true, the default, for the embedded ones, false for none, or the CIDs of others besides
   * the embedded ones. Fuel, globals and all limits are the same either way.
   */
  pinned?: boolean | readonly CID[]
  /** False runs the embedded codecs without counting fuel, to measure what it costs. Foreign ones are always counted. */
  metered?: boolean
}

/** A codec, by its number, its name, or the CID of its module (as text or object). */
export type CodecId = number | string | CID

export interface CodecEntry {
  readonly cid: CID
  readonly manifest: Manifest
  /** bytes of the module */
  readonly size: number
  readonly source: string
}

/** As Helia's interface of that name: the codec is of the code that was asked for. */
export type CodecLoader = <
  // biome-ignore lint/suspicious/noExplicitAny: as there
  T = any,
  // biome-ignore lint/suspicious/noExplicitAny: as there
  Code extends number = any
>(
  code: Code
) => (Codec & BlockCodec<Code, T>) | Promise<Codec & BlockCodec<Code, T>>

export interface LoadOptions {
  signal?: AbortSignal
  /** the block that names this codec, if it is data and not the caller who wants it: `HostOptions.policy` then decides whether it runs, and under which limits */
  namedBy?: CID
}

/** What `createHost` makes. */
export class Host {
  /** The CID of the embedded catalog, which pins every codec in it. */
  readonly catalog: CID
  /** For Helia's `loadCodec` and the walkers of @helia/utils: at once where the codec has been loaded before. */
  readonly loader: CodecLoader
  readonly options: HostOptions
  /** where blocks come from: the embedded modules, those added, and the sources of the options */
  readonly sources: readonly Source[]
  readonly #limits: Limits
  readonly #metered: boolean
  readonly #pinned: (cid: string) => boolean
  /** whether embedded modules run as they were prepared when the package was built: the limits that shape the code are the default ones */
  readonly #asBuilt: boolean
  readonly #embedded: Embedded
  #chain: Promise<Chain> | undefined
  /** CIDs as text: to parse all those that are embedded would take longer than to load one */
  readonly #byCode = new Map<number, string>()
  readonly #byName = new Map<string, string>()
  readonly #entries = new Map<string, CodecEntry>()
  /** modules that were given as bytes */
  readonly #added = new Map<string, Uint8Array>()
  /** loaded, and being loaded, by CID: loads in flight are merged, failures are forgotten */
  readonly #codecs = new Map<string, Codec>()
  #loading: Flights<Codec> | undefined

  /** Use `createHost`. */
  constructor(shipped: Embedded, options: HostOptions) {
    const { pinned = true, metered = true } = options
    this.options = options
    this.catalog = shipped.catalog
    this.#limits = withDefaults(options.limits)
    this.#metered = metered
    this.#embedded = shipped
    const others = new Set(typeof pinned === 'boolean' ? [] : pinned.map((cid) => cid.toString()))
    this.#pinned = (cid) => pinned !== false && (shipped.codecs.has(cid) || others.has(cid))
    this.#asBuilt = metered && (['memory', 'stack', 'module'] as const).every((limit) => this.#limits[limit] === DEFAULT_LIMITS[limit])
    for (const [key, { manifest, size }] of shipped.codecs) {
      this.#enter(key, {
        get cid() {
          return CID.parse(key)
        },
        manifest,
        size,
        source: shipped.name
      })
    }
    for (const catalog of options.catalogs ?? [])
      if (catalog instanceof Map) for (const [code, cid] of catalog) if (!this.#byCode.has(code)) this.#byCode.set(code, cid.toString())
    const added: Source = { name: 'added', get: async (cid) => this.#added.get(cid.toString()) }
    this.sources = [shipped, added, ...(options.sources ?? [])]
    // that the code is the one asked for is held by `codec`
    this.loader = ((code: number) => this.#loaded(code) ?? this.codec(code)) as CodecLoader
  }

  /**
   * A codec by multicodec, name or module CID. Loaded once; then the same object.
   *
   * @throws HostError UNKNOWN_CODEC, MODULE_NOT_FOUND, HASH_MISMATCH, MANIFEST, ABI, CODE_MISMATCH, CATALOG, REFUSED; SandboxError if the module is refused
   */
  async codec(id: CodecId, options: LoadOptions = {}): Promise<Codec> {
    if (options.namedBy !== undefined) return (await import('./foreign.js')).codecOfData(this, id, options)
    const cid = await this.#find(id, options)
    const key = cid.toString()
    const codec = this.#codecs.get(key) ?? (await this.#load(cid, key, options.signal))
    if (typeof id === 'number' && codec.code !== id) {
      throw new HostError('CODE_MISMATCH', `a catalog names ${cid} for multicodec ${hex(id)}, but that is ${codec.name}, ${hex(codec.code)}`)
    }
    return codec
  }

  /**
   * Makes a codec known from its module's bytes, as it comes in a file or a CAR. It answers to its CID and its name; and to its multicodec, unless a catalog has another for that:
   * data cannot replace a codec that is known.
   *
   * @throws HostError MANIFEST
   */
  async add(module: Uint8Array, source = 'added'): Promise<CodecEntry> {
    // a copy now, so that what is hashed is what was given and what will run
    const bytes = module instanceof Uint8Array ? module.slice() : module
    const { cid, manifest } = await (await import('./foreign.js')).identify(bytes)
    this.#added.set(cid.toString(), bytes)
    return this.#enter(cid.toString(), { cid, manifest, size: bytes.length, source })
  }

  /** The codecs whose manifests are known: the embedded ones, those added and those loaded. */
  codecs(): readonly CodecEntry[] {
    return [...this.#entries.values()]
  }

  /** A codec's module, verified, as it came. @throws HostError as `codec` */
  async module(id: CodecId, options: LoadOptions = {}): Promise<Uint8Array> {
    return this.block(await this.#find(id, options), options)
  }

  /** Any block, verified, from the first source that has it. @throws HostError MODULE_NOT_FOUND, HASH_MISMATCH, UNKNOWN_HASH */
  async block(cid: CID, options: LoadOptions = {}): Promise<Uint8Array> {
    return (await (await this.#blocks()).fetch(cid, options.signal)).bytes
  }

  /** A block of one codec as a block of another: tape to tape, exactly, with no JavaScript value between. @throws as `codec`, `Codec.decode` and `Codec.encode` */
  async transcode(bytes: BlockBytes, from: CodecId, to: CodecId, options?: DecodeOptions): Promise<Uint8Array> {
    const [source, target] = await Promise.all([this.codec(from), this.codec(to)])
    return target.encodeTape(source.tape(bytes, options))
  }

  /** A codec that is loaded already. */
  #loaded(code: number): Codec | undefined {
    const codec = this.#codecs.get(this.#byCode.get(code) as string)
    return codec?.code === code ? codec : undefined
  }

  #enter(key: string, entry: CodecEntry): CodecEntry {
    const { code, name } = entry.manifest
    if (!this.#entries.has(key)) this.#entries.set(key, entry)
    if (!this.#byCode.has(code)) this.#byCode.set(code, key)
    if (!this.#byName.has(name)) this.#byName.set(name, key)
    return this.#entries.get(key) as CodecEntry
  }

  /** The CID of a module, at once if it is known. */
  #find(id: CodecId, options: LoadOptions): CID | Promise<CID> {
    // a module names itself, and its name may look like a CID
    const key = typeof id === 'number' ? this.#byCode.get(id) : typeof id === 'string' && parse(id) === undefined ? this.#byName.get(id) : id
    const cid = typeof key === 'string' ? parse(key) : CID.asCID(key)
    return cid ?? import('./foreign.js').then(({ search }) => search(this, id, options.signal))
  }

  async #load(cid: CID, key: string, signal: AbortSignal | undefined): Promise<Codec> {
    const shipped = this.#embedded.codecs.get(key)
    if (shipped !== undefined && this.#asBuilt) {
      const program = await compiled(key, this.#limits, true, async () => Program.trusted(await preparedAtBuild(shipped)))
      return this.#open(cid, key, program, shipped.manifest)
    }
    const { Flights } = await import('./foreign.js')
    return (this.#loading ??= new Flights()).join(key, (signal) => this.#foreign(cid, key, signal), signal)
  }

  async #foreign(cid: CID, key: string, signal: AbortSignal): Promise<Codec> {
    const metered = this.#metered || !this.#embedded.codecs.has(key)
    const { program, manifest, size, source } = await (await import('./foreign.js')).load(await this.#blocks(), cid, this.#limits, metered, signal)
    this.#enter(key, { cid, manifest, size, source })
    return this.#open(cid, key, program, manifest)
  }

  /** One object for a codec, whoever has it made first. */
  #open(cid: CID, key: string, program: Program, manifest: Manifest): Codec {
    const codec = this.#codecs.get(key) ?? new Codec(new Guest(program, manifest, this.#limits, this.#pinned(key)), cid)
    this.#codecs.set(key, codec)
    return codec
  }

  #blocks(): Promise<Chain> {
    return (this.#chain ??= import('./foreign.js').then(({ Chain }) => new Chain(this.sources)))
  }
}

/**
 * A host with the embedded catalog: no network and no configuration.
 *
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * const host = await createHost()
 * const json = await host.transcode(Uint8Array.of(0xa1, 0x61, 0x61, 0x01), 'dag-cbor', 'dag-json')
 * if (new TextDecoder().decode(json) !== '{"a":1}') throw new Error('not the same')
 * ```
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  return new Host(await embedded(), options)
}

function parse(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    return undefined
  }
}

function hex(code: number): string {
  return `0x${code.toString(16)}`
}
