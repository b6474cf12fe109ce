// The program of a thread of Node that ends at a job of the function "die", and a while after one of "fall", when it has none.
import run from '../../../dist/src/scheduler/node/worker.js'

export default function mortal(task) {
  if (task.job.fun === 'die') process.exit(3)
  if (task.job.fun === 'fall') {
    setTimeout(() => {
      throw new Error('the thread falls')
    }, 20)
    return { fault: { name: 'Error', message: 'it will fall' } }
  }
  return run(task)
}
