/** The codec on trial, as several instances: what differs between them tells what a call leaves behind. */
import { type Codec, createHost, type Limits, type Manifest } from '../codec/index.js'
import { cidOf } from '../codec/verify.js'

export interface Subject {
  readonly manifest: Manifest
  /** memory is left as it is between calls */
  readonly pinned: Codec
  /** memory is as at instantiation before each call */
  readonly isolated: Codec
  /** it has `encode`; without it a codec only reads */
  readonly encodes: boolean
  /** it finds links by itself */
  readonly findsLinks: boolean
  /** what values are told in */
  readonly json: Codec
  /** An instance that has not been called. Pinned. */
  fresh(): Promise<Codec>
}

/** @throws HostError, SandboxError if the module is no codec that a host runs */
export async function openSubject(module: Uint8Array, limits: Partial<Limits>): Promise<Subject> {
  const cid = await cidOf(module)
  const open = async (pinned: boolean) => {
    const host = await createHost({ limits, pinned: pinned && [cid] })
    await host.add(module, 'the module on trial')
    return host.codec(cid)
  }
  const pinned = await open(true)
  const names = WebAssembly.Module.exports(await WebAssembly.compile(module as BufferSource)).map(({ name }) => name)
  return {
    manifest: pinned.manifest,
    pinned,
    isolated: await open(false),
    encodes: names.includes('encode'),
    findsLinks: names.includes('links'),
    json: await (await createHost()).codec('dag-json'),
    fresh: () => open(true)
  }
}
