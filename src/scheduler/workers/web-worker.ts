/** The program of a Web Worker. */
import type { Answer, Fault, Job } from './interface.js'
import { runJob } from './thread.js'

export interface ToWorker {
  readonly job: Job
  readonly port: MessagePort
}

interface Scope {
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void
  postMessage(message: Answer | { readonly fault: Fault }): void
}

const scope = globalThis as unknown as Scope

scope.addEventListener('message', ({ data: { job, port } }) => {
  runJob(job, port).then((answer) => scope.postMessage(answer))
})
