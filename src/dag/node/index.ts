/**
 * What blocks come from in Node, for `autocodec/dag`, which knows nothing of Node: files and directories.
 *
 * @packageDocumentation
 */

export { type FileChunksOptions, fileChunks } from './chunks.js'
export { directoryBlocks } from './directory.js'
export { FileAccess } from './file.js'
export { nodeWorkers } from './workers.js'
