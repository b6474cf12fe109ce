/** Runs in the page: the suite with Web Workers. */
import { test } from 'uvu'
import { webWorkers } from '../../../src/dag/index.js'
import { workersSuite } from './suite.js'

/** The worker's program, bundled, as text: the page puts it there. */
const { workerProgram } = globalThis as unknown as { workerProgram: string }

const url = (text: string): URL => new URL(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))
const whole = url(workerProgram)
const mortal = url(`addEventListener('message', ({ data }) => { if (data.job?.strict === false) throw new Error('the worker ends') });\n${workerProgram}`)

workersSuite(test, (options = {}) => webWorkers({ size: options.size, program: options.mortal ? mortal : whole }))
test.run()
