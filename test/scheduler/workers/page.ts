/** Runs in the page: the suite with Web Workers. */
import { test } from 'uvu'
import { webFunctionWorkers } from '../../../src/scheduler/index.js'
import { functionWorkersSuite } from './suite.js'

/** The worker's program, bundled, as text: the page puts it there. */
const { workerProgram } = globalThis as unknown as { workerProgram: string }

const url = (text: string): URL => new URL(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))
const whole = url(workerProgram)
/** Ends at a job of the function "die", and a while after one of "fall", when it has none. */
const MORTAL = `addEventListener('message', (event) => {
  const fun = event.data.job?.fun
  if (fun === 'die') throw new Error('the worker ends')
  if (fun !== 'fall') return
  event.stopImmediatePropagation()
  setTimeout(() => { throw new Error('the worker falls') }, 20)
  postMessage({ fault: { name: 'Error', message: 'it will fall' } })
})`
const mortal = url(`${MORTAL}\n${workerProgram}`)

functionWorkersSuite(test, (options = {}) => webFunctionWorkers({ size: options.size, program: options.mortal ? mortal : whole }))
test.run()
