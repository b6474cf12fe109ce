/**
 * What blocks come from and are checked with in Node, for `autocodec/dag`, which knows nothing of Node: files, directories, its own hash functions.
 *
 * @packageDocumentation
 */
export { nodeCheck } from './check.js'
export { directoryBlocks } from './directory.js'
export { FileAccess } from './file.js'
export { type FileChunksOptions, fileChunks } from './chunks.js'
