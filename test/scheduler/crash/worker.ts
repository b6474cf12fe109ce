/**
 * Does tasks on a disk engine until it is killed, or until all are done. What it acknowledges stands in files that lines are appended to:
 *
 *     node worker.mjs DIR COUNT SEED
 *
 * `DIR/effects`: the task of each effect, when it is done; `DIR/done`: each task and the CID of its receipt. Its output has a line for each task, and `end` when there is nothing more to do.
 */
import { appendFileSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { diskEngine } from '../../../src/engine/disk.js'
import { createHost } from '../../../src/index.js'
import { createExecutor, type Executed, type Provider, RUN } from '../../../src/scheduler/index.js'
import { importSigner } from '../../../src/ucan/index.js'
import { puppet, puppetCid } from '../../task/puppet.js'
import { randomFrom } from './random.js'
import { APPEND, crashTasks, SET } from './tasks.js'

const AT_ONCE = 4

async function main(folder: string, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed)
  const pause = (): Promise<void> => new Promise((resolve) => (random() < 0.5 ? setImmediate(resolve) : setTimeout(resolve, random() * 8)))
  const engine = await diskEngine(join(folder, 'state'))
  await engine.blocks.put(puppetCid, puppet)
  const provider = (command: string, kind: Provider['kind']): Provider => ({
    command,
    kind,
    async perform(args, { task }) {
      await pause()
      appendFileSync(join(folder, 'effects'), `${command} ${task} ${args.n} ${args.place}\n`)
      await pause()
      return { n: args.n }
    }
  })
  const executor = await createExecutor({
    host: await createHost(),
    engine,
    signer: await importSigner(readFileSync(join(folder, 'key'))),
    providers: [provider(APPEND, 'destructive'), provider(SET, 'idempotent')],
    policy: { enqueue: [RUN, APPEND, SET] }
  })
  const tell = ({ task, receipt }: Executed): void => {
    appendFileSync(join(folder, 'done'), `${task} ${receipt.cid}\n`)
    writeSync(1, '.\n')
  }
  writeSync(1, 'ready\n')
  const waiting = crashTasks(count).entries()
  const lane = async (): Promise<void> => {
    for (const [n, { call }] of waiting) {
      await pause()
      // some go through the queue
      if (n % 4 === 3) await executor.enqueue(call)
      else {
        const executed = await executor.run(call)
        if (!executed.cached) tell(executed)
      }
      if (n % 40 === 0) for await (const executed of executor.work({ concurrency: 2 })) if (!executed.cached) tell(executed)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  for await (const executed of executor.work({ concurrency: AT_ONCE })) if (!executed.cached) tell(executed)
  await executor.close()
  await engine.close()
  writeSync(1, 'end\n')
}

const [, , folder, count, seed] = process.argv
await main(folder, Number(count), Number(seed))
