/**
 * Blocks in numbers: archives, verification, walks, and the codecs that travel with the data.
 *
 * @packageDocumentation
 */
export { type EquivalenceRow, Equivalent, proveEquivalent } from './autocodec/equivalent.js'
export { Autocodec, type AutocodecOptions, type Opened, type OpenOptions, type WrapperBlock } from './autocodec/reader.js'
export { readTag, TAG, type Tag, type Tagged, taggedValue, type Wrapper, wrapperValue } from './autocodec/tag.js'
export { type Car, type CarBlock, type CarOptions, readCar } from './car.js'
export { type CarBytes, CarSource } from './car-source.js'
export { DagError, type DagErrorCode } from './errors.js'
export { type ModuleBlock, ModuleShelf } from './modules.js'
export { type Entry, type Survey, survey } from './survey.js'
export { verifyBlock } from './verify.js'
export { type Child, digestKey, keyOf, type Step, type WalkOptions, walk } from './walk.js'
