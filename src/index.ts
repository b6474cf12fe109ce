/**
 * Reads unknown multicodecs: each codec is a small Wasm module that its CID names, run in a deterministic sandbox.
 *
 * @packageDocumentation
 */
export * from './codec/index.js'
export { CID, IpldError, type IpldErrorCode, Node, type NodeKind } from './ipld/index.js'
export { SandboxError } from './sandbox/index.js'
