/**
 * What blocks come from in Node: files. For `autocodec/dag`, which knows nothing of Node.
 *
 * @packageDocumentation
 */
export { nodeCheck } from './check.js'
export { type FileChunksOptions, fileChunks } from './chunks.js'
