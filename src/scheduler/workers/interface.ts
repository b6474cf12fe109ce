/**
 * The port behind which functions run in other threads. Its drivers: `nodeFunctionWorkers` of `autocodec/scheduler/node` and `webFunctionWorkers`.
 *
 * A thread is given a job and a message port. Over the port it says that it has begun, asks for blocks, by `get`, and hands new ones over, by `put`; what its run comes to it answers to the
 * driver. Codecs that it has not embedded are those of the caller's host: it asks by `codec` which module that is, and by `block` for the module.
 */
import type { HostOptions } from '../../codec/host.js'
import type { TaskLimits } from '../../task/index.js'

/** A run of a function. Values are DAG-CBOR: CIDs do not go from thread to thread as objects. */
export interface Job {
  /** CID of the module */
  readonly module: string
  /** bytes of memory that its guests have, which shapes the compiled module */
  readonly memory: number
  readonly fun: string
  /** `{params, inputs}` */
  readonly args: Uint8Array
  readonly limits: TaskLimits
  /** what of the caller's host decides how its codecs run */
  readonly host: Pick<HostOptions, 'limits' | 'metered'>
  /** CID of a checkpoint to go on from */
  readonly checkpoint?: string
}

/** What became of a job. */
export interface Answer {
  /** `{result, effects}`, or `{checkpoint}` */
  readonly value: Uint8Array
  readonly final: boolean
  readonly fuel: number
  readonly memory: number
  readonly counts: { readonly blocks: number; readonly created: number; readonly output: number }
}

/** An error that is no outcome, as it goes from thread to thread. */
export interface Fault {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly offset?: number
  /** by which whoever threw it knows it again */
  readonly number?: number
}

/** Over the port, from the thread. */
export type Ask =
  | { readonly get: Uint8Array; readonly again?: boolean; readonly id: number }
  | { readonly put: Uint8Array; readonly bytes: Uint8Array; readonly id: number }
  | { readonly codec: number; readonly id: number }
  | { readonly block: Uint8Array; readonly id: number }
/** From the thread, before anything else: it has taken the job, whose clock runs from now on. */
export interface Begun {
  readonly begun: true
}
/** And back: a block, undefined if nobody has it; that a block is kept; a module's CID; or what is to happen. */
export type Reply = { readonly id: number; readonly bytes?: Uint8Array; readonly fault?: Fault } | { readonly suspend: true }

/** Runs jobs: in whichever thread is free. A thread that ends is an error of its job, and another takes its place. */
export interface Threads {
  readonly size: number
  /** @param port handed over @param signal ends the thread, also in the middle of a call @throws the signal's reason; whatever ended the thread */
  run(job: Job, port: MessagePort, signal: AbortSignal): Promise<Answer | { readonly fault: Fault }>
  [Symbol.asyncDispose](): Promise<void>
}

export interface FunctionWorkersOptions {
  /** how many; default one less than there are processors, at least one */
  readonly size?: number
  /** the worker's program, where a bundler puts it elsewhere */
  readonly program?: URL
}
