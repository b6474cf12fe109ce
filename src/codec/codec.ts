/** A codec as multiformats knows one: `name`, `code`, `encode`, `decode`, all synchronous; and more, since the tape is there: links, lazy nodes. */

import type { BlockCodec, ByteView } from 'multiformats'
import type { CID } from 'multiformats/cid'
import { Builder, checkTape, IpldError, linkList, linksOf, type Material, Node, pathOf, relocate, type Tape, Writer } from '../ipld/index.js'
import { CodecError } from './errors.js'
import { type Guest, GuestError } from './guest.js'
import { LiveTape } from './live.js'
import type { Manifest } from './manifest.js'

export interface DecodeOptions {
  /**
   * Refuse what is not in the format's canonical form. Default true: what decodes then encodes to the same bytes, and so to the same CID.
   * False accepts what the format's specification lets a decoder accept.
   */
  strict?: boolean
  /** `decode` alone: a list to which the CIDs in the block are added, in its order; the same objects as in the value. Sooner than to ask for both. */
  links?: CID[]
}

/** Bytes of a block, in any of the forms that multiformats allows. */
export type BlockBytes = Uint8Array | ArrayBuffer | ArrayBufferView

/**
 * A codec that runs as a Wasm module in the sandbox.
 *
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * const host = await createHost()
 * const cbor = await host.codec('dag-cbor')
 * const bytes = cbor.encode({ hello: 'world' })
 * if (JSON.stringify(cbor.decode(bytes)) !== '{"hello":"world"}') throw new Error('not the same')
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a block of any shape, as in the codecs of multiformats
export class Codec implements BlockCodec<number, any> {
  readonly name: string
  /** the multicodec */
  readonly code: number
  /** CID of the Wasm module */
  readonly cid: CID
  readonly manifest: Manifest
  readonly #guest: Guest
  readonly #builder = new Builder()
  #writer: Writer | undefined

  constructor(guest: Guest, cid: CID) {
    this.name = guest.manifest.name
    this.code = guest.manifest.code
    this.cid = cid
    this.manifest = guest.manifest
    this.#guest = guest
    // the codecs of multiformats are modules of functions, which people take out of them
    this.decode = this.decode.bind(this)
    this.encode = this.encode.bind(this)
  }

  /** Fuel that the last call used: the same for the same module and input on every machine. */
  get fuel(): number {
    return this.#guest.fuel
  }

  /** Bytes of memory that the last call had. */
  get memory(): number {
    return this.#guest.memory
  }

  /**
   * A block's value. Byte strings and CIDs are views of the block's bytes.
   *
   * @throws CodecError with the byte offset if the block is not in the format; SandboxError if the codec meets a limit or traps
   */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  decode(bytes: BlockBytes, options?: DecodeOptions): any {
    const block = view(bytes)
    this.#builder.links = options?.links
    try {
      return this.#builder.build(this.#guest.decode(block, options?.strict === false))
    } catch (error) {
      throw this.#named(error)
    }
  }

  /**
   * A value's block.
   *
   * @throws CodecError with the path if the format has no place for the value; IpldError if the data model has none; SandboxError
   */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  encode(value: any): ByteView<any> {
    // taken away while it is in use: a getter of the value may call this codec too
    const writer = this.#writer ?? new Writer()
    this.#writer = undefined
    try {
      return this.#encode(writer.write(value).material) as ByteView<unknown>
    } finally {
      this.#writer = writer
    }
  }

  /** The CIDs that a block links to, in its order, without building values. @throws as `decode` */
  links(bytes: BlockBytes, options?: DecodeOptions): CID[] {
    const block = view(bytes)
    try {
      const tape = this.#guest.links(block, options?.strict === false)
      return this.#guest.hasLinks ? linkList(tape) : linksOf(checkTape(tape))
    } catch (error) {
      throw this.#named(error)
    }
  }

  /**
   * A lazy view of a block. It stays good when the codec is used again, by decoding the block once more if it is still wanted then: so the block's bytes must not change.
   *
   * @throws as `decode`
   */
  node(bytes: BlockBytes, options?: DecodeOptions): Node {
    const block = view(bytes)
    const lax = options?.strict === false
    try {
      return new Node(new LiveTape(() => this.#guest.decode(block, lax)))
    } catch (error) {
      throw this.#named(error)
    }
  }

  /** A block's checked tape, good until the codec's next call: for those who read tapes themselves. @throws as `decode` */
  tape(bytes: BlockBytes, options?: DecodeOptions): Tape {
    const block = view(bytes)
    try {
      return checkTape(this.#guest.decode(block, options?.strict === false))
    } catch (error) {
      throw this.#named(error)
    }
  }

  /** The value of a tape that this codec has written, here or in another thread: as `decode` gives it. @throws as `decode` */
  build(tape: Tape, links?: CID[]): unknown {
    this.#builder.links = links
    try {
      return this.#builder.build(tape)
    } catch (error) {
      throw this.#named(error)
    }
  }

  /** Encodes what another codec, or this one, has decoded: exactly, since no JavaScript value is between. @throws as `encode` */
  encodeTape(tape: Tape): Uint8Array {
    try {
      return this.#encode(relocate(tape))
    } catch (error) {
      throw this.#named(error)
    }
  }

  #encode(material: Material): Uint8Array {
    try {
      return this.#guest.encode(material)
    } catch (error) {
      if (error instanceof GuestError) throw new CodecError(error.code, this.name, error.phrase, { path: pathOf(material, error.where) })
      throw error
    }
  }

  /** What is wrong with a tape is wrong with the codec's block. */
  #named(error: unknown): unknown {
    if (!(error instanceof IpldError)) return error
    return new CodecError(error.code, this.name, error.message, { offset: error.offset, cause: error })
  }
}

function view(bytes: BlockBytes): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes)
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  throw new TypeError(`bytes: got ${bytes === null ? 'null' : typeof bytes}, expected a Uint8Array`)
}
