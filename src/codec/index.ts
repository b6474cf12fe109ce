/**
 * Codecs as content: modules, manifests, catalogs, sources and the host that brings them together.
 *
 * @packageDocumentation
 */
export { type Catalog, catalogValue, type LayoutCatalog, readCatalog, readLayouts } from './catalog.js'
export { type BlockBytes, Codec, type DecodeOptions } from './codec.js'
export { CodecError, HostError, type HostErrorCode } from './errors.js'
export { type CodecEntry, type CodecId, type CodecLoader, createHost, Host, type HostOptions, type LoadOptions } from './host.js'
export { DEFAULT_LIMITS, type Limits } from './limits.js'
export { isWasm, type LayoutManifest, type Manifest, readLayoutManifest, readManifest, sealManifest } from './manifest.js'
export type { DataCodec, TrustPolicy } from './policy.js'
export { loadCatalog } from './search.js'
export { type Blockstore, blockstoreSource } from './source/blockstore.js'
export { Chain, type Fetched } from './source/chain.js'
export { type GatewayOptions, gatewaySource } from './source/gateway.js'
export type { GetOptions, Source, Store } from './source/interface.js'
export { type StaggerOptions, staggered } from './source/staggered.js'
export { type VerifyOptions, verify } from './verify.js'
