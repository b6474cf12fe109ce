/**
 * The executor: tasks by right, once each, with signed receipts; effects that the runtime manages. See docs/invocation.md.
 *
 * @packageDocumentation
 */
export { type Call, callArgs, type InputRequest, RUN, readCall } from './call.js'
export { ENQUEUE } from './effects.js'
export { ExecutorError, type ExecutorErrorCode } from './errors.js'
export { type CallRequest, createExecutor, type ExecuteOptions, type Executor, type ExecutorOptions } from './executor.js'
export { type Awaited, type EffectFact, type Facts, factsOf, type Observation } from './facts.js'
export type { FunctionRunner } from './functions.js'
export type { Executed } from './job.js'
export type { ExecutorPolicy } from './policy.js'
export { type HttpOptions, httpProviders } from './provider/http.js'
export { type Provider, type ProviderContext, ProviderError } from './provider/interface.js'
export { memoryNames, type NameStore, nameProviders } from './provider/name.js'
export { clockProvider, randomProvider } from './provider/pure.js'
export type { WorkOptions } from './queue.js'
export type { Comparison, RerunOptions } from './rerun.js'
export type { FunctionWorkersOptions } from './workers/interface.js'
export { webFunctionWorkers } from './workers/web.js'
