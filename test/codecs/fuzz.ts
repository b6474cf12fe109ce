/**
 * The properties of properties.test.ts for as long as one likes:
 *
 *     npm run fuzz -- --runs 1000000 [--codec NAME] [--seed N]
 *
 * `--runs` counts the runs of each property of each codec. A failure prints the seed with which it comes again. Exit code 1 after one,
 * 2 for a wrong argument.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { createHost } from '../../src/index.js'
import { properties } from './check.js'
import { type Subject, subjects } from './subject.js'

/** Runs of one seed: a failure comes again after at most so many. */
const CHUNK = 10_000

interface Task {
  readonly runs: number
  readonly seed: number
  readonly chosen: readonly Subject[]
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}

function count(name: string, text: string): number {
  const n = Number(text)
  if (!Number.isSafeInteger(n) || n < 0) refuse(`--${name}: got "${text}", expected a whole number`)
  return n
}

function task(there: readonly Subject[]): Task {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '1000000' }, codec: { type: 'string' }, seed: { type: 'string', default: String(Date.now() % 1e9) } }
  })
  const chosen = there.filter(({ name }) => values.codec === undefined || name === values.codec)
  if (chosen.length === 0) refuse(`--codec: got "${values.codec}", expected one of ${there.map(({ name }) => name).join(', ')}`)
  return { runs: count('runs', values.runs), seed: count('seed', values.seed), chosen }
}

/** A line that the next one writes over; nothing where nobody looks. */
function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${text}\u001b[K`)
}

const host = await createHost()
const isolated = await createHost({ pinned: false })
const { runs, seed, chosen } = task(subjects(host).there)
let failed = false
for (const subject of chosen) {
  for (const [name, property] of Object.entries(properties(await host.codec(subject.code), await isolated.codec(subject.code), subject))) {
    const what = `${subject.name}: ${name}`
    const started = performance.now()
    let done = 0
    let failure: string | undefined
    for (let chunk = 0; done < runs && failure === undefined; chunk++) {
      const numRuns = Math.min(CHUNK, runs - done)
      progress(`${what}  ${done} of ${runs}`)
      const result = fc.check(property, { numRuns, seed: seed + chunk })
      done += result.numRuns
      if (result.failed)
        failure = `${result.errorInstance}\n${fc.defaultReportMessage(result)}\nAgain: npm run fuzz -- --runs ${numRuns} --codec ${subject.name} --seed ${seed + chunk}`
    }
    progress('')
    console.log(
      `${failure === undefined ? 'ok  ' : 'FAIL'}  ${what.padEnd(28)} ${done} runs, seeds from ${seed}  ${((performance.now() - started) / 1000).toFixed(0)} s`
    )
    if (failure === undefined) continue
    failed = true
    console.log(failure)
  }
}
process.exit(failed ? 1 : 0)
