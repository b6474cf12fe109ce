/**
 * Runs the test files, those that end in `.test.ts` under `test`: each as a process of its own, two at a time.
 *
 *     npm test                 all
 *     npm test -- sandbox cli  files with one of these words in their path
 *
 * `AUTOCODEC_TEST_LIMIT` sets the time limit per file in seconds (default 600). The last line is `N passed, N failed` and, if there were any, `, N skipped`.
 */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { outcome } from './outcome.js'
import { each, files, node, root, typescript } from './run.js'

const words = process.argv.slice(2)
const limit = Number(process.env.AUTOCODEC_TEST_LIMIT ?? 600)
const chosen = files('test', '.test.ts').filter((path) => words.length === 0 || words.some((word) => path.includes(word)))

// tests of the command and of the package use dist, those of the host the embedded catalog
const build = await node(typescript('scripts/build.ts', '--if-stale'))
if (build.code !== 0) {
  console.error(build.output)
  console.log('0 passed, 1 failed')
  process.exit(1)
}
process.stdout.write(build.output)

if (chosen.length === 0) {
  console.error(`no test file under test/ has ${words.map((word) => `'${word}'`).join(' or ')} in its path`)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

let passed = 0
let failed = 0
const skips: string[] = []
const broken: string[] = []

await each(chosen, Math.min(2, cpus().length), async (path) => {
  const ended = await node(typescript(path), { limit, env: { NO_COLOR: '1' } })
  const result = outcome({ source: readFileSync(join(root, path), 'utf8'), ...ended })
  passed += result.passed
  failed += result.failed
  for (const skip of result.skips) skips.push(`${path.slice('test/'.length, -'.test.ts'.length)}: ${skip}`)
  const figures = [`${result.passed} passed`, result.failed > 0 && `${result.failed} failed`, result.skips.length > 0 && `${result.skips.length} skipped`]
  console.log(`${result.failed > 0 ? 'FAIL' : 'ok  '}  ${path.padEnd(48)} ${figures.filter(Boolean).join(', ')}  ${ended.seconds.toFixed(1)} s`)
  for (const note of result.notes) console.log(`      ${note}`)
  if (result.failed > 0) {
    broken.push(path)
    console.log(ended.output.trim().replace(/^/gm, '      '))
    if (result.fault !== undefined) console.log(`      ${path}: ${result.fault}`)
  }
})

if (broken.length > 0) console.log(`\nFailed:\n${broken.map((path) => `  ${path}`).join('\n')}`)
if (skips.length > 0) console.log(`\nSkipped:\n${skips.map((skip) => `  ${skip}`).join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`)
process.exit(failed > 0 ? 1 : 0)
