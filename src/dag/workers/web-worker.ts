/** The program of a Web Worker: started with its options, then given jobs. */
import type { Answer, Job } from './interface.js'
import { createTask, type Task, type TaskOptions } from './task.js'

export type ToWorker = { readonly options: TaskOptions } | { readonly job: Job }
export type FromWorker = { readonly answer: Answer } | { readonly failure: string }

/** The worker's global, of which the types of pages know nothing. */
interface Scope {
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void
  postMessage(message: FromWorker, transfer?: Transferable[]): void
}

const scope = globalThis as unknown as Scope
let task: Task | undefined

scope.addEventListener('message', ({ data }) => {
  if ('options' in data) task = createTask(data.options)
  else {
    task ??= createTask({})
    task(data.job).then(
      (answer) => scope.postMessage({ answer }, [answer.bytes, answer.words.buffer as ArrayBuffer]),
      (error: unknown) => scope.postMessage({ failure: error instanceof Error ? error.message : String(error) })
    )
  }
})
