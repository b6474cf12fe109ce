/** Codecs for Helia: `createHelia({ ...(await helia({ host })) })`. */
import type { Codec, Host } from '../codec/index.js'

export interface HeliaOptions {
  readonly host: Host
  /**
   * Told of every multicodec that there is no codec for. Its blocks then pass as bytes without links, so that a walk or a CAR export goes on past them, without what may lie below.
   * Without it such a codec is an error, which is what a walk ends with; and a CAR export of @helia/car 6 ends there too, as if it were whole.
   */
  readonly onUnknown?: (code: number, error: Error) => void
}

/** What Helia takes: the part of its BlockCodec that walkers and exporters use. */
export interface HeliaCodec {
  readonly name: string
  readonly code: number
  // biome-ignore lint/suspicious/noExplicitAny: as in multiformats
  encode(value: any): Uint8Array
  // biome-ignore lint/suspicious/noExplicitAny: as in multiformats
  decode(bytes: any): any
}

/** Options of `createHelia`. */
export interface HeliaCodecs {
  codecs: Codec[]
  loadCodec(code: number): HeliaCodec | Promise<HeliaCodec>
}

/** The embedded codecs, loaded, in place of Helia's own; and a loader for all others, which asks the host's catalogs and sources. */
export async function helia({ host, onUnknown }: HeliaOptions): Promise<HeliaCodecs> {
  const embedded = host.codecs().filter(({ source }) => source === 'embedded')
  return {
    codecs: await Promise.all(embedded.map(({ cid }) => host.codec(cid))),
    loadCodec: onUnknown === undefined ? (code) => host.loader(code) : (code) => loadOrPass(host, code, onUnknown)
  }
}

async function loadOrPass(host: Host, code: number, onUnknown: NonNullable<HeliaOptions['onUnknown']>): Promise<HeliaCodec> {
  try {
    return await host.loader(code)
  } catch (error) {
    onUnknown(code, error as Error)
    return opaque(code)
  }
}

/** Bytes, of which nothing is known. */
function opaque(code: number): HeliaCodec {
  return { name: `unknown-0x${code.toString(16)}`, code, encode: (value: Uint8Array) => value, decode: (bytes: Uint8Array) => bytes }
}
