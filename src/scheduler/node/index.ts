/**
 * What of the executor is for Node alone: threads.
 *
 * @packageDocumentation
 */
export { nodeFunctionWorkers } from './workers.js'
