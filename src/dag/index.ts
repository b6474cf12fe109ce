/**
 * Blocks in numbers: archives, verification, walks, and the codecs that travel with the data.
 *
 * @packageDocumentation
 */

export { type EquivalenceRow, Equivalent, proveEquivalent } from './autocodec/equivalent.js'
export { Autocodec, type AutocodecOptions, type Opened, type OpenOptions, type WrapperBlock } from './autocodec/reader.js'
export { readTag, TAG, type Tag, type Tagged, taggedValue, type Wrapper, wrapperValue } from './autocodec/tag.js'
export type { Block, BlockSource } from './batch.js'
export { type Blocks, memoryBlocks, storeBlocks, verified } from './blocks.js'
export { type Car, type CarBlock, type CarOptions, readCar } from './car.js'
export { blobAccess, bytesAccess, type CarBlocks, type CarBlocksOptions, carBlocks, type RandomAccess } from './car-blocks.js'
export { CarSource, type CarSourceOptions } from './car-source.js'
export { type WriteCarOptions, writeCar } from './car-write.js'
export { type Check, check } from './check.js'
export { type BlockFault, type Codecs, type DecodedBlock, type DecodedBlocks, type DecodeStreamOptions, decodeBlocks } from './decode.js'
export { DagError, type DagErrorCode, PathError } from './errors.js'
export { digestKey, keyOf } from './key.js'
export { type ModuleBlock, ModuleShelf } from './modules.js'
export type { DagProgress, OnProgress } from './progress.js'
export { type Resolved, type ResolveOptions, resolve } from './resolve.js'
export * from './selector/index.js'
export type { Chunks } from './stream.js'
export { type Entry, type Survey, survey } from './survey.js'
export { type VerifyBlockOptions, verifyBlock } from './verify.js'
export { type Child, type Step, type WalkEnd, type WalkLimits, type WalkOptions, walk } from './walk.js'
export { type Visited, type WalkBlocksEnd, type WalkBlocksOptions, walkBlocks } from './walk-blocks.js'
export type { Workers, WorkersOptions } from './workers/interface.js'
export { webWorkers } from './workers/web.js'
