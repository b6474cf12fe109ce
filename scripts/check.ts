/**
 * All that must hold before a change goes in: a step a line, what failed in full, and `N passed, N failed` last, counted in steps.
 *
 * `--no-tests`, or `AUTOCODEC_NO_TESTS=1`, leaves the tests out, for when they have just run.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { node, type Run, root, run, typescript } from './run.js'

const TSC = 'node_modules/typescript/bin/tsc'
const BIOME = 'node_modules/@biomejs/biome/bin/biome'
const withTests = !process.argv.includes('--no-tests') && process.env.AUTOCODEC_NO_TESTS !== '1'

interface Step {
  readonly name: string
  readonly args: readonly string[]
  /** its report is of interest even when it passes */
  readonly show?: boolean
}

const STEPS: readonly Step[] = [
  { name: 'build', args: typescript('scripts/build.ts') },
  { name: 'types', args: [TSC, '--noEmit'] },
  { name: 'lint', args: [BIOME, 'check', '--error-on-warnings'] },
  { name: 'import directions', args: typescript('scripts/imports.ts'), show: true },
  { name: 'unused exports', args: typescript('scripts/exports.ts'), show: true },
  { name: 'bundle sizes', args: typescript('scripts/size.ts'), show: true },
  { name: 'tests', args: typescript('scripts/test.ts'), show: true }
]

/** The state of the tree; undefined where git or its folder is absent. */
async function tree(): Promise<string | undefined> {
  if (!existsSync(join(root, '.git'))) return undefined
  const state = await run('git', ['status', '--porcelain']).catch((): Run | undefined => undefined)
  return state?.code === 0 ? state.stdout : undefined
}

let passed = 0
let failed = 0
const skips: string[] = []

function report(name: string, ok: boolean, seconds: number, output: string): void {
  if (ok) passed++
  else failed++
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(20)} ${seconds.toFixed(1)} s`)
  if (output.trim() !== '') console.log(output.trimEnd().replace(/^(?=.)/gm, '      '))
}

const before = await tree()
for (const { name, args, show } of STEPS) {
  if (name === 'tests' && !withTests) {
    skips.push('tests: left out by --no-tests')
    continue
  }
  const { code, output, seconds } = await node(args)
  report(name, code === 0, seconds, code === 0 && !show ? '' : output)
}

const after = await tree()
if (before === undefined || after === undefined) skips.push('clean tree: this is not a git checkout, or git is absent')
else report('clean tree', before === after, 0, before === after ? '' : `the steps above changed files; git status was\n${before}and is\n${after}`)

for (const skip of skips) console.log(`skip  ${skip}`)
console.log(`\n${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`)
process.exit(failed > 0 ? 1 : 0)
