/** Modules for tests that run in browsers too: the embedded dag-cbor, under other names and multicodecs. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { readManifest, type Source, sealManifest } from '../../src/codec/index.js'
import { embedded } from '../../src/codec/source/embedded.js'

export interface Module {
  readonly cid: CID
  readonly bytes: Uint8Array
}

export const cidOf = async (bytes: Uint8Array): Promise<CID> => CID.createV1(0x55, await sha256.digest(bytes))

/** The module of the embedded dag-cbor. */
export async function dagCbor(): Promise<Module> {
  for (const [text, bytes] of (await embedded()).blocks) {
    const cid = CID.parse(text)
    if (cid.code === 0x55 && readManifest(bytes).name === 'dag-cbor') return { cid, bytes }
  }
  throw new Error('no dag-cbor in the embedded catalog')
}

/** It with another manifest, and so with another CID. */
export async function resealed(manifest: { name?: string; code?: number; description?: string }): Promise<Module> {
  const { bytes } = await dagCbor()
  const sealed = sealManifest(bytes, { ...readManifest(bytes), ...manifest })
  return { cid: await cidOf(sealed), bytes: sealed }
}

/** A source that has these, and counts how often it is asked. */
export function sourceOf(name: string, ...modules: Module[]): Source & { asked: number } {
  return {
    name,
    asked: 0,
    async get(cid) {
      this.asked++
      return modules.find((module) => module.cid.equals(cid))?.bytes
    }
  }
}
