/** The program of a thread: piscina calls what it exports. */
import { Piscina, workerData } from 'piscina'
import type { Answer, Job } from '../workers/interface.js'
import { createTask, type TaskOptions } from '../workers/task.js'

const task = createTask(workerData as TaskOptions)

/** The answer with its buffers handed over. */
export default async function run(job: Job): Promise<unknown> {
  return handedOver(await task(job))
}

function handedOver(answer: Answer): unknown {
  const buffers = [answer.bytes, answer.words.buffer as ArrayBuffer]
  return Piscina.move({ [Piscina.transferableSymbol]: buffers, [Piscina.valueSymbol]: answer } as never)
}
