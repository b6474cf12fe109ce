import { test } from 'uvu'
import { nodeWorkers } from '../../../src/dag/node/index.js'
import { workersSuite } from './suite.js'

// threads run what has been built: nothing transforms TypeScript in them
const built = new URL('../../../dist/src/dag/node/worker.js', import.meta.url)
const mortal = new URL('mortal.mjs', import.meta.url)

workersSuite(test, (options = {}) => nodeWorkers({ size: options.size, program: options.mortal ? mortal : built }))
test.run()
