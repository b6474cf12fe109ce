import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inChromium, noChromium } from '../../../scripts/browser.js'
import { bundle } from '../../../scripts/bundle.js'
import { BEFORE, type PageReport } from '../../browser/page.js'
import { skip } from '../../skip.js'

const absent = noChromium()
if (absent !== undefined) skip('functions in Web Workers, in Chromium', absent)
else {
  test('functions in Web Workers, in Chromium', async () => {
    const worker = await bundle({ text: `import './src/scheduler/workers/web-worker.js'` })
    const program = await bundle({
      before: `${BEFORE}\nglobalThis.workerProgram = ${JSON.stringify(worker)}`,
      text: `import { runAll } from './test/browser/page.js'\nexport const main = () => runAll([{ file: 'page.ts', load: () => import('./test/scheduler/workers/page.js') }])`
    })
    const [report] = (await inChromium(program)).result as PageReport[]
    assert.is(report.errors, '', report.errors)
    assert.ok(report.total > 0, 'no test ran')
    assert.is(report.passed, report.total)
  })
}
test.run()
