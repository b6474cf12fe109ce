/** A task whose run waits: the checkpoint of the run, and what was observed before it, as a block of DAG-CBOR `{v, task, run: &Checkpoint, inputs}`. */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { verifyBlock } from '../dag/verify.js'
import type { Blocks } from '../engine/interface.js'
import type { Suspended } from '../task/index.js'
import { isMap } from './call.js'
import { ExecutorError } from './errors.js'
import type { Observation } from './facts.js'
import type { World } from './world.js'

const VERSION = 1

interface Waiting {
  /** checkpoint of the run */
  readonly run: CID
  readonly inputs: Readonly<Record<string, Observation>>
}

/** Keeps it. @returns the CID by which `readWaiting` finds it */
export async function writeWaiting(blocks: Blocks, world: World, task: CID, { checkpoint, blocks: parts }: Suspended, inputs: Waiting['inputs']): Promise<CID> {
  for (const { cid, bytes } of parts) await blocks.put(cid, bytes, { sync: true })
  return world.put(dagCbor.code, dagCbor.encode({ v: VERSION, task, run: checkpoint, inputs }))
}

/** @throws ExecutorError STATE if it is none, or of another task */
export async function readWaiting(blocks: Blocks, task: CID, cid: CID): Promise<Waiting> {
  const bytes = await blocks.get(cid)
  if (bytes === undefined) throw new ExecutorError('STATE', `there is no checkpoint ${cid}`, { cid })
  await verifyBlock(cid, bytes)
  const value = dagCbor.decode<unknown>(bytes)
  const run = isMap(value) ? CID.asCID(value.run) : null
  const of = isMap(value) ? CID.asCID(value.task) : null
  if (!isMap(value) || value.v !== VERSION || run === null || of === null || !isMap(value.inputs))
    throw new ExecutorError('STATE', `${cid} is no checkpoint of a task`, { cid })
  if (!of.equals(task)) throw new ExecutorError('STATE', `checkpoint ${cid} is of task ${of}, expected ${task}`, { cid })
  return { run, inputs: value.inputs as Waiting['inputs'] }
}
