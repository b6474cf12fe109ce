import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Ended, outcome } from '../scripts/outcome.js'

const source = `import { test } from 'uvu'\ntest('a', () => {})\ntest.run()\n`
const summary = (total: number, passed: number, skipped = 0) =>
  `• •   (${passed} / ${total})\n\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1ms\n\n`

interface Row {
  readonly name: string
  readonly ended: Partial<Ended>
  readonly passed: number
  readonly failed: number
  readonly skips?: readonly string[]
  readonly fault?: RegExp
}

const rows: Row[] = [
  { name: 'all pass', ended: { stdout: summary(3, 3) }, passed: 3, failed: 0 },
  { name: 'some fail', ended: { stdout: summary(3, 1), code: 1 }, passed: 1, failed: 2 },
  { name: 'colours', ended: { stdout: '\u001b[32m\n  Total:     2\u001b[39m\n\u001b[32m  Passed:    2\u001b[39m\n' }, passed: 2, failed: 0 },
  { name: 'a summary inside the output', ended: { stdout: `${summary(9, 9)}${summary(3, 3)}` }, passed: 3, failed: 0 },
  { name: 'a skip', ended: { stdout: `\nSKIP in C: no clang\n${summary(2, 2)}` }, passed: 2, failed: 0, skips: ['in C: no clang'] },
  { name: 'only skips', ended: { stdout: `\nSKIP in C: no clang\n${summary(0, 0)}` }, passed: 0, failed: 0, skips: ['in C: no clang'] },
  { name: 'test.skip', ended: { stdout: summary(2, 2, 1) }, passed: 2, failed: 0, skips: ['a test: marked with test.skip in the file'] },
  { name: 'nothing printed, exit code 0', ended: { stdout: '' }, passed: 0, failed: 1, fault: /before uvu's summary/ },
  { name: 'no test and no skip', ended: { stdout: summary(0, 0) }, passed: 0, failed: 1, fault: /ran no test/ },
  { name: 'code 1 after a good summary', ended: { stdout: summary(1, 1), code: 1 }, passed: 1, failed: 1, fault: /ended with code 1/ },
  {
    name: 'a failure before an await, which the summary after it does not count',
    ended: { stdout: `one  ✘   (0 / 1)\n\n   FAIL  one  "a test"\n    Expected value\n\n${summary(1, 0)}two  •   (1 / 1)\n\n${summary(1, 1)}` },
    passed: 1,
    failed: 1,
    fault: /awaits something after the first run/
  },
  { name: 'time limit', ended: { stdout: '• ', code: -1, timedOut: true }, passed: 0, failed: 1, fault: /time limit/ },
  {
    name: 'test.run() forgotten',
    ended: { stdout: '', source: source.replace('test.run()', '') },
    passed: 0,
    failed: 1,
    fault: /^test\.run\(\) is never called/
  },
  {
    name: 'one of two suites forgotten',
    ended: { stdout: summary(1, 1), source: `import { suite } from 'uvu'\nconst one = suite('one')\nconst two = suite<{ a: 1 }>('two')\none.run()\n` },
    passed: 1,
    failed: 1,
    fault: /^two\.run\(\) is never called/
  }
]

for (const row of rows) {
  test(row.name, () => {
    const result = outcome({ source, stdout: '', code: 0, timedOut: false, ...row.ended })
    assert.equal([result.passed, result.failed, result.skips], [row.passed, row.failed, row.skips ?? []])
    if (row.fault === undefined) assert.is(result.fault, undefined)
    else assert.match(result.fault ?? '', row.fault)
  })
}

test.run()
