/** Runs in the page: the suite with Web Workers. */
import { test } from 'uvu'
import { webFunctionWorkers } from '../../../src/scheduler/index.js'
import { functionWorkersSuite } from './suite.js'

/** The worker's program, bundled, as text: the page puts it there. */
const { workerProgram } = globalThis as unknown as { workerProgram: string }

const url = (text: string): URL => new URL(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))
const whole = url(workerProgram)
const mortal = url(`addEventListener('message', ({ data }) => { if (data.job?.fun === 'die') throw new Error('the worker ends') });\n${workerProgram}`)

functionWorkersSuite(test, (options = {}) => webFunctionWorkers({ size: options.size, program: options.mortal ? mortal : whole }))
test.run()
