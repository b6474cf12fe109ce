/**
 * Functions: Wasm modules, named by CID, that compute over blocks in the sandbox (docs/functions.md). Description and single runs; who remembers results and signs receipts is above.
 *
 * @packageDocumentation
 */
export { type Checkpoint, type CheckpointBlocks, readCheckpoint } from './checkpoint.js'
export { type Failure, failureOf, TaskError, type TaskErrorCode } from './errors.js'
export { DEFAULT_TASK_LIMITS, MAX_ANSWER, MAX_DEEP, type TaskLimits, taskLimits } from './limits.js'
export { FunctionModule, type LoadFunctionOptions, loadFunction, type ModuleId, moduleCid } from './module.js'
export type { AskedEffect, GetBlock, Outcome, PutBlock, Result, RunOptions, Suspended } from './outcome.js'
export { resumeFunction, runFunction } from './run.js'
export { type FunctionEntry, functionNamed, functions } from './shipped/shipped.js'
