/** Tasks: what an invocation asks for, apart from who asks, by which right and until when. Their CIDs are what receipts and promises name, and what results are remembered by. */
import { encode } from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import { cidOf } from './envelope.js'
import type { Args, Invocation } from './invocation.js'

export interface Task {
  readonly sub: string
  readonly cmd: string
  readonly args: Args
  /** empty if the result is the same each time */
  readonly nonce: Uint8Array
}

export function taskOf({ payload: { sub, cmd, args, nonce } }: Invocation): Task {
  return { sub, cmd, args, nonce }
}

/** The block of a task, in DAG-CBOR. */
export function encodeTask({ sub, cmd, args, nonce }: Task): Uint8Array {
  return encode({ sub, cmd, args, nonce })
}

export function taskCid(task: Task): CID {
  return cidOf(encodeTask(task))
}
