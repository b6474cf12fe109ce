/** The program of a thread of Node: piscina calls what it exports. */
import type { Answer, Fault, Job } from '../workers/interface.js'
import { runJob } from '../workers/thread.js'

export default function run({ job, port }: { job: Job; port: MessagePort }): Promise<Answer | { readonly fault: Fault }> {
  return runJob(job, port)
}
