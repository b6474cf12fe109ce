/**
 * Codecs as content: modules, manifests, catalogs, sources and the host that brings them together.
 *
 * @packageDocumentation
 */
export { type Catalog, catalogValue, type LayoutCatalog, readCatalog, readLayouts } from './catalog.js'
export { type BlockBytes, Codec, type DecodeOptions } from './codec.js'
export { CodecError, HostError, type HostErrorCode } from './errors.js'
export { type CodecEntry, type CodecId, type CodecLoader, createHost, Host, type HostOptions } from './host.js'
export { DEFAULT_LIMITS, type Limits } from './limits.js'
export { isWasm, type LayoutManifest, type Manifest, readLayoutManifest, readManifest, sealManifest } from './manifest.js'
export { type Blockstore, blockstoreSource } from './source/blockstore.js'
export type { Source } from './source/interface.js'
export { verify } from './verify.js'
