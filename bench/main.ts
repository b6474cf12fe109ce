import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createHost } from 'autocodec'
import type { Comparison, Reading, Row } from './comparison.js'
import { consumed, exercise, full, quick } from './measure.js'
import { withSpeed } from './readme.js'
import { makeReport, reportText } from './report.js'
import { check, type Failure, type Result, read, time } from './result.js'
import { root } from './root.js'
import { makeSamples } from './sample.js'
import { openSubject } from './subject.js'
import { failureTable, resultTable, targetTable } from './table.js'
import { judge, targets } from './targets.js'
import { coldProcesses, coldStart } from './works/cold.js'
import { decode } from './works/decode.js'
import { encode } from './works/encode.js'
import { families } from './works/families.js'
import { isolation, metering } from './works/guards.js'
import { layout } from './works/layout.js'
import { links } from './works/links.js'
import { path } from './works/path.js'
import { resolves } from './works/resolve.js'
import { sizes } from './works/size.js'
import { streams } from './works/stream.js'
import { tasks } from './works/tasks.js'
import { transcode } from './works/transcode.js'
import { ucan } from './works/ucan.js'
import { walks } from './works/walk.js'

const usage = `npm run bench -- [words…] [--quick] [--json]

Compares the Wasm codecs with the native ones, in turns in one process; prints ratios and judges the targets. With words, only the rows that
contain them all ("decode dag-cbor"). A full run writes bench/results.json and README.md's table.

  --quick  shorter batches and fewer rounds; nothing is written
           AUTOCODEC_BENCH_CAR (MiB, default 1024) and AUTOCODEC_BENCH_BLOCKS (default 100000) set the size of what streams and walks read,
           AUTOCODEC_BENCH_TEXT (MiB, default 1024) that of the file whose words are counted
  --json   the results as JSON on standard output; nothing is written

Exit code: 0, whether or not the targets are reached; 1 if a row failed or disagreed with its reference; 2 for wrong arguments.
`

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } }
    })
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ')[0]}; see npm run bench -- --help\n`)
    process.exit(2)
  }
}

const { values: options, positionals: words } = readArguments()

const chosen = (row: Row): boolean => {
  const text = `${row.work} ${row.codec} ${row.case} ${row.ref}`.toLowerCase()
  return words.every((word) => text.includes(word.toLowerCase()))
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

async function run(): Promise<number> {
  const samples = makeSamples()
  const subject = await openSubject()
  const works = [decode, encode, links, path, transcode, metering, isolation, coldStart, resolves, layout]
  const comparisons: Comparison[] = works.flatMap((work) => work(subject, samples)).filter(chosen)
  const readings: Reading[] = [...coldProcesses(samples), ...sizes(), ...streams(), ...walks(), ...tasks()].filter(chosen)
  const others = await families(await createHost())
  comparisons.push(...others.comparisons.filter(chosen), ...(await ucan()).filter(chosen))
  if (comparisons.length + readings.length === 0) {
    process.stderr.write(
      `no row contains all of: ${words.join(' ')}${others.absent.length > 0 ? `; left out, since the catalog has no codec: families ${others.absent.join(', ')}` : ''}\n`
    )
    return 2
  }

  const failures: Failure[] = []
  const results: Result[] = []
  const effort = options.quick ? quick : full

  // all are checked and exercised before the first is timed: no time goes to a wrong codec, and none is timed before the engine has seen all its work
  const sound: Comparison[] = []
  for (const [i, comparison] of comparisons.entries()) {
    progress(`checking ${i + 1} of ${comparisons.length}`)
    const failure = await check(comparison)
    if (failure === undefined) sound.push(comparison)
    else failures.push(failure)
  }
  for (const [i, { ours, theirs }] of sound.entries()) {
    progress(`warming up ${i + 1} of ${sound.length}`)
    await exercise(ours, effort.first)
    if (theirs !== undefined) await exercise(theirs, effort.first)
  }
  for (const [i, comparison] of sound.entries()) {
    progress(`${i + 1} of ${sound.length}: ${comparison.work} ${comparison.codec}, ${comparison.case}`)
    results.push(await time(comparison, effort))
  }
  for (const reading of readings) {
    progress(`${reading.work} ${reading.codec}, ${reading.case}`)
    const outcome = await read(reading, options.quick)
    if ('reason' in outcome) failures.push(outcome)
    else results.push(outcome)
  }
  progress('')
  if (sound.length > 0 && consumed().last === undefined) throw new Error('the last timed call gave nothing')

  // the rows of one work together, whichever way they were measured
  const order = [...new Set(results.map((result) => result.work))]
  results.sort((a, b) => order.indexOf(a.work) - order.indexOf(b.work))
  const verdicts = targets.map((target) => judge(target, results, failures))
  const report = makeReport(results, failures, verdicts)
  if (options.json) {
    process.stdout.write(reportText(report))
  } else {
    const measured = verdicts.filter((verdict) => words.length === 0 || verdict.reached !== null)
    const parts = [
      `Node ${process.version}, ${process.arch}${options.quick ? ', quick: figures are rough' : ''}. × is the reference's time by ours: above 1, ours is faster.`
    ]
    if (results.length > 0) parts.push(resultTable(results))
    if (measured.length > 0) parts.push(targetTable(measured, words.length > 0))
    if (others.absent.length > 0) parts.push(`families skipped, since the catalog has no codec: ${others.absent.join(', ')}`)
    if (failures.length > 0) parts.push(failureTable(failures))
    process.stdout.write(`${parts.join('\n\n')}\n`)
    if (words.length === 0 && !options.quick) {
      writeFileSync(new URL('bench/results.json', root), reportText(report))
      const readme = new URL('README.md', root)
      writeFileSync(readme, withSpeed(readFileSync(readme, 'utf8'), report))
    }
  }
  return failures.length === 0 ? 0 : 1
}

if (options.help) process.stdout.write(usage)
else process.exitCode = await run()
