// The program of a thread of Node that ends at a job of the function "die".
import run from '../../../dist/src/scheduler/node/worker.js'

export default function mortal(task) {
  if (task.job.fun === 'die') process.exit(3)
  return run(task)
}
