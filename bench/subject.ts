import { createHost } from 'autocodec'
import type { CID } from 'multiformats/cid'

/** The part of a codec that is measured. */
export interface SubjectCodec {
  decode(bytes: Uint8Array): unknown
  encode(value: unknown): Uint8Array
  links(bytes: Uint8Array): CID[]
  node(bytes: Uint8Array): { path(path: string): { value(): unknown } | undefined }
}

export interface SubjectHost {
  transcode(bytes: Uint8Array, from: CodecName, to: CodecName): Promise<Uint8Array>
}

export type CodecName = 'dag-cbor' | 'dag-json' | 'dag-pb'
export const codecNames: readonly CodecName[] = ['dag-cbor', 'dag-json', 'dag-pb']

export type Codecs = Readonly<Record<CodecName, SubjectCodec>>

/** Our side: the library as shipped, and the same with one guard changed. */
export interface Subject {
  readonly host: SubjectHost
  readonly codecs: Codecs
  /** memory reset between calls */
  readonly isolated: Codecs
  /** no fuel counted */
  readonly unmetered: Codecs
}

type HostOptions = Parameters<typeof createHost>[0]

async function open(options?: HostOptions): Promise<{ host: SubjectHost; codecs: Codecs }> {
  const host = await createHost(options)
  const codecs = Object.fromEntries(await Promise.all(codecNames.map(async (name) => [name, await host.codec(name)] as const))) as unknown as Codecs
  return { host, codecs }
}

export async function openSubject(): Promise<Subject> {
  const [shipped, isolated, unmetered] = await Promise.all([open(), open({ pinned: false }), open({ metered: false })])
  return { ...shipped, isolated: isolated.codecs, unmetered: unmetered.codecs }
}

/** From nothing to a first value, as an application does it. */
export async function firstValue(codec: CodecName, bytes: Uint8Array): Promise<unknown> {
  const host = await createHost()
  return (await host.codec(codec)).decode(bytes)
}
