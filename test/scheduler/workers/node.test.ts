import { test } from 'uvu'
import { nodeFunctionWorkers } from '../../../src/scheduler/node/index.js'
import { functionWorkersSuite } from './suite.js'

// threads run what has been built: nothing transforms TypeScript in them
const built = new URL('../../../dist/src/scheduler/node/worker.js', import.meta.url)
const mortal = new URL('mortal.mjs', import.meta.url)

functionWorkersSuite(test, (options = {}) => nodeFunctionWorkers({ size: options.size, program: options.mortal ? mortal : built }))
test.run()
