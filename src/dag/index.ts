/**
 * Blocks in numbers: archives, verification, walks, and the codecs that travel with the data.
 *
 * @packageDocumentation
 */
export { type Car, type CarBlock, type CarOptions, readCar } from './car.js'
export { type CarBytes, CarSource } from './car-source.js'
export { DagError, type DagErrorCode } from './errors.js'
export { type ModuleBlock, ModuleShelf } from './modules.js'
export * from './selector/index.js'
export { type Entry, type Survey, survey } from './survey.js'
export { type VerifyBlockOptions, verifyBlock } from './verify.js'
export { type Child, digestKey, keyOf, type Step, type WalkOptions, walk } from './walk.js'
