/**
 * The catalog that is shipped. Its modules are blocks of a CAR, like foreign ones, and are prepared like foreign ones: but when the package is built, so that nobody who only
 * uses them waits for it or loads what does it. A test holds that preparing them again gives the same bytes. The generated files are made by scripts/codecs.ts.
 */
import { CID } from 'multiformats/cid'
import type { ExportInfo, Prepared } from '../../sandbox/index.js'
import type { LayoutManifest, Manifest } from '../manifest.js'
import type { Source } from '../source/interface.js'

/** A module as a generated index lists it. */
interface EmbeddedModule {
  readonly cid: string
  /** bytes of the module */
  readonly size: number
  /** the prepared module, in base64, and as JSON its exports and its memory */
  readonly load: () => Promise<{ readonly PREPARED: string; readonly SHAPE: string }>
}

/** A codec as `index.generated.ts` lists it. */
export interface EmbeddedCodec extends EmbeddedModule {
  readonly manifest: Manifest
}

/** A layout as `layouts.generated.ts` lists it. */
export interface EmbeddedLayout extends EmbeddedModule {
  readonly manifest: LayoutManifest
}

export interface Embedded extends Source {
  /** CID of the catalog */
  readonly catalog: CID
  /** by CID */
  readonly codecs: ReadonlyMap<string, EmbeddedCodec>
}

let loaded: Promise<Embedded> | undefined

/** Loaded once, when it is first wanted, so that bundlers can keep it apart. */
export function embedded(): Promise<Embedded> {
  return (loaded ??= import('./index.generated.js').then(({ CATALOG, CODECS }) => {
    let blocks: Promise<Map<string, Uint8Array>> | undefined
    return {
      name: 'embedded',
      catalog: CID.parse(CATALOG),
      codecs: new Map(CODECS.map((codec) => [codec.cid, codec])),
      get: async (cid) => (await (blocks ??= import('./car.js').then(({ blocksOf }) => blocksOf(fromBase64)))).get(cid.toString())
    }
  }))
}

/** The module as it was prepared under the default limits, metered. */
export async function preparedAtBuild({ load }: EmbeddedModule): Promise<Prepared> {
  const { PREPARED, SHAPE } = await load()
  const [exports, memory] = JSON.parse(SHAPE) as [[string, ExportInfo][], Prepared['memory']]
  return { bytes: fromBase64(PREPARED), exports: new Map(exports), memory }
}

/** Node's own where it is, which takes a fraction of the time, and that counts when a process begins. */
function fromBase64(text: string): Uint8Array {
  const native = (globalThis as { Buffer?: { from(text: string, form: 'base64'): Uint8Array } }).Buffer?.from(text, 'base64')
  return native === undefined ? Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)) : new Uint8Array(native.buffer, native.byteOffset, native.length)
}
