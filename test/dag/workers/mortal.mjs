// The program of a thread of Node that ends at the first job that is not strict.
import run from '../../../dist/src/dag/node/worker.js'

export default function mortal(job) {
  if (!job.strict) process.exit(3)
  return run(job)
}
