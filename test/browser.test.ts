/** The core's tests once more, in Chromium: all files named `*.core.test.ts`, which therefore import nothing of Node's. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inChromium, noChromium } from '../scripts/browser.js'
import { bundle } from '../scripts/bundle.js'
import { files } from '../scripts/run.js'
import { BEFORE, type PageReport } from './browser/page.js'
import { note } from './note.js'
import { skip } from './skip.js'

const core = ['ipld', 'sandbox', 'codec', 'codecs', 'dag', 'engine', 'ucan', 'task', 'scheduler'].flatMap((folder) => files(`test/${folder}`, '.core.test.ts'))
const absent = noChromium() ?? (core.length === 0 ? 'there is no *.core.test.ts' : undefined)

/** The program for the page: a list of the files, each loaded when its turn comes. */
function program(paths: readonly string[]): Promise<string> {
  const rows = paths.map((path) => `{ file: '${path}', load: () => import('./${path}') }`)
  return bundle({ before: BEFORE, text: `import { runAll } from './test/browser/page.js'\nexport const main = () => runAll([${rows.join(', ')}])` })
}

if (noChromium() === undefined) {
  test('failing and forgotten tests show in the report', async () => {
    const { result } = await inChromium(await program(['test/browser/sample/mixed.ts', 'test/browser/sample/forgotten.ts', 'test/browser/sample/thrown.ts']))
    const [mixed, forgotten, thrown] = result as PageReport[]
    assert.equal([mixed.total, mixed.passed, mixed.errors.includes('one is not two')], [2, 1, true])
    assert.equal([forgotten.total, forgotten.passed, forgotten.errors], [0, 0, ''])
    assert.equal([thrown.total, thrown.errors.includes('at load')], [0, true])
  })
}

if (absent !== undefined) skip('the core in Chromium', absent)
else {
  let reports: PageReport[] = []
  test('the core in Chromium', async () => {
    const { result, version } = await inChromium(await program(core))
    reports = result as PageReport[]
    const passed = reports.reduce((sum, report) => sum + report.passed, 0)
    note(`Chromium ${version}: ${passed} tests of ${reports.length} files passed`)
  })
  for (const file of core) {
    test(`in Chromium: ${file}`, () => {
      const report = reports.find((report) => report.file === file)
      assert.ok(report, 'the page did not come to this file')
      assert.is(report.errors, '', report.errors)
      assert.ok(report.total > 0, 'no test ran: is test.run() missing?')
      assert.is(report.passed, report.total)
    })
  }
}

test.run()
