/** Streams of blocks: archives, verification, walks. */
export { type Car, type CarBlock, type CarOptions, readCar } from './car.js'
export { DagError, type DagErrorCode } from './errors.js'
export { verifyBlock } from './verify.js'
export { type Child, digestKey, keyOf, type Step, type WalkOptions, walk } from './walk.js'
