/** What a run is given, and what it comes to. */
import type { Codecs } from '../dag/decode.js'
import type { CID } from '../ipld/index.js'
import type { CheckpointBlocks } from './checkpoint.js'
import type { Failure } from './errors.js'
import type { TaskLimits } from './limits.js'

/** @param options again: what it gave for this CID was not the block, so it is to look elsewhere, if it can */
export type GetBlock = (
  cid: CID,
  options: { readonly signal?: AbortSignal; readonly again?: boolean }
) => Uint8Array | undefined | Promise<Uint8Array | undefined>
/** Takes a new block. */
export type PutBlock = (cid: CID, bytes: Uint8Array) => void | Promise<void>

export interface RunOptions {
  /** name of the function in its module */
  readonly fun: string
  /** any node; null by default */
  readonly params?: unknown
  /** what was fetched for the run before it, by name: see docs/invocation.md */
  readonly inputs?: Readonly<Record<string, unknown>>
  /** blocks that the function may ask for. What it gives is verified */
  readonly get?: GetBlock
  /** `get` verifies by itself */
  readonly trusted?: boolean
  /** codecs by multicodec; default: those of the module's host */
  readonly codecs?: Codecs
  /** takes each new block as it is made; by default they are in the outcome */
  readonly put?: PutBlock
  /** told of each node that is emitted, as it comes: its link, and the node where it was not a link itself */
  readonly onEmit?: (cid: CID, value: unknown) => void
  readonly limits?: Partial<TaskLimits>
  readonly signal?: AbortSignal
  /** when it aborts, the run stops between two calls, and the outcome is a checkpoint */
  readonly suspend?: AbortSignal
}

/** An effect that a function has asked for. */
export interface AskedEffect {
  readonly cmd: string
  readonly args: unknown
}

export type Result = { readonly ok: unknown } | { readonly error: Failure }

export interface Outcome {
  readonly result: Result
  /** whether it follows from module, arguments, blocks and limits, so that it may be remembered */
  readonly final: boolean
  /** of the guest and for its requests */
  readonly fuel: number
  /** the most that the guest had, in bytes */
  readonly memory: number
  readonly effects: readonly AskedEffect[]
  /** how many blocks were read and made, and bytes that came out */
  readonly counts: { readonly blocks: number; readonly created: number; readonly output: number }
  /** the new blocks, unless `put` takes them */
  readonly blocks: readonly { readonly cid: CID; readonly bytes: Uint8Array }[]
}

/** A run that was suspended: a block, and the blocks that it links to. */
export interface Suspended {
  readonly checkpoint: CID
  readonly blocks: CheckpointBlocks
  readonly fuel: number
}
