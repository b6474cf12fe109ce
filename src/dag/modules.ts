/** Codecs that travel with the data: modules among blocks, found by the manifest that each carries. */
import type { CID } from 'multiformats/cid'
import { isWasm, type Manifest, readManifest } from '../codec/manifest.js'
import type { Source } from '../codec/source/interface.js'
import { digestKey } from './key.js'

/** Multicodec of modules: they are blocks of bytes. */
const RAW = 0x55

/** A codec's module as a block. */
export interface ModuleBlock {
  readonly cid: CID
  readonly manifest: Manifest
  readonly bytes: Uint8Array
}

/** A source of the codecs among the blocks that are offered to it. It keeps nothing else. */
export class ModuleShelf implements Source {
  readonly name: string
  readonly #modules = new Map<string, ModuleBlock>()

  constructor(name: string) {
    this.name = name
  }

  /** Keeps a block, verified by the caller, if it is a codec's module. Any other block, a module with a bad manifest among them, is just a block. */
  offer(cid: CID, bytes: Uint8Array): void {
    if (cid.code !== RAW || !isWasm(bytes)) return
    try {
      this.#modules.set(digestKey(cid), { cid, manifest: readManifest(bytes), bytes: bytes.slice() })
    } catch {
      // no codec
    }
  }

  /** In the order in which they came. */
  modules(): ModuleBlock[] {
    return [...this.#modules.values()]
  }

  async get(cid: CID): Promise<Uint8Array | undefined> {
    return cid.code === RAW ? this.#modules.get(digestKey(cid))?.bytes : undefined
  }
}
