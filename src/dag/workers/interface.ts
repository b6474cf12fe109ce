/** The port behind which other threads verify and decode blocks. Its drivers: `nodeWorkers` of `autocodec/dag/node` and `webWorkers`. */
import type { Limits } from '../../codec/limits.js'

/** Blocks for a worker. Its buffer is handed over, not copied. */
export interface Job {
  /** of each block the CID and then the bytes, without gaps */
  readonly bytes: ArrayBuffer
  /** of each block the lengths of both */
  readonly lengths: Uint32Array
  readonly verify: boolean
  readonly want: 'nothing' | 'links' | 'values'
  readonly strict: boolean
  /** the CIDs of the modules that decode them, by multicodec */
  readonly codecs: ReadonlyMap<number, string>
}

/** What a worker found. Its buffer is handed over too. */
export interface Answer {
  /** the tapes (`Tape.copyTo`), or the CIDs of the links, one after the other */
  readonly bytes: ArrayBuffer
  /** how the blocks that have been decoded lie in `bytes`, one after the other: see answer.ts */
  readonly words: Uint32Array
  /** of each block one of the numbers of answer.ts */
  readonly states: Uint8Array
  /** of each block that has one, in their order */
  readonly faults: readonly Fault[]
}

/** An error as it goes from thread to thread. */
export interface Fault {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly stack?: string
  readonly offset?: number
  /** of a CodecError */
  readonly codec?: string
}

export interface WorkersOptions {
  /** how many; default one less than there are processors, at least one */
  readonly size?: number
  /** modules of codecs besides the embedded ones, as `Host.module` gives them. What the workers have no module for is decoded by the thread that asks */
  readonly modules?: readonly Uint8Array[]
  /** of the codecs in the workers: see `Limits` */
  readonly limits?: Partial<Limits>
  /** the worker's program, where a bundler puts it elsewhere */
  readonly program?: URL
}

/**
 * Threads that any number of streams may share, until they are disposed of. A worker that ends is an error of the batch that it had, and another one takes its place.
 *
 * They take the hashing and the codecs off the thread that reads, which is left with building the values. They may pay where that is less than the rest: large blocks, links alone,
 * verification alone, or a thread that must stay free. Where values of many small records are wanted, building them is most of the work and the messages cost more than they save: one
 * worker on two busy processors reads a CAR of records at three quarters of the speed that the thread has alone (`npm run bench -- stream records`). So the default is no workers.
 */
export interface Workers {
  readonly size: number
  /** @throws whatever ended the worker */
  run(job: Job): Promise<Answer>
  /** Ends all of them, also at work. */
  [Symbol.asyncDispose](): Promise<void>
}
