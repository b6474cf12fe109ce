/**
 * What every codec owes, as a suite that any codec can be run through: the shipped ones are, by the tests, and others by `autocodec codec test`. See docs/conformance.md.
 *
 * @packageDocumentation
 */
export { type ConformOptions, conform, type Verdict } from './conform.js'
export { VectorError } from './errors.js'
export type { Fault } from './trial.js'
export { type Invalid, invalidRows, type Lax, type Named, type Valid, type Vectors, validRows } from './vectors.js'
