/** Every `@example` in the doc comments of src compiles and runs, as a user's program would: it imports `autocodec`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { examplesOf } from '../scripts/examples.js'
import { files, node, root, typescript } from '../scripts/run.js'
import { skip } from './skip.js'

const FOLDER = join(root, 'build/examples')

/** Seconds that an example may take. */
const LIMIT = 60

test('blocks of examples are found, and nothing else', () => {
  const text = [
    '/**',
    ' * A file.',
    ' *',
    ' * @example',
    ' *',
    ' * ```ts',
    ' * const a = 1',
    ' *   + 1',
    ' * ```',
    ' *',
    ' * and then',
    ' * ```typescript',
    ' * b()',
    ' * ```',
    ' * @param c ```ts not this ```',
    ' */',
    '',
    'export class C {',
    '  /**',
    '   * ```ts',
    '   * not an example',
    '   * ```',
    '   * @example',
    '   * ```sh',
    '   * not TypeScript',
    '   * ```',
    '   * ```ts',
    '   * d()',
    '   * ```',
    '   */',
    '  d = "/** @example"',
    '}'
  ].join('\n')
  assert.equal(examplesOf('file.ts', text), [
    { file: 'file.ts', line: 7, code: 'const a = 1\n  + 1\n' },
    { file: 'file.ts', line: 13, code: 'b()\n' },
    { file: 'file.ts', line: 28, code: 'd()\n' }
  ])
})

const examples = files('src', '.ts').flatMap((path) => examplesOf(path, readFileSync(join(root, path), 'utf8')))

if (examples.length === 0) skip('examples in doc comments', 'src has none')
else {
  const fileOf = (index: number) => `${examples[index].file.slice('src/'.length, -'.ts'.length).replaceAll('/', '-')}-${examples[index].line}.ts`

  test.before(() => {
    rmSync(FOLDER, { recursive: true, force: true })
    mkdirSync(FOLDER, { recursive: true })
    // the entries of package.json, but from src: an example then runs against what is there, built or not
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, { import?: string }> }
    const paths = Object.entries(exports).flatMap(([name, entry]) =>
      entry.import === undefined ? [] : [[name.replace('.', 'autocodec'), [entry.import.replace('./dist/', '../../').replace(/\.js$/, '.ts')]]]
    )
    const settings = {
      extends: '../../tsconfig.json',
      compilerOptions: { noEmit: true, noUnusedLocals: false, rootDir: '../..', paths: Object.fromEntries(paths) }
    }
    writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ ...settings, include: ['*.ts'] }, null, 2))
    // an example without imports is a module too
    for (const [i, { code }] of examples.entries()) writeFileSync(join(FOLDER, fileOf(i)), `${code}\nexport {}\n`)
  })

  test('examples compile', async () => {
    const { code, output } = await node(['node_modules/typescript/bin/tsc', '-p', FOLDER])
    assert.is(code, 0, output)
  })

  for (const [i, { file, line }] of examples.entries()) {
    test(`${file}:${line}`, async () => {
      const { code, output } = await node(typescript(join(FOLDER, fileOf(i))), { limit: LIMIT, env: { TSX_TSCONFIG_PATH: join(FOLDER, 'tsconfig.json') } })
      assert.is(code, 0, output)
    })
  }
}

test.run()
