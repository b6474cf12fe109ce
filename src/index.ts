/**
 * Reads unknown multicodecs: each codec is a small Wasm module that its CID names, run in a deterministic sandbox. What makes and checks modules is in `autocodec/codec` and
 * `autocodec/sandbox`.
 *
 * @packageDocumentation
 */
export type { BlockBytes, DecodeOptions } from './codec/codec.js'
export { Codec } from './codec/codec.js'
export { CodecError, HostError, type HostErrorCode } from './codec/errors.js'
export { type CodecEntry, type CodecId, createHost, Host, type HostOptions, type LoadOptions } from './codec/host.js'
export { DEFAULT_LIMITS, type Limits } from './codec/limits.js'
export type { Manifest } from './codec/manifest.js'
export type { DataCodec, TrustPolicy } from './codec/policy.js'
export { type Blockstore, blockstoreSource } from './codec/source/blockstore.js'
export { type GatewayOptions, gatewaySource } from './codec/source/gateway.js'
export type { GetOptions, Source, Store } from './codec/source/interface.js'
export { CID } from './ipld/cid.js'
export { IpldError, type IpldErrorCode } from './ipld/errors.js'
export type { NodeKind } from './ipld/layout.js'
export { Node } from './ipld/node.js'
export { type SandboxCode, SandboxError } from './sandbox/errors.js'
